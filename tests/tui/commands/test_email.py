"""`textmeter email` and `textmeter campaign`: writing an email, and what became of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.commands.conftest import Textmeter


@pytest.fixture
def emails(textmeter: Textmeter) -> Textmeter:
    """The command line on a demo account for 5,000 emails a month."""
    opened = textmeter(
        *("--now", "2026-04-16T12:00", "account", "open", "--product", "agent-email", "--plan", "free"),
        *("--timezone", "America/New_York", "--demo-clock"),
    )
    assert opened.code == 0, opened.err
    return textmeter


@pytest.fixture
def letter(tmp_path: Path) -> str:
    path = tmp_path / "letter.md"
    path.write_text("Hello **{first_name|there}**", encoding="utf-8")
    return str(path)


def test_an_email_leaves_and_is_told_person_by_person_failures_first(emails: Textmeter, letter: str) -> None:
    to = ["--to", "ann@example.com", "bob+0000@example.com", "--to", "ANN@example.com"]
    sent = emails("email", "send", *to, "--subject", "Hi", letter, "--json").json
    assert (sent["campaign"], sent["sends"]) == (1, 1)
    assert [(one["to"], one["status"]) for one in sent["messages"]] == [
        ("bob+0000@example.com", "failed"),
        ("ann@example.com", "sent"),
    ]
    assert sent["messages"][0]["reason"] == "The mail server refused it."
    assert [(one["to"], one["code"]) for one in sent["left_out"]] == [("ANN@example.com", "duplicate")]
    shown = emails("campaign", "show", "1", "--json").json
    assert shown["messages"] == sent["messages"]
    lines = emails("campaign", "show", "1", "--csv").out.splitlines()
    assert lines[0] == "to,name,status,reason,at"
    assert lines[1].startswith("bob+0000@example.com,,failed,The mail server refused it.,")
    assert emails("balance", "--json").json["available"] == 4_999


def test_whoever_gets_nothing_is_named_with_why(emails: Textmeter, letter: str) -> None:
    emails("consent", "out", "ann@example.com", "--why", "asked")
    refused = emails("email", "send", "--to", "ann@example.com", "--subject", "Hi", letter)
    assert refused.code != 0
    assert "Nobody gets this. ann@example.com: " in refused.err
    assert "Opted out on" in refused.err


def test_of_an_email_that_leaves_at_once_no_hour_is_told(textmeter: Textmeter, letter: str) -> None:
    opened = textmeter(
        *("account", "open", "--product", "agent-email", "--plan", "free", "--timezone", "UTC", "--yes")
    )
    assert opened.code == 0, opened.err
    send = "email", "send", "--to", "ann@example.com", "--subject", "Hi"
    assert "The first goes out" not in textmeter(*send, letter).out
    assert "The first goes out" in textmeter(*send, "--at", "2999-01-01T09:00", letter).out


def test_one_that_waits_is_listed_and_taken_back(emails: Textmeter, letter: str) -> None:
    to = ["--to", "ann@example.com", "bob@example.com", "--subject", "Hi"]
    assert emails("email", "send", *to, "--at", "2026-04-17T09:30", letter).code == 0
    (listed,) = emails("campaign", "list", "--json").json
    assert (listed["at"], listed["queued"], listed["sends"]) == ("2026-04-17T13:30:00+00:00", 2, 2)
    assert "2 queued" in emails("campaign", "list").out
    done = emails("campaign", "cancel", "1", "--json").json
    assert (done["cancelled"], done["sends"]) == (2, 0)
    assert emails("campaign", "cancel", "1").code == 4
    assert emails("balance", "--json").json["available"] == 5_000


def test_a_test_and_a_key_send_one(emails: Textmeter) -> None:
    to = ["--to", "ann@example.com", "--subject", "Hi", "-"]
    emails("email", "send", "--test", "me@example.com", *to, stdin=b"Hello")
    for _ in range(2):
        emails("email", "send", "--idempotency-key", "sunday", *to, stdin=b"Hello")
    listed = emails("campaign", "list", "--json").json
    assert [one["subject"] for one in listed] == ["Hi", "[Test] Hi"]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--subject", "Hi", "LETTER"], 2, "--to"),
        (["--to", "ann@example.com", "LETTER"], 2, "--subject"),
        (["--to", "ann@example.com", "--subject", "Hi", "missing.md"], 2, "No such file"),
        (["--to", "ann@example.com", "--subject", "Hi", "--at", "soon", "LETTER"], 2, "--at needs a time"),
        (["--to", "ann@example.com", "--subject", "Hi", "--each-at", "9", "LETTER"], 2, "a time of day"),
        (["--to", "ann@example.com", "--subject", "Hi", "--sender", "none", "LETTER"], 2, "no sender"),
    ],
)
def test_what_cant_be_sent_says_why(
    emails: Textmeter, letter: str, arguments: list[str], code: int, says: str
) -> None:
    done = emails("email", "send", *[letter if argument == "LETTER" else argument for argument in arguments])
    assert (done.code, says in done.err) == (code, True), done.err
    assert emails("campaign", "list", "--json").json == []


def test_an_account_for_texts_sends_none(account: Textmeter, letter: str) -> None:
    done = account("email", "send", "--to", "ann@example.com", "--subject", "Hi", letter, "--json")
    assert (done.code, done.json["error"]["code"]) == (4, "no-emails")
