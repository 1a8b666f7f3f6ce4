"""The command line within a role: what it forbids ends with exit code 4, and what it allows works."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from store.roles import Person, Role
from tests.tui.commands.conftest import Done, Textmeter
from tui.commands.context import Session
from tui.commands.entry import run_in
from tui.i18n.language import Language

OLA, SAM, VIC = Person("Ola", Role.OWNER), Person("Sam", Role.SENDER), Person("Vic", Role.VIEWER)
PEOPLE = "Name,Phone\nAnn,+14155550101\n"
STEPS = 'name = "Welcome"\n[[steps]]\ndays = 0\nsubject = "Hello"\nbody = "Hi"\n'

As = Callable[..., Done]

OWNERS = [
    "plan change 1000 --yes",
    "plan change 1000",
    "plan withdraw",
    "plan cancel --yes",
    "--account 3 buy 100 --yes",
    "charge 1",
    "card 4000000000000002",
    "clock advance --days 1",
    "clock advance --to-renewal",
    "--now 2026-06-01 balance",
    "--now 2026-06-01 renew",
    "--account 2 orders pay --yes",
    "contacts import people.csv",
    "contacts import --undo",
    "groups add Friends +14155550101",
    "groups rename Buyers Friends",
    "groups remove Buyers +14155550101",
    "groups remove Buyers",
    "account open --product agent-texts --plan 300",
]
SENDERS = [
    "send --to +14155550101 Hi",
    "send --to +14155550101 --no-wait --idempotency-key once Hi",
    "--account 2 smartplan start steps.toml --to ann@example.com",
    "renew",
    "run --once",
]
READING = [
    "account list",
    "balance",
    "estimate --to +14155550101 Hi",
    "history",
    "usage",
    "notices",
    "orders",
    "card",
    "clock",
    "plan list",
    "plan quote 1000",
    "contacts list",
    "contacts show +14155550101",
    "groups list",
    "--account 2 smartplan list",
    "verify",
]


@pytest.fixture
def as_somebody(
    textmeter: Textmeter, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> As:
    """as_somebody(person, *arguments): the command line of a person, on a database with an account for texts
    by a demo clock (the default one), one for emails, one of a community, and Ann."""
    Path("people.csv").write_text(PEOPLE, encoding="utf-8")
    Path("steps.toml").write_text(STEPS, encoding="utf-8")
    for options in (
        [
            "--now",
            "2026-04-16",
            "account",
            "open",
            "--product",
            "agent-texts",
            "--plan",
            "300",
            "--demo-clock",
        ],
        ["account", "open", "--product", "agent-email", "--plan", "free"],
        ["account", "open", "--product", "community-texts", "--plan", "200"],
        ["account", "default", "1"],
        ["contacts", "import", "people.csv"],
    ):
        assert textmeter(*options).code == 0

    def somebody(person: Person, *arguments: str) -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
        capsys.readouterr()

        def session(language: Language, asked: bool) -> Session:
            made = Session(language, asked)
            made.person = person
            return made

        return Done(run_in(session, list(arguments)), *capsys.readouterr())

    return somebody


def all_that_is_told(as_somebody: As) -> list[Any]:
    """What an owner reads of all accounts."""
    asked = ("history", "orders", "balance", "notices", "card", "contacts list", "clock")
    told = [as_somebody(OLA, *f"{command} --json".split()) for command in asked]
    told += [as_somebody(OLA, "--account", account, "history", "--json") for account in "23"]
    assert [done.code for done in told] == [0] * len(told)
    return [done.json for done in told]


@pytest.mark.parametrize("person", [SAM, VIC], ids=["sender", "viewer"])
@pytest.mark.parametrize("command", OWNERS)
def test_what_is_an_owners_is_refused_to_others(as_somebody: As, person: Person, command: str) -> None:
    before = all_that_is_told(as_somebody)
    done = as_somebody(person, *command.split(), "--json")
    error = done.json["error"]
    assert (done.code, error["code"], error["role"], error["needs"]) == (4, "role", person.role, "owner")
    assert error["message"].startswith(f"You are a {person.role} here")
    assert all_that_is_told(as_somebody) == before


@pytest.mark.parametrize("command", SENDERS)
def test_a_viewer_sends_nothing(as_somebody: As, command: str) -> None:
    before = all_that_is_told(as_somebody)
    done = as_somebody(VIC, *command.split(), "--json")
    error = done.json["error"]
    assert (done.code, error["code"], error["role"], error["needs"]) == (4, "role", "viewer", "sender")
    assert all_that_is_told(as_somebody) == before


@pytest.mark.parametrize("command", READING)
def test_a_viewer_reads_what_an_owner_reads(as_somebody: As, command: str) -> None:
    read = as_somebody(VIC, *command.split(), "--json")
    assert (read.code, read.json) == (0, as_somebody(OLA, *command.split(), "--json").json)


def test_people_are_told_in_a_sentence(as_somebody: As) -> None:
    done = as_somebody(VIC, "--lang", "es", "send", "--to", "+14155550101", "Hola")
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith("Aquí tienes acceso de solo lectura")
    assert "Traceback" not in done.err


def test_a_sender_sends_and_the_history_says_who(as_somebody: As) -> None:
    assert as_somebody(SAM, "send", "--no-wait", "--to", "+14155550101", "Hi").code == 0
    assert as_somebody(OLA, "plan", "change", "1000", "--yes").code == 0
    lines = as_somebody(VIC, "history", "--json").json
    assert [(line["cause_code"], line["by"]) for line in lines] == [
        ("upgrade", "Ola"),
        ("blast", "Sam"),
        ("join", ""),
    ]
    orders = as_somebody(VIC, "orders", "--json").json
    assert [(order["cause"], order["by"]) for order in orders] == [("upgrade", "Ola"), ("join", None)]
    header, newest, *_ = as_somebody(VIC, "history", "--csv").out.splitlines()
    assert (header.split(",")[-1], newest.split(",")[-1]) == ("by", "Ola")
    assert json.loads(as_somebody(VIC, "history", "--jsonl").out.splitlines()[1])["by"] == "Sam"


def test_each_chooses_their_own_account(as_somebody: As) -> None:
    assert as_somebody(VIC, "account", "default", "2").code == 0
    for person, chosen in ((VIC, 2), (OLA, 1)):
        accounts = as_somebody(person, "account", "list", "--json").json
        assert [account["id"] for account in accounts if account["default"]] == [chosen]


def test_an_owner_moves_the_clock(as_somebody: As) -> None:
    assert as_somebody(OLA, "clock", "advance", "--to-renewal", "--json").code == 0
    assert as_somebody(VIC, "balance", "--json").json["period"]["starts"] == "2026-05-01"
