"""SmartPlans' steps that are due: each becomes an email or a text, paid for or failed, or a task, and the
plan goes on with its next step in the same transaction: what the limit stops is never tried again.

They are done in the order in which they were due, whenever that is: one round after a year does what a year
of daily rounds does. Those that are due at one instant are one transaction, some at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from store.clock import instant, micros
from store.credits.ledger import Ledger
from store.credits.model import Account, Use
from store.database import Database, retried  # isort: split

from peewee import Expression

from store.emails.audience import EmailAudience
from store.emails.ending import IS_ON, Endings
from store.emails.enrolling import Enrolling
from store.emails.gating import EmailGates
from store.emails.model import REASONS, EmailRecipient, Going, Status, StepKind
from store.emails.outbox import rendered
from store.emails.plan_model import Ran
from store.emails.tables import Email, Enrolment, SmartPlan, StepText
from store.errors import NotEnoughCredits, RefusedByRule, WrongUsage
from store.messages.messenger import Messenger
from store.messages.model import Draft, Purpose, When
from store.people.addressbook import AddressBook
from store.people.consent import Consent
from store.people.model import Contact
from store.people.task_tables import Task
from store.prepared import Prepared

CAUSE = "email"
LATER = When(later=True)
"""Of a text: who is in quiet hours gets it after them."""

SOME = 50
"""Steps in one transaction: committing takes as long as some of them, and others wait meanwhile."""

_ADD = Prepared(lambda _, **values: Email.insert(**values).returning(Email.id))


class Steps:
    """The steps of one account's SmartPlans that are due. texting: sends texts. gates: what emails pass.

    What a plan is for (`Purpose`, marketing where nobody says) decides for its texts and emails as for all
    others. Who is in quiet hours gets a text after them. Who never said yes, where the account asks for that,
    or got something lately doesn't get the step, which fails with its reason, and the plan goes on. A plan
    writes every few days by its nature, so what somebody got from the plan itself, or from one that it
    follows, doesn't count as lately; what they got from another one, or from a person, does.
    """

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        people: AddressBook,
        consent: Consent,
        texting: Callable[[], Messenger],
        gates: EmailGates,
        account: Account,
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._people = people
        self._consent = consent
        self._texting = texting
        self._gates = gates
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
                ran = self._email(step, contact, about, enrolling.plan(enrolled.plan_id))
            case StepKind.TEXT:
                ran = self._text(step, contact, about, enrolling.plan(enrolled.plan_id))
            case _:
                text = rendered(step.body, _merge(contact))
                due_at = about.pop("at")
                self._database.run(Task.insert(**about, due_at=due_at, text=text))
                ran = Ran(tasks=1)
        enrolling.go_on(enrolled, step, contact)
        return ran

    def _email(self, step: Any, contact: Contact | None, about: dict[str, Any], plan: Any) -> Ran:
        values = _merge(contact)
        closed = self._closed(contact, plan, instant(about["at"]))
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
        if closed:
            return self._fail(id, closed)
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

    def _closed(self, contact: Contact | None, plan: Any, at: datetime) -> str:
        """Why a plan's email doesn't pass to somebody, a key of `model.REASONS`; "" where it does."""
        if contact is None or not contact.email:
            return ""
        audience = EmailAudience((EmailRecipient(contact.email, contact=contact.id),))
        draft = Draft(purpose=Purpose(plan.purpose))
        passed = self._gates.passed(self._account, audience, draft, due=at)
        return passed.left_out[0].code if passed.left_out else ""

    def _text(self, step: Any, contact: Contact | None, about: dict[str, Any], plan: Any) -> Ran:
        """A text, from the account that sends those of its plan."""
        account: int | None = plan.texts_account
        blast, reason = None, ""
        if contact is None or not contact.phone:
            reason = "no-number"
        elif account is None:
            reason = "no-texts-account"
        else:
            draft = Draft(
                body=step.body,
                contacts=(contact.id,),
                purpose=Purpose(plan.purpose),
                besides=self._texts_before(plan.id, contact),
                of_plan=True,
            )
            try:
                with self._database.savepoint():
                    blast = self._texting().send(account, draft, when=LATER).id
            except NotEnoughCredits:
                reason = "no-text-credits"
            except (RefusedByRule, WrongUsage) as refused:
                reason = "text-refused"
                if refused.code == "no-recipients":
                    reason = self._left_out(account, draft)
        self._database.run(StepText.insert(**about, blast_id=blast, reason=reason))
        return Ran(failed=1) if reason else Ran(texts=1)

    def _texts_before(self, plan_id: int, contact: Contact) -> tuple[int, ...]:
        """The plan's texts to somebody, whoever was merged into them too, by their blasts' ids; with those of
        the plans that lead to it."""
        sent = (
            StepText.select(StepText.blast_id)
            .join(Enrolment)
            .where(
                Enrolment.plan.in_(self._leading_to(plan_id)),
                StepText.contact_id.in_(self._people.merged_from(contact.id)),
                StepText.blast_id.is_null(False),
            )
        )
        return tuple(row.blast_id for row in self._database.fetch(sent.order_by(StepText.blast_id)))

    def _leading_to(self, plan_id: int) -> list[int]:
        """A plan, and those after which it starts."""
        found = [plan_id]
        for id in found:  # which grows
            before = SmartPlan.select(SmartPlan.id).where(SmartPlan.then_plan == id)
            found += [row.id for row in self._database.fetch(before) if row.id not in found]
        return found

    def _left_out(self, account: int, draft: Draft) -> str:
        """Why a text doesn't reach the one whom it is for, a key of `model.REASONS`."""
        codes = [one.code for one in self._texting().audience(account, draft, LATER).left_out]
        return codes[0] if codes and codes[0] in REASONS else "text-refused"

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
