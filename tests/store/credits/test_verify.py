"""The proof finds what was altered behind the ledger's back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from store.errors import DatabaseTrouble
from tests.store.credits.books import Books

DAMAGE = {
    "a balance": (
        "UPDATE account SET available_allotted = available_allotted + 1",
        "allotted credits available",
    ),
    "what is held": ("UPDATE account SET held_allotted = held_allotted - 1", "allotted credits held"),
    "the other pool": ("UPDATE account SET available_purchased = 5", "purchased credits available"),
    "the last number": ("UPDATE account SET seq = seq + 1", "the last entry's number"),
    "the current period": ("UPDATE account SET period_index = 0", "the current period"),
    "a line": ("UPDATE entry SET delta = delta - 1 WHERE seq = 2", "entry 2 leaves"),
    "a line's balance": ("UPDATE entry SET balance = balance + 1 WHERE seq = 3", "entry 3 leaves"),
    "a line's kind": ("UPDATE entry SET kind = 'expired' WHERE seq = 2", "credits lapsed"),
    "a line's day": ("UPDATE entry SET day = '2026-03-01' WHERE seq = 3", "entry 3 is dated 2026-03-01"),
    "a line that is gone": ("DELETE FROM entry WHERE seq = 2", "entry 2 is missing"),
    "the last line": ("DELETE FROM entry WHERE seq = 5", "the last entry's number"),
    "what remains": ("UPDATE lot SET remaining = remaining + 1 WHERE id = 2", "lot 2 doesn't add up"),
    "what was granted": (
        "UPDATE lot SET granted = granted + 1, remaining = remaining + 1 WHERE id = 2",
        "allotted credits granted",
    ),
    "what was spent": (
        "UPDATE lot SET spent = spent + 1, held = held - 1 WHERE id = 2",
        "credits held from lot 2",
    ),
    "what lapsed": (
        "UPDATE lot SET lapsed = lapsed + 1, remaining = remaining - 1 WHERE id = 2",
        "credits lapsed",
    ),
    "a hold's part": (
        "UPDATE allocation SET held = held - 1 WHERE hold_id = 2 AND lot_id = 2",
        "credits held from lot 2",
    ),
    "a hold's size": ("UPDATE hold SET credits = credits + 1 WHERE id = 2", "credits of hold 2"),
    "use of a period": ('UPDATE period SET used = used + 1 WHERE "index" = 0', "credits used"),
    "use of a day": ("UPDATE use_by_day SET credits = credits - 1 WHERE day = '2026-04-16'", "credits used"),
    "a period's start": ("UPDATE period SET starts = '2026-05-02' WHERE \"index\" = 1", "period 1 starts on"),
    "a period that is gone": ('DELETE FROM period WHERE "index" = 0', "period 0 is missing"),
    "what a period was granted": (
        'UPDATE period SET granted = granted + 1 WHERE "index" = 1',
        "credits granted in period 1",
    ),
    "the period of a lot": (
        "UPDATE lot SET period_index = 0 WHERE grant_key = 'allot:1'",
        "credits granted in period 0",
    ),
    "a line's part of a lot": (
        "UPDATE movement SET credits = credits + 1 WHERE seq = 2",
        "credits of entry 2",
    ),
    "a line's part of a lot that is gone": (
        "DELETE FROM movement WHERE seq = 2",
        "credits left in lot 1",
    ),
    "an order that no card was charged for": (
        "UPDATE \"order\" SET card = '' WHERE number = 2",
        "order 2 is marked as paid",
    ),
    "an order's price": (
        'UPDATE "order" SET cents = 1 WHERE number = 1',
        "order 1 costs 1 cents, but its quote said 500",
    ),
    "an order's plan": (
        "UPDATE \"order\" SET plan = '1000' WHERE number = 1",
        "order 1 is join 1000 monthly, but its quote said join 300 monthly",
    ),
    "an order's credits": ('UPDATE "order" SET credits = 301 WHERE number = 1', "credits of order 1: 301"),
    "a renewal's credits": ('UPDATE "order" SET credits = 1 WHERE number = 2', "credits of order 2: 1"),
    "an order's state": (
        "UPDATE \"order\" SET state = 'lost' WHERE number = 2",
        "order 2 has a kind or state that doesn't exist: renewal, lost",
    ),
    "an order that is gone": ('DELETE FROM "order" WHERE number = 1', "order 1 is missing"),
    "a renewal's order that is gone": (
        'DELETE FROM "order" WHERE number = 2',
        "entry 3 belongs to order 2, which is missing",
    ),
    "an expiry day that is no day": (
        "UPDATE lot SET expires_on = '2927' WHERE id = 2",
        "is 2927, which isn't a date",
    ),
    "an expiry day in a thousand years": (
        "UPDATE lot SET expires_on = '2927-05-01' WHERE id = 2",
        "lot 2, added on 2026-05-01, can't expire on 2927-05-01",
    ),
    "an expiry day before the credits came": (
        "UPDATE lot SET expires_on = '2026-04-30' WHERE id = 2",
        "lot 2, added on 2026-05-01, can't expire on 2026-04-30",
    ),
    "an expiry day that was missed": (
        "UPDATE lot SET expires_on = '2026-05-09' WHERE id = 2",
        "lot 2, added on 2026-05-01, can't expire on 2026-05-09",
    ),
    "a period's day": (
        "UPDATE period SET ends = '2026-02-30' WHERE \"index\" = 1",
        "2026-02-30, which isn't a date",
    ),
    "an account's day": ("UPDATE account SET billed_until = ''", "billed_until of account is"),
    "a line's pool": (
        "UPDATE entry SET pool = 'swimming' WHERE seq = 2",
        "entry 2 belongs to the pool swimming",
    ),
    "a notice's epoch": ("UPDATE notice SET epoch = 9 WHERE threshold = 80", "epoch that doesn't exist"),
}


@pytest.fixture
def busy(books: Books) -> Books:
    """Two periods: 280 used, then 200 of 320 held and 50 of them settled."""
    books.at("2026-04-16").join().use(280)
    books.at("2026-05-10").hold(200)
    books.settle(50)
    books.release(10)
    return books


@pytest.mark.alone("how many accounts and entries there are")
def test_a_ledger_that_agrees_with_itself_is_said_to(busy: Books) -> None:
    verification = busy.ledger.verify()
    assert (verification.ok, verification.accounts, verification.entries) == (True, 1, 5)


@pytest.mark.parametrize(("statement", "finding"), DAMAGE.values(), ids=DAMAGE.keys())
def test_damage_is_found_and_named(busy: Books, statement: str, finding: str) -> None:
    busy.alter(statement)
    verification = busy.ledger.verify()
    assert not verification.ok
    problems = [str(problem) for problem in verification.problems]
    assert any(problem.startswith("account 1: ") and finding in problem for problem in problems)
    assert all(problem.startswith("account 1: ") for problem in problems)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE lot SET expires_on = '2927' WHERE id = 2",
        "UPDATE account SET due_on = 'tomorrow'",
        "UPDATE period SET starts = '' WHERE \"index\" = 1",
    ],
    ids=["a lot's day", "the account's", "the period's"],
)
def test_what_cant_be_read_is_a_sentence_that_names_the_proof(busy: Books, statement: str) -> None:
    busy.alter(statement)
    with pytest.raises(DatabaseTrouble, match="textmeter verify") as caught:
        busy.ledger.balance(busy.account)
        busy.ledger.lots(busy.account)
    assert caught.value.code == "ledger-damaged"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET delta = 'many' WHERE seq = 2",
        "UPDATE lot SET granted = x'ff' WHERE id = 2",
        "UPDATE \"order\" SET credits = 'all' WHERE number = 2",
        "UPDATE period SET granted = 'none' WHERE \"index\" = 1",
        "UPDATE payment SET quote = '[' WHERE state = 'paid'",
        "UPDATE account SET seq = 'seven'",
    ],
)
def test_the_proof_comes_to_its_end_whatever_a_row_has(busy: Books, statement: str) -> None:
    """SQLite keeps anything in any column."""
    busy.alter(statement)
    assert not busy.ledger.verify().ok


@pytest.mark.parametrize(
    "statement",
    [
        'UPDATE "order" SET credits = 600 WHERE number = 2',
        "UPDATE lot SET granted = 600, remaining = 600 WHERE grant_key = 'order:2'",
        "UPDATE lot SET grant_key = 'order:7' WHERE grant_key = 'order:2'",
        'DELETE FROM "order" WHERE number = 2',
        'UPDATE "order" SET cents = 2 WHERE number = 2',
    ],
    ids=["the order", "its lot", "a lot of no order", "no order", "its price"],
)
def test_credits_that_were_bought_are_those_that_were_ordered(books: Books, statement: str) -> None:
    books.at("2026-04-16").join("200", "community-texts").buy(500)
    assert books.ledger.verify().ok
    books.alter(statement)
    problems = [str(problem) for problem in books.ledger.verify().problems]
    assert any("order 2" in problem for problem in problems)


def test_bought_credits_never_expire(books: Books) -> None:
    books.at("2026-04-16").join("200", "community-texts").buy(500)
    books.alter("UPDATE lot SET expires_on = '2027-04-16' WHERE grant_key = 'order:2'")
    assert [str(one) for one in books.ledger.verify().problems] == [
        "account 1: lot 2, added on 2026-04-16, can't expire on 2027-04-16"
    ]


def test_orders_that_cost_nothing_are_found_out_when_they_do(books: Books) -> None:
    books.at("2026-04-16").join().cancel()
    books.ledger.withdraw(books.account)
    assert books.ledger.verify().ok
    for number in (2, 3):
        books.alter(f'UPDATE "order" SET cents = 500 WHERE number = {number}')
    problems = [str(problem) for problem in books.ledger.verify().problems]
    assert all(any(f"order {number} costs" in problem for problem in problems) for number in (2, 3))


def test_what_another_process_does_meanwhile_is_no_damage(
    busy: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections = busy.database._connections
    execute: Callable[..., object] = connections.execute_sql
    other = Books(busy.url).at("2026-05-11")
    other.account = busy.account
    asked: list[str] = []

    def while_the_other_works(statement: str, parameters: Sequence[object] | None = None) -> object:
        if 'FROM "lot"' in statement and not asked:
            asked.append(statement)
            other.use(7)
        return execute(statement, parameters)

    monkeypatch.setattr(connections, "execute_sql", while_the_other_works)
    assert busy.ledger.verify().problems == ()
    monkeypatch.undo()
    assert (other.available(), busy.ledger.verify().problems) == (123, ())
