"""Answers that come late: while a screen is composed anew, or when it is gone already."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.widgets import Static

from store import Store
from store.errors import DatabaseTrouble
from store.messages.model import Draft
from store.sentences import sentence
from tests.tui.harness import front, make_app, make_store, numbers, press, settled, text, toasts, words
from tui.accounts.screen import AccountsScreen
from tui.app import TextmeterApp
from tui.base.header import Header
from tui.base.screen import TextmeterScreen
from tui.billing.buy import BuyScreen
from tui.billing.card import CardScreen
from tui.billing.order import OrderScreen
from tui.billing.orders import OrdersScreen
from tui.contacts.contact import ContactScreen
from tui.contacts.screen import ContactsScreen
from tui.history.screen import HistoryScreen
from tui.home.screen import HomeScreen
from tui.notices.screen import NoticesScreen
from tui.routes.screens import MODES, OF_NO_ACCOUNT

OPENED: dict[str, Callable[[], TextmeterScreen]] = {
    "order": lambda: OrderScreen(1),
    "orders": OrdersScreen,
    "card": CardScreen,
    "accounts": AccountsScreen,
}


class Halted:
    """Lets a method of the ledger answer only once it may."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        self.asked, self.may_answer = Event(), Event()
        answer = getattr(type(store.credits), name)

        def slow(*arguments: Any, **more: Any) -> Any:
            self.asked.set()
            assert self.may_answer.wait(20)
            return answer(*arguments, **more)

        monkeypatch.setattr(type(store.credits), name, slow)


async def test_no_answer_is_given_to_a_screen_that_has_lost_its_widgets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(make_store(tmp_path), first="history")
    emptied, go_on = asyncio.Event(), asyncio.Event()

    async def linger(_line: Header) -> None:
        emptied.set()
        await go_on.wait()

    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        screen, answered = app.screen, list[str]()
        assert isinstance(screen, HistoryScreen)
        monkeypatch.setattr(Header, "on_unmount", linger, raising=False)
        app.choose_language("es")
        await emptied.wait()
        arrived = Event()

        async def read() -> None:
            await app.fetch(lambda _: arrived.set())
            answered.append(screen._composed_in.code)

        screen.load(read)
        while not arrived.is_set():
            await asyncio.sleep(0)
        for _ in range(20):
            await asyncio.sleep(0)
        too_early = list(answered)
        go_on.set()
        await settled(pilot)
        assert too_early == []
        assert answered == ["es"]


async def test_a_newer_question_makes_an_answer_void_that_is_on_its_way(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    answers: list[str] = []
    async with app.run_test() as pilot:
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, TextmeterScreen)

        async def read(question: str, arrived: Event) -> None:
            await app.fetch(lambda _: arrived.set())
            answers.append(question)

        async with app.composing:
            for question in ("old", "new"):
                arrived = Event()
                screen.load(read, question, arrived, newest_only=True)
                while not arrived.is_set():
                    await asyncio.sleep(0)
        await settled(pilot)
    assert answers == ["new"]


async def test_a_question_that_a_newer_one_follows_at_once_is_not_even_asked(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    asked: list[str] = []
    async with app.run_test() as pilot:
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, TextmeterScreen)

        async def read(question: str) -> None:
            asked.append(question)

        screen.load(read, "old", newest_only=True)
        screen.load(read, "new", newest_only=True)
        await settled(pilot)
    assert asked == ["new"]


