"""vCard files: 3.0 as Apple writes them, 4.0, and the 2.1 that old phones still write. vobject parses each
card.

Only the lines that matter here reach vobject: pictures make up most of a file, and it takes seconds for each
megabyte of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote

from store.people.imports.incoming import (
    Incoming,
    Note,
    Step,
    group_names,
    no_step,
    phone_rank,
    vocabulary,
)
from store.people.imports.reading import FileText, repaired
from store.people.names import split_name, tidy
from store.sentences import sentence

_BEGIN = re.compile(r"\s*BEGIN\s*:\s*VCARD\s*", re.IGNORECASE)
_END = re.compile(r"\s*END\s*:\s*VCARD\s*", re.IGNORECASE)
_PROPERTY = re.compile(r"(?:[\w-]+\.)?([\w-]+)\s*(?:[;:]|$)")
_WANTED = vocabulary("VERSION N FN ORG TEL EMAIL CATEGORIES X-ABLABEL UID KIND X-ADDRESSBOOKSERVER-KIND")
_MEMBERS = vocabulary("MEMBER X-ADDRESSBOOKSERVER-MEMBER")
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")
_GROUP_CARD = re.compile(
    r"^(?:X-ADDRESSBOOKSERVER-)?KIND[^:\n]*:[ \t]*group[ \t]*$", re.IGNORECASE | re.MULTILINE
)
# A name, parameters and a colon, as vobject takes them. Its own way of finding out that a line is none takes
# twice as long with each comma; this one never goes back.
_CONTENT = re.compile(
    r"""(?:[a-z0-9_-]++\.)?[a-z0-9_-]++(?:;(?=[;:]))?+"""
    r"""(?:;[a-z0-9_-]++(?:[=,](?:"[^"]*+"|[^";:,]*+))*+)*+:""",
    re.IGNORECASE,
)
# What vobject needs grows with the square of a line's length, and of the number of lines of one kind.
_LONGEST_LINE = 2_000
"""Characters of a line, those it goes on in included."""
_LONGEST_CARD = 20_000
"""Characters of the lines that matter, the members of a group aside."""
# Samsung's way of naming a kind of number, which no version of the format knows.
_SAMSUNG_KIND = re.compile(r"^(TEL|EMAIL);X-CUSTOM\([^)]*\)", re.IGNORECASE)

# vobject lets the errors of the codecs and of its own attribute look-ups through.
_CARD_ERRORS = (ValueError, LookupError, AttributeError, TypeError)


class _Card(NamedTuple):
    """The wanted lines of a card. members: of a group, what its lines say. whole: it has an end. long: longer
    than is looked at. wrong: a line is not as the format has them."""

    text: str
    members: Sequence[str]
    whole: bool
    long: bool
    wrong: bool
    foreign: bool


def is_vcard(text: str) -> bool:
    """Whether a text is a vCard file, whatever its name says."""
    return _BEGIN.match(text) is not None


def read_vcards(file: FileText, step: Step = no_step) -> Iterator[Incoming]:
    """The cards of a vCard file, each on its own: a bad one is refused and costs the others nothing.

    A card that lists the members of a group (Apple, vCard 4.0) puts those into it and is no person.
    """
    cards = list(_cards(file.text, step))
    groups = _groups_by_uid(cards)
    number = 0
    for card in cards:
        step()
        if _GROUP_CARD.search(card.text):
            continue
        number += 1
        yield _incoming(number, card, groups)


class _Reading:
    """A card that is being read: the lines of it that are kept, whole ones again where they went on in the
    next."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._members: list[str] = []
        self._name = self._line = ""
        self._size = 0
        self._quoted = self._soft = self._long = self._wrong = False

    def add(self, line: str) -> None:
        # In quoted-printable a line that ends with "=" goes on in the next, which need not be indented.
        if self._soft:
            self._go_on(line)
        elif line.startswith((" ", "\t")):
            self._go_on(line[1:])
        else:
            self._end_line()
            named = _PROPERTY.match(line)
            self._name = named[1].upper() if named else ""
            self._line = line if self._name in _WANTED or self._name in _MEMBERS else ""
            self._quoted = "QUOTED-PRINTABLE" in line.partition(":")[0].upper()
        self._soft = self._quoted and line.endswith("=")

    def _go_on(self, line: str) -> None:
        if self._line and len(self._line) <= _LONGEST_LINE:
            self._line = (self._line.removesuffix("=") if self._soft else self._line) + line

    def _end_line(self) -> None:
        line = _SAMSUNG_KIND.sub(r"\1;X-CUSTOM", self._line)
        if self._name in _MEMBERS:
            self._members.append(line.partition(":")[2])
        elif line:
            self._size += len(line)
            self._long = self._long or len(line) > _LONGEST_LINE or self._size > _LONGEST_CARD
            self._wrong = self._wrong or not _CONTENT.match(line)
            if not self._long:
                self._kept.append(line.removesuffix("=") if self._quoted else line)
        self._line = ""

    def end(self, *, whole: bool) -> _Card:
        self._end_line()
        text, foreign = repaired("\n".join(self._kept))
        return _Card(text, self._members, whole, self._long, self._wrong, foreign)


