"""CSV files, as Google Contacts, Outlook, spreadsheets and converters of Apple's address book write them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, takewhile

from store.people.imports.columns import UNDERSTOOD, Columns, columns
from store.people.imports.incoming import (
    ImportRefused,
    Incoming,
    Note,
    Step,
    group_names,
    no_step,
    phone_rank,
)
from store.people.imports.reading import FileText, repaired
from store.people.names import split_name, tidy
from store.sentences import sentence

_DELIMITERS = ",;\t|"
_GOOGLE_SEPARATOR = " ::: "
_LINE = re.compile(r"[^\r\n]+(?:\r\n|\r|\n)?|\r\n|\r|\n")
_LONGEST_HEADER = 100_000
"""Characters; Outlook's is 1,500 long."""
_MOST_COLUMNS = 1_000
"""Outlook has 92. Each row is looked through for each column."""
_SHOWN_COLUMNS = 12
_SHOWN_CHARACTERS = 30


class _Lines:
    """The lines of a text with their ends, to be read on from any place. at: where the next one starts.

    An open quote is noticed only where its cell ends wrongly, maybe at the end of the file. To read on to
    there again for the next row, and the next, would take the square of the time: any row that is still open
    in a line where an earlier one was, too, comes to the same wrong end, so `open_until` remembers the last
    of those lines.
    """

    def __init__(self, text: str, step: Step) -> None:
        self._text = text
        self._step = step
        self.at = self.last = self.row = 0
        self.open_until = -1

    def begin_at(self, at: int) -> None:
        """Reads on from there, with other delimiters maybe."""
        self.at = self.last = self.row = at
        self.open_until = -1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.row < self.at <= self.open_until:
            raise _Open
        line = _LINE.match(self._text, self.at)
        if line is None:
            raise StopIteration
        self._step()
        self.last, self.at = self.at, line.end()
        return line[0]

    def end_row(self) -> None:
        """The next row starts here."""
        self.row = self.at

    def give_up_row(self) -> None:
        """The row's first line is left out, and the next row starts in the next."""
        self.open_until = max(self.open_until, self.last)
        line = _LINE.match(self._text, self.row)
        self.at = self.last = self.row = line.end() if line else self.at


class _Open(Exception):
    """A row whose quotes don't match, as those of an earlier one did not."""


def read_csv(file: FileText, step: Step = no_step) -> Iterator[Incoming]:
    """The rows of a CSV file; wholly blank ones are left out, but counted.

    Raises ImportRefused for a file without a column of numbers or addresses, when the first row is asked for.
    """
    lines = _Lines(file.text, step)
    header, delimiter = _header(lines)
    if len(header) > _MOST_COLUMNS:
        raise ImportRefused(
            sentence(
                "This file has {count} columns, and {most} at most can be read. Nothing was changed. Save it "
                "as CSV again with only the contact columns.",
                most=_MOST_COLUMNS,
                count=len(header),
            ),
            code="too-many-columns",
        )
    meaning = columns(header)
    if not meaning.phones and not meaning.emails:
        raise ImportRefused(
            sentence(
                "This file has no column with phone numbers or email addresses. Nothing was changed. Its "
                "columns: {found}. Textmeter understands names like: {understood}. Name the columns in the "
                "first row.",
                found=_shown(header) or "-",
                understood=UNDERSTOOD,
            ),
            code="missing-column",
        )
    told = False
    for number, row in enumerate(_rows(lines, delimiter), start=1):
        if isinstance(row, Note):
            yield Incoming(number, refused=row)
            continue
        cells, foreign = _mended(row) if file.foreign else (row, False)
        notes: tuple[Note, ...] = ()
        if foreign and (file.mixed or not told):
            notes, told = (_MIXED if file.mixed else _GUESSED,), True
        cells = [tidy(cell) for cell in cells]
        if any(cells):
            yield _incoming(number, cells, meaning, notes)


_UNMATCHED_QUOTES = Note(
    "unreadable",
    sentence(
        "The quotes (\") of this row don't match, so it can't be told where its columns end. Mend the row "
        "and import the file again; what was taken is not taken twice."
    ),
)
_TOO_LONG = Note(
    "too-long",
    sentence(
        "A cell of this row has more than {count} characters. Shorten it and import the file again; nobody "
        "is added twice.",
        count=csv.field_size_limit(),
    ),
)
_MIXED = Note(
    "mixed-encoding",
    sentence(
        "Some letters of this row are not UTF-8 as elsewhere in the file. They were read as Windows-1252."
    ),
)
_GUESSED = Note(
    "guessed-encoding",
    sentence(
        "From this row on the file was read as Windows-1252 (Western Europe), because it is not UTF-8. If "
        "names look wrong, save it as UTF-8 before importing it."
    ),
)


def _mended(row: Sequence[str]) -> tuple[list[str], bool]:
    mended = [repaired(cell) for cell in row]
    return [cell for cell, _ in mended], any(foreign for _, foreign in mended)


