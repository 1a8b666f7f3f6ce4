"""What can be done: one object that the keys, the key bar, help and the palette read, and loading."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from store.errors import DatabaseTrouble
from store.sentences import N_, Sentence, sentence
from tests.tui.harness import make_app, make_store, off, press, settled, toasts, words
from tui.base.actions import Action
from tui.base.key_bar import KeyBar
from tui.base.screen import TextmeterScreen

CLOSED = "The office is closed."


class Office(TextmeterScreen):
    """A screen with a key of each kind."""

    NAME = N_("Home")

    def __init__(self) -> None:
        super().__init__()
        self.why: Sentence | None = None
        self.has_keys = True
        self.rung = 0
        self.asked: list[str] = []
        self.shown: list[str] = []
        self.may_answer = asyncio.Event()

    def actions(self) -> Iterable[Action]:
        yield Action(
            "office.ring",
            "r",
            N_("Open"),
            N_("Every credit you got or used"),
            self.ring,
            why_not=lambda: self.why,
        )
        yield Action(
            "office.keys",
            "k",
            N_("Add"),
            N_("Every credit you got or used"),
            self.ring,
            shown=lambda: self.has_keys,
        )
        yield Action("office.fail", "x", N_("Delete"), N_("Every credit you got or used"), self.fail)
        yield Action(
            "office.next",
            "n",
            N_("Next"),
            N_("Every credit you got or used"),
            self.ring,
            words=lambda: "Next door",
        )

    def ring(self) -> None:
        self.rung += 1

    async def fail(self) -> None:
        self.rung += 1
        await asyncio.sleep(0)
        raise DatabaseTrouble(sentence("The database is busy. Try again."))

    async def read(self, what: str = "all") -> None:
        self.asked.append(what)
        await self.may_answer.wait()
        self.shown.append(what)


async def opened(pilot: Pilot[Any]) -> Office:
    await settled(pilot)
    office = Office()
    await pilot.app.push_screen(office)
    await settled(pilot)
    return office


async def test_what_is_refused_is_off_with_its_reason_before_it_is_pressed(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        office = await opened(pilot)
        assert off(app) == set()
        office.why = sentence(CLOSED)
        office.query_one(KeyBar).refresh()
        await settled(pilot)
        assert off(app) == {"r Open"}
        offered = {command.title: command.help for command in app.get_system_commands(app.screen)}
        assert offered["Open"] == f"r  {CLOSED}"
        await press(pilot, "f1")
        assert CLOSED in words(app)
        await press(pilot, "escape", "r")
        assert (office.rung, list(toasts(app))) == (0, [CLOSED])
        office.why = None
        await press(pilot, "r")
        assert office.rung == 1


async def test_pointing_at_a_key_says_what_it_is_for_or_why_it_is_off(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        office = await opened(pilot)
        bar = office.query_one(KeyBar)
        await pilot.hover(KeyBar, offset=(2, 0))
        assert str(bar.tooltip) == "Every credit you got or used"
        office.why = sentence(CLOSED)
        await pilot.hover(KeyBar, offset=(3, 0))
        assert str(bar.tooltip) == CLOSED


async def test_a_key_without_anything_to_do_means_nothing_and_a_label_may_tell_more(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        office = await opened(pilot)
        assert "k Add" in words(app)
        assert "n Next door" in words(app)
        office.has_keys = False
        office.refresh_bindings()
        await press(pilot, "k")
        assert office.rung == 0
        assert "k Add" not in words(app)


async def test_what_an_action_runs_into_is_told_however_often_its_key_is_pressed(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        office = await opened(pilot)
        for _ in range(3):  # at once: what was begun before is begun anew
            office.action_act("office.fail")
        await settled(pilot)
        assert list(toasts(app)) == ["The database is busy. Try again."]
        assert app.is_running


async def test_what_is_asked_for_while_it_loads_is_loaded_once_more(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test() as pilot:
        office = await opened(pilot)
        for _ in range(5):
            office.load(office.read)
            await pilot.pause()
        assert office.asked == ["all"]
        office.may_answer.set()
        await settled(pilot)
        assert office.shown == ["all", "all"]


async def test_a_newer_question_voids_the_older_one(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test() as pilot:
        office = await opened(pilot)
        for what in ("a", "an", "ann"):
            office.load(office.read, what, newest_only=True)
            await pilot.pause()
        office.may_answer.set()
        await settled(pilot)
        assert office.shown == ["ann"]


async def test_what_a_screen_loads_ends_with_it(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test() as pilot:
        office = await opened(pilot)
        office.load(office.read)
        await pilot.pause()
        office.leave()
        await settled(pilot)
        office.may_answer.set()
        await settled(pilot)
        assert (office.asked, office.shown) == (["all"], [])


async def test_what_is_to_come_to_its_end_does_though_its_screen_is_left(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test() as pilot:
        office = await opened(pilot)
        app.finish(office.read("an order"), once="order")
        app.finish(office.read("the same again"), once="order")
        await pilot.pause()
        office.leave()
        await pilot.pause()
        office.may_answer.set()
        await settled(pilot)
        assert office.shown == ["an order"]
