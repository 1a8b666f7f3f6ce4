"""The demo data: invented, rich enough to look round in, the same every time."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from threading import Event

import pytest

from store import Store, demo
from store.clock import FixedClock, SystemClock
from store.credits.model import Kind, OrderState, Pool
from store.demo.generator import RECEIPTS, Hand
from store.demo.words import PEOPLE, read
from store.errors import RefusedByRule, WrongUsage
from store.mailroom import Text
from store.maintenance import one_round
from store.messages.messenger import Messenger
from store.messages.model import TROUBLE, Draft, MessageKind, Purpose, Status
from store.messages.providers.demo import Demo
from store.messages.senders import only
from tests.store.demo.conftest import BUILDINGS, COMMUNITY, EMAILS, TEXTS, account, opted_out, words_of
from tests.store.mail import server


def filled(url: str, seed: int, language: str = "en") -> Store:
    store = Store(url, clock=FixedClock(demo.NOW), demo=True)
    demo.fill(store, language, seed)
    return store


# Always the same


def dump(store: Store) -> list[str]:
    """All rows of all tables; of a charge of the test card, not when it was asked for, which is real time;
    and not the numbers of notices, of which PostgreSQL leaves some out."""
    tables = [
        "setting",
        "(SELECT id, key, cents, card, description, code FROM test_charge) c",
        *("account", "period", "lot", "hold", "allocation", "entry", "movement", "use_by_day"),
        *('"order"', "payment", "operation"),
        "(SELECT account_id, period_index, epoch, threshold, at, permille, kind, cause FROM notice) n",
        "(SELECT at, threshold, channel, done FROM outbox JOIN notice ON notice.id = notice_id) o",
        *("contact", "contact_number", "contact_group", "membership", "group_account"),
        *("consent", "consent_record", "contact_change"),
        *("draft", "blast", "message", "media"),
        *("incoming", "conversation"),
        *("smart_plan", "step", "enrolment", "email"),
    ]
    with store.connection():
        return [
            f"{table} {row}"
            for table in tables
            for row in sorted(map(plain, store.database.execute(f"SELECT * FROM {table}")), key=str)
        ]


def plain(row: tuple[object, ...]) -> tuple[object, ...]:
    """As every engine would have it: truths are numbers in SQLite."""
    return tuple(int(value) if isinstance(value, bool) else value for value in row)


# Each language and each engine once; all of them when there is time.
@pytest.mark.parametrize(
    ("engine", "language"),
    [
        ("sqlite", "en"),
        ("postgresql", "es"),
        pytest.param("sqlite", "es", marks=pytest.mark.long),
        pytest.param("postgresql", "en", marks=pytest.mark.long),
    ],
    indirect=["engine"],
)
def test_a_seed_gives_the_same_data_row_for_row_on_any_engine(
    new_database: Callable[[], str], template: Path, in_spanish: Path, tmp_path: Path, language: str
) -> None:
    made = Store(str(shutil.copy(in_spanish if language == "es" else template, tmp_path)))
    there = dump(made)
    made.close()
    assert dump(filled(new_database(), demo.SEED, language)) == there


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_another_seed_gives_other_data_as_sound_and_as_telling(
    new_database: Callable[[], str], store: Store
) -> None:
    other = filled(new_database(), 8)
    assert dump(store) != dump(other)
    assert other.credits.verify().problems == ()
    for there in other.credits.accounts():
        assert 600 <= other.credits.balance(there.id).permille <= 800


def test_the_ledger_is_sound(in_either: Store) -> None:
    verification = in_either.credits.verify()
    assert (verification.accounts, verification.problems) == (3, ())


def test_a_copy_of_the_one_file_has_all_of_it(template: Path, store: Store) -> None:
    assert [file.name for file in template.parent.iterdir()] == ["demo.sqlite3"]
    assert store.people.count() == 500


REFUSES_TWO = 13
"""A seed with which two of the first 330 texts are refused."""


def test_texts_are_written_as_the_delivery_worker_would_have(tmp_path: Path) -> None:
    def blast(name: str) -> tuple[Store, Hand, int]:
        clock = FixedClock(demo.NOW)
        store = Store(str(tmp_path / name), clock=clock, demo=True)
        store.people.import_file(PEOPLE, region="US")
        hand = Hand(store, clock, read("en"), REFUSES_TWO)
        hand.open(TEXTS, "1000")
        return store, hand, hand.account_id

    def seen(store: Store, account_id: int) -> tuple[object, ...]:
        [sent] = store.messages.blasts(account_id)
        lines = [
            (e.kind, e.delta, e.balance) for e in store.credits.history(account_id) if e.cause != "reply"
        ]
        messages = store.messages.messages(sent.id, limit=1_000)
        return [(m.to, m.status, m.credits, str(m.reason)) for m in messages], lines, sent.counts

    body, groups = "Hello, {first_name|there}!", ["Past clients", "Residents", "Buyers"]
    at_once, hand, account_id = blast("at-once.sqlite3")
    hand.text(body, groups=groups)
    seen_at_once = seen(at_once, account_id)
    one_by_one, hand, account_id = blast("one-by-one.sqlite3")
    worker = Messenger(
        one_by_one.database,
        hand.clock,
        one_by_one.credits,
        one_by_one.people,
        one_by_one.consent,
        only(one_by_one.database, Demo(str(REFUSES_TWO)), hand.clock),
        real=hand.clock,
    )
    with one_by_one.connection():
        worker.send(account_id, Draft(body=body, groups=tuple(groups)))
        worker.deliver(stop=Event())
        hand.clock.instant += RECEIPTS
        worker.poll_receipts()
    assert seen(one_by_one, account_id) == seen_at_once
    [counts] = [sent.counts for sent in one_by_one.messages.blasts(account_id)]
    assert counts.keys() == {Status.DELIVERED, Status.UNDELIVERED, Status.FAILED}
    assert one_by_one.credits.verify().ok


# What is in it


def test_three_accounts_each_with_a_clock_that_stands_at_the_same_moment(store: Store) -> None:
    accounts = store.credits.accounts()
    assert [one.product for one in accounts] == [TEXTS, EMAILS, COMMUNITY]
    assert store.credits.account().product == TEXTS
    assert all(one.demo_clock for one in accounts)
    assert {one.clock_floor for one in accounts} == {demo.NOW}


def test_more_than_a_year_has_gone_by_and_most_of_this_month_is_used(in_either: Store) -> None:
    for one in in_either.credits.accounts():
        assert demo.NOW - one.opened_at > timedelta(days=365)
        assert len(in_either.credits.periods(one.id)) >= 13
        assert 600 <= in_either.credits.balance(one.id).permille <= 800


def kinds(store: Store, product: str) -> dict[tuple[Kind, str], int]:
    """How many lines of each kind and cause an account has."""
    found: dict[tuple[Kind, str], int] = {}
    for entry in store.credits.history(account(store, product).id, limit=10_000):
        found[entry.kind, entry.cause] = found.get((entry.kind, entry.cause), 0) + 1
    return found


def test_the_agents_first_credits_have_expired_and_her_plan_has_changed_twice(store: Store) -> None:
    found = kinds(store, TEXTS)
    assert found[Kind.EXPIRED, "expiry"] == 1
    assert found[Kind.TAKEN_BACK, "downgrade"] == 1
    assert found[Kind.GRANTED, "upgrade"] == 1
    assert found[Kind.GRANTED, "renewal"] == 14
    assert found[Kind.USED, "reply"] > 100
    [expired] = store.credits.history(account(store, TEXTS).id, kind=Kind.EXPIRED)
    assert expired.on == date(2026, 4, 16)


def test_what_emails_are_left_lapses_and_a_smaller_plan_is_to_come(store: Store) -> None:
    found = kinds(store, EMAILS)
    assert found[Kind.EXPIRED, "expiry"] >= 12
    assert found[Kind.GRANTED, "upgrade"] == 1
    assert found[Kind.USED, "email"] > 100
    there = account(store, EMAILS)
    assert (there.plan, there.pending_plan) == ("10000", "free")


def test_the_community_bought_credits_forfeited_some_and_had_a_card_declined(store: Store) -> None:
    found = kinds(store, COMMUNITY)
    assert found[Kind.ENDED, "trial"] == 1
    assert found[Kind.FORFEITED, "cap"] >= 3
    assert found[Kind.PURCHASED, "purchase"] >= 2
    there = account(store, COMMUNITY)
    assert (there.plan, there.pending_plan) == ("400", "200")
    assert store.credits.balance(there.id).purchased > 0
    assert any(entry.pool is Pool.PURCHASED for entry in store.credits.history(there.id, limit=10_000))
    orders = store.credits.orders(there.id)
    assert {order.state for order in orders} == {OrderState.PAID}
    [late] = [order for order in orders if order.on == date(2026, 2, 28)]
    assert late.card != orders[-2].card


def test_the_power_was_out_which_was_an_emergency_with_its_reason_and_whom_it_never_reached(
    in_either: Store,
) -> None:
    id = account(in_either, COMMUNITY).id
    alarms = [one for one in in_either.messages.blasts(id, limit=1_000) if one.purpose is Purpose.EMERGENCY]
    assert {one.why for one in alarms} == {words_of(in_either).outage}
    for alarm in alarms:
        missed = {one.to for one in in_either.messages.messages(alarm.id, status=TROUBLE, limit=1_000)}
        unreached = {one.to for one in in_either.emergency.unreached(alarm.id)}
        out = {one.phone for one in in_either.messages.left_out(alarm.id) if one.code == "opted-out"}
        assert missed
        assert missed | out <= unreached


def test_notices_were_given_to_each_account_and_none_is_told_again_at_the_start(in_either: Store) -> None:
    told = set()
    for one in in_either.credits.accounts():
        fired = {notice.threshold for notice in in_either.credits.notices(one.id) if notice.kind == "fired"}
        assert len(fired) >= 2
        told |= fired
        assert in_either.credits.notices_to_show(one.id) == []
    assert told == {0, 80, 85, 90, 95}  # 0: a renewal that wasn't paid


def test_texts_were_sent_with_every_outcome_one_with_a_picture(store: Store) -> None:
    blasts = store.messages.blasts(account(store, TEXTS).id, limit=2_000)
    assert len(blasts) > 300
    outcomes = {status for blast in blasts for status, count in blast.counts.items() if count}
    assert outcomes == {Status.DELIVERED, Status.UNDELIVERED, Status.FAILED}
    assert [blast.kind for blast in blasts].count(MessageKind.MMS) == 1
    assert len(store.messages.blasts(account(store, COMMUNITY).id, limit=100)) > 30


def test_the_community_has_no_draft_no_group_and_nobody_of_the_agents(store: Store) -> None:
    community, texts = account(store, COMMUNITY).id, account(store, TEXTS).id
    assert store.messages.drafts(community) == []
    groups = {name for name, _ in store.people.groups(community)}
    assert groups == {"Board", "Owners", "Residents", "Tenants"}
    assert {name for name, _ in store.people.groups(texts)} == {
        name for name, _ in store.people.groups() if name not in groups
    }
    with pytest.raises(WrongUsage, match="nobody to send this to"):
        store.messages.send(community, Draft(body="Hi", groups=("Buyers",)))
    everyone = store.messages.audience(community, Draft(body="Hi", everyone=True))
    assert {one.own.get("building") for one in everyone.recipients} == BUILDINGS
    clients = store.messages.audience(texts, Draft(body="Hi", everyone=True))
    assert {one.own.get("building") for one in clients.recipients} == {None}
    assert len(everyone.recipients) + len(clients.recipients) + len(opted_out(store)) == 500


def test_drafts_wait_and_the_latest_can_be_paid_but_not_twice(in_either: Store) -> None:
    store = in_either
    drafts = store.messages.drafts(account(store, TEXTS).id)
    assert len(drafts) == 3
    latest = store.messages.latest_draft()
    assert latest is not None
    estimate = store.messages.estimate(account(store, TEXTS).id, latest)
    assert estimate.segments_max == 2
    available = store.credits.balance(account(store, TEXTS).id).available
    assert available / 2 < estimate.credits < available


# Opening it


def test_it_goes_on_from_its_day(store: Store) -> None:
    first = store.clock.now()
    assert demo.NOW <= first <= store.clock.now()


def test_a_kept_one_is_made_once_and_goes_on_where_it_was_left(tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite3"
    store = demo.open_kept(path)
    store.settings.write("theme", "day")
    store.close()
    assert [file.name for file in tmp_path.iterdir()] == ["kept.sqlite3"]
    again = demo.open_kept(path)
    assert again.settings.read("theme") == "day"
    assert demo.is_demo(again)
    again.close()


@pytest.mark.parametrize("kind", ["text", "empty", "ours", "folder"])
def test_no_file_that_holds_anything_else_is_touched(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "there"
    match kind:
        case "text":
            path.write_text("Dear diary")
        case "empty":
            path.touch()
        case "ours":
            Store(str(path)).close()
        case "folder":
            path.mkdir()
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(RefusedByRule, match="isn't a demo database"):
        demo.open_kept(path)
    assert (path.read_bytes() if path.is_file() else None) == before
    assert [file.name for file in tmp_path.iterdir()] == ["there"]


def test_demo_data_is_never_written_by_the_real_clock(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "demo.sqlite3"), clock=SystemClock())
    with pytest.raises(TypeError):
        demo.fill(store)
    assert store.credits.accounts() == []


def test_nothing_that_is_configured_counts(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTMETER_STRIPE_KEY", "no key at all")
    monkeypatch.setenv("TEXTMETER_CATALOG", str(tmp_path / "nowhere"))
    with server.running() as inbox:
        url = f"smtp://127.0.0.1:{inbox.port}?from=texts@example.com&to=me@example.com"
        monkeypatch.setenv("TEXTMETER_MAIL", url)
        store = demo.open_copy(template, tmp_path)
        there = store.credits.account()
        store.credits.charge(there.id, store.credits.balance(there.id).available)
        done = one_round(store, lambda balance, product, about: Text("Told", ""), Event())
        assert done.trouble == ()
        assert done.mails > 0
        assert inbox.mails == []
    assert store.gateway.local
    store.close()


def test_people_wrote_back_a_few_wait_to_be_read_and_one_to_be_decided(store: Store) -> None:
    agent, community = account(store, TEXTS).id, account(store, COMMUNITY).id
    with store.connection():
        threads = store.conversations.threads(agent, limit=1_000)
        assert len(threads) > 50
        assert [thread.phone for thread in threads if thread.unread] == [one.phone for one in threads[:3]]
        [doubtful] = [thread.phone for thread in threads if thread.asks]
        said, _ = store.conversations.lines(agent, doubtful)
        assert read("en").refusal in [line.text for line in said if line.asks]
        assert all(thread.name for thread in threads)
        assert store.conversations.unread(community) == 3
        lines, _ = store.conversations.lines(agent, threads[0].phone)
        assert {line.out for line in lines} == {True, False}
