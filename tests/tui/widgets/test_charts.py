"""Numbers as drawings: large digits, bars, the gauge."""

from __future__ import annotations

import pytest

from tui.widgets.charts import bar, bars, gauge, large


def test_a_number_is_three_lines_of_one_width() -> None:
    assert large("12") == [
        "▄█  ▀▀▀█",
        " █  █▀▀▀",
        "▄█▄ █▄▄▄",
    ]


def test_all_digits_differ() -> None:
    assert len({tuple(large(digit)) for digit in "0123456789"}) == 10


@pytest.mark.parametrize("number", ["1,234", "1.234", "1\u202f234"])
def test_separators_of_every_language_keep_the_lines_equal(number: str) -> None:
    assert len({len(line) for line in large(number)}) == 1


def test_the_highest_day_fills_the_chart_and_an_empty_one_is_a_dot() -> None:
    assert bars([0, 8, 16], width=3, height=2) == ["  █", "·██"]


def test_a_single_credit_beside_thousands_still_shows() -> None:
    assert bars([1, 10_000], width=2, height=1) == ["▁█"]


def test_bars_take_the_width_there_is_with_a_gap_between_them() -> None:
    assert bars([1, 1], width=8, height=1) == ["███ ███"]


def test_days_without_a_text_are_dots_only() -> None:
    assert bars([0, 0], width=4, height=2) == ["   ", "· ·"]


def test_no_days_are_no_bars() -> None:
    assert bars([], width=10, height=2) == ["", ""]


def test_days_to_come_stay_empty() -> None:
    assert bars([8, None, 0], width=3, height=1) == ["█ ·"]


def test_a_chart_may_reach_higher_than_its_bars() -> None:
    assert bars([8, 16], width=2, height=2, top=32) == ["  ", "▄█"]
    assert bars([8, 16], width=2, height=2, top=4) == [" █", "██"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, "·"), (1, "▎"), (125, "▌"), (500, "██"), (999, "███▉"), (1_000, "████"), (2_000, "████")],
)
def test_a_bar_in_a_line_fills_at_its_top_and_anything_shows(value: int, expected: str) -> None:
    assert bar(value, 1_000, 4) == expected


@pytest.mark.parametrize(
    ("permille", "filled"),
    [
        (0, "▕░░░░▏"),
        (1, "▕▎░░░▏"),
        (500, "▕██░░▏"),
        (999, "▕███▉▏"),
        (1000, "▕████▏"),
        (1200, "▕████▏"),
    ],
)
def test_only_all_fills_the_gauge_and_anything_shows(permille: int, filled: str) -> None:
    assert gauge(permille, 4, "white").plain == filled
