"""Histories of more than a year, worked out by hand: see `golden/README.md`."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from store.errors import RefusedByRule
from tests.store.credits.books import Books
from tests.store.credits.examples import act

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.csv"))


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)
def test_a_history_is_what_was_worked_out_by_hand(books: Books, file: Path) -> None:
    with file.open(newline="") as rows:
        script = list(csv.DictReader(rows))
    seen = charged = 0
    for row in script:
        books.at(row["day"])
        if row["why"].startswith("refused"):
            with pytest.raises(RefusedByRule):
                act(books, row["action"])
        else:
            act(books, row["action"] or "look")
        if row["kind"]:
            line = books.ledger.history(books.account, limit=10_000)[::-1][seen]
            assert {
                "day": str(line.on),
                "pool": line.pool,
                "kind": line.kind,
                "change": str(line.delta or line.amount),
                "balance": str(line.balance),
            } == {name: row[name] for name in ("day", "pool", "kind", "change", "balance")}
            seen += 1
        if row["charged"]:
            orders = [
                order for order in books.ledger.orders(books.account, limit=10_000)[::-1] if order.cents
            ]
            assert (str(orders[charged].on), _dollars(orders[charged].cents)) == (
                row["day"],
                row["charged"],
            )
            charged += 1
    assert seen == len(books.ledger.history(books.account, limit=10_000)) > 25
    assert charged == len(
        [order for order in books.ledger.orders(books.account, limit=10_000) if order.cents]
    )
    assert books.ledger.verify().problems == ()


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"
