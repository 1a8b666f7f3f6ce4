"""Who an email goes to: typed addresses, contacts and groups become unique recipients. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType

from store.emails.model import EmailRecipient
from store.mail import composing
from store.messages.model import LeftOut, Problem
from store.sentences import Sentence, sentence
from store.texts.merge import FIELDS, Field, Template

MOST_RECIPIENTS = 100_000

_NO_ADDRESS = sentence("This contact has no email address.")
_IS_NONE = sentence("This isn't an email address.")
_EXCEPTED = sentence("You left them out.")
_TWICE = sentence("This address was chosen more than once and gets the email once.")
_SHARED = sentence("Someone with the same address gets the email.")


@dataclass(frozen=True)
class EmailAudience:
    """Who an email goes to, and who not.

    recipients: one an address. refused: addresses that are none, and people without one. left_out: who could
    be emailed and gets nothing: opted out, bounced, or taken out by hand. twice: those who were chosen again,
    or whose address or household gets it already. notes: what a person should know about whom was chosen.
    fields: the names of the merge fields that there are. households: whether the recipients are one a
    household.
    """

    recipients: tuple[EmailRecipient, ...] = ()
    refused: tuple[LeftOut, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    twice: tuple[LeftOut, ...] = ()
    notes: tuple[Problem, ...] = ()
    fields: tuple[str, ...] = FIELDS
    households: bool = False
    _lacking: dict[tuple[str, ...], int] = field(default_factory=dict, repr=False, compare=False)

    @property
    def without(self) -> tuple[LeftOut, ...]:
        """Those who were chosen and get nothing; who was chosen twice gets it once."""
        return (*self.refused, *self.left_out)

    def missing(self, template: Template) -> dict[str, int]:
        """How many recipients lack what a template's fields take, where they have no fallback; none left out.
        Remembered, so that an estimate looks at all of them once for each field."""
        bare = dict.fromkeys(
            part.name for part in template.parts if isinstance(part, Field) and part.fallback is None
        )
        counts = {name: self._without((name,)) for name in bare}
        return {name: count for name, count in counts.items() if count}

    def nothing_left(self, template: Template) -> int:
        """For how many a template is empty once its fields are filled in."""
        for part in template.parts:
            words = part if isinstance(part, str) else part.fallback or ""
            if words.strip():
                return 0
        return self._without(template.fields)

    def _without(self, fields: tuple[str, ...]) -> int:
        """How many recipients have none of these."""
        if fields not in self._lacking:
            self._lacking[fields] = sum(
                not any(_value(recipient, name).strip() for name in fields) for recipient in self.recipients
            )
        return self._lacking[fields]


def _value(recipient: EmailRecipient, name: str) -> str:
    value: str = getattr(recipient, name) if name in FIELDS else recipient.own.get(name, "")
    return value


def typed_addresses(typed: Iterable[str]) -> tuple[list[EmailRecipient], list[LeftOut]]:
    """Addresses as typed: those that can be written to, and those that can't."""
    taken, refused = [], []
    for raw in typed:
        try:
            taken.append(EmailRecipient(composing.address(raw.strip())))
        except ValueError:
            refused.append(LeftOut(raw, _IS_NONE, "no-email"))
    return taken, refused


def gather(
    typed: Iterable[EmailRecipient],
    people: Iterable[EmailRecipient],
    refused: Iterable[LeftOut] = (),
    notes: Iterable[Problem] = (),
    *,
    excepted: Container[str] = frozenset(),
    out: Mapping[str, tuple[Sentence, str]] = MappingProxyType({}),
    household: bool = False,
    fields: Sequence[str] = FIELDS,
) -> EmailAudience:
    """Typed addresses and people from the address book, each address once, whatever its case. One that comes
    as both is the person; of people who share one, the first is meant. People without one are refused.

    excepted: addresses, in small letters, that get nothing; out: likewise, why and its code. household: of
    those who live together, the first who may be emailed gets it. fields: the names of all merge fields.
    """
    unique: dict[str, EmailRecipient] = {}
    missing, twice, left_out = [], [], []
    for recipient in chain(typed, people):
        if not recipient.address:
            missing.append(LeftOut(recipient.name, _NO_ADDRESS, "no-address", contact=recipient.contact))
            continue
        key = recipient.address.lower()
        known = unique.get(key)
        if known is None:
            unique[key] = recipient
            continue
        if not known.name and recipient.name:
            unique[key], recipient = recipient, known
        other = recipient.contact not in (0, unique[key].contact)
        twice.append(_not(recipient, _SHARED if other else _TWICE, "duplicate"))
    for key in [key for key in unique if key in out or key in excepted]:
        why, code = out.get(key) or (_EXCEPTED, "excepted")
        left_out.append(_not(unique.pop(key), why, code))
    if household:
        homes = dict[str, EmailRecipient]()
        for key, recipient in list(unique.items()):
            if recipient.household:
                first = homes.setdefault(recipient.household, recipient)
                if first is not recipient:
                    twice.append(_not(unique.pop(key), _in_the_household(first), "household"))
    return EmailAudience(
        tuple(unique.values()),
        (*refused, *missing),
        tuple(left_out),
        tuple(twice),
        tuple(notes),
        tuple(fields),
        household,
    )


def _in_the_household(first: EmailRecipient) -> Sentence:
    return sentence(
        "{name} gets the email for {household}.",
        name=first.name or first.address,
        household=first.household,
    )


def _not(recipient: EmailRecipient, why: Sentence, code: str) -> LeftOut:
    return LeftOut(recipient.name or recipient.address, why, code, recipient.address, recipient.contact)
