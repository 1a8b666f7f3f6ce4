"""A file's rows become people, and people become rows of the address book, in one transaction."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from store.people.imports.csv_files import read_csv
from store.people.imports.incoming import EMAIL, ImportRefused, Incoming, Note
from store.people.imports.merging import MOST_GROUPS, KnownPeople, Outcome, Person
from store.people.imports.reading import read
from store.people.imports.vcards import is_vcard, read_vcards
from store.people.model import ImportReport, Number, Row
from store.people.names import full_name
from store.sentences import Sentence, sentence, sentences
from store.texts.phones import Phone, PhoneRefused, parse

T = TypeVar("T")

_LONGEST = 1_000
"""Characters in a name or a company; an address book's own limits are far lower."""
_PROGRESS_EVERY = 500
_MOST_TRIED = 50
"""Numbers, and addresses, of one person that are looked at; nobody has as many."""
_LOOK_UP_EVERY = 5_000
"""Lines of a file that pass by before whoever waits is told, though no row may have come of them."""
MOST_ROWS = 500_000
"""More than that is no address book; a file of the largest size can hold millions of rows of junk."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a row comes to, before it is known who is there already. person: None where it is refused."""

    number: int
    name: str
    person: Person | None
    notes: tuple[Note, ...]


def decide(
    source: Path | BinaryIO, region: str, progress: Callable[[int], None] | None = None
) -> list[Decided]:
    """The rows of a file, or of standard input, each a person or refused.

    region: in which numbers without a country code are read. progress: called with the number of rows done,
    now and then and at the end. Raises ImportRefused.
    """
    file = read(source)
    decided: list[Decided] = []
    lines = 0

    def step() -> None:
        nonlocal lines
        lines += 1
        if progress and lines % _LOOK_UP_EVERY == 0:
            progress(len(decided))

    for incoming in read_vcards(file, step) if is_vcard(file.text) else read_csv(file, step):
        if len(decided) == MOST_ROWS:
            raise _too_many()
        decided.append(_decided(incoming, region))
        if progress and len(decided) % _PROGRESS_EVERY == 0:
            progress(len(decided))
    if progress:
        progress(len(decided))
    return decided


def _too_many() -> ImportRefused:
    return ImportRefused(
        sentence(
            "This file has more than {limit} rows. Nothing was changed. Import it in several files.",
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


def take(decided: Iterable[Decided], known: KnownPeople) -> ImportReport:
    """Puts the people among the known ones, and reports on every row that is worth a word."""
    counts: Counter[Outcome] = Counter()
    rows: list[Row] = []
    for row in decided:
        if row.person is None:
            outcome, notes = Outcome.REFUSED, row.notes
        else:
            outcome, _ = known.take(row.person)
            notes = (*row.notes, *_about_merging(outcome, row.person, known))
        counts[outcome] += 1
        if notes:
            rows.append(Row(row.number, row.name, outcome.value, _joined(notes), notes[0].code))
    return ImportReport(counts[Outcome.ADDED], counts[Outcome.MERGED], counts[Outcome.UNCHANGED], tuple(rows))


def _decided(incoming: Incoming, region: str) -> Decided:
    name = full_name(incoming.first_name, incoming.last_name, incoming.company)
    shown = name[:_LONGEST] or next(iter((*incoming.phones, *incoming.emails)), "")
    refused = incoming.refused or _too_long(incoming)
    if refused:
        return Decided(incoming.number, shown, None, (refused,))
    phone, phone_notes = _phone(incoming.phones[:_MOST_TRIED], region)
    if incoming.phones and phone is None:
        return Decided(incoming.number, shown, None, (*phone_notes, *incoming.notes))
    email, email_notes = _email(incoming.emails[:_MOST_TRIED])
    if phone is None and not email:
        return Decided(incoming.number, shown, None, (*email_notes, _NO_NUMBER, *incoming.notes))
    person = Person(
        incoming.first_name,
        incoming.last_name,
        incoming.company,
        (Number(phone.e164, phone.region),) if phone else (),
        (email,) if email else (),
        incoming.groups,
    )
    return Decided(incoming.number, shown, person, (*phone_notes, *email_notes, *incoming.notes))


_NO_NUMBER = Note(
    "no-number", sentence("There is neither a phone number that takes texts nor an email address.")
)


def _too_long(incoming: Incoming) -> Note | None:
    if len(incoming.groups) > MOST_GROUPS:
        says = sentence(
            "This row names {count} groups; a person can be in {most} at most.",
            count=len(incoming.groups),
            most=MOST_GROUPS,
        )
        return Note("too-long", says)
    longest = max(
        len(text)
        for text in (incoming.first_name, incoming.last_name, incoming.company, "", *incoming.groups)
    )
    if longest <= _LONGEST:
        return None
    return Note("too-long", sentence("A name of {count} characters is no name.", count=longest))


def _phone(candidates: Sequence[str], region: str) -> tuple[Phone | None, tuple[Note, ...]]:
    """The best number that is one, and what to tell; where none is one, why the best of them is not."""
    refusals: list[tuple[str, PhoneRefused]] = []
    for raw in candidates:
        try:
            phone = parse(raw, region)
        except PhoneRefused as error:
            refusals.append((raw, error))
        else:
            return phone, tuple(_about_numbers(phone, raw, candidates, refusals))
    return None, tuple(Note(error.code, error.says) for _, error in refusals[:1])


def _about_numbers(
    phone: Phone, chosen: str, candidates: Sequence[str], refusals: Sequence[tuple[str, PhoneRefused]]
) -> Iterator[Note]:
    ours = _digits(phone.e164)
    no_numbers = {raw for raw, _ in refusals}
    others = {
        digits
        for raw in candidates
        if raw not in no_numbers and raw != chosen and not _same(digits := _digits(raw), ours)
    }
    if others:
        yield Note(
            "more-numbers",
            sentences(
                "{count} more number of this person was left out; {phone} gets the texts.",
                "{count} more numbers of this person were left out; {phone} gets the texts.",
                len(others),
                phone=phone.e164,
            ),
        )
    for raw, error in refusals:
        yield Note(error.code, sentence("{number} was left out: {why}", number=raw, why=error.says))
    if phone.extension_dropped:
        yield Note(
            "extension-dropped",
            sentence("Texts can't reach an extension: it was dropped from {number}.", number=chosen),
        )


def _digits(raw: str) -> str:
    return re.sub(r"\D", "", raw)


def _same(digits: str, e164: str) -> bool:
    """Whether these are the chosen number written another way: without its country code, or as it is."""
    return len(digits) >= 6 and e164.endswith(digits.lstrip("0"))


def _email(candidates: Sequence[str]) -> tuple[str, tuple[Note, ...]]:
    notes: list[Note] = []
    for raw in candidates:
        if EMAIL.fullmatch(raw):
            return raw, tuple(notes)
        notes.append(
            Note("no-email", sentence("{email} is no email address and was left out.", email=raw[:80]))
        )
    return "", tuple(notes)


def _about_merging(outcome: Outcome, incoming: Person, known: KnownPeople) -> Iterator[Note]:
    if outcome is Outcome.MERGED:
        yield Note("filled", sentence("Known already: what was missing was filled in."))
    elif outcome is Outcome.ADDED and (other := known.sharing(incoming)) is not None:
        yield Note(
            "shared-number",
            sentence(
                "{name} has this number too. Both are kept, and get one text together.",
                name=other.name or other.phone,
            ),
        )


def _joined(notes: Sequence[Note]) -> Sentence:
    said = notes[0].says
    for note in notes[1:]:
        said = sentence("{first} {second}", first=said, second=note.says)
    return said
