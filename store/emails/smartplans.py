"""SmartPlans: named sequences of steps, who is on them, and the steps that are due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from threading import Event
from typing import TYPE_CHECKING, ClassVar

from store.clock import local_date, micros
from store.credits.model import Account
from store.database import Table, unit_of_work  # isort: split

from store.emails import plan_reading, tables
from store.emails.changing import Changing
from store.emails.changing_back import ChangingBack
from store.emails.ending import Endings
from store.emails.gating import EmailGates
from store.emails.model import Going, SmartPlan, Step, StepKind
from store.emails.pausing import Pausing, no_plan
from store.emails.plan_model import Edit, Edited, OnPlan, PlanPage, Ran, Standing, Started
from store.emails.steps import Steps
from store.errors import RefusedByRule, WrongUsage
from store.messages.model import Purpose
from store.people.model import Contact
from store.people.names import fold
from store.roles import Role, needs
from store.sentences import sentence

if TYPE_CHECKING:
    pass


class SmartPlans(Pausing):
    """Methods may be called from any thread. texting: the door by which texts are sent."""

    TABLES: ClassVar[Sequence[type[Table]]] = tables.TABLES

    # Plans

    @unit_of_work(Role.SENDER)
    def keep(self, account_id: int, plan: SmartPlan, *, texts_account: int | None = None) -> int:
        """A plan's id: the account's of that name, which must have the same steps, or a new one.
        texts_account: whose texts its texts are; the only account that sends texts, where it is left out.
        Raises RefusedByRule where the account sends no emails (code "no-emails"), the plan has other steps
        ("other-steps") or it isn't clear who sends its texts ("no-texts-account"); WrongUsage where the plan
        that follows isn't there."""
        now = self._ledger.present(account_id)
        account = self._emailing(account_id)
        with self._database.transaction():
            known = plan_reading.by_name(self._database, account_id, plan.name)
            if known is not None:
                if plan_reading.steps(self._database, known) != plan.steps:
                    edit = self.look(known, plan.steps)
                    raise RefusedByRule(
                        sentence(
                            "There is already a SmartPlan {name} with different steps (people on it: "
                            "{count}). Nothing was started. "
                            "Give this one another name, or change that one (`--edit`).",
                            name=plan.name,
                            count=edit.people,
                        ),
                        code="other-steps",
                    )
                if plan.group or plan.then or plan.purpose:
                    self._set(account, known, plan)
                return known
            texting = None
            if any(step.kind is StepKind.TEXT for step in plan.steps):
                texting = self._texts_account(account, texts_account)
            added = tables.SmartPlan.insert(
                account_id=account_id,
                name=plan.name,
                at=micros(now),
                texts_account=texting,
                purpose=Purpose.MARKETING.value,
            )
            id = int(self._database.run(added))
            self._changing(account).add_steps(id, plan.steps)
            self._set(account, id, plan)
            return id

    def named(self, account_id: int, name: str) -> int:
        """The id of an account's plan of that name, case aside. Raises WrongUsage where there is none."""
        with self._database.connection():
            id = plan_reading.by_name(self._database, account_id, name)
        if id is None:
            raise WrongUsage(
                sentence(
                    "There is no SmartPlan {name}. `textmeter smartplan list` lists them all.",
                    name=name,
                ),
                code="no-smartplan",
            )
        return id

    def plans(self, account_id: int) -> list[Standing]:
        """An account's SmartPlans, the newest first."""
        with self._database.connection():
            return plan_reading.standings(self._database, self._ledger.account(account_id))

    def plan(self, plan_id: int) -> PlanPage:
        """A SmartPlan, whole. Raises WrongUsage where there is none."""
        with self._database.connection():
            return plan_reading.page(
                self._database, self._ledger.account(self._row(plan_id).account_id), plan_id
            )

    def people(
        self,
        plan_id: int,
        *,
        states: Iterable[Going] = Going,
        after: OnPlan | None = None,
        limit: int = 100,
    ) -> list[OnPlan]:
        """A page of those who are or were on a plan, in these states: those first for whom a step failed,
        then those whose next step comes soonest. after: the last one of the page before."""
        with self._database.connection():
            return plan_reading.people(self._database, plan_id, set(states), after, limit)

    def account_of(self, plan_id: int) -> int | None:
        """Whose plan it is, None where there is none."""
        with self._database.connection():
            found = tables.SmartPlan.select(tables.SmartPlan.account_id).where(tables.SmartPlan.id == plan_id)
            account_id = self._database.scalar(found)
        return None if account_id is None else int(account_id)

    # Putting people on a plan

    @unit_of_work(Role.SENDER)
    def start(
        self,
        account_id: int,
        plan: SmartPlan | int,
        *,
        to: Sequence[str] = (),
        contacts: Sequence[int] = (),
        groups: Sequence[str] = (),
        filters: Sequence[str] = (),
        again: bool = False,
        texts_account: int | None = None,
    ) -> Started:
        """Puts people on a plan, from today on. plan: one that is kept, by its id, or one to `keep`. to:
        email addresses; who isn't in the address book is added, by owners. contacts: ids; groups: names;
        filters: queries of `store.people.filters`. again: also those who were on it before; whoever still is
        begins anew. Raises what `keep` raises, ContactRefused for what is no address, FilterMistake,
        RefusedByRule (code "on-it") where all are on it already, and WrongUsage (code "nobody") where nobody
        is left."""
        now = self._ledger.present(account_id)
        account = self._emailing(account_id)
        with self._database.transaction():
            if isinstance(plan, SmartPlan):
                watches = bool(plan.group)
                plan_id = self.keep(account_id, plan, texts_account=texts_account)
            else:
                plan_id, watches = plan, False
                self._row(plan_id)
            ids = [self._known(address, account.country) for address in to]
            ids += contacts
            for group in groups:
                ids += self._members(group, account_id)
            for query in filters:
                ids += [row[5] for row in self._people.filtered(query, account_id)]
            people = self._people.some(ids)
            today = local_date(now, account.timezone)
            count, left_out = self._enrolling(account).put(plan_id, people, now, today, again=again)
            if not count and not (watches and not people):
                raise _nobody(left_out)
        return Started(plan_id, count, left_out)

    @unit_of_work(Role.SENDER)
    def watch(self, plan_id: int, group: str) -> None:
        """Whoever is put into a group from now on is put on the plan; "" for no group. Raises WrongUsage
        where there is no such plan."""
        account = self._ledger.account(self._row(plan_id).account_id)
        with self._database.transaction():
            self._watch(account, plan_id, group)

    @unit_of_work(Role.SENDER)
    def follow(self, plan_id: int, then: int | None) -> None:
        """Whoever is through with a plan starts another one on the next day. Raises WrongUsage where there is
        no such plan of the account."""
        account_id = self._row(plan_id).account_id
        if then is not None and self._row(then).account_id != account_id:
            raise no_plan()
        self._set_row(plan_id, then_plan=then)

    @unit_of_work(Role.SENDER)
    def mean(self, plan_id: int, purpose: Purpose) -> None:
        """Says what a plan's texts and emails are for, from the next steps on. Raises WrongUsage where there
        is no such plan, and for an emergency, which is no plan's."""
        self._row(plan_id)
        if purpose is Purpose.EMERGENCY:
            says = sentence("A SmartPlan can't be an emergency: send a text. Nothing was changed.")
            raise WrongUsage(says, code="no-purpose")
        self._set_row(plan_id, purpose=purpose.value)

    # Editing

    def look(self, plan_id: int, steps: Sequence[Step]) -> Edit:
        """What it would do to give a plan these steps, for how many. A step whose id is of one of the plan's
        takes its place; where none has an id, those that are alike are the same. Raises WrongUsage where
        there is no such plan."""
        account = self._ledger.account(self._row(plan_id).account_id)
        with self._database.connection():
            return self._changing(account).look(plan_id, steps, self._ledger.present(account.id))

    @unit_of_work(Role.SENDER)
    def edit(self, plan_id: int, steps: Sequence[Step], *, agreed: Edit | None = None) -> Edited:
        """Gives a plan these steps: what that did, by which `put_back` undoes it. agreed: what `look` said,
        which must still be so: else RefusedByRule (code "edit-changed"). Who has had a step never gets it
        again."""
        account = self._ledger.account(self._row(plan_id).account_id)
        if not steps:
            raise WrongUsage(
                sentence("A SmartPlan needs at least one step. Nothing was changed."), code="no-steps"
            )
        with self._database.transaction():
            now = self._ledger.present(account.id)
            if any(step.kind is StepKind.TEXT for step in steps) and self._row(plan_id).texts_account is None:
                self._set_row(plan_id, texts_account=self._texts_account(account, None))
            if agreed not in (None, self._changing(account).look(plan_id, steps, now)):
                raise RefusedByRule(
                    sentence(
                        "People on this SmartPlan have moved to other steps since. Nothing was changed. "
                        "Check it again."
                    ),
                    code="edit-changed",
                )
            return self._changing(account).edit(plan_id, steps, now)

    @unit_of_work(Role.SENDER)
    def put_back(self, edited: Edited) -> None:
        """Gives a plan the steps again that it had before an edit; who was moved by that and hasn't gone on
        stands where they stood, and nobody gets a step twice. Raises RefusedByRule ("changed-since") where
        the steps are others by now."""
        account = self._ledger.account(self._row(edited.plan).account_id)
        with self._database.transaction():
            changing, enrolling = self._changing(account), self._enrolling(account)
            now = self._ledger.present(account.id)
            ChangingBack(self._database, changing, enrolling, edited, now).take_back()

    # What is due

    @needs(Role.SENDER)
    def run_due(self, account_id: int, *, stop: Event | None = None) -> Ran:
        """Does the steps that are due: each becomes an email, a text or a task; where no credits are left, it
        fails, and isn't tried again. Before, it ends for those who answered or opted out, and begins for
        those who came into a plan's group. Several processes may do this at once."""
        with self._database.connection():
            account = self._ledger.account(account_id)
            self._look_at_groups(account)
            ran = Ran(ended=Endings(self._database, self._consent, account_id).end_all())
            parts = self._database, self._ledger, self._people, self._consent, self._texting
            steps = Steps(*parts, EmailGates(*parts[:2], self._consent, self._policy), account)
            while not (stop is not None and stop.is_set()):
                now = self._ledger.present(account_id)
                did = steps.take(now) if steps.is_any(now) else None
                if did is None:
                    break
                ran += did
        return ran

    def _look_at_groups(self, account: Account) -> None:
        plan = tables.SmartPlan
        watching = plan.select(plan.id).where(plan.account_id == account.id, plan.group_name != "")
        for row in self._database.fetch(watching):
            self._take_in(account, row.id)

    @unit_of_work()
    def _take_in(self, account: Account, plan_id: int) -> None:
        now = self._ledger.present(account.id)
        with self._database.transaction():
            enrolling = self._enrolling(account)
            if new := enrolling.look_at_group(plan_id):
                enrolling.put(plan_id, new, now, local_date(now, account.timezone))

    # Parts

    def _emailing(self, account_id: int) -> Account:
        account = self._ledger.account(account_id)
        if self._ledger.product(account).sends != "emails":
            raise RefusedByRule(
                sentence(
                    "SmartPlans send emails, and this account sends texts. Nothing was started. Open an "
                    "email account: `textmeter account open --product agent-email --plan free`."
                ),
                code="no-emails",
            )
        return account

    def _texts_account(self, account: Account, chosen: int | None) -> int:
        """Who sends the texts of a SmartPlan of an account. With a demo clock, whose time is played, that is
        an account that plays too: nobody is texted for real."""
        accounts = [one for one in self._ledger.accounts() if one.demo_clock == account.demo_clock]
        found = [one.id for one in accounts if self._ledger.product(one).sends == "texts"]
        if chosen is not None:
            found = [one for one in found if one == chosen]
        if len(found) == 1:
            return found[0]
        says = sentence(
            "This SmartPlan sends texts, and you have no text account. Nothing was started. Open "
            "one: `textmeter account open --product agent-texts --plan 300`."
        )
        if account.demo_clock:
            says = sentence(
                "This SmartPlan sends texts, and you have no text account with a demo clock. Nothing "
                "was started. Open one: `textmeter account open --product agent-texts --plan 300 "
                "--demo-clock`."
            )
        if found:
            says = sentence(
                "This SmartPlan sends texts, and you have more than one text account. Nothing was "
                "started. Choose one: `--texts-from {ids}`.",
                ids="|".join(map(str, found)),
            )
        raise RefusedByRule(says, code="no-texts-account")

    def _set(self, account: Account, plan_id: int, plan: SmartPlan) -> None:
        """What a plan says of its group, of the one that follows, and of what it is for."""
        if plan.then:
            self._set_row(plan_id, then_plan=self.named(account.id, plan.then))
        if plan.group:
            self._watch(account, plan_id, plan.group)
        if plan.purpose:
            self.mean(plan_id, plan.purpose)

    def _watch(self, account: Account, plan_id: int, group: str) -> None:
        """Those who are in it already are known, and aren't put on the plan."""
        if fold(self._row(plan_id).group_name) != fold(group):
            member = tables.GroupMember
            self._database.run(member.delete().where(member.plan == plan_id))
            self._set_row(plan_id, group_name=group)
            self._enrolling(account).look_at_group(plan_id)

    def _changing(self, account: Account) -> Changing:
        return Changing(self._database, self._people, self._enrolling(account))

    def _known(self, address: str, country: str) -> int:
        """The contact with that address, added where there is none."""
        known = self._people.by_email(address.strip())
        return (known or self._people.add(email=address, region=country)).id

    def _members(self, group: str, account_id: int) -> list[int]:
        """The members of a group that is offered to an account."""
        found: list[Contact] = []
        while page := self._people.contacts(
            group=group, account_id=account_id, after=found[-1] if found else None, limit=1_000
        ):
            found += page
        return [contact.id for contact in found]


def _nobody(left_out: Counter[str]) -> RefusedByRule | WrongUsage:
    """Why nobody was put on a plan."""
    if set(left_out) == {"on-it"}:
        return RefusedByRule(
            sentence(
                "They are, or have been, on this SmartPlan. Nothing was started. To start it again "
                "for them, add `--again`."
            ),
            code="on-it",
        )
    return WrongUsage(
        sentence("This SmartPlan can't reach anyone you named, so nothing was started."), code="nobody"
    )
