"""Which of somebody's numbers and addresses are any, and which number is best to text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from store.people.imports.cells import is_shortened
from store.people.imports.incoming import EMAIL, FAX, IncomingNumber, Note
from store.people.model import Number
from store.sentences import sentence
from store.texts.phones import Phone, PhoneRefused, parse_with_line

_MOST_TRIED = 50
"""Numbers, and addresses, of one person that are looked at; nobody has as many."""
_SHORTENED = "shortened"


class _Read(NamedTuple):
    incoming: IncomingNumber
    phone: Phone
    line: str


def chosen(
    candidates: Sequence[IncomingNumber], region: str, *, in_order: bool = False
) -> tuple[tuple[tuple[Number, str], ...], tuple[Note, ...]]:
    """The numbers that are any, each with its consent, the best to text first, faxes last, each once; and
    what to tell. A mobile by its country's numbering plan is called one where nothing else is said.

    region: in which they are read that have no country code and the file says nothing. in_order: they are as
    they stand. Where none is one, the note says why the best is not.
    """
    read: dict[str, _Read] = {}
    refusals: list[tuple[str, PhoneRefused]] = []
    for number in candidates[:_MOST_TRIED]:
        try:
            phone, line = _parsed(number, region)
        except PhoneRefused as error:
            refusals.append((number.written, error))
        else:
            read.setdefault(phone.e164, _Read(number, phone, line))
    best = list(read.values())
    if len(best) > 1 and not in_order:
        best.sort(key=_preference)
    numbers = tuple(
        (
            Number(
                each.phone.e164,
                each.phone.region,
                each.incoming.kind or ("mobile" if each.line == "mobile" else "other"),
                "" if each.incoming.label.casefold() == each.incoming.kind else each.incoming.label,
            ),
            each.incoming.consent,
        )
        for each in best
    )
    if not best:
        return (), tuple(Note(error.code, error.says, left_out=True) for _, error in refusals[:1])
    return numbers, tuple(_about(best, refusals))


def _parsed(number: IncomingNumber, region: str) -> tuple[Phone, str]:
    if is_shortened(number.written):
        says = sentence(
            "A spreadsheet shortened {number}, and its last digits are lost. Format the column "
            "as text there, and export it again.",
            number=number.written,
        )
        raise PhoneRefused(says, code=_SHORTENED)
    *others, last = number.regions
    for each in others:
        try:
            return parse_with_line(number.written, each or region)
        except PhoneRefused:
            continue
    return parse_with_line(number.written, last or region)


def _preference(each: _Read) -> tuple[bool, bool, int, bool]:
    """No fax; no line that the numbering plan says is none for texts; the better kind; a mobile for sure."""
    number = each.incoming
    return number.kind == FAX, each.line == "landline", number.rank, each.line != "mobile"


def _about(best: Sequence[_Read], refusals: Sequence[tuple[str, PhoneRefused]]) -> Iterator[Note]:
    texted = next((each for each in best if each.incoming.kind != FAX), None)
    if texted is None:
        return
    for raw, error in refusals:
        says = sentence("{number} was left out: {why}", number=raw, why=error.says)
        yield Note(error.code, says, left_out=True)
    if texted.phone.extension_dropped:
        yield Note(
            "extension-dropped",
            sentence(
                "Texts can't reach an extension, so it was removed from {number}.",
                number=texted.incoming.written,
            ),
            left_out=True,
        )


def addresses(candidates: Sequence[str]) -> tuple[tuple[str, ...], tuple[Note, ...]]:
    """The email addresses that are any, each once, and what to tell of the others."""
    good: dict[str, str] = {}
    notes: list[Note] = []
    for raw in candidates[:_MOST_TRIED]:
        if EMAIL.fullmatch(raw):
            good.setdefault(raw.casefold(), raw)
        else:
            says = sentence("{email} isn't an email address and was left out.", email=raw[:80])
            notes.append(Note("no-email", says, left_out=True))
    return tuple(good.values()), tuple(notes)
