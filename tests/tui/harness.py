"""What tests of screens stand on: a store of their own that stands still, the app on it, and waiting
without sleeping.

    store = make_store(tmp_path)
    text(store, "Open house on Sunday", "+14155550123")
    app = make_app(store, first="history")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        ...

`snap` (a fixture of tests/tui/conftest.py) compares a picture of it:

    def test_home(snap, tmp_path):
        assert snap(make_app(make_store(tmp_path)), size=(80, 24))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any, cast

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, TextArea

from store import Store
from store.clock import FixedClock
from store.messages.messenger import Messenger
from store.messages.model import BlastSummary, Draft
from store.messages.providers.demo import Demo
from store.messages.senders import only
from tui.app import TextmeterApp
from tui.base.at_hand import at_hand
from tui.base.finds import Find
from tui.base.key_bar import KeyBar
from tui.base.textual_private import failure_of
from tui.i18n.language import Language

TIMEZONE = "America/New_York"
OPENED = datetime(2026, 4, 16, 15, tzinfo=UTC)
NOW = datetime(2026, 5, 20, 16, tzinfo=UTC)
"""Noon in the account's time zone, on the 20th of 31 days."""


class StillApp(TextmeterApp):
    """The app without its delivery worker, so that what is shown stands still."""

    def deliver(self) -> None:
        pass

    def deliver_emails(self) -> None:
        pass


def make_store(
    folder: Path, *, plan: str | None = "300", opened: datetime = OPENED, now: datetime = NOW
) -> Store:
    """A database in `folder` whose clock stands at `now`, with an agent's account opened at `opened` on a
    plan.

    plan None: without an account, as on the first day.
    """
    store = Store(str(folder / "textmeter.sqlite3"), clock=FixedClock(opened))
    if plan is not None:
        store.credits.open_account("agent-texts", plan, TIMEZONE)
    move_clock(store, now)
    return store


def move_clock(store: Store, now: datetime) -> None:
    """Puts a store's fixed clock to an instant."""
    cast("FixedClock", store.clock).instant = now


def text(store: Store, body: str, *to: str, delivered: bool = True, sent: bool = True) -> BlastSummary:
    """Sends a text at the store's instant through the simulated provider.

    sent False: everything is still waiting. delivered False: no receipt has come in yet.
    """
    account = store.credits.account()
    with store.connection():
        messenger = Messenger(
            store.database,
            store.clock,
            store.credits,
            store.people,
            store.consent,
            only(store.database, Demo("tests"), store.clock),
            real=store.clock,
        )
        blast = messenger.send(account.id, Draft(body=body, to=to))
        if sent:
            messenger.deliver(stop=Event())
        if sent and delivered:
            now = store.clock.now()
            move_clock(store, now + timedelta(minutes=2))
            messenger.poll_receipts()
            move_clock(store, now)
        return messenger.blast(blast.id)


def numbers(count: int) -> list[str]:
    """That many different numbers in the US (in the range kept for fiction, then beyond it)."""
    return [f"+1415555{n:04}" for n in range(100, 100 + count)]


class OpeningApp(StillApp):
    """The app while its database is being opened, for ever."""

    def _load(self) -> None:  # type: ignore[override]
        pass


def make_app(
    store: Store | Callable[[], Store] | None,
    *,
    first: str = "home",
    language: str = "en",
    theme: str = "night",
    delivering: bool = False,
    draft: Draft | None = None,
    kind: type[TextmeterApp] | None = None,
) -> TextmeterApp:
    """The app on a store, or on what a function opens (or raises); None: one that is still being opened.

    draft: what Compose begins with. kind: another class of it, for a test that needs the app to begin
    differently.
    """
    kind = kind or (OpeningApp if store is None else TextmeterApp if delivering else StillApp)
    opens = store if callable(store) else lambda: cast("Store", store)
    app = kind(opens, Language(language), language_asked=True, first=first, draft=draft)
    app.animation_level = "none"
    app.theme = theme
    return app


async def settled(pilot: Pilot[Any]) -> None:
    """Waits until all that the app asked of its store is answered and drawn."""
    app = cast("TextmeterApp", pilot.app)
    while not (app._store or app.failure or failure_of(app) or isinstance(app, OpeningApp)):
        await pilot.pause()
    calm = 0
    while calm < 2:  # an answer may lead to the next question
        await pilot.pause()
        busy = any(not worker.is_finished for worker in app.workers if worker.group != "delivery")
        calm = 0 if busy else calm + 1
    for screen in app.screen_stack:
        for field in screen.query(Input):
            field.cursor_blink = False
        for area in screen.query(TextArea):
            area.cursor_blink = False
    await pilot.pause()


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Presses keys one by one, waiting after each until the app has settled."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


def words(app: App[Any]) -> str:
    """All that the present screen shows, as lines of plain text."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


def off(app: App[Any]) -> set[str]:
    """What the key bar shows as off: keys and labels."""
    bar = app.screen.query_one(KeyBar)
    return {
        part.plain.strip()
        for part in bar.render().split("   ")
        if part.plain.strip() and all(span.style == "$off" for span in part.spans)
    }


def offered(app: TextmeterApp) -> dict[str, Find]:
    """What the palette has at once on the present screen, by what it is called."""
    return {find.label: find for find in at_hand(app, app.screen)}


def front(app: App[Any]) -> type[Screen[Any]]:
    """What kind of screen is in front."""
    return type(app.screen)


def toasts(app: App[Any]) -> Sequence[str]:
    """What was told in toasts that still stand."""
    return [notification.message for notification in app._notifications]


def where(app: App[Any]) -> str:
    """The name of the screen that is in front."""
    return words(app).splitlines()[0].split()[1]
