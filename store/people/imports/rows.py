"""Rows of a table, wherever they come from, become people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import takewhile

from store.people.imports.called import Called, called, called_whole
from store.people.imports.cells import GOOGLE_SEPARATOR, groups_in, numbers_in, texted_first
from store.people.imports.columns import Columns, NumberColumn
from store.people.imports.consents import IN, OUT, consent_of
from store.people.imports.incoming import FAX, Incoming, IncomingNumber, Note, group_names, kind_of
from store.people.imports.reading import FileText, encoding_name
from store.people.imports.vocabulary import compact, vocabulary
from store.people.names import fold, tidy
from store.sentences import sentence
from store.texts.phones import region_of_calling_code, regions


def people(
    rows: Iterable[Sequence[str] | Note],
    header: Sequence[str],
    meaning: Columns,
    file: FileText = FileText(""),  # noqa: B008 (a value that never changes)
) -> Iterator[Incoming]:
    """The people of the rows behind a header; wholly blank rows are left out, but counted. Cells are as they
    stand in the file."""
    folded = [fold(name) for name in header]
    told = False
    for number, row in enumerate(rows, start=1):
        if isinstance(row, Note):
            yield Incoming(number, refused=row)
            continue
        notes: tuple[Note, ...] = ()
        if file.encoding:
            cells = [file.repaired(cell) for cell in row]
            row = [cell for cell, _ in cells]
            if any(foreign for _, foreign in cells) and (file.mixed or not told):
                notes, told = (_foreign(file),), True
        if any(cell and tidy(cell) for cell in row):
            yield _row(number, row, folded, meaning, notes)


def _foreign(file: FileText) -> Note:
    if file.mixed:
        return Note(
            "mixed-encoding",
            sentence(
                "Some letters in this row aren't UTF-8, unlike the rest of the file. They were read "
                "as {encoding}.",
                encoding=encoding_name(file.encoding),
            ),
        )
    return Note(
        "guessed-encoding",
        sentence(
            "From this row on, the file was read as {encoding}, because it isn't UTF-8. If names "
            "look wrong, save the file as UTF-8 and import it again: that fixes them.",
            encoding=encoding_name(file.encoding),
        ),
    )


def _row(
    number: int, row: Sequence[str], header: Sequence[str], meaning: Columns, seen: Sequence[Note]
) -> Incoming:
    if len(row) > len(header) and any(map(tidy, row[len(header) :])):
        return Incoming(number, *_called(row, meaning, ())[:2], refused=_uneven(len(row), len(header)))
    if header and fold(tidy(row[0])) == header[0] and [fold(tidy(cell)) for cell in row] == header:
        return Incoming(number, nobody=_HEADER_AGAIN)
    emails = tuple(
        part for index in takewhile(len(row).__gt__, meaning.emails) for part in _addresses(row[index])
    )
    numbers = _numbers(row, meaning)
    name = _as_exported(row, meaning) if meaning.is_ours else _called(row, meaning, emails)
    if not numbers and not emails and _is_total(row):
        return Incoming(number, nobody=_TOTAL)
    consent, not_understood = _consent(row, meaning, numbers)
    return Incoming(
        number,
        name.first_name,
        name.last_name,
        _text(row, meaning, "company"),
        numbers,
        emails,
        _groups(row, meaning),
        _own(row, meaning, name.title),
        note=_note(row, meaning),
        address=_address(row, meaning),
        language=_text(row, meaning, "language"),
        zone=_text(row, meaning, "zone"),
        household=_text(row, meaning, "household"),
        consent=consent,
        notes=(*seen, *not_understood),
        in_order=meaning.is_ours,
    )


def _uneven(cells: int, columns: int) -> Note:
    return Note(
        "uneven",
        sentence(
            "This row has {count} cells, but the file has {columns} columns: a text that contains the "
            "separator needs quotes around it.",
            count=cells,
            columns=columns,
        ),
    )


_HEADER_AGAIN = Note("header-again", sentence("This row repeats the column names."), left_out=True)
_TOTAL = Note("total", sentence("This row is a total, not a person."), left_out=True)


def _is_total(row: Sequence[str]) -> bool:
    words = compact(next(filter(None, map(tidy, row)), ""))
    totals = vocabulary().totals
    return words in totals or words.rstrip("0123456789") in totals


def _all(row: Sequence[str], meaning: Columns, field: str) -> list[str]:
    """What stands in the columns of a field, blanks aside. A row may be shorter than the header."""
    there = meaning.texts.get(field)
    if there is None:
        return []
    return [cell for index in there if index < len(row) and (cell := tidy(row[index]))]


def _text(row: Sequence[str], meaning: Columns, field: str) -> str:
    there = _all(row, meaning, field)
    return there[0] if there else ""


def _note(row: Sequence[str], meaning: Columns) -> str:
    """All notes of a row, in the lines that they have."""
    there = (row[index] for index in meaning.texts.get("notes", ()) if index < len(row))
    return "\n".join(filter(None, (tidy(line) for cell in there for line in cell.splitlines())))


def _as_exported(row: Sequence[str], meaning: Columns) -> Called:
    return Called(_text(row, meaning, "first_name"), _text(row, meaning, "last_name"), "")


def _called(row: Sequence[str], meaning: Columns, emails: Sequence[str]) -> Called:
    """First and last name. A company's card has its name as that of a person too: that greets nobody.

    "Nom" beside "Prénom" and "Nome" beside "Cognome" say the other name where they don't say the whole one.
    """
    there = meaning.texts
    first, last = " ".join(_all(row, meaning, "first_name")), " ".join(_all(row, meaning, "last_name"))
    whole = _text(row, meaning, "name")
    if whole and first and not last and "last_name" not in there:
        first, last, whole = ("", "", whole) if _holds(whole, first) else (first, whole, "")
    elif whole and last and not first and "first_name" not in there:
        first, last, whole = ("", "", whole) if _holds(whole, last) else (whole, last, "")
    middle = " ".join(_all(row, meaning, "middle_name"))
    if first or last:
        name = called(first, f"{middle} {last}".strip() if middle else last, emails)
        if name.first_name or name.last_name:
            return name
    return called_whole("" if whole == _text(row, meaning, "company") else whole, emails)


def _holds(whole: str, part: str) -> bool:
    return f" {fold(part)} " in f" {fold(whole).replace(',', ' ')} " and fold(whole) != fold(part)


def _addresses(cell: str) -> Iterator[str]:
    """Email addresses of a cell: one, or several as people and Google part them."""
    cell = tidy(cell)
    if cell.count("@") < 2:
        if cell:
            yield _bare(cell)
        return
    for separator in (GOOGLE_SEPARATOR, ";", ",", "|", "/", " "):
        cell = cell.replace(separator, "\n")
    yield from (_bare(part) for part in map(str.strip, cell.split("\n")) if "@" in part)


def _bare(address: str) -> str:
    """The address of "Ada Lane <ada@example.com>" or "mailto:ada@example.com"."""
    if address.endswith(">") and "<" in address:
        address = address[address.rindex("<") + 1 : -1].strip()
    return address[7:] if address[:7].lower() == "mailto:" else address


def _numbers(row: Sequence[str], meaning: Columns) -> tuple[IncomingNumber, ...]:
    found: list[IncomingNumber] = []
    preferred: list[IncomingNumber] = []
    for column in meaning.numbers:
        if column.index >= len(row):
            break  # a short row ends there, however many columns there are
        cell = row[column.index]
        if not cell or cell.isspace():
            continue
        label = _cell(row, column.label)
        kind = kind_of(label) if label else column.kind
        area = _cell(row, column.area)
        cell = f"{area} {cell.strip()}" if area and _lacks_area(cell) else cell
        here = numbers_in(cell, kind, label, _regions(row, column, meaning))
        if column.consents:
            said = _said([(index, yes) for index, yes in column.consents], row)[0]
            here = [number._replace(consent=said) for number in here]
        # Google marks the preferred one of its kind by a "*".
        (preferred if label.startswith("*") and not meaning.is_ours else found).extend(here)
    return tuple(found) if meaning.is_ours else texted_first(preferred + found)


def _cell(row: Sequence[str], index: int | None) -> str:
    return "" if index is None or index >= len(row) else tidy(row[index])


_LOCAL = 8
"""Digits of a number without its area code, at most."""


def _lacks_area(cell: str) -> bool:
    return "+" not in cell and sum(map(str.isdigit, cell)) <= _LOCAL


def _regions(row: Sequence[str], column: NumberColumn, meaning: Columns) -> tuple[str, ...]:
    """In which regions a number is read: the one of its country or calling code; where an address says the
    country only, the import's own after it."""
    if not column.codes and not meaning.countries:
        return _OWN_REGION
    for index in column.codes:
        if region := _region_of(_cell(row, index)):
            return (region,)
    said = (_region_of(_cell(row, index)) for index in meaning.countries)
    return (*filter(None, said), "")


