"""Columns stand under one another whatever letters they hold."""

from __future__ import annotations

import pytest

from tui.i18n.cells import left, right, widest


@pytest.mark.parametrize(
    ("text", "at_the_left", "at_the_right"),
    [
        ("ab", "ab   ", "   ab"),
        ("点数", "点数 ", " 点数"),
        ("e\u0301", "e\u0301    ", "    e\u0301"),
        ("longer", "longer", "longer"),
    ],
)
def test_a_text_takes_as_many_cells_as_its_column(text: str, at_the_left: str, at_the_right: str) -> None:
    assert (left(text, 5), right(text, 5)) == (at_the_left, at_the_right)


def test_the_widest_is_the_one_of_most_cells() -> None:
    assert widest(["abc", "点数"]) == 4
    assert widest([]) == 0
