"""What people note of a contact, each on its day, beside the one note that is a detail of theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from store.clock import micros
from store.database import Database, unit_of_work
from store.people.task_tables import Note
from store.roles import Role


class Notes:
    """Methods may be called from any thread. present: the time by an account's clock."""

    def __init__(self, database: Database, present: Callable[[int], datetime]) -> None:
        self._database = database
        self._present = present

    @unit_of_work(Role.SENDER)
    def add(self, account_id: int, contact_id: int, text: str) -> None:
        """Notes something, now."""
        noted = Note.insert(
            account_id=account_id,
            contact_id=contact_id,
            text=text,
            at=micros(self._present(account_id)),
            person=self._database.person.name,
        )
        self._database.run(noted)

    @unit_of_work(Role.SENDER)
    def change(self, note_id: int, text: str) -> None:
        """Says it otherwise, on the day on which it was noted; "" takes it away."""
        its = Note.id == note_id
        self._database.run(Note.update(text=text).where(its) if text else Note.delete().where(its))
