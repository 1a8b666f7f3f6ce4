"""SmartPlans and the timelines of contacts: the door to emails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from threading import Event
from typing import ClassVar, assert_never

from store.clock import Clock, SystemClock, instant, local_date, micros
from store.credits.ledger import Ledger
from store.database import Database, Table, retried
from store.emails import tables
from store.emails.due import Due, Ready
from store.emails.model import Email, Sent, SmartPlan, Standing, Started, Status
from store.errors import RefusedByRule, WrongUsage
from store.mail import Accepted, Mail, Mailer, NoAnswer, Nobody, NotSent, Refused, mailers
from store.people.addressbook import AddressBook
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
        *,
        mailer: Mailer | None = None,
        real: Clock | None = None,
    ) -> None:
        self._database = database
        self._settings = settings
        self._ledger = ledger
        self._people = people
        self._mailer = mailer
        self._real = real or SystemClock()

    def can_leave(self, account_id: int) -> bool:
        """Whether what is due to an account's contacts is handed over now. Where it isn't, it waits."""
        with self._database.connection():
            return mailers.is_set_up() or self._ledger.account(account_id).demo_clock

    # SmartPlans

    @needs(Role.SENDER)
    @retried
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
            members = self._members(groups)
            people = dict.fromkeys([*chosen, *(id for id, email in members.items() if email)])
            if not people:
                raise WrongUsage(
                    sentence("Nobody with an email address was named, so nothing was started."),
                    code="nobody",
                )
            (plan_id,) = self._database.execute(
                "INSERT INTO smart_plan (account_id, name, at) VALUES (?, ?, ?) RETURNING id",
                (account_id, plan.name, micros(now)),
            ).fetchone()
            self._database.executemany(
                "INSERT INTO step (plan_id, position, days, subject, body) VALUES (?, ?, ?, ?, ?)",
                [
                    (plan_id, position, step.days, step.subject, step.body)
                    for position, step in enumerate(plan.steps, 1)
                ],
            )
            first = (today + timedelta(days=plan.steps[0].days)).isoformat()
            self._database.executemany(
                "INSERT INTO enrolment (plan_id, account_id, contact_id, started_on, position, next_on) "
                "VALUES (?, ?, ?, ?, 1, ?)",
                [(plan_id, account_id, id, today.isoformat(), first) for id in people],
            )
        return Started(int(plan_id), len(people), sum(not email for email in members.values()))

    def plans(self, account_id: int) -> list[Standing]:
        """An account's SmartPlans, the newest first."""
        with self._database.connection():
            counts: dict[int, dict[Status, int]] = {}
            for plan_id, status, number in self._database.execute(
                "SELECT plan_id, status, count(*) FROM timeline WHERE account_id = ? "
                "GROUP BY plan_id, status",
                (account_id,),
            ):
                counts.setdefault(plan_id, {})[Status(status)] = number
            found = self._database.execute(
                "SELECT p.id, p.name, (SELECT count(*) FROM step s WHERE s.plan_id = p.id), "
                "count(*), count(e.next_on), MIN(e.next_on) "
                "FROM smart_plan p JOIN enrolment e ON e.plan_id = p.id "
                "WHERE p.account_id = ? GROUP BY p.id, p.name ORDER BY p.id DESC",
                (account_id,),
            ).fetchall()
        return [
            Standing(
                id,
                name,
                steps,
                people,
                going,
                date.fromisoformat(next_on) if next_on else None,
                counts.get(id, {}),
            )
            for id, name, steps, people, going, next_on in found
        ]

    def timeline(self, contact_id: int, limit: int = 100) -> list[Email]:
        """What was due to a contact, the newest first."""
        with self._database.connection():
            found = self._database.execute(
                "SELECT t.id, t.at, p.name, t.position, t.subject, t.status, t.reason "
                "FROM timeline t JOIN smart_plan p ON p.id = t.plan_id "
                "WHERE t.contact_id = ? ORDER BY t.id DESC LIMIT ?",
                (contact_id, limit),
            ).fetchall()
        return [
            Email(id, instant(at), plan, step, subject, Status(status), reason)
            for id, at, plan, step, subject, status, reason in found
        ]

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
            due = Due(self._database, self._ledger, self._people, self._real, account_id)
            sent = failed = 0
            while stop is None or not stop.is_set():
                now = self._ledger.present(account_id)
                today = local_date(now, account.timezone)
                if not due.is_any(today):
                    break
                ready = due.take(today, now)
                if ready is None:
                    break
                if not isinstance(ready, Ready):
                    failed += 1
                    continue
                status, trouble = _hand_over(mailer, due, ready)
                sent += status is Status.SENT
                failed += status is Status.FAILED
                if trouble is not None:
                    return Sent(sent, failed, trouble)
        return Sent(sent, failed, None)

    def _known(self, address: str, country: str) -> int:
        """The contact with that address, added where there is none."""
        found = self._database.execute(
            "SELECT id FROM contact WHERE LOWER(email) = LOWER(?) ORDER BY id LIMIT 1", (address.strip(),)
        ).fetchone()
        return found[0] if found else self._people.add(email=address, region=country).id

    def _members(self, groups: Sequence[str]) -> dict[int, str]:
        """The members of groups, with their addresses."""
        members: dict[int, str] = {}
        for group in groups:
            after = None
            while page := self._people.contacts(group=group, after=after, limit=1_000):
                members.update((contact.id, contact.email) for contact in page)
                after = page[-1]
        return members


def _hand_over(mailer: Mailer, due: Due, ready: Ready) -> tuple[Status, Sentence | None]:
    """What became of an email; why the server couldn't be reached, if so."""
    outcome = mailer.send(Mail(f"email-{ready.id}", ready.to, ready.subject, ready.body))
    match outcome:
        case Accepted():
            due.sent(ready)
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
