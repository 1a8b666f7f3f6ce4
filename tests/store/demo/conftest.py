"""Demo data that was made once, and what is asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store import Store, demo
from store.credits.model import Account
from store.demo.words import Words, read
from store.people.model import ConsentState, Contact, Said

TEXTS, EMAILS, COMMUNITY = "agent-texts", "agent-email", "community-texts"
LANGUAGES = ("de", "en", "es", "fr", "ja", "zh")
BUILDINGS = {"Cedar House", "Maple House", "Willow House"}


def all_of(store: Store, group: str) -> list[Contact]:
    return store.people.contacts(group=group, limit=1_000)


def member_ids(store: Store, group: str) -> list[int]:
    return [one.id for one in all_of(store, group)]


def opted_out(store: Store) -> list[Said]:
    """Of texts; addresses get none."""
    return [one for one in all_out(store) if "@" not in one.number]


def all_out(store: Store) -> list[Said]:
    return [one for one in store.consent.records() if one.state is ConsentState.OUT]


def words_of(store: Store) -> Words:
    return read("es" if store.people.count(group="Vecinos") else "en")


def account(store: Store, product: str) -> Account:
    [found] = [one for one in store.credits.accounts() if one.product == product]
    return found


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that was made; each test has a copy of its own."""
    path = tmp_path_factory.mktemp("made") / "demo.sqlite3"
    demo.make(path)
    return path


@pytest.fixture(scope="module")
def in_spanish(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Likewise, one for somebody who speaks Spanish."""
    path = tmp_path_factory.mktemp("hecho") / "demo.sqlite3"
    demo.make(path, "es")
    return path


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Iterator[Store]:
    store = demo.open_copy(template, tmp_path)
    yield store
    store.close()


@pytest.fixture(params=LANGUAGES)
def in_either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A copy in each language."""
    made = request.getfixturevalue("template" if request.param == "en" else "in_spanish")
    store = demo.open_copy(made, tmp_path)
    yield store
    store.close()
