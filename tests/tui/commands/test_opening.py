"""`textmeter` without a command, and `compose`: what the app is opened with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from store import Store
from store.errors import TextmeterError
from store.messages.model import Draft
from tests.tui.commands.conftest import Textmeter, open_account
from tests.tui.harness import settled, words
from tui.app import TextmeterApp
from tui.i18n.language import Language


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the app was opened with, instead of opening it; it ends with 7."""
    with_what: dict[str, Any] = {}

    def open_app(open_store: Callable[[], Store], language: object, **settings: object) -> int:
        with_what.update(settings, open_store=open_store, language=language)
        return 7

    monkeypatch.setattr("tui.commands.context.on_a_terminal", lambda: True)
    monkeypatch.setattr("tui.launch.open_app", open_app)
    return with_what


def test_without_a_command_the_app_opens_at_home(textmeter: Textmeter, opened: dict[str, Any]) -> None:
    assert textmeter().code == 7
    assert (opened["first"], opened["draft"], opened["language_asked"]) == ("home", None, False)


def test_a_screen_an_account_and_a_language_may_be_named(
    textmeter: Textmeter, opened: dict[str, Any]
) -> None:
    assert textmeter("--screen", "history", "--account", "2", "--lang", "en").code == 7
    assert (opened["first"], opened["account_id"], opened["language_asked"]) == ("history", 2, True)


def test_compose_opens_with_numbers_and_text_filled_in(textmeter: Textmeter, opened: dict[str, Any]) -> None:
    assert textmeter("compose", "--to", "+14155550123", "415 555 0101", "--to", "12", "Hi, ").code == 7
    assert opened["first"] == "compose"
    assert opened["draft"] == Draft(to=("+14155550123", "415 555 0101", "12"), body="Hi, ")


def test_compose_opens_empty_too(textmeter: Textmeter, opened: dict[str, Any]) -> None:
    textmeter("compose")
    assert opened["draft"] == Draft()


async def test_the_app_finds_a_demo_clock_where_it_stood_or_where_it_is_put(
    demo: Textmeter, opened: dict[str, Any]
) -> None:
    demo()
    app = TextmeterApp(opened["open_store"], Language("en"))
    async with app.run_test() as pilot:
        await settled(pilot)
        first = app.store.clock.now()
        assert timedelta(0) <= first - datetime(2026, 4, 16, 4, tzinfo=UTC) < timedelta(minutes=1)
        assert app.store.clock.now() > first  # in the app, time goes on
    demo("--now", "2026-05-02", "--screen", "home")
    store = opened["open_store"]()
    assert timedelta(0) <= store.clock.now() - datetime(2026, 5, 2, 4, tzinfo=UTC) < timedelta(minutes=1)
    assert store.credits.balance(store.credits.account().id).available == 600
    store.close()


def test_the_app_opens_on_an_empty_database_for_the_first_account(
    textmeter: Textmeter, opened: dict[str, Any]
) -> None:
    textmeter()
    store = opened["open_store"]()
    assert store.credits.accounts() == []
    store.close()


async def test_the_app_opens_on_the_list_of_several_accounts(demo: Textmeter, opened: dict[str, Any]) -> None:
    open_account(demo, plan="1000")
    demo()
    app = TextmeterApp(opened["open_store"], Language("en"))
    async with app.run_test() as pilot:
        await settled(pilot)
        assert "1,000 credits left" in words(app)
        assert "demo clock" in words(app)


def test_the_app_moves_no_real_clock(account: Textmeter, opened: dict[str, Any]) -> None:
    account("--now", "2030-01-01", "--screen", "home")
    with pytest.raises(TextmeterError) as refused:
        opened["open_store"]()
    assert refused.value.code == "no-demo-clock"
