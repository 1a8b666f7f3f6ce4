"""Who a text goes to: typed numbers, contacts and groups become unique recipients. Pure."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from store.messages.model import LeftOut, Problem, Recipient, columns
from store.sentences import sentence
from store.texts import merge, phones
from store.texts.alphabet import only_basic
from store.texts.merge import Template
from store.texts.phones import PhoneRefused

MOST_RECIPIENTS = 100_000


class Variant(NamedTuple):
    """Recipients for whom a text takes the same number of segments. by_region: how many of them are where."""

    values: Mapping[str, str]
    by_region: Mapping[str, int]


@dataclass(frozen=True)
class Audience:
    """Who a text goes to, and who not.

    recipients: one a number. left_out: refused numbers and people without one. merged: how often a number
    came again. notes: what a person should know about the numbers that were taken.
    """

    recipients: tuple[Recipient, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    merged: int = 0
    notes: tuple[Problem, ...] = ()
    _grouped: dict[tuple[tuple[str, ...], bool], tuple[Variant, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @cached_property
    def own(self) -> frozenset[str]:
        """The names of the fields of their own that any of the recipients has."""
        stored = {recipient.own for recipient in self.recipients}
        return frozenset(name for own in stored if own for name in json.loads(own))

    def template(self, body: str) -> Template:
        """A text with these recipients' merge fields."""
        return merge.parse(body, self.own)

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
        groups: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for (region, *values), count in Counter(zip(*columns(self.recipients, fields), strict=True)).items():
            groups[tuple(_room(value) if alike else value for value in values)][region] += count
        return tuple(Variant(dict(zip(fields, key, strict=True)), regions) for key, regions in groups.items())


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
                "A text can't reach an extension: {number} goes to {phone}.", number=raw, phone=phone.e164
            )
            notes.append(Problem("extension-dropped", says, blocking=False))
    return taken, left_out, notes


def gather(
    numbers: Iterable[Recipient],
    people: Iterable[Recipient],
    left_out: Iterable[LeftOut] = (),
    notes: Iterable[Problem] = (),
) -> Audience:
    """Typed numbers and people from the address book, each phone once. A phone that comes as both is the
    person; people without one are left out."""
    unique: dict[str, Recipient] = {}
    total, missing = 0, []
    for recipient in numbers:
        unique[recipient.phone] = recipient
        total += 1
    for recipient in people:
        if recipient.phone:
            known = unique.setdefault(recipient.phone, recipient)
            if not known.name:
                unique[recipient.phone] = recipient
            total += 1
        else:
            missing.append(LeftOut(recipient.name, sentence("This contact has no phone number."), "no-phone"))
    audience = Audience(tuple(unique.values()), (*left_out, *missing), total - len(unique), tuple(notes))
    _ = audience.own  # found here, in a thread, since an estimate at a key has no time for it
    return audience
