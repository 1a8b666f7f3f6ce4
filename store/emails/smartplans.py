"""SmartPlans and the timelines of contacts: the door to emails."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from threading import Event
from typing import Any, ClassVar, assert_never

from store.clock import Clock, SystemClock, instant, local_date, micros
from store.credits.history_query import Selection
from store.credits.ledger import Ledger
from store.database import Database, Table, unit_of_work  # isort: split

from peewee import JOIN, fn

from store.emails import tables
from store.emails.addressees import addressed, addressees
from store.emails.model import Email, Sent, SmartPlan, Standing, Started, Status
from store.emails.outbox import Outbox, Ready
from store.emails.steps import Steps, due_at
from store.errors import RefusedByRule, WrongUsage
from store.mail import Accepted, Mail, Mailer, NoAnswer, Nobody, NotSent, Refused, mailers
from store.people.addressbook import AddressBook
from store.people.consent import Consent
from store.roles import Role, needs
from store.sentences import Sentence, sentence
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

    # SmartPlans

    @unit_of_work(Role.SENDER)
    def start(
        self, account_id: int, plan: SmartPlan, *, to: Sequence[str] = (), groups: Sequence[str] = ()
    ) -> Started:
        """Puts people on a SmartPlan, from today on. to: email addresses; who isn't in the address book is
        added, by owners. groups: names. Raises RefusedByRule where the account sends no emails,
        ContactRefused for what is no address, and WrongUsage where nobody is left."""
        now = self._ledger.present(account_id)
        account = self._ledger.account(account_id)
        if self._ledger.product(account).sends != "emails":
            raise RefusedByRule(
                sentence(
                    "This account sends texts, and SmartPlans are emails. Nothing was started. Open an "
                    "account for emails: `textmeter account open --product agent-email --plan free`."
                ),
                code="no-emails",
            )
        today = local_date(now, account.timezone)
        with self._database.transaction():
            chosen = [self._known(address, account.country) for address in to]
            members = self._members(groups, account_id)
            people = dict.fromkeys([*chosen, *(id for id, email in members.items() if email)])
            if not people:
                raise WrongUsage(
                    sentence("Nobody with an email address was named, so nothing was started."),
                    code="nobody",
                )
            named = tables.SmartPlan.insert(account_id=account_id, name=plan.name, at=micros(now))
            plan_id = int(self._database.run(named))
            first = self._keep_steps(plan_id, plan)
            due = due_at(account, today, plan.steps[0].days)
            self._database.executemany(
                "INSERT INTO enrolment (plan_id, account_id, contact_id, run, started_on, step_id, next_at, "
                "state) VALUES (?, ?, ?, 1, ?, ?, ?, 'going')",
                [(plan_id, account_id, id, today.isoformat(), first, due) for id in people],
            )
        return Started(plan_id, len(people), sum(not email for email in members.values()))

    def plans(self, account_id: int) -> list[Standing]:
        """An account's SmartPlans, the newest first."""
        with self._database.connection():
            zone = self._ledger.account(account_id).timezone
            counts: dict[int, dict[Status, int]] = {}
            for row in self._database.fetch(_counted(account_id)):
                counts.setdefault(row.plan_id, {})[Status(row.status)] = row.number
            return [
                Standing(
                    row.id,
                    row.name,
                    row.steps,
                    row.people,
                    row.going,
                    local_date(instant(row.soonest), zone) if row.soonest else None,
                    counts.get(row.id, {}),
                )
                for row in self._database.run(_standing(account_id))
            ]

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
    def run_due(self, account_id: int, *, stop: Event | None = None) -> Sent:
        """Hands over what is due, in the calling thread, each email charged as one; where none is left, it
        fails, and neither is tried again. Where mail isn't set up, nothing is done; but to play a rule
        through on an account with a demo clock, nobody carries what is counted as sent. Several processes may
        do this at once."""
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
            steps = Steps(self._database, self._ledger, self._people, account)
            parts = self._database, self._ledger, self._people, self._consent
            outbox = Outbox(*parts, self._real, account_id)
            sent = failed = 0
            while not (stop is not None and stop.is_set()):
                now = self._ledger.present(account_id)
                taken = steps.take(now) if steps.is_any(now) else None
                if taken is None:
                    break
                failed += taken is Status.FAILED
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

    def _keep_steps(self, plan_id: int, plan: SmartPlan) -> int:
        """The id of the first."""
        ids = [
            int(
                self._database.run(
                    tables.Step.insert(
                        plan=plan_id, place=place, days=step.days, subject=step.subject, body=step.body
                    )
                )
            )
            for place, step in enumerate(plan.steps)
        ]
        return ids[0]

    def _known(self, address: str, country: str) -> int:
        """The contact with that address, added where there is none."""
        known = self._people.by_email(address.strip())
        return (known or self._people.add(email=address, region=country)).id

    def _members(self, groups: Sequence[str], account_id: int) -> dict[int, str]:
        """The members of groups that are offered to an account, with their addresses."""
        members: dict[int, str] = {}
        for group in groups:
            after = None
            while page := self._people.contacts(group=group, account_id=account_id, after=after, limit=1_000):
                members.update((contact.id, contact.email) for contact in page)
                after = page[-1]
        return members


def _counted(account_id: int) -> Any:
    """Rows of a plan, a status and the number of its emails that have it."""
    email, step = tables.Email, tables.Step
    counted = email.select(step.plan, email.status, fn.COUNT(email.id).alias("number")).join(step)
    return counted.where(email.account_id == account_id).group_by(step.plan, email.status)


def _standing(account_id: int) -> Any:
    """A row of each plan, the newest first: its steps, who was put on it, how many are on it still, and when
    the next email is due (soonest)."""
    plan, step, enrolled = tables.SmartPlan, tables.Step, tables.Enrolment
    return (
        plan.select(
            plan.id,
            plan.name,
            step.select(fn.COUNT(step.id))
            .where(step.plan == plan.id, step.place.is_null(False))
            .alias("steps"),
            fn.COUNT(enrolled.id).alias("people"),
            fn.COUNT(enrolled.next_at).alias("going"),
            fn.MIN(enrolled.next_at).alias("soonest"),
        )
        .join(enrolled)
        .where(plan.account_id == account_id)
        .group_by(plan.id, plan.name)
        .order_by(plan.id.desc())
        .namedtuples()
    )


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
