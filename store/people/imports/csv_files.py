"""CSV files, as Google Contacts, Outlook, spreadsheets and converters of Apple's address book write them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from store.people.imports.columns import UNDERSTOOD, Columns, columns
from store.people.imports.incoming import ImportRefused, Incoming, Note, group_names, phone_rank
from store.people.imports.reading import FileText, repaired
from store.people.names import split_name, tidy
from store.sentences import sentence

_DELIMITERS = ",;\t|"
_GOOGLE_SEPARATOR = " ::: "
_LINE = re.compile(r"[^\r\n]+(?:\r\n|\r|\n)?|\r\n|\r|\n")
_LONGEST_HEADER = 100_000
"""Characters; Outlook's is 1,500 long."""
_SHOWN_COLUMNS = 12
_SHOWN_CHARACTERS = 30


class _Lines:
    """The lines of a text with their ends, to be read on from any place. at: where the next one starts."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.at = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = _LINE.match(self._text, self.at)
        if line is None:
            raise StopIteration
        self.at = line.end()
        return line[0]


def read_csv(file: FileText) -> Iterator[Incoming]:
    """The rows of a CSV file; wholly blank ones are left out, but counted.

    Raises ImportRefused for a file without a column of numbers or addresses, when the first row is asked for.
    """
    lines = _Lines(file.text)
    header, delimiter = _header(lines)
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
        if row is None:
            yield Incoming(number, refused=Note("unreadable", _UNMATCHED_QUOTES))
            continue
        cells, foreign = _mended(row) if file.foreign else (row, False)
        notes: tuple[Note, ...] = ()
        if foreign and (file.mixed or not told):
            notes, told = (_MIXED if file.mixed else _GUESSED,), True
        cells = [tidy(cell) for cell in cells]
        if any(cells):
            yield _incoming(number, cells, meaning, notes)


_UNMATCHED_QUOTES = sentence(
    "The quotes (\") of this row don't match, so it can't be told where its columns end. Mend the row and "
    "import the file again; what was taken is not taken twice."
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
        lines.at = start
        return [tidy(repaired(cell)[0]) for cell in next(_rows(lines, delimiter), None) or ()]

    def understood(delimiter: str) -> tuple[int, int]:
        header = split_by(delimiter)
        return columns(header).recognised, len(header)

    delimiter = max(_DELIMITERS, key=understood)
    return split_by(delimiter), delimiter


def _rows(lines: _Lines, delimiter: str) -> Iterator[list[str] | None]:
    """The rows from here on; None for one whose quotes don't match. An open quote costs its own line only:
    reading goes on with the next one."""
    while True:
        start = lines.at
        try:
            # A new reader after each error; strict, or else an open quote swallows what follows without a
            # word.
            for row in csv.reader(lines, delimiter=delimiter, strict=True):
                yield row
                start = lines.at
        except csv.Error:
            lines.at = start
            next(lines)
            yield None
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
        emails=tuple(email for index in meaning.emails for email in _parts(cells, index)),
        groups=_groups(cells, meaning),
        notes=notes,
    )


def _cell(cells: Sequence[str], index: int) -> str:
    """A row may be shorter than the header: what is missing at its end is blank."""
    return cells[index] if index < len(cells) else ""


def _joined(cells: Sequence[str], indices: Sequence[int]) -> str:
    return " ".join(filter(None, (_cell(cells, index) for index in indices)))


def _name(cells: Sequence[str], meaning: Columns, company: str) -> tuple[str, str]:
    """First and last name. A company's card has its name as that of a person too: that greets nobody."""
    first = _joined(cells, meaning.first)
    last = _joined(cells, (*meaning.middle, *meaning.last))
    if not first and not last:
        whole = _joined(cells, meaning.whole[:1])
        return ("", "") if whole == company else split_name(whole)
    return first, last


def _parts(cells: Sequence[str], index: int) -> list[str]:
    """Google puts several values of one kind into one cell."""
    return [part for part in map(str.strip, _cell(cells, index).split(_GOOGLE_SEPARATOR)) if part]


def _phones(cells: Sequence[str], meaning: Columns) -> tuple[str, ...]:
    ranked = []
    for column in meaning.phones:
        label = "" if column.label is None else _cell(cells, column.label)
        rank = phone_rank(label) if label else column.rank
        if rank is not None:
            # Google marks the preferred one of its kind by a "*".
            ranked += [((rank, not label.startswith("*")), phone) for phone in _parts(cells, column.index)]
    ranked.sort(key=lambda entry: entry[0])
    return tuple(phone for _, phone in ranked)


def _groups(cells: Sequence[str], meaning: Columns) -> tuple[str, ...]:
    names: list[str] = []
    for index in meaning.groups:
        for part in _cell(cells, index).split(_GOOGLE_SEPARATOR.strip()):
            names += re.split(f"[{meaning.group_separators}]", part) if meaning.group_separators else [part]
    return group_names(names)


def _shown(header: Sequence[str]) -> str:
    shown = [name[:_SHOWN_CHARACTERS] for name in islice(filter(None, header), _SHOWN_COLUMNS)]
    return ", ".join(shown) + (", ..." if len(header) > _SHOWN_COLUMNS else "")
