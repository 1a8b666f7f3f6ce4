"""The app around its screens: opening and leaving, telling, the palette, languages and looks."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest
from textual.widgets import OptionList

from store import Store
from store.errors import DatabaseTrouble
from store.messages.model import Draft, Status
from store.messages.providers import simulated
from store.sentences import sentence
from tests.tui.billing.subscribed import order, subscribed
from tests.tui.harness import front, make_app, make_store, numbers, press, settled, text, toasts, words
from tui.base.at_hand import at_hand
from tui.base.key_bar import KeyBar
from tui.base.navigation import WriteText
from tui.base.screen import TextmeterScreen
from tui.history.screen import HistoryScreen

CHECKOUT = Path(__file__).parent.parent.parent


async def test_a_database_that_cant_be_opened_ends_the_app_with_its_sentence() -> None:
    def damaged() -> Store:
        raise DatabaseTrouble(sentence("textmeter.sqlite3 is damaged or no database."))

    app = make_app(damaged)
    async with app.run_test() as pilot:
        await settled(pilot)
    assert app.return_code == 1
    assert app.failure is not None
    assert str(app.failure) == "textmeter.sqlite3 is damaged or no database."


async def test_quitting_while_delivering_loses_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulated, "DEMO_RATE", 20)  # half a minute for all: one quits long before
    store = make_store(tmp_path, plan="3000")
    blast = text(store, "Hello", *numbers(500), sent=False)
    app = make_app(store, delivering=True)
    progressed = threading.Event()
    app.background._progressed = lambda summary: progressed.set()  # type: ignore[method-assign]
    async with app.run_test() as pilot:
        while not progressed.is_set():
            await pilot.pause(0.01)
        await pilot.press("ctrl+q")
    while app.background.is_at_work:  # the worker puts down what it has in hand
        await asyncio.sleep(0.01)
    counts = store.messages.blast(blast.id).counts
    assert sum(counts.values()) == 500
    assert counts.get(Status.SENDING, 0) == 0
    assert 0 < counts[Status.QUEUED] < 500
    assert store.credits.verify().ok


async def test_what_is_delivered_moves_the_numbers_on_the_screen(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    blast = text(store, "Hello", *numbers(5), sent=False)
    app = make_app(store, delivering=True)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        while store.messages.blast(blast.id).left or "5 to go" in words(app):
            await pilot.pause(0.01)
        await settled(pilot)
        assert "5 people" in words(app)


async def test_an_error_is_told_in_a_toast_with_hostile_text_drawn_literally(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))

    def fails(store: Store) -> None:
        raise DatabaseTrouble(sentence("{path} can't be written.", path="/tmp/[/]\x1b[2J"))

    async with app.run_test(notifications=True) as pilot:
        await settled(pilot)
        app.finish(app.fetch(fails))
        await settled(pilot)
        assert toasts(app) == ["/tmp/[/]␛[2J can't be written."]
        await pilot.pause()


async def test_an_answer_that_comes_after_a_newer_question_is_void(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    first_may_go = threading.Event()
    answers: list[str] = []

    def slow(store: Store) -> str:
        first_may_go.wait(20)
        return "old"

    async with app.run_test() as pilot:
        await settled(pilot)

        async def ask(question: Callable[[Store], str]) -> None:
            answers.append(await app.fetch(question))

        for question in (slow, lambda store: "new"):
            work: Callable[[], Awaitable[None]] = partial(ask, question)
            app.run_worker(work, exclusive=True)
        while not answers:
            await pilot.pause()
        first_may_go.set()
        await settled(pilot)
    assert answers == ["new"]


async def test_the_palette_names_every_action_and_does_it(tmp_path: Path) -> None:
    store = make_store(tmp_path, plan=None)
    store.credits.open_account("community-texts", "200", "America/New_York")  # credits can be bought, too
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        finds = list(at_hand(app, app.screen))
        names = [find.label for find in finds]
        assert isinstance(app.screen, TextmeterScreen)
        for action in [*app.acts.values(), *app.screen.acts.values()]:
            # What can't be done with this account, and the palette itself, are not in it.
            assert (action.label in names) is (action.shown() and action.label != "Everything")
        assert len(names) == len(set(names))
        await press(pilot, "ctrl+p")
        assert "What do you want to do?" in words(app)
        await press(pilot, *"history")
        while not app.screen.query_one(OptionList).option_count:
            await pilot.pause()
        await press(pilot, "enter")
        while front(app) is not HistoryScreen:
            await pilot.pause()


async def test_a_name_that_nothing_has_is_said_to_be_none(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "ctrl+p", *"zzzz")
        while "No action has that name." not in words(app):
            await pilot.pause()


async def test_a_language_chosen_now_is_there_on_all_screens_and_at_the_next_start(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "g", "y", "f2")
        app.choose_language("es")
        await settled(pilot)
        assert app.language.code == "es"
        await press(pilot, "g", "y")
        assert app.screen._composed_in is app.language  # type: ignore[attr-defined]
    assert store.settings.read("language") == "es"


async def test_a_look_chosen_now_is_there_at_the_next_start(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    app = make_app(store)
    async with app.run_test() as pilot:
        await settled(pilot)
        app.choose_theme("contrast")
        await settled(pilot)
    again = make_app(store)
    async with again.run_test() as pilot:
        await settled(pilot)
        assert again.theme == "contrast"


async def test_ctrl_c_tells_how_to_leave(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "ctrl+c")
        assert toasts(app) == ["Press ^Q to quit Textmeter."]
        await pilot.pause()


async def test_a_text_to_somebody_is_handed_to_compose(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        app.screen.post_message(WriteText(Draft(body="The keys are at the office.", to=("+14155550123",))))
        await settled(pilot)
        assert "The keys are at the office." in words(app)


async def test_keys_are_named_as_on_a_keyboard_and_a_click_does_what_they_do(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        bar = words(app).splitlines()[-1]
        assert bar == " Enter Open   c Write   g i Inbox   g n Notices   g y History   F1 Help"
        await pilot.click(KeyBar, offset=(bar.index("History"), 0))
        await settled(pilot)
        assert isinstance(app.screen, HistoryScreen)


async def test_help_keeps_its_place_where_the_line_is_short(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(40, 20)) as pilot:
        await settled(pilot)
        assert words(app).splitlines()[-1] == " Enter Open   c Write   ^P   F1 Help"


async def test_without_colour_the_cursor_and_the_limits_still_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    store = make_store(tmp_path)
    text(store, "Hello", *numbers(580))
    app = make_app(store)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        shown = words(app)
        assert "› May 20" in shown
        assert "96% used" in shown
        assert "!" in shown


def test_what_the_first_frame_doesnt_need_is_imported_later() -> None:
    late = ("peewee", "babel", "regex", "phonenumbers", "python_calamine", "store.messages.model")
    program = (
        "import sys; from tui.app import TextmeterApp; import tui.home.screen; from tui.i18n.language import "
        "Language\nTextmeterApp(lambda: None, Language('en'))\n"
        f"print([name for name in {late!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


async def test_the_same_toast_is_told_once_while_it_stands(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "ctrl+c", "ctrl+c", "ctrl+c")
        assert list(toasts(app)) == ["Press ^Q to quit Textmeter."]


async def test_a_language_can_change_while_the_palette_is_open(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "ctrl+p")
        app.choose_language("es")
        await press(pilot, "escape")
        assert "créditos" in words(app)


async def test_a_hint_goes_when_something_is_done_or_one_goes_elsewhere(tmp_path: Path) -> None:
    store = subscribed(tmp_path, "community-texts", "200")
    order(store, "100", "downgrade")
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "z")
        assert "Press z again" in toasts(app)[0]
        await press(pilot, "f2")
        assert list(toasts(app)) == []
        await press(pilot, "f12", "z")
        assert "Press z again" in toasts(app)[0]
        assert store.credits.account().pending_plan == "100"
        await press(pilot, "z")
        assert toasts(app) == ["Withdrawn. You keep your current plan."]
        assert store.credits.account().pending_plan is None


async def test_two_toasts_stand_at_once_at_most(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        for name in ("one", "two", "three"):
            app.tell(sentence("This is {name}.", name=name), severity="error")
            await settled(pilot)
        assert list(toasts(app)) == ["This is two.", "This is three."]


async def test_of_much_that_is_told_at_once_the_last_two_stand(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        for name in ("one", "two", "two", "three"):
            app.tell(sentence("This is {name}.", name=name), severity="error")
        await settled(pilot)
        assert list(toasts(app)) == ["This is two.", "This is three."]
