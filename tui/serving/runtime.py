"""The folder that a server keeps its sessions' things in, for as long as it runs."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

PREFIX = "textmeter-serve-"
YOUNG = 60
"""Seconds for which a folder may not have its lock yet."""


@dataclass
class Runtime:
    """A folder for as long as this server runs, gone with it; what servers left that were killed is cleared
    up at the next start."""

    folder: Path
    _lock: IO[str] = field(repr=False)

    @classmethod
    def make(cls) -> Runtime:
        _forget_the_dead()
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        lock = (folder / "alive").open("w")
        fcntl.flock(lock, fcntl.LOCK_EX)
        return cls(folder, lock)

    @property
    def template(self) -> Path:
        """Where the demo is that visitors get copies of."""
        return self.folder / "demo.sqlite3"

    def make_demo(self) -> None:
        """Makes that demo. Takes a second or two."""
        from store.demo import make

        make(self.template)

    def remove(self) -> None:
        self._lock.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _forget_the_dead() -> None:
    for alive in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/alive"):
        with contextlib.suppress(OSError), alive.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            if time.time() - alive.stat().st_mtime > YOUNG:
                shutil.rmtree(alive.parent, ignore_errors=True)
