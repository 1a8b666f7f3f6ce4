"""A SmartPlan's step that is due becomes an email, paid for or failed, and the plan goes on with its next
step in the same transaction: what the limit stops is never tried again."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from store.clock import micros
from store.credits.ledger import Ledger
from store.credits.model import Account, Use
from store.database import Database, retried  # isort: split

from peewee import Expression

from store.emails.model import Going, Status
from store.emails.outbox import rendered
from store.emails.tables import Email, Enrolment, Step
from store.errors import NotEnoughCredits
from store.people.addressbook import AddressBook
from store.people.model import Contact

CAUSE = "email"


class Steps:
    """The steps of one account's SmartPlans that are due."""

    def __init__(self, database: Database, ledger: Ledger, people: AddressBook, account: Account) -> None:
        self._database = database
        self._ledger = ledger
        self._people = people
        self._account = account

    def is_any(self, at: datetime) -> bool:
        """Whether there is anything to do: asked first, so that an idle worker takes no lock."""
        due = Enrolment.select(Enrolment.id).where(*self._due(at))
        return self._database.scalar(due.limit(1)) is not None

    @retried
    def take(self, at: datetime) -> Status | None:
        """What became of the next step that is due; None where there is none any more."""
        with self._database.transaction():
            due = Enrolment.select().where(*self._due(at)).order_by(Enrolment.next_at, Enrolment.id)
            locked = self._database.locking(due.limit(1), skip_locked=True)
            found = next(iter(self._database.fetch(locked)), None)
            return self._step(found, at) if found else None

    def _step(self, enrolled: Any, at: datetime) -> Status:
        step = self._database.first(Step.select().where(Step.id == enrolled.step_id))
        contact = self._people.contact(enrolled.contact_id)
        values = json.dumps(_values(contact), ensure_ascii=False)
        noted = Email.insert(
            account_id=self._account.id,
            enrolment=enrolled.id,
            step=step.id,
            contact_id=enrolled.contact_id,
            address=contact.email if contact else "",
            name=contact.name if contact else "",
            merge=values,
            subject=rendered(step.subject, values),
            at=micros(at),
            status=Status.QUEUED,
        )
        id = int(self._database.run(noted))
        self._go_on(enrolled, step)
        if contact is None or not contact.email:
            return self._fail(id, "no-address")
        try:
            hold = self._ledger.hold(
                self._account.id, 1, cause=CAUSE, reference=str(id), count=1, use=Use.EMAIL
            )
        except NotEnoughCredits:
            return self._fail(id, "no-credits")
        self._database.run(Email.update(hold_id=hold).where(Email.id == id))
        return Status.QUEUED

    def _go_on(self, enrolled: Any, step: Any) -> None:
        """The plan's next step is the contact's, whatever becomes of this one."""
        following = Step.select().where(Step.plan == enrolled.plan_id, Step.place > step.place)
        next_step = self._database.first(following.order_by(Step.place).limit(1))
        change: dict[str, object] = {"step": None, "next_at": None, "state": Going.DONE.value}
        if next_step is not None:
            started = date.fromisoformat(enrolled.started_on)
            change = {"step": next_step.id, "next_at": due_at(self._account, started, next_step.days)}
        self._database.run(Enrolment.update(**change).where(Enrolment.id == enrolled.id))

    def _fail(self, id: int, reason: str) -> Status:
        self._database.run(Email.update(status=Status.FAILED, reason=reason).where(Email.id == id))
        return Status.FAILED

    def _due(self, at: datetime) -> tuple[Expression, ...]:
        return Enrolment.account_id == self._account.id, Enrolment.next_at <= micros(at)


def due_at(account: Account, started: date, days: int) -> int:
    """When a step is due, so many days after the start, in microseconds since 1970: as that day begins where
    the account is."""
    begins = datetime.combine(started + timedelta(days=days), time(), ZoneInfo(account.timezone))
    return micros(begins)


def _values(contact: Contact | None) -> dict[str, str]:
    """What the merge fields take."""
    if contact is None:
        return {}
    return dict(contact.fields) | {
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "name": contact.name,
        "company": contact.company,
    }
