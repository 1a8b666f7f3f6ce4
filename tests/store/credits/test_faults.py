"""Whatever breaks, whenever it does: all of a change is there, or nothing of it."""

from __future__ import annotations

import contextlib
import itertools
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import pytest

from store.database import Cursor
from store.errors import DatabaseTrouble
from tests.store.credits.books import Books

CHANGES: dict[str, Callable[[Books], object]] = {
    "join": lambda books: books.join("1000"),
    "hold": lambda books: books.hold(470),
    "settle": lambda books: books.settle(350),
    "release": lambda books: books.release(350),
    "charge": lambda books: books.use(470),
    "reply": lambda books: books.ledger.charge(books.account, 900, inbound=True),
    "renewal": lambda books: books.at("2026-07-01T00:00").available(),
    "expiry": lambda books: books.at("2027-04-16T00:00").available(),
}


Execute: TypeAlias = Callable[[str, Sequence[object]], Cursor]


class PowerCut(Exception):
    pass


def three_lots(books: Books) -> Books:
    """A hold on the first two of three lots, and 480 left in the last two. For an expiry, time has passed
    further."""
    books.at("2026-04-16").join().at("2026-06-10").use(20)
    books.hold(400)
    return books


def told(books: Books) -> tuple[object, ...]:
    """All that a person is told of an account."""
    return books.available(), books.lots(), books.ledger.history(1), books.ledger.orders(1)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_cut_off_at_any_statement_is_there_as_a_whole_or_not_at_all(
    name: str, new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ready() -> Books:
        books = three_lots(Books(new_database()))
        if name == "expiry":
            books.release(400)
            books.at("2027-04-15").available()
        return books

    change, twin = CHANGES[name], ready()
    before = twin.everything()
    change(twin)
    after = twin.everything()
    assert after != before
    for cuts in itertools.count():
        books, allowed = ready(), cuts
        execute = books.database.execute

        def cut_short(
            statement: str, parameters: Sequence[object] = (), execute: Execute = execute
        ) -> Cursor:
            nonlocal allowed
            if not allowed:
                raise PowerCut
            allowed -= 1
            return execute(statement, parameters)

        try:
            with monkeypatch.context() as patch:
                patch.setattr(books.database, "execute", cut_short)
                change(books)
        except PowerCut:
            left = books.everything()
            assert books.ledger.verify().ok
            if left not in (before, after):
                # It was asked to be paid, and that is kept: the next start ends it.
                assert left['"payment"'] != before['"payment"'] or left['"order"'] != before['"order"']
                books.account = twin.account
                assert told(books) == told(twin)
        else:
            assert books.everything() == after
            break
    assert cuts > 5


def test_a_change_is_undone_with_the_callers_transaction(books: Books) -> None:
    books.at("2026-04-16").join()
    before = books.everything()
    with pytest.raises(PowerCut), books.database.transaction():
        books.hold(100)
        books.settle(40)
        raise PowerCut
    assert books.everything() == before


@pytest.mark.parametrize(
    ("damage", "change"),
    [
        ("UPDATE lot SET remaining = remaining - 200, lapsed = 200", lambda books: books.hold(250)),
        ("UPDATE lot SET held = held - 5, spent = 5", lambda books: books.settle(10)),
        ("UPDATE lot SET held = held - 5, spent = 5", lambda books: books.release(10)),
    ],
)
def test_a_ledger_that_is_damaged_isnt_damaged_further(
    books: Books, damage: str, change: Callable[[Books], object]
) -> None:
    books.at("2026-04-16").join().hold(10)
    books.alter(damage)
    before = books.everything()
    with pytest.raises(DatabaseTrouble, match="textmeter verify") as caught:
        change(books)
    assert caught.value.code == "ledger-damaged"
    assert books.everything() == before


CATCH_UP = """
import sys
from tests.store.credits.books import Books
books = Books(sys.argv[1]).at("2026-06-03")
print("ready", flush=True)
sys.stdin.readline()
print(books.ledger.catch_up(1).boundaries, flush=True)
"""


def test_two_processes_that_open_at_once_after_months_grant_once(books: Books) -> None:
    books.at("2026-02-10").join().use(250)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", CATCH_UP, books.url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    boundaries = [int(process.communicate("go\n", timeout=60)[0]) for process in processes]
    assert sum(boundaries) == 4
    books.at("2026-06-03")
    assert books.available() == 1250
    assert books.orders() == [679, 1000, 1000, 1000, 1000]
    assert books.ledger.verify().ok


def test_a_boundary_that_another_process_was_faster_to_cross_isnt_crossed_again(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.at("2026-02-10").join().at("2026-06-03")
    other, transaction = Books(books.url).at("2026-06-03"), books.database.transaction

    def after_the_other() -> contextlib.AbstractContextManager[None]:
        other.ledger.catch_up(1)
        return transaction()

    monkeypatch.setattr(books.database, "transaction", after_the_other)
    assert books.ledger.catch_up(1).boundaries == 0
    assert books.orders() == [679, 1000, 1000, 1000, 1000]
    assert books.ledger.verify().ok


def test_the_database_itself_refuses_what_doesnt_add_up(books: Books) -> None:
    books.at("2026-04-16").join()
    for statement in (
        "UPDATE account SET available_allotted = -1",
        "UPDATE account SET held_purchased = -1",
        "UPDATE lot SET remaining = remaining + 1",
        "UPDATE lot SET remaining = -1, spent = spent + 301",
        "UPDATE period SET used = -1",
        "UPDATE period SET ends = '2026-01-01'",
        "UPDATE entry SET balance = -1",
        (
            "INSERT INTO lot (account_id, grant_key, pool, granted, remaining, held, spent, lapsed, "
            "effective_on) SELECT account_id, grant_key, pool, 0, 0, 0, 0, 0, effective_on FROM lot"
        ),
    ):
        with pytest.raises(DatabaseTrouble, match="constraint"), books.database.transaction():
            books.database.execute(statement)
    assert books.ledger.verify().ok
