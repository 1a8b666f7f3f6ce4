"""What is to be done about contacts, and on which day."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from store.clock import instant, micros
from store.database import Database, Table, unit_of_work
from store.errors import changed_since
from store.people import task_tables
from store.people.finding import Finding
from store.people.model import Contact
from store.roles import Role

_Task = task_tables.Task


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done about a contact. name: theirs, or what else they are known by. done_at: None while
    it is to be done; done_by: who ticked it, "" for whoever runs Textmeter on a machine of their own."""

    id: int
    contact_id: int
    name: str
    text: str
    due_at: datetime
    done_at: datetime | None
    done_by: str


class Tasks:
    """Methods may be called from any thread. present: the time by an account's clock."""

    TABLES: ClassVar[Sequence[type[Table]]] = task_tables.TABLES

    def __init__(self, database: Database, people: Finding, present: Callable[[int], datetime]) -> None:
        self._database = database
        self._people = people
        self._present = present

    def tasks(
        self, account_id: int, until: datetime, *, done_since: datetime | None = None, limit: int = 100
    ) -> list[Task]:
        """What is due up to an instant and not done yet, and what was done from another one on, in the order
        in which it was due. Nothing about contacts who are gone."""
        due = _Task.select().where(
            _Task.account_id == account_id, _Task.done_at.is_null(), _Task.due_at <= micros(until)
        )
        with self._database.connection():
            rows = self._database.fetch(due.order_by(_Task.due_at, _Task.id).limit(limit))
            if done_since is not None:
                since = _Task.account_id == account_id, _Task.done_at >= micros(done_since)
                done = _Task.select().where(*since).order_by(_Task.done_at.desc()).limit(limit)
                rows = sorted(rows + self._database.fetch(done), key=lambda row: (row.due_at, row.id))
            contacts = self._contacts({row.contact_id for row in rows})
            named = [(row, contacts.get(row.contact_id)) for row in rows]
        return [task_of(row, contact) for row, contact in named if contact is not None]

    @unit_of_work(Role.SENDER)
    def add(
        self,
        account_id: int,
        contact_id: int,
        text: str,
        due_at: datetime,
        *,
        enrolment: int | None = None,
        step: int | None = None,
    ) -> None:
        """Adds a task. enrolment, step: of the SmartPlan that it comes from, which adds each once."""
        added = _Task.insert(
            account_id=account_id,
            contact_id=contact_id,
            enrolment=enrolment,
            step=step,
            text=text,
            due_at=micros(due_at),
        )
        self._database.run(added.on_conflict_ignore())

    @unit_of_work(Role.SENDER)
    def tick(self, task_id: int) -> None:
        """Notes that a task is done, now; by whom first, where two say so."""
        with self._database.transaction():
            account = self._database.scalar(_Task.select(_Task.account_id).where(_Task.id == task_id))
            if account is not None:
                done = {_Task.done_at: micros(self._present(account)), _Task.done_by: self._who}
                self._change(task_id, done, _Task.done_at.is_null())

    @unit_of_work(Role.SENDER)
    def untick(self, task_id: int, *, own: bool = False) -> None:
        """Notes that a task is to be done after all. own: only where it was oneself who ticked it; raises
        RefusedByRule where that isn't so any more."""
        conditions = (_Task.done_at.is_null(False), _Task.done_by == self._who) if own else ()
        if not self._change(task_id, {_Task.done_at: None, _Task.done_by: ""}, *conditions) and own:
            raise changed_since()

    @unit_of_work(Role.SENDER)
    def tick_again(self, task: Task) -> None:
        """Notes that a task is done as it was before it was to be done after all: when, and by whom. Raises
        RefusedByRule where somebody ticked it since."""
        assert task.done_at is not None
        done = {_Task.done_at: micros(task.done_at), _Task.done_by: task.done_by}
        if not self._change(task.id, done, _Task.done_at.is_null()):
            raise changed_since()

    def _contacts(self, ids: Set[int]) -> dict[int, Contact]:
        """By the ids under which tasks know them, those who were merged into others too."""
        found = {contact.id: contact for contact in self._people.some(ids)}
        merged = ((id, self._people.contact(id)) for id in ids - found.keys())
        return found | {id: contact for id, contact in merged if contact is not None}

    @property
    def _who(self) -> str:
        return self._database.person.name

    def _change(self, task_id: int, values: dict[Any, object], *conditions: Any) -> int:
        """How many it changed."""
        return int(self._database.run(_Task.update(values).where(_Task.id == task_id, *conditions)))


def task_of(row: Any, contact: Contact) -> Task:
    """A row of the tasks, about this contact."""
    name = contact.name or contact.phone or contact.email
    done_at = None if row.done_at is None else instant(row.done_at)
    return Task(row.id, contact.id, name, row.text, instant(row.due_at), done_at, row.done_by)
