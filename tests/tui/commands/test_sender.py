"""`textmeter sender` and `textmeter events`: who carries texts, and what came in."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.environment import CHECKOUT
from tests.store.mail import server
from tests.tui.commands.conftest import Textmeter

PROGRAM = "import sys; from tui.commands import main; sys.exit(main())"


def test_without_a_sender_texts_are_simulated_and_that_is_said(account: Textmeter) -> None:
    assert "texts and emails are simulated" in account("sender", "list").out
    done = account("sender", "check", "--json")
    assert (done.code, [each["severity"] for each in done.json]) == (0, ["warning"])
    assert done.json[0]["what_to_do"] is not None


def test_a_sender_is_set_up_changed_and_removed(account: Textmeter) -> None:
    made = account(
        "sender", "set", "desk", "provider=simulated", "number=+14155550100", "per_day=50", "--json"
    )
    assert made.json["number"] == "+14155550100"
    account("sender", "set", "desk", "per_second=0.5")
    [told] = account("sender", "list", "--json").json
    assert (told["per_second"], told["per_day"], told["left_today"]) == (0.5, 50, 50)
    account("send", "--to", "+14155550123", "Hello")
    assert account("sender", "list", "--json").json[0]["left_today"] == 49
    assert "desk" in account("sender", "list").out
    assert account("sender", "remove", "desk").code == 0
    assert account("sender", "list", "--json").json == []


def test_whom_the_months_cap_leaves_out_is_said_before_and_after_sending(account: Textmeter) -> None:
    account("sender", "set", "desk", "provider=simulated", "people_per_month=1")
    to = ("--to", "+14155550123", "--to", "+14155550124", "--to", "+14155550125", "Hello")
    says = "2 people won't get this, at no cost: the sender's limit is 1 person a month."
    assert says in account("estimate", *to, "--json").json["advice"]
    assert f"! {says}" in account("estimate", *to).out
    sent = account("send", *to, "--json").json
    assert says in sent["advice"]
    assert [one["status"] for one in sent["messages"]] == ["sent", "failed", "failed"]
    assert "! 1 person won't get this" in account("send", *to[2:4], "Hello").out


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (["number=+14155550100"], "provider=NAME"),
        (["provider=pigeon"], "provider=NAME"),
        (["provider=simulated", "wings=2"], "has no “wings”"),
        (["provider=simulated", "per_day=many"], "per_day must be a whole number"),
        (["provider=simulated", "per_second=-1"], "per_second must be a number"),
        (["provider"], "KEY=VALUE"),
    ],
)
def test_what_cant_be_set_up_is_told_and_nothing_is(account: Textmeter, values: list[str], says: str) -> None:
    done = account("sender", "set", "desk", *values)
    assert done.code == 2
    assert says in done.err
    assert account("sender", "list", "--json").json == []


def test_a_name_that_is_none_is_told(account: Textmeter) -> None:
    assert "can't be a sender's name" in account("sender", "set", "My Desk", "provider=simulated").err
    assert account("sender", "check", "nobody").code == 2


def test_what_is_missing_is_told_with_the_command_that_sets_it(account: Textmeter) -> None:
    account("sender", "set", "phone", "provider=smsgate", "url=http://127.0.0.1:1")
    done = account("sender", "check", "phone", "--json")
    assert done.code == 1
    missing = {each["what_to_do"] for each in done.json if each["severity"] == "error"}
    assert missing == {
        f"Set it in Settings, Senders, or with `textmeter sender set phone {pair}`."
        for pair in ("username=...", "password=-")
    }


def test_what_is_set_to_nothing_is_taken_out(account: Textmeter) -> None:
    account("sender", "set", "office", "provider=kannel", "username=us", "status=http://127.0.0.1:1")
    done = account("sender", "set", "office", "username=", "status=", "--json")
    assert (done.code, done.json["options"], done.json["secrets"]) == (0, {}, [])


def test_a_sender_of_emails_is_one_of_all(account: Textmeter) -> None:
    account("sender", "set", "desk", "provider=simulated")
    made = account("sender", "set", "mail", "provider=smtp", "number=me@agent.test", "per_day=50", "--json")
    assert (made.code, made.json["number"], made.json["left_today"]) == (0, "me@agent.test", 50)
    account("sender", "set", "mail", "host=mail.agent.test", r"signature=Zoë\nAgent")
    told = account("sender", "list", "--json").json
    assert [(one["id"], one["provider"]) for one in told] == [("desk", "simulated"), ("mail", "smtp")]
    assert told[1]["options"] == {"host": "mail.agent.test", "signature": "Zoë\nAgent"}
    assert account("sender", "set", "mail", "provider=twilio").code == 2
    assert account("sender", "set", "desk", "provider=smtp").code == 2
    assert account("sender", "set", "mail", "people_per_month=5").code == 2
    assert account("sender", "remove", "mail").code == 0
    assert [one["id"] for one in account("sender", "list", "--json").json] == ["desk"]


def test_what_a_sender_of_emails_lacks_is_told(account: Textmeter) -> None:
    account("sender", "set", "mail", "provider=smtp", "number=me@agent.test")
    done = account("sender", "check", "mail", "--json")
    assert done.code == 1
    assert [each["finding"] for each in done.json] == ["Mail server is missing."]
    assert done.json[0]["what_to_do"].endswith("`textmeter sender set mail host=...`.")


def test_the_mail_server_that_is_configured_is_checked_with_all_others(
    account: Textmeter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server.running() as inbox:
        url = f"smtp://127.0.0.1:{inbox.port}?from=texts@agent.test&to=me@agent.test"
        monkeypatch.setenv("TEXTMETER_MAIL", url)
        told = account("sender", "check").out
    assert "✓ mail.url  It accepts mail from texts@agent.test." in told
    assert "! mail.url  No mailbox is set up" in told
    assert inbox.mails == []


def test_what_came_in_is_printed_for_programs(demo: Textmeter) -> None:
    demo("--now", "2026-04-16T12:00", "send", "--to", "+14155550010", "Hello")
    demo("--now", "2026-04-16T13:00", "balance")
    events = [json.loads(line) for line in demo("events", "--jsonl").out.splitlines()]
    assert [(each["event"], each["outcome"]) for each in events] == [("receipt", ""), ("reply", "out")]
    assert events[1]["body"] == "STOP"
    later = demo("events", "--jsonl", "--after", str(events[0]["id"])).out.splitlines()
    assert [json.loads(line)["event"] for line in later] == ["reply"]
    assert demo("events").code == 2


def test_who_follows_hears_of_what_comes_in(demo: Textmeter, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", PROGRAM, "--database", str(tmp_path / "textmeter.sqlite3")),
            *("events", "--follow", "--jsonl", "--after", "1"),
        ],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        demo("--now", "2026-04-16T12:00", "send", "--to", "+14155550011", "Hello")
        demo("--now", "2026-04-16T13:00", "balance")
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["body"] == "What time would work for you?"
    finally:
        process.terminate()
        out, err = process.communicate()
    assert (process.returncode, out, err) == (0, b"", b"")
