"""Texts that leave later: what they hold, who gets them when they leave, and when they ask instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account, Kind
from store.errors import NotEnoughCredits, RefusedByRule, WrongUsage
from store.messages.gating import Policy
from store.messages.messenger import Messenger
from store.messages.model import BlastSummary, Draft, Purpose, Repeat, Status, Waiting, When
from store.messages.quiet_files import FILE as QUIET
from store.messages.schedule_model import Scheduled
from store.people.model import Details
from tests.store.messages.conftest import NOON
from tests.store.messages.scripted import Scripted
from tests.store.messages.working import ANN, LONDON, ZOE, deliver, numbers

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BOTH = Draft(body="See you there", to=(ZOE, ANN), purpose=Purpose.NOTICE)
TOMORROW = When(NOON + DAY)
NEXT_MONTH = datetime(2026, 5, 20, 16, tzinfo=UTC)


def go_to(store: Store, instant: datetime) -> None:
    assert isinstance(store.clock, FixedClock)
    store.clock.instant = instant


def left(messenger: Messenger, store: Store, instant: datetime) -> list[str]:
    """The numbers to which texts go out at an instant."""
    go_to(store, instant)
    before = len(provider_of(messenger).given)
    deliver(messenger)
    return sorted(one.to for one in provider_of(messenger).given[before:])


def provider_of(messenger: Messenger) -> Scripted:
    provider = messenger._senders.provider("")
    assert isinstance(provider, Scripted)
    return provider


def only_one(messenger: Messenger, account: Account) -> Scheduled:
    [one] = messenger.scheduled(account.id)
    return one


def lines(store: Store, account: Account) -> list[tuple[str, int, str]]:
    """Of the history since it was opened, oldest first: kind, credits and day."""
    history = store.credits.history(account.id)[::-1]
    return [(one.kind, one.delta, one.on.isoformat()) for one in history if one.cause == "blast"]


def again(messenger: Messenger, blast: BlastSummary) -> BlastSummary:
    return messenger.blast(blast.id)


class GoesOn(FixedClock):
    """A clock that goes on whenever it is looked at, as a demo's does."""

    def of(self, account_id: int, stood: datetime | None) -> datetime:
        self.instant += timedelta(milliseconds=1)
        return self.instant


@pytest.mark.parametrize("act", ["send", "move", "cancel"])
def test_credits_are_held_once_while_a_demo_clock_goes_on(url: str, act: str) -> None:
    store = Store(url, clock=GoesOn(NOON))
    with store.connection():
        account = store.credits.open_account("agent-texts", "300", "America/New_York", demo_clock=True)
        store.messages.send(account.id, BOTH, when=TOMORROW)
        (one,) = store.messages.scheduled(account.id)
        if act == "move":
            store.messages.move_scheduled(one.id, NOON + 40 * DAY)
            store.messages.move_scheduled(one.id, NOON + 2 * DAY)
        elif act == "cancel":
            store.messages.cancel_scheduled(one.id)
        held = 0 if act == "cancel" else 2
        balance = store.credits.balance(account.id)
        assert (balance.available, balance.held) == (300 - held, held)
        assert store.credits.verify().problems == ()
    store.close()


def test_a_text_before_the_renewal_holds_its_credits_and_leaves_at_its_time(
    store: Store, account: Account, messenger: Messenger
) -> None:
    draft = messenger.save_draft(BOTH)
    blast = messenger.send(account.id, draft, when=TOMORROW)
    assert (blast.recipients, blast.credits, blast.counts, blast.leaves_at) == (2, 2, {}, NOON + DAY)
    assert messenger.drafts() == []
    assert numbers(store, account) == (298, 2, 0)
    one = only_one(messenger, account)
    assert (one.blast_id, one.at, one.next_at, one.people, one.credits, one.held, one.state, one.asks) == (
        *(blast.id, NOON + DAY, NOON + DAY, 2, 2, True, Waiting.WAITING, None),
    )
    assert left(messenger, store, NOON + DAY - timedelta(seconds=1)) == []
    assert left(messenger, store, NOON + DAY) == [ZOE, ANN]
    gone = again(messenger, blast)
    assert (gone.created_at, gone.recipients, gone.credits, gone.counts, gone.leaves_at, gone.cancelled) == (
        *(NOON + DAY, 2, 2, {Status.SENT: 2}, None, False),
    )
    assert messenger.scheduled(account.id) == []
    assert numbers(store, account) == (298, 0, 2)
    assert lines(store, account) == [("used", -2, "2026-04-16")]
    assert left(messenger, store, NOON + 2 * DAY) == []


