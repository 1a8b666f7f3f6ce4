"""Home: what it shows in each of an account's situations, and where its lines lead."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

from store import Store
from store.messages.model import Draft
from tests.tui.conftest import Snap
from tests.tui.harness import (
    NOW,
    OPENED,
    make_app,
    make_store,
    move_clock,
    numbers,
    press,
    settled,
    text,
    toasts,
    words,
)
from tui.screens.blast import BlastScreen
from tui.screens.compose import ComposeScreen
from tui.screens.history import HistoryScreen

HOSTILE = "[/] [@click=app.quit]go[/] \x1b[2J\u202eabc {first_name|[$primary]}"


def used(folder: Path) -> Store:
    """A month of texts, and a draft."""
    store = make_store(folder)
    for day, people in ((18, 12), (20, 30), (25, 25), (29, 40), (33, 5)):
        move_clock(store, OPENED + timedelta(days=day))
        text(
            store,
            "Open house on Elm St this Sunday at 2 pm. Reply YES and I'll save you a place.",
            *numbers(people),
        )
    move_clock(store, NOW)
    text(store, HOSTILE, *numbers(7), delivered=False)
    with store.connection():
        store.messages.save_draft(Draft(body="New on the market: 3 bedrooms"))
    return store


def nearly_used_up(folder: Path) -> Store:
    store = make_store(folder)
    text(store, "Open house on Elm St this Sunday", *numbers(250))
    text(store, "It is on again", *numbers(295))
    return store


def used_up(folder: Path) -> Store:
    store = make_store(folder)
    text(store, "Open house on Elm St this Sunday", *numbers(300))
    text(store, "It is on again", *numbers(300))
    return store


async def test_what_is_left_is_there_in_words_and_the_month_beside_it(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    text(store, "Hello", *numbers(120))
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        shown = words(app)
    assert "480 credits left" in shown
    assert "This month: 120 of 600 used" in shown
    assert "Jun 1: 300 credits for $10.00" in shown
    assert "180 credits on Apr 16, 2027" in shown


async def test_at_the_pace_of_the_last_month_it_says_until_when(tmp_path: Path) -> None:
    # 150 in 30 days are 5 a day; 450 that are left last 90 days after 20 May: until 18 August.
    store = make_store(tmp_path)
    text(store, "Hello", *numbers(150))
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "at 150 credits in 30 days" in words(app)
        assert "At this pace until Aug 18." in words(app)


async def test_an_empty_account_says_which_key_writes_the_first_text(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Nothing sent yet. Press C to write your first text." in words(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, ComposeScreen)


async def test_enter_on_a_text_opens_it_and_escape_comes_back(tmp_path: Path) -> None:
    app = make_app(used(tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        home = app.screen
        await press(pilot, "down", "enter")
        assert isinstance(app.screen, BlastScreen)
        await press(pilot, "escape")
        assert app.screen is home


async def test_enter_on_the_draft_goes_on_writing_it(tmp_path: Path) -> None:
    app = make_app(used(tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        assert isinstance(app.screen, ComposeScreen)


async def test_every_part_of_home_leads_to_where_its_numbers_come_from(tmp_path: Path) -> None:
    app = make_app(used(tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        for up in (1, 2, 3):  # what comes next, the chart, the large number
            await press(pilot, *["up"] * up, "enter")
            assert isinstance(app.screen, HistoryScreen)
            await press(pilot, "f2", *["down"] * up)


async def test_letters_and_function_keys_lead_to_the_screens(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for key, name in (
            ("h", "History"),
            ("f2", "Home"),
            ("p", "Contacts"),
            ("f2", "Home"),
            ("f9", "History"),
        ):
            await press(pilot, key)
            assert words(app).splitlines()[0].split()[1] == name


async def test_hostile_texts_are_drawn_as_they_stand_and_do_nothing(tmp_path: Path) -> None:
    app = make_app(used(tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await press(pilot, "down")
        shown = words(app)
        assert "[/] [@click=app.quit]go[/] ␛[2J⟨RLO⟩abc" in shown
        assert "\x1b" not in shown
        await pilot.click("#texts", offset=(20, 2))
        await settled(pilot)
        assert app.is_running


async def test_a_notice_stays_until_it_was_opened(tmp_path: Path) -> None:
    store = nearly_used_up(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        assert "90% of this month's credits were used" in words(app)
        await press(pilot, "tab", "enter")
        assert isinstance(app.screen, HistoryScreen)
        await press(pilot, "f2")
        assert "credits were used" not in words(app)
        await pilot.pause()
    again = make_app(store)
    async with again.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert "credits were used" not in words(again)


async def test_crossing_a_threshold_is_told_once(tmp_path: Path) -> None:
    store = nearly_used_up(tmp_path)
    app = make_app(store)
    async with app.run_test(notifications=True) as pilot:
        await settled(pilot)
        assert toasts(app) == ["90% of this month's credits are used. 55 are left."]
        await pilot.pause()
    again = make_app(store)
    async with again.run_test(notifications=True) as pilot:
        await settled(pilot)
        assert toasts(again) == []


async def test_the_first_frame_doesnt_wait_for_the_database(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    may_open = threading.Event()

    def open_slowly() -> Store:
        may_open.wait(20)
        return store

    app = make_app(open_slowly)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "Last texts" in words(app)
        before = [app.screen.query_one(part).region for part in ("Standing", "DaysChart", "#next", "#texts")]
        may_open.set()
        await settled(pilot)
        assert "600 credits left" in words(app)
        after = [app.screen.query_one(part).region for part in ("Standing", "DaysChart", "#next", "#texts")]
    assert before == after


def test_home_in_use(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(used(tmp_path)), size=(120, 36))


def test_home_in_use_small(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(used(tmp_path)), size=(80, 24))


def test_home_in_use_smallest(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(used(tmp_path)), size=(60, 20))


def test_home_on_the_first_day(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(make_store(tmp_path)), size=(80, 24))


def test_home_while_the_database_opens(snap: Snap) -> None:
    assert snap(make_app(None), size=(80, 24))


def test_home_near_the_limit_by_day(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(nearly_used_up(tmp_path), theme="day"), size=(80, 24))


def test_home_out_of_credits_in_high_contrast(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(used_up(tmp_path), theme="contrast"), size=(120, 36))


def test_home_in_spanish(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(used(tmp_path), language="es"), size=(80, 24))
