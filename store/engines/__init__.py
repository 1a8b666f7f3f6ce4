"""The engines that a database may have, each imported when it is used. `store.database` is their one user."""

from __future__ import annotations

from store.engines.engine import Engine
from store.engines.urls import file_path, is_served, server_parameters, shown
from store.paths import files_within_reach


def open_engine(url: str) -> Engine:
    """The engine of a path or URL. Raises WrongUsage where it can't be read, and DatabaseTrouble."""
    if not is_served(url):
        from store.engines.sqlite import SQLite

        return SQLite(file_path(url))
    parameters = server_parameters(url)
    from store.engines.postgresql import PostgreSQL

    return PostgreSQL(shown(url) if files_within_reach() else parameters["dbname"], parameters)
