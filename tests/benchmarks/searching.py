"""A key in the search of Contacts, over 100,000 people: what the store does for it, against the SQL that
somebody would write by hand for that very question.

Both give the first 200 people by name, on the same database in the same run and in turns; the peer reads
their rows and no more, by `sqlite3` alone.
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from store import Store
from store.people.model import Number, Person
from tests.benchmarks.blast import FIRST, SECOND
from tests.benchmarks.report import Figure

PEOPLE = 100_000
PAGE = 200
ROUNDS = 15
BOUND = 3.0
CHANCE = random.Random(1)
NOW_AND_THEN = 30 * 24 * 3600 * 1_000_000
"""30 days, in microseconds."""


class Question(NamedTuple):
    """What is typed, and what finds the same by hand. bound: None where finding takes no time, so that making
    200 contacts of their rows, with numbers and groups, is all there is to see."""

    what: str
    query: str
    by_hand: str
    bound: float | None = BOUND


_IN_GROUP = (
    "id IN (SELECT contact_id FROM membership JOIN contact_group ON group_id = contact_group.id WHERE key {})"
)
_TEXTED = "SELECT phone FROM message JOIN blast ON blast_id = blast.id WHERE account_id = 1"
_IN_4 = _IN_GROUP.format("= 'buyers'") + " AND json_extract(NULLIF(fields, ''), '$.unit') LIKE '4%'"


def _word(word: str) -> str:
    like = f"LIKE '%{word}%'"
    return f"(search_key {like} OR {_IN_GROUP.format(like)})"


QUESTIONS = (
    Question("a name that few have", "zoeette 4711", f"{_word('zoeette')} AND {_word('4711')}"),
    Question("a name that all have", "o'hara", _word("o''hara"), None),
    Question("a word that nobody has", "xyzzy", _word("xyzzy")),
    Question("#buyers unit:4*", "#buyers unit:4*", _IN_4),
    Question(
        "#buyers unit:4* -opted-out last-text:>30d",
        "#buyers unit:4* -opted-out last-text:>30d",
        f"{_IN_4} AND phone NOT IN (SELECT number FROM consent WHERE state = 'out' AND sender IN (0, 1)) "
        f"AND phone IN ({_TEXTED}) AND phone NOT IN ({_TEXTED} AND created_at >= {{since}})",
    ),
)


def figures() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "textmeter.sqlite3"
        store, account = _prepared(path)
        with store.connection(), sqlite3.connect(path) as raw:
            figures = [_figure(store, account, raw, question) for question in QUESTIONS]
        store.close()
        return figures


def _figure(store: Store, account: int, raw: sqlite3.Connection, question: Question) -> Figure:
    since = int(store.clock.now().timestamp()) * 1_000_000 - NOW_AND_THEN
    # As the store's own, it reads whole rows only of those that are shown.
    by_hand = (
        f"SELECT * FROM contact WHERE id IN (SELECT id FROM contact WHERE "
        f"{question.by_hand.replace('{since}', str(since))} ORDER BY sort_key, id LIMIT {PAGE}) "
        "ORDER BY sort_key, id"
    )
    ours, peer = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found = store.people.contacts(question.query, sender=account, limit=PAGE)
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        rows = raw.execute(by_hand).fetchall()
        peer.append(time.perf_counter() - began)
        assert [row[0] for row in rows] == [contact.id for contact in found], question.what
    what = f"Search keystroke over {PEOPLE:,} contacts: {question.what}"
    return Figure.of_times(what, median(ours), "the same by raw SQL", median(peer), question.bound)


def _prepared(path: Path) -> tuple[Store, int]:
    """100,000 people, every fifth of them a buyer, each in a unit; every tenth opted out, and each got one
    text within the last 60 days."""
    store = Store(str(path))
    account = store.credits.open_account("agent-texts", "3000", "America/New_York").id
    names = [first + second for first in FIRST for second in SECOND]
    people = [
        Person(
            names[at % len(names)],
            f"O'Hara {at}",
            numbers=(Number(f"+1415{at:07}", "US", "mobile"),),
            groups=("Buyers",) if at % 5 == 0 else ("Owners",),
            fields=(("unit", f"{CHANCE.randint(1, 60)}{CHANCE.choice('ABCD')}"),),
        )
        for at in range(PEOPLE)
    ]
    now = int(store.clock.now().timestamp()) * 1_000_000
    with store.connection(), store.database.transaction():
        rows = store.people._rows
        ids = rows.insert(people, 1)
        rows.join(zip(ids, (person.groups for person in people), strict=True))
        for days in range(60):
            at = now - days * 24 * 3600 * 1_000_000
            store.database.execute(
                "INSERT INTO blast (account_id, created_at, kind, body, recipients, credits, cancelled, "
                "charged_on) VALUES (?, ?, 'sms', '', 1, 1, FALSE, 'accepted')",
                (account, at),
            )
        store.database.executemany(
            "INSERT INTO message (blast_id, phone, region, name, merge, part, status, segments, credits) "
            "VALUES (?, ?, 'US', '', '', 0, 'delivered', 1, 1)",
            ((CHANCE.randint(1, 60), person.phone) for person in people),
        )
    store.consent.import_states([(person.phone, "out", "") for person in people[::10]])
    return store, account
