"""Days as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from tui.history.date_input import read_day
from tui.i18n.language import Language

ENGLISH, SPANISH = Language("en_US"), Language("es")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-05-01", date(2026, 5, 1), date(2026, 5, 1)),
        (" 2026-5-1 ", date(2026, 5, 1), date(2026, 5, 1)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_day_a_month_or_a_year(text: str, first: date, last: date) -> None:
    assert read_day(text, ENGLISH) == first
    assert read_day(text, ENGLISH, last=True) == last


def test_the_short_form_of_ones_language() -> None:
    assert read_day("5/1/26", ENGLISH) == date(2026, 5, 1)
    assert read_day("1/5/26", SPANISH) == date(2026, 5, 1)


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-01", "2026-02-30", "0000", "99999", "1/", "31/31/31", "٣", "2026-05-01x"]
)
def test_what_is_no_day(text: str) -> None:
    assert read_day(text, ENGLISH) is None
