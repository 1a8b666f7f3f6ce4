"""Where a person was when they left the app, for each database: it opens there again. Kept in the user's
state folder, since it is wanted before the database is open."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from store.files import TooLarge, read_bounded, write_private
from store.paths import NoHome, state_folder

MOST = 50
"""Databases that are remembered, the ones left last."""
MOST_BYTES = 64 * 1024
_LONGEST = 200


class Place(NamedTuple):
    """A screen by its name, and what leads back to where one was on it, as the screen itself has it."""

    screen: str
    detail: str = ""


class Places:
    """The place of one person on one database, which its URL names. It is not written down as it is: it may
    name somebody, and a server."""

    def __init__(self, database: str, person: str) -> None:
        self._key = hashlib.sha256(f"{database}\0{person}".encode()).hexdigest()[:16]

    def read(self) -> Place | None:
        """Where it was; None where that isn't known, or can't be read."""
        match _all().get(self._key):
            case {"screen": str(screen), "detail": str(detail)}:
                return Place(screen, detail)
        return None

    def keep(self, place: Place | None) -> None:
        """Remembers a place, or none. What can't be written is forgotten: nobody is kept from leaving."""
        places = _all()
        places.pop(self._key, None)
        if place is not None:
            places[self._key] = {"screen": place.screen, "detail": place.detail[:_LONGEST]}
        with suppress(OSError, NoHome):
            write_private(_path(), json.dumps(dict(list(places.items())[-MOST:])))


def _path() -> Path:
    return state_folder() / "places.json"


def _all() -> dict[str, object]:
    """What is remembered of all databases, those that were left last at the end."""
    with suppress(
        OSError, NoHome, TooLarge, ValueError, RecursionError
    ):  # somebody may have written anything
        found = json.loads(read_bounded(_path(), MOST_BYTES))
        if isinstance(found, dict):
            return found
    return {}
