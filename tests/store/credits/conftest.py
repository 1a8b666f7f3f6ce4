from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.credits.books import Books


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    """An empty ledger."""
    made = Books(tmp_path / "books.sqlite3")
    with made.database.connection():
        yield made
