"""What is handed out of scheduled texts: plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from store.messages.model import Purpose, Repeat, Waiting
from store.sentences import Sentence, sentence

MORE, CREDITS, NO_PLAN, MISSED, RESTORED = "more", "credits", "no-plan", "missed", "restored"
"""Why a text asks instead of leaving, beside the codes of what is wrong with it."""

_ASKS: Mapping[str, Sentence] = MappingProxyType(
    {
        MORE: sentence("This now costs more or goes to more people than you agreed to. Nothing was sent."),
        CREDITS: sentence("There aren't enough credits for this. Nothing was sent."),
        NO_PLAN: sentence("The account no longer has a plan. Nothing was sent."),
        MISSED: sentence("Textmeter wasn't running when this was due. Nothing was sent."),
        RESTORED: sentence(
            "This was due after the backup was made, so it may have been sent already. Nothing "
            "was sent again."
        ),
    }
)
_WRONG = sentence("The text or its recipients need fixing. Nothing was sent.")


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A text that leaves later. blast_id: of the time that comes next. body: with its merge fields in place.
    at: when that begins, each_at, repeat, later, withdraws: as in `model.When`. next_at: when the next of it
    leaves, or was to leave. people, credits: that are still to come of it; held: whether the credits are
    held, or only estimated. code: why it asks, "" where it doesn't. person: who scheduled it, by name."""

    id: int
    blast_id: int
    account_id: int
    body: str
    purpose: Purpose
    at: datetime
    each_at: str
    repeat: Repeat
    later: bool
    withdraws: bool
    next_at: datetime
    people: int
    credits: int
    held: bool
    state: Waiting
    code: str
    person: str

    @property
    def asks(self) -> Sentence | None:
        """What a person has to decide about, None where it leaves by itself."""
        return _ASKS.get(self.code, _WRONG) if self.code else None
