"""What an incoming person does to the people who are known: pure, on values.

Two are the same person by a number that both have and names that agree; where one of them has none, by an
email address likewise. Two names at one number are two people, who share it. Merging fills what is blank and
adds numbers, addresses, groups and fields; what is known is never overwritten, unless its letters are those
that the incoming ones become when a file is read in the wrong encoding. So whoever comes in twice changes
nothing the second time, and of two rows about one person neither is lost, whichever comes first. A number
that an earlier import read wrongly is mended (see `garbled`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, TypeVar

from store.people.imports.garbled import misreadings
from store.people.model import FAX, Number
from store.people.model import Person as Person
from store.people.names import fold, tidy

MOST_GROUPS = 100
"""Groups that somebody comes into by an import; each row looks at all of them."""
_MOST_SHARING = 100
"""People of one number or email address among whom the one is looked for that a row is about."""

P = TypeVar("P", bound=Person)
T = TypeVar("T")


class Outcome(StrEnum):
    """What became of a row."""

    ADDED = "added"
    MERGED = "merged"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    LEFT_OUT = "left-out"


def merge(known: P, incoming: Person) -> P:
    """The known person with what was blank filled in from the incoming one; `known` itself where nothing
    was."""
    merged: dict[str, Any] = {}
    if names_agree(known, incoming):
        # A name is filled in only beside a name that agrees: "Pepe" must not become "Pepe Núñez" by José's
        # row.
        merged["first_name"] = known.first_name or incoming.first_name
        merged["last_name"] = known.last_name or incoming.last_name
    elif _is_garbled(known.name, incoming.name):
        merged |= {"first_name": incoming.first_name, "last_name": incoming.last_name}
    if not known.company or _is_garbled(known.company, incoming.company):
        merged["company"] = incoming.company
    merged["numbers"] = _joined(
        _with_kinds(known.numbers, incoming.numbers), incoming.numbers, attrgetter("phone")
    )
    merged["emails"] = _joined(known.emails, incoming.emails, str.casefold)
    merged["fields"] = _joined(known.fields, incoming.fields, itemgetter(0))
    merged["groups"] = _joined(known.groups, incoming.groups, fold)[: max(MOST_GROUPS, len(known.groups))]
    for name in ("address", "note", "language", "zone", "household"):
        merged[name] = getattr(known, name) or getattr(incoming, name)
    # Most of those who come in again are known as they are, and making somebody anew takes longest.
    changed = {name: value for name, value in merged.items() if value != getattr(known, name)}
    return replace(known, **changed) if changed else known


def _joined(known: tuple[T, ...], incoming: tuple[T, ...], key: Callable[[T], str]) -> tuple[T, ...]:
    """What is known, and of what comes in that of which none is known."""
    if not incoming or incoming == known:
        return known
    present = set(map(key, known))
    return (*known, *(each for each in incoming if key(each) not in present))


def _with_kinds(known: tuple[Number, ...], incoming: tuple[Number, ...]) -> tuple[Number, ...]:
    """The known numbers; of those about which nothing is known, what kind they are by the incoming ones.
    Nobody loses the last number that takes texts by it."""
    said = {number.phone: number for number in incoming}
    filled = tuple(
        said[number.phone] if number.kind == "other" and not number.label and number.phone in said else number
        for number in known
    )
    if any(number.kind != FAX for number in (*filled, *incoming)):
        return filled
    return known


def names_agree(one: Person, other: Person) -> bool:
    """Whether two names can be one person's: no part of them differs, case and accents aside."""
    return _agree(one.first_name, other.first_name) and _agree(one.last_name, other.last_name)


def _agree(mine: str, theirs: str) -> bool:
    return mine == theirs or not mine or not theirs or fold(mine) == fold(theirs)


def same_person(known: Person, incoming: Person) -> bool:
    """Whether two who share a number or an address are one: their names agree, or are one name of which one
    file had the wrong letters."""
    if names_agree(known, incoming):
        return True
    return _is_garbled(known.name, incoming.name) or _is_garbled(incoming.name, known.name)


@lru_cache(maxsize=1024)
def _is_garbled(text: str, right: str) -> bool:
    """Whether a text is what becomes of another whose bytes are read in another encoding."""
    if not text or right.isascii() or text == right:
        return False
    if _LOST.search(text):
        return _fits(_LOST.split(text), right)
    return any(fold(wrong) == fold(text) for wrong in _garblings(right))


def _fits(kept: Sequence[str], text: str) -> bool:
    """Whether a text is these parts, the first and last at its ends, with something between any two."""
    first, *middle, last = kept
    if not text.startswith(first) or not text.endswith(last):
        return False
    at = len(first)
    for part in middle:
        found = text.find(part, at + 1)
        if found < 0:
            return False
        at = found + len(part)
    return len(text) - len(last) > at


def _garblings(text: str) -> Iterator[str]:
    for written in _WRITTEN:
        try:
            data = text.encode(written)
        except UnicodeEncodeError:
            continue
        # As files that say nothing of their encoding are read.
        yield tidy("".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in data))


_LOST = re.compile("\ufffd+|[?]+")
"""What stands where letters were."""
_WRITTEN = (
    "utf-8",
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp866", "koi8-r"),
    *("cp437", "cp850", "mac-roman", "iso8859-2", "shift-jis", "gb18030", "big5", "euc-kr"),
)


