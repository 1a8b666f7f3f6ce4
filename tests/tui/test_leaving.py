"""Screens that are left, or covered by others, while the store still answers them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.app import App
from textual.screen import Screen

from store.messages.model import Draft
from tests.tui.harness import make_app, make_store, press, settled, toasts, words
from tui.accounts.welcome import WelcomeScreen
from tui.base.navigation import WriteText
from tui.base.picker import PickScreen
from tui.blasts.screen import BlastScreen
from tui.compose.screen import ComposeScreen
from tui.contacts.form import ContactFormScreen
from tui.contacts.screen import ContactsScreen
from tui.history.screen import HistoryScreen


def front(app: App[Any]) -> type[Screen[Any]]:
    """What kind of screen is in front."""
    return type(app.screen)


class Slowly:
    """A call that waits until it may go on, as it would on a slow disk."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self.call = call
        self.may_go_on = Event()

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        assert self.may_go_on.wait(10)
        return self.call(*arguments, **named)


async def test_going_elsewhere_while_it_is_sent_leads_back_to_an_empty_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_store(tmp_path)
    app = make_app(store, first="compose", draft=Draft(body="Hello", to=("+14155550123",)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        slowly = Slowly(store.messages.send)
        monkeypatch.setattr(store.messages, "send", slowly)
        await press(pilot, "f5")
        await pilot.press("enter", "f9", "f1")
        slowly.may_go_on.set()
        await settled(pilot)
        assert front(app) is BlastScreen
        await press(pilot, "escape", "escape")
        assert front(app) is HistoryScreen
        await press(pilot, "f3")
        assert front(app) is ComposeScreen
        assert "Hello" not in words(app)
    assert len(store.messages.blasts(store.credits.account().id)) == 1


async def test_a_text_that_is_asked_for_while_another_is_sent_is_still_there_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_store(tmp_path)
    app = make_app(store, first="compose", draft=Draft(body="Hello", to=("+14155550123",)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        slowly = Slowly(store.messages.send)
        monkeypatch.setattr(store.messages, "send", slowly)
        await press(pilot, "f5")
        await pilot.press("enter")
        app.screen.post_message(WriteText(Draft(body="Another")))
        while "Another" not in words(app):
            await pilot.pause()
        slowly.may_go_on.set()
        await settled(pilot)
        assert front(app) is BlastScreen
        await press(pilot, "escape")
        assert front(app) is ComposeScreen
        assert "Another" in words(app)
    assert [blast.body for blast in store.messages.blasts(store.credits.account().id)] == ["Hello"]
    assert [draft.body for draft in store.messages.drafts()] == ["Another"]


async def test_a_screens_own_key_leads_back_to_it(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    app = make_app(store, first="compose", draft=Draft(body="Hello", to=("+14155550123",)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f5", "enter", "f1")
        await press(pilot, "f3")
        assert front(app) is ComposeScreen
        await press(pilot, *"Next")
        assert "Next" in words(app)


async def test_leaving_an_import_lets_it_end_and_tells_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "people.csv").write_text("Name,Phone\nAnn Lee,+14155550123\nBob,none\n", encoding="utf-8")
    store = make_store(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "i", *str(tmp_path / "people.csv"), "enter")
        slowly = Slowly(store.people.import_read)
        monkeypatch.setattr(store.people, "import_read", slowly)
        await pilot.press("enter", "escape", "escape")
        slowly.may_go_on.set()
        await settled(pilot)
        assert front(app) is ContactsScreen
        assert "Ann Lee" in words(app)
        assert toasts(app) == ["Contacts imported: 1 added, 0 merged, 1 left out."]


async def test_saving_somebody_twice_goes_back_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = make_store(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "n", *"Ann", "enter", "enter", "enter", *"4155550123")
        slowly = Slowly(store.people.add)
        monkeypatch.setattr(store.people, "add", slowly)
        await pilot.press("ctrl+s", "ctrl+s")
        slowly.may_go_on.set()
        await settled(pilot)
        assert front(app) is ContactsScreen
        assert [contact.name for contact in store.people.contacts()] == ["Ann"]


async def test_a_second_enter_goes_to_what_the_first_led_to(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path, plan=None))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *["down"] * 4, "enter")
        assert front(app) is PickScreen
        app.simulate_key("enter")
        app.simulate_key("enter")
        await settled(pilot)
        assert front(app) is PickScreen  # chosen once, and asked for anew
        await press(pilot, "escape")
        assert front(app) is WelcomeScreen


async def test_one_account_is_opened_however_often_enter_is_pressed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_store(tmp_path, plan=None)
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        slowly = Slowly(store.credits.open_account)
        monkeypatch.setattr(store.credits, "open_account", slowly)
        await press(pilot, *["down"] * 7, "enter", "enter", "enter", "end", "a")  # through card and terms
        await pilot.press("enter", "enter")
        slowly.may_go_on.set()
        await settled(pilot)
    assert len(store.credits.accounts()) == 1


@pytest.mark.parametrize(("first", "keys"), [("contacts", ("i",)), ("compose", ("f7", "ctrl+u"))])
async def test_the_home_folder_of_nobody_is_a_file_that_is_not_there(
    tmp_path: Path, first: str, keys: tuple[str, ...]
) -> None:
    app = make_app(make_store(tmp_path), first=first)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *keys, *"~nobody/x", "enter")
        assert "~nobody/x" in words(app)
        assert "no such file" in words(app).lower()


async def test_write_leads_to_a_new_text_after_one_was_sent_and_left_for_home(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="compose", draft=Draft(body="Hello", to=("+14155550123",)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f5", "enter")
        assert front(app) is BlastScreen
        await press(pilot, "f2", "f3", *"Next")
        assert front(app) is ComposeScreen
        assert "Next" in words(app)


async def test_a_form_that_is_half_filled_in_is_still_there_when_one_comes_back(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "n", *"Ann", "f2", "f10")
        assert front(app) is ContactFormScreen
        assert "Ann" in words(app)
