"""What SmartPlans hand out beside their steps: plain values. Days are local to the account's time zone;
instants are aware and in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from store.emails.editing import StepChange
from store.emails.model import Going, SmartPlan, Status, Step


@dataclass(frozen=True, slots=True)
class Started:
    """plan: its id; people: how many were put on it; left_out: how many of those meant were not, by why:
    "on-it" (now or before), "no-address" (none of its steps reaches them), "opted-out"."""

    plan: int
    people: int
    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Next:
    """What a SmartPlan does next. at: when first; step: its number, from 1; people: for how many on that
    day."""

    at: datetime
    step: int
    people: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a SmartPlan is. steps: how many it has; people: how many were ever put on it; going: how many
    of them have steps to come; emails: how many of its emails have each status; failed: how many of its texts
    weren't sent. next: None where nothing comes, or while it is paused."""

    id: int
    name: str
    steps: int
    people: int
    going: int
    next: Next | None
    paused_on: date | None
    emails: Mapping[Status, int]
    failed: int


@dataclass(frozen=True, slots=True)
class StepStanding:
    """Where people stand at a step. waiting: for whom it comes next; done: for how many it was done: an email
    or text left, or is on its way, a task was ticked; failed: for whom it failed, or nobody knows; open:
    tasks that wait to be done."""

    step: Step
    waiting: int
    done: int
    failed: int
    open: int


@dataclass(frozen=True, slots=True)
class PlanPage:
    """A SmartPlan, whole. then_plan: the id of the one that follows, None for none; texts_account: whose
    texts its texts are, None where it has none. people: how many stand in each state."""

    standing: Standing
    plan: SmartPlan
    steps: tuple[StepStanding, ...]
    people: Mapping[Going, int]
    then_plan: int | None
    texts_account: int | None


@dataclass(frozen=True, slots=True)
class OnPlan:
    """Somebody on a SmartPlan. id: of their being on it; step: the number of the one that comes next, or at
    which it ended, 0 where they are through; at: when it is due. failed: how many of its steps failed for
    them; reason: why the last of these did, a key of `model.REASONS`."""

    id: int
    contact_id: int
    name: str
    run: int
    state: Going
    step: int
    at: datetime | None
    failed: int
    reason: str


@dataclass(frozen=True, slots=True)
class Edit:
    """What an edit of a SmartPlan does. people: how many are on it."""

    people: int
    changes: tuple[StepChange, ...]


class Waited(NamedTuple):
    """Somebody whom an edit moved to another step. id: of their being on the plan. state, step (its id),
    next_at and shift: as they stood before. now: the id of the step to which they came, None where they were
    through."""

    id: int
    state: str
    step: int
    next_at: int | None
    shift: int
    now: int | None


@dataclass(frozen=True, slots=True)
class Edited:
    """An edit of a SmartPlan that was made, by which it is taken back. edit: what it did; at: when, by the
    account's clock. before, after: the plan's steps. instead: by the ids of those that it has now, of which
    one each is or took the place. then: the plan that whoever was through by it went on with."""

    plan: int
    edit: Edit
    at: datetime
    before: tuple[Step, ...]
    after: tuple[Step, ...]
    instead: Mapping[int, int]
    moved: tuple[Waited, ...]
    then: int | None


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of the steps that were due: emails and texts that wait to leave, tasks that are there now,
    and how many failed; ended: for how many a plan ended, since they answered or opted out."""

    emails: int = 0
    texts: int = 0
    tasks: int = 0
    failed: int = 0
    ended: int = 0

    def __add__(self, other: Ran) -> Ran:
        return Ran(
            self.emails + other.emails,
            self.texts + other.texts,
            self.tasks + other.tasks,
            self.failed + other.failed,
            self.ended + other.ended,
        )
