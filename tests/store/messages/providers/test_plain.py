"""Numbers as carriers write them, and our own names for texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.messages.providers import Outgoing
from store.messages.providers.plain import message, number, reference


@pytest.mark.parametrize(
    ("written", "own", "read"),
    [
        ("+14155550111", "+14155550100", "+14155550111"),
        ("14155550111", "+14155550100", "+14155550111"),
        ("4155550111", "+14155550100", "+14155550111"),
        ("447911123456", "+14155550100", "+447911123456"),
        ("07911123456", "+447911123450", "+447911123456"),
        ("41791234567", "+41791234560", "+41791234567"),
        ("14155550111", "22395", "+14155550111"),
        ("22395", "+14155550100", "22395"),
        ("9" * 15, "+14155550100", "9" * 15),
        (" My Bank ", "+14155550100", "My Bank"),
        ("+", "+14155550100", "+"),
        ("\0\ud800", "+14155550100", "\ufffd"),
        ("", "+14155550100", ""),
    ],
)
def test_who_wrote_is_read_as_their_carrier_writes_it(written: str, own: str, read: str) -> None:
    assert number(written, own) == read


@given(st.text())
def test_whatever_is_written_there_can_be_kept(written: str) -> None:
    assert len(number(written, "+14155550100")) <= 40
    assert "\0" not in number(written, "+14155550100").encode().decode()


@given(st.integers(1, 10**18 - 1), st.text())
def test_a_reference_tells_the_message(id: int, body: str) -> None:
    assert message(reference(Outgoing(id, "+14155550123", body))) == id


@pytest.mark.parametrize(
    "other", ["", "17", "17-", "-0123abcd", "17-0123ABCD", "17-0123abcd\n", "\u0661-0123abcd"]
)
def test_nothing_else_does(other: str) -> None:
    assert message(other) is None
