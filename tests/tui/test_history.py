"""The History screen: every change of the credits, in words, and what is behind each."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from store import Store
from tests.tui.conftest import Snap
from tests.tui.harness import NOW, make_app, make_store, move_clock, numbers, press, settled, text, words
from tui.screens.history import PAGE


def busy_store(folder: Path) -> Store:
    store = make_store(folder)
    text(store, "Open house on Elm Street, Sunday at two.", *numbers(5))
    move_clock(store, NOW + timedelta(hours=1))
    text(store, "The keys are at the office.", *numbers(1), "+14155550000")  # the last one is refused
    return store


def lines(shown: str) -> list[str]:
    """What is listed below the columns' names, without the key bar."""
    return [line.strip() for line in shown.splitlines()[3:-1] if line.strip()]


async def test_a_text_is_one_line_and_what_was_not_sent_comes_back_as_another(tmp_path: Path) -> None:
    app = make_app(busy_store(tmp_path), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert [" ".join(line.split()) for line in lines(words(app))] == [
            "› May 20, 2026 Given back: not sent +1 594",
            "May 20, 2026 Text to 2 people −2 593",
            "May 20, 2026 Text to 5 people −5 595",
            "May 1, 2026 Monthly credits +300 600",
            "Apr 16, 2026 First credits of the plan +300 300",
        ]


async def test_the_filter_goes_through_the_kinds_and_back_to_all(tmp_path: Path) -> None:
    app = make_app(busy_store(tmp_path), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f")
        assert "only used" in words(app)
        assert len(lines(words(app))) == 2
        await press(pilot, "f", "f", "f")
        assert "There is no such line." in words(app)
        await press(pilot, "f", "f")
        assert len(lines(words(app))) == 5


async def test_enter_on_a_text_opens_the_text_and_on_another_line_its_facts(tmp_path: Path) -> None:
    app = make_app(busy_store(tmp_path), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "down", "enter")
        assert "The keys are at the office." in words(app)
        await press(pilot, "escape", "end", "enter")
        assert "First credits of the plan" in words(app)
        assert "Left after it" in words(app)
        await press(pilot, "escape")
        assert len(lines(words(app))) == 5


async def test_the_end_is_reached_page_by_page(tmp_path: Path) -> None:
    store = make_store(tmp_path, plan="1000")
    account = store.credits.account()
    for number in range(2 * PAGE):
        hold = store.credits.hold(account.id, 1, cause="blast", reference=str(number), count=1)
        store.credits.settle(hold, 1)
    app = make_app(store, first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "end")
        assert lines(words(app))[-1].startswith("› Apr 16, 2026")
        await press(pilot, "home")
        assert lines(words(app))[0].startswith("› May 20, 2026")


async def test_the_cursor_stays_on_its_line_when_a_new_one_comes_in(tmp_path: Path) -> None:
    store = busy_store(tmp_path)
    app = make_app(store, first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "down", "down")
        text(store, "One more.", *numbers(3))
        app.refresh_balance()
        await settled(pilot)
        assert "Text to 3 people" in lines(words(app))[0]
        assert lines(words(app))[3].startswith("› May 20, 2026  Text to 5 people")


async def test_another_language_is_taken_up_without_losing_the_list(tmp_path: Path) -> None:
    app = make_app(busy_store(tmp_path), first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.choose_language("es")
        await settled(pilot)
        assert len(lines(words(app))) == 5
        assert "20 may 2026" in words(app)


def test_the_history_at_80_columns(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(busy_store(tmp_path), first="history"), size=(80, 24))


def test_the_history_at_120_columns(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(busy_store(tmp_path), first="history"), size=(120, 36), keys=("down", "down"))


def test_the_history_in_a_small_window(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(busy_store(tmp_path), first="history"), size=(60, 20))


def test_the_history_in_spanish_by_day(snap: Snap, tmp_path: Path) -> None:
    app = make_app(busy_store(tmp_path), first="history", language="es", theme="day")
    assert snap(app, size=(80, 24))


def test_a_filter_that_finds_nothing(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(busy_store(tmp_path), first="history"), size=(80, 24), keys=("f", "f", "f", "f"))


def test_one_line_in_full(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(busy_store(tmp_path), first="history"), size=(80, 24), keys=("end", "enter"))
