"""One round after a year does what a year of rounds does, row for row, whatever the plan, the zones and the
clock; and whoever dies in between leaves each step done once."""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.emails.model import SmartPlan, Step, StepKind
from store.emails.timing import due
from store.people.model import Details
from tests.environment import CHECKOUT
from tests.store.emails.conftest import NOON

YEAR = NOON + timedelta(days=365)
ZONES = ("", "Europe/Paris", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu")
MANY = """
id = "agent-email"
name = "Agent email"
sends = "emails"
billing = ["monthly"]
renewal_day = 1
thresholds = [80]
charged_on = "accepted"
inbound_charged = false
[unused]
lapse = true
[changes]
upgrade = "difference"
downgrade = "renewal"
cancel = "now"
cancel_to = "free"
[rates]
email = 1
[[plans]]
id = "free"
credits = 500000
price_cents = 0
"""
"""Enough for what a year of a plan sends, in one month as well as in twelve."""

hours = st.one_of(
    st.just(""), st.builds(lambda h, m: f"{h:02}:{m:02}", st.integers(0, 23), st.sampled_from([0, 30, 45]))
)
kinds = st.sampled_from([StepKind.EMAIL, StepKind.EMAIL, StepKind.TASK])


@st.composite
def plans(draw: st.DrawFn) -> tuple[Step, ...]:
    days = sorted(draw(st.lists(st.integers(0, 120), min_size=1, max_size=6)))
    return tuple(Step(day, f"{day}", "x", draw(kinds), draw(hours)) for day in days)


def lived(
    folder: Path, steps: Sequence[Step], zones: Sequence[str], rounds: Iterable[datetime], *, follows: bool
) -> list[list[tuple[object, ...]]]:
    """The rows of a database in which a plan went on in these rounds: emails, tasks, who is on plans."""
    (folder / "agent-email.toml").write_text(MANY)
    clock = FixedClock(NOON)
    store = Store(str(folder / "plans.sqlite3"), clock=clock, catalog=folder)
    with store.connection():
        account = store.credits.open_account("agent-email", "free", "America/New_York", demo_clock=True)
        with store.database.transaction():
            people = [
                store.people.add(
                    first_name=f"P{number}",
                    email=f"p{number}@example.com",
                    region="US",
                    details=Details(zone=zone),
                ).id
                for number, zone in enumerate(zones)
            ]
        plan = store.smartplans.keep(account.id, SmartPlan("Plan", tuple(steps)))
        if follows:
            store.smartplans.follow(plan, plan)
        store.smartplans.start(account.id, plan, contacts=people)
        for now in rounds:
            clock.instant = now
            store.smartplans.run_due(account.id)
        assert store.credits.verify().ok
        rows = [
            sorted(map(tuple, store.database.execute(f"SELECT {columns} FROM {table}").fetchall()))
            for table, columns in (
                ("email", "id, enrolment_id, step_id, contact_id, address, subject, at, status, reason"),
                ("task", "id, enrolment, step, contact_id, text, due_at"),
                ("enrolment", "id, contact_id, run, started_at, started_on, step_id, next_at, state"),
            )
        ]
    store.close()
    return [[tuple(map(str, row)) for row in table] for table in rows]


@pytest.mark.parametrize("people", [24, pytest.param(10_000, marks=pytest.mark.long)])
def test_one_round_after_a_year_does_what_a_round_a_day_does(tmp_path: Path, people: int) -> None:
    hour = itertools.cycle(["", "09:30", "18:00"])
    kind = itertools.cycle([StepKind.EMAIL] * 3 + [StepKind.TASK])
    steps = [Step(day, f"Day {day}", "x", next(kind), next(hour)) for day in range(0, 360, 30)]
    zones = list(itertools.islice(itertools.cycle(ZONES), people))
    days = [NOON + timedelta(days=day) for day in range(366)]
    found = []
    for name, rounds in (("daily", days), ("once", [YEAR])):
        (tmp_path / name).mkdir()
        found.append(lived(tmp_path / name, steps, zones, rounds, follows=False))
    daily, once = found
    assert daily == once
    assert (len(once[0]), len(once[1])) == (people * 9, people * 3)


@settings(max_examples=8, deadline=None)
@given(
    steps=plans(),
    zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=4),
    days=st.lists(st.floats(0, 365), max_size=12),
    follows=st.booleans(),
)
def test_rounds_at_any_times_with_the_clock_set_back_between_them_come_to_the_same(
    steps: tuple[Step, ...], zones: list[str], days: list[float], follows: bool
) -> None:
    end = NOON + timedelta(days=130)
    some = [NOON + timedelta(days=day * 130 / 365) for day in days]  # as they come, not in their order
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        once = lived(Path(first), steps, zones, [end], follows=follows)
        assert lived(Path(second), steps, zones, [*some, end], follows=follows) == once