def test_a_text_after_the_renewal_is_held_as_the_period_begins(
    store: Store, account: Account, messenger: Messenger
) -> None:
    blast = messenger.send(account.id, BOTH, when=When(NEXT_MONTH))
    assert numbers(store, account) == (300, 0, 0)
    assert (only_one(messenger, account).held, only_one(messenger, account).credits) == (False, 2)
    go_to(store, datetime(2026, 5, 3, 12, tzinfo=UTC))
    store.credits.balance(account.id)
    assert only_one(messenger, account).held
    hold = store.credits.history(account.id)[0]
    assert (hold.kind, hold.delta, hold.at, hold.reference) == (
        *(Kind.USED, -2, datetime(2026, 5, 1, 4, tzinfo=UTC), str(blast.id)),
    )
    assert left(messenger, store, NEXT_MONTH) == [ZOE, ANN]
    assert numbers(store, account) == (598, 0, 2)


def test_what_cannot_be_paid_before_the_renewal_is_not_scheduled_and_the_draft_is_kept(
    store: Store, account: Account, messenger: Messenger
) -> None:
    store.credits.hold(account.id, 299, cause="blast", reference="0")
    draft = messenger.save_draft(BOTH)
    with pytest.raises(NotEnoughCredits):
        messenger.send(account.id, draft, when=TOMORROW)
    assert (messenger.scheduled(account.id), messenger.drafts()) == ([], [draft])
    found = messenger.estimate(account.id, draft, When(NEXT_MONTH))
    assert (found.credits, found.sendable) == (2, True)
    messenger.send(account.id, draft, when=When(NEXT_MONTH), agreed=found)
    assert numbers(store, account) == (1, 299, 0)


def test_what_cannot_be_paid_as_the_period_begins_asks(
    store: Store, account: Account, messenger: Messenger
) -> None:
    store.credits.hold(account.id, 300, cause="blast", reference="0")
    messenger.send(account.id, Draft(body="x", to=many(301)), when=When(NEXT_MONTH))
    go_to(store, datetime(2026, 5, 3, 12, tzinfo=UTC))
    store.credits.balance(account.id)
    one = only_one(messenger, account)
    assert (one.state, one.code, one.held) == (Waiting.ASKS, "credits", False)
    assert left(messenger, store, NEXT_MONTH) == []
    assert numbers(store, account) == (300, 300, 0)


def many(count: int) -> tuple[str, ...]:
    return tuple(f"+1415555{at:04}" for at in range(100, 100 + count))


def test_fewer_people_leave_and_the_difference_comes_back(
    store: Store, account: Account, messenger: Messenger
) -> None:
    blast = messenger.send(account.id, BOTH, when=TOMORROW)
    store.consent.opt_out(ANN, account.id, how="noted")
    assert left(messenger, store, NOON + DAY) == [ZOE]
    assert numbers(store, account) == (299, 0, 1)
    assert lines(store, account) == [("used", -2, "2026-04-16"), ("released", 1, "2026-04-17")]
    assert (again(messenger, blast).recipients, again(messenger, blast).credits) == (1, 1)


