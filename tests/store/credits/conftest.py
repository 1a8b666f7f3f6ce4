from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.store import bystander
from tests.store.credits.books import ZONE, Books


@pytest.fixture
def new_books(
    new_database: Callable[[], str], request: pytest.FixtureRequest
) -> Iterator[Callable[..., Books]]:
    """Makes an empty ledger in a database of its own, for a time zone; busy accounts stand beside it and are
    as they were at the end."""
    bystander.prepare()
    with ExitStack() as made:

        def make(zone: str = ZONE) -> Books:
            books = Books(new_database(), zone)
            made.callback(books.database.close)
            made.enter_context(bystander.beside(books.database, request))
            return books

        yield make


@pytest.fixture
def books(new_books: Callable[..., Books]) -> Iterator[Books]:
    """An empty ledger."""
    made = new_books()
    with made.database.connection():
        yield made
