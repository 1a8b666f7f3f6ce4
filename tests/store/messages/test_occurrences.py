"""The times of a text that is repeated: over ends of months, changes of clocks, and years."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.clock import local_time
from store.messages.model import Repeat
from store.messages.occurrences import Repeated

NEW_YORK = "America/New_York"


def at(local: str, timezone: str) -> datetime:
    """The instant at which clocks there show a time; "fold": the second of two."""
    time, _, fold = local.partition(" ")
    shown = datetime.fromisoformat(time).replace(tzinfo=ZoneInfo(timezone), fold=int(fold == "fold"))
    return shown.astimezone(UTC)


@pytest.mark.parametrize(
    ("repeat", "timezone", "starts", "then"),
    [
        (Repeat.WEEKLY, NEW_YORK, "2026-12-28T09:00", ["2027-01-04T09:00", "2027-01-11T09:00"]),
        # Clocks go forward on 8 March 2026 from 02:00 to 03:00, and back on 1 November from 02:00 to 01:00.
        (Repeat.WEEKLY, NEW_YORK, "2026-03-01T02:30", ["2026-03-08T03:30", "2026-03-15T02:30"]),
        (Repeat.WEEKLY, NEW_YORK, "2026-10-25T01:30", ["2026-11-01T01:30", "2026-11-08T01:30"]),
        (Repeat.WEEKLY, NEW_YORK, "2026-11-01T01:30 fold", ["2026-11-08T01:30", "2026-11-15T01:30"]),
        (Repeat.WEEKLY, "Australia/Lord_Howe", "2026-09-27T02:15", ["2026-10-04T02:45", "2026-10-11T02:15"]),
        (
            Repeat.MONTHLY,
            NEW_YORK,
            "2026-01-31T09:00",
            ["2026-02-28T09:00", "2026-03-31T09:00", "2026-04-30T09:00"],
        ),
        (Repeat.MONTHLY, NEW_YORK, "2028-01-30T09:00", ["2028-02-29T09:00", "2028-03-30T09:00"]),
        (
            Repeat.MONTHLY,
            NEW_YORK,
            "2026-11-30T23:59",
            ["2026-12-30T23:59", "2027-01-30T23:59", "2027-02-28T23:59"],
        ),
        # Samoa had no 30 December 2011: that day's hour came when the 31st did.
        (Repeat.MONTHLY, "Pacific/Apia", "2011-11-30T09:00", ["2011-12-31T09:00", "2012-01-30T09:00"]),
        # The first Monday; the fifth Friday, or the fourth where there is none.
        (Repeat.MONTHLY_WEEKDAY, NEW_YORK, "2026-01-05T18:00", ["2026-02-02T18:00", "2026-03-02T18:00"]),
        (
            *(Repeat.MONTHLY_WEEKDAY, NEW_YORK, "2026-01-30T18:00"),
            ["2026-02-27T18:00", "2026-03-27T18:00", "2026-04-24T18:00", "2026-05-29T18:00"],
        ),
        (Repeat.MONTHLY_WEEKDAY, NEW_YORK, "2026-12-08T18:00", ["2027-01-12T18:00", "2027-02-09T18:00"]),
    ],
)
def test_a_repeated_text_keeps_its_day_and_hour(
    repeat: Repeat, timezone: str, starts: str, then: list[str]
) -> None:
    times = Repeated(at(starts, timezone), repeat, timezone)
    found = [times.first]
    for _ in then:
        following = times.after(found[-1])
        assert following is not None
        found.append(following)
    assert found == [at(one, timezone) for one in (starts, *then)]


def test_what_is_not_repeated_has_one_time() -> None:
    once = Repeated(at("2026-01-31T09:00", NEW_YORK), Repeat.NEVER, NEW_YORK)
    assert once.after(once.first - timedelta(seconds=1)) == once.first
    assert (once.after(once.first), once.begun(once.first + timedelta(days=400))) == (None, once.first)


zones = st.sampled_from(
    [NEW_YORK, "Europe/Paris", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca"]
)
BEGINNING = datetime(2011, 1, 1, tzinfo=UTC)
instants = st.integers(0, 30 * 366 * 24 * 60).map(lambda minutes: BEGINNING + timedelta(minutes=minutes))
repeats = st.sampled_from([Repeat.WEEKLY, Repeat.MONTHLY, Repeat.MONTHLY_WEEKDAY])


@given(first=instants, later=instants, repeat=repeats, zone=zones)
def test_between_two_of_its_times_there_is_none(
    first: datetime, later: datetime, repeat: Repeat, zone: str
) -> None:
    times = Repeated(first, repeat, zone)
    begun, following = times.begun(later), times.after(later)
    assert following is not None
    if later < first:
        assert begun == following == first
        return
    assert begun <= later < following
    assert times.after(begun) == following
    assert times.begun(following) == following
    assert timedelta(days=5) < following - begun < timedelta(days=37)


@given(first=instants, number=st.integers(1, 60), repeat=repeats, zone=zones)
def test_each_time_is_counted_from_the_first(first: datetime, number: int, repeat: Repeat, zone: str) -> None:
    begun, then = (
        local_time(one, zone).date() for one in (first, Repeated(first, repeat, zone).time(number))
    )
    if repeat is Repeat.WEEKLY:
        assert abs((then - begun).days - 7 * number) <= 1  # a gap may carry it over midnight
        return
    month = date(begun.year + (begun.month - 1 + number) // 12, (begun.month - 1 + number) % 12 + 1, 1)
    assert -1 <= (then - month).days <= 31
