"""SmartPlans that are paused, resumed and stopped, for one person or for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from store.clock import instant, local_date, micros
from store.credits.ledger import Ledger
from store.credits.model import Account
from store.database import Database, unit_of_work
from store.emails import tables
from store.emails.enrolling import Enrolling
from store.emails.model import Going
from store.emails.timing import shifted
from store.errors import WrongUsage
from store.messages.gating import NO_POLICY, Policy
from store.people.addressbook import AddressBook
from store.people.consent import Consent
from store.roles import Role
from store.sentences import sentence

if TYPE_CHECKING:
    from store.messages.messenger import Messenger


class Pausing:
    """Of an open database."""

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        people: AddressBook,
        consent: Consent,
        texting: Callable[[], Messenger],
        policy: Policy = NO_POLICY,
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._people = people
        self._consent = consent
        self._texting = texting
        self._policy = policy

    @unit_of_work(Role.SENDER)
    def pause(self, plan_id: int, contacts: Sequence[int] = ()) -> int:
        """Nothing is done for these contacts, or anybody on the plan, until it is resumed; for how many that
        is another thing than before."""
        _, today = self._today(plan_id)
        with self._database.transaction():
            plan = self._row(plan_id)
            if not contacts:
                if not plan.paused_on:
                    self._set_row(plan_id, paused_on=today.isoformat())
                return 0 if plan.paused_on else self._count(plan_id, (Going.GOING,))
            values = {"state": Going.PAUSED.value, "next_at": None}
            since = plan.paused_on or today.isoformat()
            return self._change(plan_id, contacts, (Going.GOING,), **values, paused_on=since)

    @unit_of_work(Role.SENDER)
    def resume(self, plan_id: int, contacts: Sequence[int] = ()) -> int:
        """Goes on where it was paused, later by as many days as that took; for how many."""
        account, today = self._today(plan_id)
        now = self._ledger.present(account.id)
        with self._database.transaction():
            plan = self._row(plan_id)
            enrolled = tables.Enrolment
            if contacts:
                # While all are paused, the days since then are counted when all go on.
                until = min(today, date.fromisoformat(plan.paused_on)) if plan.paused_on else today
                whose = (enrolled.state == Going.PAUSED.value) & self._of(contacts)
            elif plan.paused_on:
                until, whose = today, enrolled.state == Going.GOING.value
                self._set_row(plan_id, paused_on="")
            else:
                return 0
            rows = self._database.fetch(
                self._database.locking(enrolled.select().where(enrolled.plan == plan_id, whose))
            )
            self._go_on(account, rows, plan.paused_on, until, now)
            return len(rows)

    @unit_of_work(Role.SENDER)
    def stop(self, plan_id: int, contacts: Sequence[int] = ()) -> int:
        """Ends the plan for these contacts, or for all who are on it; for how many. Whoever is put on it
        later begins as ever."""
        self._row(plan_id)
        with self._database.transaction():
            whose = (Going.GOING, Going.PAUSED)
            values = {"state": Going.STOPPED.value, "next_at": None, "paused_on": ""}
            return self._change(plan_id, contacts, whose, **values)

    def _today(self, plan_id: int) -> tuple[Account, date]:
        account = self._ledger.account(self._row(plan_id).account_id)
        return account, local_date(self._ledger.present(account.id), account.timezone)

    def _of(self, contacts: Sequence[int]) -> Any:
        ids = {id for contact in contacts for id in self._people.merged_from(contact)}
        return self._database.among(tables.Enrolment.contact_id, ids)

    def _count(self, plan_id: int, states: Sequence[Going]) -> int:
        on = tables.Enrolment
        found = on.select(on.id).where(on.plan == plan_id, on.state.in_([state.value for state in states]))
        return len(self._database.fetch(found))

    def _change(
        self, plan_id: int, contacts: Sequence[int], states: Sequence[Going], **values: object
    ) -> int:
        on = tables.Enrolment
        whose = (on.plan == plan_id) & on.state.in_([state.value for state in states])
        if contacts:
            whose &= self._of(contacts)
        return int(self._database.run(on.update(**values).where(whose)))

    def _go_on(
        self, account: Account, rows: Sequence[Any], all_since: str, until: date, now: datetime
    ) -> None:
        enrolling = self._enrolling(account)
        contacts = {contact.id: contact for contact in self._people.some(row.contact_id for row in rows)}
        changed = []
        for row in rows:
            started = date.fromisoformat(row.started_on)
            shift = shifted(row.shift, row.paused_on or all_since, started, until)
            step = next(one for one in enrolling.steps(row.plan_id) if one.id == row.step_id)
            contact = contacts.get(row.contact_id)
            after = max(now, instant(row.next_at)) if row.next_at and shift == row.shift else now
            due = micros(enrolling.due(step, started, shift, contact, after))
            changed.append((shift, due, row.id))
        self._database.executemany(
            "UPDATE enrolment SET state = 'going', paused_on = '', shift = ?, next_at = ? WHERE id = ?",
            changed,
        )

    def _row(self, plan_id: int) -> Any:
        with self._database.connection():
            row = self._database.first(tables.SmartPlan.select().where(tables.SmartPlan.id == plan_id))
        if row is None:
            raise no_plan()
        return row

    def _set_row(self, plan_id: int, **values: object) -> None:
        self._database.run(tables.SmartPlan.update(**values).where(tables.SmartPlan.id == plan_id))

    def _enrolling(self, account: Account) -> Enrolling:
        return Enrolling(self._database, self._people, self._consent, account)


def no_plan() -> WrongUsage:
    return WrongUsage(sentence("There is no such SmartPlan. Nothing was changed."), code="no-smartplan")
