"""Quiet hours: when a marketing text may reach somebody, by the rules that come with Textmeter."""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from store.messages.quiet import HOLIDAY, Hours, QuietHours
from store.messages.quiet_files import quiet_hours
from store.people.states import states
from store.people.zones import Whereabouts, whereabouts

MINUTE = timedelta(minutes=1)
SHIPPED = quiet_hours(None)


def local(wall: str, zone: str) -> datetime:
    """An instant by what a clock shows in a zone."""
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def there(area: str, *zones: str) -> Whereabouts:
    return Whereabouts(zones or states()[area].zones, area, guess=False)


def hours(day: str, where: Whereabouts, zone: str = "") -> str:
    """When it is open on a local day, as clocks show it: "08:00-20:00", or "" where it isn't."""
    zone = zone or where.zones[0]
    midnight = local(f"{day} 00:00", zone)
    opens = SHIPPED.opens(midnight, where)
    shown = opens.astimezone(ZoneInfo(zone))
    if shown.date() != date.fromisoformat(day):
        return ""
    closes = SHIPPED.closes(opens, where).astimezone(ZoneInfo(zone))
    return f"{shown:%H:%M}-{closes:%H:%M}"


# 2026-11-30 is a Monday.
MONDAY, FRIDAY, SATURDAY, SUNDAY = "2026-11-30", "2026-12-04", "2026-12-05", "2026-12-06"


@pytest.mark.parametrize(
    ("area", "weekdays", "saturday", "sunday"),
    [
        *((area, *["08:00-20:00"] * 3) for area in ("US-MD", "US-MA", "US-OK")),
        *((area, "08:00-20:00", "08:00-20:00", "") for area in ("US-AL", "US-LA", "US-MS")),
        ("US-CT", *["09:00-20:00"] * 3),
        ("US-RI", "09:00-18:00", "10:00-17:00", "10:00-17:00"),
        *((area, *["08:00-21:00"] * 3) for area in ("US-NY", "US-CA", "US-PA", "US-HI", "US-PR", "US-WY")),
        ("CA-AB", "09:00-21:30", "10:00-18:00", "10:00-18:00"),
        ("CA-NS", "09:00-21:30", "10:00-18:00", "10:00-18:00"),
    ],
)
def test_each_state_has_its_hours(area: str, weekdays: str, saturday: str, sunday: str) -> None:
    where = there(area)
    assert len(where.zones) == 1
    assert [hours(day, where) for day in (MONDAY, FRIDAY)] == [weekdays] * 2
    assert [hours(day, where) for day in (SATURDAY, SUNDAY)] == [saturday, sunday]


@pytest.mark.parametrize(
    ("area", "zone", "weekdays", "sunday"),
    [
        ("US-FL", "America/New_York", "08:00-20:00", "08:00-20:00"),
        ("US-KY", "America/New_York", "10:00-21:00", "10:00-21:00"),
        ("US-TX", "America/Chicago", "09:00-21:00", "12:00-21:00"),
        ("CA-ON", "America/Toronto", "09:00-21:30", "10:00-18:00"),
        ("CA", "America/Halifax", "09:00-21:30", "10:00-18:00"),
        ("GG", "Europe/London", "08:00-21:00", "08:00-21:00"),
        ("", "Asia/Tokyo", "08:00-21:00", "08:00-21:00"),
    ],
)
def test_likewise_where_the_zone_is_known(area: str, zone: str, weekdays: str, sunday: str) -> None:
    where = there(area, zone)
    assert [hours(day, where) for day in (MONDAY, FRIDAY, SUNDAY)] == [weekdays, weekdays, sunday]


def test_every_state_without_hours_of_its_own_has_the_federal_ones() -> None:
    own = {"AL", "CT", "FL", "KY", "LA", "MA", "MD", "MS", "OK", "RI", "TX"}
    for code, state in states().items():
        if code.startswith("US") and code[3:] not in own:
            assert hours(FRIDAY, there(code, state.zones[0])) == "08:00-21:00"


def test_the_minute_counts() -> None:
    where = there("US-MD")
    opens, closes = local(f"{MONDAY} 08:00", where.zones[0]), local(f"{MONDAY} 20:00", where.zones[0])
    tomorrow = local("2026-12-01 08:00", where.zones[0])
    assert [SHIPPED.opens(opens + ahead, where) for ahead in (-MINUTE, 0 * MINUTE, MINUTE)] == [
        opens,
        opens,
        opens + MINUTE,
    ]
    last = closes - timedelta(seconds=1)
    assert [SHIPPED.opens(at, where) for at in (last, closes, closes + MINUTE)] == [last, tomorrow, tomorrow]
    assert [SHIPPED.closes(at, where) for at in (opens, last, closes)] == [closes] * 3


