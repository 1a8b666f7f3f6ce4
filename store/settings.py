"""The few choices that a person makes once: they live in the database. What an installation is told from
outside is in `store.config`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from store.database import Database, Table, retried  # isort: split

import peewee

from store.prepared import Prepared
from store.roles import Role

OWN = ("theme", "language", "account", "notices-read", "test-address")
"""Settings that everybody on a database has for themselves; what follows a colon in a name belongs to it."""


class Setting(Table):
    """A choice by name: "theme", "language", "account" (the default account's id). A named person's own is
    kept beside it: "theme/ann"."""

    name = peewee.TextField(primary_key=True)
    value = peewee.TextField()


_READ = Prepared(lambda _, name: Setting.select(Setting.value).where(Setting.name == name))


class Settings:
    """Reads and keeps the settings of an open database."""

    TABLES: ClassVar[Sequence[type[Table]]] = [Setting]

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, name: str) -> str | None:
        """A setting's value, or None where it was never set."""
        with self._database.connection():
            value: str | None = self._database.scalar(_READ(name=name))
        return value

    @retried
    def write(self, name: str, value: str) -> None:
        """Keeps a setting; the last one written counts."""
        with self._database.transaction():
            kept = Setting.insert(name=name, value=value)
            self._database.run(kept.on_conflict(conflict_target=[Setting.name], preserve=[Setting.value]))

    @retried
    def once(self, name: str, value: str) -> str:
        """Keeps a setting unless there is one, whoever else does so at the same time; what is kept."""
        with self._database.transaction():
            self._database.run(Setting.insert(name=name, value=value).on_conflict_ignore())
            return str(self.read(name))


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

    def once(self, name: str, value: str) -> str:
        """Likewise. Raises RefusedByRule where the person is no owner."""
        self._database.person.check(Role.OWNER)
        return super().once(name, value)

    def _own(self, name: str) -> str:
        person = self._database.person.name
        return f"{name}/{person}" if person and _is_own(name) else name


def _is_own(name: str) -> bool:
    return name.partition(":")[0] in OWN
