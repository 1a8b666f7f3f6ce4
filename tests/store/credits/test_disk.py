"""A disk that is full and a file that can't be written, at whatever is under way: a clear error, nothing half
done, and all works again afterwards. How PostgreSQL's disk is kept is its keeper's business."""

from __future__ import annotations

import contextlib
import os
import pwd
import resource
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from store import Store
from store.clock import FixedClock
from store.errors import DatabaseTrouble
from store.messages.model import Draft, Status
from store.messages.outbox import LEASE
from tests.store.credits.books import Books
from tests.store.credits.changes import COMMUNITY, collect, prepare, settled
from tests.store.credits.examples import act
from tests.store.credits.rival import Log, messenger

PAGE = 4096 + 24
"""Bytes that a page takes in SQLite's log."""


def ready(folder: Path) -> Books:
    folder.mkdir()
    books = Books(folder / "books.sqlite3")
    prepare(books, COMMUNITY)
    return books


def another(books: Books, folder: Path) -> Books:
    """A copy of what is ready, which takes less than making it."""
    folder.mkdir()
    for file in Path(books.url).parent.glob("books.sqlite3*"):
        if not file.name.endswith("-shm"):  # is made anew from the log
            shutil.copy(file, folder)
    copied = Books(folder / "books.sqlite3")
    copied.hurry()
    copied.clock.instant = books.clock.instant
    copied.account, copied.last_hold, copied.placed = books.account, books.last_hold, books.placed
    return copied


@contextlib.contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """The system refuses to write any file of this process beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("name", COMMUNITY.changes)
def test_whichever_page_of_a_change_doesnt_fit_all_of_it_is_there_or_nothing(
    tmp_path: Path, name: str
) -> None:
    when, action = COMMUNITY.changes[name]
    first, twin = ready(tmp_path / "first"), ready(tmp_path / "twin")
    with twin.database.connection():
        before = twin.everything()
        act(twin.at(when), action)
        collect(twin)
        after = twin.everything()
    assert after != before
    for pages in range(100):
        books = another(first, tmp_path / str(pages))
        with books.database.connection():
            placed = books.placed
            room = Path(f"{books.url}-wal").stat().st_size + pages * PAGE
            trouble = None
            try:
                with no_file_beyond(room):
                    act(books.at(when), action)
            except DatabaseTrouble as error:
                trouble = str(error)
            if trouble is None:
                break
            assert "Your last change wasn't saved; everything before it was." in trouble
            assert settled(books.everything()) in (settled(before), settled(after))
            # With room again, what was under way is brought to its end, and what wasn't is done anew.
            collect(books)
            books.placed = placed
            if books.everything() != after:
                act(books, action)
                collect(books)
            assert books.everything() == after
            charged = books.rows("SELECT cents FROM test_charge ORDER BY id")
            assert charged == twin.rows("SELECT cents FROM test_charge ORDER BY id")
            assert books.ledger.verify().problems == ()
    assert pages > 1


@pytest.mark.parametrize("name", COMMUNITY.changes)
def test_what_cant_be_written_is_told_and_changes_nothing(tmp_path: Path, name: str) -> None:
    when, action = COMMUNITY.changes[name]
    books = ready(tmp_path / "books")
    with books.database.connection():
        before, placed = books.everything(), books.placed
        books.database.execute("PRAGMA query_only = ON")
        with pytest.raises(DatabaseTrouble, match=r"Can't write to .*\. Nothing was changed\.") as caught:
            act(books.at(when), action)
        assert caught.value.code == "unwritable"
        assert books.everything() == before
        books.database.execute("PRAGMA query_only = OFF")
        books.placed = placed
        act(books, action)
        assert books.everything() != before
        assert books.ledger.verify().problems == ()


@contextlib.contextmanager
def as_somebody_else(folder: Path) -> Iterator[None]:
    """Files may not be written: root may always, so as somebody who is not."""
    files = [folder, *folder.iterdir()]
    for file in files:
        file.chmod(0o555 if file.is_dir() else 0o444)
    me = os.geteuid()
    if not me:
        os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(me)
        for file in files:
            file.chmod(0o755 if file.is_dir() else 0o644)


def test_a_file_that_may_not_be_written_is_told_and_left_as_it_is() -> None:
    folder = Path(tempfile.mkdtemp(dir="/tmp"))  # where somebody else may look, too
    try:
        books = ready(folder / "books")
        before = books.everything()
        books.database.close()
        contents = {file: file.read_bytes() for file in (folder / "books").iterdir()}
        with as_somebody_else(folder / "books"), pytest.raises(DatabaseTrouble, match="writable") as caught:
            act(Books(books.url).at("2026-03-20"), "join agent-texts 300")
        assert caught.value.code == "unwritable"
        assert {file: file.read_bytes() for file in (folder / "books").iterdir()} == contents
        again = Books(books.url)
        assert again.everything() == before
        act(again.at("2026-03-20"), "join agent-texts 300")
        assert again.ledger.verify().problems == ()
        again.database.close()
    finally:
        shutil.rmtree(folder)


def test_whichever_page_of_a_blast_doesnt_fit_each_text_is_sent_once(tmp_path: Path) -> None:
    phones = tuple(f"+1415555{number:04}" for number in range(100, 103))
    for pages in range(100):
        folder = tmp_path / str(pages)
        folder.mkdir()
        (folder / "sent").touch()
        clock = FixedClock(datetime(2026, 4, 16, 16, tzinfo=UTC))
        store = Store(str(folder / "textmeter.sqlite3"), clock=clock)
        with store.connection():
            store.database.execute("PRAGMA synchronous = OFF")  # nobody needs what this leaves
            account = store.credits.open_account("agent-texts", "300", "UTC").id
            room = (folder / "textmeter.sqlite3-wal").stat().st_size + pages * PAGE
            trouble = None
            try:
                with no_file_beyond(room):
                    store.messages.send(account, Draft(body="Hi", to=phones), idempotency_key="monday")
                    messenger(store, folder, FixedClock(datetime.now(UTC))).deliver(stop=Event())
            except DatabaseTrouble as error:
                trouble = str(error)
            assert trouble is None or "Your last change wasn't saved; everything before it was." in trouble
            assert store.credits.verify().problems == ()
            blast = store.messages.send(account, Draft(body="Hi", to=phones), idempotency_key="monday").id
            later = FixedClock(datetime.now(UTC) + 2 * LEASE)
            messenger(store, folder, later).deliver(stop=Event())
            counts = store.messages.blast(blast).counts
            sent = Counter(phone for _, phone, _ in Log(folder).lines())
            assert set(sent.values()) == {1}
            assert len(sent) == counts[Status.SENT] == 3 - counts.get(Status.UNKNOWN, 0)
            balance = store.credits.balance(account)
            assert (balance.used, balance.held) == (counts[Status.SENT], counts.get(Status.UNKNOWN, 0))
        store.close()
        if trouble is None:
            break
    assert pages > 3
