"""vCard files: 3.0 as Apple writes them, 4.0, and 2.1 as old phones still do: cards become people."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

from store.people.imports.called import called, called_whole
from store.people.imports.cards import Card, Letters, Property, cards, is_vcard
from store.people.imports.cells import numbers_in, texted_first
from store.people.imports.incoming import Incoming, IncomingNumber, Note, Step, group_names, kind_of, no_step
from store.people.names import tidy
from store.sentences import sentence, sentences

__all__ = ["FIELDS", "is_vcard", "read_vcards"]

FIELDS = {
    "N": "name",
    "FN": "name",
    "ORG": "company",
    "TEL": "phone",
    "EMAIL": "email",
    "CATEGORIES": "groups",
    "NOTE": "notes",
    "ADR": "address",
    "LANG": "language",
    "TZ": "zone",
    "BDAY": "birthday",
}
"""What the properties of a card become."""
_KINDS_OF_CARDS = ("KIND", "X-ADDRESSBOOKSERVER-KIND")
_MEMBERS = ("MEMBER", "X-ADDRESSBOOKSERVER-MEMBER")
_WANTED = frozenset({*FIELDS, *_KINDS_OF_CARDS, *_MEMBERS, "UID", "X-ABLABEL"})
_ABOUT_THE_CARD = frozenset(
    {
        *_KINDS_OF_CARDS,
        *_MEMBERS,
        "UID",
        "X-ABLABEL",
        "VERSION",
        "PRODID",
        "REV",
        "X-ABADR",
        "X-ABUID",
        "X-ABSHOWAS",
    }
)
"""Properties that say nothing about a person by themselves."""
_SEMICOLONS = re.compile(r"((?:[^\\;]|\\.)*)(?:;|$)", re.DOTALL)
_COMMAS = re.compile(r"((?:[^\\,]|\\.)*)(?:,|$)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LONGEST_NOTE = 10_000
"""Characters."""


def read_vcards(data: bytes, columns: dict[str, str | None], step: Step = no_step) -> Iterator[Incoming]:
    """The cards of a vCard file, each on its own: a bad line costs the others nothing.

    A card that lists the members of a group (Apple, vCard 4.0) puts those into it and is no person. columns:
    takes the properties that are there, each with what it became, None for one that isn't used.
    """
    letters, seen = Letters(data), set[str]()
    number, waiting = 0, list[Card]()
    groups: Mapping[str, Sequence[str]] = {}
    # Which groups there are is known at the end only; in a file without any nobody has to wait.
    grouped = b"KIND" in data.upper()
    for card in cards(data, _WANTED, seen, step):
        if grouped:
            waiting.append(card)
        else:
            number += 1
            yield _incoming(number, card, letters, groups)
    groups = _groups_by_uid(waiting, letters)
    for card in waiting:
        step()
        if not _is_group(card):
            number += 1
            yield _incoming(number, card, letters, groups)
    columns |= {name: FIELDS.get(name) for name in sorted(seen - _ABOUT_THE_CARD)}


class _Values:
    """The texts of a card's properties, and what was seen while they were read."""

    def __init__(self, card: Card, letters: Letters) -> None:
        self.by_name: dict[str, list[Property]] = defaultdict(list)
        self._letters = letters
        self.seen: set[str] = set()
        for each in card.properties:
            self.by_name[each.head.name].append(each)

    def raw(self, each: Property) -> str:
        """A value as it is escaped."""
        text, how = self._letters.read(each)
        if how:
            self.seen.add(how)
        return text

    def all(self, name: str) -> list[str]:
        """The values of a property, those that are blank aside."""
        there = self.by_name.get(name, ())
        return [text for each in there if (text := tidy(_plain(self.raw(each))))]

    def first(self, name: str) -> str:
        return next(iter(self.all(name)), "")

    def parts(self, name: str) -> list[list[str]]:
        """The components of each value, parted by semicolons."""
        return [
            [_words(part) for part in _parted(self.raw(each), _SEMICOLONS)]
            for each in self.by_name.get(name, ())
        ]


def _parted(value: str, separator: re.Pattern[str]) -> list[str]:
    """A value at the signs that aren't escaped; its parts still are."""
    if "\\" not in value:
        return value.split(";" if separator is _SEMICOLONS else ",")
    return [part[1] for part in separator.finditer(value)]


def _plain(value: str) -> str:
    """A value without its escapes. Google escapes colons, too."""
    if "\\" not in value:
        return value
    return _ESCAPED.sub(lambda sign: "\n" if sign[1] in "nN" else sign[1], value)


def _words(part: str) -> str:
    """A component, which may be a list."""
    if "," not in part:
        return tidy(_plain(part))
    return " ".join(filter(None, (tidy(_plain(each)) for each in _parted(part, _COMMAS))))


def _is_group(card: Card) -> bool:
    return any(
        each.head.name in _KINDS_OF_CARDS and each.raw.strip().lower() == b"group" for each in card.properties
    )


