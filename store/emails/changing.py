"""A SmartPlan that is edited: its rows, and where those who are on it go on, as `store.emails.editing` has
it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from store.clock import instant, micros
from store.database import Database
from store.emails.editing import Place, changes, goes_on, matched
from store.emails.ending import IS_ON
from store.emails.enrolling import Enrolling
from store.emails.model import Going, Step
from store.emails.plan_model import Edit, Edited, Waited
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

    def edit(self, plan_id: int, steps: Sequence[Step], now: datetime) -> Edited:
        """Gives a plan these steps. A step that is another one now is a row of its own: emails keep what they
        were made of. Nobody is put on it meanwhile, who would begin with a step that is gone."""
        self.lock(plan_id)
        old = read_steps(self._database, plan_id)
        new = matched(old, steps)
        moved = self._moved(plan_id, old, new, now)
        by_id = {step.id: step for step in old}
        stay = {step.id for step in new if step.id and by_id[step.id] == step}
        self.clear(plan_id)
        ids = []
        for place, step in enumerate(new):
            if step.id in stay:
                self.place(step.id, place)
            ids.append(step.id if step.id in stay else self._add(plan_id, place, step))
        waited = [self._put(one, new, ids, now) for one in moved]
        return Edited(
            plan=plan_id,
            edit=Edit(len(moved), changes(old, new, [(one.before, one.after) for one in moved])),
            at=now,
            before=old,
            after=tuple(replace(step, id=id) for id, step in zip(ids, new, strict=True)),
            instead={id: step.id for id, step in zip(ids, new, strict=True) if step.id},
            moved=tuple(one for one in waited if one is not None),
            then=self._enrolling.plan(plan_id).then_plan,
        )

    def _put(self, one: _Moved, new: Sequence[Step], ids: Sequence[int], now: datetime) -> Waited | None:
        """Where somebody goes on. Who comes to the step that they would have come to, as it was, isn't
        moved."""
        row = one.row
        to = ids[one.after] if one.after < len(new) else None
        if to == row.step_id:
            return None
        if to is None:
            self._enrolling.finish(row, one.contact, now)
        else:
            self.move(row, to, one.contact, now)
        return Waited(row.id, row.state, row.step_id, row.next_at, row.shift, to)

    def _moved(self, plan_id: int, old: Sequence[Step], new: Sequence[Step], now: datetime) -> list[_Moved]:
        at: Mapping[int, int] = {step.id: number for number, step in enumerate(old)}
        found = []
        for row, contact in self.on_it(plan_id):
            before = at[row.step_id]
            after = goes_on(old, new, Place(before, self.overdue(row, contact, now)))
            found.append(_Moved(row, contact, before, after))
        return found

    def add_steps(self, plan_id: int, steps: Sequence[Step]) -> None:
        """The steps of a new plan."""
        for place, step in enumerate(steps):
            self._add(plan_id, place, step)

    def _add(self, plan_id: int, place: int, step: Step) -> int:
        about = {"days": step.days, "hour": step.hour, "subject": step.subject, "body": step.body}
        return int(
            self._database.run(StepRow.insert(plan=plan_id, place=place, kind=step.kind.value, **about))
        )

    # What taking an edit back needs, too

    def lock(self, plan_id: int) -> None:
        """Nobody is put on the plan, or edits it, before the transaction ends."""
        mine = SmartPlan.select(SmartPlan.id).where(SmartPlan.id == plan_id)
        self._database.fetch(self._database.locking(mine))

    def clear(self, plan_id: int) -> None:
        """No step is of the plan any more; `place` says of which that isn't so."""
        gone = StepRow.update(place=None).where(StepRow.plan == plan_id, StepRow.place.is_null(False))
        self._database.run(gone)

    def place(self, step_id: int, place: int) -> None:
        """Puts a step, whose row is there, into its place, from 0."""
        self._database.run(StepRow.update(place=place).where(StepRow.id == step_id))

    def on_it(self, plan_id: int) -> list[tuple[Any, Contact | None]]:
        """The rows of those who are on a plan still, locked, and who they are."""
        on = Enrolment.select().where(Enrolment.plan == plan_id, Enrolment.state.in_(IS_ON))
        rows = self._database.fetch(self._database.locking(on.order_by(Enrolment.id)))
        contacts = {contact.id: contact for contact in self._people.some(row.contact_id for row in rows)}
        return [(row, contacts.get(row.contact_id)) for row in rows]

    def overdue(self, row: Any, contact: Contact | None, now: datetime) -> Callable[[Step], bool]:
        """Whether a step with its days and hour would have been due to somebody before now."""
        started = date.fromisoformat(row.started_on)

        def overdue(step: Step) -> bool:
            return self._enrolling.due(step, started, row.shift, contact, instant(row.started_at)) < now

        return overdue

    def move(self, row: Any, to: int, contact: Contact | None, now: datetime) -> None:
        """Has somebody go on with a step, by its id."""
        step = self._database.first(StepRow.select().where(StepRow.id == to))
        values = {"step": to}
        if row.state == Going.GOING.value:
            due = self._enrolling.due(step, date.fromisoformat(row.started_on), row.shift, contact, now)
            values["next_at"] = micros(due)
        self._database.run(Enrolment.update(**values).where(Enrolment.id == row.id))
