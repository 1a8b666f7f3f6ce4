"""Connections to a PostgreSQL server, kept open for the next use: opening one takes longer than most."""

from __future__ import annotations

import selectors
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Self

import peewee
import psycopg
from psycopg.types.numeric import IntLoader


class _Statement(peewee.Context):
    """Leaves out what only SQLite's tables are told: sequences and rows are like that here anyhow."""

    def literal(self, keyword: str) -> Self:
        return super().literal("" if keyword.strip() in ("AUTOINCREMENT", "WITHOUT ROWID") else keyword)


class Connections(peewee.PostgresqlDatabase):
    """peewee's database of a server. A thread takes a connection for as long as it has work.

    settings: statements that each new connection starts with. refused: makes the error to raise where no
    connection comes about.
    """

    _state: Any  # peewee's, a thread's own

    context_class = _Statement
    # peewee would look for the driver that was hidden from it.
    psycopg2_adapter = psycopg3_adapter = peewee.Psycopg3Adapter

    def __init__(
        self,
        parameters: dict[str, str],
        *,
        settings: str,
        refused: Callable[[psycopg.Error], Exception],
        field_types: dict[str, str],
    ) -> None:
        super().__init__(parameters["dbname"], field_types=field_types)
        self._parameters = parameters
        self._settings = settings
        self._refused = refused
        self._idle: list[psycopg.Connection[Any]] = []
        weakref.finalize(self, _close_all, self._idle)

    def revive(self) -> None:
        """Gives the calling thread another connection where the server has gone from its own."""
        if not self.is_closed() and not self.in_transaction() and not _is_alive(self._state.conn):
            self._state.conn.close()
            self._state.conn = self._connect()

    def close_idle(self) -> None:
        _close_all(self._idle)

    def _connect(self) -> psycopg.Connection[Any]:
        for connection in _taken(self._idle):
            if _is_alive(connection):
                return connection
            connection.close()
        try:
            connection = psycopg.connect(**self._parameters, autocommit=True)  # type: ignore[arg-type]
            connection.execute(self._settings)
        except psycopg.Error as error:
            raise self._refused(error) from error
        # The sum of whole numbers is `numeric` there. We have no others.
        connection.adapters.register_loader("numeric", IntLoader)
        return connection

    def _close(self, connection: psycopg.Connection[Any]) -> None:
        if _is_alive(connection):
            self._idle.append(connection)
        else:
            connection.close()

    def get_binary_type(self) -> type:
        return psycopg.Binary


def _is_alive(connection: psycopg.Connection[Any]) -> bool:
    """Whether a connection without a transaction can be used, as far as can be told without asking the
    server, which says nothing of itself but good-bye."""
    if connection.closed or connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
        return False
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ)
        return not selector.select(0)


def _close_all(connections: list[psycopg.Connection[Any]]) -> None:
    for connection in _taken(connections):
        connection.close()


def _taken(connections: list[psycopg.Connection[Any]]) -> Iterator[psycopg.Connection[Any]]:
    """Takes one after the other out of a list, as long as other threads leave any."""
    with suppress(IndexError):
        while True:
            yield connections.pop()
