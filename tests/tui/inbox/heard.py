"""An inbox to look at: who wrote, at which times, and what was answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from store import Store
from store.messages.messenger import Messenger
from store.messages.providers import MediaFact, Reply
from store.messages.senders import only
from store.people.model import Details
from tests.store.messages.scripted import Scripted
from tests.tui.harness import NOW, make_store, move_clock, text

ANA, LI, NED, PIC = "+14155552671", "+14155550102", "+12125550144", "+14155550103"


def comes_in(
    store: Store, phone: str, body: str, at: datetime = NOW, media: tuple[MediaFact, ...] = ()
) -> None:
    """Somebody writes."""
    with store.connection():
        provider = Scripted()
        provider.tells = [Reply(f"{phone}{at}{body}", phone, body, at, media)]
        Messenger(
            store.database,
            store.clock,
            store.credits,
            store.people,
            store.consent,
            only(store.database, provider, store.clock),
            real=store.clock,
        ).poll_receipts()


def make_inbox(folder: Path) -> Store:
    """Ana and Li answered a text to four people; Ned may want none; a picture came too."""
    store = make_store(folder)
    store.people.add(
        first_name="Ana", last_name="Ruiz", phone=ANA, region="US", details=Details(zone="America/New_York")
    )
    store.people.add(first_name="Li", last_name="Wei", phone=LI, region="US")
    move_clock(store, NOW - timedelta(days=4))
    text(store, "Still looking for two bedrooms?", ANA, LI, NED, PIC)
    move_clock(store, NOW)
    comes_in(store, PIC, "", NOW - timedelta(days=3), (MediaFact("simulated:k.jpg", "image/jpeg", 214_000),))
    comes_in(store, NED, "please stop texting me", NOW - timedelta(days=1))
    comes_in(store, LI, "Thanks, we found one", NOW - timedelta(hours=1))
    store.conversations.mark_read(1, LI)
    comes_in(store, ANA, "Yes! Friday?", NOW - timedelta(minutes=2))
    return store
