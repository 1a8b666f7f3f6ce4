"""`textmeter inbox`, `conversation`, `reply` and `receive`."""

from __future__ import annotations

import pytest

from tests.tui.commands.conftest import Textmeter

ZOE, LI = "+14155550123", "+14155550124"


def test_what_came_in_is_listed_read_and_answered(demo: Textmeter) -> None:
    assert demo("contacts", "list", "--json").json == []
    assert demo("receive", "--from", "(415) 555-0123", "Yes! Friday?", "--json").json == {
        "from": ZOE,
        "asks": "",
    }
    [thread] = demo("inbox", "--json").json
    assert (thread["with"], thread["last"], thread["unread"]) == (ZOE, "Yes! Friday?", 1)
    assert "●" in demo("inbox").out
    sent = demo("reply", "--to", ZOE, "Friday at 3", "--json").json
    assert [(one["to"], one["status"], one["credits"]) for one in sent["messages"]] == [(ZOE, "sent", 1)]
    newest, oldest = demo("conversation", ZOE, "--json").json
    assert (newest["direction"], newest["text"], newest["status"], newest["by"]) == (
        "out",
        "Friday at 3",
        "sent",
        "",
    )
    assert (oldest["direction"], oldest["status"], oldest["credits"], oldest["by"]) == ("in", None, 1, None)
    [thread] = demo("inbox", "--json").json
    assert (thread["last"], thread["unread"]) == ("Friday at 3", 0)
    assert demo("inbox", "--unread", "--json").json == []
    assert len(demo("conversation", ZOE, "--limit", "1", "--json").json) == 1
    assert demo("contacts", "list", "--json").json[0]["phone"] == ZOE


@pytest.mark.parametrize(
    ("last_four", "asks", "state"),
    [
        ("0010", False, "out"),
        ("0011", False, "unknown"),
        ("0012", True, "unknown"),
        ("0013", False, "unknown"),
    ],
)
def test_numbers_that_answer_by_themselves(demo: Textmeter, last_four: str, asks: bool, state: str) -> None:
    number = f"+1415555{last_four}"
    assert demo("send", "--to", number, "Hi").code == 0
    [thread] = demo("--now", "2026-04-16T12:00", "inbox", "--unread", "--json").json
    assert (thread["with"], thread["asks"]) == (number, asks)
    said = {one["number"]: one["state"] for one in demo("consent", "list", "--json").json}
    assert said.get(number, "unknown") == state
    lines = demo("conversation", number, "--json").json
    [heard] = [line for line in lines if line["direction"] == "in"]
    assert bool(heard["media"]) is (last_four == "0013")


def test_who_is_out_gets_no_answer_and_the_reason_is_told(demo: Textmeter) -> None:
    assert demo("receive", "--from", ZOE, "STOP", "--json").json["asks"] == "out"
    done = demo("reply", "--to", ZOE, "Sorry!", "--json")
    assert done.code == 4
    assert done.json["error"]["code"] == "opted-out"
    assert demo("balance", "--json").json["held"] == 0
    words = demo("receive", "--from", ZOE, "START").out
    assert words == "Received. They can be texted again.\n"
    assert demo("reply", "--to", ZOE, "Welcome back").code == 0


def test_the_same_answer_under_a_key_is_sent_once(demo: Textmeter) -> None:
    demo("receive", "--from", ZOE, "Hello")
    blasts = {
        demo("reply", "--to", ZOE, "Hi", "--idempotency-key", "k", "--json").json["blast"] for _ in range(2)
    }
    assert len(blasts) == 1


def test_what_comes_in_is_no_terminals_command(demo: Textmeter) -> None:
    demo("receive", "--from", ZOE, "\x1b[2J\u202e[/] \x9b31m")
    for command in (["inbox"], ["conversation", ZOE], ["history"], ["history", "--csv"]):
        out = demo(*command).out
        assert not {"\x1b", "\u202e", "\x9b"} & set(out), command
    assert demo("inbox", "--json").out.isascii()
    assert "Reply from" in demo("history").out


def test_the_history_names_who_wrote(demo: Textmeter) -> None:
    demo("receive", "--from", ZOE, "Hello")
    assert f"Reply from {ZOE}" in demo("history").out


def test_a_limit_is_a_number_from_one_up(demo: Textmeter) -> None:
    assert demo("conversation", ZOE, "--limit", "0").code == 2