_OWN_REGION = ("",)


@lru_cache(maxsize=512)
def _region_of(said: str) -> str:
    digits = "".join(filter(str.isdecimal, said)).lstrip("0")
    if digits:
        return region_of_calling_code(int(digits[:4]))
    return said.upper() if said.upper() in regions() else vocabulary().countries.get(compact(said), "")


def _consent(
    row: Sequence[str], meaning: Columns, numbers: Sequence[IncomingNumber]
) -> tuple[str, list[Note]]:
    """Of the person: what is said of the one who is texted, by all columns; an out goes before all else."""
    if not meaning.consents and not any(number.consent for number in numbers):
        return "", []
    said, notes = _said(meaning.consents, row)
    of_the_first = next((number.consent for number in numbers if number.kind != FAX), "")
    both = {said, of_the_first}
    return (OUT if OUT in both else IN if IN in both else ""), notes


def _said(columns: Sequence[tuple[int, str]], row: Sequence[str]) -> tuple[str, list[Note]]:
    answers, notes = set(), []
    for index, yes in columns:
        cell = _cell(row, index)
        answer = consent_of(cell, yes)
        if answer is None:
            says = sentence("Textmeter can't tell whether “{said}” means yes or no to texts.", said=cell[:80])
            notes.append(Note("unclear-consent", says, left_out=True))
        answers.add(answer)
    return (OUT if OUT in answers else IN if IN in answers else ""), notes


def _groups(row: Sequence[str], meaning: Columns) -> tuple[str, ...]:
    names: list[str] = []
    for index in meaning.groups:
        if cell := _cell(row, index):
            names += groups_in(cell, meaning.group_separators)
    return group_names(names) if names else ()


def _own(row: Sequence[str], meaning: Columns, title: str) -> tuple[tuple[str, str], ...]:
    own: dict[str, str] = {}
    for index, name in meaning.own:
        if cell := _cell(row, index):
            own.setdefault(name, cell)
    if title:
        own.setdefault("title", title)
    return tuple(own.items())


def _address(row: Sequence[str], meaning: Columns) -> str:
    """All addresses of a row, each with its parts; a part that the whole one has already isn't said again."""
    whole: list[str] = []
    for columns in meaning.addresses:
        parts: list[str] = []
        for index in columns:
            cell = _cell(row, index)
            if cell and not any(cell in part for part in parts):
                parts.append(cell)
        if parts and (one := ", ".join(parts)) not in whole:
            whole.append(one)
    return "; ".join(whole)