class Told(TextmeterScreen):
    """A screen that shows an answer, which it gets when it may."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.may_answer = Event(), Event()

    def body(self) -> ComposeResult:
        yield Static(id="told")

    def on_mount(self) -> None:
        self.load(self.read)

    async def read(self) -> None:
        def answer(_: Store) -> str:
            self.asked.set()
            assert self.may_answer.wait(20)
            return "here"

        told = await self.app.fetch(answer)
        self.query_one("#told", Static).update(told)


async def test_an_answer_that_comes_while_its_screen_is_taken_down_is_void(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(make_store(tmp_path))
    go_on = asyncio.Event()

    async def linger(_line: Header) -> None:
        await go_on.wait()

    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        screen = Told()
        app.push_screen(screen)
        while not screen.asked.is_set():
            await pilot.pause()
        monkeypatch.setattr(Header, "on_unmount", linger, raising=False)
        screen.leave()
        while screen.query("#told"):
            await asyncio.sleep(0)
        screen.may_answer.set()
        for _ in range(200):
            await asyncio.sleep(0.001)
        go_on.set()
        await settled(pilot)
        assert app.is_running
        assert front(app) is HomeScreen


async def test_a_history_that_is_gone_gets_no_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = make_store(tmp_path)
    first = store.credits.account()
    other = store.credits.open_account("community-texts", "200", "America/New_York")
    store.settings.write("account", str(first.id))
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        page = Halted(store, monkeypatch, "page")
        await pilot.press("g", "y")
        while not page.asked.is_set():
            await pilot.pause()
        app.show_account(other)
        while app.account != other:
            await pilot.pause()
        page.may_answer.set()
        await settled(pilot)
        assert app.is_running
        assert isinstance(app.screen, HomeScreen)


async def test_buying_that_was_left_at_once_gets_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_store(tmp_path, plan=None)
    store.credits.open_account("community-texts", "200", "America/New_York")
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        room = Halted(store, monkeypatch, "purchase_room")
        await pilot.press("b")
        while not room.asked.is_set():
            await pilot.pause()
        assert front(app) is BuyScreen
        await pilot.press("escape")
        while front(app) is not HomeScreen:
            await pilot.pause()
        room.may_answer.set()
        await settled(pilot)
        assert app.is_running
        assert front(app) is HomeScreen


async def test_a_balance_that_comes_while_a_screen_is_being_opened_finds_the_others(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.go("notices")
        app.watch_balance()  # as an answer does that comes before the screen is composed
        while "No notices yet." not in words(app):
            await pilot.pause()
        assert isinstance(app.screen, NoticesScreen)


async def test_what_caused_a_notice_opens_only_where_one_still_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_store(tmp_path)
    text(store, "The open house is on.", *numbers(500))
    app = make_app(store, first="notices")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        lines = Halted(store, monkeypatch, "history")
        await pilot.press("enter")
        while not lines.asked.is_set():
            await pilot.pause()
        await pilot.press("f10")
        while app.current_mode != "contacts":
            await pilot.pause()
        lines.may_answer.set()
        await settled(pilot)
        assert (app.current_mode, len(app.screen_stack)) == ("contacts", 1)


async def test_an_account_that_could_not_be_shown_can_be_chosen_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_store(tmp_path)
    store.credits.open_account("community-texts", "200", "America/New_York")
    store.settings.write("account", "1")
    app = make_app(store)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "g", "a", "down")

        def busy(*_: Any) -> Any:
            raise DatabaseTrouble(sentence("The database is busy. Try again."))

        with monkeypatch.context() as once:
            once.setattr(type(store.credits), "account", busy)
            await press(pilot, "enter")
        assert toasts(app) == ["The database is busy. Try again."]
        await press(pilot, "enter")
        assert app.account is not None
        assert app.account.id == 2


class Late:
    """Keeps what an app's store answers until it is given."""

    def __init__(self, app: TextmeterApp, monkeypatch: pytest.MonkeyPatch) -> None:
        self._kept, self._given = 0, asyncio.Event()
        fetch = app.fetch

        async def late(question: Callable[[Store], object]) -> object:
            answer = await fetch(question)
            self._kept += 1
            await self._given.wait()
            return answer

        monkeypatch.setattr(app, "fetch", late)

    async def come(self, pilot: Pilot[None]) -> None:
        """Waits until an answer has come that is kept."""
        while not self._kept:
            await pilot.pause()

    def give(self) -> None:
        """Gives those that have come, late as they are; others come at once from now on."""
        self._given.set()


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode not in ("home", *OF_NO_ACCOUNT)])
async def test_answers_for_an_account_that_is_no_longer_shown_do_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    store = make_store(tmp_path)
    other = store.credits.open_account("community-texts", "200", "America/New_York")
    store.settings.write("account", "1")
    store.messages.save_draft(Draft(body="To be gone on with"))
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        late = Late(app, monkeypatch)
        app.go(mode)
        await late.come(pilot)
        app.show_account(other)
        while app.account != other:
            await pilot.pause()
        late.give()
        await settled(pilot)
        assert app.is_running
        assert "400 credits left" in words(app)


@pytest.mark.parametrize("screen", OPENED.values(), ids=OPENED)
async def test_answers_for_a_screen_that_was_left_at_once_do_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, screen: Callable[[], TextmeterScreen]
) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        late = Late(app, monkeypatch)
        app.push_screen(screen())
        await late.come(pilot)
        await pilot.press("escape")
        while front(app) is not HomeScreen:
            await pilot.pause()
        late.give()
        await settled(pilot)
        assert app.is_running


async def test_a_contact_that_was_left_at_once_gets_no_timeline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_store(tmp_path)
    contact = store.people.add(first_name="Ann", phone="+14155550123", region="US")
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        late = Late(app, monkeypatch)
        app.push_screen(ContactScreen(contact))
        await late.come(pilot)
        await pilot.press("escape")
        while front(app) is not ContactsScreen:
            await pilot.pause()
        late.give()
        await settled(pilot)
        assert app.is_running


class Asking:
    """Asks something on a screen's behalf. answers: how often it was answered."""

    def __init__(self) -> None:
        self.answers = 0

    async def read(self) -> None:
        await asyncio.sleep(0)
        self.answers += 1


async def test_what_two_of_a_kind_ask_at_once_is_answered_to_both(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        texts, emails = Asking(), Asking()
        home = app.screen
        assert isinstance(home, HomeScreen)
        home.load(texts.read)
        home.load(emails.read)
        await settled(pilot)
        assert (texts.answers, emails.answers) == (1, 1)
