"""`textmeter card`: the card on file, and who is charged with it."""

from __future__ import annotations

import socket

import pytest

from tests.tui.commands.conftest import Textmeter, open_account


def closed_port() -> str:
    """The address of a server that isn't there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_people_read_which_card_is_on_file(account: Textmeter) -> None:
    assert account("card").out == "Card on file: Visa 4242, expires 2034-12.\n"
    assert account("card", "5555 5555 5555 4444").out.startswith("Card on file: Mastercard 4444")
    assert account("card").out.startswith("Card on file: Mastercard 4444")


def test_a_number_that_may_be_somebodys_is_kept_and_repeated_nowhere(account: Textmeter) -> None:
    done = account("card", "4111111111111111")
    assert done.code == 2
    assert "4111" not in done.out + done.err
    assert account("card", "--json").json["last4"] == "4242"


def test_playing_takes_no_money_whatever_is_configured(
    textmeter: Textmeter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTMETER_STRIPE_KEY", "sk_test_1")
    monkeypatch.setenv("TEXTMETER_STRIPE_URL", closed_port())
    open_account(textmeter, "--demo-clock", now="2026-04-16")
    textmeter("--now", "2026-06-02", "balance")
    orders = textmeter("orders", "--json").json
    assert [(order["charge_cents"], order["card"]) for order in orders] == [
        (1_000, "Visa 4242"),
        (1_000, "Visa 4242"),
        (500, "Visa 4242"),
    ]
    assert textmeter("card", "--json").json["last4"] == "4242"


def test_an_account_by_the_real_clock_is_charged_where_it_is_configured(
    textmeter: Textmeter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTMETER_STRIPE_KEY", "sk_test_1")
    monkeypatch.setenv("TEXTMETER_STRIPE_URL", closed_port())
    done = textmeter("account", "open", "--product", "agent-texts", "--plan", "300", "--json")
    assert (done.code, done.json["error"]["decline"]) == (5, "no_card")  # at Stripe there is none