def test_nobody_left_leaves_nothing_and_the_blast_stands_as_cancelled(
    store: Store, account: Account, messenger: Messenger
) -> None:
    blast = messenger.send(account.id, BOTH, when=TOMORROW)
    store.consent.opt_out(ZOE, account.id, how="noted")
    store.consent.opt_out(ANN, account.id, how="noted")
    assert left(messenger, store, NOON + DAY) == []
    gone = again(messenger, blast)
    assert (gone.cancelled, gone.recipients, gone.credits, gone.leaves_at) == (True, 0, 0, None)
    assert [(one.phone, one.code) for one in messenger.left_out(blast.id)] == [
        *((ZOE, "opted-out"), (ANN, "opted-out")),
    ]
    assert numbers(store, account) == (300, 0, 0)
    assert messenger.scheduled(account.id) == []


@pytest.mark.parametrize("to", [(), (ANN,)])
def test_a_group_that_has_another_name_by_now_asks(
    store: Store, account: Account, messenger: Messenger, to: tuple[str, ...]
) -> None:
    store.people.add(first_name="Zoe", phone=ZOE, region="US", groups=["Buyers"])
    messenger.send(account.id, Draft(body="Hi", to=to, groups=("Buyers", "Sellers")), when=TOMORROW)
    store.people.rename_group("Buyers", "Home buyers")
    assert left(messenger, store, NOON + DAY) == []
    assert only_one(messenger, account).code == "empty-group"
    store.people.rename_group("Home buyers", "Buyers")
    messenger.move_scheduled(only_one(messenger, account).id, NOON)
    assert left(messenger, store, NOON + DAY) == sorted([ZOE, *to])


def test_more_people_than_agreed_ask_and_moving_agrees_anew(
    store: Store, account: Account, messenger: Messenger
) -> None:
    store.people.add(first_name="Zoe", phone=ZOE, region="US", groups=["Buyers"])
    messenger.send(account.id, Draft(body="Hi", groups=("Buyers",)), when=TOMORROW)
    store.people.add(first_name="Ann", phone=ANN, region="US", groups=["Buyers"])
    assert left(messenger, store, NOON + DAY) == []
    one = only_one(messenger, account)
    assert (one.state, one.code, str(one.asks)) == (
        *(Waiting.ASKS, "more"),
        "This now costs more or goes to more people than you agreed to. Nothing was sent.",
    )
    assert numbers(store, account) == (299, 1, 0)
    look = messenger.scheduled_look(one.id, NOON)
    assert (look.credits, look.recipients, look.available_after) == (2, 2, 298)
    messenger.move_scheduled(one.id, NOON, agreed=look)
    assert left(messenger, store, NOON + DAY) == [ZOE, ANN]
    assert numbers(store, account) == (298, 0, 2)


def test_a_longer_name_costs_more_than_agreed(store: Store, account: Account, messenger: Messenger) -> None:
    zoe = store.people.add(first_name="Z", phone=ZOE, region="US")
    messenger.send(account.id, Draft(body="{first_name}" + "x" * 158, contacts=(zoe.id,)), when=TOMORROW)
    store.people.update(
        zoe.id, first_name="Zoë", last_name="", company="", phone=ZOE, email="", groups=(), region="US"
    )
    assert left(messenger, store, NOON + DAY) == []
    assert only_one(messenger, account).code == "more"


def test_a_mistake_that_came_since_asks(store: Store, account: Account, messenger: Messenger) -> None:
    store.people.add(first_name="Zoe", phone=ZOE, region="US", groups=["Buyers"])
    store.people.add(first_name="Ann", phone=ANN, region="US", groups=["Neighbours"])
    draft = Draft(body="Hi", groups=("Buyers",), but_groups=("Neighbours",))
    messenger.send(account.id, draft, when=TOMORROW)
    store.people.remove_group("Neighbours")
    assert left(messenger, store, NOON + DAY) == []
    one = only_one(messenger, account)
    assert (one.state, one.code) == (Waiting.ASKS, "no-such-exception")
    assert numbers(store, account) == (299, 1, 0)
    with pytest.raises(WrongUsage):
        messenger.move_scheduled(one.id, NOON)
    messenger.cancel_scheduled(one.id)
    assert numbers(store, account) == (300, 0, 0)


