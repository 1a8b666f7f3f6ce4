"""Whatever came in when, and however little may be read at once: all of it is read, in its order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from store.messages.providers import windows

START = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
TIMES = st.lists(st.integers(-300, 4 * 3600), max_size=60)
"""Seconds from the start, a few of them while nobody had asked yet."""


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@given(TIMES, st.integers(2, 20), st.integers(-300, 300))
def test_all_is_read_once_known_in_its_order(times: list[int], at_once: int, skew: int) -> None:
    """skew: seconds by which the provider's clock is ahead."""
    times = sorted(set(times))
    first_told: list[int] = []
    cursor, now = "", 0.0

    def fetch(since: datetime, until: datetime) -> tuple[list[int], bool]:
        there = [time for time in times if time <= now and since <= at(time + skew) <= until]
        # Newest first, as far as may be read at once.
        return there[-at_once:], len(there) <= at_once

    while now <= 5 * 3600:
        more = True
        while more:
            found, cursor, more = windows.read(fetch, cursor, at(now))
            first_told += [time for time in found if time not in first_told]
        now += 450
    for _ in range(40):  # until the last ones are settled
        now += 450
        found, cursor, _ = windows.read(fetch, cursor, at(now))
        first_told += [time for time in found if time not in first_told]
    assert first_told == times


def test_a_cursor_that_cannot_be_read_begins_now() -> None:
    for cursor in ("", "nonsense", "2026-13-01/x", "9999-12-31T23:59:59-23:00"):
        since, until = windows.window(cursor, START)
        assert (since, until) == (START - windows.OVERLAP, START + windows.OVERLAP)


def test_a_clock_that_was_set_back_leaves_no_gap() -> None:
    ahead = (START + timedelta(days=1)).isoformat()
    assert windows.window(ahead, START).since == START - windows.OVERLAP


def test_what_comes_in_one_second_and_is_too_much_stops_nobody() -> None:
    cursor = f"{START.isoformat()}/{at(1).isoformat()}"
    found, behind, more = windows.read(lambda since, until: ([1, 2], False), cursor, at(3600))
    assert (list(found), behind, more) == ([1, 2], at(1).isoformat(), True)
