"""Which lots an amount comes from."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.credits.lots import Share, by_pool, in_order_of_use, spread
from store.credits.model import Lot, Pool


def lot(number: int, pool: Pool, granted_on: str, remaining: int = 1) -> Lot:
    return Lot(number, pool, 100, remaining, 0, date.fromisoformat(granted_on), None, None)


def shares(*credits: int) -> list[Share]:
    return [Share(number, Pool.ALLOTTED, part) for number, part in enumerate(credits, 1)]


def test_all_allotted_credits_are_used_before_any_purchased_and_the_oldest_first() -> None:
    lots = [
        lot(1, Pool.PURCHASED, "2026-01-01"),
        lot(2, Pool.ALLOTTED, "2026-03-01"),
        lot(4, Pool.ALLOTTED, "2026-02-01"),
        lot(3, Pool.ALLOTTED, "2026-02-01"),
        lot(5, Pool.PURCHASED, "2025-12-01"),
    ]
    assert [one.id for one in in_order_of_use(lots)] == [3, 4, 2, 5, 1]


def test_a_lot_is_emptied_before_the_next_is_touched() -> None:
    assert spread(200, shares(180, 300)) == shares(180, 20)
    assert spread(180, shares(180, 300)) == shares(180)
    assert spread(0, shares(180)) == []


@pytest.mark.parametrize("credits", [481, -1])
def test_an_amount_that_isnt_there_is_refused(credits: int) -> None:
    with pytest.raises(ValueError, match="credits"):
        spread(credits, shares(180, 300))


@given(parts=st.lists(st.integers(0, 50), max_size=8), data=st.data())
def test_what_is_taken_adds_up_and_leaves_at_most_one_lot_half_empty(
    parts: list[int], data: st.DataObject
) -> None:
    credits = data.draw(st.integers(0, sum(parts)))
    taken = spread(credits, shares(*parts))
    assert sum(share.credits for share in taken) == credits
    assert all(share.credits == parts[share.lot_id - 1] for share in taken[:-1])
    assert all(share.credits for share in taken)


def test_shares_are_summed_by_pool_in_the_order_of_use() -> None:
    drawn = [Share(1, Pool.PURCHASED, 5), Share(2, Pool.ALLOTTED, 1), Share(3, Pool.ALLOTTED, 2)]
    assert list(by_pool(drawn).items()) == [(Pool.ALLOTTED, 3), (Pool.PURCHASED, 5)]
