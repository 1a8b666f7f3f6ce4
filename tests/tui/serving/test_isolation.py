"""Visitors of a demo: whatever one of them does, another sees nothing of it, by every command and screen."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from threading import Event

import asyncssh
import click
import pytest
import pytest_asyncio

from store.demo import open_made
from store.emails.model import SmartPlan, Step
from store.messages.model import Draft, Template
from tests.ssh import (
    ENTER,
    ESCAPE,
    F2,
    F3,
    F9,
    F10,
    F12,
    PALETTE,
    QUIT,
    Said,
    Server,
    Sitting,
    ask,
    at_terminal,
    begin_draft,
    connected,
    serving,
)
from tests.waiting import until
from tui.commands.context import Session
from tui.commands.root import textmeter
from tui.i18n.language import Language
from tui.routes.screens import MODES

MARK = "Zqx"
"""What everything that the first visitor writes begins with; nobody else writes it."""

COMMANDS: dict[tuple[str, ...], str] = {
    (): "--version",
    ("compose",): "Hello",
    ("segments",): "Hello",
    ("estimate",): "--group Buyers Hello",
    ("send",): "--to +14155550123 Hello",
    ("account", "open"): "--product agent-texts --plan 300",
    ("account", "list"): "",
    ("account", "default"): "2",
    ("balance",): "",
    ("history",): "--limit 500",
    ("usage",): "",
    ("notices",): "",
    ("plan", "list"): "",
    ("plan", "quote"): "3000",
    ("plan", "change"): "3000 --yes",
    ("plan", "withdraw"): "",
    ("plan", "cancel"): "--yes",
    ("buy",): "100 --yes",
    ("orders",): "",
    ("orders", "pay"): "--yes",
    ("rates", "list"): "--country FR",
    ("rates", "refresh"): "--yes",
    ("card",): "",
    ("charge",): "3",
    ("clock",): "",
    ("clock", "advance"): "--to-renewal",
    ("renew",): "",
    ("contacts", "import"): "-",
    ("contacts", "list"): "",
    ("contacts", "show"): "1",
    ("contacts", "export"): "people.csv",
    ("groups", "list"): "",
    ("groups", "add"): "Lakeside 1",
    ("groups", "rename"): "Lakeside Lakeview",
    ("groups", "remove"): "Lakeview",
    ("templates", "list"): "",
    ("templates", "save"): "Gate Hello",
    ("templates", "delete"): "Gate",
    ("consent", "list"): "",
    ("consent", "out"): "+14155550123",
    ("consent", "in"): "+14155550123 --why START",
    ("consent", "import"): "-",
    ("consent", "export"): "-",
    ("consent", "review"): "",
    ("consent", "require"): "on",
    ("blasts", "list"): "",
    ("blasts", "show"): "1",
    ("blasts", "resend"): "1 --failed",
    ("scheduled", "list"): "",
    ("scheduled", "move"): "1 2026-12-24T09:00",
    ("scheduled", "cancel"): "1",
    ("inbox",): "--unread",
    ("conversation",): "+14155550123",
    ("reply",): "--to +14155550123 Hello",
    ("receive",): "--from +14155550123 Hello",
    ("timeline",): "1 --limit 5",
    ("email", "send"): "--to ann@example.com --subject Hello -",
    ("campaign", "list"): "",
    ("campaign", "show"): "1",
    ("campaign", "cancel"): "1",
    ("smartplan", "start"): "- --to ann@example.com",
    ("smartplan", "list"): "",
    ("smartplan", "show"): "1",
    ("smartplan", "pause"): "1",
    ("smartplan", "resume"): "1",
    ("smartplan", "stop"): "1",
    ("verify",): "",
}
"""Every command that is served, by its words, and what to give it."""
WITHOUT_JSON = {()}
READING = (
    "account list",
    "balance",
    "card",
    "consent list",
    "contacts list",
    "contacts show 1",
    "groups list",
    "history",
    "notices",
    "orders",
    "templates list",
    "usage",
)
"""Those that tell what there is."""

SCREENS = {
    F2: "credits left",
    F3: "What it costs",
    F9: "Reply from",
    F10: "Search by name",
    F12: "You have",
}
"""Keys that lead to screens, and what stands there."""
BY_NAME = {
    "Usage": "What you used, by day",
    "Inbox": "Read and answer replies",
    "Scheduled": "See, move or cancel what goes out later",
    "Notices": "Usage thresholds you have reached",
    "Templates": "Texts you can reuse, with",
    "Opt-outs": "Who you may text, since when",
    "SmartPlans": "Series of emails, texts and tasks",
    "Diagnostics": "Versions, paths, database and log",
    "Settings": "Theme, language, mail, payments",
}
"""Those that the palette leads to, and how it describes them."""
OF_EMAILS = ("email", "campaigns")
"""Those of accounts for emails, of which demo data has none."""
CHOICES = {
    "Theme: Day": "Change the colors",
    "Clock: forward one month": "Processes every renewal",
    "Language: español": "Change the language",
}
"""What else the palette does, and how it describes it."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of a demo for everybody."""
    with serving(tmp_path_factory.mktemp("demo"), "--demo", "--anonymous") as server:
        yield server


