"""A terminal that may vanish at any moment: whoever sat at it hung up.

What is written after that is lost without an error, so that a session comes to its end in order: Textual's
writing thread would die of the error, and the app would wait for it for ever.
"""

from __future__ import annotations

import io
import os


class Terminal(io.RawIOBase):
    """Writes to a descriptor, or nowhere once that has nobody at its other end."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return os.isatty(self._descriptor)

    def write(self, data: object, /) -> int:
        view = memoryview(data).cast("B")  # type: ignore[arg-type]
        try:
            return os.write(self._descriptor, view)
        except OSError:
            return len(view)


def lasting(descriptor: int) -> io.TextIOWrapper:
    """A text stream on a descriptor whose terminal may vanish."""
    return io.TextIOWrapper(
        io.BufferedWriter(Terminal(descriptor)), encoding="utf-8", errors="replace", line_buffering=True
    )
