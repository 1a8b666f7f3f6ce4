"""Worked examples of the rules, played through on the command line by a demo clock."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from store import Store
from store.clock import FixedClock
from tests.environment import CHECKOUT
from tests.tui.commands.conftest import Textmeter, open_account

At = Callable[..., Any]

REFUSED = [f"+1415{exchange}0000" for exchange in (200, 300, 400, 600, 700)]
"""Numbers that the simulated provider refuses at once."""


@pytest.fixture
def at(textmeter: Textmeter) -> At:
    """at(time, *command): the JSON that a command answers at a time."""

    def run(time: str, *command: str) -> Any:
        done = textmeter("--now", time, *command, "--json")
        assert done.code == 0, done
        return done.json

    return run


def lots(balance: Any) -> list[tuple[int, str, str]]:
    return [(lot["remaining"], lot["granted_on"], lot["expires_on"]) for lot in balance["lots"]]


def lines(history: Any) -> list[tuple[str, str, int, int]]:
    return [(line["on"], line["kind"], line["delta"], line["balance"]) for line in history]


def test_joining_in_the_middle_of_a_month_grants_the_full_number(textmeter: Textmeter, at: At) -> None:
    open_account(textmeter, "--demo-clock", now="2026-04-16")
    balance = at("2026-04-16", "balance")
    assert balance["available"] == 300
    assert lots(balance) == [(300, "2026-04-16", "2027-04-16")]
    assert balance["period"] == {"starts": "2026-04-01", "ends": "2026-05-01"}


def test_a_renewal_adds_a_lot_and_the_oldest_is_used_first(demo: Textmeter, at: At) -> None:
    at("2026-04-20", "charge", "120")
    renewed = at("2026-05-01", "balance")
    assert renewed["available"] == 480
    assert lots(renewed) == [(180, "2026-04-16", "2027-04-16"), (300, "2026-05-01", "2027-05-01")]
    assert at("2026-05-10", "charge", "200") == {"charged": 200, "waived": 0, "available": 280}
    assert lots(at("2026-05-10", "balance")) == [(280, "2026-05-01", "2027-05-01")]


def test_a_lot_can_be_used_until_the_day_before_it_expires(textmeter: Textmeter, at: At) -> None:
    open_account(textmeter, "--demo-clock", now="2025-09-01")
    at("2025-09-02", "charge", "260")
    last_day = at("2026-08-31T23:59:59", "balance")
    assert lots(last_day)[0] == (40, "2025-09-01", "2026-09-01")
    before = last_day["available"]
    assert lines(at("2026-09-01", "history", "--limit", "2")) == [
        ("2026-09-01", "granted", 300, before + 260),
        ("2026-09-01", "expired", -40, before - 40),
    ]


def test_months_away_are_caught_up_once_by_two_processes_at_once(
    textmeter: Textmeter, at: At, tmp_path: Path
) -> None:
    open_account(textmeter, "--demo-clock", now="2026-02-01")
    at("2026-02-10", "charge", "250")
    program = "import sys; from tui.commands import main; sys.exit(main(sys.argv[1:]))"
    database = str(tmp_path / "textmeter.sqlite3")
    both = [
        subprocess.Popen(
            [sys.executable, "-c", program, "--database", database, "--now", "2026-06-03", "balance"],
            cwd=CHECKOUT,
            stdout=subprocess.DEVNULL,
        )
        for _ in range(2)
    ]
    assert [process.wait(60) for process in both] == [0, 0]
    assert at("2026-06-03", "balance")["available"] == 1_250
    assert lines(at("2026-06-03", "history", "--kind", "granted")) == [
        ("2026-06-01", "granted", 300, 1_250),
        ("2026-05-01", "granted", 300, 950),
        ("2026-04-01", "granted", 300, 650),
        ("2026-03-01", "granted", 300, 350),
        ("2026-02-01", "granted", 300, 300),
    ]


def test_a_reply_is_received_also_where_it_cannot_be_paid(demo: Textmeter, at: At) -> None:
    at("2026-04-16", "charge", "298")
    mms = at("2026-04-17", "charge", "1", "--kind", "mms", "--inbound")
    assert mms == {"charged": 2, "waived": 1, "available": 0}
    sms = at("2026-04-18", "charge", "1", "--inbound")
    assert sms == {"charged": 0, "waived": 1, "available": 0}
    newest = at("2026-04-18", "history", "--limit", "3")
    assert [(line["kind"], line["delta"], line["amount"]) for line in newest] == [
        ("waived", 0, 1),
        ("waived", 0, 1),
        ("used", -2, 2),
    ]


@pytest.fixture
def five_hundred(demo: Textmeter, at: At) -> Textmeter:
    """An account with 500 credits in all in May, of which none is used."""
    at("2026-04-20", "charge", "100")
    assert at("2026-05-01", "balance")["capacity"] == 500
    return demo


def thresholds(folder: Path) -> tuple[list[int], list[int]]:
    """The thresholds noted so far, and those among them of which anybody is told."""
    clock = FixedClock(datetime(2026, 5, 1, tzinfo=UTC))
    store = Store(str(folder / "textmeter.sqlite3"), clock=clock)
    with store.connection():
        notices = store.credits.notices(store.credits.account().id)
    store.close()
    return [notice.threshold for notice in notices], [
        notice.threshold for notice in notices if notice.channels
    ]


def test_one_big_text_crosses_four_thresholds_and_tells_once(
    five_hundred: Textmeter, at: At, tmp_path: Path
) -> None:
    at("2026-05-02", "charge", "390")
    assert thresholds(tmp_path) == ([], [])
    at("2026-05-03", "charge", "90")
    assert at("2026-05-03", "balance")["percent"] == 96.0
    noted, told = thresholds(tmp_path)
    assert sorted(noted) == [80, 85, 90, 95]
    assert told == [95]


def test_what_comes_back_and_is_used_again_tells_nobody_twice(
    five_hundred: Textmeter, at: At, tmp_path: Path
) -> None:
    at("2026-05-02", "charge", "395")
    refused = at("2026-05-03", "send", *(word for number in REFUSED for word in ("--to", number)), "Hello")
    assert [message["status"] for message in refused["messages"]] == ["failed"] * 5
    assert at("2026-05-03", "balance")["percent"] == 79.0
    assert thresholds(tmp_path) == ([80], [80])
    at("2026-05-04", "charge", "5")
    assert at("2026-05-04", "balance")["percent"] == 80.0
    assert thresholds(tmp_path) == ([80], [80])
