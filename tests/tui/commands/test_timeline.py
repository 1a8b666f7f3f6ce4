"""`textmeter timeline`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.commands.conftest import Textmeter

ZOE, STOPPED = "+14155550123", "+14155550010"
PLAN = """name = "Welcome"
[[steps]]
days = 0
subject = "Hello {first_name}"
body = "Hi"
"""


@pytest.fixture
def with_zoe(demo: Textmeter, tmp_path: Path) -> Textmeter:
    file = tmp_path / "people.csv"
    file.write_text(f"First Name,Phone,Email\nZoë,{ZOE},zoe@example.com\n", encoding="utf-8")
    assert demo("contacts", "import", str(file)).code == 0
    return demo


def test_texts_both_ways_and_consent_are_told_the_newest_first(with_zoe: Textmeter) -> None:
    textmeter = with_zoe
    assert textmeter("send", "--to", ZOE, "Shall we meet?").code == 0
    assert textmeter("receive", "--from", ZOE, "Yes! Friday?").code == 0
    assert textmeter("--now", "2026-04-17T12:00", "consent", "out", ZOE, "--why", "told me").code == 0
    lines = textmeter("timeline", ZOE, "--json").json
    assert [
        (line["what"], line["channel"], line["text"], line["status"], line["credits"]) for line in lines
    ] == [
        ("consent", "text", "told me", "out", None),
        ("reply", "text", "Yes! Friday?", None, 1),
        ("text", "text", "Shall we meet?", "delivered", 1),
    ]
    assert [line["at"] for line in lines] == sorted((line["at"] for line in lines), reverse=True)
    assert textmeter("timeline", "1", "--limit", "1", "--json").json == lines[:1]
    shown = textmeter("timeline", "zoe@example.com").out.splitlines()
    assert shown[2:] == [
        *("← Yes! Friday?", "  Apr 16, 2026, 12:00\u202fAM · text · 1 credit"),
        *("● Shall we meet?", "  Apr 16, 2026, 12:00\u202fAM · text · delivered · 1 credit"),
    ]


def test_a_step_of_a_smartplan_says_of_which_plan_it_is(textmeter: Textmeter, tmp_path: Path) -> None:
    opened = ("account", "open", "--product", "agent-email", "--plan", "free", "--demo-clock", "--yes")
    assert textmeter(*opened).code == 0
    file = tmp_path / "plan.toml"
    file.write_text(PLAN, encoding="utf-8")
    assert textmeter("smartplan", "start", str(file), "--to", "ann@example.com").code == 0
    assert textmeter("run", "--once").code == 0
    (line,) = textmeter("timeline", "ann@example.com", "--json").json
    assert {key: line[key] for key in ("what", "channel", "plan", "step", "status", "credits")} == {
        "what": "step",
        "channel": "email",
        "plan": "Welcome",
        "step": 1,
        "status": "sent",
        "credits": 1,
    }


def test_nothing_is_an_empty_list(with_zoe: Textmeter) -> None:
    assert with_zoe("timeline", "1", "--json").json == []
    assert with_zoe("timeline", "1").out == ""
