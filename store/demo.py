"""Invented data to look round in: an agent's account, her contacts, and two months of texts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

from store import Store
from store.clock import DemoClock, FixedClock
from store.mail import Nobody
from store.messages.messenger import Messenger
from store.messages.model import Draft
from store.messages.providers.simulated import Simulated

PEOPLE = Path(__file__).parent.parent / "assets" / "demo" / "people.csv"
TIMEZONE = "America/Los_Angeles"
JOINED = datetime(2026, 4, 16, 16, 30, tzinfo=UTC)
NOW = datetime(2026, 6, 18, 17, 20, tzinfo=UTC)
SEED = 1

_RECEIPTS = timedelta(minutes=2)
"""By then every receipt of the simulated provider has come in."""

_TEXTS = (
    (
        "Buyers",
        "Hi {first_name|there}, three new homes came on the market this morning. Shall I send you the list?",
    ),
    ("Buyers", "The price of 12 Elm St just dropped. Want to see it this week, {first_name|there}?"),
    ("Buyers", "Rates moved today. If you like, I'll run the numbers for you again. Reply RATES."),
    ("Sellers", "Hi {first_name|there}, two homes like yours sold near you. Curious what yours would bring?"),
    ("Sellers", "Photographer is booked for Thursday at 10. Please leave the blinds open."),
    ("Open house", "Open house on Elm St this Sunday at 2 pm. Reply YES and I'll save you a place."),
    ("Open house", "Thank you for coming by on Sunday — what did you think? 🙂"),
    ("Renters", "A two-bedroom with a garden is free from July. Would you like to see it?"),
    ("Past clients", "Happy home anniversary, {first_name|there}! Here is to many more good years."),
    ("Trades", "Could you give me a quote for 48 Oak Ave by Friday? Thank you."),
)
_EVERYONE = (
    "My office moves to 9 Harbor Way on the first. Same number, better coffee. Come and say hello, "
    "{first_name|all}!"
)
_DRAFT = Draft(
    body="Hi {first_name|there}, the open house on Elm St — Sunday 2 pm — is on. "
    "Reply YES and I'll save you a place.",
    groups=("Open house", "Buyers"),
)


def open_demo(folder: Path) -> Store:
    """A new database of demo data in a folder, open, its clock going on from `NOW`."""
    path = str(folder / "demo.sqlite3")
    store = Store(path, clock=FixedClock(JOINED))
    fill(store, SEED)
    store.close()
    clock = DemoClock()
    store = Store(path, clock=clock, mailer=Nobody())  # nobody wants to hear of invented data
    clock.put(NOW, store.credits.account().id)
    return store


def fill(store: Store, seed: int) -> None:
    """Fills an empty store with an account opened at `JOINED`, contacts, texts, replies and a draft up to
    `NOW`.

    store: one with a FixedClock, which is moved along. seed: the same one gives the same data, row for row.
    """
    clock = store.clock
    if not isinstance(clock, FixedClock):
        raise TypeError("demo data is written by a clock that can be moved")
    chance = random.Random(seed)
    provider = Simulated(str(seed))
    messenger = Messenger(store.database, clock, store.credits, store.people, provider=provider, real=clock)
    # One transaction: two months of commits, one by one, would take as long as they did to invent.
    with store.database.transaction():
        clock.instant = JOINED
        account = store.credits.open_account("agent-texts", "300", TIMEZONE, demo_clock=True)
        store.people.import_file(PEOPLE, region="US")
        everyone = tuple(name for name, _ in store.people.groups())
        for instant, groups, body in _texts(chance, everyone):
            clock.instant = instant
            messenger.send(account.id, Draft(body=body, groups=groups))
            messenger.deliver(stop=Event())
            clock.instant = instant + _RECEIPTS
            messenger.poll_receipts()
            for _ in range(chance.randrange(4)):
                clock.instant += timedelta(minutes=chance.randrange(1, 20))
                store.credits.charge(account.id, 1, inbound=True)
        clock.instant = NOW
        store.credits.catch_up(account.id)
        messenger.save_draft(_DRAFT)


def _texts(
    chance: random.Random, everyone: tuple[str, ...]
) -> Iterator[tuple[datetime, tuple[str, ...], str]]:
    """When which groups were texted what: on most working days, within office hours."""
    zone = ZoneInfo(TIMEZONE)
    index = 0
    day = JOINED.astimezone(zone).date() + timedelta(days=1)
    while day < NOW.astimezone(zone).date():
        minute = chance.randrange(9 * 60, 17 * 60)
        index = (index + chance.randrange(1, len(_TEXTS))) % len(_TEXTS)  # never the same twice in a row
        group, body = _TEXTS[index]
        instant = datetime.combine(day, time_of_day(*divmod(minute, 60)), zone).astimezone(UTC)
        if day == date(2026, 5, 28):
            yield instant, everyone, _EVERYONE
        elif day.weekday() < 5 and chance.random() < 0.7:
            yield instant, (group,), body
        day += timedelta(days=1)
