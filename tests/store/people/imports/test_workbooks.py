"""A spreadsheet's own file is as good as a CSV file."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from store.people.imports.importing import decide
from store.people.imports.incoming import ImportRefused


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "owners.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Summary").write(0, 0, "Nothing here")
        sheet = book.add_worksheet("Owners")
        sheet.write_row(0, 0, ["Rent roll"])
        sheet.write_row(2, 0, ["Owner", "Phone No", "Unit"])
        sheet.write_row(3, 0, ["Mr. John Smith", 4155552671, 12])
        sheet.write_row(4, 0, ["Ada Lane", "415-555-2672", "4B"])
        sheet.write_row(6, 0, ["Ben Moss", "none", 5])
    return path


def test_the_sheet_with_people_is_read_and_the_others_are_named(workbook: Path) -> None:
    reading = decide(workbook, "US")
    assert [(row.number, row.name, row.person.phone if row.person else "") for row in reading.rows] == [
        (1, "John Smith", "+14155552671"),
        (2, "Ada Lane", "+14155552672"),
        (4, "Ben Moss", ""),
    ]
    assert [(column.name, column.field) for column in reading.columns] == [
        *(("Owner", "name"), ("Phone No", "phone"), ("Unit", "unit")),
    ]
    assert [note.code for note in reading.left_out] == ["other-sheets", "above-header"]


def test_a_workbook_that_is_broken_is_refused(workbook: Path, tmp_path: Path) -> None:
    data = workbook.read_bytes()
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(data[: len(data) // 2] + b"xl/workbook")
    with pytest.raises(ImportRefused, match="can't be read"):
        decide(broken, "US")


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.people.imports.workbooks._LARGEST", 1_000)
    with pytest.raises(ImportRefused, match="unpacks to more than") as refused:
        decide(workbook, "US")
    assert refused.value.code == "too-large"
