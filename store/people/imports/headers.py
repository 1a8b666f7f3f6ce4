"""Which row of a table names its columns, and what columns are that nobody named: by what stands in them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from store.errors import WrongUsage
from store.people.imports.cells import numbers_in
from store.people.imports.columns import UNDERSTOOD, Columns, NumberColumn, columns
from store.people.imports.incoming import EMAIL, PLAIN, ImportRefused, NobodyReached
from store.people.model import Column
from store.people.names import fold, tidy
from store.sentences import sentence
from store.texts.phones import PhoneRefused, parse

LOOKED_AT = 25
"""Rows of a table's start that are looked at: reports have their title and date above the header."""
_MOST_COLUMNS = 1_000
"""Outlook has 92. Each row is looked through for each column."""
_MOST_CELLS = 5_000
"""Cells that may be names of columns."""
_SHOWN_COLUMNS = 12
_SHOWN_CHARACTERS = 30
_SEEN_ROWS, _SEEN_VALUES = 200, 3
"""Rows among which a column's first values are looked for, and how many are."""
_MOST = 0.6
"""The part of a column's cells that says what the column is."""
_NAME = re.compile(r"[^\W\d_][^\d@_]{0,60}")


@dataclass(frozen=True, slots=True)
class Table:
    """What the columns of a table mean. header: their names, "1", "2" and so on where it has none; at: which
    of the first rows it is, -1 for none; above: the rows before it."""

    header: Sequence[str]
    meaning: Columns
    at: int = -1
    above: Sequence[Sequence[str]] = ()


def best_header(
    starts: Sequence[Sequence[Sequence[str]]], mapping: Mapping[str, str], region: str
) -> tuple[Table, int]:
    """The table that makes most sense of a file, and which one of several ways to split it into rows that is.

    starts: the first rows by each way, blank ones too. mapping: see `columns`. region: in which numbers are
    read. Raises ImportRefused where there are no numbers or addresses, and WrongUsage for a mapping of
    columns that aren't there.
    """
    found = [_named(rows, mapping) for rows in starts]
    if not any(map(_reaches_by_its_names, found)):
        found = [_guessed(rows, table, mapping, region) for rows, table in zip(starts, found, strict=True)]
    which = max(range(len(starts)), key=lambda at: _sense(found[at]))
    table = found[which]
    if table and len(table.header) > _MOST_COLUMNS:
        raise ImportRefused(
            sentence(
                "This file has {count} columns, and Textmeter can read at most {most}. Nothing was "
                "changed. Save it as CSV again with only the contact columns.",
                most=_MOST_COLUMNS,
                count=len(table.header),
            ),
            code="too-many-columns",
        )
    if table:
        _check(mapping, table.header)
    if table is None or not table.meaning.reaches:
        behind = starts[which][table.at + 1 :] if table else ()
        raise NobodyReached(
            sentence(
                "This file has no column of phone numbers or email addresses. Nothing was changed. "
                "Its columns: {found}. Textmeter recognizes names like: {understood}. Name the "
                "columns in the first row.",
                found=_shown(table.header if table else ()) or "-",
                understood=UNDERSTOOD,
            ),
            columns_of(table, FirstValues(behind)) if table else (),
        )
    return table, which


class FirstValues:
    """The rows of a table, and what of them stands first in its columns. unused: columns of which it is
    known at the end whether anything stands there, however late."""

    def __init__(self, rows: Iterable[Sequence[str]] = (), unused: Iterable[int] = ()) -> None:
        self._unused = set(unused)
        self._values: defaultdict[int, list[str]] = defaultdict(list)
        for number, row in enumerate(rows):
            self.see(number, row)

    def see(self, number: int, row: Sequence[str]) -> None:
        """Looks at a row, by its number from 0."""
        if number < _SEEN_ROWS:
            for at, cell in enumerate(row):
                values = self._values[at]
                if len(values) < _SEEN_VALUES and (value := tidy(cell)[:_SHOWN_CHARACTERS]):
                    if value not in values:
                        values.append(value)
                    self._unused.discard(at)
        elif self._unused:
            for at in [at for at in self._unused if at < len(row) and row[at] and not row[at].isspace()]:
                self._values[at].append(tidy(row[at])[:_SHOWN_CHARACTERS])
                self._unused.discard(at)

    def of(self, at: int) -> tuple[str, ...]:
        """What stands first in a column."""
        return tuple(self._values.get(at, ()))


def columns_of(table: Table, values: FirstValues) -> tuple[Column, ...]:
    """A table's columns with what each became."""
    fields = table.meaning.fields
    names = [*table.header, *(str(at + 1) for at in range(len(table.header), len(fields)))]
    return tuple(
        Column(name, field, values.of(at)) for at, (name, field) in enumerate(zip(names, fields, strict=True))
    )


def _reaches_by_its_names(table: Table | None) -> bool:
    """Whether a table would reach somebody if nobody had told anything about its columns."""
    return table is not None and len(table.header) <= _MOST_COLUMNS and columns(table.header).reaches


def _sense(table: Table | None) -> tuple[bool, int, int]:
    if table is None:
        return False, 0, 0
    return table.meaning.reaches, table.meaning.recognised, len(table.header)


