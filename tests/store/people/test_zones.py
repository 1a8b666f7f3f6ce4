"""Where somebody is, which zones that may be in, and whether it is a guess."""

from __future__ import annotations

import itertools

import pytest

from store.people.states import area_codes
from store.people.zones import Whereabouts, whereabouts, zones


@pytest.mark.parametrize(
    ("zone", "phone", "expected"),
    [
        ("Europe/Madrid", "+12125550123", {"Europe/Madrid"}),  # what is known goes before what is guessed
        ("", "+12125550123", {"America/New_York"}),
        ("Mars/Olympus", "+12125550123", {"America/New_York"}),
        ("", "+442079460000", {"Europe/London"}),
        ("", "", {"UTC"}),
        ("", "12345", {"UTC"}),  # a short code
        ("", "+999123456789", {"UTC"}),  # no country's
    ],
)
def test_their_own_else_their_numbers_else_the_accounts(zone: str, phone: str, expected: set[str]) -> None:
    assert set(zones(zone, phone, "UTC")) == expected


def test_a_number_may_be_of_several_zones() -> None:
    found = set(zones("", "+61491570156", "UTC"))  # a mobile of Australia
    assert {"Australia/Sydney", "Australia/Perth"} <= found


def where(
    *, zone: str = "", address: str = "", phone: str = "", region: str = "US", otherwise: str = "UTC"
) -> Whereabouts:
    return whereabouts(zone, address, phone, region, otherwise)


NEW_YORK, CHICAGO = "America/New_York", "America/Chicago"


def test_the_own_zone_goes_first_and_the_area_is_still_that_of_the_address_or_number() -> None:
    own = {"zone": "America/Los_Angeles", "phone": "+12125550123"}
    assert where(**own) == (("America/Los_Angeles",), "US-NY", False)
    assert where(**own, address="12 Elm St, Miami, FL 33101") == (("America/Los_Angeles",), "US-FL", False)


def test_an_address_goes_before_the_number() -> None:
    found = where(address="12 Elm St, Miami, FL 33101", phone="+14155550123")
    assert (set(found.zones), found.area, found.guess) == ({NEW_YORK, CHICAGO}, "US-FL", False)
    assert where(address="Maple Street 5", phone="+12125550123") == ((NEW_YORK,), "US-NY", True)


@pytest.mark.parametrize(
    ("phone", "region", "zones", "area"),
    [
        ("+12125550123", "US", {NEW_YORK}, "US-NY"),
        ("+18502001234", "US", {CHICAGO}, "US-FL"),  # an exchange of Pensacola
        ("+18505550123", "US", {NEW_YORK, CHICAGO}, "US-FL"),  # one that isn't known: anywhere in 850
        ("+16025550123", "US", {"America/Phoenix"}, "US-AZ"),
        ("+18085550123", "US", {"Pacific/Honolulu"}, "US-HI"),
        ("+13175550123", "US", {NEW_YORK}, "US-IN"),
        ("+12195550123", "US", {NEW_YORK, CHICAGO}, "US-IN"),
        ("+17875550123", "PR", {"America/Puerto_Rico"}, "US-PR"),
        ("+18765550123", "JM", {"America/Jamaica"}, "JM"),
        ("+14165550123", "CA", {"America/Toronto"}, "CA-ON"),
        ("+19025550123", "CA", {"America/Halifax"}, "CA"),  # Nova Scotia or Prince Edward Island
        (
            "+447911123456",
            "GG",
            {"Europe/Guernsey", "Europe/Isle_of_Man", "Europe/Jersey", "Europe/London"},
            "GG",
        ),
        ("+34612345678", "ES", {"Europe/Madrid", "Atlantic/Canary"}, "ES"),
        ("+8801712345678", "BD", {"Asia/Dhaka"}, "BD"),
    ],
)
def test_a_number_is_a_guess_at_where(phone: str, region: str, zones: set[str], area: str) -> None:
    found = where(phone=phone, region=region)
    assert (set(found.zones), found.area, found.guess) == (zones, area, True)


@pytest.mark.parametrize("phone", ["+18005550123", "+18335550123", "+15005550123", ""])
def test_who_tells_nothing_is_taken_to_be_where_the_account_is(phone: str) -> None:
    assert where(phone=phone, otherwise="America/Denver") == (("America/Denver",), "US", True)


def test_an_area_code_newer_than_the_table_is_in_its_state() -> None:
    found = where(phone="+14575550123")
    assert (found.zones, found.area) == ((CHICAGO,), "US-LA")


def test_what_is_said_of_numbers_abroad_is_what_the_library_says() -> None:
    from phonenumbers import (
        SUPPORTED_REGIONS,
        PhoneNumberFormat,
        PhoneNumberType,
        example_number_for_type,
        format_number,
    )
    from phonenumbers.timezone import time_zones_for_number

    kinds = PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.TOLL_FREE
    for region in SUPPORTED_REGIONS:
        for kind in kinds:
            number = example_number_for_type(region, kind)
            if number and number.country_code != 1:
                phone = format_number(number, PhoneNumberFormat.E164)
                assert set(zones("", phone, "UTC")) == set(time_zones_for_number(number)), phone


@pytest.mark.timeout(60)  # half a second, unless each of them is looked up anew
def test_a_hundred_thousand_are_looked_up_by_their_area() -> None:
    codes = itertools.cycle(area_codes())
    people = [
        ("", f"{at} Elm St, Miami, FL 33101" if at % 2 else "", f"+1{next(codes)}{2_000_000 + at * 79}")
        for at in range(100_000)
    ]
    for zone, address, phone in people:
        whereabouts(zone, address, phone, "US", "UTC")
