"""Drafts are kept in the order in which they were written, from whatever thread."""

from __future__ import annotations

from pathlib import Path

from store.messages.model import Draft
from tests.tui.harness import make_store
from tui.compose.autosave import Keeper


def test_an_older_state_never_replaces_a_newer_one(tmp_path: Path) -> None:
    store, keeper = make_store(tmp_path), Keeper()
    id = keeper.keep(store, Draft(body="Hello"), 2)
    assert keeper.keep(store, Draft(body="Hell"), 1) == id
    assert [draft.body for draft in store.messages.drafts()] == ["Hello"]


def test_a_draft_that_was_emptied_is_gone(tmp_path: Path) -> None:
    store, keeper = make_store(tmp_path), Keeper()
    keeper.keep(store, Draft(body="Hello"), 1)
    assert keeper.keep(store, Draft(body=" "), 2) == 0
    assert store.messages.drafts() == []


def test_nothing_is_kept_of_what_was_sent(tmp_path: Path) -> None:
    store, keeper = make_store(tmp_path), Keeper()
    draft = Draft(body="Hello", to=("+14155550123",))
    keeper.keep(store, draft, 1)
    id = store.credits.account().id
    keeper.send(draft, 3, lambda draft: store.messages.send(id, draft))
    keeper.keep(store, Draft(body="Hell"), 2)
    assert store.messages.drafts() == []