def _groups_by_uid(all_cards: Sequence[Card], letters: Letters) -> Mapping[str, Sequence[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for card in filter(_is_group, all_cards):
        values = _Values(card, letters)
        name = values.first("FN") or next((parts[0] for parts in values.parts("N")), "")
        for kind in _MEMBERS:
            for each in values.by_name.get(kind, ()):
                groups[_uid(values.raw(each))].append(name)
    return groups


def _uid(value: str) -> str:
    return value.strip().lower().removeprefix("urn:uuid:")


def _incoming(number: int, card: Card, letters: Letters, groups: Mapping[str, Sequence[str]]) -> Incoming:
    values = _Values(card, letters)
    emails = tuple(_mailto(email) for email in values.all("EMAIL"))
    company = next((parts[0] for parts in values.parts("ORG")), "")
    first_name, last_name, title = _name(values, company, emails)
    if card.long or not card.whole:
        return Incoming(number, first_name, last_name, company, refused=_TOO_LONG if card.long else _CUT_OFF)
    numbers = _numbers(values)
    if card.bad and not numbers and not emails:
        return Incoming(number, first_name, last_name, company, refused=_UNREADABLE)
    own = [("title", title)] if title else []
    own += [("birthday", birthday) for birthday in values.all("BDAY")[:1]]
    note = "\n".join(values.all("NOTE"))
    member_of = groups.get(_uid(values.first("UID")), ()) if groups else ()
    return Incoming(
        number,
        first_name,
        last_name,
        company,
        numbers,
        emails,
        group_names([*_categories(values), *member_of])
        if "CATEGORIES" in values.by_name or member_of
        else (),
        tuple(own),
        note=note[:_LONGEST_NOTE],
        address="; ".join(
            dict.fromkeys(", ".join(filter(None, parts)) for parts in values.parts("ADR")).keys() - {""}
        ),
        language=values.first("LANG"),
        zone=values.first("TZ"),
        notes=tuple(_notes(card, values, note)),
    )


_TOO_LONG = Note(
    "too-long",
    sentence("This card is too long for one person: pictures and notes aside, it has thousands of lines."),
)
_CUT_OFF = Note(
    "unreadable", sentence("This card has no end (END:VCARD): the file seems to be cut off there.")
)
_UNREADABLE = Note("unreadable", sentence("This card can't be read: one of its lines isn't valid vCard."))
_FOREIGN = Note(
    "mixed-encoding",
    sentence(
        "Some letters in this card aren't UTF-8, and the file doesn't say what they are, so "
        "Textmeter guessed."
    ),
)
_CUT = Note(
    "cut-letters",
    sentence("A line of this card ends in the middle of a letter. The rest of the line was kept."),
    left_out=True,
)


def _notes(card: Card, values: _Values, note: str) -> Iterator[Note]:
    if "foreign" in values.seen:
        yield _FOREIGN
    if "cut" in values.seen:
        yield _CUT
    for line in card.bad:
        says = sentence("A line of this card can't be read and was left out: {line}", line=line)
        yield Note("unreadable-line", says, left_out=True)
    if card.inner:
        says = sentences(
            "A card inside this one (an assistant's) was left out.",
            "{count} cards inside this one (assistants') were left out.",
            card.inner,
        )
        yield Note("inner-card", says, left_out=True)
    if len(note) > _LONGEST_NOTE:
        says = sentence(
            "The note has more than {count} characters; the rest was left out.", count=_LONGEST_NOTE
        )
        yield Note("note-cut", says, left_out=True)


def _name(values: _Values, company: str, emails: Sequence[str]) -> tuple[str, str, str]:
    """First name, last name and title."""
    for parts in values.parts("N")[:1]:
        family, given, additional, prefix, *_ = [*parts, "", "", "", "", ""]
        name = called(given, f"{additional} {family}".strip(), emails)
        if name.first_name or name.last_name:
            return name.first_name, name.last_name, prefix or name.title
    whole = values.first("FN")
    return called_whole("" if whole == company else whole, emails)


def _categories(values: _Values) -> list[str]:
    return [
        tidy(_plain(name))
        for each in values.by_name.get("CATEGORIES", ())
        for name in _parted(values.raw(each), _COMMAS)
    ]


def _mailto(address: str) -> str:
    return address[7:] if address[:7].lower() == "mailto:" else address


def _numbers(values: _Values) -> tuple[IncomingNumber, ...]:
    there = values.by_name.get("TEL", ())
    if not there:
        return ()
    labels = {
        each.head.group: tidy(_plain(values.raw(each)))
        for each in values.by_name.get("X-ABLABEL", ())
        if each.head.group
    }
    preferred: list[IncomingNumber] = []
    others: list[IncomingNumber] = []
    for each in there:
        label = labels.get(each.head.group, "") if labels else ""
        kind = kind_of(" ".join((*each.head.labels, label)) if label else " ".join(each.head.labels))
        shown = label.removeprefix("_$!<").removesuffix(">!$_")
        is_preferred = any("PREF" in param for param in each.head.params)
        (preferred if is_preferred else others).extend(
            numbers_in(_from_uri(tidy(_plain(values.raw(each)))), kind, shown)
        )
    return texted_first(preferred + others)


def _from_uri(value: str) -> str:
    """The number of a `tel:` URI (RFC 3966), its extension kept."""
    if value[:4].lower() != "tel:":
        return value
    number, *parameters = unquote(value[4:]).split(";")
    extension = next((each[4:] for each in parameters if each.lower().startswith("ext=")), "")
    return f"{number} ext. {extension}" if extension else number
