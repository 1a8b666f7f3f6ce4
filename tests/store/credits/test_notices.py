"""Thresholds are reached at >=, in whole numbers."""

from __future__ import annotations

import pytest

from store.credits.notices import permille, reached


@pytest.mark.parametrize(
    ("busy", "available", "expected"),
    [
        (0, 0, []),
        (0, 300, []),
        (399, 101, []),
        (400, 100, [80]),
        (480, 20, [80, 85, 90, 95]),
        (959, 241, []),
        (960, 240, [80]),
        (1, 0, [80, 85, 90, 95]),
        (8 * 10**17 - 1, 2 * 10**17 + 1, []),
    ],
)
def test_a_threshold_is_reached_exactly_at_its_share(busy: int, available: int, expected: list[int]) -> None:
    assert reached([80, 85, 90, 95], busy, available) == expected


def test_the_share_is_rounded_down_and_nothing_of_nothing_is_nothing() -> None:
    assert permille(2, 1) == 666
    assert permille(480, 20) == 960
    assert permille(0, 0) == 0
