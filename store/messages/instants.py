"""Instants as the tables of messages keep them: microseconds since 1970 in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(microseconds=1)


def instant(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
