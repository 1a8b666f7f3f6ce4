"""The server's ends of a session's streams: what a session writes is read as it comes and as fast as it is
taken, what is written to it waits until it reads.

A descriptor that is closed may have its number given to another session's at once: a flow that is over never
touches it again.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable

CHUNK = 1 << 16


class Outflow:
    """What comes out of a descriptor. data: gets it; ended: called once, when nothing more will come."""

    def __init__(self, descriptor: int, data: Callable[[bytes], None], ended: Callable[[], None]) -> None:
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._data = data
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        self._open = True
        self.resume()

    def pause(self) -> None:
        """Reads no more for now: a session that goes on writing will wait."""
        if self._open:
            self._loop.remove_reader(self._descriptor)

    def resume(self) -> None:
        if self._open:
            self._loop.add_reader(self._descriptor, self._read)

    def close(self) -> None:
        """Reads no more at all."""
        if self._open:
            self._open = False
            self._loop.remove_reader(self._descriptor)

    def _read(self) -> None:
        try:
            data = os.read(self._descriptor, CHUNK)
        except BlockingIOError:
            return
        except OSError:  # EIO: nobody is at the terminal's other end any more
            data = b""
        if data:
            self._data(data)
        else:
            self.close()
            self._ended()


class Inflow:
    """What goes into a descriptor. passed_on: told how many bytes wait no longer: as many may come."""

    def __init__(self, descriptor: int, passed_on: Callable[[int], None]) -> None:
        os.set_blocking(descriptor, False)
        self._descriptor = descriptor
        self._passed_on = passed_on
        self._loop = asyncio.get_running_loop()
        self._waiting = bytearray()
        self._open = True
        self._ends = False

    def write(self, data: bytes | bytearray) -> None:
        if not self._open or self._ends:
            return
        waited = bool(self._waiting)
        self._waiting += data
        if not waited:
            self._flush()

    def end(self, ended: Callable[[], None]) -> None:
        """Nothing more is coming. ended: called when all is written, unless this is closed before."""
        if not self._open or self._ends:
            return
        self._ends = True
        self._ended = ended
        if not self._waiting:
            self._finish()

    def _finish(self) -> None:
        if self._open:
            self.close()
            self._ended()

    def close(self) -> None:
        """Writes no more at all."""
        if self._open:
            self._open = False
            self._loop.remove_writer(self._descriptor)
            self._waiting.clear()

    def _flush(self) -> None:
        before = len(self._waiting)
        try:
            while self._waiting:
                written = os.write(self._descriptor, self._waiting[:CHUNK])
                del self._waiting[:written]
        except BlockingIOError:
            self._loop.add_writer(self._descriptor, self._flush)
        except OSError:  # nobody reads any more
            self._waiting.clear()
        if not self._waiting:
            self._loop.remove_writer(self._descriptor)
        self._passed_on(before - len(self._waiting))
        if self._ends and not self._waiting:  # more may have come as soon as there was room
            self._finish()


def close_all(*descriptors: int) -> None:
    """Closes what is still open of these."""
    for descriptor in descriptors:
        with contextlib.suppress(OSError):
            os.close(descriptor)
