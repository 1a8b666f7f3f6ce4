"""The tour through demo data: six steps over the real screens, that can be left and begun again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from store import Store, demo
from store.clock import DemoClock
from tests.tui.conftest import Snap
from tests.tui.harness import StillApp, front, press, settled, toasts, where, words
from tui.accounts.screen import AccountsScreen
from tui.app import TextmeterApp
from tui.base.help import HelpScreen
from tui.demo.clock_screen import ClockScreen
from tui.demo.tour import TourScreen
from tui.demo.tour_steps import STEPS
from tui.home.screen import HomeScreen
from tui.i18n.language import Language


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "demo.sqlite3"
    for language in ("en", "es"):
        demo.make(demo.in_language(path, language), language)
    return path


@pytest.fixture
def opened(template: Path, tmp_path: Path) -> Callable[..., TextmeterApp]:
    """opened(language="en", demo=True, tour=True, first="home"): the app on a copy of the demo data, whose
    clock stands."""
    path = tmp_path / "demo.sqlite3"

    def make(language: str = "en", **settings: object) -> TextmeterApp:
        if not path.exists():
            demo.open_copy(demo.in_language(template, language), tmp_path).close()
        store = Store(str(path), clock=DemoClock(goes_on=False), demo=True)
        wanted = {"demo": True, "tour": True, **settings}
        app = StillApp(lambda: store, Language(language), language_asked=True, **wanted)  # type: ignore[arg-type]
        app.animation_level = "none"
        return app

    return make


Opened = Callable[..., TextmeterApp]


def left(app: TextmeterApp, account_id: int) -> int:
    return app.store.credits.balance(account_id).available


def title(app: TextmeterApp) -> str:
    """The title of the step that is shown."""
    assert isinstance(app.screen, TourScreen)
    return str(app.screen.query_one("#step").border_title)


async def test_six_steps_lead_over_the_screens_that_they_are_about_and_back(opened: Opened) -> None:
    app = opened()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        seen = []
        for key in ("enter", "right", "space", "enter", "enter", ""):
            seen.append((title(app), where(app)))
            if key:
                await press(pilot, key)
        assert seen == [
            ("What is left", "Home"),
            ("A text and its cost", "Compose"),
            ("Where each credit went", "History"),
            ("Compare plans", "Plans"),
            ("The clock", "Clock"),
            ("Your turn", "Accounts"),
        ]
        await press(pilot, "left", "backspace")
        assert (title(app), where(app)) == ("Compare plans", "Plans")
        await press(pilot, "enter", "enter", "enter")
        assert front(app) is AccountsScreen
        await press(pilot, "down", "enter")
        assert f"{left(app, 2):,} emails left" in words(app)


async def test_it_can_be_left_at_any_step_and_there_is_no_step_before_the_first(opened: Opened) -> None:
    app = opened()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "left")
        assert title(app) == "What is left"
        await press(pilot, "escape")
        assert front(app) is HomeScreen


async def test_a_quote_is_shown_among_the_plans_and_nothing_is_ordered_by_it(opened: Opened) -> None:
    app = opened()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "v")
        assert where(app) == "Home"
        await press(pilot, "enter", "enter", "enter", "v")
        assert title(app) == "Compare plans"
        assert "3,000" in words(app)
        assert "13 of 30 days" in words(app)
        await press(pilot, "enter", "left")
        assert (title(app), where(app)) == ("Compare plans", "Plans")
        assert "13 of 30 days" not in words(app)
        assert app.store.credits.account().plan == "1000"


async def test_the_clock_moves_from_within_its_step_only(opened: Opened) -> None:
    app = opened()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "end", "pagedown")
        before = left(app, 1)
        assert f"{before:,} credits left" in words(app)
        await press(pilot, "enter", "enter", "enter", "enter", "end")
        assert "Wednesday, July 1, 2026" in words(app)
        assert f"{before + 1_000:,} credits left" in words(app)
        assert any("1 renewal or expiration processed." in toast for toast in toasts(app))
        await press(pilot, *["pagedown"] * 11)
        assert "Tuesday, June 1, 2027" in words(app)
        expired = [entry.on for entry in app.store.credits.history(1, limit=5) if entry.kind == "expired"]
        assert expired == []
        await press(pilot, "pagedown", "escape")
        assert front(app) is ClockScreen
        assert app.store.credits.verify().ok
    [newest, *_] = [entry for entry in app.store.credits.history(1, limit=20) if entry.kind == "expired"]
    assert newest.on > date(2027, 6, 3)


async def test_the_clock_of_each_account_moves_with_what_it_brings(opened: Opened) -> None:
    app = opened(tour=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for id, kinds in ((2, {"expired", "granted"}), (3, {"granted"})):
            app.show_account(app.store.credits.account(id))
            await settled(pilot)
            app.forward("renewal")
            await settled(pilot)
            newest = app.store.credits.history(id, limit=len(kinds))
            assert {entry.kind.value for entry in newest} == kinds
            assert app.store.credits.account(id).pending_plan is None
        assert [one.plan for one in app.store.credits.accounts()] == ["1000", "free", "200"]


async def test_the_palette_has_it_again_and_help_tells_of_it(opened: Opened) -> None:
    app = opened(first="plans", tour=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert where(app) == "Plans"
        [tour] = [one for one in app.get_system_commands(app.screen) if one.title == "Tour"]
        tour.callback()
        await settled(pilot)
        assert (title(app), where(app)) == ("What is left", "Home")
        await press(pilot, "f1")
        assert front(app) is HelpScreen
        assert "Six steps" in words(app)
        await press(pilot, "escape")
        assert title(app) == "What is left"


async def test_it_begins_by_itself_once_for_each_database(opened: Opened) -> None:
    app = opened()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert front(app) is TourScreen
    app = opened()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert front(app) is HomeScreen


async def test_keys_of_other_screens_end_it(opened: Opened) -> None:
    app = opened()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f9", "f2")
        assert front(app) is HomeScreen


async def test_the_mouse_leads_through_it(opened: Opened) -> None:
    app = opened()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for word, leads_to in (("Next", "A text and its cost"), ("Back", "What is left")):
            await click(pilot, word)
            assert title(app) == leads_to
        await click(pilot, "End")
        assert front(app) is HomeScreen


async def click(pilot: Pilot[Any], word: str) -> None:
    """Clicks on a word in the lowest line that has it."""
    lines = words(pilot.app).splitlines()
    y = max(y for y, line in enumerate(lines) if word in line)
    await pilot.click(offset=(lines[y].index(word), y))
    await settled(pilot)


async def test_a_database_that_is_no_demo_has_no_tour(tmp_path: Path) -> None:
    from tests.tui.harness import make_app, make_store

    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert not [one for one in app.get_system_commands(app.screen) if one.title == "Tour"]


async def test_while_the_data_is_made_the_first_line_says_so() -> None:
    class Making(StillApp):
        def _load(self) -> None:  # type: ignore[override]
            pass

    app = Making(lambda: None, Language("en"), demo=True, tour=True)  # type: ignore[arg-type, return-value]
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "Demo data: one moment…" in words(app).splitlines()[0]


# Pictures


def at(step: int) -> tuple[str, ...]:
    return ("enter",) * step


@pytest.mark.parametrize("step", range(len(STEPS)))
def test_step(snap: Snap, opened: Opened, step: int) -> None:
    assert snap(opened(), size=(80, 24), keys=at(step))


@pytest.mark.parametrize("step", [0, 1, 3])
def test_step_wide(snap: Snap, opened: Opened, step: int) -> None:
    assert snap(opened(), size=(120, 36), keys=at(step))


@pytest.mark.parametrize("step", [0, 1, 4])
def test_step_smallest(snap: Snap, opened: Opened, step: int) -> None:
    assert snap(opened(), size=(60, 20), keys=at(step))


def test_step_with_the_quote(snap: Snap, opened: Opened) -> None:
    assert snap(opened(), size=(80, 24), keys=(*at(3), "v"))


def test_step_in_spanish(snap: Snap, opened: Opened) -> None:
    assert snap(opened("es"), size=(80, 24), keys=at(1))