def test_an_instant_may_be_given_in_any_zone() -> None:
    where = there("US-NY")
    at = datetime(2026, 11, 30, 7, 0, tzinfo=ZoneInfo("America/New_York"))
    opens = SHIPPED.opens(at, where)
    assert (opens, opens.tzinfo) == (datetime(2026, 11, 30, 13, 0, tzinfo=UTC), UTC)


def test_sundays_that_are_shut_wait_for_monday() -> None:
    where = there("US-AL")
    saturday_evening = local("2026-12-05 20:00", "America/Chicago")
    assert SHIPPED.opens(saturday_evening, where) == local("2026-12-07 08:00", "America/Chicago")


def test_texas_waits_for_noon_on_sundays() -> None:
    where = there("US-TX", "America/Chicago")
    noon = local(f"{SUNDAY} 12:00", "America/Chicago")
    assert SHIPPED.opens(noon - MINUTE, where) == SHIPPED.opens(noon, where) == noon


@pytest.mark.parametrize("area", ["US-PA", "US-AL", "US-LA"])
@pytest.mark.parametrize(
    "day",
    [
        "2026-07-03",  # the 4th is a Saturday, so it is observed
        "2026-07-04",
        "2026-11-26",
        "2026-12-25",
        "2028-01-01",
        "2027-12-31",  # next year's, observed in this one
    ],
)
def test_no_text_on_holidays_kept_or_observed(area: str, day: str) -> None:
    assert hours(day, there(area)) == ""


def test_holidays_are_a_states_own() -> None:
    mardi_gras = "2026-02-17"
    assert hours(mardi_gras, there("US-LA")) == ""
    assert hours(mardi_gras, there("US-PA")) == "08:00-21:00"
    assert hours("2026-07-03", there("US-MS")) == "08:00-20:00"  # which doesn't speak of them
    assert hours("2026-07-03", there("US-NY")) == "08:00-21:00"


def test_a_holiday_is_one_by_the_day_of_where_somebody_is() -> None:
    where = there("US-PA", "America/Los_Angeles")
    end = local("2026-12-26 00:00", "America/New_York")  # it is the 25th in Los Angeles still
    assert SHIPPED.opens(end, where) == local("2026-12-26 08:00", "America/Los_Angeles")


@pytest.mark.parametrize(
    ("day", "zone", "area", "opens", "closes"),
    [
        # Clocks change on March 8 and November 1 in the US, on March 29 and October 25 in the EU.
        ("2026-03-07", "America/New_York", "US-NY", "13:00", "02:00"),
        ("2026-03-08", "America/New_York", "US-NY", "12:00", "01:00"),
        ("2026-10-31", "America/New_York", "US-NY", "12:00", "01:00"),
        ("2026-11-01", "America/New_York", "US-NY", "13:00", "02:00"),
        ("2026-03-28", "Europe/London", "GB", "08:00", "21:00"),
        ("2026-03-29", "Europe/London", "GB", "07:00", "20:00"),
        ("2026-10-24", "Europe/London", "GB", "07:00", "20:00"),
        ("2026-10-25", "Europe/London", "GB", "08:00", "21:00"),
        *((day, "America/Phoenix", "US-AZ", "15:00", "04:00") for day in ("2026-03-07", "2026-03-08")),
        *((day, "Pacific/Honolulu", "US-HI", "18:00", "07:00") for day in ("2026-03-08", "2026-11-01")),
        ("2026-07-01", "America/Indiana/Indianapolis", "US-IN", "12:00", "01:00"),
        ("2026-12-01", "America/Indiana/Indianapolis", "US-IN", "13:00", "02:00"),
    ],
)
def test_clocks_that_change_change_it(day: str, zone: str, area: str, opens: str, closes: str) -> None:
    where = there(area, zone)
    opened = SHIPPED.opens(local(f"{day} 00:00", zone), where)
    assert (f"{opened:%H:%M}", f"{SHIPPED.closes(opened, where):%H:%M}") == (opens, closes)


