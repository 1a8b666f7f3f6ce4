"""CSV files, as Google Contacts, Outlook, spreadsheets and converters of Apple's address book write them:
text becomes rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from itertools import islice

from store.people.imports.headers import LOOKED_AT, Table, best_header
from store.people.imports.incoming import Note, Step, no_step
from store.people.imports.reading import FileText
from store.sentences import sentence

_DELIMITERS = ",;\t|"
_LINE = re.compile(r"[^\r\n]+(?:\r\n|\r|\n)?|\r\n|\r|\n")
_TOLD = re.compile(r"sep=(.)\s*", re.IGNORECASE)
"""How Excel is told the delimiter; no row of its own."""


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


def read_csv(
    file: FileText, mapping: Mapping[str, str], region: str, step: Step = no_step
) -> tuple[Table, Iterator[list[str] | Note]]:
    """What the columns of a CSV file mean, and its rows behind the header, cells as they stand there.

    mapping: fields by columns, as somebody said. region: in which numbers are read. Raises ImportRefused for
    a file without a column of numbers or addresses, WrongUsage for a mapping of columns that aren't there.
    """
    lines = _Lines(file.text, step)
    told = _TOLD.match(file.text)
    begin = told.end() if told else 0
    delimiters = told[1] if told else _DELIMITERS
    starts: list[list[list[str]]] = []
    ends: list[list[int]] = []
    for delimiter in delimiters:
        lines.begin_at(begin)
        starts.append([])
        ends.append([])
        for row in islice(_rows(lines, delimiter), LOOKED_AT):
            starts[-1].append([] if isinstance(row, Note) else [file.repaired(cell)[0] for cell in row])
            ends[-1].append(lines.at)
    table, which = best_header(starts, mapping, region)
    lines.begin_at(begin if table.at < 0 else ends[which][table.at])
    return table, _rows(lines, delimiters[which])


_UNMATCHED_QUOTES = Note(
    "unreadable",
    sentence(
        "The quotes (\") in this row don't match, so Textmeter can't tell where its columns "
        "end. Fix the row and import the file again; nobody is added twice."
    ),
)
_TOO_LONG = Note(
    "too-long",
    sentence(
        "A cell in this row has more than {count} characters. Shorten it and import the file "
        "again; nobody is added twice.",
        count=csv.field_size_limit(),
    ),
)


def _rows(lines: _Lines, delimiter: str) -> Iterator[list[str] | Note]:
    """The rows from here on; for one that can't be read, why. An open quote costs its own line only: reading
    goes on with the next one."""
    while True:
        try:
            # A new reader after each error; strict, or else an open quote swallows what follows without a
            # word.
            for row in csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True):
                lines.end_row()
                yield row
        except (csv.Error, _Open) as error:
            # An open quote makes a long cell of what follows, too.
            is_long = "field limit" in str(error) and lines.last == lines.row
            lines.give_up_row()
            yield _TOO_LONG if is_long else _UNMATCHED_QUOTES
        else:
            return
