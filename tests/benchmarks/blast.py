"""A blast to 100,000 people: what it takes to hold its credits and to queue its messages.

The peer is one `executemany` of the very same rows into the same table, by `sqlite3` alone; what Textmeter
does beside (merging names, counting segments, pricing, the ledger's hold) has to fit into the rest of the
bound.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from pathlib import Path
from statistics import median

from store import Store
from store.credits.catalog_files import SHIPPED
from store.messages.estimate import estimate
from store.messages.model import Draft
from tests.benchmarks.report import Figure, duration

PEOPLE = 100_000
ROUNDS = 3
BOUND = 3.0

BODY = "Hi {first_name}, the open house on Elm St is on Sunday at 2 pm. Reply YES and I'll save you a place."
FIRST = [
    "Zoë",
    "José",
    "Ann",
    "Łukasz",
    "Mary Jane",
    "Bo",
    "Alexandra",
    "Nuria",
    "Tom",
    "Priya",
    "Sören",
    "Li",
]
SECOND = [
    "a",
    "ette",
    "o",
    "y",
    "son",
    "ina",
    "ie",
    "el",
    "us",
    "ka",
    "e",
    "",
    "lyn",
    "an",
    "bert",
    "mar",
    "ly",
]
COLUMNS = "blast_id, phone, region, name, merge, part, status, segments, credits"


def figures() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        store, account = _prepared(Path(folder) / "textmeter.sqlite3")
        with store.connection():
            ours, raw = [], []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                blast = store.messages.send(account, Draft(body=BODY, groups=("everybody",)))
                ours.append(time.perf_counter() - began)
                rows = store.database.execute(
                    f"SELECT {COLUMNS} FROM message WHERE blast_id = ?", (blast.id,)
                ).fetchall()
                raw.append(_executemany(store, rows))
            return [
                Figure.of_times(
                    f"Sending to {PEOPLE:,} people: recipients, prices, hold and rows",
                    median(ours),
                    "the rows alone, by one raw executemany",
                    median(raw),
                    BOUND,
                ),
                _estimates(store, account),
            ]


def _prepared(path: Path) -> tuple[Store, int]:
    """A database with 100,000 people in one group, and an account that can write to all of them several
    times."""
    catalog = path.with_name("catalog")
    catalog.mkdir()
    shipped = (SHIPPED / "agent-texts.toml").read_text(encoding="utf-8")
    plan = f'[[plans]]\nid = "everybody"\ncredits = {PEOPLE * 10}\nprice_cents = 0\n'
    (catalog / "agent-texts.toml").write_text(f"{shipped}\n{plan}", encoding="utf-8")
    store = Store(str(path), catalog=catalog)
    account = store.credits.open_account("agent-texts", "everybody", "America/New_York").id
    names = [first + second for first in FIRST for second in SECOND]
    people = [
        (
            names[at % len(names)],
            f"O'Hara {at}",
            f"+1415{at:07}" if at % 20 else f"+4479{at:08}",
            "US" if at % 20 else "GB",
        )
        for at in range(PEOPLE)
    ]
    with store.database.transaction():
        store.database.execute("INSERT INTO contact_group (name, key) VALUES ('everybody', 'everybody')")
        store.database.executemany(
            "INSERT INTO contact (first_name, last_name, phone, region, company, email, sort_key, "
            "search_key) VALUES (?, ?, ?, ?, '', '', '', '')",
            people,
        )
        store.database.execute("INSERT INTO membership (group_id, contact_id) SELECT 1, id FROM contact")
    return store, account


def _executemany(store: Store, rows: list[tuple[object, ...]]) -> float:
    """Seconds for the same rows, into a database of their own that has the same table and settings."""
    schema = store.database.execute(
        "SELECT sql FROM sqlite_master WHERE tbl_name IN ('blast', 'message') AND sql IS NOT NULL"
    )
    with tempfile.TemporaryDirectory() as folder, sqlite3.connect(Path(folder) / "raw.sqlite3") as raw:
        raw.execute("PRAGMA journal_mode = wal")
        raw.execute("PRAGMA synchronous = full")
        raw.execute("PRAGMA foreign_keys = 1")
        for (statement,) in schema:
            raw.execute(statement)
        raw.execute(
            "INSERT INTO blast (id, account_id, created_at, kind, body, recipients, credits, cancelled, "
            "charged_on) VALUES (?, 1, 0, 'sms', '', 0, 0, 0, 'accepted')",
            (rows[0][0],),
        )
        raw.commit()
        began = time.perf_counter()
        raw.executemany(f"INSERT INTO message ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        raw.commit()
        return time.perf_counter() - began


def _estimates(store: Store, account: int) -> Figure:
    """What an estimate takes at a key, with everybody chosen. Only told: Compose has a bound of its own."""
    audience = store.messages.audience(account, Draft(groups=("everybody",)))
    product = store.catalog.product("agent-texts")
    funds = store.messages.funds(account)
    times = []
    for at in range(200):
        body = BODY + "." * (at % 40)
        began = time.perf_counter()
        estimate(body, audience, product, funds)
        times.append(time.perf_counter() - began)
    return Figure(
        f"An estimate at a key, {PEOPLE:,} people and a merge field",
        duration(median(times)),
        "",
        "",
        "",
        True,
    )