@pytest_asyncio.fixture
async def visitor(demo: Server) -> AsyncIterator[asyncssh.SSHClientConnection]:
    async with connected(demo.port) as connection:
        yield connection


def served() -> Iterator[tuple[str, ...]]:
    """The words of every command that somebody elsewhere has."""
    session = Session(Language("en"))
    session.served = True
    return _commands(textmeter(session), ())


def _commands(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from _commands(found, (*words, name))
    if not isinstance(command, click.Group) or command.invoke_without_command:
        yield words


def test_every_command_that_is_served_is_tried() -> None:
    assert set(served()) == set(COMMANDS)


def lines() -> Iterator[str]:
    """A command line of every command, for people and for programs."""
    for words, arguments in COMMANDS.items():
        line = " ".join((*words, arguments)).strip()
        yield line
        if words not in WITHOUT_JSON:
            yield f"{line} --json"


async def tour_left(terminal: Sitting) -> None:
    await terminal.shows("1 of 6")
    terminal.type(ESCAPE)
    await terminal.hides("1 of 6")


async def look_everywhere(terminal: Sitting) -> None:
    """Goes through every screen that has a name."""
    assert len(SCREENS) + len(BY_NAME) + len(OF_EMAILS) == len(MODES)
    for key, says in SCREENS.items():
        terminal.type(key)
        await terminal.shows(says)
    for name, described in BY_NAME.items():
        await choose(terminal, name, described)


def sent(database: Path) -> int:
    """How many texts were sent there; somebody may answer meanwhile, which costs credits too."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as asked:
        return int(asked.execute("SELECT COUNT(*) FROM blast").fetchone()[0])


def plant(database: Path) -> None:
    """Does everything that leaves something, on a database of demo data that its visitor has open."""
    store = open_made(database)
    account = store.credits.account()
    with store.connection():
        store.people.add(
            first_name=f"{MARK}contact",
            phone="+12125550177",
            email=f"{MARK}@example.com",
            groups=[f"{MARK}group"],
            region="US",
        )
        store.templates.save(Template(f"{MARK}template", f"{MARK}text"))
        store.consent.opt_out("+12125550178", account.id, why=f"{MARK}why")
        store.messages.send(account.id, Draft(body=f"{MARK}sent", groups=(f"{MARK}group",)))
        store.messages.deliver(stop=Event())
        store.credits.place(account.id, store.credits.quote_plan(account.id, "3000"), key="more")
        community = next(one for one in store.credits.accounts() if one.product == "community-texts")
        store.credits.place(community.id, store.credits.quote_plan(community.id, "800"), key="tier")
        store.credits.place(community.id, store.credits.quote_purchase(community.id, 150), key="buy")
        emails = next(one for one in store.credits.accounts() if one.product == "agent-email")
        plan = SmartPlan(f"{MARK}plan", (Step(0, f"{MARK}subject", f"{MARK}body"),))
        store.smartplans.start(emails.id, plan, to=(f"{MARK}@example.com",), groups=())
        store.gateway.use("5555555555554444")
        balance = store.credits.balance(account.id)
        store.credits.charge(account.id, balance.available)  # reaches every threshold
        for name, value in (("language", "es"), ("theme", "contrast")):
            store.settings.write(name, value)
    store.close()


async def answers(connection: asyncssh.SSHClientConnection) -> dict[str, object]:
    return {line: (await ask(connection, f"{line} --json")).out for line in READING}


async def test_a_demo_is_in_the_language_of_its_visitor(demo: Server) -> None:
    async with connected(demo.port) as connection:
        await until(lambda: list((demo.folder / "tmp").glob("*/demo.es.sqlite3")))
        for tag, group in (("en", "Buyers"), ("es", "Compradores")):
            said = await ask(connection, f"--lang {tag} groups list --json")
            assert group in {one["group"] for one in json.loads(said.out)}


async def test_a_visitor_never_sees_anothers_data(demo: Server) -> None:
    template = next((demo.folder / "tmp").glob("*/demo.sqlite3"))
    before = hashlib.sha256(template.read_bytes()).digest()
    async with connected(demo.port) as theirs, connected(demo.port) as ours:
        found = await answers(ours)
        await until(lambda: not demo.databases())  # those of the commands are gone
        they = await at_terminal(theirs)
        await tour_left(they)
        (their_database,) = demo.databases()
        we = await at_terminal(ours)
        await tour_left(we)
        (our_database,) = set(demo.databases()) - {their_database}
        untouched = sent(our_database)

        they.type(F3)
        await they.shows("saved as you type")
        await begin_draft(they, f"{MARK}draft", "+14155550123")
        for name, described in CHOICES.items():
            await choose(they, name, described)
        await they.shows("Todo")
        await asyncio.to_thread(plant, their_database)

        await look_everywhere(we)
        asked = list(lines())
        for first in range(0, len(asked), 90):  # one connection asks for a hundred things at most
            async with connected(demo.port) as more:
                for line in asked[first : first + 90]:
                    unmarked(await ask(more, line, stdin=GIVEN.get(line.removesuffix(" --json"), b"")))
        assert await answers(ours) == found
        # Where the marks are, they are seen: what is looked for would be found.
        they.type(F10)
        await they.shows("Importar")
        they.type("/")
        await they.hides("Importar")  # letters are the search's now
        they.type(MARK)
        await they.shows(f"{MARK}contact", f"#{MARK}group")
        they.type(F3)
        await they.shows(f"{MARK}draft")
        assert MARK.encode() in contents(their_database)
        theirs.abort()
        await until(lambda: not their_database.exists(), "the end of what they had")

        assert await answers(ours) == found
        await look_everywhere(we)
        assert MARK.encode() not in we.output + contents(our_database)
        assert sent(our_database) == untouched
        assert not {word for word in ("Inicio", "Historial", "créditos") if word.encode() in we.output}
        we.type(QUIT)
        assert await we.end() == 0
    assert hashlib.sha256(template.read_bytes()).digest() == before
    assert MARK not in demo.log


GIVEN = {
    "email send --to ann@example.com --subject Hello -": b"Hello",
    "consent import -": b"+14155550188\n",
    "contacts import -": b"Name,Phone\nDee,+14155550188\n",
    "smartplan start - --to ann@example.com": b'name = "P"\n[[steps]]\ndays = 0\nsubject = "s"\nbody = "b"\n',
}
"""What commands get by standard input."""


async def choose(terminal: Sitting, name: str, described: str) -> None:
    """Has the palette do something."""
    terminal.type(PALETTE, name)
    await terminal.shows(described)
    terminal.type(ENTER)
    await terminal.hides(described)


def contents(database: Path) -> bytes:
    """All bytes of a database that is open."""
    return b"".join(
        path.read_bytes() for path in (database, database.with_name(f"{database.name}-wal")) if path.exists()
    )


def unmarked(said: Said) -> None:
    assert MARK not in said.out + said.err
    assert said.code in (0, 2, 3, 4), said