@given(
    days=st.lists(st.integers(0, 400), min_size=2, max_size=8).map(sorted),
    hour=st.sampled_from(["00:00", "02:30", "09:30", "23:59"]),
    zones=st.lists(st.sampled_from(ZONES[1:]), min_size=1, max_size=3),
)
def test_steps_are_due_in_their_order_each_at_its_hour_and_none_before_its_day(
    days: list[int], hour: str, zones: list[str]
) -> None:
    after, started = NOON, NOON.date()
    for day in days:
        at = due(started, day, hour, home="America/New_York", zones=zones, after=after)
        assert at >= after
        assert at.date() >= started + timedelta(days=day - 1)  # east of Greenwich it is tomorrow earlier
        assert at <= max(after, NOON + timedelta(days=day)) + timedelta(days=3)
        after = at


@pytest.mark.parametrize(
    ("started", "hour", "zone", "at"),
    [
        # Forward from 2:00 to 3:00: half past two is half past three. Back from 3:00 to 2:00: the first.
        (
            datetime(2026, 3, 29, tzinfo=UTC),
            "02:30",
            "Europe/Paris",
            datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        ),
        (
            datetime(2026, 10, 25, tzinfo=UTC),
            "02:30",
            "Europe/Paris",
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        ),
        (
            datetime(2026, 3, 28, tzinfo=UTC),
            "02:30",
            "Europe/Paris",
            datetime(2026, 3, 28, 1, 30, tzinfo=UTC),
        ),
    ],
)
def test_an_hour_that_clocks_leave_out_or_show_twice(
    started: datetime, hour: str, zone: str, at: datetime
) -> None:
    found = due(started.date(), 0, hour, home="UTC", zones=[zone], after=started)
    assert found == at


DIE = """
import os, signal, sys
from store import Store
from store.clock import FixedClock
from store.credits.ledger import Ledger
from tests.store.emails.conftest import NOON

holds, hold = 0, Ledger.hold

def dying(*args, **kwargs):
    global holds
    holds += 1
    if (holds, sys.argv[2]) == (3, "before"):
        os.kill(os.getpid(), signal.SIGKILL)
    id = hold(*args, **kwargs)
    if (holds, sys.argv[2]) == (3, "after"):
        os.kill(os.getpid(), signal.SIGKILL)
    return id

Ledger.hold = dying
store = Store(sys.argv[1], clock=FixedClock(NOON))
store.smartplans.run_due(1)
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_between_a_step_and_its_email_each_step_is_done_once_all_the_same(
    store: Store, url: str, account: Account, moment: str
) -> None:
    plan = SmartPlan("Two", (Step(0, "One", "1"), Step(0, "Two", "2")))
    store.smartplans.start(account.id, plan, to=[f"p{number}@example.com" for number in range(5)])
    died = subprocess.run([sys.executable, "-c", DIE, url, moment], cwd=CHECKOUT)
    assert died.returncode == -signal.SIGKILL
    store.smartplans.run_due(account.id)
    for contact in store.people.contacts():
        assert [email.subject for email in store.emails.timeline(contact.id)] == ["Two", "One"]
    balance = store.credits.balance(account.id)
    assert (balance.held, balance.available) == (10, 4_990)
    assert store.credits.verify().ok