class Taken(NamedTuple):
    """What taking a person came to. person: as known afterwards. mended: a number (E.164) that was read
    wrongly before, and the one that it is."""

    outcome: Outcome
    person: Person
    mended: tuple[str, str] | None = None


class _Garbled(NamedTuple):
    """Somebody by position, with the number that was read wrongly, and as it is."""

    at: int
    was: str
    right: Number


class KnownPeople:
    """People found by number and address, who grow as more come in.

    people: in the order in which they became known, which decides where several are meant. New ones are put
    at the end. changed: positions of people who were there from the start and differ now. mended: numbers
    (E.164) that were read wrongly before, with those that they are. region: in which numbers without a
    country code are read.
    """

    def __init__(self, people: Iterable[Person], region: str = "") -> None:
        self.people = list(people)
        self.changed: set[int] = set()
        self.mended: list[tuple[str, str]] = []
        self._region = region
        self._from_the_start = len(self.people)
        self._by_phone: dict[str, list[int]] = defaultdict(list)
        self._by_email: dict[str, list[int]] = defaultdict(list)
        for at, person in enumerate(self.people):
            self._index(at, person)

    def take(self, incoming: Person) -> Taken:
        """Adds or merges a person."""
        at, mended = self._find(incoming), None
        if at is None and (found := self._garbled(incoming)):
            at, mended = found.at, (found.was, found.right.phone)
            self.mended.append(mended)
            self.people[at] = self._mended(found)
            self.changed.add(at)
        if at is None:
            self._index(len(self.people), incoming)
            self.people.append(incoming)
            return Taken(Outcome.ADDED, incoming)
        known = self.people[at]
        merged = merge(known, incoming)
        if merged is known and not mended:
            return Taken(Outcome.UNCHANGED, known)
        self.people[at] = merged
        self._index(at, merged)
        if at < self._from_the_start:
            self.changed.add(at)
        return Taken(Outcome.MERGED, merged, mended)

    def _garbled(self, incoming: Person) -> _Garbled | None:
        """Who was there before this import, has the same name, and a number of theirs as it looks where it
        was read wrongly. None where it may be somebody else: names of one word need an email address, too."""
        if not self._from_the_start:
            return None
        found = [
            _Garbled(at, was, number)
            for number in incoming.numbers
            for was in misreadings(number, self._region)
            for at in self._by_phone.get(was, ())
            if at < self._from_the_start and self._is_surely(self.people[at], incoming, was)
        ]
        return found[0] if len({each.at for each in found}) == 1 else None

    def _is_surely(self, known: Person, incoming: Person, was: str) -> bool:
        phones = {number.phone for number in known.numbers}
        if was not in phones or not phones.isdisjoint(number.phone for number in incoming.numbers):
            return False
        if not known.name or not names_agree(known, incoming):
            return False
        both = known.first_name and known.last_name and incoming.first_name and incoming.last_name
        emails = set(map(str.casefold, known.emails))
        return bool(both) or not emails.isdisjoint(map(str.casefold, incoming.emails))

    def _mended(self, found: _Garbled) -> Person:
        known = self.people[found.at]
        right = found.right
        numbers = (
            number._replace(phone=right.phone, region=right.region) if number.phone == found.was else number
            for number in known.numbers
        )
        return replace(known, numbers=tuple(numbers))

    def sharing(self, person: Person) -> Person | None:
        """Somebody else who has a number of theirs, the one who is known longest."""
        for number in person.numbers:
            known = self._by_phone[number.phone]
            for at in known if len(known) > 1 else ():
                if not names_agree(self.people[at], person):
                    return self.people[at]
        return None

    @property
    def added(self) -> list[Person]:
        """Who wasn't known at the start, as they are now."""
        return self.people[self._from_the_start :]

    def _find(self, incoming: Person) -> int | None:
        by_phone: list[int] = []
        for number in incoming.numbers:
            by_phone += self._by_phone.get(number.phone, ())
        found = self._meant(by_phone, incoming)
        if found is not None:
            return found
        by_email: list[int] = []
        for email in incoming.emails:
            by_email += self._by_email.get(email.casefold(), ())
        if incoming.numbers:
            # Only somebody without a number takes a new one by an address: families and offices share these,
            # and nobody's texts may go to another's phone.
            by_email = [at for at in by_email if not self.people[at].numbers]
        return self._meant(by_email, incoming)

    def _meant(self, sharing: Sequence[int], incoming: Person) -> int | None:
        """Of those who share a number or an address with somebody, the one who is that; of several, the one
        who took this row before: else a second import would change another."""
        if not sharing:
            return None
        people = self.people
        same = [at for at in sharing[:_MOST_SHARING] if same_person(people[at], incoming)]
        if len(same) < 2:
            return same[0] if same else None
        return next((at for at in same if merge(people[at], incoming) is people[at]), same[0])

    def _index(self, at: int, person: Person) -> None:
        for number in person.numbers:
            known = self._by_phone[number.phone]
            if at not in known:
                known.append(at)
        for email in person.emails:
            known = self._by_email[email.casefold()]
            if at not in known:
                known.append(at)
