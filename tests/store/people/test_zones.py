"""Which zones somebody may be in."""

from __future__ import annotations

import pytest

from store.people.zones import zones


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
