"""The first run: an account in a few keys, or a look round that leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.errors import DatabaseTrouble
from store.sentences import sentence
from tests.tui.conftest import Snap
from tests.tui.harness import make_app, make_store, press, settled, words
from tui.screens.home import HomeScreen
from tui.screens.pick import PickScreen
from tui.screens.welcome import WelcomeScreen


@pytest.fixture(autouse=True)
def in_new_york(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")


async def test_enter_on_open_makes_the_account_that_is_shown(tmp_path: Path) -> None:
    store = make_store(tmp_path, plan=None)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, WelcomeScreen)
        # The plan's price for the 12 days left of May's 31: 12/31 of $10.00.
        assert "Today $3.87 for the 12 days left of the month, and all 300 credits." in words(app)
        await press(pilot, *["down"] * 6, "enter")
        assert isinstance(app.screen, HomeScreen)
        assert "300 credits left" in words(app)
    account = store.credits.account()
    assert (account.plan, account.timezone, account.country) == ("300", "America/New_York", "US")


async def test_another_plan_is_one_key_away(tmp_path: Path) -> None:
    store = make_store(tmp_path, plan=None)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "down", "enter")
        assert "Today $11.61 for the 12 days left of the month" in words(app)  # 12/31 of $30.00
        await press(pilot, *["down"] * 5, "enter")
        assert "1,000 credits left" in words(app)


async def test_a_time_zone_is_found_by_a_part_of_its_name_and_brings_its_country(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path, plan=None))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *["down"] * 3, "enter")
        assert isinstance(app.screen, PickScreen)
        await press(pilot, *"madrid", "enter")
        assert "Europe/Madrid" in words(app)
        assert "Spain" in words(app)


async def test_escape_in_a_list_leaves_the_choice_as_it_was(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path, plan=None))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *["down"] * 4, "enter", *"spain", "escape")
        assert "United States" in words(app)


async def test_a_name_that_is_nowhere_chooses_nothing(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path, plan=None))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *["down"] * 4, "enter", *"zzz", "enter")
        assert isinstance(app.screen, PickScreen)


async def test_the_language_changes_at_once_and_the_choices_stay(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path, plan=None))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "down", "enter", *["down"] * 4, "enter", *"espa", "enter")
        shown = words(app)
        assert "español" in shown
        assert "●  1.000" in shown or "●   1000" in shown


async def test_a_look_round_says_that_it_is_one_and_leaves_the_database_alone(tmp_path: Path) -> None:
    store = make_store(tmp_path, plan=None)
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, *["down"] * 7, "enter")
        assert isinstance(app.screen, HomeScreen)
        assert "Demo data" in words(app).splitlines()[0]
        assert app.demo is not None
        folder = Path(app.demo.name)
        assert folder.exists()
    assert not folder.exists()
    assert make_store(tmp_path, plan=None).credits.accounts() == []


async def test_what_stops_the_account_stands_where_it_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_store(tmp_path, plan=None)

    def full(*_: object, **__: object) -> None:
        raise DatabaseTrouble(sentence("There is no room left on the disk."))

    monkeypatch.setattr(store.credits, "open_account", full)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *["down"] * 6, "enter")
        assert isinstance(app.screen, WelcomeScreen)
        assert "! There is no room left on the disk." in words(app)


async def test_all_of_it_fits_into_the_smallest_terminal(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path, plan=None))
    async with app.run_test(size=(60, 20)) as pilot:
        await settled(pilot)
        shown = words(app)
        assert "Text your contacts" in shown
        assert "Look round with demo data" in shown


def test_welcome(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(make_store(tmp_path, plan=None)), size=(80, 24))


def test_welcome_wide(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(make_store(tmp_path, plan=None)), size=(120, 36))


def test_welcome_choosing_a_time_zone(snap: Snap, tmp_path: Path) -> None:
    keys = (*["down"] * 3, "enter", *"new")
    assert snap(make_app(make_store(tmp_path, plan=None)), size=(80, 24), keys=keys)
