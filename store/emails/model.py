"""What emails, campaigns and SmartPlans hand out: plain values. Days are local to the account's time zone;
instants are aware and in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from store.sentences import N_, Sentence


class StepKind(StrEnum):
    """What a step of a SmartPlan does. task: somebody of the team has something to do by hand."""

    EMAIL = "email"
    TEXT = "text"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a SmartPlan does for everybody who is on it. days: how many after the start it is due;
    subject: of an email; body: of an email or text, or what is to be done, all with merge fields. hour:
    "HH:MM" of the recipient's own day, "" as the day begins where the account is. id: of a step that is kept
    already, 0 of a new one."""

    days: int
    subject: str
    body: str
    kind: StepKind = StepKind.EMAIL
    hour: str = ""
    id: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class SmartPlan:
    """What is done for a contact one after another. steps: in the order in which they are due. group: whoever
    is put into this group is put on it from then on; then: the plan that whoever is through starts next; ""
    for none."""

    name: str
    steps: tuple[Step, ...]
    group: str = ""
    then: str = ""


class Status(StrEnum):
    """queued: waits for its time or its turn. waiting: paid for, and tried again since the mail server was
    out of reach. sending: being handed over. bounced: taken, and sent back. unknown: nobody knows whether it
    left; it is never sent again by itself."""

    QUEUED = "queued"
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    BOUNCED = "bounced"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class Going(StrEnum):
    """How somebody stands on a SmartPlan. replied, opted-out: why it ended; stopped: by a person."""

    GOING = "going"
    PAUSED = "paused"
    DONE = "done"
    STOPPED = "stopped"
    REPLIED = "replied"
    OPTED_OUT = "opted-out"


REASONS: Mapping[str, str] = {
    "no-credits": N_("No emails were left. It isn't sent later either."),
    "no-text-credits": N_("The account for texts had too few credits left. It isn't sent later either."),
    "no-texts-account": N_("No account sends this SmartPlan's texts."),
    "no-number": N_("This contact has no number that can be texted."),
    "text-refused": N_("It couldn't be texted: too long, or to nowhere that texts go."),
    "no-address": N_("This contact has no email address."),
    "opted-out": N_("They opted out."),
    "refused": N_("The mail server refused it."),
    "too-late": N_("The mail server was out of reach for three days. It isn't sent later either."),
    "no-answer": N_(
        "The mail server didn't answer, so nobody knows whether it left. It isn't sent again by itself."
    ),
    "interrupted": N_("Textmeter was stopped while it handed it over. It isn't sent again by itself."),
}
"""Why an email failed or isn't known, by the code that is kept with it."""


@dataclass(frozen=True, slots=True)
class Email:
    """An email on a contact's timeline. plan: its SmartPlan's name, "" for a campaign's; step: counted from
    1; reason: a key of REASONS, or ""."""

    id: int
    at: datetime
    plan: str
    step: int
    subject: str
    status: Status
    reason: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the emails that were due. trouble: why the mail server couldn't be reached, if so."""

    sent: int
    failed: int
    trouble: Sentence | None