def _cards(text: str, step: Step) -> Iterator[_Card]:
    reading: _Reading | None = None
    for found in _LINE.finditer(text):
        step()
        line = found[1]
        if _BEGIN.fullmatch(line):
            if reading is not None:
                yield reading.end(whole=False)
            reading = _Reading()
        elif reading is None:
            continue
        elif _END.fullmatch(line):
            yield reading.end(whole=True)
            reading = None
        else:
            reading.add(line)
    if reading is not None:
        yield reading.end(whole=False)


def _parsed(card: _Card) -> Mapping[str, Sequence[Any]]:
    """The card's properties by their lower-case names. Raises one of _CARD_ERRORS."""
    if card.wrong:
        raise ValueError
    import vobject  # here, because opening the app need not wait for it
    from vobject.base import VObjectError

    try:
        component = vobject.readOne(f"BEGIN:VCARD\n{card.text}\nEND:VCARD\n", allowQP=True)
    except VObjectError as error:
        raise ValueError(str(error)) from error
    contents: Mapping[str, Sequence[Any]] = component.contents
    return contents


def _groups_by_uid(cards: Sequence[_Card]) -> Mapping[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for card in cards:
        if not card.members or not _GROUP_CARD.search(card.text):
            continue
        try:
            contents = _parsed(card)
        except _CARD_ERRORS:
            continue  # a group that can't be read takes nobody with it
        name = _first(contents, "fn") or _first(contents, "n")
        for member in card.members:
            groups[_uid(member)].append(name)
    return groups


def _incoming(number: int, card: _Card, groups: Mapping[str, Sequence[str]]) -> Incoming:
    if card.long or not card.whole:
        return _refused(number, card)
    try:
        contents = _parsed(card)
        first_name, last_name = _name(contents)
        categories = [str(name) for line in contents.get("categories", ()) for name in _several(line.value)]
        return Incoming(
            number,
            first_name,
            last_name,
            company=_first(contents, "org"),
            phones=_phones(contents),
            emails=tuple(tidy(str(line.value)) for line in contents.get("email", ()) if line.value),
            groups=group_names(map(tidy, [*categories, *groups.get(_uid(_first(contents, "uid")), ())])),
            notes=(_FOREIGN,) if card.foreign else (),
        )
    except _CARD_ERRORS:
        return _refused(number, card)


_FOREIGN = Note(
    "mixed-encoding", sentence("Some letters of this card are not UTF-8. They were read as Windows-1252.")
)


def _refused(number: int, card: _Card) -> Incoming:
    """A card that can't be parsed, called by the name that stands in it."""
    shown = re.search(r"^(?:FN|N)[^:\n]*:(.*)$", card.text, re.IGNORECASE | re.MULTILINE)
    name = tidy(re.sub(r"\\?[;,]+", " ", shown[1]))[:80] if shown else ""
    if card.long:
        why = sentence(
            "This card is too long: at most {characters} characters can be read, and {line} in a line, not "
            "counting pictures and notes.",
            characters=_LONGEST_CARD,
            line=_LONGEST_LINE,
        )
    elif card.whole:
        why = sentence("This card can't be read: one of its lines is not as vCard files have them.")
    else:
        why = sentence("This card has no end (END:VCARD): the file seems to be cut off there.")
    return Incoming(number, name, refused=Note("too-long" if card.long else "unreadable", why))


def _several(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _first(contents: Mapping[str, Sequence[Any]], name: str) -> str:
    lines = contents.get(name, ())
    return tidy(str(_several(lines[0].value)[0])) if lines and lines[0].value else ""


def _name(contents: Mapping[str, Sequence[Any]]) -> tuple[str, str]:
    for line in contents.get("n", ())[:1]:
        given, additional, family = (
            " ".join(filter(None, (tidy(str(part)) for part in _several(parts))))
            for parts in (line.value.given, line.value.additional, line.value.family)
        )
        last = f"{additional} {family}".strip()
        if given or last:
            return given, last
    whole = _first(contents, "fn")
    return ("", "") if whole == _first(contents, "org") else split_name(whole)


def _phones(contents: Mapping[str, Sequence[Any]]) -> tuple[str, ...]:
    labels = {line.group: str(line.value) for line in contents.get("x-ablabel", ()) if line.group}
    ranked = []
    for line in contents.get("tel", ()):
        kinds = [*line.singletonparams, *line.params.get("TYPE", ()), labels.get(line.group, "")]
        label = " ".join(kinds).lower()
        rank = phone_rank(label)
        phone = _from_uri(tidy(str(line.value)))
        if phone and rank is not None:
            preferred = "pref" in label or "PREF" in line.params
            ranked.append(((rank, not preferred), phone))
    ranked.sort(key=lambda entry: entry[0])
    return tuple(phone for _, phone in ranked)


def _from_uri(value: str) -> str:
    """The number of a `tel:` URI (RFC 3966), its extension kept."""
    if not value.lower().startswith("tel:"):
        return value
    number, *parameters = unquote(value[4:]).split(";")
    extension = next((each[4:] for each in parameters if each.lower().startswith("ext=")), "")
    return f"{number} ext. {extension}" if extension else number


def _uid(value: str) -> str:
    return value.strip().lower().removeprefix("urn:uuid:")
