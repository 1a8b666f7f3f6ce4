"""The file of the log, in the user's state folder: small, theirs alone, and without anything about people
(`store.redaction`). The app, `textmeter run` and `textmeter serve` write it, several at once."""

from __future__ import annotations

import logging
import os
import time
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from store.logs import log
from store.paths import NoHome, state_folder
from store.redaction import redacted

MOST_BYTES = 256 * 1024
"""Of a file; with the older ones, `KEPT` more, that is all that a log ever takes."""
KEPT = 3
_FORMAT = "%(asctime)sZ %(levelname)s %(process)d %(message)s"
_ROUND = "last-round"


def log_path() -> Path:
    """The file that is written now. Raises NoHome."""
    return state_folder() / "textmeter.log"


class _Rotating(RotatingFileHandler):
    """Writes only what may be written, into a file that only the user can read; follows another process that
    has begun a new one. What can't be written is lost: a log stops nobody's work."""

    def emit(self, record: logging.LogRecord) -> None:
        super().emit(redacted(record))

    def shouldRollover(self, record: logging.LogRecord) -> bool:  # noqa: N802 - logging's name
        if self.stream is not None and not self._is_current(self.stream):
            before, self.stream = self.stream, None
            before.close()  # and what follows opens the new one, if there is a folder for it
        return bool(super().shouldRollover(record))

    def _is_current(self, stream: TextIOWrapper) -> bool:
        try:
            there = os.stat(self.baseFilename)  # noqa: PTH116 - logging keeps a str
        except OSError:
            return False
        return os.path.samestat(there, os.fstat(stream.fileno()))

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding="utf-8", opener=_private)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        pass


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def write_log() -> None:
    """Has the log written from now on, to where it belongs now. Without a folder to write to, there is
    none."""
    logger = log()
    for before in [handler for handler in logger.handlers if isinstance(handler, _Rotating)]:
        logger.removeHandler(before)
        with suppress(OSError):  # a full disk has no room for its last lines
            before.close()
    try:
        path = log_path()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (NoHome, OSError):
        return
    handler = _Rotating(path, maxBytes=MOST_BYTES, backupCount=KEPT, delay=True)
    formatter = logging.Formatter(_FORMAT, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)


def log_tail(lines: int) -> list[str]:
    """The last lines of the log; none where there is no log."""
    try:
        with log_path().open(encoding="utf-8", errors="replace") as file:
            return [line.rstrip("\n") for line in deque(file, lines)]
    except (NoHome, OSError):
        return []


def note_round() -> None:
    """Notes that the work that is done by itself was done just now, by any process of the user."""
    with suppress(NoHome, OSError):
        path = state_folder() / _ROUND
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)


def last_round() -> datetime | None:
    """When that was, in UTC; None where it is not known."""
    try:
        return datetime.fromtimestamp((state_folder() / _ROUND).stat().st_mtime, UTC)
    except (NoHome, OSError):
        return None