def _check(mapping: Mapping[str, str], header: Sequence[str]) -> None:
    there = {fold(name).strip() for name in header} | {str(at + 1) for at in range(len(header))}
    for name in mapping:
        if fold(name).strip() not in there:
            raise WrongUsage(
                sentence(
                    "There is no column {name}. Nothing was changed. The file's columns: {found}.",
                    name=name,
                    found=_shown(header),
                ),
                code="no-column",
            )


def _named(rows: Sequence[Sequence[str]], mapping: Mapping[str, str]) -> Table | None:
    """The row that names the most columns: the first one, unless it is short of them."""
    best: Table | None = None
    cells = 0
    for at, row in enumerate(rows):
        header = [tidy(cell) for cell in row]
        cells += len(header)
        if not any(header):
            continue
        if best is None:
            many = len(header) > _MOST_COLUMNS
            # Somebody's row is no header, whatever is said of its columns by their numbers.
            said = {} if any(map(_is_data, header)) else mapping
            meaning = Columns((None,) * len(header)) if many else columns(header, said)
            best = Table(header, meaning, at, rows[:at])
            if best.meaning.reaches and len(header) > 1:
                break
        elif cells > _MOST_CELLS:
            break
        elif not any(map(_is_data, header)):
            table = Table(header, columns(header, mapping), at, rows[:at])
            if table.meaning.reaches and table.meaning.recognised > best.meaning.recognised * (
                best.meaning.reaches
            ):
                best = table
    return best


def _is_data(cell: str) -> bool:
    return bool(EMAIL.fullmatch(cell)) or sum(map(str.isdigit, cell)) >= 7


def _guessed(
    rows: Sequence[Sequence[str]], table: Table | None, mapping: Mapping[str, str], region: str
) -> Table | None:
    """A table without a header, or one in words that aren't known: numbers and addresses are known by what
    they are."""
    first = next((at for at, row in enumerate(rows) if any(row)), None)
    if first is None or table is None or max(map(len, rows)) > _MOST_COLUMNS:
        return table
    if table.meaning.reaches and table.at != first:
        return table  # what somebody told found a header further below
    sample = [[tidy(cell) for cell in row] for row in rows[first:]]
    # Whoever has a header has no number in it.
    named = not any(_is_number(cell, region) or EMAIL.fullmatch(cell) for cell in sample[0])
    header = sample.pop(0) if named else []
    header = [*header, *(str(at + 1) for at in range(len(header), max(map(len, rows))))]
    said = {fold(name).strip() for name in mapping}
    told = {at for at, name in enumerate(header) if said & {fold(name).strip(), str(at + 1)}}
    meaning = _filled_in(columns(header, mapping), sample, region, told)
    if not meaning.reaches:
        return table
    return Table(header, meaning, first if named else -1, rows[:first] if named else ())


def _filled_in(
    meaning: Columns, sample: Sequence[Sequence[str]], region: str, told: Collection[int]
) -> Columns:
    """With the columns that are known only by what stands in them, but for those that somebody told."""

    def cells_of(at: int) -> list[str]:
        return [row[at] for row in sample if at < len(row) and row[at]]

    fields = list(meaning.fields)
    numbers, emails, names = list(meaning.numbers), list(meaning.emails), list[int]()
    for at, field in enumerate(meaning.fields):
        cells = cells_of(at)
        if not cells or at in told or field not in (None, "name"):
            continue
        if _mostly(cells, lambda cell: bool(EMAIL.search(cell))):
            emails.append(at)
            fields[at] = "email"
        elif _mostly(cells, lambda cell: _is_number(cell, region)):
            numbers.append(NumberColumn(at, PLAIN))
            fields[at] = "phone"
        elif field is None and _mostly(cells, lambda cell: bool(_NAME.fullmatch(cell))):
            names.append(at)
    numbers.sort(key=lambda number: number.index)
    texts = {name: at for name, at in meaning.texts.items() if fields[at[0]] == name}
    if names and not {"name", "first_name", "last_name"} & texts.keys():
        found = _names(names, cells_of)
        texts |= found
        for name, (at, *_) in found.items():
            fields[at] = name
    return replace(
        meaning, fields=tuple(fields), numbers=tuple(numbers), emails=tuple(sorted(emails)), texts=texts
    )


def _names(columns: Sequence[int], cells_of: Callable[[int], list[str]]) -> dict[str, tuple[int, ...]]:
    """Of columns of letters, a first and a last name where two stand side by side with a word each, else a
    whole one."""
    one, *others = columns
    if (
        others
        and others[0] == one + 1
        and all(_mostly(cells_of(at), lambda cell: " " not in cell) for at in (one, others[0]))
    ):
        return {"first_name": (one,), "last_name": (others[0],)}
    return {"name": (one,)}


def _mostly(cells: Sequence[str], holds: Callable[[str], bool]) -> bool:
    return sum(map(holds, cells)) >= len(cells) * _MOST


def _is_number(cell: str, region: str) -> bool:
    if sum(map(str.isdigit, cell)) < 7:
        return False
    for number in numbers_in(cell, PLAIN):
        try:
            parse(number.written, region)
        except PhoneRefused:
            continue
        return True
    return False


def _shown(header: Sequence[str]) -> str:
    shown = [name[:_SHOWN_CHARACTERS] for name in islice(filter(None, header), _SHOWN_COLUMNS)]
    return ", ".join(shown) + (", ..." if len(header) > _SHOWN_COLUMNS else "")
