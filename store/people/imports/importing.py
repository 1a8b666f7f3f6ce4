"""A file's rows become people, and people become rows of the address book, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from store.errors import WrongUsage
from store.people.imports.choosing import addresses, chosen
from store.people.imports.csv_files import read_csv
from store.people.imports.headers import FirstValues, Table, columns_of
from store.people.imports.incoming import FAX, ImportRefused, Incoming, Note, Step, no_step
from store.people.imports.merging import MOST_GROUPS, KnownPeople, Outcome, Person
from store.people.imports.reading import FileText, is_workbook, read, text_of
from store.people.imports.rows import people
from store.people.imports.vcards import is_vcard, read_vcards
from store.people.imports.workbooks import read_workbook
from store.people.model import Column, ImportReport, Row, Sample
from store.people.names import full_name, tidy
from store.sentences import Sentence, sentence, sentences

T = TypeVar("T")

_LONGEST = 1_000
"""Characters in a name or a company; an address book's own limits are far lower."""
_PROGRESS_EVERY = 500
_SHOWN = 80
_FIRST_ROWS = 20
"""Rows that are shown as they will be."""
_LOOK_UP_EVERY = 5_000
"""Lines of a file that pass by before whoever waits is told, though no row may have come of them."""
MOST_ROWS = 500_000
"""More than that is no address book; a file of the largest size can hold millions of rows of junk."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a row comes to, before it is known who is there already. person: None where it is refused, or
    nobody."""

    number: int
    name: str
    person: Person | None
    notes: tuple[Note, ...]
    is_nobody: bool = False
    said: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Reading:
    """A file that was read: its name, or "-", the region in which numbers were read, its rows,
    what its columns became, and what of it is no row."""

    name: str
    region: str
    rows: list[Decided]
    columns: tuple[Column, ...] = ()
    is_table: bool = False
    left_out: tuple[Note, ...] = ()