def test_it_is_open_where_it_is_in_all_zones() -> None:
    florida = whereabouts("", "12 Elm St, Miami, FL 33101", "", "", "UTC")
    assert hours(MONDAY, florida, "America/New_York") == "09:00-20:00"
    arizona = there("US-AZ")  # which the Navajo Nation is in, whose clocks are an hour ahead in summer
    assert hours("2026-07-01", arizona, "America/Phoenix") == "08:00-20:00"
    assert hours("2026-12-01", arizona, "America/Phoenix") == "08:00-21:00"
    texas = there("US-TX")
    assert hours(SUNDAY, texas, "America/Chicago") == "13:00-21:00"


def test_a_number_of_the_panhandle_may_be_of_either_zone() -> None:
    exchange_unknown = whereabouts("", "", "+18505550123", "US", "UTC")
    assert hours(MONDAY, exchange_unknown, "America/New_York") == "09:00-20:00"
    in_pensacola = whereabouts("", "", "+18502001234", "US", "UTC")
    assert hours(MONDAY, in_pensacola, "America/Chicago") == "08:00-20:00"


def test_a_toll_free_number_is_texted_when_the_account_could_be() -> None:
    toll_free = whereabouts("", "", "+18005550123", "US", "America/Denver")
    assert hours(MONDAY, toll_free, "America/Denver") == "08:00-21:00"
    guernsey = whereabouts("", "", "+447911123456", "GG", "America/Denver")
    assert hours(MONDAY, guernsey, "Europe/Guernsey") == "08:00-21:00"


ALL_WEEK = {day: Hours(480, 1260) for day in range(7)}
APART = "Europe/London", "Europe/Madrid", "Pacific/Auckland"


def test_zones_too_far_apart_are_open_while_most_of_them_are() -> None:
    narrow = QuietHours({"*": dict.fromkeys(range(7), Hours(600, 720))})
    where = Whereabouts(APART, "", guess=True)
    opens = narrow.opens(local(f"{MONDAY} 00:00", "UTC"), where)
    assert opens == local(f"{MONDAY} 10:00", "Europe/London")
    assert narrow.closes(opens, where) == local(f"{MONDAY} 12:00", "Europe/Madrid")


def test_what_never_closes_is_open_for_two_weeks_at_least() -> None:
    always = QuietHours({"*": dict.fromkeys(range(7), Hours(0, 1440))})
    where, at = Whereabouts(("America/New_York",), "", guess=True), datetime(2026, 12, 2, tzinfo=UTC)
    assert always.opens(at, where) == at
    assert timedelta(weeks=2) <= always.closes(at, where) - at <= timedelta(weeks=3)


def test_hours_up_to_midnight_go_on_in_the_next_day() -> None:
    rules = QuietHours({"*": {day: Hours(0, 120) if day else Hours(1200, 1440) for day in range(7)}})
    where = Whereabouts(("UTC",), "", guess=True)
    opens = rules.opens(local(f"{MONDAY} 12:00", "UTC"), where)
    assert (opens, rules.closes(opens, where)) == (
        local(f"{MONDAY} 20:00", "UTC"),
        local("2026-12-01 02:00", "UTC"),
    )


def test_a_rule_that_never_opens_is_told_of() -> None:
    never = QuietHours({"*": dict.fromkeys(range(7), Hours(0, 0))})
    with pytest.raises(ValueError, match="ever opens"):
        never.opens(datetime(2026, 12, 2, tzinfo=UTC), Whereabouts(("UTC",), "", guess=True))


def walked(rules: Mapping[int, Hours], zones: tuple[str, ...], at: datetime) -> bool:
    """Whether clocks in all zones show an hour that is open: what the rules say, minute by minute."""
    for zone in zones:
        shown = at.astimezone(ZoneInfo(zone))
        opens, closes = rules[shown.weekday()]
        if not opens <= shown.hour * 60 + shown.minute < closes:
            return False
    return True


some_hours = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda pair: pair[0] < pair[1])
# Clocks change there at midnight, by half an hour, or across a day that was left out; or the change is near.
near_changes = [
    ("America/New_York", datetime(2026, 3, 8, 5, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 4, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 12, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 12, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2026, 4, 23, 18, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2026, 10, 29, 18, tzinfo=UTC)),
    ("America/Havana", datetime(2026, 11, 1, 2, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 5, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 6, 1, tzinfo=UTC)),
]


