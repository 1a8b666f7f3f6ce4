"""The history as a file: CSV, JSON Lines or a spreadsheet, written beside its place and put there when it is
whole, however long it is."""

from __future__ import annotations

import csv
import json
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, TypeAlias

from store.errors import TextmeterError, WrongUsage, reason
from store.sentences import sentence

Cell: TypeAlias = str | int | date
Line: TypeAlias = Mapping[str, Cell]
"""A line's cells by the names of their columns, the same ones for all lines."""

SHEET = 1_048_575
"""The lines that a sheet holds below its headings."""

EVERY = 1_000
"""Lines after which progress is told."""


class Cancelled(Exception):
    """Somebody didn't want the file any more."""


def export(
    path: Path,
    columns: Iterable[str],
    lines: Iterable[Line],
    *,
    overwrite: bool = False,
    progress: Callable[[int], None] = lambda lines: None,
    wanted: Callable[[], bool] = lambda: True,
) -> int:
    """Writes lines into a file whose name says in which format; how many there were.

    progress: told now and then how many are written. wanted: asked as often; where it isn't, no file is left.
    Raises Cancelled then, WrongUsage for another ending of the name, and TextmeterError where there is a file
    already (code "exists"; overwrite: it is replaced) or it can't be written. A file that was there is
    touched only when the new one is whole.
    """
    written_as = format_of(path)
    count = 0

    def told() -> Iterator[Line]:
        nonlocal count
        for count, line in enumerate(lines, 1):
            if count % EVERY == 0:
                if not wanted():
                    raise Cancelled
                progress(count)
            yield line

    try:
        if not overwrite and path.exists():
            raise exists(path)
        # Beside its place, so that it gets there in one move, with all that the format's library leaves.
        with TemporaryDirectory(prefix=".textmeter-", dir=path.parent) as folder:
            unfinished = Path(folder) / path.name
            written_as.write(unfinished, list(columns), told())
            progress(count)
            if not wanted():
                raise Cancelled
            _put(unfinished, path, overwrite=overwrite)
    except OSError as error:
        raise TextmeterError(
            sentence(
                "{path} can't be written: {why}. No file was left. Name another place.",
                path=str(path),
                why=reason(error),
            ),
            code="unwritable",
        ) from error
    return count


def exists(path: Path) -> TextmeterError:
    """What to raise where a file would be overwritten."""
    return TextmeterError(
        sentence("{path} is there already. It was left as it is. Name another file.", path=str(path)),
        code="exists",
    )


class Format(ABC):
    """A format of files."""

    @abstractmethod
    def write(self, path: Path, columns: list[str], lines: Iterator[Line]) -> None:
        """Writes lines into a new file, holding one at a time."""


class CSV(Format):
    """Comma-separated values, in UTF-8 with a header line."""

    def write(self, path: Path, columns: list[str], lines: Iterator[Line]) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            write_csv(file, columns, lines)


class JSONLines(Format):
    """A JSON object a line."""

    def write(self, path: Path, columns: list[str], lines: Iterator[Line]) -> None:
        with path.open("w", encoding="ascii") as file:
            for line in lines:
                file.write(json_line(line))


class Spreadsheet(Format):
    """An Excel workbook: dates are dates, numbers are numbers, and texts are never formulas."""

    def write(self, path: Path, columns: list[str], lines: Iterator[Line]) -> None:
        from xlsxwriter import Workbook
        from xlsxwriter.exceptions import FileCreateError

        # Rows go to a file of their own as they come, beside this one, where there is room for them.
        workbook = Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
        try:
            self._fill(workbook, columns, lines)
        except BaseException:
            for sheet in workbook.worksheets():
                sheet.row_data_fh.close()
            raise
        try:
            workbook.close()
        except FileCreateError as error:
            raise error.args[0] from error

    def _fill(self, workbook: Any, columns: list[str], lines: Iterator[Line]) -> None:
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet, row = self._sheet(workbook, columns), 0
        for line in lines:
            if row == SHEET:
                sheet, row = self._sheet(workbook, columns), 0
            row += 1
            for column, name in enumerate(columns):
                match line[name]:
                    case int() as number:
                        sheet.write_number(row, column, number)
                    case date() as on:
                        sheet.write_datetime(row, column, on, day)
                    case text:
                        sheet.write_string(row, column, text)

    def _sheet(self, workbook: Any, columns: list[str]) -> Any:
        sheet = workbook.add_worksheet()
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(columns):
            sheet.write_string(0, column, name)
        return sheet


FORMATS: dict[str, type[Format]] = {".csv": CSV, ".jsonl": JSONLines, ".xlsx": Spreadsheet}


def format_of(path: Path) -> Format:
    """The format that a file's name asks for. Raises WrongUsage where it is none of ours."""
    known = FORMATS.get(path.suffix.lower())
    if known is None:
        raise WrongUsage(
            sentence(
                "The file's name says its format: let it end in {formats}, not as {name} does.",
                formats=", ".join(FORMATS),
                name=path.name,
            ),
            code="no-such-format",
        )
    return known()


def write_csv(file: IO[str], columns: Iterable[str], lines: Iterable[Line]) -> None:
    """Writes lines as CSV that no spreadsheet takes for formulas."""
    table = csv.writer(file, lineterminator="\n")
    names = list(columns)
    table.writerow(names)
    table.writerows([guarded(line[name]) for name in names] for line in lines)


def json_line(line: Line) -> str:
    """A line as JSON, in ASCII."""
    return json.dumps(line, default=str) + "\n"


def guarded(cell: Cell) -> Cell:
    """A cell that no spreadsheet takes for a formula: an apostrophe marks texts that look like one."""
    if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
        return f"'{cell}"
    return cell


def _put(unfinished: Path, path: Path, *, overwrite: bool) -> None:
    """Puts a file in its place, unless one has come there meanwhile."""
    if overwrite:
        unfinished.replace(path)
        return
    try:
        os.link(unfinished, path)
    except FileExistsError:
        raise exists(path) from None
    except OSError:  # some file systems have no links
        if path.exists():
            raise exists(path) from None
        unfinished.rename(path)
