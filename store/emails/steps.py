"""SmartPlans' steps that are due: each becomes an email or a text, paid for or failed, or a task, and the
plan goes on with its next step in the same transaction: what the limit stops is never tried again.

They are done in the order in which they were due, whenever that is: one round after a year does what a year
of daily rounds does. Those that are due at one instant are one transaction, some at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from store.clock import micros
from store.credits.ledger import Ledger
from store.credits.model import Account, Use
from store.database import Database, retried  # isort: split

from peewee import Expression

from store.emails.ending import IS_ON, Endings
from store.emails.enrolling import Enrolling
from store.emails.model import Going, Status, StepKind
from store.emails.outbox import rendered
from store.emails.plan_model import Ran
from store.emails.tables import Email, Enrolment, SmartPlan, StepText
from store.errors import NotEnoughCredits, RefusedByRule, WrongUsage
from store.messages.messenger import Messenger
from store.messages.model import Draft
from store.people.addressbook import AddressBook
from store.people.consent import Consent
from store.people.model import Contact
from store.people.task_tables import Task
from store.prepared import Prepared

CAUSE = "email"

SOME = 50
"""Steps in one transaction: committing takes as long as some of them, and others wait meanwhile."""

_ADD = Prepared(lambda _, **values: Email.insert(**values).returning(Email.id))


class Steps:
    """The steps of one account's SmartPlans that are due. texting: sends texts."""

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        people: AddressBook,
        consent: Consent,
        texting: Callable[[], Messenger],
        account: Account,
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._people = people
        self._consent = consent
        self._texting = texting
        self._account = account
        self._endings = Endings(database, consent, account.id)

    def is_any(self, at: datetime) -> bool:
        """Whether there is anything to do: asked first, so that an idle worker takes no lock."""
        due = Enrolment.select(Enrolment.id).where(*self._due(at))
        return self._database.scalar(due.limit(1)) is not None

    @retried
    def take(self, at: datetime) -> Ran | None:
        """Does some of the steps that are due at the earliest instant at which any is; None where there is
        none any more."""
        with self._database.transaction():
            due = Enrolment.select().where(*self._due(at)).order_by(Enrolment.next_at, Enrolment.id)
            locked = self._database.locking(due.limit(SOME), skip_locked=True)
            found = self._database.fetch(locked)
            if not found:
                return None
            found = [enrolled for enrolled in found if enrolled.next_at == found[0].next_at]
            contacts = self._contacts(enrolled.contact_id for enrolled in found)
            over = self._endings.over(found, contacts) | {
                enrolled.id: Going.STOPPED
                for enrolled in found
                if self._is_there_twice(enrolled, contacts.get(enrolled.contact_id))
            }
            self._endings.note(over)
            enrolling = Enrolling(self._database, self._people, self._consent, self._account)
            ran = Ran(ended=len(over))
            for enrolled in found:
                if enrolled.id not in over:
                    ran += self._step(enrolling, enrolled, contacts.get(enrolled.contact_id))
            return ran

    def _contacts(self, ids: Iterable[int]) -> dict[int, Contact]:
        """Contacts by the ids that mean them; those that are gone left out."""
        wanted = list(ids)
        found = {contact.id: contact for contact in self._people.some(wanted)}
        for id in wanted:
            if id not in found and (merged := self._people.contact(id)):
                found[id] = merged
        return found

    def _is_there_twice(self, enrolled: Any, contact: Contact | None) -> bool:
        """Whether somebody who was merged into another is or was on the plan as that one too, who would get
        its steps twice. The row of the contact that is left counts, else the first that goes on."""
        if contact is None or contact.id == enrolled.contact_id:
            return False
        first = (Enrolment.id < enrolled.id) & Enrolment.state.in_(IS_ON)
        other = Enrolment.select(Enrolment.id).where(
            Enrolment.plan == enrolled.plan_id,
            Enrolment.contact_id != enrolled.contact_id,
            Enrolment.contact_id.in_(self._people.merged_from(contact.id)),
            (Enrolment.contact_id == contact.id) | first,
        )
        return self._database.scalar(other.limit(1)) is not None

    def _step(self, enrolling: Enrolling, enrolled: Any, contact: Contact | None) -> Ran:
        step = next(one for one in enrolling.steps(enrolled.plan_id) if one.id == enrolled.step_id)
        about = {
            "account_id": self._account.id,
            "enrolment": enrolled.id,
            "step": step.id,
            "contact_id": enrolled.contact_id,
            "at": enrolled.next_at,
        }
        match StepKind(step.kind):
            case StepKind.EMAIL:
                ran = self._email(step, contact, about)
            case StepKind.TEXT:
                ran = self._text(step, contact, about, enrolling.plan(enrolled.plan_id).texts_account)
            case _:
                text = rendered(step.body, _merge(contact))
                due_at = about.pop("at")
                self._database.run(Task.insert(**about, due_at=due_at, text=text))
                ran = Ran(tasks=1)
        enrolling.go_on(enrolled, step, contact)
        return ran

    def _email(self, step: Any, contact: Contact | None, about: dict[str, Any]) -> Ran:
        values = _merge(contact)
        added = _ADD(
            **about,
            address=contact.email if contact else "",
            name=contact.name if contact else "",
            merge=values,
            subject=rendered(step.subject, values),
            status=Status.QUEUED.value,
            reason="",
        )
        id = int(self._database.scalar(added))
        if contact is None or not contact.email:
            return self._fail(id, "no-address")
        try:
            hold = self._ledger.hold(
                self._account.id, 1, cause=CAUSE, reference=str(id), count=1, use=Use.EMAIL
            )
        except NotEnoughCredits:
            return self._fail(id, "no-credits")
        self._database.run(Email.update(hold_id=hold).where(Email.id == id))
        return Ran(emails=1)

    def _fail(self, id: int, reason: str) -> Ran:
        self._database.run(Email.update(status=Status.FAILED, reason=reason).where(Email.id == id))
        return Ran(failed=1)

    def _text(self, step: Any, contact: Contact | None, about: dict[str, Any], account: int | None) -> Ran:
        """A text, from the account that sends those of this plan."""
        blast, reason = None, ""
        if contact is None or not contact.phone:
            reason = "no-number"
        elif account is None:
            reason = "no-texts-account"
        else:
            draft = Draft(body=step.body, contacts=(contact.id,))
            try:
                with self._database.savepoint():
                    blast = self._texting().send(account, draft).id
            except NotEnoughCredits:
                reason = "no-text-credits"
            except (RefusedByRule, WrongUsage):
                reason = "text-refused"
        self._database.run(StepText.insert(**about, blast_id=blast, reason=reason))
        return Ran(failed=1) if reason else Ran(texts=1)

    def _due(self, at: datetime) -> tuple[Expression, ...]:
        paused = SmartPlan.select(SmartPlan.id).where(SmartPlan.paused_on != "")
        own = Enrolment.account_id == self._account.id
        return own, Enrolment.next_at <= micros(at), Enrolment.plan.not_in(paused)


def _merge(contact: Contact | None) -> str:
    """What the merge fields take: JSON, as an email keeps it."""
    values: dict[str, str] = {}
    if contact is not None:
        values = dict(contact.fields) | {
            "first_name": contact.first_name,
            "last_name": contact.last_name,
            "name": contact.name,
            "company": contact.company,
        }
    return json.dumps(values, ensure_ascii=False)
