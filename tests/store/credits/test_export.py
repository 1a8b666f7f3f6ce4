"""The history as a file: whole or not there, never over another one unasked, and nothing in it runs."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from store.credits import export as exporting
from store.credits.export import Book, Cancelled, Line, export, guarded
from store.errors import TextmeterError, WrongUsage

COLUMNS = ("seq", "on", "delta", "cause")
LINES: list[Line] = [
    {"seq": 2, "on": date(2026, 5, 1), "delta": 300, "cause": "Monthly credits"},
    {"seq": 1, "on": date(2026, 4, 16), "delta": -5, "cause": "=1+1, “so” it goes"},
]
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DAYS_SINCE_1900 = {46113: date(2026, 4, 1)}  # as any spreadsheet shows 46113


def cells(path: Path, sheet: int = 1) -> list[list[tuple[str, str]]]:
    """A workbook's cells, as their types ("" is a number) and what is written in them."""
    with zipfile.ZipFile(path) as file:
        root = ET.fromstring(file.read(f"xl/worksheets/sheet{sheet}.xml"))
    return [
        [(cell.get("t", ""), "".join(cell.itertext())) for cell in row.iter(f"{SPREADSHEET}c")]
        for row in root.iter(f"{SPREADSHEET}row")
    ]


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def many(count: int) -> Iterator[Line]:
    for number in range(count):
        yield {"seq": number, "on": date(2026, 5, 1), "delta": 1, "cause": "x"}


def test_csv_has_a_header_and_one_row_a_line(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    assert export(path, COLUMNS, LINES) == 2
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["seq", "on", "delta", "cause"],
            ["2", "2026-05-01", "300", "Monthly credits"],
            ["1", "2026-04-16", "-5", "'=1+1, “so” it goes"],
        ]


def test_json_lines_are_objects_with_texts_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "history.JSONL"
    export(path, COLUMNS, LINES)
    assert [json.loads(line) for line in path.read_text().splitlines()] == [
        {"seq": 2, "on": "2026-05-01", "delta": 300, "cause": "Monthly credits"},
        {"seq": 1, "on": "2026-04-16", "delta": -5, "cause": "=1+1, “so” it goes"},
    ]


def test_a_workbook_has_numbers_dates_and_texts_but_no_formulas(tmp_path: Path) -> None:
    path = tmp_path / "history.xlsx"
    export(path, COLUMNS, LINES)
    heading, newest, oldest = cells(path)
    assert [text for _type, text in heading] == list(COLUMNS)
    (known,) = DAYS_SINCE_1900
    assert newest[:3] == [("", "2"), ("", str(known + 30)), ("", "300")]
    assert oldest[:3] == [("", "1"), ("", str(known + 15)), ("", "-5")]
    assert oldest[3] == ("inlineStr", "=1+1, “so” it goes")
    with zipfile.ZipFile(path) as file:
        sheet, styles = file.read("xl/worksheets/sheet1.xml"), file.read("xl/styles.xml")
    assert b"<f>" not in sheet
    assert b"yyyy-mm-dd" in styles


def test_more_lines_than_a_sheet_holds_go_on_on_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "SHEET", 3)
    path = tmp_path / "history.xlsx"
    export(path, COLUMNS, many(7))
    numbers = [[row[0][1] for row in cells(path, sheet)] for sheet in (1, 2, 3)]
    assert numbers == [["seq", "0", "1", "2"], ["seq", "3", "4", "5"], ["seq", "6"]]


def test_a_workbook_has_a_sheet_for_each_kind_of_credits_with_titles_widths_and_a_filter(
    tmp_path: Path,
) -> None:
    path = tmp_path / "history.xlsx"
    lines: list[Line] = [
        {"seq": 3, "pool": "purchased", "cause": "x" * 200},
        {"seq": 2, "pool": "allotted", "cause": "Monthly credits"},
        {"seq": 1, "pool": "purchased", "cause": ""},
    ]
    titles = {"seq": "Zeile", "cause": "Was geschah"}
    book = Book(titles, "pool", {"allotted": "Enthalten", "purchased": "Gekauft"})
    export(path, ("seq", "pool", "cause"), lines, book=book)
    assert [[text for _type, text in row][:2] for row in cells(path, 1)] == [
        ["Zeile", "pool"],
        ["2", "allotted"],
    ]
    assert [row[0][1] for row in cells(path, 2)] == ["Zeile", "3", "1"]
    with zipfile.ZipFile(path) as file:
        names, sheet = file.read("xl/workbook.xml"), file.read("xl/worksheets/sheet2.xml").decode()
    assert b'name="Enthalten"' in names
    assert b'name="Gekauft"' in names
    assert '<autoFilter ref="A1:C3"/>' in sheet
    root = ET.fromstring(sheet)
    widths = [float(column.get("width", "0")) for column in root.iter(f"{SPREADSHEET}col")]
    assert len(widths) == 3
    assert widths[0] < widths[1] < widths[2] < 70


