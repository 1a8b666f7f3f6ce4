"""A computer whose date is wrong charges nobody for years: what is much at once waits for a person's yes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from store import Store
from store.clock import DemoClock, FixedClock
from tests.tui.commands.conftest import Textmeter

OPENED = datetime(2026, 4, 16, 12, tzinfo=UTC)


class Computer:
    """The machine's clock, which tells what it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def says(self, now: datetime) -> None:
        self._monkeypatch.setattr(DemoClock, "of", lambda clock, account_id, stood: stood or now)


@pytest.fixture
def computer(tmp_path: Path, textmeter: Textmeter, monkeypatch: pytest.MonkeyPatch) -> Computer:
    """An account by the real clock was opened on it on 16 April 2026."""
    store = Store(str(tmp_path / "textmeter.sqlite3"), clock=FixedClock(OPENED))
    store.credits.open_account("agent-texts", "300", "UTC")
    store.close()
    return Computer(monkeypatch)


def test_ten_years_at_once_wait_for_a_yes(textmeter: Textmeter, computer: Computer) -> None:
    computer.says(datetime(2036, 4, 16, 12, tzinfo=UTC))
    done = textmeter("balance", "--json")
    assert (done.code, done.json["available"]) == (0, 300)
    assert "This computer's date is Apr 16, 2036" in done.err
    assert "`textmeter renew --yes`" in done.err
    waiting = textmeter("renew", "--json")
    assert waiting.code == 0
    assert waiting.json["boundaries"] == 0
    # 120 months renew, and from April 2027 on a month's credits expire on each 1st, those of joining on the
    # 16th.
    assert waiting.json["waiting"] == {"boundaries": 120 + 1, "charge_cents": 120_000}
    assert len(textmeter("orders", "--json").json) == 1
    assert "Needs your confirmation: 121 renewals and expirations, $1,200.00 total." in textmeter("renew").out


def test_with_the_right_date_again_nothing_has_happened(textmeter: Textmeter, computer: Computer) -> None:
    computer.says(datetime(2036, 4, 16, 12, tzinfo=UTC))
    for command in (["balance"], ["renew"], ["run", "--once"], ["usage"], ["history"], ["notices"]):
        assert textmeter(*command).code == 0
    computer.says(datetime(2026, 5, 2, 12, tzinfo=UTC))
    done = textmeter("balance", "--json")
    assert (done.json["available"], done.err) == (600, "")


def test_after_a_long_holiday_one_yes_is_enough(textmeter: Textmeter, computer: Computer) -> None:
    computer.says(datetime(2026, 9, 20, 12, tzinfo=UTC))
    done = textmeter("renew", "--yes", "--json")
    assert done.json == {"boundaries": 5, "accounts": 1, "unpaid": 0, "waiting": None}
    assert (done.err, textmeter("balance", "--json").json["available"]) == ("", 1_800)


def test_two_months_are_caught_up_without_a_question(textmeter: Textmeter, computer: Computer) -> None:
    computer.says(datetime(2026, 6, 30, 23, tzinfo=UTC))
    assert textmeter("balance", "--json").json["available"] == 900
    computer.says(datetime(2026, 9, 1, tzinfo=UTC))
    assert "`textmeter renew --yes`" in textmeter("balance").err


def test_what_goes_on_by_itself_waits_and_says_so(textmeter: Textmeter, computer: Computer) -> None:
    computer.says(datetime(2036, 4, 16, 12, tzinfo=UTC))
    done = textmeter("run", "--once", "--json")
    assert (done.code, done.json["boundaries"]) == (0, 0)
    assert "This computer's date is Apr 16, 2036" in done.err


def test_a_demo_clock_never_waits(demo: Textmeter) -> None:
    done = demo("--now", "2031-04-16", "renew", "--json").json
    assert (done["boundaries"] > 60, done["waiting"]) == (True, None)


# A wrong date that was believed


def believed(textmeter: Textmeter, computer: Computer) -> None:
    """Somebody said yes to a date ten years ahead."""
    computer.says(datetime(2036, 4, 16, 12, tzinfo=UTC))
    assert textmeter("renew", "--yes", "--json").json["boundaries"] == 121
    computer.says(datetime(2026, 5, 2, 12, tzinfo=UTC))


def test_doctor_says_how_a_wrong_date_is_taken_back(textmeter: Textmeter, computer: Computer) -> None:
    believed(textmeter, computer)
    done = textmeter("doctor", "--json")
    assert done.code == 1
    (clock,) = [check for check in done.json["checks"] if check["name"] == "clock"]
    assert "`textmeter --account 1 renew --take-back`" in clock["advice"]


def test_a_wrong_date_is_taken_back_and_nothing_is_charged_twice(
    textmeter: Textmeter, computer: Computer
) -> None:
    believed(textmeter, computer)
    assert textmeter("renew", "--take-back", "--yes", "--json").json == {"taken_back": 120 - 1}
    done = textmeter("balance", "--json")
    assert (done.json["available"], done.err) == (600, "")
    assert textmeter("verify").code == 0
    assert [order["on"] for order in textmeter("orders", "--json").json] == ["2026-05-01", "2026-04-16"]
    computer.says(datetime(2026, 6, 2, 12, tzinfo=UTC))
    assert textmeter("balance", "--json").json["available"] == 900
    assert textmeter("verify").code == 0
    charges = {order["charge"] for order in textmeter("orders", "--json").json}
    assert len(charges) == 3
    assert "test-3" in charges, "June's renewal is the one that was charged already"


def test_what_was_used_since_keeps_a_wrong_date(textmeter: Textmeter, computer: Computer) -> None:
    computer.says(datetime(2026, 6, 2, 12, tzinfo=UTC))
    assert textmeter("send", "--to", "+14155550123", "Hi").code == 0
    computer.says(datetime(2026, 5, 2, 12, tzinfo=UTC))
    refused = textmeter("renew", "--take-back", "--yes", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (4, "used-since")


def test_there_is_nothing_to_take_back_where_the_date_was_right(
    textmeter: Textmeter, computer: Computer
) -> None:
    computer.says(datetime(2026, 6, 2, 12, tzinfo=UTC))
    textmeter("balance")
    refused = textmeter("renew", "--take-back", "--yes", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (4, "not-ahead")
