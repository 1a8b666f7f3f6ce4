"""What the app does by itself while it is open."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store import Store
from store.clock import FixedClock
from store.mailroom import Posted
from store.sentences import sentence
from tests.store.mail import server
from tests.tui.harness import NOW, make_app, make_store, move_clock, settled, text, words

JUNE = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.maintenance.SECONDS", 0.01)
    monkeypatch.setattr("tui.base.background.FIRST_AFTER", 0)


async def test_a_renewal_that_comes_while_one_looks_is_shown(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    app = make_app(store, delivering=True)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        assert "600 credits left" in words(app)
        move_clock(store, JUNE)
        while "900 credits left" not in words(app):
            await pilot.pause(0.01)


async def test_what_another_program_does_to_the_balance_is_shown_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.base.background.LOOK_EVERY", 0.05)
    store = make_store(tmp_path)
    app = make_app(store, delivering=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "600 credits left" in words(app).splitlines()[0]
        other = Store(str(tmp_path / "textmeter.sqlite3"), clock=FixedClock(NOW))
        text(other, "Open house", "+14155550123")
        while "599 credits left" not in words(app).splitlines()[0]:
            await pilot.pause(0.01)
        await settled(pilot)
        assert "1 of 600 used" in words(app)


async def test_trouble_is_told_once_as_long_as_it_lasts_and_anew_when_it_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = make_store(tmp_path)
    trouble = sentence("The mail server refuses the password.")
    answers = [trouble, trouble, None, trouble]
    done = threading.Event()

    def post(*_: object, **__: object) -> Posted:
        if not answers:
            done.set()
            return Posted(0, trouble)
        return Posted(0, answers.pop(0))

    monkeypatch.setattr(store.mail, "post", post)
    app = make_app(store, delivering=True)
    told: list[str] = []
    monkeypatch.setattr(app, "tell", lambda says, **_: told.append(str(says)))
    async with app.run_test(size=(80, 24)) as pilot:
        while not done.is_set():
            await pilot.pause(0.01)
        await settled(pilot)
    assert told == [str(trouble)] * 2


async def test_nobody_gets_the_mail_of_a_look_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app(make_store(tmp_path, plan=None), delivering=True)
    with server.running() as inbox:
        url = f"smtp://127.0.0.1:{inbox.port}?from=texts@example.com&to=me@example.com"
        monkeypatch.setenv("TEXTMETER_MAIL", url)
        async with app.run_test(size=(120, 36)) as pilot:
            await settled(pilot)
            app.screen.look_round()  # type: ignore[attr-defined]
            await settled(pilot)
            assert "Demo, not saved" in words(app)
            while not_mailed(app.store):
                await pilot.pause(0.01)
        assert inbox.mails == []


def not_mailed(store: Store) -> int:
    """How many notices are still to be given by email."""
    with store.connection():
        (count,) = store.database.execute(
            "SELECT count(*) FROM outbox WHERE channel = 'email' AND NOT done"
        ).fetchone()
    return int(count)