def test_no_plan_asks(store: Store, messenger: Messenger) -> None:
    account = store.credits.open_account("community-texts", "50", "America/New_York")
    messenger.send(account.id, BOTH, when=When(NOON + 40 * DAY))
    quote = store.credits.quote_cancel(account.id)
    store.credits.place(account.id, quote, key="cancel")
    assert left(messenger, store, NOON + 40 * DAY) == []
    assert only_one(messenger, account).code == "no-plan"
    messenger.move_scheduled(only_one(messenger, account).id, NOON + 40 * DAY)  # by what is left
    assert left(messenger, store, NOON + 40 * DAY) == [ZOE, ANN]
    assert messenger.scheduled(account.id) == []


@pytest.mark.parametrize(
    ("late", "asks"),
    [(timedelta(0), ""), (HOUR, ""), (HOUR + timedelta(seconds=1), "missed"), (DAY, "missed")],
)
def test_what_is_more_than_an_hour_late_asks(
    store: Store, account: Account, messenger: Messenger, late: timedelta, asks: str
) -> None:
    messenger.send(account.id, BOTH, when=TOMORROW)
    assert bool(left(messenger, store, NOON + DAY + late)) is not bool(asks)
    assert [one.code for one in messenger.scheduled(account.id)] == ([asks] if asks else [])
    assert numbers(store, account) == ((298, 2, 0) if asks else (298, 0, 2))


@pytest.mark.parametrize("purpose", [Purpose.NOTICE, Purpose.CONVERSATION, Purpose.MARKETING])
def test_what_comes_late_into_quiet_hours_asks(
    store: Store, account: Account, messenger: Messenger, purpose: Purpose
) -> None:
    number = "+12125550123"
    marketing = Draft(body="Hi", to=(number,), purpose=Purpose.MARKETING)
    [closes] = messenger.audience(account.id, marketing).closes.values()
    planned = closes - timedelta(minutes=10)
    draft = Draft(body="Hi", to=(number,), purpose=purpose)
    messenger.send(account.id, draft, when=When(planned))
    gone = left(messenger, store, planned + timedelta(minutes=20))
    assert gone == []
    assert [one.code for one in messenger.scheduled(account.id)] == ["missed"]