def test_a_sheet_holds_what_excel_lets_it() -> None:
    assert exporting.SHEET + 1 == 2**20


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.xlsx"])
def test_no_lines_make_a_file_without_lines(tmp_path: Path, name: str) -> None:
    assert export(tmp_path / name, COLUMNS, []) == 0
    assert (tmp_path / name).exists()


@pytest.mark.parametrize("name", ["history.txt", "history", "history.xls"])
def test_a_name_that_says_no_format_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(WrongUsage) as raised:
        export(tmp_path / name, COLUMNS, LINES)
    assert raised.value.code == "no-such-format"
    assert names_in(tmp_path) == []


def test_a_file_that_is_there_is_left_unless_it_is_to_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    path.write_text("mine")
    with pytest.raises(TextmeterError) as raised:
        export(path, COLUMNS, LINES)
    assert raised.value.code == "exists"
    assert path.read_text() == "mine"
    export(path, COLUMNS, LINES, overwrite=True)
    assert path.read_text().startswith("seq,on")


def test_a_file_that_comes_while_another_is_written_is_left_too(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"

    def meanwhile() -> Iterator[Line]:
        path.write_text("mine")
        yield from LINES

    with pytest.raises(TextmeterError) as raised:
        export(path, COLUMNS, meanwhile())
    assert raised.value.code == "exists"
    assert path.read_text() == "mine"
    assert names_in(tmp_path) == ["history.csv"]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.xlsx"])
def test_cancelled_it_leaves_nothing_and_an_older_file_as_it_was(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "EVERY", 10)
    (tmp_path / name).write_text("older")
    told = list[int]()
    with pytest.raises(Cancelled):
        export(
            tmp_path / name,
            COLUMNS,
            many(100),
            overwrite=True,
            progress=told.append,
            wanted=lambda: len(told) < 3,
        )
    assert told == [10, 20, 30]
    assert names_in(tmp_path) == [name]
    assert (tmp_path / name).read_text() == "older"


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_cancelled_after_the_last_line_it_leaves_nothing_either(tmp_path: Path, name: str) -> None:
    with pytest.raises(Cancelled):
        export(tmp_path / name, COLUMNS, LINES, wanted=lambda: False)
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.xlsx"])
def test_what_breaks_on_the_way_leaves_nothing(tmp_path: Path, name: str) -> None:
    def breaking() -> Iterator[Line]:
        yield from LINES
        raise OSError(28, "No space left on device")

    with pytest.raises(TextmeterError) as raised:
        export(tmp_path / name, COLUMNS, breaking())
    assert raised.value.code == "unwritable"
    assert "No space left on device" in str(raised.value.says)
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("where", ["missing/a.csv", "file/a.csv", f"{'x' * 300}.csv"])
def test_a_place_that_cannot_be_written_is_an_error_in_words(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TextmeterError) as raised:
        export(tmp_path / where, COLUMNS, LINES)
    assert raised.value.code == "unwritable"


def test_lines_are_held_one_at_a_time(tmp_path: Path) -> None:
    """However many there are: each is gone before the next but one comes."""
    alive = set[int]()

    class Counted(dict[str, object]):
        def __del__(self) -> None:
            alive.discard(id(self))

    most = 0

    def counted() -> Iterator[Line]:
        nonlocal most
        for line in many(500):
            each = Counted(line)
            alive.add(id(each))
            most = max(most, len(alive))
            yield each  # type: ignore[misc]
            del each

    for name in ("a.csv", "a.jsonl", "a.xlsx"):
        export(tmp_path / name, COLUMNS, counted())
    assert most <= 3


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "+1415555+A1"])
def test_a_text_that_a_spreadsheet_would_run_is_marked_as_text(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Text to 2 people", "", "a=1", -5, 0, date(2026, 5, 1), "+14155550116"])
def test_other_cells_stay_as_they_are(cell: str | int | date) -> None:
    assert guarded(cell) == cell


@pytest.mark.parametrize("name", ["lines.csv", "lines.jsonl", "lines.xlsx"])
def test_only_its_owner_can_read_an_export(tmp_path: Path, name: str) -> None:
    export(tmp_path / name, ["seq"], iter([{"seq": 1}]))
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
