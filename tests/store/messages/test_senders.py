"""Senders as they are set up: their secrets are one database's own, wherever those are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from store import Store
from store.messages import providers
from store.messages.providers import Provider, Setup
from store.messages.senders import Senders

PHONE = {"provider": "smsgate", "url": "http://127.0.0.1:9", "username": "sms"}
VARIABLE = "TEXTMETER_SECRET_SENDER_PHONE_PASSWORD"


@pytest.fixture
def two(new_database: Callable[[], str]) -> Iterator[tuple[Senders, Senders]]:
    """Two databases of one person, both with a sender of one name."""
    with ExitStack() as opened:
        found = []
        for _ in range(2):
            store = opened.enter_context(closing(Store(new_database())))
            store.senders.set("phone", PHONE)
            found.append(store.senders)
        yield found[0], found[1]


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> Callable[[Senders], str]:
    """What a sender's provider is given as its password."""
    given = list[Setup]()

    def load(name: str, setup: Setup) -> Provider:
        given.append(setup)
        return simulated("simulated", Setup("", {}))

    simulated = providers.load
    monkeypatch.setattr(providers, "load", load)

    def asked(senders: Senders) -> str:
        senders._made.clear()
        senders.provider("phone")
        return given[-1].options["password"]

    return asked


def test_two_databases_have_senders_of_one_name_with_a_password_each(
    two: tuple[Senders, Senders], password: Callable[[Senders], str]
) -> None:
    one, other = two
    one.set("phone", {"password": "first"})
    assert other.get("phone").secrets == frozenset()
    other.set("phone", {"password": "second"})
    assert (password(one), password(other)) == ("first", "second")
    one.remove("phone")
    assert password(other) == "second"
    one.set("phone", PHONE)
    assert one.get("phone").secrets == frozenset()


def test_one_that_is_typed_beforehand_has_a_name_that_can_be_known(
    two: tuple[Senders, Senders], password: Callable[[Senders], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two
    one.set("phone", {"password": "kept"})
    monkeypatch.setenv(VARIABLE, "typed")  # goes before what is kept in a file, as of every secret
    assert (password(one), password(other)) == ("typed", "typed")
    monkeypatch.delenv(VARIABLE)
    assert (password(one), password(other)) == ("kept", "")
