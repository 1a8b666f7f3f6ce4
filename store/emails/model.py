"""What emails, campaigns and SmartPlans hand out: plain values. Days are local to the account's time zone;
instants are aware and in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from store.messages.model import LeftOut, Problem, Purpose
from store.people.names import full_name
from store.people.zones import Whereabouts, whereabouts
from store.sentences import N_, Sentence
from store.texts import merge

_NONE: Mapping[str, str] = MappingProxyType({})


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
    for none. purpose: what its texts and emails are for, marketing where nobody says; None: as it stands."""

    name: str
    steps: tuple[Step, ...]
    group: str = ""
    then: str = ""
    purpose: Purpose | None = None


class Status(StrEnum):
    """queued: waits for its time or its turn. service: a service is to send it. waiting: paid for, and tried
    again since the mail server was out of reach. sending: being handed over. bounced: taken, and sent back.
    unknown: nobody knows whether it left; it is never sent again by itself."""

    QUEUED = "queued"
    SERVICE = "at-service"
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    BOUNCED = "bounced"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


COUNTS = "own"
"""The service whose emails count against the month's."""

SERVICES = (COUNTS, "mailchimp")
"""Who may send a campaign."""

WAITS = Status.QUEUED, Status.SERVICE, Status.WAITING
"""How an email stands that hasn't left."""

LEFT = Status.SENDING, Status.SENT, Status.BOUNCED, Status.UNKNOWN
"""How an email stands that has left, or may have."""

TROUBLE = Status.FAILED, Status.BOUNCED, Status.UNKNOWN
"""How an email stands that somebody may want to look at, the worst first."""


class Going(StrEnum):
    """How somebody stands on a SmartPlan. replied, opted-out, bounced: why it ended; stopped: by a person."""

    GOING = "going"
    PAUSED = "paused"
    DONE = "done"
    STOPPED = "stopped"
    REPLIED = "replied"
    OPTED_OUT = "opted-out"
    BOUNCED = "bounced"


