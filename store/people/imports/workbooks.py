"""Spreadsheets' own files (xlsx, xls, ods): their sheets become rows. python-calamine reads them."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from store.people.imports.headers import LOOKED_AT, Table, best_header
from store.people.imports.incoming import ImportRefused, Step, no_step
from store.sentences import sentence

_LARGEST = 500_000_000
"""Bytes that a workbook may unpack to; a small file can hold gigabytes of nothing."""


def read_workbook(
    data: bytes, mapping: Mapping[str, str], region: str, step: Step = no_step
) -> tuple[Table, Iterator[list[str]], list[str]]:
    """What the columns of the sheet that makes most sense mean, its rows behind the header, and the names of
    the other sheets that hold anything.

    mapping and region: see `read_csv`. Raises ImportRefused for one that can't be read, or without numbers
    and addresses.
    """
    from python_calamine import CalamineError, load_workbook  # late: few files need it

    _check_size(data)
    try:
        book = load_workbook(io.BytesIO(data))
        sheets = {}
        for name in book.sheet_names:
            step()
            sheets[name] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise ImportRefused(
            sentence(
                "This spreadsheet can't be read. Nothing was changed. Save it as CSV (UTF-8) and import that."
            ),
            code="unreadable-file",
        ) from error
    names = [name for name, rows in sheets.items() if rows]
    starts = [[_texts(row) for row in islice(sheets[name], LOOKED_AT)] for name in names]
    table, which = best_header(starts or [[]], mapping, region)

    def rows() -> Iterator[list[str]]:
        for row in islice(sheets[names[which]], table.at + 1, None):
            step()
            yield _texts(row)

    return table, rows(), [name for name in names if name != names[which]]


def _check_size(data: bytes) -> None:
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        size = sum(each.file_size for each in packed.infolist())
    if size > _LARGEST:
        raise ImportRefused(
            sentence(
                "This spreadsheet unpacks to more than {limit} MB. Nothing was changed. Save the sheet with "
                "the contacts as CSV (UTF-8) and import that.",
                limit=_LARGEST // 1_000_000,
            ),
            code="too-large",
        )


def _texts(row: Sequence[object]) -> list[str]:
    return [cell if isinstance(cell, str) else _text(cell) for cell in row]


def _text(cell: object) -> str:
    """What a cell shows: a number without the point that only its type has."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return str(cell)
