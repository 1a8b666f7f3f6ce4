"""Which of the notices that wait is told, and what counts as read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from store.credits.model import Account, Balance, Notice, Period
from store.notices import mark_read, read_until, to_tell
from tests.tui.billing.subscribed import subscribed


def notice(id: int, threshold: int, day: int) -> Notice:
    """One that waits to be told, of noon on a day of May."""
    at = datetime(2026, 5, day, 16, tzinfo=UTC)
    return Notice(id, 1, at, threshold, threshold * 10, "fired", "blast", ("screen",), ())


def balance(used: int, available: int) -> Balance:
    """A balance in a period that began on 10 May."""
    period = Period(3, date(2026, 5, 10), date(2026, 6, 10), used, 0, 0)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    account = Account(
        1, "community-texts", "200", "monthly", None, None, period.starts, period.ends,
        "America/New_York", "US", period.starts, False, at, at,
    )  # fmt: skip
    return Balance(account, available, 0, available, 0, used, used + available, period)


@pytest.mark.parametrize(
    ("waiting", "used", "told"),
    [
        ([], 95, []),
        ([notice(1, 80, 12), notice(2, 95, 14)], 96, [1, 2]),
        ([notice(1, 95, 12), notice(2, 80, 14)], 96, [2, 1]),
        ([notice(1, 95, 9), notice(2, 80, 14)], 96, [2]),
        ([notice(1, 95, 9)], 96, []),
        ([notice(1, 80, 12), notice(2, 95, 14)], 94, [1]),
        ([notice(1, 80, 10)], 80, [1]),
        ([notice(1, 80, 12)], 79, []),
    ],
    ids=[
        "nothing waits",
        "the highest last",
        "the highest last, though older",
        "none of the period before",
        "only of the period before",
        "none that no longer holds",
        "on the first day, just reached",
        "below it again",
    ],
)
def test_what_still_holds_is_told(waiting: list[Notice], used: int, told: list[int]) -> None:
    assert [found.id for found in to_tell(waiting, balance(used, 100 - used))] == told


def test_what_was_read_stays_read_and_each_account_keeps_its_own(tmp_path: Path) -> None:
    store = subscribed(tmp_path)
    mark_read(store, 1, 7)
    mark_read(store, 1, 5)
    assert read_until(store, 1) == 7
    assert read_until(store, 2) == 0