def decide(
    source: Path | BinaryIO,
    region: str,
    progress: Callable[[int], None] | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Reading:
    """The rows of a file, or of standard input, each a person, refused or nobody.

    region: in which numbers without a country code are read. progress: called with the number of rows done,
    now and then and at the end. mapping: fields by columns, as somebody said; "ignore" leaves one out.
    Raises ImportRefused, and WrongUsage for a mapping of columns that aren't there.
    """
    data = read(source)
    reading = Reading(source.name if isinstance(source, Path) else "-", region, [])
    decided = reading.rows
    lines = 0

    def step() -> None:
        nonlocal lines
        lines += 1
        if progress and lines % _LOOK_UP_EVERY == 0:
            progress(len(decided))

    for incoming in _incoming(data, region, mapping or {}, step, reading):
        if len(decided) == MOST_ROWS:
            raise _too_many()
        decided.append(_decided(incoming, region))
        if progress and len(decided) % _PROGRESS_EVERY == 0:
            progress(len(decided))
    if progress:
        progress(len(decided))
    return reading


def _incoming(
    data: bytes, region: str, mapping: Mapping[str, str], step: Step, reading: Reading
) -> Iterator[Incoming]:
    """Everybody in a file; what its columns became is known in `reading` at the end."""
    if is_vcard(data):
        if mapping:
            raise WrongUsage(
                sentence("A vCard file has no columns to map. Nothing was changed."),
                code="no-column",
            )
        properties: dict[str, str | None] = {}
        yield from read_vcards(data, properties, step)
        reading.columns = tuple(Column(name, became) for name, became in properties.items())
        return
    left_out: list[Note] = []
    rows: Iterator[Sequence[str] | Note]
    if is_workbook(data):
        file = FileText("")
        table, rows, others = read_workbook(data, mapping, region, step)
        if others:
            says = sentence("Other sheets were left out: {names}.", names=", ".join(others))
            left_out.append(Note("other-sheets", says, left_out=True))
    else:
        file = text_of(data)
        table, rows = read_csv(file, mapping, region, step)
    left_out += _above(table)
    reading.left_out, reading.is_table = tuple(left_out), True
    values = FirstValues(unused=[at for at, field in enumerate(table.meaning.fields) if field is None])

    def seen() -> Iterator[Sequence[str] | Note]:
        for number, row in enumerate(rows):
            if not isinstance(row, Note):
                values.see(number, [file.repaired(cell)[0] for cell in row] if file.mixed else row)
            yield row

    yield from people(seen(), table.header, table.meaning, file)
    reading.columns = columns_of(table, values)


def _above(table: Table) -> Iterator[Note]:
    lines = [text for row in table.above if (text := " ".join(filter(None, map(tidy, row))))]
    if lines:
        says = sentences(
            "{count} line above the column names was left out: {lines}",
            "{count} lines above the column names were left out: {lines}",
            len(lines),
            lines=" / ".join(line[:_SHOWN] for line in lines),
        )
        yield Note("above-header", says, left_out=True)


def _too_many() -> ImportRefused:
    return ImportRefused(
        sentence(
            "This file has more than {limit} rows. Nothing was changed. Split it into several files.",
            limit=MOST_ROWS,
        ),
        code="too-large",
    )


def looked_up_from(items: Iterable[T], look_up: Callable[[], None]) -> Iterator[T]:
    """The items; `look_up` is called now and then, and what it raises ends whatever goes through them."""
    for number, item in enumerate(items, 1):
        if number % _LOOK_UP_EVERY == 0:
            look_up()
        yield item


def take(reading: Reading, known: KnownPeople, look_up: Callable[[], None] = no_step) -> ImportReport:
    """Puts the people among the known ones, and reports on every row that is worth a word.

    look_up: called now and then; what it raises ends it.
    """
    counts: Counter[Outcome] = Counter()
    rows = [_row(0, "", Outcome.LEFT_OUT, [note]) for note in reading.left_out]
    first: list[Sample] = []
    for row in looked_up_from(reading.rows, look_up):
        if row.person is None:
            outcome, notes = Outcome.LEFT_OUT if row.is_nobody else Outcome.REFUSED, row.notes
        else:
            outcome, person, mended = known.take(row.person)
            if len(first) < _FIRST_ROWS:
                first.append(Sample(row.number, outcome.value, person))
            about = [_mended(*mended)] if mended else _about_merging(outcome, row.person, known)
            notes = (*row.notes, *about)
        counts[outcome] += 1
        if notes:
            rows.append(_row(row.number, row.name, outcome, notes))
    return ImportReport(
        counts[Outcome.ADDED],
        counts[Outcome.MERGED],
        counts[Outcome.UNCHANGED],
        tuple(rows),
        reading.columns,
        reading.is_table,
        first=tuple(first),
    )


def said(reading: Reading) -> Iterator[tuple[str, str]]:
    """What a file says of numbers (E.164): "in" or "out" to texts."""
    for row in reading.rows:
        yield from row.said


def _row(number: int, name: str, outcome: Outcome, notes: Sequence[Note]) -> Row:
    left_out = [note for note in notes if note.left_out] if outcome is not Outcome.REFUSED else []
    return Row(
        number, name, outcome.value, _joined(notes), notes[0].code, _joined(left_out) if left_out else None
    )


def _decided(incoming: Incoming, region: str) -> Decided:
    name = full_name(incoming.first_name, incoming.last_name, incoming.company)
    shown = name[:_LONGEST] or next(
        iter((*(number.written for number in incoming.numbers), *incoming.emails)), ""
    )
    no_person = incoming.refused or incoming.nobody or _too_long(incoming)
    if no_person:
        return Decided(incoming.number, shown, None, (no_person,), incoming.nobody is not None)
    numbers, phone_notes = chosen(incoming.numbers, region, in_order=incoming.in_order)
    texted = any(number.kind != FAX for number, _ in numbers)
    if incoming.numbers and not numbers:
        return Decided(incoming.number, shown, None, (*phone_notes, *incoming.notes))
    emails, email_notes = addresses(incoming.emails)
    if not texted and not emails:
        return Decided(incoming.number, shown, None, (*email_notes, _NO_NUMBER, *incoming.notes))
    person = Person(
        incoming.first_name,
        incoming.last_name,
        incoming.company,
        tuple(number for number, _ in numbers),
        emails,
        incoming.groups,
        incoming.fields,
        incoming.address,
        incoming.note,
        incoming.language,
        incoming.zone,
        incoming.household,
    )
    said = tuple((number.phone, state) for number, its in numbers if (state := its or incoming.consent))
    notes = (*phone_notes, *email_notes, *incoming.notes)
    return Decided(incoming.number, shown, person, notes, said=said)


_NO_NUMBER = Note(
    "no-number", sentence("There is no phone number that can receive texts, and no email address.")
)


def _too_long(incoming: Incoming) -> Note | None:
    if len(incoming.groups) > MOST_GROUPS:
        says = sentence(
            "This row names {count} groups; a person can be in at most {most}.",
            count=len(incoming.groups),
            most=MOST_GROUPS,
        )
        return Note("too-long", says)
    longest = max(
        len(text) for text in (incoming.first_name, incoming.last_name, incoming.company, *incoming.groups)
    )
    if longest <= _LONGEST:
        return None
    return Note("too-long", sentence("This name is too long: {count} characters.", count=longest))


def _mended(was: str, is_: str) -> Note:
    says = sentence(
        "Already in your contacts with {was}, which an earlier import misread. Corrected to {number}.",
        was=was,
        number=is_,
    )
    return Note("mended", says)


def _about_merging(outcome: Outcome, incoming: Person, known: KnownPeople) -> Iterator[Note]:
    if outcome is Outcome.MERGED:
        yield Note("filled", sentence("Already in your contacts: missing details were added."))
    elif outcome is Outcome.ADDED and (other := known.sharing(incoming)) is not None:
        yield Note(
            "shared-number",
            sentence(
                "{name} has this number too. Both are kept, and get one text between them.",
                name=other.name or other.phone,
            ),
        )


def _joined(notes: Sequence[Note]) -> Sentence:
    said = notes[0].says
    for note in notes[1:]:
        said = sentence("{first} {second}", first=said, second=note.says)
    return said
