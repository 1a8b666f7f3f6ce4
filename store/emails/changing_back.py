"""An edit of a SmartPlan, taken back: the plan has the rows of its former steps again, so that it is known
who has had which, and everybody stands where they stood or goes on behind what they have had. Who came to the
end of it meanwhile is through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from store.clock import micros
from store.database import Database
from store.emails.changing import Changing
from store.emails.editing import goes_back
from store.emails.enrolling import Enrolling
from store.emails.model import Going
from store.emails.plan_model import Edited, Waited
from store.emails.plan_reading import steps as read_steps
from store.emails.tables import Email, Enrolment, StepText
from store.errors import changed_since
from store.people.model import Contact
from store.people.task_tables import Task

DID = Email, StepText, Task
"""What steps leave behind, each once for everybody who is on a plan."""


class ChangingBack:
    """Of one edit, within a transaction. now: by the account's clock."""

    def __init__(
        self, database: Database, changing: Changing, enrolling: Enrolling, edited: Edited, now: datetime
    ) -> None:
        self._database = database
        self._changing = changing
        self._enrolling = enrolling
        self._edited = edited
        self._now = now
        self._moved: Mapping[int, Waited] = {one.id: one for one in edited.moved}
        self._put_in = {step.id for step in edited.before} - set(edited.instead.values())
        """The steps that weren't there since the edit."""

    def take_back(self) -> None:
        """Raises RefusedByRule where the plan's steps are others by now."""
        edited = self._edited
        self._changing.lock(edited.plan)
        steps = read_steps(self._database, edited.plan)
        if [(one, one.id) for one in steps] != [(one, one.id) for one in edited.after]:
            raise changed_since()
        on_it = self._changing.on_it(edited.plan)
        self._changing.clear(edited.plan)
        for place, step in enumerate(edited.before):
            self._changing.place(step.id, place)
        had = self._had()
        for row, contact in on_it:
            self._put(row, contact, had[row.id])
        for waited in edited.moved:
            if waited.now is None:
                self._begin_again(waited)

    def _had(self) -> defaultdict[int, set[int]]:
        """Of the steps that are put in again, those that each has had, by the ids of their being on it."""
        found: defaultdict[int, set[int]] = defaultdict(set)
        for kind in DID:
            rows = kind.select(kind.enrolment, kind.step).where(kind.step.in_(sorted(self._put_in)))
            for enrolment, step in self._database.fetch(rows):
                found[enrolment].add(step)
        return found

    def _put(self, row: Any, contact: Contact | None, had: set[int]) -> None:
        """Where somebody who is on the plan goes on."""
        edited, waited = self._edited, self._moved.get(row.id)
        if waited is not None and waited.now == row.step_id:
            self._put_back(row, contact, waited)
            return
        at = next(number for number, step in enumerate(edited.after) if step.id == row.step_id)
        behind = had | {edited.instead[step.id] for step in edited.after[:at] if step.id in edited.instead}
        overdue = self._changing.overdue(row, contact, self._now)
        next_one = goes_back(edited.before, behind, self._put_in, overdue)
        if next_one == len(edited.before):
            self._enrolling.finish(row, contact, self._now)
        elif (to := edited.before[next_one].id) != row.step_id:
            self._changing.move(row, to, contact, self._now)

    def _put_back(self, row: Any, contact: Contact | None, waited: Waited) -> None:
        """Somebody who hasn't gone on since stands where they stood, until the same instant."""
        is_as_it_was = (row.state, row.shift) == (waited.state, waited.shift)
        if not is_as_it_was:  # paused, or resumed
            self._changing.move(row, waited.step, contact, self._now)
            return
        stands = Enrolment.update(step=waited.step, next_at=waited.next_at)
        self._database.run(stands.where(Enrolment.id == row.id))

    def _begin_again(self, waited: Waited) -> None:
        """Somebody who was through by the edit is on the plan again, and on the one that follows only if that
        has done something for them, or they were put on either since: then all stays so."""
        row = self._database.first(Enrolment.select().where(Enrolment.id == waited.id))
        if row is None or row.state != Going.DONE.value or self._is_later_run(row):
            return
        if (following := self._following(row)) is not None:
            if self._has_done_something(following):
                return
            self._database.run(Enrolment.delete().where(Enrolment.id == following))
        back = Enrolment.update(state=waited.state, step=waited.step, next_at=waited.next_at)
        self._database.run(back.where(Enrolment.id == waited.id))

    def _is_later_run(self, row: Any) -> bool:
        later = Enrolment.select(Enrolment.id).where(
            Enrolment.plan == self._edited.plan,
            Enrolment.contact_id == row.contact_id,
            Enrolment.run > row.run,
        )
        return self._database.scalar(later) is not None

    def _following(self, row: Any) -> int | None:
        """By which somebody is on the plan that follows since the edit."""
        begun = Enrolment.select(Enrolment.id).where(
            Enrolment.plan == self._edited.then,
            Enrolment.contact_id == row.contact_id,
            Enrolment.started_at == micros(self._edited.at),
        )
        found: int | None = self._database.scalar(begun)
        return found

    def _has_done_something(self, enrolment: int) -> bool:
        did = (kind.select(kind.id).where(kind.enrolment == enrolment).limit(1) for kind in DID)
        return any(self._database.scalar(one) is not None for one in did)
