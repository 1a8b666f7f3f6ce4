"""Who a text goes to: typed numbers, contacts and groups become unique recipients. Pure."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from operator import attrgetter
from types import MappingProxyType
from typing import ClassVar, Generic, NamedTuple, Self, TypeVar

from store.messages.first_contact import FirstLine
from store.messages.model import LeftOut, Problem, Purpose, Reached, Recipient
from store.sentences import Phone, Sentence, sentence
from store.texts import phones
from store.texts.alphabet import only_basic
from store.texts.merge import FIELDS
from store.texts.phones import PhoneRefused

MOST_RECIPIENTS = 100_000


class Variant(NamedTuple):
    """Recipients for whom a text takes the same number of segments. by_region: how many of them are where.
    first: whether it is the first such text to them."""

    values: Mapping[str, str]
    by_region: Mapping[str, int]
    first: bool = False


class Words(NamedTuple):
    """What is said of those who don't get something, or not once more. nowhere: of people whom it can't
    reach, and its code; household: of who lives with the first of them, who is called so."""

    nowhere: Sentence
    nowhere_code: str
    twice: Sentence
    shared: Sentence
    household: Callable[[str | Phone, str], Sentence]


R = TypeVar("R", bound=Reached)


@dataclass(frozen=True)
class Gathered(Generic[R]):
    """Who gets something that is written, and who not.

    recipients: one a number or address. refused: what is none, and people without one. left_out: who could be
    reached and gets nothing: opted out, or taken out by hand. twice: those who were chosen again, or whose
    number, address or household gets it already. notes: what a person should know about those who were taken.
    fields: the names of the merge fields that there are, those that not everybody has after the others.
    households: whether one a household gets it, as `letting` chooses; served: who has it already in some of
    them. purpose: what it is for.
    """

    WORDS: ClassVar[Words]

    recipients: tuple[R, ...] = ()
    refused: tuple[LeftOut, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    twice: tuple[LeftOut, ...] = ()
    notes: tuple[Problem, ...] = ()
    fields: tuple[str, ...] = FIELDS
    households: bool = False
    served: Mapping[str, R] = field(default_factory=dict)
    purpose: Purpose = Purpose.CONVERSATION

    @property
    def without(self) -> tuple[LeftOut, ...]:
        """Those who were chosen and get nothing; who was chosen twice gets it once."""
        return (*self.refused, *self.left_out)

    @classmethod
    def gather(
        cls,
        typed: Iterable[R],
        people: Iterable[R],
        refused: Iterable[LeftOut] = (),
        notes: Iterable[Problem] = (),
        *,
        excepted: Container[str] = frozenset(),
        out: Mapping[str, tuple[Sentence, str]] = MappingProxyType({}),
        household: bool = False,
        served: Iterable[R] = (),
        fields: Sequence[str] = FIELDS,
    ) -> Self:
        """What was typed and people from the address book, each number or address once. One that comes as
        both is the person; of people who share one, the first is meant. People without one are refused.

        excepted: by `Reached.reach`, who gets nothing; out: likewise, why and its code. household: whether of
        those who live together one gets it, whom `letting` chooses once it is known who may; served: who has
        it already. fields: the names of all merge fields that there are.
        """
        words = cls.WORDS
        unique: dict[str, R] = {}
        missing, twice, left_out = [], [], []
        for recipient in chain(typed, people):
            reach = recipient.reach
            if not reach:
                left = LeftOut(recipient.name, words.nowhere, words.nowhere_code, contact=recipient.contact)
                missing.append(left)
                continue
            known = unique.get(reach)
            if known is None:
                unique[reach] = recipient
                continue
            if not known.name and recipient.name:
                unique[reach], recipient = recipient, known
            other = recipient.contact not in (0, unique[reach].contact)
            twice.append(left_out_of(recipient, words.shared if other else words.twice, "duplicate"))
        for reach in [reach for reach in unique if reach in out or reach in excepted]:
            why, code = out.get(reach) or (_EXCEPTED, "excepted")
            left_out.append(left_out_of(unique.pop(reach), why, code))
        return cls(
            tuple(unique.values()),
            (*refused, *missing),
            tuple(left_out),
            tuple(twice),
            tuple(notes),
            tuple(fields),
            household,
            {one.household: one for one in served if one.household} if household else {},
        )

    def letting(self, why_not: Callable[[R], LeftOut | None] | None = None) -> Self:
        """Without those of whom it says why not; where it is one a household, of those who live together the
        first who may gets it."""
        if why_not is None and not self.households:
            return self
        homes = dict(self.served)
        recipients, left_out, twice = list[R](), list(self.left_out), list(self.twice)
        for one in self.recipients:
            home = one.household if self.households else ""
            first = homes.get(home, one) if home else one
            if first.reach != one.reach:
                says = self.WORDS.household(first.name or first.shown, first.household)
                twice.append(left_out_of(one, says, "household"))
            elif why_not is not None and (out := why_not(one)) is not None:
                left_out.append(out)
            else:
                recipients.append(one)
                if home:
                    homes[home] = one
        return replace(self, recipients=tuple(recipients), left_out=tuple(left_out), twice=tuple(twice))


@dataclass(frozen=True)
class Audience(Gathered[Recipient]):
    """Who gets a text, and who not. waits: by number, from when on somebody can get it who can't now; closes:
    of recipients, until when. UTC. first_line: what is below the text to those to whom it is the first."""

    WORDS: ClassVar[Words] = Words(
        sentence("This contact has no phone number."),
        "no-phone",
        sentence("You chose this number more than once. It gets the text once."),
        sentence("Someone with the same number gets the text."),
        lambda name, household: sentence(
            "{name} gets the text for {household}.", name=name, household=household
        ),
    )

    waits: Mapping[str, datetime] = field(default_factory=dict)
    closes: Mapping[str, datetime] = field(default_factory=dict)
    first_line: FirstLine | None = None
    _grouped: dict[tuple[tuple[str, ...], bool], tuple[Variant, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def variants(self, fields: Sequence[str], body: str) -> tuple[Variant, ...]:
        """The recipients, grouped by what the size of a text with these merge fields depends on; remembered.

        Names of as many letters, all of them in the GSM basic alphabet, take the same room, and a long text
        is cut alike where their words are as long, so one stands for all: an estimate looks at some twenty
        variants where there are thousands of names. This doesn't hold for a body in which a combining
        character could join the last letter of a name; there each name counts for itself."""
        key = _grouping(fields, body)
        if key not in self._grouped:
            self._grouped[key] = self._group(*key)
        return self._grouped[key]

    def is_grouped(self, fields: Sequence[str], body: str) -> bool:
        """Whether `variants` has its answer already; otherwise it looks at every recipient."""
        return _grouping(fields, body) in self._grouped

    def _group(self, fields: tuple[str, ...], alike: bool) -> tuple[Variant, ...]:
        columns = [column(self.recipients, name) for name in ("region", *fields)]
        firsts = (recipient.first for recipient in self.recipients)
        groups: defaultdict[tuple[bool, tuple[str, ...]], Counter[str]] = defaultdict(Counter)
        for (region, *values, first), count in Counter(zip(*columns, firsts, strict=True)).items():
            groups[first, tuple(_room(value) if alike else value for value in values)][region] += count
        return tuple(
            Variant(dict(zip(fields, values, strict=True)), regions, first)
            for (first, values), regions in groups.items()
        )

    def line_below(self, body: str) -> str:
        """What is below a text for those to whom it is the first."""
        return self.first_line.below(body) if self.first_line else ""


def column(recipients: Iterable[Recipient], name: str) -> Iterator[str]:
    """What each has of one name: the region, or what a merge field takes."""
    if name == "region" or name in FIELDS:
        return map(attrgetter(name), recipients)
    return (recipient.own.get(name, "") for recipient in recipients)


def _grouping(fields: Sequence[str], body: str) -> tuple[tuple[str, ...], bool]:
    """What a grouping depends on: the fields, and whether names of the same room are alike in that body."""
    return tuple(fields), body.isascii() or not any(map(unicodedata.combining, body))


def _room(value: str) -> str:
    """What takes the same room as this value in any text: as many x, with the same spaces between them, where
    it has basic GSM characters only."""
    value = value.strip()  # as a template does
    if not only_basic(value) or "\n" in value:
        return value
    return " ".join("x" * len(word) for word in value.split(" ")) if " " in value else "x" * len(value)


def typed_numbers(typed: Iterable[str], region: str) -> tuple[list[Recipient], list[LeftOut], list[Problem]]:
    """Numbers as typed, read in a region where they have no country code: those that can be texted, those
    that can't and why, and what was dropped."""
    taken, left_out, notes = [], [], []
    for raw in typed:
        try:
            phone = phones.parse(raw, region)
        except PhoneRefused as refused:
            left_out.append(LeftOut(raw, refused.says, refused.code))
            continue
        taken.append(Recipient(phone.e164, phone.region))
        if phone.extension_dropped:
            says = sentence(
                "Texts can't reach an extension: the text to {number} goes to {phone}.",
                number=raw,
                phone=Phone(phone.e164),
            )
            notes.append(Problem("extension-dropped", says, blocking=False))
    return taken, left_out, notes


_EXCEPTED = sentence("You left them out.")

gather = Audience.gather


def left_out_of(recipient: Reached, why: Sentence, code: str) -> LeftOut:
    return LeftOut(recipient.name or recipient.to, why, code, recipient.to, recipient.contact)
