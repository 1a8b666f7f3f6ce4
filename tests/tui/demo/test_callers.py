"""Who writes while somebody looks at demo data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from store import Store, demo
from store.demo.words import read
from tui.demo.callers import Callers

AGENTS_TEXTS, AGENTS_EMAILS = 1, 2


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "demo.sqlite3"
    demo.make(path)
    return path


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Iterator[Store]:
    store = demo.open_copy(template, tmp_path)
    yield store
    store.close()


@pytest.mark.parametrize(
    ("account", "said"),
    [(AGENTS_TEXTS, read("en").now_and_then), (AGENTS_EMAILS, read("en").by_email)],
    ids=["texts", "emails"],
)
def test_people_write_one_after_another_until_all_is_said(
    store: Store, account: int, said: Sequence[str]
) -> None:
    [*_, newest] = store.conversations.heard(account, after=0)
    callers = Callers("en", 1)
    for _ in range(len(said) + 2):
        callers.call(store, account)
    came = store.conversations.heard(account, after=newest.id)
    assert [one.text for one in came] == list(said)
    assert store.credits.verify().ok


def test_an_answer_by_email_comes_from_somebody_who_got_one(store: Store) -> None:
    Callers("en", 1).call(store, AGENTS_EMAILS)
    newest = store.conversations.threads(AGENTS_EMAILS)[0]
    lines, _ = store.conversations.lines(AGENTS_EMAILS, newest.phone)
    assert newest.name
    assert newest.unread == 1
    assert {line.out for line in lines} == {True, False}