@settings(max_examples=150, deadline=None)
@given(
    week=st.lists(some_hours, min_size=7, max_size=7),
    case=st.sampled_from(near_changes),
    minutes=st.integers(-600, 1200),
)
@example(week=[(120, 180)] * 7, case=near_changes[0], minutes=0)
@example(week=[(90, 1440)] * 7, case=near_changes[1], minutes=0)
def test_it_is_what_a_walk_through_the_minutes_finds(
    week: list[tuple[int, int]], case: tuple[str, datetime], minutes: int
) -> None:
    zone, near = case
    rules = {day: Hours(*pair) for day, pair in enumerate(week)}
    quiet, where = QuietHours({"*": rules}), Whereabouts((zone,), "", guess=True)
    at = near + minutes * MINUTE
    opens = at
    while not walked(rules, where.zones, opens):
        opens += MINUTE
    assert quiet.opens(at, where) == opens
    closes = opens
    while walked(rules, where.zones, closes) and closes - opens < timedelta(days=2):
        closes += MINUTE
    found = quiet.closes(opens, where)
    assert found == closes or (closes - opens == timedelta(days=2) <= found - opens)


instants = st.integers(0, 4 * 366 * 86_400).map(
    lambda at: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=at)
)
areas = st.sampled_from(["", "GB", "US", "CA", *states()])
many_zones = st.lists(
    st.sampled_from([*sorted({zone for state in states().values() for zone in state.zones}), "Asia/Tokyo"]),
    min_size=1,
    max_size=4,
    unique=True,
)


@settings(deadline=None)
@given(at=instants, area=areas, zones=many_zones)
def test_opening_is_never_before_and_stays_as_it_is(at: datetime, area: str, zones: list[str]) -> None:
    where = Whereabouts(tuple(zones), area, guess=True)
    opens = SHIPPED.opens(at, where)
    closes = SHIPPED.closes(opens, where)
    assert opens >= at
    assert SHIPPED.opens(opens, where) == opens
    assert closes > opens
    if opens > at:  # it was shut
        assert SHIPPED.closes(at, where) == at
    assert SHIPPED.closes(closes - timedelta(seconds=1), where) == closes
    assert SHIPPED.opens(closes, where) > closes


@settings(deadline=None)
@given(at=instants, area=areas, zones=many_zones.filter(lambda zones: "Asia/Tokyo" not in zones))
def test_when_it_opens_it_is_open_in_each_zone(at: datetime, area: str, zones: list[str]) -> None:
    # All of North America is near enough, by any state's hours but Rhode Island's.
    where = Whereabouts(tuple(zones), area if area != "US-RI" else "US", guess=True)
    opens = SHIPPED.opens(at, where)
    for zone in zones:
        alone = Whereabouts((zone,), where.area, guess=False)
        assert SHIPPED.opens(opens, alone) == opens


@settings(max_examples=20, deadline=None)
@given(at=instants, zones=many_zones)
def test_two_zones_are_what_a_walk_finds_too(at: datetime, zones: list[str]) -> None:
    quiet, where = QuietHours({"*": ALL_WEEK}), Whereabouts(tuple(zones), "", guess=True)
    at = at.replace(second=0, microsecond=0)
    opens = at
    while not walked(ALL_WEEK, where.zones, opens):
        opens += MINUTE
        if opens - at > timedelta(days=3):
            return  # Tokyo and the Pacific coast are never open together
    assert quiet.opens(at, where) == opens


def test_holidays_are_looked_up_only_where_a_rule_speaks_of_them() -> None:
    plain = QuietHours({"*": ALL_WEEK, "US-PA": {HOLIDAY: Hours(0, 0)}})
    there_before = sys.modules.pop("holidays", None)
    sys.modules["holidays"] = None  # type: ignore[assignment]  # importing it fails
    try:
        at = datetime(2031, 7, 4, tzinfo=UTC)
        plain.opens(at, there("US-NY"))
        with pytest.raises(ImportError):
            plain.opens(at, there("US-PA"))
    finally:
        del sys.modules["holidays"]
        if there_before:
            sys.modules["holidays"] = there_before


@pytest.mark.timeout(60)  # milliseconds, unless each of them is looked up anew
def test_a_hundred_thousand_recipients_in_a_hundred_places_are_looked_up_by_place() -> None:
    places = [Whereabouts(state.zones, code, guess=True) for code, state in states().items()]
    people = random.Random(1).choices(places, k=100_000)
    at = datetime(2026, 12, 1, 3, tzinfo=UTC)
    quiet = quiet_hours(None)
    quiet.opens(at, there("US-PA"))  # imports the library of holidays
    for where in people:
        quiet.opens(at, where)
