"""Which state an address is in, and what the catalog's files have of states."""

from __future__ import annotations

import csv
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.credits.catalog_files import SHIPPED
from store.people.states import area_codes, state_of, states


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("12 Elm St, Miami, FL 33101", "US-FL"),
        ("12 Elm St\nMiami, fl  33101-1234\nUSA", "US-FL"),
        ("12 Elm St, Miami FL, 33101, United States of America", "US-FL"),
        ("12 Elm St, Miami, FL 33101 (gate code 4411)", "US-FL"),
        ("12 Elm St, Miami, Florida", "US-FL"),
        ("12 elm st miami florida 33101", "US-FL"),
        ("Miami, FL., U.S.A.", "US-FL"),
        ("12345 Virginia Ave, Charleston, West Virginia 25301", "US-WV"),
        ("1200 Washington Ave, Albany, NY", "US-NY"),
        ("1 A St, New York, New York", "US-NY"),
        ("1 A St NW, Washington, DC 20001", "US-DC"),
        ("1 A St NW, Washington, D.C. 20001", "US-DC"),
        ("5 Rd, Honolulu, Hawaii, United States", "US-HI"),
        ("Calle Sol 1, San Juan, PR 00901", "US-PR"),
        ("1 Holt Blvd, Ontario, CA 91761", "US-CA"),
        ("100 King St W, Toronto, ON M5V 2T6", "CA-ON"),
        ("100 King St W, Toronto, Ontario m5v2t6, Canada", "CA-ON"),
        ("1 Rue X, Montréal, Québec", "CA-QC"),
        ("", ""),
        ("12345 Main St", ""),
        ("Hauptstr. 3, DE 10115 Berlin", ""),  # a town stands behind it
        ("10 Downing Street, London SW1A 2AA", ""),
        ("1 Kansas City", ""),
    ],
)
def test_an_address_tells_its_state_by_code_or_name(address: str, expected: str) -> None:
    found = state_of(address, "US")
    assert (found.code if found else "") == expected


def test_who_lives_abroad_is_not_taken_to_live_in_delaware() -> None:
    assert state_of("Hauptstr. 3, 10115 Berlin, DE", "DE") is None
    assert state_of("Rustaveli Ave 1, Tbilisi, Georgia", "GE") is None
    in_miami = state_of("12 Elm St, Miami, FL 33101", "DE")
    assert in_miami is states()["US-FL"]
    assert state_of("12 Elm St, Miami, Florida, USA", "DE") is states()["US-FL"]


def test_ca_is_canada_behind_a_province_where_the_number_is_of_canada() -> None:
    assert state_of("100 King St W, Toronto, ON, CA", "CA") is states()["CA-ON"]
    assert state_of("1 Market St, San Francisco, CA", "CA") is states()["US-CA"]


@given(st.text(max_size=80), st.sampled_from(["", "US", "CA", "DE"]))
def test_whatever_stands_in_an_address_is_read(address: str, region: str) -> None:
    found = state_of(address, region)
    assert found is None or found is states()[found.code]


def test_every_state_is_there_with_zones_that_this_machine_knows() -> None:
    ours = set(states())
    assert len([code for code in ours if code.startswith("US")]) == 50 + len(
        ("DC", "AS", "GU", "MP", "PR", "VI")
    )
    assert len([code for code in ours if code.startswith("CA")]) == 13
    for state in states().values():
        assert state.names
        assert state.zones
        for zone in state.zones:
            ZoneInfo(zone)


def test_states_have_the_zones_that_are_kept_there() -> None:
    zones = {code[3:]: state.zones for code, state in states().items()}
    assert zones["HI"] == ("Pacific/Honolulu",)
    assert set(zones["FL"]) == {"America/New_York", "America/Chicago"}
    assert set(zones["IN"]) == {"America/New_York", "America/Chicago"}
    assert set(zones["AZ"]) == {"America/Phoenix", "America/Denver"}  # the Navajo Nation
    assert set(zones["TX"]) == {"America/Chicago", "America/Denver"}


def test_every_area_code_is_once_in_a_state_that_there_is() -> None:
    lines = (SHIPPED / "area-codes.csv").read_text(encoding="utf-8").splitlines()
    assert any(line.startswith("#") and "NANPA" in line for line in lines)
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert len(rows) == len(area_codes())
    assert set(area_codes().values()) <= {*states(), "CA"}
    shared = {code for code, area in area_codes().items() if area == "CA"}
    assert shared == {"782", "867", "902"}
    assert set(states()) - set(area_codes().values()) == {"CA-NS", "CA-PE", "CA-NT", "CA-NU", "CA-YT"}


@pytest.mark.parametrize(
    ("area_code", "expected"),
    [
        ("212", "US-NY"),
        ("850", "US-FL"),
        ("448", "US-FL"),  # 850's overlay
        ("305", "US-FL"),
        ("945", "US-TX"),
        ("915", "US-TX"),
        ("202", "US-DC"),
        ("808", "US-HI"),
        ("907", "US-AK"),
        ("219", "US-IN"),
        ("701", "US-ND"),
        ("401", "US-RI"),
        ("203", "US-CT"),
        ("717", "US-PA"),
        ("787", "US-PR"),
        ("671", "US-GU"),
        ("416", "CA-ON"),
        ("514", "CA-QC"),
    ],
)
def test_area_codes_are_where_they_are(area_code: str, expected: str) -> None:
    assert area_codes()[area_code] == expected


def test_numbers_that_are_of_no_place_have_no_state() -> None:
    of_no_place = {"500", "600", "700", "800", "833", "844", "855", "866", "877", "888", "900"}
    elsewhere = {"242", "246", "268", "441", "809", "876"}  # the Caribbean
    assert not (of_no_place | elsewhere) & area_codes().keys()


def test_every_area_code_of_the_library_is_known() -> None:
    from phonenumbers import PhoneNumberType, number_type, parse, region_code_for_number

    geographical = {PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
    for area_code in range(200, 1000):
        number = parse(f"+1{area_code}2345678")
        if region_code_for_number(number) in ("US", "CA") and number_type(number) in geographical:
            assert str(area_code) in area_codes(), area_code
