"""Every kind of change, each on an account that is ready for it, for what breaks in the middle of one."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from tests.store.credits.books import Books
from tests.store.credits.examples import act


class Scene(NamedTuple):
    """Steps that make an account ready, and the changes that can then be made: when, and what happens."""

    ready: list[tuple[str, str]]
    changes: dict[str, tuple[str, str]]


COMMUNITY = Scene(
    [
        ("2026-01-10", "join community-texts 200"),
        ("2026-02-11", "buy 500"),
        ("2026-02-12", "hold 150"),
        ("2026-03-12", "order 50"),
    ],
    {
        "an account": ("2026-03-20", "join agent-texts 300"),
        "an upgrade": ("2026-03-20", "order 400"),
        "a downgrade to come": ("2026-03-20", "order 100"),
        "a cancellation to come": ("2026-03-20", "cancel"),
        "a withdrawal": ("2026-03-20", "withdraw"),
        "a purchase": ("2026-03-20", "buy 100"),
        "a renewal that forfeits": ("2026-04-10", "look"),
        "a hold on both pools": ("2026-03-20", "hold 1300"),
        "a settlement": ("2026-03-20", "settle 100"),
        "a release": ("2026-03-20", "release 100"),
    },
)
"""1,050 allotted credits and 500 purchased ones; a pending downgrade."""

TEXTS = Scene(
    [("2026-04-16", "join agent-texts 300"), ("2026-06-10", "use 20"), ("2026-06-10", "hold 400")],
    {
        "a hold": ("2026-06-10", "hold 470"),
        "a settlement of two lots": ("2026-06-10", "settle 350"),
        "a release to two lots": ("2026-06-10", "release 350"),
        "a text": ("2026-06-10", "use 470"),
        "replies that can't be paid": ("2026-06-10", "900 sms come in"),
        "a renewal": ("2026-07-01T00:00", "look"),
    },
)
"""A hold on the first two of three lots, and 480 left in the last two."""

DOWNGRADED = Scene(
    [("2026-06-01", "join agent-texts 1000"), ("2026-06-10", "order 3000"), ("2026-06-11", "use 2500")],
    {"a downgrade at once": ("2026-06-12", "order 300")},
)

CANCELLED = Scene(
    [("2026-05-16", "join agent-texts 300"), ("2026-06-10", "hold 100"), ("2026-06-10", "cancel")],
    {"a cancelled plan's end": ("2026-07-01T00:00", "look")},
)

EXPIRING = Scene(
    [("2026-04-16", "join agent-texts 300"), ("2026-04-16", "hold 100"), ("2027-04-15", "look")],
    {"an expiry": ("2027-04-16T00:00", "look")},
)

EXPIRED = Scene(
    [*EXPIRING.ready, ("2027-04-16T00:00", "look")],
    {"a release of what has expired": ("2027-04-17", "release 100")},
)

EMAIL = Scene(
    [("2026-04-01", "join agent-email 10000"), ("2026-04-02", "use 2000")],
    {"a cancellation at once": ("2026-04-12", "cancel"), "a month's end": ("2026-05-01T00:00", "look")},
)

TRIAL = Scene(
    [("2026-04-03", "join community-texts trial"), ("2026-04-05", "use 4")],
    {"a subscription": ("2026-04-10", "order 200"), "a trial's end": ("2026-05-03T00:00", "look")},
)

UNPAID = Scene(
    [
        ("2026-01-10", "join agent-email 10000"),
        ("2026-01-11", "pay with 4000000000000002"),
        ("2026-02-01", "look"),
        ("2026-02-01T13:00", "pay with 4242424242424242"),
    ],
    {
        "an owed renewal is paid": ("2026-02-01T14:00", "pay what is owed"),
        "a retry that pays": ("2026-02-02T00:00", "look"),
        "a free plan in place of an owed one": ("2026-02-01T14:00", "cancel"),
    },
)
"""February's is declined, and the card is another one by then."""

SCENES = (UNPAID, TEXTS, DOWNGRADED, CANCELLED, EXPIRING, EXPIRED, EMAIL, TRIAL, COMMUNITY)

Rows: TypeAlias = dict[str, list[tuple[object, ...]]]

UNDER_WAY = {"account", "period", "payment", "order"}
"""What is to be charged is noted in these before it is known to be paid."""


def prepare(books: Books, scene: Scene) -> None:
    for when, action in scene.ready:
        act(books.at(when), action)


def collect(books: Books) -> None:
    """What the next start does for the accounts."""
    for account in books.accounts():
        books.ledger.collect(account.id)


def settled(rows: Rows) -> Rows:
    """The tables in which nothing is under way."""
    return {table: rows[table] for table in rows if table not in UNDER_WAY}
