"""What will be sent until the renewal, by day, and when the limit is reached by it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import cast

import pytest

from store import Store
from store.clock import FixedClock, instant, local_date
from store.credits.model import Account
from store.emails.emails import Emails
from store.emails.model import SmartPlan, Step, StepKind
from store.emails.planned import OnIt, Plan, Planned, ToCome, Waiting, planned, read_planned
from store.messages.model import Draft
from tests.store.emails.conftest import NOON

ZONE = "America/New_York"
APRIL = {day: date(2026, 4, day) for day in range(1, 31)}
TODAY, RENEWS = APRIL[16], date(2026, 5, 1)
PLANS = {
    1: Plan({1: ToCome(0, emails=True), 2: ToCome(2, emails=False), 3: ToCome(5, emails=True)}, then=2),
    2: Plan({4: ToCome(0, emails=True), 5: ToCome(30, emails=True)}, then=None),
    3: Plan({6: ToCome(0, emails=True)}, then=3),
}


def of(waiting: list[Waiting], on_plans: list[OnIt], available: int, *, lapse: bool = True) -> Planned:
    return planned(waiting, on_plans, PLANS, available, TODAY, RENEWS, lapse=lapse)


def test_nothing_is_planned_where_nobody_is_on_a_plan_and_nothing_waits() -> None:
    assert of([], [], 40) == Planned({}, None, 0, 40, RENEWS)


def test_where_nothing_lapses_nothing_is_said_to() -> None:
    assert of([], [], 40, lapse=False).lapses == 0


def test_what_is_held_is_planned_but_takes_nothing_any_more() -> None:
    found = of([Waiting(APRIL[18], 30, held=True), Waiting(APRIL[20], 4, held=False)], [], 10)
    assert found == Planned({APRIL[18]: 30, APRIL[20]: 4}, None, 0, 6, RENEWS)


def test_what_is_late_is_planned_for_today_and_what_is_after_the_renewal_not_at_all() -> None:
    found = of([Waiting(APRIL[1], 3, held=True), Waiting(RENEWS, 9, held=False)], [], 10)
    assert found.by_day == {TODAY: 3}


@pytest.mark.parametrize(
    ("available", "reached_on", "short", "lapses"),
    [
        (21, None, 0, 1),
        (20, APRIL[21], 0, 0),
        (19, APRIL[21], 1, 0),
        (10, APRIL[16], 10, 0),
        (0, APRIL[16], 20, 0),
    ],
)
def test_the_limit_is_reached_on_the_day_that_takes_the_last(
    available: int, reached_on: date | None, short: int, lapses: int
) -> None:
    waiting = [Waiting(TODAY, 10, held=False), Waiting(APRIL[21], 10, held=False)]
    found = of(waiting, [], available)
    assert (found.reached_on, found.short, found.lapses) == (reached_on, short, lapses)


def test_the_steps_of_a_plan_and_of_the_one_that_follows_stand_on_their_days() -> None:
    found = of([], [OnIt(1, 1, TODAY, TODAY, 7)], 1_000)
    assert found.by_day == {TODAY: 7, APRIL[21]: 7, APRIL[22]: 7}
    assert found.sends == 21


def test_who_is_late_gets_no_later_step_before() -> None:
    found = of([], [OnIt(1, 2, APRIL[28], APRIL[1], 1)], 1_000)
    assert found.by_day == {APRIL[28]: 1, APRIL[29]: 1}


def test_a_plan_that_follows_itself_goes_on_until_the_renewal() -> None:
    found = of([], [OnIt(3, 6, APRIL[28], APRIL[28], 1)], 1_000)
    assert found.by_day == {APRIL[day]: 1 for day in (28, 29, 30)}


# As it comes


STEPS = (
    Step(0, "Welcome", "Hi"),
    Step(2, "", "Call them", kind=StepKind.TASK),
    Step(3, "Directions", "Hi", hour="09:30"),
    Step(40, "A year", "Hi"),
)


def people(store: Store, count: int) -> list[str]:
    addresses = [f"person{number}@example.com" for number in range(count)]
    for number, address in enumerate(addresses):
        store.people.add(first_name=f"Person {number}", email=address, region="US")
    return addresses


def put_at(store: Store, at: datetime) -> None:
    cast("FixedClock", store.clock).instant = at


def test_what_is_planned_is_what_is_sent(store: Store, account: Account, emails: Emails) -> None:
    addresses = people(store, 6)
    store.smartplans.start(account.id, SmartPlan("Follow-up", STEPS), to=addresses[:4])
    second = store.smartplans.start(account.id, SmartPlan("Paused", STEPS), to=addresses)
    store.smartplans.pause(second.plan)
    draft = Draft(subject="Open house", body="Come", to=tuple(addresses))
    emails.send(account.id, draft, at=NOON + timedelta(days=3))
    emails.send(account.id, draft, at=datetime(2026, 5, 2, 16, tzinfo=UTC))
    foreseen = read_planned(store, account)
    assert foreseen.by_day == {TODAY: 4, APRIL[19]: 10}
    available = store.credits.balance(account.id).available
    assert (foreseen.reached_on, foreseen.lapses) == (None, available - 8)
    for day in range(15):
        put_at(store, NOON + timedelta(days=day))
        store.smartplans.run_due(account.id)
        emails.deliver(account.id)
    sent = store.database.rows("SELECT sent_at FROM email WHERE status = 'sent'")
    assert Counter(local_date(instant(row.sent_at), ZONE) for row in sent) == foreseen.by_day
    assert read_planned(store, account).by_day == {}


def test_the_day_on_which_the_limit_is_reached_is_told_before(store: Store, account: Account) -> None:
    addresses = people(store, 5)
    store.smartplans.start(account.id, SmartPlan("Follow-up", STEPS), to=addresses)
    store.credits.charge(account.id, 4_993)
    assert read_planned(store, account).reached_on == APRIL[19]
    assert read_planned(store, account).short == 3
