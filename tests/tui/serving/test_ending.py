"""A session for somebody elsewhere ends in time: it says so before, and keeps what was typed."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from types import SimpleNamespace

import pytest
from textual.pilot import Pilot

from store import Store
from tests.tui.conftest import Snap
from tests.tui.harness import StillApp, make_store, press, settled
from tui.i18n.language import Language
from tui.serving import app as served
from tui.serving.app import ServedApp
from tui.serving.session_spec import TOO_LONG

MINUTE = 60.0


class Still(StillApp, ServedApp):
    """The served app without its delivery worker."""


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock in seconds that is moved by hand: `now.seconds`."""
    hand = SimpleNamespace(seconds=1000.0)
    monkeypatch.setattr(served, "time", SimpleNamespace(monotonic=lambda: hand.seconds))
    return hand


def make(store: Store, *, idle: float = 15 * MINUTE, longest: float = 240 * MINUTE) -> Still:
    app = Still(
        lambda: store, Language("en"), language_asked=True, first="compose", idle=idle, longest=longest
    )
    app.animation_level = "none"
    app.theme = "night"
    return app


async def told(pilot: Pilot[None]) -> list[str]:
    await pilot.pause()
    app = pilot.app
    return [notification.message for notification in app._notifications]


async def test_whoever_types_nothing_is_told_a_minute_before_and_leaves_after_it(
    tmp_path: Path, now: SimpleNamespace
) -> None:
    app = make(make_store(tmp_path))
    async with app.run_test(notifications=True) as pilot:
        await settled(pilot)
        now.seconds += 14 * MINUTE - 1
        app._look_at_the_time()
        assert await told(pilot) == []
        now.seconds += 1
        app._look_at_the_time()
        assert "ends in 60 seconds" in (await told(pilot))[0]
        now.seconds += MINUTE
        app._look_at_the_time()
        assert app.return_code == TOO_LONG


async def test_a_key_after_the_warning_begins_the_time_anew(tmp_path: Path, now: SimpleNamespace) -> None:
    app = make(make_store(tmp_path))
    async with app.run_test(notifications=True) as pilot:
        await settled(pilot)
        now.seconds += 14.5 * MINUTE
        app._look_at_the_time()
        assert "ends in 30 seconds" in (await told(pilot))[0]
        await press(pilot, "a")
        now.seconds += MINUTE
        app._look_at_the_time()
        assert app.return_code is None
        now.seconds += 13.5 * MINUTE
        app._look_at_the_time()
        assert app.return_code is None
        now.seconds += MINUTE
        app._look_at_the_time()
        assert app.return_code == TOO_LONG


async def test_no_key_makes_a_session_longer_than_the_longest(tmp_path: Path, now: SimpleNamespace) -> None:
    app = make(make_store(tmp_path), longest=30 * MINUTE)
    async with app.run_test(notifications=True) as pilot:
        await settled(pilot)
        now.seconds += 29.5 * MINUTE
        await press(pilot, "a")
        app._look_at_the_time()
        assert "has reached its time limit" in (await told(pilot))[0]
        now.seconds += 0.5 * MINUTE
        await press(pilot, "g", "b")
        app._look_at_the_time()
        assert app.return_code == TOO_LONG


async def test_short_limits_are_told_at_half_of_them(tmp_path: Path, now: SimpleNamespace) -> None:
    app = make(make_store(tmp_path), idle=40)
    async with app.run_test(notifications=True) as pilot:
        await settled(pilot)
        now.seconds += 19
        app._look_at_the_time()
        assert await told(pilot) == []
        now.seconds += 1
        app._look_at_the_time()
        assert "ends in 20 seconds" in (await told(pilot))[0]


async def test_what_was_typed_is_kept_when_the_time_is_over(tmp_path: Path, now: SimpleNamespace) -> None:
    store = make_store(tmp_path)
    app = make(store)
    async with app.run_test() as pilot:
        await settled(pilot)
        await press(pilot, *"kept")
        now.seconds += 16 * MINUTE
        app._look_at_the_time()
    assert [draft.body for draft in store.messages.drafts()] == ["kept"]


async def test_a_server_that_stops_says_so_before_the_session_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_store(tmp_path)
    app = make(store)
    monkeypatch.setattr(served, "STOP_AFTER", 0.05)
    async with app.run_test(notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, *"kept")
        os.kill(os.getpid(), signal.SIGTERM)
        while not await told(pilot):
            pass
        assert "The server is stopping" in (await told(pilot))[0]
        while app.return_code is None:
            await pilot.pause()
    assert [draft.body for draft in store.messages.drafts()] == ["kept"]


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
def test_the_announcement(snap: Snap, tmp_path: Path, now: SimpleNamespace, size: tuple[int, int]) -> None:
    app = make(make_store(tmp_path))

    async def wait(pilot: Pilot[None]) -> None:
        now.seconds += 14 * MINUTE
        app._look_at_the_time()

    assert snap(app, size=size, before=wait)
