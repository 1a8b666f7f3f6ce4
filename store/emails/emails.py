"""Writing emails and handing them over: the door to campaigns, and to what SmartPlans have due."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from threading import Event
from typing import ClassVar, assert_never

from store.clock import Clock, SystemClock, instant
from store.credits.history_query import Selection
from store.credits.ledger import Ledger
from store.database import Database, Table  # isort: split

from peewee import JOIN

from store.emails import tables
from store.emails.addressees import addressed, addressees
from store.emails.model import Email, Sent, Status
from store.emails.outbox import Outbox, Ready
from store.errors import WrongUsage
from store.mail import Accepted, Mail, Mailer, NoAnswer, Nobody, NotSent, Refused, mailers
from store.people.addressbook import AddressBook
from store.people.consent import Consent
from store.roles import Role, needs
from store.sentences import Sentence
from store.settings import Settings


class Emails:
    """Methods may be called from any thread. mailer: who carries mail; the one that is configured, where it
    is left out. real: the clock of processes and networks."""

    TABLES: ClassVar[Sequence[type[Table]]] = tables.TABLES

    def __init__(
        self,
        database: Database,
        settings: Settings,
        ledger: Ledger,
        people: AddressBook,
        consent: Consent,
        *,
        mailer: Mailer | None = None,
        real: Clock | None = None,
    ) -> None:
        self._database = database
        self._settings = settings
        self._ledger = ledger
        self._people = people
        self._consent = consent
        self._mailer = mailer
        self._real = real or SystemClock()

    def can_leave(self, account_id: int) -> bool:
        """Whether what is due to an account's contacts is handed over now. Where it isn't, it waits."""
        with self._database.connection():
            return mailers.is_set_up() or self._ledger.account(account_id).demo_clock

    def timeline(self, contact_id: int, limit: int = 100) -> list[Email]:
        """What was due to a contact, the newest first."""
        email, plan, step = tables.Email, tables.SmartPlan, tables.Step
        ids = self._people.merged_from(contact_id)
        found = (
            email.select(email, plan.name.alias("plan"), step.place)
            .join(step, JOIN.LEFT_OUTER)
            .join(plan, JOIN.LEFT_OUTER)
            .where(email.contact_id.in_(ids))
        )
        with self._database.connection():
            return [
                Email(
                    row.id,
                    instant(row.at),
                    row.plan or "",
                    (row.place or 0) + 1,
                    row.subject,
                    Status(row.status),
                    row.reason,
                )
                for row in self._database.fetch(found.order_by(email.id.desc()).limit(limit))
            ]

    def addressees(self, email_ids: Collection[int]) -> dict[int, str]:
        """What those who got emails are called, or their addresses, by the emails' ids. Who is deleted has
        none."""
        with self._database.connection():
            return addressees(self._database, email_ids)

    def addressed(self, account_id: int, text: str) -> Selection:
        """The ids of an account's emails to people in whose name a text stands, whatever the case: for
        `store.credits.history_query.Matching`."""
        return addressed(account_id, text)

    # Sending

    @needs(Role.SENDER)
    def deliver(self, account_id: int, *, stop: Event | None = None) -> Sent:
        """Hands over what is due, in the calling thread. Where mail isn't set up, nothing is done; but to
        play a rule through on an account with a demo clock, nobody carries what is counted as sent. Several
        processes may do this at once."""
        with self._database.connection():
            account = self._ledger.account(account_id)
            try:
                mailer = self._mailer or mailers.load(self._settings)
            except WrongUsage as error:
                return Sent(0, 0, error.says)
            if mailer is None and account.demo_clock:
                mailer = Nobody()
            if mailer is None:
                return Sent(0, 0, None)
            parts = self._database, self._ledger, self._people, self._consent
            outbox = Outbox(*parts, self._real, account_id)
            sent = failed = 0
            while not (stop is not None and stop.is_set()):
                now = self._ledger.present(account_id)
                ready = outbox.take(now) if outbox.is_any(now) else None
                if ready is None:
                    break
                if not isinstance(ready, Ready):
                    failed += 1
                    continue
                status, trouble = _hand_over(mailer, outbox, ready, now)
                sent += status is Status.SENT
                failed += status is Status.FAILED
                if trouble is not None:
                    return Sent(sent, failed, trouble)
        return Sent(sent, failed, None)


def _hand_over(mailer: Mailer, due: Outbox, ready: Ready, at: datetime) -> tuple[Status, Sentence | None]:
    """What became of an email; why the server couldn't be reached, if so."""
    outcome = mailer.send(Mail(f"email-{ready.id}", ready.to, ready.subject, ready.body))
    match outcome:
        case Accepted():
            due.sent(ready, at)
            return Status.SENT, None
        case Refused():
            due.refused(ready)
            return Status.FAILED, None
        case NoAnswer():
            due.lose(ready)
            return Status.UNKNOWN, None
        case NotSent(says=says):
            due.put_back(ready)
            return Status.WAITING, says
    assert_never(outcome)
