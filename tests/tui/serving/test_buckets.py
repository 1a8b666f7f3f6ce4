"""How often an address may try, and how many sessions there are at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.serving.rate_limits import Buckets, Places


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_an_address_may_try_as_often_as_said_and_then_waits() -> None:
    now = Hand()
    buckets = Buckets(3, now)
    assert [buckets.take("a") for _ in range(5)] == [True, True, True, False, False]


def test_one_address_takes_nothing_from_another() -> None:
    buckets = Buckets(1, Hand())
    assert [buckets.take(one) for one in "abab"] == [True, True, False, False]


def test_tries_come_back_steadily_and_never_more_than_there_were() -> None:
    now = Hand()
    buckets = Buckets(6, now)  # one in ten seconds
    while buckets.take("a"):
        pass
    now.seconds += 9.9
    assert not buckets.take("a")
    now.seconds += 0.2
    assert [buckets.take("a"), buckets.take("a")] == [True, False]
    now.seconds += 3600
    assert [buckets.take("a") for _ in range(7)] == [True] * 6 + [False]


@given(st.lists(st.floats(0, 30), max_size=200))
def test_no_rhythm_of_tries_gets_more_than_the_first_ones_and_what_came_back(pauses: list[float]) -> None:
    now = Hand()
    buckets = Buckets(10, now)
    taken = 0
    for pause in pauses:
        now.seconds += pause
        taken += buckets.take("a")
    assert taken <= 10 + sum(pauses) * 10 / 60 + 1e-6


def test_thousands_of_addresses_are_not_all_remembered_and_the_emptiest_are() -> None:
    buckets = Buckets(2, Hand())
    assert buckets.take("worst")
    assert buckets.take("worst")
    for number in range(3 * Buckets.MOST_KEPT):
        buckets.take(f"passing by {number}")
    assert not buckets.take("worst")
    assert len(buckets._left) <= Buckets.MOST_KEPT


def test_places_are_counted_in_all_and_by_address_and_given_back() -> None:
    places = Places(in_all=3, by_address=2)
    assert [places.take(one) for one in "aaabb"] == [True, True, False, True, False]
    places.give_back("a")
    assert (places.taken, places.take("b"), places.taken) == (2, True, 3)
