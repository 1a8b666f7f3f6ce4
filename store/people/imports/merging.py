"""What an incoming person does to the people who are known: pure, on values.

Two are the same person by a number that both have and names that agree; where one of them has none, by an
email address likewise. Two names at one number are two people, who share it. Merging fills what is blank and
adds numbers, addresses, groups and fields; what is known is never overwritten, unless its letters are those
that the incoming ones become when a file is read in the wrong encoding. So whoever comes in twice changes
nothing the second time, and of two rows about one person neither is lost, whichever comes first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, TypeVar

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


def merge(known: P, incoming: Person) -> P:
    """The known person with what was blank filled in from the incoming one; `known` itself where nothing
    was."""
    agree = names_agree(known, incoming)
    mends = not agree and _is_garbled(known.name, incoming.name)
    if mends:
        first_name, last_name = incoming.first_name, incoming.last_name
    else:
        # A name is filled in only beside a name that agrees: "Pepe" must not become "Pepe Núñez" by José's
        # row.
        first_name = known.first_name or (incoming.first_name if agree else "")
        last_name = known.last_name or (incoming.last_name if agree else "")
    garbled_company = _is_garbled(known.company, incoming.company)
    company = incoming.company if garbled_company else known.company or incoming.company
    present = {fold(group) for group in known.groups}
    new = [group for group in incoming.groups if fold(group) not in present]
    merged = replace(
        known,
        first_name=first_name,
        last_name=last_name,
        company=company,
        numbers=_joined(known.numbers, incoming.numbers, lambda number: number.phone),
        emails=_joined(known.emails, incoming.emails, str.casefold),
        groups=(*known.groups, *new[: max(0, MOST_GROUPS - len(known.groups))]),
        fields=_joined(known.fields, incoming.fields, lambda field: field[0]),
        address=known.address or incoming.address,
        note=known.note or incoming.note,
        language=known.language or incoming.language,
        zone=known.zone or incoming.zone,
        household=known.household or incoming.household,
    )
    return known if merged == known else merged


def _joined(known: tuple[T, ...], incoming: tuple[T, ...], key: Callable[[T], str]) -> tuple[T, ...]:
    """What is known, and of what comes in that of which none is known."""
    if not incoming or incoming == known:
        return known
    present = set(map(key, known))
    return (*known, *(each for each in incoming if key(each) not in present))


def names_agree(one: Person, other: Person) -> bool:
    """Whether two names can be one person's: no part of them differs, case and accents aside."""
    pairs = ((one.first_name, other.first_name), (one.last_name, other.last_name))
    return all(
        mine == theirs or not mine or not theirs or fold(mine) == fold(theirs) for mine, theirs in pairs
    )


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
        for read in _READ:
            # What a code page doesn't have was read as ISO 8859-1.
            yield tidy("".join(bytes([byte]).decode(read, "ignore") or chr(byte) for byte in data))


_LOST = re.compile("\ufffd+|[?]+")
"""What stands where letters were."""
_WRITTEN = (
    "utf-8",
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp866", "koi8-r"),
    *("cp437", "cp850", "mac-roman", "iso8859-2", "shift-jis", "gb18030", "big5", "euc-kr"),
)
_READ = ("cp1252", "mac-roman")


class Taken(NamedTuple):
    """What taking a person came to. person: as known afterwards."""

    outcome: Outcome
    person: Person


class KnownPeople:
    """People found by number and address, who grow as more come in.

    people: in the order in which they became known, which decides where several are meant. New ones are put
    at the end. changed: positions of people who were there from the start and differ now.
    """

    def __init__(self, people: Iterable[Person]) -> None:
        self.people = list(people)
        self.changed: set[int] = set()
        self._from_the_start = len(self.people)
        self._by_phone: dict[str, list[int]] = defaultdict(list)
        self._by_email: dict[str, list[int]] = defaultdict(list)
        for at, person in enumerate(self.people):
            self._index(at, person)

    def take(self, incoming: Person) -> Taken:
        """Adds or merges a person."""
        at = self._find(incoming)
        if at is None:
            self._index(len(self.people), incoming)
            self.people.append(incoming)
            return Taken(Outcome.ADDED, incoming)
        known = self.people[at]
        merged = merge(known, incoming)
        if merged is known:
            return Taken(Outcome.UNCHANGED, known)
        self.people[at] = merged
        self._index(at, merged)
        if at < self._from_the_start:
            self.changed.add(at)
        return Taken(Outcome.MERGED, merged)

    def sharing(self, person: Person) -> Person | None:
        """Somebody else who has a number of theirs, the one who is known longest."""
        for number in person.numbers:
            for at in self._by_phone.get(number.phone, ()):
                if not names_agree(self.people[at], person):
                    return self.people[at]
        return None

    @property
    def added(self) -> list[Person]:
        """Who wasn't known at the start, as they are now."""
        return self.people[self._from_the_start :]

    def _find(self, incoming: Person) -> int | None:
        by_phone = [at for number in incoming.numbers for at in self._by_phone.get(number.phone, ())]
        found = self._meant(by_phone[:_MOST_SHARING], incoming)
        if found is not None:
            return found
        by_email = [at for email in incoming.emails for at in self._by_email.get(email.casefold(), ())]
        if incoming.numbers:
            # Only somebody without a number takes a new one by an address: families and offices share these,
            # and nobody's texts may go to another's phone.
            by_email = [at for at in by_email if not self.people[at].numbers]
        return self._meant(by_email[:_MOST_SHARING], incoming)

    def _meant(self, sharing: Sequence[int], incoming: Person) -> int | None:
        """Of those who share a number or an address with somebody, the one who is that; of several, the one
        who took this row before: else a second import would change another."""
        same = [at for at in sharing if same_person(self.people[at], incoming)]
        unchanged = (at for at in same if merge(self.people[at], incoming) is self.people[at])
        return next(unchanged, same[0] if same else None)

    def _index(self, at: int, person: Person) -> None:
        for number in person.numbers:
            known = self._by_phone[number.phone]
            if at not in known:
                known.append(at)
        for email in person.emails:
            known = self._by_email[email.casefold()]
            if at not in known:
                known.append(at)
