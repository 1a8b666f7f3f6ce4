from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.store.credits.books import Books


@pytest.fixture
def books(new_database: Callable[[], str]) -> Iterator[Books]:
    """An empty ledger."""
    made = Books(new_database())
    with made.database.connection():
        yield made
    made.database.close()
