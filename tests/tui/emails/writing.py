"""An account for emails, people to write to, and the app on its Compose."""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from store import Store
from store.clock import FixedClock
from store.emails.emails import Emails
from store.mail.simulated import Simulated
from store.messages.model import Draft
from store.roles import Person, Role
from tests.tui.harness import NOW, TIMEZONE, make_app, make_store, settled
from tui.app import TextmeterApp
from tui.emails.preview import Preview

PEOPLE = (
    ("Zoë", "O'Hara", "zoe@example.com", ("Buyers",)),
    ("José", "Núñez", "jose@example.com", ("Buyers",)),
    ("", "", "", ("Buyers",)),
    ("Li", "Wei", "li@example.com", ()),
)
"""The third has a number only."""


def make_mail_store(folder: Path, *, people: bool = True) -> Store:
    """5,000 emails a month, and `PEOPLE`."""
    store = make_store(folder, plan=None)
    store.credits.open_account("agent-email", "free", TIMEZONE)
    for number, (first, last, email, groups) in enumerate(PEOPLE if people else ()):
        phone = f"+1415555{200 + number:04}"
        store.people.add(
            first_name=first,
            last_name=last,
            company="" if first else "Number Only",
            email=email,
            phone=phone,
            groups=groups,
            region="US",
        )
    return store


def seen_by_a_viewer(folder: Path) -> Store:
    """The same database as somebody has it open who may only look."""
    viewer = Person("Vic", Role.VIEWER)
    return Store(str(folder / "textmeter.sqlite3"), clock=FixedClock(NOW), person=viewer)


def handed_over(store: Store) -> None:
    """All that is due leaves, by the simulated server."""
    parts = store.database, store.settings, store.credits, store.people, store.consent
    with store.connection():
        Emails(*parts, mailer=Simulated(), real=store.clock).deliver(1)


def typed(text: str) -> list[str]:
    """The keys that type it: the pilot takes those that are no letters by their names in Unicode."""
    return [char if char.isalnum() else unicodedata.name(char).lower().replace(" ", "_") for char in text]


def written(app: TextmeterApp) -> str:
    """What stands beside the email, in one line."""
    return " ".join(" ".join(line.plain for line in app.screen.query_one(Preview).drawn).split())


async def ready(pilot: Pilot[Any]) -> None:
    """Waits until the screen has read its draft."""
    for _ in range(100):
        await settled(pilot)
        if pilot.app.screen.query_one(Preview).drawn:
            return
    raise AssertionError("nothing is said of what it takes")


@asynccontextmanager
async def writing(
    store: Store, draft: Draft | None = None, size: tuple[int, int] = (120, 36), **options: Any
) -> AsyncIterator[tuple[TextmeterApp, Pilot[None]]]:
    """The app on an email."""
    if draft is not None:
        store.messages.save_draft(draft)
    app = make_app(store, first="email", **options)
    async with app.run_test(size=size, notifications=True) as pilot:
        await ready(pilot)
        yield app, pilot
        await pilot.pause()
