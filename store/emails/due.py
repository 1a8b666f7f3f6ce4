"""From due to an end: every change of an email's status, in one transaction with what it does to the credits.

An email is on the timeline, paid for or failed, before anybody hands it over, and the plan goes on with its
next step in the same transaction. So whoever dies, it is neither sent twice nor forgotten.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from store.clock import Clock, micros
from store.credits.ledger import Ledger
from store.credits.model import Use
from store.database import Database, retried
from store.emails.model import Status
from store.errors import NotEnoughCredits
from store.people.addressbook import AddressBook
from store.people.model import Contact
from store.texts import merge

LEASE = timedelta(minutes=5)
"""How long handing over may take. After that whoever did it is taken for dead. What the server wasn't there
for is tried again after as long."""

STALE = timedelta(days=3)
"""How late an email may leave."""

CAUSE = "email"


class Ready(NamedTuple):
    """An email to be handed over. id: on the timeline; to: an address."""

    id: int
    to: str
    subject: str
    body: str


class Due:
    """The emails of one account that are due. real: the clock of processes and networks."""

    def __init__(
        self, database: Database, ledger: Ledger, people: AddressBook, real: Clock, account_id: int
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._people = people
        self._real = real
        self._account_id = account_id

    def is_any(self, today: date) -> bool:
        """Whether there is anything to do: asked first, so that an idle worker takes no lock."""
        ends = self._lease_ends()
        (found,) = self._database.execute(
            "SELECT EXISTS(SELECT 1 FROM timeline "
            "WHERE account_id = ? AND status IN (?, ?) AND taken_at <= ?) "
            "OR EXISTS(SELECT 1 FROM enrolment WHERE account_id = ? AND next_on <= ?)",
            (self._account_id, Status.SENDING, Status.WAITING, ends, self._account_id, today.isoformat()),
        ).fetchone()
        return bool(found)

    @retried
    def take(self, today: date, at: datetime) -> Ready | Status | None:
        """The next email: one that the server wasn't there for, else the next step that is due, which fails
        where it can't be paid. None where there is none any more."""
        with self._database.transaction():
            self._recover()
            return self._waiting(at) or self._step(today, at)

    @retried
    def sent(self, ready: Ready) -> None:
        with self._database.transaction():
            if hold := self._end(ready, Status.SENT, ""):
                self._ledger.settle(hold, 1)

    @retried
    def refused(self, ready: Ready) -> None:
        """It never left, so it is given back."""
        with self._database.transaction():
            if hold := self._end(ready, Status.FAILED, "refused"):
                self._ledger.release(hold, 1)

    def put_back(self, ready: Ready) -> None:
        """It never left, and is tried again."""
        self._end(ready, Status.WAITING, "")

    def lose(self, ready: Ready) -> None:
        """Nobody knows whether it left: what it costs stays held."""
        self._end(ready, Status.UNKNOWN, "no-answer")

    def _recover(self) -> None:
        """Of emails whose worker never came back, nobody knows whether they left."""
        self._database.execute(
            "UPDATE timeline SET status = ?, reason = 'interrupted' "
            "WHERE account_id = ? AND status = ? AND taken_at <= ?",
            (Status.UNKNOWN, self._account_id, Status.SENDING, self._lease_ends()),
        )

    def _waiting(self, at: datetime) -> Ready | Status | None:
        found = self._database.execute(
            "SELECT id, plan_id, position, contact_id, subject, at, hold_id FROM timeline "
            f"WHERE account_id = ? AND status = ? AND taken_at <= ? ORDER BY id LIMIT 1{self._lock()}",
            (self._account_id, Status.WAITING, self._lease_ends()),
        ).fetchone()
        if found is None:
            return None
        id, plan_id, position, contact_id, subject, due_at, hold = found
        if due_at <= micros(at - STALE):
            self._ledger.release(hold, 1)
            return self._fail(id, "too-late")
        contact = self._people.contact(contact_id)
        if contact is None or not contact.email:
            self._ledger.release(hold, 1)
            return self._fail(id, "no-address")
        self._database.execute(
            "UPDATE timeline SET status = ?, taken_at = ? WHERE id = ?",
            (Status.SENDING, micros(self._real.now()), id),
        )
        _, body = self._texts(plan_id, position, contact)
        return Ready(id, contact.email, subject, body)

    def _step(self, today: date, at: datetime) -> Ready | Status | None:
        found = self._database.execute(
            "SELECT id, plan_id, contact_id, started_on, position FROM enrolment "
            f"WHERE account_id = ? AND next_on <= ? ORDER BY next_on, position, id LIMIT 1{self._lock()}",
            (self._account_id, today.isoformat()),
        ).fetchone()
        if found is None:
            return None
        enrolment_id, plan_id, contact_id, started_on, position = found
        contact = self._people.contact(contact_id)
        subject, body = self._texts(plan_id, position, contact)
        (id,) = self._database.execute(
            "INSERT INTO timeline (account_id, contact_id, plan_id, position, at, subject, status, reason, "
            "hold_id, taken_at) VALUES (?, ?, ?, ?, ?, ?, ?, '', NULL, ?) RETURNING id",
            (
                self._account_id,
                contact_id,
                plan_id,
                position,
                micros(at),
                subject,
                Status.SENDING,
                micros(self._real.now()),
            ),
        ).fetchone()
        self._go_on(enrolment_id, plan_id, position, date.fromisoformat(started_on))
        if contact is None or not contact.email:
            return self._fail(id, "no-address")
        try:
            hold = self._ledger.hold(
                self._account_id, 1, cause=CAUSE, reference=str(id), count=1, use=Use.EMAIL
            )
        except NotEnoughCredits:
            return self._fail(id, "no-credits")
        self._database.execute("UPDATE timeline SET hold_id = ? WHERE id = ?", (hold, id))
        return Ready(id, contact.email, subject, body)

    def _go_on(self, enrolment_id: int, plan_id: int, position: int, started_on: date) -> None:
        """The plan's next step is the contact's, whatever becomes of this one."""
        following = self._database.execute(
            "SELECT days FROM step WHERE plan_id = ? AND position = ?", (plan_id, position + 1)
        ).fetchone()
        next_on = (started_on + timedelta(days=following[0])).isoformat() if following else None
        self._database.execute(
            "UPDATE enrolment SET position = ?, next_on = ? WHERE id = ?",
            (position + 1, next_on, enrolment_id),
        )

    def _texts(self, plan_id: int, position: int, contact: Contact | None) -> tuple[str, str]:
        """A step's subject and body as a contact gets them."""
        subject, body = self._database.execute(
            "SELECT subject, body FROM step WHERE plan_id = ? AND position = ?", (plan_id, position)
        ).fetchone()
        values = {}
        if contact is not None:
            values = {
                "first_name": contact.first_name,
                "last_name": contact.last_name,
                "name": contact.name,
                "company": contact.company,
            }
        return merge.parse(subject).render(values), merge.parse(body).render(values)

    def _fail(self, id: int, reason: str) -> Status:
        self._database.execute(
            "UPDATE timeline SET status = ?, reason = ? WHERE id = ?", (Status.FAILED, reason, id)
        )
        return Status.FAILED

    def _end(self, ready: Ready, status: Status, reason: str) -> int | None:
        """Notes what became of an email that is being handed over; the hold, if nobody was faster. The answer
        counts even where it was long in coming."""
        ended = self._database.execute(
            "UPDATE timeline SET status = ?, reason = ?, taken_at = ? WHERE id = ? AND status IN (?, ?) "
            "RETURNING hold_id",
            (status, reason, micros(self._real.now()), ready.id, Status.SENDING, Status.UNKNOWN),
        ).fetchone()
        return ended[0] if ended else None

    def _lease_ends(self) -> int:
        return micros(self._real.now() - LEASE)

    def _lock(self) -> str:
        return self._database.skip_locked