REASONS: Mapping[str, str] = {
    "no-credits": N_("No emails were left. It won't be sent later."),
    "no-text-credits": N_("The text account didn't have enough credits. It won't be sent later."),
    "no-texts-account": N_("No account sends this SmartPlan's texts."),
    "no-consent": N_("They never said yes, and this account requires that for marketing."),
    "texted-lately": N_("They were texted recently and hadn't written since."),
    "emailed-lately": N_("They got a marketing email recently and hadn't written since."),
    "quiet-hours": N_("It was quiet hours there."),
    "no-number": N_("This contact has no number that can receive texts."),
    "text-refused": N_("It couldn't be texted: it is too long, or texts don't go there."),
    "no-address": N_("This contact has no email address."),
    "opted-out": N_("They opted out."),
    "refused": N_("The mail server refused it."),
    "bounced": N_("Their mail server couldn't deliver it."),
    "too-late": N_("The mail server couldn't be reached for three days. It won't be sent later."),
    "no-answer": N_(
        "The mail server didn't answer, so it may or may not have been sent. It isn't sent "
        "again automatically."
    ),
    "interrupted": N_("Textmeter stopped while sending it. It isn't sent again automatically."),
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
    """What became of the emails that were due. trouble: why the mail server couldn't be reached, if so. more:
    whether the time was over before all had left."""

    sent: int
    failed: int
    trouble: Sentence | None
    more: bool = False


class EmailRecipient(NamedTuple):
    """One person to be emailed. address: as it is written; the rest may be empty. contact: an id, 0 for
    somebody who isn't in the address book. household: by which those are known who live together. own: the
    values of fields that not everybody has, by their names. zone: IANA name; phone: E.164, by which the zone
    is guessed where there is none; region: the phone's, ISO 3166-1; postal: their postal address."""

    address: str
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    contact: int = 0
    household: str = ""
    own: Mapping[str, str] = _NONE
    zone: str = ""
    phone: str = ""
    region: str = ""
    postal: str = ""

    @property
    def to(self) -> str:
        return self.address

    @property
    def reach(self) -> str:
        """The address, whatever its case."""
        return self.address.lower()

    @property
    def shown(self) -> str:
        return self.address

    def where(self, home: str) -> Whereabouts:
        """Where they may be. home: the account's zone."""
        return whereabouts(self.zone, self.postal, self.phone, self.region, home)

    @property
    def name(self) -> str:
        """The full name, or the company, or "" where neither is known."""
        return full_name(self.first_name, self.last_name, self.company)

    @property
    def values(self) -> Mapping[str, str]:
        """What the merge fields may take."""
        return {**self.own, **{field: getattr(self, field) for field in merge.FIELDS}}


@dataclass(frozen=True, slots=True)
class EmailEstimate:
    """What an email will take, and what is wrong with it. purpose: what it is for. recipients: how many get
    it; sends: how many emails of the month's that takes, 0 where they don't count or leave after the renewal.
    left: what the month still allows; available_after: after this one, negative where there are too few.
    later: the renewal's day, where it leaves after that; else None. crosses: the highest threshold (percent)
    that this would newly reach, or 0. size: bytes of the largest one, attachments included, about.

    problems: all that a person should know; warnings: those of them that are about the words, the fields and
    the files. refused: who can't be reached; left_out: who could be, and gets nothing, or nothing more."""

    recipients: int
    sends: int
    left: int
    available_after: int
    later: date | None
    crosses: int
    size: int
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    refused: tuple[LeftOut, ...]
    left_out: tuple[LeftOut, ...]
    purpose: Purpose = Purpose.CONVERSATION

    @property
    def advice(self) -> tuple[Problem, ...]:
        """The problems that lie elsewhere."""
        return tuple(problem for problem in self.problems if problem not in self.warnings)

    @property
    def sendable(self) -> bool:
        return not any(problem.blocking for problem in self.problems)


class Written(NamedTuple):
    """An email as somebody gets it. body: plain text, which is Markdown; html: the same as a page."""

    subject: str
    body: str
    html: str


class Attached(NamedTuple):
    """A file of a campaign. size: bytes."""

    name: str
    type: str
    size: int


@dataclass(frozen=True, slots=True)
class CampaignSummary:
    """A campaign in the list of them. at: when the first of its emails leaves, or left, by the account's
    clock; each_at: "HH:MM" of each recipient's own day, or "". person: who sent it. counts: its emails by
    status (only those that occur). purpose: what it is for; why: the reason that was given. left_out: who
    didn't get it, as `Emails.send` tells it once."""

    id: int
    created_at: datetime
    at: datetime
    each_at: str
    subject: str
    body: str
    sender: str
    service: str
    recipients: int
    cancelled: bool
    person: str
    files: tuple[Attached, ...]
    counts: Mapping[Status, int]
    purpose: Purpose = Purpose.NOTICE
    why: str = ""
    left_out: tuple[LeftOut, ...] = ()

    @property
    def sends(self) -> int:
        """How many emails of the month's it takes, as far as is known."""
        if self.service != COUNTS:
            return 0
        free = self.counts.get(Status.FAILED, 0) + self.counts.get(Status.CANCELLED, 0)
        return self.recipients - free

    @property
    def waits(self) -> int:
        """How many of its emails have not left yet, and may be cancelled."""
        return sum(self.counts.get(status, 0) for status in WAITS)

    @property
    def missed(self) -> int:
        """How many of its emails didn't arrive, as far as is known, or may not have."""
        return sum(self.counts.get(status, 0) for status in TROUBLE)


class CampaignAsSent(NamedTuple):
    """A campaign in a line. to: the name or address of the only recipient, "" where there are several.
    subject: as the first of them got it."""

    to: str
    subject: str


class Emailed(NamedTuple):
    """What became of a campaign's email to one person. to: the address; name: "" where none is known;
    contact: an id, 0 for somebody who isn't in the address book. at: from when it leaves, or left; reason: a
    key of REASONS, or ""."""

    id: int
    to: str
    name: str
    contact: int
    status: Status
    reason: str
    at: datetime
