"""A SmartPlan that is edited: its rows, and where those who are on it go on, as `store.emails.editing` has
it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from store.clock import instant, micros
from store.database import Database
from store.emails.editing import Place, changes, goes_on, matched
from store.emails.ending import IS_ON
from store.emails.enrolling import Enrolling
from store.emails.model import Going, Step
from store.emails.plan_model import Edit
from store.emails.plan_reading import steps as read_steps
from store.emails.tables import Enrolment, SmartPlan
from store.emails.tables import Step as StepRow
from store.people.addressbook import AddressBook
from store.people.model import Contact


class _Moved(NamedTuple):
    """Somebody on a plan that is edited: their row, who they are, and the numbers of the steps that come next
    before and after, from 0."""

    row: Any
    contact: Contact | None
    before: int
    after: int


class Changing:
    """Within a connection; what changes something, within a transaction."""

    def __init__(self, database: Database, people: AddressBook, enrolling: Enrolling) -> None:
        self._database = database
        self._people = people
        self._enrolling = enrolling

    def look(self, plan_id: int, steps: Sequence[Step], now: datetime) -> Edit:
        """What it would do to give a plan these steps."""
        old = read_steps(self._database, plan_id)
        new = matched(old, steps)
        moved = self._moved(plan_id, old, new, now)
        return Edit(len(moved), changes(old, new, [(one.before, one.after) for one in moved]))

    def edit(self, plan_id: int, steps: Sequence[Step], now: datetime) -> None:
        """Gives a plan these steps. A step that is another one now is a row of its own: emails keep what they
        were made of. Nobody is put on it meanwhile, who would begin with a step that is gone."""
        mine = SmartPlan.select(SmartPlan.id).where(SmartPlan.id == plan_id)
        self._database.fetch(self._database.locking(mine))
        old = read_steps(self._database, plan_id)
        new = matched(old, steps)
        moved = self._moved(plan_id, old, new, now)
        by_id = {step.id: step for step in old}
        stay = {step.id for step in new if step.id and by_id[step.id] == step}
        gone = StepRow.update(place=None).where(StepRow.plan == plan_id, StepRow.place.is_null(False))
        self._database.run(gone)
        ids = []
        for place, step in enumerate(new):
            if step.id in stay:
                self._database.run(StepRow.update(place=place).where(StepRow.id == step.id))
            ids.append(step.id if step.id in stay else self._add(plan_id, place, step))
        for one in moved:
            self._put(one, new, ids, stay, now)

    def _put(
        self, one: _Moved, new: Sequence[Step], ids: Sequence[int], stay: set[int], now: datetime
    ) -> None:
        """Where somebody goes on. Who comes to the step that they would have come to, as it was, isn't
        moved."""
        row = one.row
        if one.after == len(new):
            self._enrolling.finish(row, one.contact, now)
        elif ids[one.after] != row.step_id:
            step = self._step(ids[one.after])
            due = self._enrolling.due(step, date.fromisoformat(row.started_on), row.shift, one.contact, now)
            values = {"step": step.id}
            if row.state == Going.GOING.value:
                values["next_at"] = micros(due)
            self._database.run(Enrolment.update(**values).where(Enrolment.id == row.id))

    def _moved(self, plan_id: int, old: Sequence[Step], new: Sequence[Step], now: datetime) -> list[_Moved]:
        at: Mapping[int, int] = {step.id: number for number, step in enumerate(old)}
        on = Enrolment.select().where(Enrolment.plan == plan_id, Enrolment.state.in_(IS_ON))
        rows = self._database.fetch(self._database.locking(on.order_by(Enrolment.id)))
        contacts = {contact.id: contact for contact in self._people.some(row.contact_id for row in rows)}
        found = []
        for row in rows:
            contact, before = contacts.get(row.contact_id), at[row.step_id]
            after = goes_on(old, new, Place(before, self._overdue(row, contact, now)))
            found.append(_Moved(row, contact, before, after))
        return found

    def _overdue(self, row: Any, contact: Contact | None, now: datetime) -> Any:
        started = date.fromisoformat(row.started_on)

        def overdue(step: Step) -> bool:
            return self._enrolling.due(step, started, row.shift, contact, instant(row.started_at)) < now

        return overdue

    def add_steps(self, plan_id: int, steps: Sequence[Step]) -> None:
        """The steps of a new plan."""
        for place, step in enumerate(steps):
            self._add(plan_id, place, step)

    def _add(self, plan_id: int, place: int, step: Step) -> int:
        about = {"days": step.days, "hour": step.hour, "subject": step.subject, "body": step.body}
        return int(
            self._database.run(StepRow.insert(plan=plan_id, place=place, kind=step.kind.value, **about))
        )

    def _step(self, id: int) -> Any:
        return self._database.first(StepRow.select().where(StepRow.id == id))
