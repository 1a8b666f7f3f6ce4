"""A campaign of 10,000 emails: what it takes to render them and to hand them to a server that takes all.

The peer is smtplib alone, which hands the very same mails, ready as bytes, to the same server over one
connection. What Textmeter does beside (claims, consent, merging, pages, MIME, the ledger) has to fit into the
rest of the bound.
"""

from __future__ import annotations

import os
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from unittest import mock

from store import Store
from store.credits.catalog_files import SHIPPED
from store.mail import Mail, composing
from store.messages.model import Draft
from tests.benchmarks.blast import FIRST, SECOND
from tests.benchmarks.report import Figure

PEOPLE = 10_000
ROUNDS = 3
BOUND = 3.0
SENDER = "me@example.com"

SUBJECT = "{first_name|Hello}, the open house is on Sunday"
BODY = """Dear {first_name|friend},

the open house on **Elm St** is on *Sunday at 2 pm*. Here is [how to get there](https://example.com/way).

- Park behind the house.
- Bring whom you like.

See you there, or write to me: I show it any day.
"""


def figures() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, _server() as port:
        url = f"smtp://127.0.0.1:{port}?from={SENDER}&to={SENDER}"
        with mock.patch.dict(os.environ, {"TEXTMETER_MAIL": url}):
            store, account = _prepared(Path(folder) / "textmeter.sqlite3")
            ours, alone = [], []
            with store.connection():
                for _ in range(ROUNDS):
                    campaign = store.emails.send(
                        account, Draft(subject=SUBJECT, body=BODY, groups=("everybody",))
                    ).id
                    began = time.perf_counter()
                    sent = store.emails.deliver(account)
                    ours.append(time.perf_counter() - began)
                    assert sent.sent == PEOPLE, sent
                    alone.append(_alone(port, _ready(store, campaign)))
            store.close()
    what = f"A campaign to {PEOPLE:,} people: rendered, and handed to a server that takes all"
    peer = "smtplib alone, the same mails as ready bytes"
    return [Figure.of_times(what, median(ours), peer, median(alone), BOUND)]


def _prepared(path: Path) -> tuple[Store, int]:
    """A database with 10,000 people in one group, and an account that can write to all of them several
    times."""
    catalog = path.with_name("catalog")
    catalog.mkdir()
    shipped = (SHIPPED / "agent-email.toml").read_text(encoding="utf-8")
    plan = f'[[plans]]\nid = "everybody"\ncredits = {PEOPLE * 10}\nprice_cents = 0\n'
    (catalog / "agent-email.toml").write_text(f"{shipped}\n{plan}", encoding="utf-8")
    store = Store(str(path), catalog=catalog)
    account = store.credits.open_account("agent-email", "everybody", "America/New_York").id
    names = [first + second for first in FIRST for second in SECOND]
    people = [(names[at % len(names)], f"O'Hara {at}", f"p{at}@example.com") for at in range(PEOPLE)]
    with store.database.transaction():
        store.database.execute("INSERT INTO contact_group (name, key) VALUES ('everybody', 'everybody')")
        store.database.executemany(
            "INSERT INTO contact (first_name, last_name, email, phone, region, company, sort_key, "
            "search_key) VALUES (?, ?, ?, '', '', '', '', '')",
            people,
        )
        store.database.execute("INSERT INTO membership (group_id, contact_id) SELECT 1, id FROM contact")
    return store, account


def _ready(store: Store, campaign: int) -> list[tuple[str, bytes]]:
    """What was handed over, as bytes: to whom, and the mail."""
    ready = []
    now = datetime.now(UTC)
    for one in store.emails.recipients(campaign, limit=PEOPLE):
        subject, body, html = store.emails.written(one.id)
        mail = Mail(f"email-{one.id}", one.to, subject, body, html=html)
        id = composing.message_id(mail.key, "token", SENDER)
        ready.append((one.to, composing.compose(mail, sender=SENDER, to=one.to, id=id, at=now)))
    return ready


def _alone(port: int, ready: list[tuple[str, bytes]]) -> float:
    """Seconds for the same mails by smtplib."""
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for to, content in ready:
            server.sendmail(SENDER, [to], content)
    return time.perf_counter() - began


@contextmanager
def _server() -> Iterator[int]:
    """aiosmtpd in a process of its own, which takes every mail and keeps none; its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    sink = [sys.executable, "-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", f"127.0.0.1:{port}"]
    with subprocess.Popen(sink) as server:
        try:
            for _ in range(200):
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield port
        finally:
            server.terminate()
