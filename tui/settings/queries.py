"""Settings as people may see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from store import secrets
from store.config import Origin, found
from store.config.kinds import Entry, Value
from store.config.schema import SCHEMA
from store.sentences import Sentence


class Seen(NamedTuple):
    """A setting as it holds now.

    value: None where there is none, and for a secret. origin: an `Origin` or, of a secret, a `Place`, by its
    word. is_set: whether there is a value. trouble: why a secret can't be told.
    """

    entry: Entry
    value: Value | None
    origin: str
    is_set: bool
    trouble: Sentence | None = None


def seen(entry: Entry, options: Mapping[str, Value]) -> Seen:
    """A setting. options: what the command line says, by key. Raises ConfigMistake."""
    if entry.secret:
        return _seen_secret(entry)
    value, origin = found(entry, options)
    shown = entry.shown(value) if isinstance(value, str) else value
    return Seen(entry, shown, origin.value, value is not None)


def _seen_secret(entry: Entry) -> Seen:
    try:
        kept = secrets.secret(entry.key)
    except secrets.SecretTrouble as trouble:
        return Seen(entry, None, Origin.DEFAULT, False, trouble.says)
    return Seen(entry, None, kept.place if kept else Origin.DEFAULT, kept is not None)


def put(entry: Entry, typed: str) -> None:
    """Puts what somebody typed into the file, and a secret where secrets are kept; "" takes it out. Raises
    WrongUsage for what doesn't fit, and what keeps it from being kept, a TextmeterError."""
    if not entry.secret:
        from store.config import editing  # its library is needed by those only who change something

        editing.put(entry, typed)
    elif typed:
        secrets.keep(entry.key, typed)
    else:
        secrets.forget(entry.key)


def all_settings(options: Mapping[str, Value]) -> list[Seen]:
    """All of them, group by group. Raises ConfigMistake."""
    return [seen(entry, options) for entry in SCHEMA]
