"""Who carries a text: one module a provider, imported by name when it is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import NamedTuple, Protocol, TypeAlias, cast

from store.messages.model import Status
from store.sentences import N_, Sentence, sentence

REASONS: Mapping[str, str] = {
    "no-such-number": N_("This number doesn't exist or can't receive texts."),
    "unreachable": N_("The phone was off or out of reach for too long."),
    "blocked": N_("The carrier or the person blocks texts from this number."),
    "no-answer": N_(
        "The provider didn't answer, so nobody knows whether this text left. It isn't sent again by itself."
    ),
    "raised": N_(
        "Handing this text over ended in an error ({kind}), so nobody knows whether it left. "
        "It isn't sent again by itself."
    ),
    "interrupted": N_("Textmeter was stopped while it handed this text over. It isn't sent again by itself."),
    "restored": N_(
        "This text waited in a backup that was put back, and may have left since. It isn't sent by itself."
    ),
    "not-left": N_("This text never left, as a person found out."),
    "no-receipt": N_("No receipt came within three days, so this text counts as delivered."),
    "opted-out": N_("Opted out before this text left. It wasn't sent, and its credits came back."),
    "too-late": N_("This text wasn't handed over in time. It never left, and its credits came back."),
    "left-after-all": N_(
        "The provider took this text, as it said after a person had found out that it never left. "
        "Its credits came back all the same."
    ),
    "refused-after-all": N_(
        "The provider refused this text, as it said after a person had found out that it left. "
        "It was paid for all the same."
    ),
    "other": N_("The provider gave no reason."),
}
"""Why a message failed, wasn't delivered or isn't known, by the code that is kept with it. {kind}: what
follows the code after a colon."""


def why(reason: str) -> Sentence:
    """In words, the reason that is kept with a message."""
    code, _, kind = reason.partition(":")
    return sentence(REASONS.get(code, REASONS["other"]), kind=kind)


class Picture(NamedTuple):
    """A picture of an MMS. type: its media type, such as image/jpeg."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One text to be handed to a provider. id: the message's; to: E.164; body: rendered."""

    id: int
    to: str
    body: str
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the text. id: the provider's own for it."""

    id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider said no before anything left. reason: a key of REASONS."""

    reason: str


@dataclass(frozen=True, slots=True)
class Throttled:
    """The provider looked at nothing, because too much comes at once (HTTP 429) or it can't be reached: safe
    to try again. seconds: how long it asks to be left alone."""

    seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The text was on its way and no answer came: nobody knows whether it left. kind: of the error that came
    in its place, "" where none did."""

    kind: str = ""


Outcome: TypeAlias = Accepted | Refused | Throttled | NoAnswer


class Sent(NamedTuple):
    """An accepted message of which the end isn't known yet. id: the message's; sent_at: UTC, as long ago as
    it is by the account's clock where that was set ahead meanwhile."""

    id: int
    provider_id: str
    to: str
    sent_at: datetime


class Receipt(NamedTuple):
    """How a message ended. status: DELIVERED or UNDELIVERED; reason: a key of REASONS, or "" when
    delivered."""

    id: int
    status: Status
    reason: str = ""


class Provider(Protocol):
    """Carries texts. Called from the delivery worker's thread only.

    May block for less than half of `outbox.LEASE`: the other half may be over when a text is handed over.
    What is answered later still counts, but by then others may have taken the text for unknown. An exception
    is taken for no answer.
    """

    def send(self, outgoing: Outgoing) -> Outcome:
        """Hands one text over."""

    def lookup(self, to: str, body: str, since: datetime) -> str | None:
        """The provider's id of a text to this number with this body, accepted since then; None where it can't
        tell."""

    def receipts(self, sent: Sequence[Sent], now: datetime) -> list[Receipt]:
        """The receipts that have come in for these messages, one at most for each. It is asked again about
        the others, for `pauses.GIVEN_UP_AFTER`, less and less often."""


def load(name: str) -> Provider:
    """The provider of that name, ready for use: `providers/<name>.py` has a `connect()` that makes it."""
    return cast(Provider, import_module(f"{__name__}.{name}").connect())
