"""A database of an older Textmeter opens in this one, with all that was in it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event

import psycopg
import pytest

from store import Store, migrations
from store.clock import FixedClock
from store.credits.model import Kind, OrderState, Use
from store.errors import NotEnoughCredits, PaymentDeclined, RefusedByRule
from store.messages.model import Draft, Purpose, Status
from store.payments import declines
from store.payments.testcard import TestCard
from store.people.model import Number
from store.refusals import refusal
from store.roles import Person, Role
from store.sentences import Sentence
from tests.store.mail.scripted import Scripted

VERSION_1 = Path(__file__).parent / "migrations" / "version-1.sql"
"""Written by the first Textmeter: joined on 300 on 16 April 2026, a text to the US and to the UK (3 credits),
in May 390 by hand, 2 for replies, a text of 1 that was sent and one of 1 that waits; a draft."""

LAST = datetime(2026, 5, 3, 15, tzinfo=UTC)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.sqlite3"
    database = sqlite3.connect(path)
    database.executescript(VERSION_1.read_text(encoding="utf-8"))
    database.close()
    return path


def test_balance_history_messages_draft_and_settings_are_kept(old: Path) -> None:
    store = Store(str(old), clock=FixedClock(LAST))
    with store.connection():
        balance = store.credits.balance(1)
        assert (balance.available, balance.held, balance.used) == (203, 1, 393)
        assert (balance.account.billed_from, balance.account.billed_until) == (
            date(2026, 5, 1),
            date(2026, 6, 1),
        )
        lines = store.credits.history(1)[::-1]
        assert [entry.delta for entry in lines] == [300, -3, 300, -390, -2, -1, -1]
        assert [blast.body for blast in store.messages.blasts(1)] == [
            "waiting",
            "Second",
            "Open house on Sunday",
        ]
        assert [draft.body for draft in store.messages.drafts()] == ["half written"]
        assert store.settings.read("language") == "es"
        assert store.credits.use_by_kind(1, date(2026, 4, 1), date(2026, 5, 31)) == {
            Use.SMS: 395,  # with the one that waits: it is used when it is sent
            Use.MMS: 0,
            Use.REPLY: 2,
            Use.EMAIL: 0,
        }
        assert [(order.cents, order.state) for order in store.credits.orders(1)] == [
            (1000, "paid"),
            (500, "paid"),
        ]
        assert store.credits.verify().problems == ()
    store.close()


def test_the_rules_go_on_from_there(old: Path) -> None:
    store = Store(str(old), clock=FixedClock(LAST))
    with store.connection():
        order = store.credits.place(1, store.credits.quote_plan(1, "1000"), key="first")
        assert (order.number, order.cents, order.credits) == (3, 1871, 700)  # 20.00 for 29 of 31 days
        store.credits.release(5, 1)
        store.clock.instant = datetime(2027, 4, 16, 15, tzinfo=UTC)  # type: ignore[attr-defined]
        kinds = [entry.kind for entry in store.credits.history(1, limit=3)]
        assert kinds[0] is Kind.GRANTED  # of 1 April; what was left of April 2026 was used up
        assert store.credits.verify().problems == ()
    store.close()


def test_an_account_can_be_opened_after_a_card_was_declined(old: Path) -> None:
    clock = FixedClock(LAST)
    store = Store(str(old), clock=clock)
    with store.connection():
        store.gateway.use("4000000000000002")
        with pytest.raises(PaymentDeclined):
            store.credits.open_account("agent-texts", "1000", "America/New_York")
        store.gateway.use("4242424242424242")
        clock.instant += timedelta(minutes=1)
        assert store.credits.open_account("agent-texts", "1000", "America/New_York").plan == "1000"
    store.close()


def test_texts_that_were_under_way_are_asked_about(old: Path) -> None:
    database = sqlite3.connect(old)
    database.execute("UPDATE message SET status = 'sent' WHERE id = 1")
    database.execute(
        "UPDATE message SET status = 'unknown', phone = '+14155550001', claimed_at = ? WHERE id = 4",
        (int(LAST.timestamp() * 1_000_000),),
    )
    database.commit()
    database.close()
    store = Store(str(old), clock=FixedClock(LAST))
    with store.connection():
        store.messages.deliver(stop=Event())
        assert store.messages.messages(1)[0].status in (Status.DELIVERED, Status.UNDELIVERED)
        assert store.messages.messages(3)[0].status is Status.SENT
        assert store.credits.verify().problems == ()
    store.close()


def test_a_migration_that_is_cut_off_leaves_the_old_database_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _dump(old)
    broken = {1: [*migrations.UPGRADES[1], migrations.Step("INSERT INTO nowhere VALUES (1)")]}
    monkeypatch.setattr(migrations, "UPGRADES", broken)
    with pytest.raises(Exception, match="nowhere"):
        Store(str(old), clock=FixedClock(LAST))
    assert _dump(old) == before
    monkeypatch.undo()
    Store(str(old), clock=FixedClock(LAST)).close()


def test_it_has_the_same_tables_and_columns_as_a_new_one(old: Path, tmp_path: Path) -> None:
    Store(str(old), clock=FixedClock(LAST)).close()
    Store(str(tmp_path / "new.sqlite3"), clock=FixedClock(LAST)).close()
    assert _columns(old) == _columns(tmp_path / "new.sqlite3")


@pytest.fixture
def version_2(engine: str, new_database: Callable[[], str]) -> str:
    """A database of the second Textmeter on each engine: joined on 300 on 16 April 2026, a contact, a text to
    the US and to the UK (3 credits), one that waits, an upgrade to 1000 on 2 May whose payment isn't known; a
    draft, and Spanish."""
    return _database_of("version-2", engine, new_database())


def test_what_was_done_before_there_were_people_is_nobodys(version_2: str) -> None:
    store = Store(version_2, clock=FixedClock(LAST))
    with store.connection():
        assert {entry.person for entry in store.credits.history(1)} == {""}
        assert [(draft.body, draft.account_id) for draft in store.messages.drafts(1)] == [("half written", 1)]
        # The upgrade of 2 May was asked for, and its payment is known only now.
        orders = store.credits.orders(1)
        assert [(order.cause, order.cents, order.person) for order in orders] == [
            ("upgrade", 1935, ""),
            ("renewal", 1000, ""),
            ("join", 500, ""),
        ]
        assert store.credits.balance(1).account.plan == "1000"
        assert store.credits.verify().problems == ()
    store.close()


def test_people_go_on_with_it(version_2: str) -> None:
    store = Store(version_2, clock=FixedClock(LAST), person=Person("Ola", Role.OWNER))
    with store.connection():
        assert store.messages.drafts() == []  # what nobody wrote is whose machine it was
        assert store.settings.read("language") == "es"
        store.messages.send(1, Draft(body="Hi", to=("+14155550101",)))
        assert store.credits.history(1, limit=1)[0].person == "Ola"
    store.close()


def test_version_2_has_the_same_tables_and_columns_as_a_new_one(
    version_2: str, new_database: Callable[[], str]
) -> None:
    old, new = _columns_of(version_2), _columns_of(new_database())
    assert old == new
    assert ("person", False) in old["entry"]


@pytest.fixture
def version_3(engine: str, new_database: Callable[[], str]) -> str:
    """A database of the third Textmeter on each engine, of Ola's: four accounts of 16 April 2026; orders that
    are paid, that were declined for every reason, that nobody knows any more, and one that is due; a payment
    that isn't known; under keys, a text that was sent and every refusal, one that nobody knows any more."""
    return _database_of("version-3", engine, new_database())


