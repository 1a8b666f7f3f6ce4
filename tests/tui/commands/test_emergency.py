"""An emergency on the command line: a text and an email, and whom neither reached. What emails are for."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.tui.commands.conftest import Textmeter

OPEN = ("account", "open", "--timezone", "America/New_York", "--demo-clock", "--product")
ALARM = ("--purpose", "emergency", "--override", "burst pipe", "No water today.")


@pytest.fixture
def community(textmeter: Textmeter, tmp_path: Path) -> Textmeter:
    """An account for texts and one for emails; Ann has a number and an address, Bob's number is no mobile."""
    noon = ("--now", "2026-04-16T12:00")
    for product in (("agent-texts", "--plan", "300"), ("agent-email", "--plan", "free")):
        opened = textmeter(*noon, *OPEN, *product)
        assert opened.code == 0, opened.err
    people = tmp_path / "people.csv"
    people.write_text(
        "First name,Phone,Email,Groups\nAnn,+12125550101,ann@example.com,Owners\nBob,+12125550000,,Owners\n",
        encoding="utf-8",
    )
    assert textmeter("--account", "1", "contacts", "import", str(people)).code == 0
    return textmeter


def test_it_goes_out_as_both_and_lists_whom_neither_reached(community: Textmeter) -> None:
    sent = community("--account", "1", "send", "--group", "Owners", *ALARM, "--json").json
    assert (sent["blast"], sent["campaign"], sent["purpose"]) == (1, 1, "emergency")
    assert [(one["name"], one["email"]) for one in sent["unreached"]] == [
        ("Bob", "This contact has no email address.")
    ]
    assert set(sent["unreached"][0]) == {"to", "name", "text", "email"}
    shown = community("--account", "1", "blasts", "show", "1", "--unreached", "--json").json
    assert shown == sent["unreached"]
    words = community("--account", "1", "blasts", "show", "1", "--unreached").out
    assert words.startswith("1 person got neither the text nor the email.\n× Bob ")
    campaign = community("--account", "2", "campaign", "show", "1", "--json").json
    assert (campaign["purpose"], campaign["why"]) == ("emergency", "burst pipe")


def test_its_csv_has_what_went_by_either_channel(community: Textmeter) -> None:
    community("--account", "1", "send", "--group", "Owners", *ALARM)
    table = community("--account", "1", "blasts", "show", "1", "--csv").out
    rows = list(csv.DictReader(table.splitlines()))
    assert [(row["to"], row["channel"], row["purpose"], row["why"]) for row in rows] == [
        ("+12125550101", "sms", "emergency", "burst pipe"),
        ("+12125550000", "sms", "emergency", "burst pipe"),
        ("ann@example.com", "email", "emergency", "burst pipe"),
    ]


def test_without_an_account_for_emails_the_text_goes_and_that_is_said(textmeter: Textmeter) -> None:
    textmeter("--now", "2026-04-16T12:00", *OPEN, "agent-texts", "--plan", "300")
    sent = textmeter("send", "--to", "+12125550101", *ALARM, "--json").json
    assert (sent["campaign"], sent["unreached"]) == (None, [])
    assert "No email was sent: there is no email account." in sent["advice"]


def test_an_emails_purpose_is_taken_kept_and_listed(community: Textmeter, tmp_path: Path) -> None:
    letter = tmp_path / "letter.md"
    letter.write_text("Hello", encoding="utf-8")
    send = (
        "--account",
        "2",
        "email",
        "send",
        "--to",
        "ann@example.com",
        "cid@example.com",
        "--subject",
        "Hi",
    )
    news = (*send, "--purpose", "marketing")
    assert community(*news, str(letter), "--json").code == 0
    refused = community(*news, str(letter), "--json")
    assert (refused.code, refused.json["error"]["code"]) == (2, "no-recipients")
    again = community(*news, "--override", "The date was wrong", str(letter), "--json")
    assert again.code == 0
    assert community(*send, str(letter), "--json").code == 0
    listed = community("--account", "2", "campaign", "list", "--json").json
    assert [(one["purpose"], one["why"]) for one in listed] == [
        ("notice", ""),
        ("marketing", "The date was wrong"),
        ("marketing", ""),
    ]
    assert "Marketing: The date was wrong" in community("--account", "2", "campaign", "show", "2").out


def test_a_smartplans_purpose_stands_in_its_file_and_is_shown(community: Textmeter, tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    steps = '[[steps]]\ndays = 0\nsubject = "Hi"\nbody = "Hello"\n'
    plan.write_text(f'name = "Rules"\npurpose = "notice"\n{steps}', encoding="utf-8")
    start = ("--account", "2", "smartplan", "start", str(plan), "--to", "ann@example.com")
    assert community(*start).code == 0
    assert community("--account", "2", "smartplan", "show", "Rules", "--json").json["purpose"] == "notice"
    plan.write_text(f'name = "Alarm"\npurpose = "emergency"\n{steps}', encoding="utf-8")
    refused = community(*start)
    assert refused.code != 0
    assert "purpose must be one of marketing, notice, conversation" in refused.err


@pytest.mark.parametrize(
    "when",
    [("--at", "2026-04-20 09:00"), ("--each-at", "09:00"), ("--at", "monday 9:00", "--repeat", "weekly")],
)
def test_at_another_time_it_is_refused_and_nothing_is_sent(
    community: Textmeter, when: tuple[str, ...]
) -> None:
    done = community("--account", "1", "send", "--group", "Owners", *when, *ALARM, "--json")
    assert (done.code, done.json["error"]["code"]) == (4, "emergency-waits")
    assert "An emergency text goes out at once" in done.json["error"]["message"]
    assert community("--account", "1", "blasts", "list", "--json").json == []
