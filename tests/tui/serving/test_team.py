"""People of one database share its data, but each one's drafts and choices are their own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from store import Store
from store.messages.model import Draft
from store.roles import Person, Role
from tests.ssh import (
    DRAFTS,
    ESCAPE,
    F3,
    F10,
    QUIT,
    ask,
    at_terminal,
    authorize,
    begin_draft,
    connected,
    serving,
)
from tests.store.working import OLA
from tests.tui.harness import make_app, make_store, offered, settled, text, words
from tui.app import TextmeterApp
from tui.routes.screens import MODES

MARK = "Zqx"
BOB = Person("Bob", Role.OWNER)


async def everything(pilot: Pilot[Any], modes: Iterable[str]) -> str:
    """Goes through screens, and does whatever the palette offers on any of them, once; all that was shown.
    What changes the language and what leaves the app isn't done."""
    app = pilot.app
    assert isinstance(app, TextmeterApp)
    shown, done = [], {"Quit"}
    for mode in modes:
        app.go(mode)
        await settled(pilot)
        shown.append(words(app))
        for name, find in offered(app).items():
            if name in done or name.startswith("Language: "):
                continue
            done.add(name)
            app.go(mode)
            await settled(pilot)
            find.run(app)
            await settled(pilot)
            shown.append(words(app))
            while len(app.screen_stack) > 1:
                app.pop_screen()
                await settled(pilot)
    return "\n".join(shown)


async def test_no_screen_shows_a_draft_to_anybody_else(tmp_path: Path) -> None:
    made = make_store(tmp_path)
    text(made, "What all may see", "+14155550123")
    url, clock = str(tmp_path / "textmeter.sqlite3"), made.clock
    made.close()
    theirs = Store(url, clock=clock, person=OLA)
    with theirs.connection():
        theirs.messages.save_draft(Draft(body=f"{MARK} first", to=("+14155550124",)))
        theirs.messages.save_draft(Draft(body=f"{MARK} second", to=("+14155550125",)))
        theirs.settings.write("theme", "contrast")
        theirs.settings.write("language", "es")
    theirs.close()
    seen: dict[str, str] = {}
    for person, modes in ((BOB, MODES), (OLA, ("compose", "history"))):
        app = make_app(Store(url, clock=clock, person=person))
        async with app.run_test(size=(120, 36)) as pilot:
            await settled(pilot)
            assert app.theme == ("contrast" if person is OLA else "night")
            seen[person.name] = await everything(pilot, modes)
    assert MARK not in seen["Bob"]
    assert f"{MARK} first" in seen["Ola"]  # what is looked for is found where it is
    assert f"{MARK} second" in seen["Ola"]
    assert all("What all may see" in all_of_it for all_of_it in seen.values())


async def test_over_ssh_drafts_and_choices_are_each_ones_own(tmp_path: Path) -> None:
    make_store(tmp_path).close()
    keys = authorize(tmp_path, ann="owner", bob="owner")
    database, people = str(tmp_path / "textmeter.sqlite3"), str(tmp_path / "people.keys")
    with serving(tmp_path / "team", "--authorized-keys", people, database=database) as server:
        async with connected(server.port, keys["ann"]) as theirs, connected(server.port, keys["bob"]) as ours:
            they, we = await at_terminal(theirs), await at_terminal(ours)
            await they.shows("credits left")
            await we.shows("credits left")
            they.type(F3)
            await they.shows("Write your text here")
            await begin_draft(they, f"{MARK}draft", "+14155550123")
            we.type(F3)
            await we.shows("Write your text here", "160 characters left")
            we.type(DRAFTS)
            await we.shows("No drafts.")
            assert (await ask(theirs, "contacts import -", b"Name,Phone\nDee,+14155550188\n")).code == 0
            we.type(ESCAPE)
            await we.hides("No drafts.")
            we.type(F10)
            await we.shows("Dee")  # what is shared is seen
            for line in ("history", "usage", "orders", "notices", "account list", "contacts list", "verify"):
                said = await ask(ours, line)
                assert said.code == 0
                assert MARK not in said.out + said.err
            they.type(DRAFTS)
            await they.shows("Drafts", f"{MARK}draft")
            for terminal in (they, we):
                terminal.type(QUIT)
                assert await terminal.end() == 0
        assert MARK.encode() not in we.output
        async with connected(server.port, keys["ann"]) as again:
            they = await at_terminal(again)
            await they.shows("credits left")
            they.type(F3)
            await they.shows(f"{MARK}draft")
