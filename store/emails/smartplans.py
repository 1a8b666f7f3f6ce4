"""SmartPlans: named sequences of steps, who is on them, and the steps that are due."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event
from typing import Any, ClassVar

from store.clock import instant, local_date, micros
from store.credits.ledger import Ledger
from store.database import Database, Table, unit_of_work  # isort: split

from peewee import fn

from store.emails import tables
from store.emails.model import SmartPlan, Standing, Started, Status
from store.emails.steps import Steps, due_at
from store.errors import RefusedByRule, WrongUsage
from store.people.addressbook import AddressBook
from store.roles import Role, needs
from store.sentences import sentence


class SmartPlans:
    """Methods may be called from any thread."""

    TABLES: ClassVar[Sequence[type[Table]]] = tables.TABLES

    def __init__(self, database: Database, ledger: Ledger, people: AddressBook) -> None:
        self._database = database
        self._ledger = ledger
        self._people = people

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

    @needs(Role.SENDER)
    def run_due(self, account_id: int, *, stop: Event | None = None) -> int:
        """Does the steps that are due, each email charged as one; where none is left, it fails, and isn't
        tried again. How many failed. Several processes may do this at once."""
        failed = 0
        with self._database.connection():
            steps = Steps(self._database, self._ledger, self._people, self._ledger.account(account_id))
            while not (stop is not None and stop.is_set()):
                now = self._ledger.present(account_id)
                taken = steps.take(now) if steps.is_any(now) else None
                if taken is None:
                    break
                failed += taken is Status.FAILED
        return failed

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
