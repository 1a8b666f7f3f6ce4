"""A database with nothing but settings in it."""

from __future__ import annotations

from pathlib import Path

from store.database import Database
from store.settings import Settings


def opened(url: str | Path) -> Settings:
    database = Database(str(url))
    database.migrate(Settings.TABLES)
    return Settings(database)
