"""`textmeter send`."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from store.messages.providers.simulated import Simulated
from tests.tui.commands.conftest import Textmeter

HERE, ABROAD = "+14155550123", "+447911123456"


def test_a_text_is_sent_and_charged(account: Textmeter) -> None:
    done = account("send", "--to", HERE, "--to", ABROAD, "Hello", "--json")
    assert done.code == 0
    assert done.json["credits"] == 3
    assert [(message["to"], message["credits"]) for message in done.json["messages"]] == [
        (HERE, 1),
        (ABROAD, 2),
    ]
    assert all(message["status"] in ("sent", "delivered") for message in done.json["messages"])
    balance = account("balance", "--json").json
    assert (balance["available"], balance["held"], balance["used"]) == (297, 0, 3)
    (line,) = account("history", "--kind", "used", "--json").json
    assert (line["delta"], line["cause"]) == (-3, "Text to 2 people")


def test_without_waiting_it_is_queued_and_held(account: Textmeter) -> None:
    done = account("send", "--to", HERE, "--no-wait", "Hello", "--json")
    assert done.json["messages"][0]["status"] == "queued"
    balance = account("balance", "--json").json
    assert (balance["available"], balance["held"], balance["used"]) == (299, 1, 0)


def test_the_same_key_sends_once(account: Textmeter) -> None:
    first = account("send", "--to", HERE, "--idempotency-key", "sunday", "Hello", "--json").json
    again = account("send", "--to", HERE, "--idempotency-key", "sunday", "Hello", "--json").json
    assert again["blast"] == first["blast"]
    assert account("balance", "--json").json["available"] == 299
    other = account("send", "--to", HERE, "--idempotency-key", "sunday", "Hello you", "--json")
    assert other.code == 4


def test_too_few_credits_send_nothing(account: Textmeter) -> None:
    numbers = [word for last in range(200) for word in ("--to", f"+44791112{last:04}")]
    done = account("send", *numbers, "Hello", "--json")
    assert (done.code, done.json["error"]["code"]) == (3, "not-enough-credits")
    assert (done.json["error"]["needed"], done.json["error"]["available"]) == (400, 300)
    assert account("balance", "--json").json["available"] == 300


def test_a_text_that_is_too_long_is_refused_by_a_rule(account: Textmeter) -> None:
    done = account("send", "--to", HERE, "a" * 20_001, "--json")
    assert (done.code, done.json["error"]["code"]) == (4, "too-long")


def test_a_text_to_nobody_who_can_be_reached_is_not_sent(account: Textmeter) -> None:
    done = account("send", "--to", "12", "Hello", "--json")
    assert done.code == 2
    assert account("balance", "--json").json["available"] == 300


def test_an_empty_text_is_not_sent(account: Textmeter) -> None:
    assert account("send", "--to", HERE, " ", "--json").json["error"]["code"] == "empty-text"


def test_what_the_provider_refuses_is_told_and_given_back(account: Textmeter) -> None:
    done = account("send", "--to", "+14152000000", "Hello")
    assert "1 failed" in done.out
    assert "× +14152000000" in done.out
    assert account("balance", "--json").json["available"] == 300


def test_ctrl_c_leaves_the_rest_queued_and_says_so(
    account: Textmeter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = Simulated.send

    def send(self: Simulated, outgoing: object) -> object:
        os.kill(os.getpid(), signal.SIGINT)  # while the first text is handed over
        return real(self, outgoing)  # type: ignore[arg-type]

    monkeypatch.setattr(Simulated, "send", send)
    before = signal.getsignal(signal.SIGINT)
    done = account(
        "send", "--to", "+14155550101", "--to", "+14155550102", "--to", "+14155550103", "Hello", "--json"
    )
    assert done.code == 130
    assert [message["status"] for message in done.json["messages"]] == ["sent", "queued", "queued"]
    assert "2 texts are still queued" in done.err
    assert signal.getsignal(signal.SIGINT) is before
    balance = account("balance", "--json").json
    assert (balance["held"], balance["used"]) == (2, 1)
    monkeypatch.undo()
