"""How long a provider is left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from store.messages.backoff import before_trying_again, next_asked

SENT = datetime(2026, 4, 16, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("passed", "pause"),
    [
        (timedelta(0), timedelta(seconds=1)),
        (timedelta(seconds=4), timedelta(seconds=1)),
        (timedelta(seconds=60), timedelta(seconds=15)),
        (timedelta(hours=1), timedelta(minutes=15)),
        (timedelta(hours=12), timedelta(hours=3)),
        (timedelta(days=4), timedelta(hours=6)),
        (timedelta(hours=-1), timedelta(seconds=1)),  # the machine's clock was set back
    ],
)
def test_the_next_time_comes_after_seconds_then_minutes_then_hours(
    passed: timedelta, pause: timedelta
) -> None:
    assert next_asked(SENT, SENT + passed) == SENT + passed + pause


def test_after_five_days_nobody_asks_any_more() -> None:
    assert next_asked(SENT, SENT + timedelta(days=5)) is None


def test_nobody_gives_up_on_what_couldnt_be_asked() -> None:
    now = SENT + timedelta(days=30)
    assert next_asked(SENT, now, answered=False) == now + timedelta(hours=6)


def test_a_text_without_an_end_costs_some_dozens_of_questions() -> None:
    at, times = SENT, 0
    while later := next_asked(SENT, at):
        at, times = later, times + 1
    assert 30 < times < 80


def test_a_provider_in_trouble_is_left_alone_twice_as_long_each_time_up_to_a_minute() -> None:
    for times, longest in ((1, 2), (2, 4), (5, 32), (6, 60), (1_000, 60)):
        waits = {before_trying_again(2.0, times) for _ in range(50)}
        assert longest / 2 <= min(waits) <= max(waits) <= longest
        assert len(waits) > 1  # so that several workers don't come back at the same moment


def test_without_trouble_nobody_waits() -> None:
    assert before_trying_again(2.0, 0) == before_trying_again(2.0, -1) == 0
