"""Whose connections count together, which of them has to go, and who may guess a password."""

from __future__ import annotations

import pytest

from tui.serving.rate_limits import Buckets, Guesses, Limits, Places, network, one_too_many

LIMITS = Limits(sessions=10, sessions_by_address=5)  # 20 waiting connections of an address, 70 in all


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("?", "?", True),
    ],
)
def test_a_network_of_ipv6_is_one_address(one: str, other: str, same: bool) -> None:
    assert (network(one) == network(other)) is same
    buckets, places = Buckets(1, now=lambda: 0.0), Places(10, 1)
    assert buckets.take(one)
    assert places.take(one)
    assert buckets.take(other) is not same
    assert places.is_one_for(other) is not same
    places.give_back(other)
    assert places.is_one_for(one) is same


def test_one_address_pushes_out_its_own_only() -> None:
    theirs = [(number, "192.0.2.9") for number in range(100, 121)]
    assert one_too_many([(0, "192.0.2.1"), *theirs[:20]], LIMITS) is None
    assert one_too_many([(0, "192.0.2.1"), *theirs], LIMITS) == 100


def test_the_oldest_of_many_addresses_makes_room() -> None:
    waiting = [(number, f"192.0.2.{number}") for number in range(71)]
    assert one_too_many(waiting[:70], LIMITS) is None
    assert one_too_many(waiting, LIMITS) == 0


def test_who_guesses_waits_longer_after_each_wrong_one() -> None:
    now = [0.0]
    guesses = Guesses(lambda: now[0])
    pauses = []
    for _ in range(8):
        began = now[0]
        while not guesses.may_try("192.0.2.9"):
            now[0] += 0.5
        pauses.append(now[0] - began)
        guesses.was_wrong("192.0.2.9")
    assert pauses == [0, 0, 0, 1, 2, 4, 8, 16]
    assert guesses.may_try("192.0.2.1")
    assert not guesses.may_try("192.0.2.9")
    guesses.was_right("192.0.2.9")
    assert guesses.may_try("192.0.2.9")


def test_many_addresses_together_guess_no_faster_than_one_a_second() -> None:
    now = [0.0]
    guesses = Guesses(lambda: now[0])
    tried = 0
    for second in range(60):
        now[0] = float(second)
        for address in range(50):
            if guesses.may_try(f"192.0.{second}.{address}"):
                tried += 1
                guesses.was_wrong(f"192.0.{second}.{address}")
    assert tried <= 120


def test_no_more_addresses_are_remembered_than_there_is_room_for() -> None:
    now = [0.0]
    guesses = Guesses(lambda: now[0])
    for number in range(3 * Buckets.MOST_KEPT):
        now[0] += 1.0
        guesses.was_wrong(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(guesses._wrong) <= Buckets.MOST_KEPT
