"""A file that is looked at and imported in a thread, with how far that is."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from textual.message import Message

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

    async def read(self, wanted: Wanted, *, dry_run: bool) -> ImportReport:
        """Has a file imported, or only looked at. Whoever stops waiting ends it, and nothing is taken: the
        thread hears of it within a few rows. Raises what the store raises."""
        left = threading.Event()

        def progress(rows: int) -> None:
            if left.is_set():
                raise InterruptedError
            self.post_message(self.Progressed(rows))

        try:
            return await self.app.fetch(
                lambda store: store.people.import_file(
                    wanted.path,
                    region=wanted.region,
                    progress=progress,
                    mapping=wanted.mapping,
                    dry_run=dry_run,
                )
            )
        finally:
            left.set()
