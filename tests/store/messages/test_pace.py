"""A sender's pace, pure."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from store.messages.pace import BURST, grant, leaves

NOW = 1_800_000_000_000_000
SECOND = 1_000_000


def test_without_a_limit_all_may_leave() -> None:
    assert grant(0, 0, NOW, 50) == (50, 0, 0)
    assert leaves(0, 0, NOW, 1_000) == NOW


def test_one_a_second_leaves_one_at_once_and_then_one_a_second() -> None:
    first = grant(0, SECOND, NOW, 10)
    assert (first.texts, first.wait) == (1, 0)
    assert grant(first.free_at, SECOND, NOW, 10) == (0, first.free_at, SECOND)
    assert grant(first.free_at, SECOND, NOW + SECOND, 10).texts == 1


def test_a_tenth_of_a_second_of_a_fast_pace_may_be_made_up_for_at_once_and_no_more() -> None:
    assert grant(0, SECOND // 400, NOW, 500).texts == 40
    assert grant(0, SECOND // 400, NOW + 3_600 * SECOND, 500).texts == 40


def test_the_last_of_ten_at_one_in_two_seconds_leaves_after_eighteen() -> None:
    assert leaves(0, 2 * SECOND, NOW, 10) == NOW + 18 * SECOND
    assert leaves(NOW + 5 * SECOND, 2 * SECOND, NOW, 1) == NOW + 5 * SECOND


@given(
    st.integers(1, 90 * SECOND),
    st.lists(st.tuples(st.integers(0, 120 * SECOND), st.integers(1, 40)), min_size=1, max_size=40),
)
def test_in_no_span_does_more_leave_than_the_pace_allows(interval: int, asked: list[tuple[int, int]]) -> None:
    free_at, now = 0, NOW
    left: list[int] = []
    for passed, wanted in asked:
        now += passed
        granted = grant(free_at, interval, now, wanted)
        assert 0 <= granted.texts <= wanted
        assert (granted.texts == 0) is (granted.wait > 0)
        free_at = granted.free_at
        left += [now] * granted.texts
    for first in range(len(left)):
        for last in range(first, len(left)):
            allowed = (left[last] - left[first] + max(BURST, interval)) // interval
            assert last - first + 1 <= max(1, allowed)


@given(st.integers(1, 60 * SECOND), st.integers(1, 60))
def test_the_forecast_is_when_the_last_one_leaves(interval: int, texts: int) -> None:
    foretold, free_at, now, rest = leaves(0, interval, NOW, texts), 0, NOW, texts
    while True:
        granted = grant(free_at, interval, now, rest)
        free_at, rest = granted.free_at, rest - granted.texts
        if not rest:
            break
        now += grant(free_at, interval, now, 1).wait
    assert foretold == now
