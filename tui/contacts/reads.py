"""A file that is looked at and imported in a thread, with how far that is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from textual.message import Message

from store import Store
from store.people.model import ImportReport
from tui.base.screen import TextmeterScreen


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be imported, and how. region: in which numbers without a country code are read. mapping:
    what columns become, where somebody said so."""

    path: Path
    region: str
    mapping: Mapping[str, str] = field(default_factory=dict)


class ReadsFile(TextmeterScreen):
    """A screen that has a file read."""

    class Progressed(Message):
        """So many rows were read. Posted by the thread that reads."""

        def __init__(self, rows: int) -> None:
            super().__init__()
            self.rows = rows

    async def look(self, wanted: Wanted) -> ImportReport:
        """Has a file read. Whoever stops waiting ends it: the thread hears of it within a few rows. Raises
        what the store raises."""
        return await self._in_thread(
            lambda store, progress: store.people.import_file(
                wanted.path,
                region=wanted.region,
                progress=progress,
                mapping=wanted.mapping,
                dry_run=True,
            )
        )

    async def take(self, look: ImportReport) -> ImportReport:
        """Likewise, has what was read imported; where that is ended, nothing is taken."""
        return await self._in_thread(lambda store, progress: store.people.import_read(look, progress))

    async def _in_thread(self, work: Callable[[Store, Callable[[int], None]], ImportReport]) -> ImportReport:
        left = threading.Event()

        def progress(rows: int) -> None:
            if left.is_set():
                raise InterruptedError
            self.post_message(self.Progressed(rows))

        try:
            return await self.app.fetch(lambda store: work(store, progress))
        finally:
            left.set()
