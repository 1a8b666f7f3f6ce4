"""The history as a file: CSV, JSON Lines or a spreadsheet, written beside its place and put there when it is
whole, however long it is."""

from __future__ import annotations

import csv
import json
import os
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, NamedTuple, TypeAlias

from store.errors import TextmeterError, WrongUsage, reason
from store.sentences import sentence

Cell: TypeAlias = str | int | date
Line: TypeAlias = Mapping[str, Cell]
"""A line's cells by the names of their columns, the same ones for all lines."""

SHEET = 1_048_575
"""The lines that a sheet holds below its headings."""

WIDEST = 60
ROOM_OF_THE_FILTER = 3
"""Characters of a workbook's column: at most, and for the button beside its title."""

E164 = re.compile(r"\+[0-9]{7,15}")

EVERY = 1_000
"""Lines after which progress is told."""


class Book(NamedTuple):
    """How a workbook is laid out. titles: of columns, by their names. by: the column by whose cells the lines
    go to sheets, "" for one sheet; sheets: the titles of these, by the cells, in their order."""

    titles: Mapping[str, str] = {}
    by: str = ""
    sheets: Mapping[Cell, str] = {"": "1"}


PLAIN = Book()


class Cancelled(Exception):
    """Somebody didn't want the file any more."""


def export(
    path: Path,
    columns: Iterable[str],
    lines: Iterable[Line],
    *,
    book: Book = PLAIN,
    overwrite: bool = False,
    progress: Callable[[int], None] = lambda lines: None,
    wanted: Callable[[], bool] = lambda: True,
) -> int:
    """Writes lines into a file whose name says in which format; how many there were.

    book: how a workbook is laid out. progress: told now and then how many are written. wanted: asked as
    often; where it isn't, no file is left.
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

    with whole(path, overwrite=overwrite) as unfinished:
        written_as.write(unfinished, list(columns), told(), book)
        progress(count)
        if not wanted():
            raise Cancelled
    return count


@contextmanager
def whole(path: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """The path of a file that is to be written, which gets to its place when it is whole, at the end; where
    anything is raised, it is gone.

    Raises TextmeterError where there is a file already (code "exists"; overwrite: it is replaced) or it can't
    be written.
    """
    try:
        if not overwrite and path.exists():
            raise exists(path)
        # Beside its place, so that it gets there in one move, with all that the format's library leaves.
        with TemporaryDirectory(prefix=".textmeter-", dir=path.parent) as folder:
            unfinished = Path(folder) / path.name
            yield unfinished
            unfinished.chmod(0o600)  # as the database that it comes from
            _put(unfinished, path, overwrite=overwrite)
    except OSError as error:
        raise TextmeterError(
            sentence(
                "Can't write to {path}: {why}. No file was saved. Choose another place.",
                path=str(path),
                why=reason(error),
            ),
            code="unwritable",
        ) from error


def exists(path: Path) -> TextmeterError:
    """What to raise where a file would be overwritten."""
    return TextmeterError(
        sentence("{path} already exists. It was left as it is. Choose another file.", path=str(path)),
        code="exists",
    )


class Format(ABC):
    """A format of files."""

    @abstractmethod
    def write(self, path: Path, columns: list[str], lines: Iterator[Line], book: Book) -> None:
        """Writes lines into a new file, holding one at a time."""


class CSV(Format):
    """Comma-separated values, in UTF-8 with a header line."""

    def write(self, path: Path, columns: list[str], lines: Iterator[Line], book: Book) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            write_csv(file, columns, lines)


class JSONLines(Format):
    """A JSON object a line."""

    def write(self, path: Path, columns: list[str], lines: Iterator[Line], book: Book) -> None:
        with path.open("w", encoding="ascii") as file:
            for line in lines:
                file.write(json_line(line))


class Spreadsheet(Format):
    """An Excel workbook: dates are dates, numbers are numbers, and texts are never formulas. Each sheet has
    titles that stay in sight and filter its lines, and columns as wide as what is in them."""

    def write(self, path: Path, columns: list[str], lines: Iterator[Line], book: Book) -> None:
        from xlsxwriter import Workbook
        from xlsxwriter.exceptions import FileCreateError

        # Rows go to a file of their own as they come, beside this one, where there is room for them.
        workbook = Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
        try:
            self._fill(workbook, columns, lines, book)
        except BaseException:
            for sheet in workbook.worksheets():
                sheet.row_data_fh.close()
            raise
        try:
            workbook.close()
        except FileCreateError as error:
            raise error.args[0] from error

    def _fill(self, workbook: Any, columns: list[str], lines: Iterator[Line], book: Book) -> None:
        sheets = {key: _Sheet(workbook, columns, book, title) for key, title in book.sheets.items()}
        for line in lines:
            key = line[book.by] if book.by else ""
            if sheets[key].rows == SHEET:
                sheets[key].end()
                sheets[key] = sheets[key].next()
            sheets[key].add(line)
        for sheet in sheets.values():
            sheet.end()


class _Sheet:
    """A sheet that is written line by line."""

    def __init__(self, workbook: Any, columns: list[str], book: Book, title: str, number: int = 1) -> None:
        self.rows = 0
        self._workbook, self._columns, self._book, self._title = workbook, columns, book, title
        self._number = number
        self._sheet = workbook.add_worksheet(f"{title} {number}" if number > 1 else title)
        self._sheet.freeze_panes(1, 0)
        self._day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        bold = workbook.add_format({"bold": True})
        titles = [book.titles.get(name, name) for name in columns]
        self._widths = [len(title) + ROOM_OF_THE_FILTER for title in titles]
        for column, name in enumerate(titles):
            self._sheet.write_string(0, column, name, bold)

    def add(self, line: Line) -> None:
        """Writes the next line."""
        self.rows += 1
        for column, name in enumerate(self._columns):
            match line[name]:
                case int() as number:
                    self._sheet.write_number(self.rows, column, number)
                case date() as on:
                    self._sheet.write_datetime(self.rows, column, on, self._day)
                case text:
                    self._sheet.write_string(self.rows, column, text)
            self._widths[column] = max(self._widths[column], len(str(line[name])))

    def end(self) -> None:
        """Lays the sheet out as what was written needs it."""
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, min(width + 1, WIDEST))
        self._sheet.autofilter(0, 0, max(self.rows, 1), len(self._columns) - 1)

    def next(self) -> _Sheet:
        """One more for what this one has no room for."""
        return _Sheet(self._workbook, self._columns, self._book, self._title, self._number + 1)


FORMATS: dict[str, type[Format]] = {".csv": CSV, ".jsonl": JSONLines, ".xlsx": Spreadsheet}


def format_of(path: Path) -> Format:
    """The format that a file's name asks for. Raises WrongUsage where it is none of ours."""
    known = FORMATS.get(path.suffix.lower())
    if known is None:
        raise WrongUsage(
            sentence(
                "The file name sets the format: it must end in {formats}. {name} doesn't.",
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
    """A cell that no spreadsheet takes for a formula: an apostrophe marks texts that look like one. Phone
    numbers stay as they are, so that other address books can read them."""
    if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")):
        return cell if E164.fullmatch(cell) else f"'{cell}"
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
