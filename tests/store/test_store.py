"""The store's one door: opened, used from end to end, and opened again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest

from store import Store
from store.clock import FixedClock
from store.errors import DatabaseTrouble
from store.messages.messenger import Messenger
from store.messages.model import Draft, Status
from store.messages.providers.simulated import Simulated
from store.messages.senders import only
from tests.environment import CHECKOUT

NOON = datetime(2026, 4, 16, 16, 0, tzinfo=UTC)

CONTACTS = """First Name,Last Name,E-mail 1 - Value,Phone 1 - Value,Labels
Zoë,O'Hara,,(415) 555-2671,Buyers
José,Núñez,,+44 20 7946 0123,Buyers
Ann,Nobody,ann@example.com,,Buyers
"""


def carried_at_once(store: Store) -> Messenger:
    """The store's messenger, with a provider that takes no time."""
    return Messenger(
        store.database,
        store.clock,
        store.credits,
        store.people,
        store.consent,
        only(store.database, Simulated()),
    )


def test_contacts_come_in_and_a_text_goes_out_and_is_found_in_the_history(
    new_database: Callable[[], str], tmp_path: Path
) -> None:
    contacts = tmp_path / "contacts.csv"
    contacts.write_text(CONTACTS, encoding="utf-8")
    url = new_database()
    store = Store(url, clock=FixedClock(NOON))
    account = store.credits.open_account("agent-texts", "300", "America/New_York")
    store.people.import_file(contacts, region="US")

    messenger = carried_at_once(store)
    draft = messenger.save_draft(Draft(body="Hi {first_name}, Sunday at 2?", groups=("Buyers",)))
    estimate = messenger.estimate(account.id, draft)
    assert (estimate.recipients, estimate.credits, estimate.available_after) == (2, 3, 297)
    assert [one.to for one in estimate.refused] == ["Ann Nobody"]

    blast = messenger.send(account.id, draft)
    messenger.deliver(stop=Event())
    store.close()

    again = Store(url, clock=FixedClock(NOON))
    assert [one.body for one in again.messages.messages(blast.id, status=Status.SENT)] == [
        "Hi Zoë, Sunday at 2?",
        "Hi José, Sunday at 2?",
    ]
    assert [summary.id for summary in again.messages.blasts(account.id)] == [blast.id]
    line, join = again.credits.history(account.id)
    assert (line.delta, line.balance, line.count) == (-3, 297, 2)
    assert join.delta == 300
    balance = again.credits.balance(account.id)
    assert (balance.available, balance.held, balance.used) == (297, 0, 3)
    assert again.messages.drafts() == []
    assert again.credits.verify().ok


def test_it_may_be_used_from_another_thread(new_database: Callable[[], str]) -> None:
    store = Store(new_database(), clock=FixedClock(NOON))
    account = store.credits.open_account("agent-texts", "300", "America/New_York")
    messenger = carried_at_once(store)
    messenger.send(account.id, Draft(body="Hi", to=("+14155552671",)))
    worker = Thread(target=messenger.deliver, kwargs={"stop": Event()})
    worker.start()
    worker.join(60)
    assert store.credits.balance(account.id).used == 1


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(b"Dear Zoe, this is no database." * 100)
    before = path.read_bytes()
    with pytest.raises(DatabaseTrouble) as error:
        Store(str(path))
    assert error.value.code == "corrupt"
    assert path.read_bytes() == before


def test_opening_it_imports_no_screen_and_no_provider(tmp_path: Path) -> None:
    unwanted = (
        "psycopg",
        "textual",
        "rich",
        "tui",
        "babel",
        "phonenumbers",
        "store.messages.providers.simulated",
    )
    program = (
        "import sys, store; store.Store(sys.argv[1]);"
        f"print([name for name in sys.modules if name.startswith({unwanted})])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "textmeter.sqlite3")],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
