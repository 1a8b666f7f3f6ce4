"""What was found wrong by playing the rules through on the command line, played again."""

from __future__ import annotations

from tests.tui.commands.conftest import Textmeter


def to(*numbers: str) -> list[str]:
    return [word for number in numbers for word in ("--to", number)]


def history(textmeter: Textmeter, now: str) -> list[tuple[str, str, int]]:
    """The lines but those of a grant, the oldest first."""
    lines = textmeter("--now", now, "history", "--limit", "500", "--json").json[::-1]
    return [(line["on"], line["kind"], line["delta"]) for line in lines if line["kind"] != "granted"]


def test_a_community_pays_for_what_is_delivered(textmeter: Textmeter) -> None:
    """Example 32: not delivered, delivered, and without any receipt for three days."""
    textmeter(
        *("--now", "2026-04-01T10:00", "account", "open", "--product", "community-texts", "--plan", "200"),
        *("--timezone", "UTC", "--demo-clock"),
    )
    textmeter("--now", "2026-04-02T10:00", "send", *to("+14155550003"), "Hello")
    before = textmeter("--now", "2026-04-02T10:00", "balance", "--json").json
    assert (before["available"], before["held"], before["used"]) == (399, 1, 0)
    assert textmeter("--now", "2026-04-02T10:01", "balance", "--json").json["available"] == 400
    textmeter("--now", "2026-04-03T10:00", "send", *to("+14155552671"), "Hello")
    after = textmeter("--now", "2026-04-03T10:01", "balance", "--json").json
    assert (after["available"], after["held"], after["used"]) == (399, 0, 1)
    textmeter("--now", "2026-04-04T10:00", "send", *to("+14155550014"), "Hello")
    waiting = textmeter("--now", "2026-04-07T09:59", "balance", "--json").json
    assert (waiting["available"], waiting["held"], waiting["used"]) == (398, 1, 1)
    counted = textmeter("--now", "2026-04-07T10:00", "balance", "--json").json
    assert (counted["available"], counted["held"], counted["used"]) == (398, 0, 2)
    assert textmeter("verify", "--json").json["ok"]


def test_61_refused_texts_come_back_as_one_line_and_end_as_one_with_the_plan(textmeter: Textmeter) -> None:
    textmeter(
        *("--now", "2026-04-01T10:00", "account", "open", "--product", "agent-texts", "--plan", "300"),
        *("--timezone", "UTC", "--demo-clock"),
    )
    textmeter("send", "--no-wait", *to(*(f"+1415{number}0000" for number in range(220, 281))), "hi")
    textmeter("plan", "cancel", "--yes")
    textmeter("--now", "2026-05-01", "run", "--once")
    assert history(textmeter, "2026-05-01") == [
        ("2026-04-01", "used", -61),
        ("2026-05-01", "ended", -239),
        ("2026-05-01", "released", 61),
        ("2026-05-01", "expired", -61),
    ]
    assert textmeter("verify", "--json").json["ok"]


def test_what_is_held_is_taken_back_by_a_downgrade_as_it_comes_back(textmeter: Textmeter) -> None:
    """900 held of 1,000; 100 are taken at once, and of the 900 that come back the 600 that are owed."""
    textmeter(
        *("--now", "2026-04-01T10:00", "account", "open", "--product", "agent-texts", "--plan", "1000"),
        *("--timezone", "UTC", "--demo-clock"),
    )
    numbers = [f"+1{area}{number}0000" for area in (415, 212) for number in range(220, 670)]
    textmeter("send", "--no-wait", *to(*numbers), "hi")
    quoted = textmeter("plan", "quote", "300", "--json").json
    assert quoted["credits_now"] == -100
    assert any("600" in line for line in quoted["explanation"])
    textmeter("plan", "change", "300", "--yes")
    assert textmeter("balance", "--json").json["available"] == 0
    textmeter("run", "--once")
    balance = textmeter("balance", "--json").json
    assert (balance["available"], balance["held"]) == (300, 0)
    assert history(textmeter, "2026-04-01T10:00") == [
        ("2026-04-01", "used", -900),
        ("2026-04-01", "taken-back", -100),
        ("2026-04-01", "released", 900),
        ("2026-04-01", "taken-back", -600),
    ]


def test_a_text_of_the_last_evening_was_used_in_that_month(textmeter: Textmeter) -> None:
    textmeter(
        *("--now", "2026-04-30T23:00", "account", "open", "--product", "agent-texts", "--plan", "300"),
        *("--timezone", "UTC", "--demo-clock"),
    )
    numbers = [f"+1415{number}1234" for number in range(220, 320) if number != 311]
    textmeter("send", "--no-wait", *to(*numbers, "+14152200000"), "hi")
    sent = len(numbers) + 1
    assert textmeter("usage", "--month", "2026-04", "--json").json["used"] == sent
    textmeter("--now", "2026-05-01", "run", "--once")
    assert history(textmeter, "2026-05-01") == [("2026-04-30", "used", -sent), ("2026-05-01", "released", 1)]
    assert textmeter("usage", "--month", "2026-04", "--json").json["used"] == sent
    assert textmeter("usage", "--month", "2026-05", "--json").json["used"] == -1


def test_a_long_text_is_told_before_it_is_sent(account: Textmeter) -> None:
    body = "word " * 640  # of 3,200 characters: two messages of 1,599 and 1,600
    found = account("estimate", *to("+14155550101"), body, "--json").json
    assert (found["segments"]["total"], found["credits"]) == (22, 22)
    assert "so this goes out as 2 messages" in found["warnings"][0]
    sent = account("send", *to("+14155550101"), body, "--json").json
    assert [(one["segments"], one["credits"]) for one in sent["messages"]] == [(11, 11), (11, 11)]
    assert sent["credits"] == 22
