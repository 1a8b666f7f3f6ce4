"""Texts that leave and replies that come: several under way, what came in applied, conversations read.

Each is measured against the bare thing in the same run: the hand-overs one by one, the statements that one
reply comes to by `sqlite3` alone, a short conversation.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from threading import Event

from store import Store
from store.clock import micros
from store.messages.messenger import Messenger
from store.messages.model import Draft
from store.messages.providers import Outcome, Outgoing, Polled, Profile, Reply, Sent
from store.messages.senders import only
from tests.benchmarks.report import Figure, duration
from tests.store.messages.scripted import Taking

TEXTS, HAND_OVER, AT_ONCE = 100, 0.2, 10
REPLIES, PEOPLE = 1_000, 500
LONG, SHORT = 100_000, 100
ROUNDS = 41


class Slow(Taking):
    """Takes 200 ms for each text, and ten at once."""

    profile = Profile(in_flight=AT_ONCE)

    def send(self, outgoing: Outgoing) -> Outcome:
        time.sleep(HAND_OVER)
        return super().send(outgoing)


class Telling(Taking):
    """Tells of so many replies, a thousand a page."""

    def __init__(self, number: int) -> None:
        self._number = number

    def poll(self, asked: Sequence[Sent], cursor: str, now: datetime) -> Polled:
        begins = int(cursor or 0)
        ends = min(begins + 1_000, self._number)
        replies = [
            Reply(
                f"r{at}", f"+1415555{at % PEOPLE:04}", f"Yes, number {at} is fine", now - timedelta(hours=1)
            )
            for at in range(begins, ends)
        ]
        return Polled(replies, str(ends), more=ends < self._number)


def figures() -> list[Figure]:
    return [_under_way(), *_applied(), *_threads()]


def _under_way() -> Figure:
    with _store() as (store, account):
        messenger = _carried_by(store, Slow())
        messenger.send(account, Draft(body="Hi", to=tuple(f"+1415555{at:04}" for at in range(100, 200))))
        began = time.perf_counter()
        messenger.deliver(stop=Event())
        ours = time.perf_counter() - began
    one_by_one = TEXTS * HAND_OVER
    return Figure(
        f"{TEXTS} texts at {HAND_OVER * 1000:.0f} ms a hand-over, {AT_ONCE} at once",
        duration(ours),
        f"one by one: {duration(one_by_one)}",
        f"{ours / one_by_one:.2f}",
        "at most 3 s",
        ours <= 3,
    )


def _applied() -> Iterator[Figure]:
    """A reply applied, against the very statements that it comes to, run again on a copy by `sqlite3`
    alone."""
    with _store() as (store, account), tempfile.TemporaryDirectory() as folder:
        messenger = _carried_by(store, Taking())
        people = tuple(f"+1415555{at:04}" for at in range(PEOPLE))
        messenger.send(account, Draft(body="Shall we meet?", to=people))
        messenger.deliver(stop=Event())
        copy, statements = Path(folder) / "copy.sqlite3", list[str]()
        raw: sqlite3.Connection = store.database._connections.connection()
        store.database.execute(f"VACUUM INTO '{copy}'")
        raw.set_trace_callback(statements.append)
        messenger._events.keep("", Telling(REPLIES).poll((), "0", store.clock.now()).events)
        began = time.perf_counter()
        messenger._events.apply()
        ours = time.perf_counter() - began
        raw.set_trace_callback(None)
        yield Figure.of_times(
            "A reply applied: whose it is, opt-out words, cost, conversation",
            ours / REPLIES,
            "its statements by sqlite3",
            _again(copy, statements) / REPLIES,
            3.0,
        )


def _again(path: Path, statements: Sequence[str]) -> float:
    """How long the same statements take on a copy of what they found."""
    with sqlite3.connect(path, isolation_level=None) as copy:
        began = time.perf_counter()
        for statement in statements:
            copy.execute(statement).fetchall()
        return time.perf_counter() - began


def _threads() -> Iterator[Figure]:
    """The newest page of a long conversation, against that of a short one."""
    with _store() as (store, account):
        _conversation(store, account, "+14155550001", LONG)
        _conversation(store, account, "+14155550002", SHORT)
        long, short = list[float](), list[float]()
        for _ in range(ROUNDS):
            for times, phone in ((long, "+14155550001"), (short, "+14155550002")):
                began = time.perf_counter()
                lines, _place = store.conversations.lines(account, phone)
                times.append(time.perf_counter() - began)
                assert len(lines) == 50
        yield Figure.of_times(
            f"Opening a conversation of {LONG:,} lines",
            median(long),
            f"one of {SHORT}",
            median(short),
            1.5,
        )


def _conversation(store: Store, account: int, phone: str, lines: int) -> None:
    """Half of it ours, half theirs, a minute apart."""
    at = micros(store.clock.now()) - lines * 60_000_000
    with store.database.transaction():
        first = (store.database.row("SELECT COALESCE(MAX(id), 0) AS last FROM blast").last) + 1
        halves = range(lines // 2)
        store.database.executemany(
            "INSERT INTO blast (id, account_id, created_at, kind, body, recipients, credits, cancelled, "
            "charged_on, sender, notice) VALUES (?, ?, ?, 'sms', 'Shall we meet?', 1, 1, FALSE, 'accepted', "
            "'', FALSE)",
            ((first + half, account, at + half * 120_000_000) for half in halves),
        )
        store.database.executemany(
            "INSERT INTO message (blast_id, phone, region, name, merge, part, status, segments, credits) "
            "VALUES (?, ?, 'US', 'Ann', '', 0, 'delivered', 1, 1)",
            ((first + half, phone) for half in halves),
        )
        store.database.executemany(
            "INSERT INTO incoming (account_id, sender, phone, body, media, at, credits, waived, asks) "
            "VALUES (?, '', ?, 'Yes', '', ?, 1, 0, '')",
            ((account, phone, at + half * 120_000_000 + 60_000_000) for half in halves),
        )


@contextmanager
def _store() -> Iterator[tuple[Store, int]]:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(str(Path(folder) / "textmeter.sqlite3"))
        account = store.credits.open_account("agent-texts", "3000", "America/New_York").id
        with store.connection():
            yield store, account
        store.close()


def _carried_by(store: Store, provider: Taking) -> Messenger:
    return Messenger(
        store.database,
        store.clock,
        store.credits,
        store.people,
        store.consent,
        only(store.database, provider),
    )
