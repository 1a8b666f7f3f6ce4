"""Scheduled texts that are moved, that are held across renewals, and whose clock goes back and forth."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.errors import RefusedByRule
from store.messages.messenger import Messenger
from store.messages.model import Draft, Purpose, Repeat, Status, When
from store.messages.providers import Accepted
from tests.store.messages.conftest import NOON
from tests.store.messages.scripted import Scripted
from tests.store.messages.test_scheduling import (
    BOTH,
    DAY,
    HOUR,
    NEXT_MONTH,
    TOMORROW,
    go_to,
    left,
    only_one,
)
from tests.store.messages.working import ANN, LONDON, ZOE, deliver, numbers

MONDAY = datetime(2026, 4, 20, 13, tzinfo=UTC)


def test_a_late_weekly_text_that_is_sent_now_keeps_its_times(
    store: Store, account: Account, messenger: Messenger
) -> None:
    messenger.send(account.id, BOTH, when=When(MONDAY, repeat=Repeat.WEEKLY))
    assert left(messenger, store, MONDAY + DAY) == []
    assert only_one(messenger, account).code == "missed"
    messenger.move_scheduled(1, MONDAY)
    assert left(messenger, store, MONDAY + DAY) == [ZOE, ANN]
    assert only_one(messenger, account).at == MONDAY + 7 * DAY


def test_a_weekly_text_that_is_moved_goes_on_from_its_new_time(
    store: Store, account: Account, messenger: Messenger
) -> None:
    messenger.send(account.id, BOTH, when=When(MONDAY, repeat=Repeat.WEEKLY))
    messenger.move_scheduled(1, MONDAY + DAY)
    assert left(messenger, store, MONDAY) == []
    assert left(messenger, store, MONDAY + DAY) == [ZOE, ANN]
    assert only_one(messenger, account).at == MONDAY + 8 * DAY


def test_weekly_marketing_is_a_week_apart(store: Store, account: Account, messenger: Messenger) -> None:
    number = "+12125550123"
    draft = Draft(body="Open house", to=(number,), purpose=Purpose.MARKETING)
    messenger.send(account.id, draft, when=When(MONDAY, repeat=Repeat.WEEKLY))
    assert left(messenger, store, MONDAY + timedelta(seconds=40)) == [number]
    assert left(messenger, store, MONDAY + 7 * DAY) == [number]


def test_agreeing_at_the_same_time_keeps_the_day_of_the_month(
    store: Store, account: Account, messenger: Messenger
) -> None:
    begins = datetime(2026, 5, 31, 13, tzinfo=UTC)
    messenger.send(account.id, BOTH, when=When(begins, repeat=Repeat.MONTHLY))
    assert left(messenger, store, begins) == [ZOE, ANN]
    june = only_one(messenger, account).at
    assert june == datetime(2026, 6, 30, 13, tzinfo=UTC)
    messenger.move_scheduled(1, june)
    assert left(messenger, store, june) == [ZOE, ANN]
    assert only_one(messenger, account).at == datetime(2026, 7, 31, 13, tzinfo=UTC)


def test_what_asks_stays_held_across_renewals(store: Store, account: Account, messenger: Messenger) -> None:
    messenger.send(account.id, BOTH, when=TOMORROW)
    go_to(store, NEXT_MONTH)
    deliver(messenger)
    assert (only_one(messenger, account).code, only_one(messenger, account).held) == ("missed", True)
    assert numbers(store, account) == (598, 2, 0)
    messenger.move_scheduled(1, NEXT_MONTH + DAY)
    assert left(messenger, store, NEXT_MONTH + DAY) == [ZOE, ANN]
    assert numbers(store, account) == (598, 0, 0)  # used in April, whose line tells of it


def test_the_rest_of_a_text_of_which_part_has_left_takes_what_is_held_for_it_and_no_more(
    store: Store, account: Account, messenger: Messenger
) -> None:
    for name, phone in (("Liz", LONDON), ("Zoe", ZOE)):
        store.people.add(first_name=name, phone=phone, region="US", groups=["All"])
    draft = Draft(body="Hi", groups=("All",), purpose=Purpose.NOTICE)
    midnight = datetime(2026, 4, 17, tzinfo=UTC)
    messenger.send(account.id, draft, when=When(midnight, each_at="09:30"))
    assert left(messenger, store, midnight + 9 * HOUR) == [LONDON]
    store.people.add(first_name="Ann", phone=ANN, region="US", groups=["All"])
    assert left(messenger, store, midnight + 17 * HOUR) == []
    assert only_one(messenger, account).code == "more"
    with pytest.raises(RefusedByRule) as refused:
        messenger.move_scheduled(1, NOON)
    assert refused.value.code == "partly-left"
    store.consent.opt_out(ANN, account.id, how="noted")
    messenger.move_scheduled(1, NOON)
    assert left(messenger, store, midnight + 17 * HOUR) == [ZOE]
    assert numbers(store, account) == (297, 0, 3)


def test_a_hold_that_took_anothers_place_is_given_back_whole(
    store: Store, account: Account, messenger: Messenger, provider: Scripted
) -> None:
    provider.script = lambda outgoing: Accepted(f"p-{outgoing.id}")
    zoe = store.people.add(first_name="Zoe", phone=ZOE, region="US", groups=["All"])
    messenger.send(account.id, Draft(body="é" * 100 + "ł", groups=("All",)), when=TOMORROW)
    store.people.add(first_name="Ann", phone=ANN, region="US", groups=["All"])
    assert zoe.id
    messenger.move_scheduled(1, NOON + 2 * DAY)  # holds 4 instead of 2
    assert left(messenger, store, NOON + 2 * DAY) == [ZOE, ANN]
    assert numbers(store, account) == (296, 0, 4)
    hold = store.database.row("SELECT hold_id FROM blast WHERE id = 1").hold_id
    store.credits.release(hold, 3, settled=True)
    assert numbers(store, account) == (299, 0, 1)


steps = st.lists(st.integers(-3 * 24 * 60, 4 * 24 * 60), max_size=25)


@settings(max_examples=15)
@given(
    minutes=steps,
    repeat=st.sampled_from(Repeat),
    each_at=st.sampled_from(["", "00:15", "09:30"]),
    begins=st.integers(1, 3 * 24 * 60),
)
def test_a_clock_that_goes_back_and_forth_sends_nobody_a_text_twice(
    minutes: list[int], repeat: Repeat, each_at: str, begins: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = FixedClock(NOON)
        store = Store(str(Path(folder) / "clock.sqlite3"), clock=clock)
        with store.connection():
            account = store.credits.open_account("agent-texts", "300", "America/New_York")
            draft = Draft(body="Hi", to=(ZOE, LONDON), purpose=Purpose.NOTICE)
            at = NOON + timedelta(minutes=begins)
            store.messages.send(account.id, draft, when=When(at, each_at=each_at, repeat=repeat))
            latest = NOON
            for step in minutes:
                clock.instant += timedelta(minutes=step)
                latest = max(latest, clock.instant)
                store.messages.deliver(stop=Event())
                for one in store.messages.scheduled(account.id):
                    if one.code:
                        store.messages.move_scheduled(one.id, clock.instant)
                assert store.credits.verify().problems == ()
            rows = store.database.rows("SELECT blast_id, phone FROM message")
            assert len(rows) == len(set(rows))
            # No more times than have come, and one that was asked about.
            days = (latest - at).days
            most = {Repeat.NEVER: 1, Repeat.WEEKLY: days // 7 + 2}.get(repeat, days // 28 + 2)
            assert len({row.blast_id for row in rows}) <= max(most, 0)
            waits = store.messages.blasts(account.id, limit=100)
            assert all(Status.FAILED not in blast.counts for blast in waits)
        store.close()
