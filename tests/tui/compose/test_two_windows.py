"""The same draft in two windows, and others who spend the credits meanwhile. The other window is another
store on the same database."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Event

import pytest
from textual.pilot import Pilot

from store import Store
from store.clock import DemoClock, FixedClock
from store.messages.model import Draft
from tests.tui.compose.test_compose import ready
from tests.tui.harness import (
    NOW,
    TIMEZONE,
    front,
    make_app,
    make_store,
    numbers,
    press,
    settled,
    text,
    toasts,
    words,
)
from tui.app import TextmeterApp
from tui.compose import live_estimate
from tui.compose.editor import Composer
from tui.compose.screen import ComposeScreen
from tui.compose.send import SendScreen

ANN = "+14155550123"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """600 credits: April's 300 and May's."""
    return make_store(tmp_path)


@pytest.fixture
def other(store: Store, tmp_path: Path) -> Store:
    """What somebody else at the same database has open."""
    return Store(str(tmp_path / "textmeter.sqlite3"), clock=FixedClock(NOW))


@asynccontextmanager
async def on_a_draft(store: Store, body: str) -> AsyncIterator[tuple[TextmeterApp, Pilot[None], Draft]]:
    """The app on Compose, with a draft to one person that is kept."""
    account = store.credits.account()
    draft = store.messages.save_draft(Draft(body=body, to=(ANN,), account_id=account.id))
    app = make_app(store, first="compose")
    async with app.run_test(size=(100, 32), notifications=True) as pilot:
        await ready(pilot)
        yield app, pilot, draft


async def look(app: TextmeterApp, pilot: Pilot[None]) -> None:
    """What the app does by itself every three seconds."""
    app.look()
    await settled(pilot)


def written(app: TextmeterApp) -> str:
    return app.screen_stack[0].query_one(Composer).text


async def test_what_was_sent_in_the_other_window_is_gone_here_and_told(store: Store, other: Store) -> None:
    async with on_a_draft(store, "Viewing at nine") as (app, pilot, draft):
        other.messages.send(1, draft)
        await look(app, pilot)
        assert written(app) == ""
        assert toasts(app) == ["This text was sent from another window, so the draft is gone."]
        await press(pilot, "f5")
        assert front(app) is ComposeScreen
    assert len(store.messages.blasts(1)) == 1


async def test_what_was_sent_in_the_other_window_while_one_was_on_home_is_gone(
    store: Store, other: Store
) -> None:
    async with on_a_draft(store, "Viewing at nine") as (app, pilot, draft):
        await press(pilot, "escape")
        other.messages.send(1, draft)
        await look(app, pilot)
        await press(pilot, "f3")
        assert written(app) == ""


async def test_what_the_other_window_wrote_is_shown_where_nothing_was_written(
    store: Store, other: Store
) -> None:
    async with on_a_draft(store, "Viewing at nine") as (app, pilot, draft):
        changed = other.messages.save_draft(replace(draft, body="Viewing at ten"))
        await look(app, pilot)
        assert written(app) == "Viewing at ten"
        assert toasts(app) == ["This draft was changed in another window. This is the new version."]
        await press(pilot, "!")
    assert [(one.id, one.body) for one in store.messages.drafts()] == [(changed.id, "Viewing at ten!")]


async def test_what_both_windows_wrote_is_kept_and_told(store: Store, other: Store) -> None:
    async with on_a_draft(store, "Viewing at nine") as (app, pilot, draft):
        other.messages.save_draft(replace(draft, body="Viewing at nine, bring keys"))
        await press(pilot, *"!")
        app.screen.query_one(Composer).blur()
        app.screen._autosave.now()  # type: ignore[attr-defined]
        await settled(pilot)
        assert toasts(app) == [
            "This draft was also changed in another window. Both versions are kept: yours is now draft 2."
        ]
        assert written(app) == "Viewing at nine!"
        await look(app, pilot)
        assert written(app) == "Viewing at nine!"
    assert {one.body for one in store.messages.drafts()} == {
        "Viewing at nine, bring keys",
        "Viewing at nine!",
    }


async def test_what_is_written_while_the_other_window_sends_it_is_kept(store: Store, other: Store) -> None:
    async with on_a_draft(store, "Viewing at nine") as (app, pilot, draft):
        other.messages.send(1, draft)
        await press(pilot, *"!")
        await look(app, pilot)
        app.screen._autosave.now()  # type: ignore[attr-defined]
        await settled(pilot)
        assert toasts(app) == [
            "This text was sent from another window. What you've written since is kept as draft 2."
        ]
        assert written(app) == "Viewing at nine!"


async def test_the_question_closes_when_the_other_window_sends_the_text(store: Store, other: Store) -> None:
    async with on_a_draft(store, "Viewing at nine") as (app, pilot, draft):
        await press(pilot, "f5")
        assert front(app) is SendScreen
        other.messages.send(1, draft)
        await look(app, pilot)
        assert (front(app), written(app)) == (ComposeScreen, "")
    assert len(store.messages.blasts(1)) == 1


async def test_enter_after_the_other_window_sent_the_text_sends_nothing(store: Store, other: Store) -> None:
    async with on_a_draft(store, "Viewing at nine") as (app, pilot, draft):
        await press(pilot, "f5")
        other.messages.send(1, draft)
        await press(pilot, "enter")
        assert (front(app), written(app)) == (ComposeScreen, "")
        assert "This text was sent from another window" in " ".join(toasts(app))
    assert len(store.messages.blasts(1)) == 1


async def test_the_question_has_the_present_figures_when_others_send(store: Store, other: Store) -> None:
    async with on_a_draft(store, "Viewing at nine") as (app, pilot, _):
        await press(pilot, "f5")
        assert "599 left after" in words(app)
        text(other, "To many", *numbers(580))
        await look(app, pilot)
        assert "19 left after" in words(app)
        assert "The numbers just changed." in words(app)
        await press(pilot, "enter")
        assert front(app) is not SendScreen
    assert store.credits.balance(1).available == 19


async def test_enter_on_figures_that_are_no_longer_true_shows_the_new_ones_first(
    store: Store, other: Store
) -> None:
    async with on_a_draft(store, "Viewing at nine") as (app, pilot, _):
        await press(pilot, "f5")
        text(other, "To many", *numbers(580))
        await press(pilot, "enter")
        assert front(app) is SendScreen
        assert "19 left after" in words(app)
        assert "Nothing was sent. Check them and send again." in " ".join(words(app).split())
        assert len(store.messages.blasts(1)) == 1
        await press(pilot, "enter")
        assert front(app) is not SendScreen
    assert store.credits.balance(1).available == 19


async def test_with_too_few_credits_left_the_question_cant_be_answered(store: Store, other: Store) -> None:
    async with on_a_draft(store, "Viewing at nine") as (app, pilot, _):
        await press(pilot, "f5")
        text(other, "To many", *numbers(600))
        await look(app, pilot)
        assert "This needs 1 credit, with 0 left: 1 too few." in " ".join(words(app).split())
        await press(pilot, "enter")
        assert front(app) is SendScreen
    assert len(store.messages.blasts(1)) == 1


async def test_a_database_that_somebody_has_locked_shows_the_text_and_its_cost(tmp_path: Path) -> None:
    path = tmp_path / "textmeter.sqlite3"
    clock = DemoClock()
    store = Store(str(path), clock=clock)
    clock.put(NOW)
    account = store.credits.open_account("agent-texts", "300", TIMEZONE, demo_clock=True)
    store.messages.save_draft(Draft(body="Viewing at nine", to=(ANN,), account_id=account.id))
    with closing(sqlite3.connect(path, isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        app = make_app(store, first="compose")
        async with app.run_test(size=(100, 32), notifications=True) as pilot:
            await ready(pilot)
            assert written(app) == "Viewing at nine"
            assert "Left after 299" in " ".join(words(app).split())
            assert toasts(app) == []
        somebody.execute("ROLLBACK")


def test_a_text_is_of_the_day_to_which_the_other_window_moved_the_demo_clock(tmp_path: Path) -> None:
    path, clock = str(tmp_path / "textmeter.sqlite3"), DemoClock()
    store, other = Store(path, clock=clock), Store(path, clock=DemoClock())
    clock.put(NOW)
    account = store.credits.open_account("agent-texts", "300", TIMEZONE, demo_clock=True)
    clock.put(NOW, account.id)
    with store.connection():
        assert store.credits.today(account.id) == date(2026, 5, 20)
        with other.connection():
            other.credits.put_clock(account.id, NOW + timedelta(days=20))
            other.credits.catch_up(account.id)
        blast = store.messages.send(account.id, Draft(body="Hi", to=(ANN,)))
        assert blast.created_at.date() == date(2026, 6, 9)
        assert store.credits.history(account.id)[0].on == date(2026, 6, 9)
        assert store.credits.today(account.id) == date(2026, 6, 9)


async def test_what_was_refused_since_others_get_it_by_now_can_be_sent_after_another_look(
    store: Store, other: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_estimate, "FEW", 0)  # as if these were very many, who aren't asked for at once
    store.senders.set("office", {"provider": "simulated", "people_per_month": "1"})
    async with on_a_draft(store, "Hello") as (app, pilot, _):
        other.messages.send(store.credits.account().id, Draft(body="Hi", to=("+14155550124",)))
        other.messages.deliver(stop=Event())
        await press(pilot, "f5", "enter")
        assert front(app) is SendScreen
        assert "1 person won't get this, at no cost:" in " ".join(words(app).split())
        await press(pilot, "enter")
        assert front(app) is not SendScreen
    assert len(store.messages.blasts(store.credits.account().id)) == 2
