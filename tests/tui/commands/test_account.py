"""`textmeter account`, `balance`, `charge` and `verify`."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.tui.commands.conftest import Textmeter, open_account
from tui.commands.balance import percent

OPEN = ["account", "open", "--product", "agent-texts", "--plan", "300"]


def test_an_account_for_emails_counts_emails(textmeter: Textmeter) -> None:
    opening = ["account", "open", "--product", "agent-email", "--plan", "free", "--demo-clock"]
    textmeter("--now", "2026-04-01", *opening)
    textmeter("charge", "1000")
    assert textmeter("balance").out.startswith("4,000 of 5,000 emails left (20% used)\n")


def test_an_account_opens_at_the_instant_of_its_demo_clock(textmeter: Textmeter) -> None:
    account = open_account(textmeter, "--demo-clock", now="2026-04-16T23:30")
    assert account["opened_at"] == "2026-04-17T03:30:00+00:00"
    assert textmeter("balance", "--json").json["lots"][0]["granted_on"] == "2026-04-16"


def test_an_account_without_a_demo_clock_opens_now(textmeter: Textmeter) -> None:
    done = textmeter("--now", "2026-04-16", *OPEN, "--json")
    assert (done.code, done.json["error"]["code"]) == (4, "no-demo-clock")
    assert textmeter("account", "list", "--json").json == []


def test_the_time_zone_is_the_machines_unless_named(
    textmeter: Textmeter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    assert textmeter(*OPEN, "--json").json["timezone"] == "Asia/Kathmandu"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "", "\x00"])
def test_a_time_zone_that_is_none_opens_nothing(textmeter: Textmeter, zone: str) -> None:
    for now in ([], ["--now", "2026-04-16"]):
        done = textmeter(*now, *OPEN, "--demo-clock", "--timezone", zone, "--json")
        if zone:
            assert (done.code, done.json["error"]["code"]) == (2, "no-such-timezone")
            assert textmeter("account", "list", "--json").json == []


def test_an_anchor_says_nothing_where_the_product_renews_on_the_first_and_that_is_told(
    textmeter: Textmeter,
) -> None:
    done = textmeter(*OPEN, "--anchor", "2026-04-16", "--json")
    assert done.code == 0
    assert done.json["anchor"].endswith("-01")
    assert "renews on day 1 of the month" in done.err
    assert textmeter(*OPEN, "--anchor", "2026-04-01", "--json").err == ""


def test_a_billing_that_is_not_offered_is_refused(textmeter: Textmeter) -> None:
    assert textmeter(*OPEN, "--billing", "yearly").code == 2
    assert textmeter(*OPEN, "--billing", "daily").code == 2


@pytest.mark.parametrize(
    ("product", "plan", "credits"),
    [
        ("agent-texts", "3000", 3_000),
        ("agent-email", "free", 5_000),
        ("agent-email", "50000", 50_000),
        ("community-texts", "50", 100),
        ("community-texts", "800", 1_600),
        ("community-texts", "trial", 10),
    ],
)
def test_every_product_and_plan_can_be_opened(
    textmeter: Textmeter, product: str, plan: str, credits: int
) -> None:
    opened = textmeter("account", "open", "--product", product, "--plan", plan, "--json").json
    assert (opened["product"], opened["plan"]) == (product, plan)
    assert textmeter("balance", "--json").json["available"] == credits


def test_a_community_may_pay_yearly_and_renew_on_a_day_of_its_own(textmeter: Textmeter) -> None:
    opened = textmeter(
        *["--now", "2026-02-10", "account", "open", "--product", "community-texts", "--plan", "200"],
        *["--billing", "yearly", "--anchor", "2026-01-31", "--timezone", "UTC", "--demo-clock", "--json"],
    ).json
    assert (opened["billing"], opened["anchor"]) == ("yearly", "2026-01-31")
    stands = textmeter("balance", "--json").json
    assert stands["period"] == {"starts": "2026-01-31", "ends": "2026-02-28"}
    assert stands["available"] == 258  # 18 of 28 days of 400, rounded up


def test_a_declined_card_opens_no_account(textmeter: Textmeter) -> None:
    assert textmeter("card", "4000000000000002").code == 0
    done = textmeter(*OPEN, "--json")
    assert (done.code, done.json["error"]["code"]) == (5, "declined")
    assert textmeter("account", "list", "--json").json == []


def test_of_several_accounts_one_is_chosen_for_good(textmeter: Textmeter) -> None:
    for plan in ("300", "1000"):
        open_account(textmeter, plan=plan)
    assert textmeter("balance", "--json").json["error"]["code"] == "which-account"
    assert [account["default"] for account in textmeter("account", "list", "--json").json] == [False, False]
    assert textmeter("account", "default", "2", "--json").json["plan"] == "1000"
    assert textmeter("balance", "--json").json["plan"] == "1000"
    assert textmeter("--account", "1", "balance", "--json").json["plan"] == "300"
    assert [account["default"] for account in textmeter("account", "list", "--json").json] == [False, True]


def test_an_account_that_is_not_there_is_not_chosen(account: Textmeter) -> None:
    assert account("account", "default", "7").code == 2
    assert account("balance").code == 0


def test_people_read_that_the_account_is_open(textmeter: Textmeter) -> None:
    at = ["--now", "2026-04-16", *OPEN, "--demo-clock"]
    done = textmeter(*at, "--timezone", "America/New_York")
    assert done.out == (
        "Account 1 opened: agent-texts, plan 300, time zone America/New_York. Balance: 300 credits.\n"
        "Order 1 complete: $5.00, paid with Visa 4242.\n"
    )


def test_opening_an_account_says_what_is_charged_and_asks_on_a_terminal(
    textmeter: Textmeter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.commands.context.can_ask", lambda: True)
    at = ["--now", "2026-04-16", *OPEN, "--timezone", "America/New_York", "--demo-clock"]
    refused = textmeter(*at, stdin=b"n\n")
    assert refused.code == 1
    assert refused.err.startswith("Today: $5.00, which is $10.00 for 15 of 30 days including today.\n")
    assert "Open this account? [y/N]" in refused.err
    assert textmeter("account", "list", "--json").json == []
    assert textmeter(*at, "--plan", "7", stdin=b"y\n").code == 2
    opened = textmeter(*at, "--json", stdin=b"y\n").json
    assert (opened["order"], opened["charge_cents"]) == (1, 500)
    assert "Open this account?" not in textmeter(*at, "--yes").err


def test_a_trial_is_opened_for_nothing(textmeter: Textmeter) -> None:
    opened = textmeter("account", "open", "--product", "community-texts", "--plan", "trial", "--json").json
    assert (opened["order"], opened["charge_cents"]) == (1, 0)


def test_people_get_the_accounts_as_a_table(demo: Textmeter) -> None:
    _headings, line = demo("account", "list").out.splitlines()
    assert line.split() == [
        *["1", "agent-texts", "300", "monthly", "America/New_York", "1", "demo"],
        *["the", "default"],
    ]


def test_people_read_what_is_left(demo: Textmeter) -> None:
    demo("charge", "120")
    out = demo("balance").out
    assert out.startswith("180 of 300 credits left (40% used)\n")
    assert "Apr 1, 2026 to Apr 30, 2026" in out
    assert "Apr 16, 2027" in out
    assert "It renews on May 1, 2026: 300 credits for $10.00." in out


def test_people_read_what_becomes_of_their_plan(demo: Textmeter) -> None:
    demo("plan", "cancel", "--yes")
    assert "It ends on May 1, 2026, with no further charge." in demo("balance").out
    demo("clock", "advance", "--to-renewal")
    ended = demo("balance").out.splitlines()
    assert ended[0] == "0 of 0 credits left (0% used)"
    assert ended[1] == "agent-texts, no plan, May 1, 2026 to May 31, 2026"


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (0, 0, 0.0),
        (0, 300, 0.0),
        (480, 500, 96.0),
        (1, 3, 33.3),
        (2, 3, 66.7),
        (49, 400, 12.3),
        (7, 7, 100.0),
    ],
)
def test_per_cent_have_one_decimal(part: int, whole: int, expected: float) -> None:
    assert percent(part, whole) == expected


def test_use_is_recorded_by_hand_only_on_a_demo_clock(account: Textmeter) -> None:
    done = account("charge", "5", "--json")
    assert (done.code, done.json["error"]["code"]) == (4, "no-demo-clock")


@pytest.mark.parametrize("number", ["0", "1.5", "1e3", "٣", "9" * 30, "", "0x10"])
def test_what_is_no_number_charges_nothing(demo: Textmeter, number: str) -> None:
    assert demo("charge", number).code == 2
    assert demo("balance", "--json").json["available"] == 300


def test_a_charge_says_what_is_left(demo: Textmeter) -> None:
    assert demo("charge", "2", "--kind", "mms").out == "6 charged, 0 waived, 294 left.\n"


def test_a_ledger_that_agrees_is_confirmed(demo: Textmeter) -> None:
    assert demo("verify").out == "Everything matches: 1 account, 1 line.\n"


def test_a_ledger_that_was_tampered_with_is_found_out(demo: Textmeter, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "textmeter.sqlite3") as database:
        database.execute("UPDATE account SET available_allotted = 299")
    database.close()
    done = demo("verify")
    assert done.code == 1
    assert done.out.strip()
    assert "backup" in done.err
    assert demo("verify", "--json").json["ok"] is False
