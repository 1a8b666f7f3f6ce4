"""`textmeter smartplan`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.commands.conftest import Textmeter

PLAN = """
name = "Open house [/] \\u001b[2J"
[[steps]]
days = 0
subject = "Hi {first_name|there}"
body = "Come on Sunday."
[[steps]]
days = 3
subject = "How was it?"
body = "Tell me."
"""


@pytest.fixture
def plan(tmp_path: Path) -> str:
    path = tmp_path / "open-house.toml"
    path.write_text(PLAN, encoding="utf-8")
    return str(path)


@pytest.fixture
def emails(textmeter: Textmeter) -> Textmeter:
    """The command line on a demo account for 5,000 emails a month."""
    opened = textmeter(
        *("--now", "2026-04-16T12:00", "account", "open", "--product", "agent-email", "--plan", "free"),
        *("--timezone", "America/New_York", "--demo-clock"),
    )
    assert opened.code == 0, opened.err
    return textmeter


def test_worked_example_16_on_the_command_line(emails: Textmeter, plan: str) -> None:
    emails("charge", "4999")
    started = emails("smartplan", "start", plan, "--to", "a@b.com", "c@d.com", "--to", "e@f.com", "--json")
    assert started.json == {"plan": 1, "people": 3, "left_out": 0, "reasons": {}}
    assert started.err == ""

    def listed() -> dict[str, object]:
        assert emails("run", "--once").code == 0
        (one,) = emails("smartplan", "list", "--json").json
        return {key: one[key] for key in ("people", "going", "next_on", "sent", "failed")}

    first = {"people": 3, "going": 3, "next_on": "2026-04-19", "sent": 1, "failed": 2}
    assert listed() == first
    assert emails("plan", "change", "10000", "--yes").code == 0
    assert listed() == first  # an upgrade sends nothing that failed
    emails("clock", "advance", "--days", "3")
    assert listed() == {"people": 3, "going": 0, "next_on": None, "sent": 4, "failed": 2}


def test_without_mail_it_starts_and_says_what_is_missing(textmeter: Textmeter, plan: str) -> None:
    textmeter("account", "open", "--product", "agent-email", "--plan", "free", "--timezone", "UTC")
    started = textmeter("smartplan", "start", plan, "--to", "a@b.com")
    assert started.code == 0
    assert "for 1 person" in started.out
    assert started.err == "Emails are simulated: none are really sent.\n"


def test_a_group_leaves_out_who_has_no_address(emails: Textmeter, plan: str, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(
        "First Name,Mobile Phone,E-mail Address,Labels\n"
        "Ann,,ann@example.com,buyers\nBob,(415) 555-0134,,buyers\n"
    )
    assert emails("contacts", "import", str(people)).code == 0
    started = emails("smartplan", "start", plan, "--group", "buyers")
    assert "for 1 person" in started.out
    assert "1 contact without an email address is left out." in started.out


def test_people_read_how_far_their_plans_are_and_no_name_commands_the_terminal(
    emails: Textmeter, plan: str
) -> None:
    assert "no SmartPlans yet" in emails("smartplan", "list").out
    emails("smartplan", "start", plan, "--to", "a@b.com")
    listed = emails("smartplan", "list").out
    assert "Open house [/]" in listed
    assert "\x1b" not in listed
    assert "Apr 16, 2026" in listed


def test_a_plan_comes_from_standard_input_too(emails: Textmeter) -> None:
    started = emails("smartplan", "start", "-", "--to", "a@b.com", "--json", stdin=PLAN.encode())
    assert started.json == {"plan": 1, "people": 1, "left_out": 0, "reasons": {}}
    no_plan = emails("smartplan", "start", "-", "--to", "a@b.com", stdin=b"\xff")
    assert no_plan.code == 2
    assert no_plan.err.startswith("Standard input isn't a SmartPlan: it isn't valid TOML: ")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["smartplan", "start", "missing.toml", "--to", "a@b.com"], 2, "No such file"),
        (["smartplan", "start", "PLAN"], 2, "--to"),
        (["smartplan", "start", "PLAN", "--to", "nobody"], 1, "an email address"),
        (["smartplan", "start", "PLAN", "--group", "nobody"], 2, "can't reach anyone you named"),
    ],
)
def test_what_cannot_be_started_says_why(
    emails: Textmeter, plan: str, arguments: list[str], code: int, says: str
) -> None:
    done = emails(*[plan if argument == "PLAN" else argument for argument in arguments])
    assert done.code == code
    assert says in done.err
    assert emails("smartplan", "list", "--json").json == []


def test_an_account_for_texts_starts_none(account: Textmeter, plan: str) -> None:
    done = account("smartplan", "start", plan, "--to", "a@b.com", "--json")
    assert (done.code, done.json["error"]["code"]) == (4, "no-emails")
