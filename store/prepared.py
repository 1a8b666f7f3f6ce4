"""Queries of peewee's that are put into SQL once: it takes ten times as long to make one as the database to
answer it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

import peewee


class Dialect(Protocol):
    """What SQL is made for."""

    @property
    def engine(self) -> str: ...

    def sql(self, query: Any) -> tuple[str, list[Any]]: ...


class _Given(NamedTuple):
    """Among a statement's parameters: the value that is given under a name."""

    name: str


class Place(peewee.Node):
    """In a prepared query: where the value goes that is given under a name, as the database takes it."""

    def __init__(self, name: str) -> None:
        self.given = _Given(name)

    def __sql__(self, context: Any) -> Any:
        context._values.append(self.given)
        return context.literal(context.state.param or "?")


class Bound(NamedTuple):
    """A prepared query with its values."""

    query: Prepared
    values: Mapping[str, object]


class Prepared:
    """A query of peewee's that is asked thousands of times. It is put into SQL once, which takes ten times as
    long as running it. build: makes it on a database, with a place for each value by its name; None is no
    value to compare with. What adds a row returns its number (`returning`), which `scalar` reads.

        _BODY = Prepared(lambda _, id: Blast.select(Blast.body).where(Blast.id == id))
        database.scalar(_BODY(id=7))
    """

    def __init__(self, build: Callable[..., Any]) -> None:
        self._build = build
        self._made: dict[tuple[str, frozenset[str]], tuple[str, list[Any]]] = {}

    def __call__(self, **values: object) -> Bound:
        return Bound(self, values)

    def statement(self, database: Dialect, values: Mapping[str, object]) -> tuple[str, list[Any]]:
        """Its SQL on an engine, and all parameters."""
        key = database.engine, frozenset(values)
        if key not in self._made:
            places = {name: Place(name) for name in values}
            self._made[key] = database.sql(self._build(database, **places))
        sql, parameters = self._made[key]
        return sql, [values[one.name] if isinstance(one, _Given) else one for one in parameters]


def listed(values: Iterable[str] | Iterable[int]) -> str:
    """Many values as the one parameter that a place in `Database.among` takes."""
    return json.dumps(list(values))
