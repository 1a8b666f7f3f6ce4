"""Connections that wait for their next use, and threads that want them at the same time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.store.opened import opened


class TakenMeanwhile(list[Any]):
    """Looks as if a connection were left, but another thread is faster to take it."""

    def __bool__(self) -> bool:
        return True


@pytest.fixture
def engine() -> str:
    return "postgresql"


def test_who_finds_the_last_connection_taken_opens_one(new_database: Callable[[], str]) -> None:
    settings = opened(new_database())
    connections: Any = settings._database._connections
    connections._idle = TakenMeanwhile()
    settings.write("language", "es")
    assert settings.read("language") == "es"
    settings._database._engine.close()
    assert connections._idle == []