def _header(lines: _Lines) -> tuple[list[str], str]:
    """The first line that isn't blank, split by the delimiter that yields the most columns which are
    understood."""
    start, line = 0, ""
    for line in lines:
        named = re.fullmatch(r"sep=.\s*", line, re.IGNORECASE)  # how Excel is told; no row of its own
        if line.strip() and not named:
            break
        start = lines.at
    if len(line) > _LONGEST_HEADER:
        return [line[:_LONGEST_HEADER]], ""

    def split_by(delimiter: str) -> list[str]:
        lines.begin_at(start)
        row = next(_rows(lines, delimiter), None)
        return [tidy(repaired(cell)[0]) for cell in row] if isinstance(row, list) else []

    def understood(delimiter: str) -> tuple[int, int]:
        header = split_by(delimiter)
        return columns(header).recognised, len(header)

    delimiter = max(_DELIMITERS, key=understood)
    return split_by(delimiter), delimiter


def _rows(lines: _Lines, delimiter: str) -> Iterator[list[str] | Note]:
    """The rows from here on; for one that can't be read, why. An open quote costs its own line only: reading
    goes on with the next one."""
    while True:
        try:
            # A new reader after each error; strict, or else an open quote swallows what follows without a
            # word.
            for row in csv.reader(lines, delimiter=delimiter, strict=True):
                lines.end_row()
                yield row
        except (csv.Error, _Open) as error:
            # An open quote makes a long cell of what follows, too.
            is_long = "field limit" in str(error) and lines.last == lines.row
            lines.give_up_row()
            yield _TOO_LONG if is_long else _UNMATCHED_QUOTES
        else:
            return


def _incoming(number: int, cells: list[str], meaning: Columns, notes: tuple[Note, ...]) -> Incoming:
    company = _joined(cells, meaning.company[:1])
    first_name, last_name = _name(cells, meaning, company)
    if any(cells[meaning.count :]):
        too_many = Note(
            "uneven",
            sentence(
                "This row has {count} cells, but the file has {columns} columns: a text that contains the "
                "separator needs quotes around it.",
                count=len(cells),
                columns=meaning.count,
            ),
        )
        return Incoming(number, first_name, last_name, company, refused=too_many)
    return Incoming(
        number,
        first_name,
        last_name,
        company,
        phones=_phones(cells, meaning),
        emails=tuple(email for index in _there(cells, meaning.emails) for email in _parts(cells, index)),
        groups=_groups(cells, meaning),
        notes=notes,
    )


def _cell(cells: Sequence[str], index: int) -> str:
    """A row may be shorter than the header: what is missing at its end is blank."""
    return cells[index] if index < len(cells) else ""


def _there(cells: Sequence[str], indices: Iterable[int]) -> Iterator[int]:
    """Of ascending places those that a row has: of a short one only these are looked at."""
    return takewhile(len(cells).__gt__, indices)


def _joined(cells: Sequence[str], indices: Iterable[int]) -> str:
    return " ".join(filter(None, (cells[index] for index in _there(cells, indices))))


def _name(cells: Sequence[str], meaning: Columns, company: str) -> tuple[str, str]:
    """First and last name. A company's card has its name as that of a person too: that greets nobody."""
    first = _joined(cells, meaning.first)
    last = f"{_joined(cells, meaning.middle)} {_joined(cells, meaning.last)}".strip()
    if not first and not last:
        whole = _joined(cells, meaning.whole[:1])
        return ("", "") if whole == company else split_name(whole)
    return first, last


def _parts(cells: Sequence[str], index: int) -> list[str]:
    """Google puts several values of one kind into one cell."""
    return [part for part in map(str.strip, cells[index].split(_GOOGLE_SEPARATOR)) if part]


def _phones(cells: Sequence[str], meaning: Columns) -> tuple[str, ...]:
    ranked = []
    for column in takewhile(lambda column: column.index < len(cells), meaning.phones):
        label = "" if column.label is None else _cell(cells, column.label)
        rank = phone_rank(label) if label else column.rank
        if rank is not None:
            # Google marks the preferred one of its kind by a "*".
            ranked += [((rank, not label.startswith("*")), phone) for phone in _parts(cells, column.index)]
    ranked.sort(key=lambda entry: entry[0])
    return tuple(phone for _, phone in ranked)


def _groups(cells: Sequence[str], meaning: Columns) -> tuple[str, ...]:
    names: list[str] = []
    for index in _there(cells, meaning.groups):
        for part in cells[index].split(_GOOGLE_SEPARATOR.strip()):
            names += re.split(f"[{meaning.group_separators}]", part) if meaning.group_separators else [part]
    return group_names(names)


def _shown(header: Sequence[str]) -> str:
    shown = [name[:_SHOWN_CHARACTERS] for name in islice(filter(None, header), _SHOWN_COLUMNS)]
    return ", ".join(shown) + (", ..." if len(header) > _SHOWN_COLUMNS else "")
