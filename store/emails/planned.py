"""What an account will send until it renews, by day: campaigns that wait and SmartPlans' steps to come. On
which day the limit will be reached by it, and what lapses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from store.clock import instant, local_date, local_midnight, micros
from store.database import Database  # isort: split

from peewee import JOIN, fn

from store.emails.model import COUNTS, WAITS, Going, StepKind
from store.emails.tables import Campaign, Email, Enrolment, SmartPlan, Step
from store.people.tables import Contact

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account


@dataclass(frozen=True, slots=True)
class Planned:
    """by_day: emails by local day, in its order, from today until the renewal, days without any left out.
    reached_on: the day on which the last that is available is taken, None where some is left at the renewal;
    short: how many of those planned will fail, since none will be left. lapses: how many will be left and end
    at the renewal, if no more than this is sent. renews_on: the first day of the next month."""

    by_day: Mapping[date, int]
    reached_on: date | None
    short: int
    lapses: int
    renews_on: date

    @property
    def sends(self) -> int:
        """All of them."""
        return sum(self.by_day.values())


class Waiting(NamedTuple):
    """Emails that leave on a local day. held: whether they are taken out of what is available already."""

    on: date
    emails: int
    held: bool


class ToCome(NamedTuple):
    """A step of a SmartPlan: days after its start. emails: whether it sends one."""

    days: int
    emails: bool


class Plan(NamedTuple):
    """A SmartPlan's steps, in their order, by their ids; then: the plan that follows, None for none."""

    steps: Mapping[int, ToCome]
    then: int | None


class OnIt(NamedTuple):
    """People who are at the same step of a plan. next_on: the local day of their next step; started: from
    which day its days are counted, what they were paused for included."""

    plan: int
    step: int
    next_on: date
    started: date
    people: int


def planned(
    waiting: Iterable[Waiting],
    on_plans: Iterable[OnIt],
    plans: Mapping[int, Plan],
    available: int,
    today: date,
    renews_on: date,
    *,
    lapse: bool,
) -> Planned:
    """Puts together what leaves on which day, from today on. available: what is left now; lapse: whether what
    is left at the renewal ends then."""
    by_day, takes = Counter[date](), Counter[date]()
    for on, emails, held in waiting:
        if (day := max(on, today)) < renews_on:
            by_day[day] += emails
            takes[day] += 0 if held else emails
    for group in on_plans:
        for on in _days(group, plans, renews_on):
            by_day[max(on, today)] += group.people
            takes[max(on, today)] += group.people
    left, reached_on, short = available, None, 0
    for day in sorted(takes):
        left -= takes[day]
        if left <= 0 and takes[day]:
            reached_on = reached_on or day
            short, left = short - left, 0
    days = {day: by_day[day] for day in sorted(by_day)}
    return Planned(days, reached_on, short, left if lapse else 0, renews_on)


def _days(group: OnIt, plans: Mapping[int, Plan], until: date) -> Iterator[date]:
    """The days before another one on which an email is due to each of a group, on the plan and on those that
    follow it, of which each begins a day after the one before it."""
    plan, day, started = plans[group.plan], group.next_on, group.started
    ids = list(plan.steps)
    steps = [plan.steps[id] for id in ids[ids.index(group.step) :]] if group.step in plan.steps else []
    first = True
    while True:
        for step in steps:
            if not first:
                day = max(day, started + timedelta(days=step.days))
            first = False
            if day >= until:
                return
            if step.emails:
                yield day
        if plan.then is None or plan.then not in plans:
            return
        plan = plans[plan.then]
        steps = list(plan.steps.values())
        day = started = day + timedelta(days=1)


def read_planned(store: Store, account: Account) -> Planned:
    """What is planned of an account, as of its present instant."""
    balance, today = store.credits.balance(account.id), store.credits.today(account.id)
    ends, zone = balance.period.ends, account.timezone
    until = micros(local_midnight(ends, zone))
    with store.connection():
        return planned(
            _waiting(store.database, account.id, zone, until),
            _on_plans(store.database, account.id, zone, until),
            _plans(store.database, account.id),
            balance.available,
            today,
            ends,
            lapse=store.credits.product(account).lapse,
        )


def _waiting(database: Database, account_id: int, zone: str, until: int) -> list[Waiting]:
    held = (Email.hold_id.is_null(False) | Campaign.hold_id.is_null(False)).alias("held")
    counted = (
        Email.select(Email.at, held, fn.COUNT(Email.id).alias("emails"))
        .join(Campaign, JOIN.LEFT_OUTER, on=Campaign.id == Email.campaign)
        .where(
            Email.account_id == account_id,
            Email.status.in_(WAITS),
            Email.at < until,
            Campaign.service.is_null() | (Campaign.service == COUNTS),
        )
        .group_by(Email.at, held)
    )
    return [
        Waiting(local_date(instant(row.at), zone), row.emails, bool(row.held))
        for row in database.fetch(counted)
    ]


def _on_plans(database: Database, account_id: int, zone: str, until: int) -> list[OnIt]:
    """Who is at which step, those who are paused or have no address left out: grouped, so that thousands of
    people are a few rows."""
    same = Enrolment.plan, Enrolment.step, Enrolment.started_on, Enrolment.shift, Enrolment.next_at
    counted = (
        Enrolment.select(*same, fn.COUNT(Enrolment.id).alias("people"))
        .join(SmartPlan, on=SmartPlan.id == Enrolment.plan)
        .switch(Enrolment)
        .join(Contact, on=Contact.id == Enrolment.contact_id)
        .where(
            Enrolment.account_id == account_id,
            Enrolment.next_at < until,
            Enrolment.state == Going.GOING.value,
            SmartPlan.paused_on == "",
            Contact.email != "",
        )
        .group_by(*same)
    )
    return [
        OnIt(
            row.plan_id,
            row.step_id,
            local_date(instant(row.next_at), zone),
            date.fromisoformat(row.started_on) + timedelta(days=row.shift),
            row.people,
        )
        for row in database.fetch(counted)
    ]


def _plans(database: Database, account_id: int) -> Mapping[int, Plan]:
    found = (
        Step.select(Step.id, Step.plan, Step.days, Step.kind, SmartPlan.then_plan)
        .join(SmartPlan, on=SmartPlan.id == Step.plan)
        .where(SmartPlan.account_id == account_id, Step.place.is_null(False))
        .order_by(Step.plan, Step.place)
    )
    plans: dict[int, Plan] = {}
    steps: dict[int, dict[int, ToCome]] = {}
    for row in database.fetch(found):
        of = steps.setdefault(row.plan_id, {})
        of[row.id] = ToCome(row.days, row.kind == StepKind.EMAIL.value)
        plans[row.plan_id] = Plan(of, row.then_plan)
    return plans
