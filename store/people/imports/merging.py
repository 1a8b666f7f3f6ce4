"""What an incoming person does to the people who are known: pure, on values.

Two are the same person by the same number; where one of them has none, by the same email address. Merging
fills what is blank and adds groups; what is known is never overwritten. So whoever comes in twice changes
nothing the second time, and of two rows about one person neither is lost, whichever comes first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from store.people.names import fold, full_name

MOST_GROUPS = 100
"""Groups that somebody comes into by an import; each row looks at all of them."""
_MOST_SHARING = 100
"""People of one email address among whom the one is looked for that a row is about."""


class Outcome(StrEnum):
    """What became of a row."""

    ADDED = "added"
    MERGED = "merged"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, known or incoming. phone: E.164 or ""; region: of the phone or "". At least one of phone and
    email."""

    first_name: str
    last_name: str
    company: str
    phone: str
    region: str
    email: str
    groups: tuple[str, ...]

    @property
    def name(self) -> str:
        """The full name, or the company, or ""."""
        return full_name(self.first_name, self.last_name, self.company)


def merge(known: Person, incoming: Person) -> Person:
    """The known person with what was blank filled in from the incoming one; `known` itself where nothing
    was."""
    agree = names_agree(known, incoming)
    present = {fold(group) for group in known.groups}
    new = [group for group in incoming.groups if fold(group) not in present]
    merged = replace(
        known,
        # A name is filled in only beside a name that agrees: "Pepe" must not become "Pepe Núñez" by José's
        # row.
        first_name=known.first_name or (incoming.first_name if agree else ""),
        last_name=known.last_name or (incoming.last_name if agree else ""),
        company=known.company or incoming.company,
        phone=known.phone or incoming.phone,
        region=known.region if known.phone else incoming.region,
        email=known.email or incoming.email,
        groups=(*known.groups, *new[: max(0, MOST_GROUPS - len(known.groups))]),
    )
    return known if merged == known else merged


def names_agree(one: Person, other: Person) -> bool:
    """Whether two names can be one person's: no part of them differs, case and accents aside."""
    pairs = ((one.first_name, other.first_name), (one.last_name, other.last_name))
    return all(not mine or not theirs or fold(mine) == fold(theirs) for mine, theirs in pairs)


class Taken(NamedTuple):
    """What taking a person came to. person: as known afterwards."""

    outcome: Outcome
    person: Person


class KnownPeople:
    """People found by number and address, who grow as more come in.

    people: in the order in which they became known, which decides where several have one email address. New
    ones are put at the end. changed: positions of people who were there from the start and differ now.
    """

    def __init__(self, people: Iterable[Person]) -> None:
        self.people = list(people)
        self.changed: set[int] = set()
        self._from_the_start = len(self.people)
        self._by_phone: dict[str, int] = {}
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
        self._index(at, merged, known)
        if at < self._from_the_start:
            self.changed.add(at)
        return Taken(Outcome.MERGED, merged)

    @property
    def added(self) -> list[Person]:
        """Who wasn't known at the start, as they are now."""
        return self.people[self._from_the_start :]

    def _find(self, incoming: Person) -> int | None:
        if incoming.phone:
            at = self._by_phone.get(incoming.phone)
            if at is not None:
                return at
        same_email: Sequence[int] = ()
        if incoming.email:
            same_email = self._by_email.get(incoming.email.casefold(), ())[:_MOST_SHARING]
        if incoming.phone:
            # Only somebody without a number takes a new one, and only under a name that agrees: families and
            # offices share an address, and nobody's texts may go to another's phone.
            with_room = (at for at in same_email if not self.people[at].phone)
            return next((at for at in with_room if names_agree(self.people[at], incoming)), None)
        # Of several with this address, the one who took this row before: else a second import would change
        # another.
        unchanged = (at for at in same_email if merge(self.people[at], incoming) is self.people[at])
        return next(unchanged, same_email[0] if same_email else None)

    def _index(self, at: int, person: Person, before: Person | None = None) -> None:
        if person.phone:
            self._by_phone[person.phone] = at
        if person.email and not (before and before.email):
            self._by_email[person.email.casefold()].append(at)
