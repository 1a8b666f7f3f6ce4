"""How people come onto a SmartPlan, and go on from step to step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from store.clock import instant, local_date, micros
from store.credits.model import Account
from store.database import Database  # isort: split

from peewee import fn

from store.emails import timing
from store.emails.ending import IS_ON
from store.emails.model import Going, StepKind
from store.emails.tables import Enrolment, GroupMember, SmartPlan, Step
from store.people.addressbook import AddressBook
from store.people.consent import Consent
from store.people.model import Contact
from store.people.names import fold
from store.people.search import members, offered
from store.people.tables import ContactGroup
from store.people.zones import zones

_ADD = (
    "INSERT INTO enrolment (plan_id, account_id, contact_id, run, started_at, started_on, shift, step_id, "
    "next_at, state, paused_on) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, 'going', '')"
)


class Enrolling:
    """The people on one account's SmartPlans. Within a transaction. What it reads of plans it keeps: it is
    made anew for each transaction."""

    def __init__(self, database: Database, people: AddressBook, consent: Consent, account: Account) -> None:
        self._database = database
        self._people = people
        self._consent = consent
        self._account = account
        self._plans: dict[int, Any] = {}
        self._steps: dict[int, list[Any]] = {}

    def plan(self, plan_id: int) -> Any:
        """A plan's row."""
        if plan_id not in self._plans:
            self._plans[plan_id] = self._database.first(SmartPlan.select().where(SmartPlan.id == plan_id))
        return self._plans[plan_id]

    def steps(self, plan_id: int) -> list[Any]:
        """The rows of a plan's steps, in their order."""
        if plan_id not in self._steps:
            found = Step.select().where(Step.plan == plan_id, Step.place.is_null(False))
            self._steps[plan_id] = self._database.fetch(found.order_by(Step.place))
        return self._steps[plan_id]

    # Coming onto a plan

    def put(
        self, plan_id: int, contacts: Iterable[Contact], at: datetime, on: date, *, again: bool = False
    ) -> tuple[int, Counter[str]]:
        """Puts people on a plan: how many, and how many not, by why, as `plan_model.Started` has it. at: the
        instant from which on an answer ends it; on: the day from which its days are counted. again: also
        those who were on it already; whoever still is begins anew."""
        mine = SmartPlan.select(SmartPlan.id).where(SmartPlan.id == plan_id)
        self._database.fetch(self._database.locking(mine))
        wanted = {contact.id: contact for contact in contacts}
        left_out: Counter[str] = Counter()
        runs = self._runs(plan_id, wanted)
        reach = self._reach(plan_id, wanted.values())
        added = []
        for contact in wanted.values():
            if contact.id in runs and not again:
                left_out["on-it"] += 1
            elif why := reach[contact.id]:
                left_out[why] += 1
            else:
                first = self.steps(plan_id)[0]
                due = micros(self.due(first, on, 0, contact, at))
                run = runs.get(contact.id, 0) + 1
                about = plan_id, self._account.id, contact.id, run
                added.append((*about, micros(at), on.isoformat(), first.id, due))
        if again:
            self._stop(plan_id, [contact_id for _, _, contact_id, *_ in added])
        if added:
            self._database.executemany(_ADD, added)
        return len(added), left_out

    def _runs(self, plan_id: int, contacts: Iterable[int]) -> dict[int, int]:
        """How often contacts were put on a plan, those who were, whoever was merged into them too."""
        meant = self._people.meaning(contacts)
        counted = Enrolment.select(Enrolment.contact_id, fn.MAX(Enrolment.run)).where(
            Enrolment.plan == plan_id, self._database.among(Enrolment.contact_id, meant)
        )
        runs: dict[int, int] = {}
        for id, run in self._database.cursor(counted.group_by(Enrolment.contact_id)).fetchall():
            runs[meant[id]] = max(run, runs.get(meant[id], 0))
        return runs

    def _reach(self, plan_id: int, contacts: Iterable[Contact]) -> Mapping[int, str]:
        """Why a plan can do nothing for contacts, "" where it can: none of its steps reaches them, or they
        opted out of what it sends."""
        kinds = {row.kind for row in self.steps(plan_id)}
        texts_account = self.plan(plan_id).texts_account
        outs = self._consent.outs(self._account.id) if StepKind.EMAIL in kinds else {}
        texts_outs = self._consent.outs(texts_account) if texts_account and StepKind.TEXT in kinds else {}
        found = {}
        for contact in contacts:
            ways = (
                StepKind.TASK in kinds,
                StepKind.EMAIL in kinds and contact.email,
                StepKind.TEXT in kinds and contact.phone,
            )
            is_out = contact.email.lower() in outs or contact.phone in texts_outs
            found[contact.id] = "opted-out" if is_out else "" if any(ways) else "no-address"
        return found

    def _stop(self, plan_id: int, contacts: Iterable[int]) -> None:
        """Ends it for those who are on it still."""
        stopped = Enrolment.update(state=Going.STOPPED.value, next_at=None, paused_on="").where(
            Enrolment.plan == plan_id,
            Enrolment.state.in_(IS_ON),
            self._database.among(Enrolment.contact_id, self._people.meaning(contacts)),
        )
        self._database.run(stopped)

    # From then on, by a group

    def look_at_group(self, plan_id: int) -> list[Contact]:
        """Who came into the group that starts a plan since that was looked at last."""
        group = self.plan(plan_id).group_name
        members = self._members(group)
        known = GroupMember.select(GroupMember.contact_id).where(GroupMember.plan == plan_id)
        new = members - {id for (id,) in self._database.cursor(known).fetchall()}
        self._database.executemany(
            "INSERT INTO smart_plan_member (plan_id, contact_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [(plan_id, id) for id in sorted(new)],
        )
        return self._people.some(sorted(new))

    def _members(self, group: str) -> set[int]:
        """The ids of a group's members, where it is offered to the account."""
        meant = (ContactGroup.key == fold(group)) & offered(self._account.id)
        return {id for (id,) in self._database.cursor(members(meant)).fetchall()}

    # From step to step

    def due(self, step: Any, started: date, shift: int, contact: Contact | None, after: datetime) -> datetime:
        """When a step is due to somebody who was put on its plan on a day. shift: by how many days all is
        later for them; after: what it can't be before."""
        home = self._account.timezone
        where = zones(contact.zone, contact.phone, home) if contact and step.hour else (home,)
        return timing.due(started, step.days + shift, step.hour, home=home, zones=where, after=after)

    def go_on(self, enrolled: Any, step: Any, contact: Contact | None) -> None:
        """A step is behind somebody: the next one is theirs, or the plan that follows. enrolled: their row,
        as it was when the step was due."""
        steps = self.steps(enrolled.plan_id)
        following = next((one for one in steps if one.place > step.place), None)
        at = instant(enrolled.next_at)
        if following is None:
            self.finish(enrolled, contact, at)
        else:
            started = date.fromisoformat(enrolled.started_on)
            due = micros(self.due(following, started, enrolled.shift, contact, at))
            self._move(enrolled.id, step=following.id, next_at=due)

    def finish(self, enrolled: Any, contact: Contact | None, at: datetime) -> None:
        """Somebody is through, since an instant. The plan that follows begins on the next day: so plans that
        follow one another for ever do it day by day. Whoever is on that one already stays where they are."""
        self._move(enrolled.id, step=None, next_at=None, state=Going.DONE.value)
        follows = self.plan(enrolled.plan_id).then_plan
        if follows is None or contact is None or self._is_on(follows, contact.id):
            return
        tomorrow = local_date(at, self._account.timezone) + timedelta(days=1)
        self.put(follows, [contact], at, tomorrow, again=True)

    def _is_on(self, plan_id: int, contact_id: int) -> bool:
        on = Enrolment.select(Enrolment.id).where(
            Enrolment.plan == plan_id,
            Enrolment.contact_id.in_(self._people.merged_from(contact_id)),
            Enrolment.state.in_(IS_ON),
        )
        return self._database.scalar(on) is not None

    def _move(self, id: int, **values: object) -> None:
        self._database.run(Enrolment.update(**values).where(Enrolment.id == id))