ANN = "+14155552671"
MANY = tuple(f"+1415555{number:04}" for number in range(100, 900))

REFUSED: dict[str, tuple[int, Draft, Sentence]] = {
    "larger plan": (
        1,
        Draft(body="Hi", to=MANY),
        refusal("short-plan", count=800, available=299, short=501, buy=0),
    ),
    "buy": (
        2,
        Draft(body="Hi", to=MANY[:130]),
        refusal("short-buy", count=130, available=100, short=30, buy=100),
    ),
    "room": (
        2,
        Draft(body="Hi " * 320, to=MANY),
        refusal("short-month", count=5600, room=500, least=100, available=100, short=5500, buy=0),
    ),
    "trial": (
        3,
        Draft(body="Hi", to=MANY[:200]),
        refusal("short-month", count=200, room=50, least=100, available=10, short=190, buy=0),
    ),
    "no texts": (4, Draft(body="Hi", to=(ANN,)), refusal("no-texts")),
    "too long": (1, Draft(body="x" * 2000, to=(ANN,)), refusal("too-long", count=400, most=1600)),
    "one too long": (1, Draft(body="x" * 1601, to=(ANN,)), refusal("too-long", count=1, most=1600)),
}
"""Who was refused what under a key: account, draft, and what was said."""


def test_why_cards_were_declined_is_kept_as_codes(version_3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(version_3, clock=FixedClock(datetime(2027, 3, 2, 15, tzinfo=UTC)), gateway=Unreachable())
    with store.connection():
        orders = store.credits.orders(1)[::-1]
        assert [order.state for order in orders] == ["paid", *["unpaid"] * 10, "due"]
        known = list(declines._SAYS)
        assert [order.reason for order in orders[1:10]] == [declines.declined(code).says for code in known]
        assert str(orders[10].reason) == "The card of Ann was declined."
        found = store.database.execute(
            'SELECT reason FROM "order" WHERE account_id = 1 ORDER BY number'
        ).fetchall()
        assert [reason for (reason,) in found[1:10]] == known
        monkeypatch.setattr(declines, "_SAYS", {**declines._SAYS, "expired_card": "It is too old."})
        assert str(store.credits.order(1, 3).reason) == "It is too old."
        assert store.credits.verify().problems == ()
    store.close()


def test_what_was_granted_before_it_was_paid_stays_and_brings_nothing_when_it_is(version_3: str) -> None:
    clock = FixedClock(datetime(2027, 3, 2, 15, tzinfo=UTC))
    store = Store(version_3, clock=clock, gateway=Unreachable())
    granted = store.credits.balance(1).available
    assert granted > 0
    assert store.credits.balance(1).account.owed == 0
    store.close()
    store = Store(version_3, clock=clock)
    store.gateway.use("4242424242424242")
    assert len(store.credits.owing(1)) == 10
    assert store.credits.collect(1, again=True) == []
    assert store.credits.balance(1).available == granted
    assert {order.state for order in store.credits.orders(1)} == {OrderState.PAID}
    assert store.credits.verify().problems == ()
    # From now on a renewal brings its credits when it is paid.
    store.gateway.use("4000000000000002")
    clock.instant = datetime(2027, 4, 2, 15, tzinfo=UTC)
    balance = store.credits.balance(1)
    assert balance.account.owed > 0
    assert balance.available <= granted
    store.close()


def test_refusals_are_said_again_from_codes(version_3: str) -> None:
    store = Store(version_3, clock=FixedClock(datetime(2026, 4, 16, 15, tzinfo=UTC)), gateway=Unreachable())
    with store.connection():
        for key, (account, draft, says) in REFUSED.items():
            assert (key, _refused(store, account, draft, key)) == (key, says)
        for account, code in ((1, "hold-plan"), (2, "hold-buy")):
            with pytest.raises(NotEnoughCredits) as held:
                store.credits.once(account, "hold" if account == 1 else "hold to buy", "2000", list)
            available = {1: 299, 2: 100}[account]
            assert held.value.says == refusal(code, needed=2000, available=available)
            assert held.value.details == {"needed": 2000, "available": available}
        with pytest.raises(RefusedByRule, match="It is 22 o'clock") as late:
            store.credits.once(1, "forgotten", "late", list)
        assert late.value.code == "too-late"
        assert (
            store.messages.send(1, Draft(body="Open house on Sunday", to=(ANN,)), idempotency_key="sent").id
            == 1
        )
        kept = store.database.execute("SELECT op_key, result FROM operation").fetchall()
        assert [key for key, result in kept if len(json.loads(result).get("says", [])) > 2] == ["forgotten"]
    store.close()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_refusal_of_version_3_becomes_a_code(version_3: str) -> None:
    with closing(sqlite3.connect(version_3)) as database, database:
        for code, template in migrations._REFUSALS_OF_3.items():
            says = [template, {"most": 1}, migrations._PLURALS_OF_3.get(code, "")]
            result = json.dumps({"refusal": "RefusedByRule", "code": "", "details": {}, "says": says})
            database.execute("INSERT INTO operation VALUES (1, ?, '', ?)", (code, result))
    store = Store(version_3, clock=FixedClock(LAST), gateway=Unreachable())
    with store.connection():
        kept = dict(store.database.execute("SELECT op_key, result FROM operation").fetchall())
        for code in migrations._REFUSALS_OF_3:
            assert json.loads(kept[code])["says"] == [code, {"most": 1}]
    store.close()


def test_a_new_refusal_is_kept_as_a_code(new_database: Callable[[], str]) -> None:
    store = Store(new_database(), clock=FixedClock(datetime(2026, 4, 16, 15, tzinfo=UTC)))
    with store.connection():
        for product, plan in (
            ("agent-texts", "300"),
            ("community-texts", "50"),
            ("community-texts", "trial"),
            ("agent-email", "free"),
        ):
            store.credits.open_account(product, plan, "America/New_York")
        too_long = {"too long": "x" * 20_400, "one too long": "x" * 20_001}  # what is so by now
        for key, (account, draft, _) in REFUSED.items():
            draft = replace(draft, body=too_long.get(key, draft.body))
            assert _refused(store, account, draft, key) == _refused(store, account, draft, key)
        kept = store.database.execute("SELECT result FROM operation").fetchall()
        assert len(kept) == len(REFUSED)
        assert all(len(json.loads(result)["says"]) == 2 for (result,) in kept)
    store.close()


def test_version_3_has_the_same_tables_and_columns_as_a_new_one(
    version_3: str, new_database: Callable[[], str]
) -> None:
    assert _columns_of(version_3) == _columns_of(new_database())


@pytest.fixture
def version_4(engine: str, new_database: Callable[[], str]) -> str:
    """A database of the fourth Textmeter on each engine: an agent on 300 and a community on 200 of 16 April
    2026. The agent's text of 30 April to three was taken on 1 May, when two more were sent, one of which was
    refused, and 500 were held: four notices. The community's two of 1 May were taken, one of them to a number
    that isn't reached; one waits."""
    return _database_of("version-4", engine, new_database())


def test_what_was_used_is_told_on_the_day_of_its_line(version_4: str) -> None:
    store = Store(version_4, clock=FixedClock(datetime(2026, 5, 1, 16, tzinfo=UTC)))
    with store.connection():
        days = store.credits.daily_use(1, date(2026, 4, 30), date(2026, 5, 1))
        assert list(days.values()) == [3, 2 - 1 + 500]
        assert store.credits.verify().problems == ()
        assert {(notice.busy, notice.capacity) for notice in store.credits.notices(1)} == {(0, 0)}
    store.close()


def test_what_was_paid_for_when_it_was_taken_stays_paid_for(version_4: str) -> None:
    clock = FixedClock(datetime(2026, 5, 1, 16, tzinfo=UTC))
    store = Store(version_4, clock=clock)
    with store.connection():
        before = store.credits.balance(2)
        assert (before.available, before.held, before.used) == (397, 1, 2)
        clock.instant += timedelta(minutes=1)
        store.messages.deliver(stop=Event())
        store.messages.catch_up()
        after = store.credits.balance(2)
        assert (after.available, after.held, after.used) == (397, 0, 3)
        assert [one.status for one in store.messages.messages(2)] == [Status.DELIVERED, Status.UNDELIVERED]
        assert store.credits.verify().problems == ()
    store.close()


def test_version_4_has_the_same_tables_and_columns_as_a_new_one(
    version_4: str, new_database: Callable[[], str]
) -> None:
    assert _columns_of(version_4) == _columns_of(new_database())


@pytest.fixture
def version_5(engine: str, new_database: Callable[[], str]) -> str:
    """A database of the fifth Textmeter on each engine: an agent on 300 and one for emails of 16 April 2026;
    Ann, Bo and Cy, of whom Ann and Bo are in Buyers and Bo in a group "Do not text"; a text to Buyers that
    left and one that waits; a draft to them; Ann on a SmartPlan."""
    return _database_of("version-5", engine, new_database())


def test_a_text_that_waits_since_version_5_is_not_sent_to_who_opts_out(version_5: str) -> None:
    clock = FixedClock(datetime(2026, 5, 1, 16, tzinfo=UTC))
    store = Store(version_5, clock=clock)
    with store.connection():
        assert store.consent.said(1) == []
        (draft,) = store.messages.drafts(1)
        assert (draft.body, draft.groups, draft.everyone) == ("half written", ("Buyers",), False)
        store.consent.opt_out("+14155550102", 1)
        clock.instant += timedelta(minutes=1)
        store.messages.deliver(stop=Event())
        assert [one.status for one in store.messages.messages(2)] == [Status.SENT, Status.FAILED]
        assert store.credits.verify().problems == ()
    store.close()


def test_contacts_of_version_5_are_found_changed_and_may_share_a_number(version_5: str) -> None:
    store = Store(version_5, clock=FixedClock(datetime(2026, 5, 1, 16, tzinfo=UTC)))
    with store.connection():
        before = store.people.contacts()
        assert [(one.name, one.phone, one.email, one.groups) for one in before] == [
            ("Ann Lane", "+14155550101", "ann@example.com", ("Buyers",)),
            ("Bo Moss", "+14155550102", "", ("Buyers", "Do not text")),
            ("Cy Reyes", "+14155550103", "cy@example.com", ()),
        ]
        assert before[0].numbers == (Number("+14155550101", "US"),)
        assert store.people.contacts("0102") == [before[1]]
        assert store.people.undo() is None
        store.people.add(first_name="Al", phone="+14155550101", region="US")
        store.people.delete(before[1].id)
        assert [one.name for one in store.people.contacts()] == ["Al", "Ann Lane", "Cy Reyes"]
        store.people.undo()
        store.people.undo()
        assert store.people.contacts() == before
    store.close()


def test_smart_plans_of_version_5_go_on_and_their_emails_keep_their_numbers(version_5: str) -> None:
    _execute(
        version_5,
        "INSERT INTO smart_plan (id, account_id, name, at) VALUES (2, 2, 'Older', 0)",
        "INSERT INTO step (plan_id, position, days, subject, body) VALUES (2, 1, 0, 'One', '1')",
        "INSERT INTO step (plan_id, position, days, subject, body) VALUES (2, 2, 50, 'Two', '2')",
        "INSERT INTO enrolment (id, plan_id, account_id, contact_id, started_on, position, next_on) "
        "VALUES (2, 2, 2, 1, '2026-04-20', 2, '2026-06-09')",
        "INSERT INTO enrolment (id, plan_id, account_id, contact_id, started_on, position, next_on) "
        "VALUES (3, 2, 2, 3, '2026-01-31', 3, NULL)",
        "INSERT INTO timeline (id, account_id, contact_id, plan_id, position, at, subject, status, reason, "
        "hold_id, taken_at) VALUES (7, 2, 1, 2, 1, 1776700800000000, 'One', 'failed', 'no-credits', NULL, 0)",
    )
    clock = FixedClock(datetime(2026, 5, 1, 16, tzinfo=UTC))
    store = Store(version_5, clock=clock, mailer=Scripted())
    with store.connection():
        welcome, older = sorted(store.smartplans.plans(2), key=lambda plan: plan.id)
        assert welcome.next
        assert older.next
        assert (welcome.name, welcome.going, welcome.next.at.date()) == ("Welcome", 1, date(2026, 4, 16))
        assert (older.people, older.going, older.next.at.date()) == (2, 1, date(2026, 6, 9))
        store.smartplans.run_due(2)
        assert store.emails.deliver(2).sent == 2
        assert [(one.id, one.plan, one.step, one.status) for one in store.emails.timeline(1)] == [
            (9, "Welcome", 2, "sent"),
            (8, "Welcome", 1, "sent"),
            (7, "Older", 1, "failed"),
        ]
        clock.instant = datetime(2026, 6, 9, 11, 59, tzinfo=UTC)
        store.smartplans.run_due(2)
        assert store.emails.deliver(2).sent == 0
        clock.instant += timedelta(minutes=1)
        store.smartplans.run_due(2)
        assert store.emails.deliver(2).sent == 1
    store.close()


def test_version_5_has_the_same_tables_and_columns_as_a_new_one(
    version_5: str, new_database: Callable[[], str]
) -> None:
    assert _columns_of(version_5) == _columns_of(new_database())


@pytest.fixture
def version_6(engine: str, new_database: Callable[[], str]) -> str:
    """A database of the sixth Textmeter on each engine: an agent on 300 and one for emails of 16 April 2026;
    Ann, Bo and Cy in Buyers, of whom Cy opted out; a text to Ann and Bo that left, another that waits, and
    what Ann answered; a draft; an email to them at another time, and a SmartPlan."""
    return _database_of("version-6", engine, new_database())


def test_a_text_of_version_6_was_a_notice_to_several_and_leaves_as_it_was_written(version_6: str) -> None:
    store = Store(version_6, clock=FixedClock(datetime(2026, 5, 1, 16, tzinfo=UTC)))
    with store.connection():
        assert [(one.purpose, one.why, one.leaves_at) for one in store.messages.blasts(1)] == [
            (Purpose.NOTICE, "", None),
            (Purpose.NOTICE, "", None),
        ]
        (draft,) = store.messages.drafts(1)
        assert (draft.body, draft.groups, draft.purpose, draft.language) == (
            "half written",
            ("Buyers",),
            None,
            "",
        )
        store.messages.deliver(stop=Event())
        assert [one.status for one in store.messages.messages(2)] == [Status.SENT, Status.SENT]
        assert store.credits.verify().problems == ()
    store.close()


def test_version_6_has_the_same_tables_and_columns_as_a_new_one(
    version_6: str, new_database: Callable[[], str]
) -> None:
    assert _columns_of(version_6) == _columns_of(new_database())


class Unreachable(TestCard):
    """Whoever charges cards isn't asked."""

    local = False

    def __init__(self) -> None: ...


def _refused(store: Store, account: int, draft: Draft, key: str) -> Sentence:
    with pytest.raises((NotEnoughCredits, RefusedByRule)) as refused:
        store.messages.send(account, draft, idempotency_key=key)
    says: Sentence = refused.value.says
    return says


def _database_of(version: str, engine: str, url: str) -> str:
    """An older Textmeter's database, where there is an empty one."""
    if engine == "sqlite":
        with closing(sqlite3.connect(url)) as database:
            database.executescript(_script(f"{version}.sql"))
    else:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(_script(f"{version}-postgresql.sql").encode())
    return url


def _execute(url: str, *statements: str) -> None:
    """Runs statements in an older Textmeter's database, which is opened by nothing of ours."""
    if url.startswith("postgresql:"):
        with psycopg.connect(url, autocommit=True) as server:
            for statement in statements:
                server.execute(statement.encode())
    else:
        with closing(sqlite3.connect(url)) as database, database:
            for statement in statements:
                database.execute(statement)


def _columns_of(url: str) -> dict[str, set[tuple[str, bool]]]:
    """The columns of every table of an engine's database, and whether they may be NULL."""
    store = Store(url, clock=FixedClock(LAST))
    with store.connection():
        engine = store.database._connections
        found = {
            table: {(column.name, column.null) for column in engine.get_columns(table)}
            for table in engine.get_tables()
        }
    store.close()
    return found


def _script(name: str) -> str:
    return (VERSION_1.parent / name).read_text(encoding="utf-8")


def _dump(path: Path) -> list[str]:
    database = sqlite3.connect(path)
    lines = list(database.iterdump())
    database.close()
    return lines


def _columns(path: Path) -> dict[str, set[tuple[str, int]]]:
    """The columns of every table, and whether they may be NULL."""
    database = sqlite3.connect(path)
    names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {
        name: {(row[1], row[3]) for row in database.execute(f'PRAGMA table_info("{name}")')} for name in names
    }
    database.close()
    return found


def test_campaigns_and_plans_of_version_6_have_a_purpose(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.executescript((VERSION_1.parent / "version-6.sql").read_text(encoding="utf-8"))
    store = Store(str(path), clock=FixedClock(LAST))
    with store.connection():
        (campaign,) = store.emails.campaigns(2)
        assert (campaign.purpose, campaign.why, campaign.recipients) == (Purpose.NOTICE, "", 2)
        (plan,) = store.smartplans.plans(2)
        assert store.smartplans.plan(plan.id).plan.purpose is Purpose.MARKETING
        assert store.emergency.unreached(1) == []
    store.close()