def test_a_mistake_in_a_file_of_quiet_hours_asks_and_the_worker_goes_on(
    store: Store, account: Account, messenger: Messenger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    messenger.send(account.id, BOTH, when=TOMORROW)
    (tmp_path / QUIET).write_text("all quiet")
    monkeypatch.setattr(messenger._gates, "_policy", Policy(catalog=lambda: tmp_path))
    assert left(messenger, store, NOON + DAY + timedelta(minutes=5)) == []
    assert only_one(messenger, account).state is Waiting.ASKS


@pytest.mark.alone("a backup's texts are those of all accounts")
def test_what_was_due_since_a_backup_was_made_asks_and_what_comes_later_leaves(
    store: Store, account: Account, messenger: Messenger
) -> None:
    messenger.send(account.id, BOTH, when=TOMORROW)
    messenger.send(account.id, BOTH, when=When(NOON + 2 * DAY))
    go_to(store, NOON + DAY + timedelta(minutes=20))
    messenger.doubt_queued()
    assert left(messenger, store, NOON + DAY + timedelta(minutes=20)) == []
    asks, waits = messenger.scheduled(account.id)
    assert (asks.state, asks.code, str(asks.asks)) == (
        *(Waiting.ASKS, "restored"),
        "This was due after the backup was made, so it may have been sent already. Nothing was sent again.",
    )
    assert waits.state is Waiting.WAITING
    messenger.cancel_scheduled(asks.id)
    assert left(messenger, store, NOON + 2 * DAY) == [ZOE, ANN]
    assert numbers(store, account) == (298, 0, 2)


def test_by_a_demo_clock_nothing_is_missed(store: Store, messenger: Messenger) -> None:
    account = store.credits.open_account("agent-texts", "300", "America/New_York", demo_clock=True)
    blast = messenger.send(account.id, BOTH, when=TOMORROW)
    assert left(messenger, store, NOON + 100 * DAY) == [ZOE, ANN]
    assert again(messenger, blast).created_at == NOON + DAY
    assert store.credits.verify().ok


def test_each_leaves_at_an_hour_of_their_own_day_and_once(
    store: Store, account: Account, messenger: Messenger
) -> None:
    to = (LONDON, "+12125550123", "+14155552671")
    when = When(datetime(2026, 4, 17, 0, 0, tzinfo=UTC), each_at="09:30")
    blast = messenger.send(account.id, Draft(body="Hi", to=to, purpose=Purpose.NOTICE), when=when)
    assert numbers(store, account) == (300 - 4, 4, 0)
    in_london = datetime(2026, 4, 17, 8, 30, tzinfo=UTC)
    assert again(messenger, blast).leaves_at == in_london
    assert left(messenger, store, in_london + timedelta(seconds=5)) == [LONDON]
    part = again(messenger, blast)
    assert (part.recipients, part.credits, part.leaves_at) == (3, 4, in_london + 5 * HOUR)
    assert (only_one(messenger, account).people, only_one(messenger, account).credits) == (2, 2)
    assert left(messenger, store, in_london + 5 * HOUR) == ["+12125550123"]
    assert left(messenger, store, in_london + 8 * HOUR) == ["+14155552671"]
    whole = again(messenger, blast)
    assert (whole.recipients, whole.credits, whole.counts, whole.leaves_at, whole.created_at) == (
        *(3, 4, {Status.SENT: 3}, None, in_london + timedelta(seconds=5)),
    )
    assert numbers(store, account) == (296, 0, 4)


def test_a_household_gets_one_of_what_leaves_in_parts_though_the_one_who_got_it_is_out_by_then(
    store: Store, account: Account, messenger: Messenger
) -> None:
    for number, zone in (ZOE, "Europe/London"), (ANN, "America/Los_Angeles"), (LONDON, "America/New_York"):
        details = Details(zone=zone, household="" if number == LONDON else "12A")
        store.people.add(first_name="P", phone=number, region="US", groups=["All"], details=details)
    draft = Draft(body="Open house", groups=("All",), purpose=Purpose.MARKETING, household=True)
    messenger.send(account.id, draft, when=When(NOON + DAY / 2, each_at="10:00"))
    first = left(messenger, store, datetime(2026, 4, 17, 9, 1, tzinfo=UTC))
    assert len(first) == 1
    store.consent.opt_out(first[0], account.id, why="STOP")
    for hour in (14, 17):
        first += left(messenger, store, datetime(2026, 4, 17, hour, 1, tzinfo=UTC))
    assert sorted(first) == sorted([ZOE, LONDON])
    assert store.credits.verify().ok


def test_it_leaves_late_though_quiet_hours_began_for_somebody_who_has_it(
    store: Store, account: Account, messenger: Messenger
) -> None:
    for number, zone in (ZOE, "Asia/Kabul"), (ANN, "America/Los_Angeles"):
        store.people.add(
            first_name="P", phone=number, region="US", groups=["All"], details=Details(zone=zone)
        )
    draft = Draft(body="Hi", groups=("All",), purpose=Purpose.NOTICE)
    messenger.send(account.id, draft, when=When(NOON + DAY / 2, each_at="09:20"))
    assert left(messenger, store, datetime(2026, 4, 17, 4, 50, tzinfo=UTC)) == [ZOE]
    after_nine_in_kabul = datetime(2026, 4, 17, 16, 35, tzinfo=UTC)
    assert left(messenger, store, after_nine_in_kabul) == [ANN]


def test_who_was_left_out_of_one_part_for_quiet_hours_is_in_none_that_leaves_after_them(
    store: Store,
    account: Account,
    messenger: Messenger,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    head, everywhere = "area,days,opens,closes,source,as_of", "*,mon-sun,08:00,21:00,us,2026-04-16"
    (tmp_path / QUIET).write_text(f"{head}\n{everywhere}\nGB,mon-sun,12:00,21:00,us,2026-04-16\n")
    monkeypatch.setattr(messenger._gates, "_policy", Policy(catalog=lambda: tmp_path))
    to = (LONDON, "+12125550123", "+14155552671")
    blast = messenger.send(
        account.id,
        Draft(body="Hi", to=to, purpose=Purpose.MARKETING),
        when=When(NOON + DAY / 2, each_at="09:30"),
    )
    assert blast.recipients == 2
    assert left(messenger, store, datetime(2026, 4, 17, 13, 30, tzinfo=UTC)) == ["+12125550123"]
    assert left(messenger, store, datetime(2026, 4, 17, 16, 30, tzinfo=UTC)) == ["+14155552671"]
    assert [(one.phone, one.code) for one in messenger.left_out(blast.id)] == [(LONDON, "quiet-hours")]


def test_who_is_in_quiet_hours_gets_it_after_them(
    store: Store, account: Account, messenger: Messenger
) -> None:
    draft = Draft(body="Hi", to=("+61291234567", "+12125550123"), purpose=Purpose.MARKETING)
    found = messenger.estimate(account.id, draft, When(later=True))
    blast = messenger.send(account.id, draft, when=When(later=True), agreed=found)
    deliver(messenger)
    assert [one.to for one in provider_of(messenger).given] == ["+12125550123"]
    waits = again(messenger, blast).leaves_at
    assert waits is not None
    assert waits > NOON
    assert left(messenger, store, waits) == ["+61291234567"]
    assert list(messenger.left_out(blast.id)) == []
    assert messenger.scheduled(account.id) == []
    assert store.credits.verify().ok


@pytest.mark.parametrize("when", [When(NOON, each_at="09:30"), When(NOON - 10 * HOUR, later=True)])
def test_a_weekly_marketing_text_that_leaves_in_parts_reaches_everybody_each_week(
    store: Store, account: Account, messenger: Messenger, when: When
) -> None:
    to = ("+12125550123", "+14155552671")
    when = replace(when, at=(when.at or NOON) + DAY, repeat=Repeat.WEEKLY)
    messenger.send(account.id, Draft(body="Sale", to=to, purpose=Purpose.MARKETING), when=when)
    reached = []
    for day in range(16):
        for hours in (14, 20, 22, 23, 24, 25):
            reached += left(messenger, store, NOON + day * DAY + hours * HOUR)
    assert sorted(reached) == sorted(3 * to)


def test_days_between_count_until_the_text_leaves(
    store: Store, account: Account, messenger: Messenger
) -> None:
    messenger.send(account.id, BOTH)
    deliver(messenger)
    draft = Draft(body="Sale", to=(ZOE, ANN), purpose=Purpose.MARKETING)
    assert messenger.audience(account.id, draft, When(NOON + 6 * DAY)).recipients == ()
    messenger.send(account.id, draft, when=When(NOON + 8 * DAY))
    assert left(messenger, store, NOON + 8 * DAY) == [ZOE, ANN]


def test_a_text_cancelled_after_its_first_part_stands_as_what_has_left(
    store: Store, account: Account, messenger: Messenger
) -> None:
    when = When(datetime(2026, 4, 17, 0, 0, tzinfo=UTC), each_at="09:30")
    draft = Draft(body="Hi", to=(LONDON, "+12125550123"), purpose=Purpose.NOTICE)
    blast = messenger.send(account.id, draft, when=when)
    assert left(messenger, store, datetime(2026, 4, 17, 8, 30, 5, tzinfo=UTC)) == [LONDON]
    messenger.cancel(blast.id)
    gone = again(messenger, blast)
    assert (gone.recipients, gone.credits, gone.cancelled, gone.leaves_at) == (1, 2, True, None)
    assert messenger.proof(blast.id).people == len(list(messenger.proof_lines(blast.id))) == 1
    assert numbers(store, account) == (298, 0, 2)


def test_later_with_nobody_in_quiet_hours_is_an_ordinary_text(
    store: Store, account: Account, messenger: Messenger
) -> None:
    draft = Draft(body="Hi", to=("+12125550123",), purpose=Purpose.MARKETING)
    blast = messenger.send(account.id, draft, when=When(later=True))
    assert (blast.leaves_at, blast.counts) == (None, {Status.QUEUED: 1})
    past = messenger.send(account.id, BOTH, when=When(NOON - DAY))
    assert (past.leaves_at, past.counts) == (None, {Status.QUEUED: 2})


def test_who_wrote_since_does_not_get_it_where_it_withdraws(store: Store) -> None:
    account = store.credits.open_account("agent-texts", "300", "America/New_York", demo_clock=True)
    messenger = store.messages
    messenger.receive(account.id, ANN, "Before")
    go_to(store, NOON + HOUR)
    messenger.send(account.id, BOTH, when=When(NOON + DAY, withdraws=True))
    kept = messenger.send(account.id, BOTH, when=When(NOON + DAY))
    go_to(store, NOON + 2 * HOUR)
    messenger.receive(account.id, ZOE, "I'll be there")
    go_to(store, NOON + DAY)
    messenger.leave_due(account.id)
    withdrawn, whole = (messenger.blast(one) for one in (kept.id - 1, kept.id))
    assert ([one.to for one in messenger.messages(withdrawn.id)], whole.recipients) == ([ANN], 2)
    assert store.credits.verify().ok


def test_a_weekly_text_comes_again_and_holds_its_next_time_only(
    store: Store, account: Account, messenger: Messenger
) -> None:
    blast = messenger.send(account.id, BOTH, when=When(NOON + DAY, repeat=Repeat.WEEKLY))
    assert left(messenger, store, NOON + DAY) == [ZOE, ANN]
    assert numbers(store, account) == (296, 2, 2)
    one = only_one(messenger, account)
    assert (one.blast_id, one.at, one.held) == (blast.id + 1, NOON + 8 * DAY, True)
    assert left(messenger, store, NOON + 8 * DAY) == [ZOE, ANN]
    one = only_one(messenger, account)
    may = NOON + 15 * DAY  # the 1st, behind the renewal
    assert (one.id, one.blast_id, one.at, one.held) == (1, blast.id + 2, may, False)
    assert left(messenger, store, may) == [ZOE, ANN]
    assert numbers(store, account)[1:] == (2, 2)


def test_moving_a_text_holds_what_it_costs_at_its_new_time(
    store: Store, account: Account, messenger: Messenger
) -> None:
    blast = messenger.send(account.id, BOTH, when=TOMORROW)
    one = only_one(messenger, account)
    moved = messenger.move_scheduled(one.id, NOON + 2 * DAY)
    assert (moved.at, moved.next_at, moved.held, moved.id) == (NOON + 2 * DAY, NOON + 2 * DAY, True, one.id)
    assert lines(store, account) == [("used", -2, "2026-04-16")]
    assert not messenger.move_scheduled(one.id, NEXT_MONTH).held
    assert numbers(store, account) == (300, 0, 0)
    assert messenger.move_scheduled(one.id, NOON + DAY).held
    assert left(messenger, store, NOON + DAY) == [ZOE, ANN]
    assert numbers(store, account) == (298, 0, 2)
    assert again(messenger, blast).counts == {Status.SENT: 2}


def test_moving_to_now_leaves_at_once(store: Store, account: Account, messenger: Messenger) -> None:
    messenger.send(account.id, BOTH, when=TOMORROW)
    messenger.move_scheduled(only_one(messenger, account).id, NOON)
    assert messenger.scheduled(account.id) == []
    assert left(messenger, store, NOON) == [ZOE, ANN]


def test_moving_agrees_to_what_was_shown_only(store: Store, account: Account, messenger: Messenger) -> None:
    messenger.send(account.id, BOTH, when=TOMORROW)
    one = only_one(messenger, account)
    look = messenger.scheduled_look(one.id, NOON + 2 * DAY)
    store.consent.opt_out(ANN, account.id, how="noted")
    with pytest.raises(RefusedByRule) as refused:
        messenger.move_scheduled(one.id, NOON + 2 * DAY, agreed=look)
    assert refused.value.code == "estimate-changed"
    assert messenger.scheduled(account.id) == [one]


@pytest.mark.parametrize("at", [NOON + 6 * 366 * DAY, datetime.max.replace(tzinfo=UTC)])
def test_nothing_is_moved_too_far_ahead(account: Account, messenger: Messenger, at: datetime) -> None:
    messenger.send(account.id, BOTH, when=When(NOON + DAY, repeat=Repeat.WEEKLY))
    one = only_one(messenger, account)
    for move in messenger.scheduled_look, messenger.move_scheduled:
        with pytest.raises(WrongUsage) as refused:
            move(one.id, at)
        assert refused.value.code == "too-far"
    assert messenger.scheduled(account.id) == [one]


@pytest.mark.parametrize("by_its_blast", [True, False])
def test_cancelling_gives_back_what_is_held(
    store: Store, account: Account, messenger: Messenger, by_its_blast: bool
) -> None:
    blast = messenger.send(account.id, BOTH, when=TOMORROW)
    id = only_one(messenger, account).id
    if by_its_blast:
        messenger.cancel(blast.id)
    else:
        messenger.cancel_scheduled(id)
    assert (again(messenger, blast).cancelled, again(messenger, blast).leaves_at) == (True, None)
    assert numbers(store, account) == (300, 0, 0)
    with pytest.raises(RefusedByRule) as refused:
        messenger.cancel_scheduled(id)
    assert refused.value.code == "has-left"
    with pytest.raises(RefusedByRule) as refused:
        messenger.move_scheduled(id, NOON)
    assert refused.value.code == "has-left"
    assert left(messenger, store, NOON + DAY) == []


def test_a_key_is_for_a_text_and_its_time(store: Store, account: Account, messenger: Messenger) -> None:
    first = messenger.send(account.id, BOTH, when=TOMORROW, idempotency_key="one")
    assert messenger.send(account.id, BOTH, when=TOMORROW, idempotency_key="one").id == first.id
    with pytest.raises(RefusedByRule) as refused:
        messenger.send(account.id, BOTH, idempotency_key="one")
    assert refused.value.code == "idempotency-key-reused"
    assert len(messenger.scheduled(account.id)) == 1


@pytest.mark.parametrize(
    ("when", "code"), [(When(NOON + 6 * 366 * DAY), "too-far"), (When(each_at="25:00"), "no-hour")]
)
def test_a_time_that_none_can_leave_at_is_refused(
    account: Account, messenger: Messenger, when: When, code: str
) -> None:
    with pytest.raises(WrongUsage) as refused:
        messenger.send(account.id, BOTH, when=when)
    assert refused.value.code == code


def test_a_clock_set_back_sends_nothing_again(store: Store, account: Account, messenger: Messenger) -> None:
    messenger.send(account.id, BOTH, when=TOMORROW)
    assert left(messenger, store, NOON + DAY) == [ZOE, ANN]
    assert left(messenger, store, NOON) == []
    assert left(messenger, store, NOON + DAY) == []
    assert numbers(store, account) == (298, 0, 2)
