"""What a text is for, on the command line."""

from __future__ import annotations

import pytest

from tests.tui.commands.conftest import Textmeter

HERE, TWO = "+14155550123", ("+14155550123", "+14155550124")
NOON = ("--now", "2026-04-16T15:00")
"""In New York; by no quiet hours anywhere from there to San Francisco."""


def test_it_follows_from_whom_a_text_goes_to(account: Textmeter) -> None:
    assert account("estimate", "--to", HERE, "Hello", "--json").json["purpose"] == "conversation"
    assert account("estimate", "--to", *TWO, "Hello", "--json").json["purpose"] == "notice"
    assert "2 credits · Notice" in account("estimate", "--to", *TWO, "Hello").out


def test_one_that_is_said_is_kept_and_listed(account: Textmeter) -> None:
    sent = account("send", "--to", *TWO, "--purpose", "conversation", "Hello", "--json").json
    assert sent["purpose"] == "conversation"
    (listed,) = account("blasts", "list", "--json").json
    assert (listed["purpose"], listed["why"]) == ("conversation", "")
    shown = account("blasts", "show", str(sent["blast"]), "--json").json
    assert {row["purpose"] for row in shown} == {"conversation"}


def test_a_word_that_is_no_purpose_is_wrong_usage(account: Textmeter) -> None:
    done = account("send", "--to", HERE, "--purpose", "spam", "Hello", "--json")
    assert (done.code, done.json["error"]["code"]) == (2, "usage")
    assert "conversation, notice, marketing, emergency" in done.json["error"]["message"]


@pytest.mark.parametrize("command", ["send", "estimate"])
@pytest.mark.parametrize("why", [(), ("--override", " ")])
def test_an_emergency_without_a_reason_is_wrong_usage(
    account: Textmeter, command: str, why: tuple[str, ...]
) -> None:
    done = account(command, "--to", HERE, "--purpose", "emergency", *why, "Hello", "--json")
    assert (done.code, done.json["error"]["code"]) == (2, "no-reason")
    assert "--override" in done.json["error"]["message"]
    assert account("blasts", "list", "--json").json == []


def test_the_reason_of_an_emergency_is_kept_with_it(account: Textmeter) -> None:
    emergency = ("--purpose", "emergency", "--override", "burst pipe")
    sent = account("send", "--to", *TWO, *emergency, "No water", "--json").json
    assert sent["purpose"] == "emergency"
    assert account("blasts", "list", "--json").json[0]["why"] == "burst pipe"
    assert "Emergency: burst pipe" in account("blasts", "show", str(sent["blast"])).out
    assert "burst pipe" in account("blasts", "show", str(sent["blast"]), "--csv").out


def test_marketing_leaves_out_whom_it_texted_lately_unless_a_reason_is_given(demo: Textmeter) -> None:
    demo(*NOON, "send", "--to", HERE, "Hello")
    marketing = (*NOON, "estimate", "--to", *TWO, "--purpose", "marketing", "The open house is on")
    found = demo(*marketing, "--json").json
    assert [(one["to"], one["code"]) for one in found["left_out"]] == [(HERE, "texted-lately")]
    assert found["left_out"][0]["reason"].startswith("Texted on ")
    assert demo(*marketing, "--override", "new date", "--json").json["recipients"] == 2


def test_who_is_in_quiet_hours_is_left_out_with_the_hour_at_which_they_end(demo: Textmeter) -> None:
    marketing = ("estimate", "--to", HERE, "--purpose", "marketing", "The open house is on", "--json")
    (out,) = demo("--now", "2026-04-16T09:00", *marketing).json["left_out"]
    assert out["code"] == "quiet-hours"
    assert "8:00" in out["reason"]
    assert "guessed from the number" in out["reason"]


def test_a_reply_is_a_conversation(account: Textmeter) -> None:
    account("receive", "--from", HERE, "Hello")
    assert account("reply", "--to", HERE, "Hi", "--json").json["purpose"] == "conversation"


def test_a_resend_keeps_the_purpose(account: Textmeter) -> None:
    failing = ("+14152000000", "+14155550124")
    sent = account("send", "--to", *failing, "Hello", "--json").json
    again = account("blasts", "resend", str(sent["blast"]), "--failed", "--yes", "--json").json
    assert again["purpose"] == "notice"


def test_a_template_brings_its_purpose_unless_another_is_said(account: Textmeter) -> None:
    account("templates", "save", "Sale", "Now or never", "--purpose", "notice")
    assert account("estimate", "--to", HERE, "--template", "Sale", "--json").json["purpose"] == "notice"
    said = ("--purpose", "conversation")
    found = account("estimate", "--to", HERE, "--template", "Sale", *said, "--json").json
    assert found["purpose"] == "conversation"


def test_marketing_needs_a_yes_where_an_owner_says_so(account: Textmeter) -> None:
    assert account("consent", "require", "--json").json == {"marketing_needs_yes": False}
    assert account("consent", "require", "on", "--json").json == {"marketing_needs_yes": True}
    assert "only to people who said yes" in account("consent", "require").out
    found = account("estimate", "--to", HERE, "--purpose", "marketing", "Hello", "--json").json
    assert [one["code"] for one in found["left_out"]] == ["no-consent"]
    assert account("consent", "require", "off", "--json").json == {"marketing_needs_yes": False}
    assert account("consent", "require", "maybe").code == 2


def test_the_line_below_speaks_the_language_that_was_asked_for(demo: Textmeter) -> None:
    draft = ("estimate", "--to", HERE, "--purpose", "marketing", "Hola", "--json")
    assert any("Responda STOP" in says for says in demo(*NOON, "--lang", "es", *draft).json["advice"])
