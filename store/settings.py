"""Where things are kept, and the few choices that a person makes once: they live in the database."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from store.database import Database, Table, retried  # isort: split

import peewee

from store.errors import TextmeterError
from store.paths import expanded
from store.roles import Role
from store.sentences import sentence

OWN = ("theme", "language", "account", "notices-read")
"""Settings that everybody on a database has for themselves; what follows a colon in a name belongs to it."""


class Setting(Table):
    """A choice by name: "theme", "language", "account" (the default account's id). A named person's own is
    kept beside it: "theme/ann"."""

    name = peewee.TextField(primary_key=True)
    value = peewee.TextField()


class Settings:
    """Reads and keeps the settings of an open database."""

    TABLES: ClassVar[Sequence[type[Table]]] = [Setting]

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, name: str) -> str | None:
        """A setting's value, or None where it was never set."""
        chosen = Setting.select(Setting.value).where(Setting.name == name)
        with self._database.connection():
            value: str | None = self._database.scalar(chosen)
        return value

    @retried
    def write(self, name: str, value: str) -> None:
        """Keeps a setting; the last one written counts."""
        with self._database.transaction():
            kept = Setting.insert(name=name, value=value)
            self._database.run(kept.on_conflict(conflict_target=[Setting.name], preserve=[Setting.value]))


class OwnSettings(Settings):
    """The settings as a person has them: what somebody with a name has chosen for themselves, else what the
    database has. All others are an owner's to change."""

    def read(self, name: str) -> str | None:
        own = self._own(name)
        found = super().read(own)
        return super().read(name) if found is None and own != name else found

    def write(self, name: str, value: str) -> None:
        """Keeps a setting, a named person's own where it is one of `OWN`. Raises RefusedByRule for others,
        where the person is no owner."""
        if not _is_own(name):
            self._database.person.check(Role.OWNER)
        super().write(self._own(name), value)

    def _own(self, name: str) -> str:
        person = self._database.person.name
        return f"{name}/{person}" if person and _is_own(name) else name


def _is_own(name: str) -> bool:
    return name.partition(":")[0] in OWN


def default_database() -> str:
    """TEXTMETER_DATABASE, or a file in the user's data folder. Raises NoHome."""
    configured = os.environ.get("TEXTMETER_DATABASE")
    if configured:
        return configured
    return str(data_folder() / "textmeter.sqlite3")


def data_folder() -> Path:
    """Where the user's own data is kept. Raises NoHome."""
    import platformdirs

    return _of_the_user(platformdirs.user_data_path)


def default_catalog() -> Path | None:
    """The folder whose files override the catalog's: TEXTMETER_CATALOG, or `catalog` in the user's config
    folder where that is there."""
    configured = os.environ.get("TEXTMETER_CATALOG")
    if configured:
        return expanded(configured)
    import platformdirs

    with suppress(NoHome):
        folder = _of_the_user(platformdirs.user_config_path) / "catalog"
        return folder if folder.is_dir() else None
    return None


class NoHome(TextmeterError):
    """The user has no folder of their own, as in some containers and services."""

    default_code = "no-home"


def _of_the_user(find: Callable[..., Path]) -> Path:
    """Our folder among the user's. Raises NoHome."""
    with suppress(RuntimeError):
        folder = find("textmeter", appauthor=False)
        if folder.is_absolute():  # else it would be one called ~ in the present one
            return folder
    raise NoHome(
        sentence("There is no home folder to keep data in. Set HOME, or name a database with --database.")
    )
