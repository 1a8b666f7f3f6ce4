"""Who an email goes to: typed addresses, contacts and groups become unique recipients. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from store.emails.model import EmailRecipient
from store.mail import composing
from store.messages.audience import Gathered, Words
from store.messages.model import LeftOut
from store.sentences import sentence
from store.texts.merge import FIELDS, Field, Template

MOST_RECIPIENTS = 100_000

_IS_NONE = sentence("This isn't an email address.")


@dataclass(frozen=True)
class EmailAudience(Gathered[EmailRecipient]):
    """Who gets an email, and who not."""

    WORDS: ClassVar[Words] = Words(
        sentence("This contact has no email address."),
        "no-address",
        sentence("You chose this address more than once. It gets the email once."),
        sentence("Someone with the same address gets the email."),
        lambda name, household: sentence(
            "{name} gets the email for {household}.", name=name, household=household
        ),
    )

    _lacking: dict[tuple[str, ...], int] = field(default_factory=dict, repr=False, compare=False)

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
