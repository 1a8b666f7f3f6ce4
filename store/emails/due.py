"""From due to an end: every change of an email's status, in one transaction with what it does to the credits.

An email is on the timeline, paid for or failed, before anybody hands it over, and the plan goes on with its
next step in the same transaction. So whoever dies, it is neither sent twice nor forgotten.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from store.clock import Clock, micros
from store.credits.ledger import Ledger
from store.credits.model import Use
from store.database import Database, retried  # isort: split

from peewee import Expression, ModelSelect

from store.emails.model import Status
from store.emails.tables import Enrolment, Step, Timeline
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
        handed = Timeline.select(Timeline.id).where(*self._taken_long_ago(Status.SENDING, Status.WAITING))
        step = Enrolment.select(Enrolment.id).where(*self._due_on(today))
        return any(self._database.scalar(query.limit(1)) is not None for query in (handed, step))

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
        lost = Timeline.update(status=Status.UNKNOWN, reason="interrupted")
        self._database.run(lost.where(*self._taken_long_ago(Status.SENDING)))

    def _waiting(self, at: datetime) -> Ready | Status | None:
        waiting = Timeline.select().where(*self._taken_long_ago(Status.WAITING)).order_by(Timeline.id)
        found = self._first(waiting)
        if found is None:
            return None
        if found.at <= micros(at - STALE):
            self._ledger.release(found.hold_id, 1)
            return self._fail(found.id, "too-late")
        contact = self._people.contact(found.contact_id)
        if contact is None or not contact.email:
            self._ledger.release(found.hold_id, 1)
            return self._fail(found.id, "no-address")
        self._set(found.id, status=Status.SENDING, taken_at=micros(self._real.now()))
        _, body = self._texts(found.plan, found.position, contact)
        return Ready(found.id, contact.email, found.subject, body)

    def _step(self, today: date, at: datetime) -> Ready | Status | None:
        due = Enrolment.select().where(*self._due_on(today))
        found = self._first(due.order_by(Enrolment.next_on, Enrolment.position, Enrolment.id))
        if found is None:
            return None
        contact = self._people.contact(found.contact_id)
        subject, body = self._texts(found.plan, found.position, contact)
        noted = Timeline.insert(
            account_id=self._account_id,
            contact_id=found.contact_id,
            plan=found.plan,
            position=found.position,
            at=micros(at),
            subject=subject,
            status=Status.SENDING,
            reason="",
            taken_at=micros(self._real.now()),
        )
        id = int(self._database.run(noted))
        self._go_on(found)
        if contact is None or not contact.email:
            return self._fail(id, "no-address")
        try:
            hold = self._ledger.hold(
                self._account_id, 1, cause=CAUSE, reference=str(id), count=1, use=Use.EMAIL
            )
        except NotEnoughCredits:
            return self._fail(id, "no-credits")
        self._set(id, hold_id=hold)
        return Ready(id, contact.email, subject, body)

    def _go_on(self, enrolment: Any) -> None:
        """The plan's next step is the contact's, whatever becomes of this one."""
        position, next_on = enrolment.position + 1, None
        if following := self._read_step(enrolment.plan, position):
            next_on = (date.fromisoformat(enrolment.started_on) + timedelta(days=following.days)).isoformat()
        gone_on = Enrolment.update(position=position, next_on=next_on)
        self._database.run(gone_on.where(Enrolment.id == enrolment.id))

    def _texts(self, plan_id: int, position: int, contact: Contact | None) -> tuple[str, str]:
        """A step's subject and body as a contact gets them."""
        step = self._read_step(plan_id, position)
        values: dict[str, str] = {}
        if contact is not None:
            values = dict(contact.fields) | {
                "first_name": contact.first_name,
                "last_name": contact.last_name,
                "name": contact.name,
                "company": contact.company,
            }
        known = (*merge.FIELDS, *values)
        return merge.parse(step.subject, known).render(values), merge.parse(step.body, known).render(values)

    def _read_step(self, plan_id: int, position: int) -> Any:
        """A row of a plan's step, None after the last."""
        at = Step.plan == plan_id, Step.position == position
        return next(iter(self._database.run(Step.select().where(*at).namedtuples())), None)

    def _fail(self, id: int, reason: str) -> Status:
        self._set(id, status=Status.FAILED, reason=reason)
        return Status.FAILED

    def _set(self, id: int, **values: object) -> None:
        self._database.run(Timeline.update(**values).where(Timeline.id == id))

    def _end(self, ready: Ready, status: Status, reason: str) -> int | None:
        """Notes what became of an email that is being handed over; the hold, if nobody was faster. The answer
        counts even where it was long in coming."""
        ends = Timeline.update(status=status, reason=reason, taken_at=micros(self._real.now())).where(
            Timeline.id == ready.id, Timeline.status.in_([Status.SENDING, Status.UNKNOWN])
        )
        ended = list(self._database.run(ends.returning(Timeline.hold_id).namedtuples()))
        return ended[0].hold_id if ended else None

    def _taken_long_ago(self, *statuses: Status) -> tuple[Expression, ...]:
        """Emails of the account with one of these statuses, whose lease is over."""
        over = Timeline.taken_at <= micros(self._real.now() - LEASE)
        return Timeline.account_id == self._account_id, Timeline.status.in_(statuses), over

    def _due_on(self, today: date) -> tuple[Expression, ...]:
        return Enrolment.account_id == self._account_id, Enrolment.next_on <= today.isoformat()

    def _first(self, query: ModelSelect[Any]) -> Any:
        """The first row that no other worker has locked, locked; None where there is none."""
        locking = self._database.locking(query.limit(1), skip_locked=True)
        return next(iter(self._database.run(locking.namedtuples())), None)
