"""A database that several people work on: accounts of three products, a text under way, and all rows to
compare."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from store import Store
from store.clock import FixedClock
from store.emails.model import SmartPlan, Step
from store.mail.simulated import Simulated
from store.messages.model import Draft, When
from store.roles import Person, Role

NOON = datetime(2026, 4, 16, 16, 0, tzinfo=UTC)
ZONE = "America/New_York"

OLA, SAM, VIC = Person("Ola", Role.OWNER), Person("Sam", Role.SENDER), Person("Vic", Role.VIEWER)

ANN, BOB = "+14155550101", "+14155550102"


@contextmanager
def at_work(url: str, person: Person | None = None, at: datetime = NOON) -> Iterator[Store]:
    """The database as a person has it open at an instant; None: whoever runs Textmeter on their own
    machine."""
    store = Store(url, clock=FixedClock(at), mailer=Simulated(), person=person)
    with store.connection():
        yield store
    store.close()


def fill(url: str) -> None:
    """Account 1 sends texts by a demo clock, account 2 emails, account 3 a community's texts and was
    cancelled. Blast 1: a message that waits and one that is unknown; hold 2 is of 5 credits. Scheduled text 1
    leaves tomorrow. A filter is saved as Mine. Campaign 1, an email to Ann, leaves next year. "desk" and
    "office" are senders that nobody uses. SmartPlan 1 is Follow-up, which nobody is on. The file
    `people.csv`: somebody to import."""
    Path("people.csv").write_text("Name,Phone\nCaro,+14155550103\n", encoding="utf-8")
    with at_work(url) as store:
        store.credits.open_account("agent-texts", "300", ZONE, demo_clock=True)
        store.credits.open_account("agent-email", "free", ZONE)
        store.credits.open_account("community-texts", "200", ZONE)
        store.credits.place(3, store.credits.quote_cancel(3), key="cancel")
        store.people.add(first_name="Ann", phone=ANN, email="ann@example.com", groups=["Buyers"], region="US")
        store.people.save_filter("Mine", "#buyers")
        store.messages.send(1, Draft(body="Hi", to=(ANN, BOB)))
        store.senders.set("desk", {"provider": "simulated", "account": "2"})
        store.smartplans.keep(2, SmartPlan("Follow-up", (Step(0, "Hello", "Hi"),)))
        store.email_senders.set("office", {"number": "me@agent.test"})
        store.credits.hold(1, 5, cause="blast", reference="1")
        store.messages.send(1, Draft(body="Soon", to=(ANN,)), when=When(NOON + timedelta(days=1)))
        email = Draft(subject="Hello", body="Hi", to=("ann@example.com",))
        store.emails.send(2, email, at=NOON + timedelta(days=400))
        with store.database.transaction():
            store.database.execute(
                "UPDATE message SET status = 'unknown', claimed_at = 0, lookup_at = NULL WHERE id = 2"
            )


def rows(store: Store) -> dict[str, list[str]]:
    """All that a database holds, by table."""
    database = store.database
    return {
        table: sorted(map(repr, database.execute(f'SELECT * FROM "{table}"').fetchall()))
        for table in database._connections.get_tables()
    }
