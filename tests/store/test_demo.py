"""The demo data: invented, rich enough to look round in, the same every time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from store import Store, demo
from store.clock import FixedClock, SystemClock
from store.mailroom import Text
from store.messages.model import Status
from store.upkeep import one_round
from tests.store.mail import server


def filled(url: str, seed: int) -> Store:
    store = Store(url, clock=FixedClock(demo.JOINED))
    demo.fill(store, seed)
    return store


def dump(store: Store) -> list[str]:
    """All rows; of a message, what can be seen of it (who took it in hand differs from run to run)."""
    messages = "(SELECT id, blast_id, phone, name, merge, status, segments, credits, reason FROM message) m"
    tables = ("account", "entry", "lot", "contact", "membership", "blast", messages, "draft")
    with store.connection():
        return [
            f"{table} {row}"
            for table in tables
            for row in sorted(store.database.execute(f"SELECT * FROM {table}"), key=str)
        ]


def test_a_seed_gives_the_same_data_row_for_row(new_database: Callable[[], str]) -> None:
    assert dump(filled(new_database(), 7)) == dump(filled(new_database(), 7))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_another_seed_gives_other_data(new_database: Callable[[], str]) -> None:
    assert dump(filled(new_database(), 7)) != dump(filled(new_database(), 8))


def test_there_is_something_of_everything(tmp_path: Path) -> None:
    store = demo.open_demo(tmp_path)
    account = store.credits.account()
    balance = store.credits.balance(account.id)
    assert (account.plan, account.demo_clock) == ("300", True)
    assert 0 < balance.available < balance.capacity
    assert store.people.count() == 60
    assert len(store.people.groups()) >= 5
    blasts = store.messages.blasts(account.id, limit=100)
    assert len(blasts) > 20
    assert {status for blast in blasts for status in blast.counts} >= {Status.DELIVERED, Status.UNDELIVERED}
    draft = store.messages.latest_draft()
    assert draft is not None
    assert "{first_name" in draft.body
    store.close()


def test_the_ledger_of_the_demo_is_sound(tmp_path: Path) -> None:
    store = demo.open_demo(tmp_path)
    verification = store.credits.verify()
    assert verification.problems == ()
    store.close()


def test_every_number_of_the_demo_can_be_texted(tmp_path: Path) -> None:
    store = demo.open_demo(tmp_path)
    audience = store.messages.audience(groups=[name for name, _ in store.people.groups()])
    assert len(audience.recipients) == 60
    store.close()


def test_the_demo_goes_on_from_its_day(tmp_path: Path) -> None:
    store = demo.open_demo(tmp_path)
    first = store.clock.now()
    assert demo.NOW <= first <= store.clock.now()
    store.close()


def test_demo_data_is_never_written_by_the_real_clock(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "demo.sqlite3"), clock=SystemClock())
    with pytest.raises(TypeError):
        demo.fill(store, 1)
    assert store.credits.accounts() == []


def test_nothing_of_the_demo_is_mailed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = demo.open_demo(tmp_path)
    account = store.credits.account()
    store.credits.charge(account.id, store.credits.balance(account.id).available)
    with server.running() as inbox:
        url = f"smtp://127.0.0.1:{inbox.port}?from=texts@example.com&to=me@example.com"
        monkeypatch.setenv("TEXTMETER_MAIL", url)
        done = one_round(store, lambda balance, product, about: Text("Told", ""), Event())
    assert (done.mails, done.trouble) == (1, ())
    assert inbox.mails == []
    store.close()
