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

from store.errors import DatabaseTrouble
from tests.store.credits.books import Books
from tests.store.credits.changes import SCENES, Scene, collect, prepare, settled
from tests.store.credits.examples import act

CHANGES = {name: scene for scene in SCENES for name in scene.changes}

Execute: TypeAlias = Callable[[str, Sequence[object] | None], object]


class PowerCut(Exception):
    pass


@pytest.mark.parametrize(("name", "scene"), CHANGES.items(), ids=CHANGES.keys())
def test_a_change_cut_off_at_any_statement_is_there_as_a_whole_or_not_at_all(
    books: Books, engine: str, scene: Scene, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And after the next start it is there once, whether it was or is made again."""
    when, action = scene.changes[name]
    books.hurry()
    prepare(books, scene)
    before = settled(books.everything())
    act(books.at(when), action)
    collect(books)
    after, told = settled(books.everything()), books.told()
    for cuts in itertools.count(step=1 if engine == "sqlite" else 7):
        books.empty()
        prepare(books, scene)
        connections = books.database._connections
        placed, execute, allowed = books.placed, connections.execute_sql, cuts

        def cut_short(
            statement: str, parameters: Sequence[object] | None = None, execute: Execute = execute
        ) -> object:
            nonlocal allowed
            if not allowed:
                raise PowerCut
            allowed -= 1
            return execute(statement, parameters)

        try:
            with monkeypatch.context() as patch:
                patch.setattr(connections, "execute_sql", cut_short)
                act(books.at(when), action)
        except PowerCut:
            assert settled(books.everything()) in (before, after)
        else:
            break
        collect(books)
        if books.told() != told:
            books.placed = placed
            act(books, action)
            collect(books)
        assert books.told() == told
        assert books.ledger.verify().problems == ()
    assert books.told() == told
    assert cuts > 3


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
