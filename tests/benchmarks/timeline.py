"""A contact's timeline: a page of 100,000 lines from all its sources, against one of 100. What is planned of
10,000 people on a SmartPlan of 12 steps, against reading their rows by `sqlite3` alone."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median

from store import Store
from store.clock import micros
from store.credits.model import Account
from store.emails.model import SmartPlan, Step
from store.emails.planned import read_planned
from store.people.model import Contact, Person
from store.timeline import NEWEST
from tests.benchmarks.report import Figure

LONG, SHORT = 100_000, 100
ROUNDS = 51
PAGE = 50
MINUTE = 60_000_000
PEOPLE, STEPS = 10_000, 12
SAID = 20
"""Times that somebody opted out or said yes, in either."""


def figures() -> list[Figure]:
    with _store() as (store, account):
        long, short = (_with_lines(store, account, lines) for lines in (LONG, SHORT))
        # To the middle of each, as a person scrolls; the whole of the short one is two pages.
        middle = NEWEST
        for _ in range(LONG // 2 // 5_000):
            _, middle = store.timeline.lines(long, place=middle, limit=5_000)
        _, second = store.timeline.lines(short, place=NEWEST, limit=PAGE)
        figures = []
        for what, of_long, of_short in (("newest", NEWEST, NEWEST), ("a later", middle, second)):
            ours, peer = list[float](), list[float]()
            for _ in range(ROUNDS):
                for times, contact, place in ((ours, long, of_long), (peer, short, of_short)):
                    began = time.perf_counter()
                    lines, _ = store.timeline.lines(contact, place=place, limit=PAGE)
                    times.append(time.perf_counter() - began)
                    assert len(lines) == PAGE
            figure = f"A contact's timeline of {LONG:,} lines: {what} page"
            figures.append(Figure.of_times(figure, median(ours), f"one of {SHORT}", median(peer), 1.5))
        return [*figures, _planned()]


def _planned() -> Figure:
    """Everybody was put on it on one of 30 days, and is at one of its steps."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "textmeter.sqlite3"
        store = Store(str(path))
        with store.connection(), sqlite3.connect(path) as raw:
            account = store.credits.open_account("agent-email", "50000", "America/New_York")
            _on_a_plan(store, account)
            ours, peer = list[float](), list[float]()
            for _ in range(ROUNDS // 5):
                began = time.perf_counter()
                found = read_planned(store, account)
                ours.append(time.perf_counter() - began)
                assert found.sends > PEOPLE
                began = time.perf_counter()
                raw.execute("SELECT * FROM enrolment WHERE account_id = 1").fetchall()
                peer.append(time.perf_counter() - began)
        store.close()
    what = f"What {PEOPLE:,} people on a SmartPlan of {STEPS} steps will be sent, by day"
    return Figure.of_times(what, median(ours), "reading their rows by sqlite3", median(peer), 2.0)


def _on_a_plan(store: Store, account: Account) -> None:
    steps = tuple(Step(2 * number, "Open house", "Come") for number in range(STEPS))
    today, now = store.credits.today(account.id), micros(store.clock.now())
    people = [Person(f"Person {number}", emails=(f"p{number}@example.com",)) for number in range(PEOPLE)]
    with store.database.transaction():
        ids = store.people._rows.insert(people, 1)
    store.smartplans.start(account.id, SmartPlan("Open house", steps), to=["p0@example.com"])
    with store.database.transaction():
        store.database.executemany(
            "INSERT INTO enrolment (plan_id, account_id, contact_id, run, started_at, started_on, shift, "
            "step_id, next_at, state) VALUES (1, 1, ?, 1, ?, ?, 0, ?, ?, 'going')",
            (
                (id, now, (today - timedelta(days=days)).isoformat(), days // 2 % STEPS + 1, now)
                for id in ids[1:]
                for days in [id % 30]
            ),
        )


def _with_lines(store: Store, account: int, count: int) -> Contact:
    """Somebody with so many lines: texts, replies by text and email, emails, notes, tasks in turns, a minute
    apart; a few are of consent."""
    phone, address = f"+1415555{count % 9_973:04}", f"ann{count}@example.com"
    contact = store.people.add(first_name="Ann", phone=phone, email=address, region="US")
    database = store.database
    turns = range((count - SAID) // 6 + 1)
    began = micros(store.clock.now()) - count * MINUTE

    def at(turn: int, place: int) -> int:
        return began + (turn * 6 + place) * MINUTE

    with database.transaction():
        first = database.row("SELECT COALESCE(MAX(id), 0) AS last FROM blast").last + 1
        said = database.row("SELECT COALESCE(MAX(id), 0) AS last FROM consent_record").last + 1
        database.executemany(
            "INSERT INTO blast (id, account_id, created_at, kind, body, recipients, credits, cancelled, "
            "charged_on, sender, notice) VALUES (?, ?, ?, 'sms', 'Shall we meet?', 1, 1, FALSE, 'accepted', "
            "'', FALSE)",
            ((first + turn, account, at(turn, 0)) for turn in turns),
        )
        database.executemany(
            "INSERT INTO message (blast_id, phone, region, name, merge, part, status, segments, credits) "
            "VALUES (?, ?, 'US', 'Ann', '', 0, 'delivered', 1, 1)",
            ((first + turn, phone) for turn in turns),
        )
        for place, source in ((1, phone), (2, address)):
            database.executemany(
                "INSERT INTO incoming (account_id, sender, phone, body, media, at, credits, waived, asks) "
                "VALUES (?, '', ?, 'Yes', '', ?, 1, 0, '')",
                ((account, source, at(turn, place)) for turn in turns),
            )
        database.executemany(
            "INSERT INTO email (account_id, contact_id, address, name, merge, subject, at, status, reason) "
            "VALUES (?, ?, ?, 'Ann', '', 'Open house', ?, 'sent', '')",
            ((account, contact.id, address, at(turn, 3)) for turn in turns),
        )
        database.executemany(
            "INSERT INTO note (account_id, contact_id, text, at) VALUES (?, ?, 'Likes dogs', ?)",
            ((account, contact.id, at(turn, 4)) for turn in turns),
        )
        database.executemany(
            "INSERT INTO task (account_id, contact_id, text, due_at) VALUES (?, ?, 'Call', ?)",
            ((account, contact.id, at(turn, 5)) for turn in turns),
        )
        database.executemany(
            "INSERT INTO consent_record (id, number, sender, state, how, why, at, person, applied) "
            "VALUES (?, ?, 0, 'in', 'person', '', ?, '', TRUE)",
            ((said + turn, phone, at(turn, 0)) for turn in range(SAID)),
        )
    return contact


@contextmanager
def _store() -> Iterator[tuple[Store, int]]:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(str(Path(folder) / "textmeter.sqlite3"))
        account = store.credits.open_account("agent-texts", "3000", "America/New_York").id
        with store.connection():
            yield store, account
        store.close()
