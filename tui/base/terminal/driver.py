"""The terminal that the app draws on: its modes, its size, what it sends, and whatever becomes of it."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import termios
import tty
from collections import deque
from collections.abc import Callable, Iterable
from threading import Condition, Thread
from typing import TYPE_CHECKING, Any

from textual import events
from textual.driver import Driver
from textual.geometry import Size

from tui.base.terminal.events import HungUp
from tui.base.terminal.reading import Reader
from tui.base.textual_private import end_with

if TYPE_CHECKING:
    from textual.app import App
    from textual.message import Message

HUNG_UP = 128 + 1
"""The exit code of an app whose terminal is gone, as of one that SIGHUP ended."""
UNKNOWN_SIZE = (80, 24)
"""Columns and rows of a terminal that doesn't know how large it is."""
MOST_WAITING = 30
"""Pictures that wait to be written before the app waits for the terminal."""
WRITTEN_WITHIN = 1.0
"""Seconds for which the app waits for a terminal that takes nothing."""

# The extended keyboard protocol: unambiguous keys, all of them, with their text and the Latin key beside.
_KEYBOARD = 0b00001 | 0b00100 | 0b01000 | 0b10000
_ENTER = (
    "\x1b[?1049h"  # the other screen
    "\x1b[?1000h\x1b[?1003h\x1b[?1006h"  # the mouse
    "\x1b[?25l"  # no cursor
    "\x1b[?1004h"  # tells of its focus
    "\x1b[?2004h"  # pastes in brackets
    "\x1b[?7l"  # no wrapping
    f"\x1b[<u\x1b[>{_KEYBOARD}u"
)
_LEAVE = (
    "\x1b[<u\x1b[?2004l\x1b[?7h\x1b[?1006l\x1b[?1003l\x1b[?1000l"
    "\x1b[?1049l\x1b[?25h\x1b[?1004l"
)  # fmt: skip
_SYNCHRONIZED = "\x1b[?2026$p"
"""Asks whether pictures can be shown at once; Apple's terminal would show the question."""


class TerminalDriver(Driver):
    """Textual's way to a terminal, on standard input and standard error."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._input = sys.__stdin__.fileno() if sys.__stdin__ is not None else 0
        self._output = sys.__stderr__.fileno() if sys.__stderr__ is not None else 2
        self._cooked: list[Any] | None = None
        self._is_on = False
        self._writer = _Writer(self._output, self._failed)
        self._ears: Ears | None = None

    @property
    def can_suspend(self) -> bool:
        """Whether there is a shell to come back from: what leads its session was started without one."""
        return os.getsid(0) != os.getpid()

    # Its modes

    def start_application_mode(self) -> None:
        self._is_on = True
        self._set_up()
        # Before its size is told: a new one between the two would be missed.
        self._loop.add_signal_handler(signal.SIGWINCH, self._tell_size)
        self._tell_size()
        self._ears = Ears(self._input, self.process_message, self._hung_up, self._failed)
        self._ears.start()
        if os.environ.get("TERM_PROGRAM") != "Apple_Terminal":
            self.write(_SYNCHRONIZED)
        self._loop.add_signal_handler(signal.SIGCONT, self._continued)
        self._loop.add_signal_handler(signal.SIGTSTP, self._stop)

    def _set_up(self) -> None:
        """Puts the terminal into the app's modes, whatever modes it is in."""
        with contextlib.suppress(termios.error):
            attributes = termios.tcgetattr(self._input)
            if self._cooked is None:
                self._cooked = termios.tcgetattr(self._input)
            attributes[tty.LFLAG] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
            attributes[tty.IFLAG] &= ~(
                termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR
            )
            attributes[tty.CC][termios.VMIN] = 1
            termios.tcsetattr(self._input, termios.TCSANOW, attributes)
        self.write(_ENTER)

    def _restore(self) -> None:
        self.write(_LEAVE)
        self._writer.drain()
        if self._cooked is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._input, termios.TCSANOW, self._cooked)

    def disable_input(self) -> None:
        if self._ears is not None:
            self._ears.close()
            self._ears = None
            with contextlib.suppress(termios.error):
                termios.tcflush(self._input, termios.TCIFLUSH)

    def stop_application_mode(self) -> None:
        if self._is_on:
            self._is_on = False
            for number in (signal.SIGWINCH, signal.SIGCONT, signal.SIGTSTP):
                self._loop.remove_signal_handler(number)
            self.disable_input()
            self._restore()

    def close(self) -> None:
        self._writer.close()

    def write(self, data: str) -> None:
        self._writer.write(data.encode("utf-8", "replace"))

    # What comes from it

    def _hung_up(self) -> None:
        """Nobody is there any more, and no signal may have told of it."""
        with contextlib.suppress(RuntimeError):  # the app has ended already, and its loop with it
            self.process_message(HungUp(HUNG_UP))

    def _failed(self, error: Exception) -> None:
        end_with(self._app, error)

    # Its size

    def _tell_size(self) -> None:
        size = Size(*self._size_now())
        self._size = (size.width, size.height)
        self.send_message(events.Resize(size, size))

    def _size_now(self) -> tuple[int, int]:
        for descriptor in (self._output, self._input):
            with contextlib.suppress(OSError):
                size = os.get_terminal_size(descriptor)
                return size.columns or UNKNOWN_SIZE[0], size.lines or UNKNOWN_SIZE[1]
        return UNKNOWN_SIZE

    # Ctrl+Z, and what comes after it

    def _stop(self) -> None:
        """Gives the terminal back, and stops with all that was started together, as in a shell."""
        self._restore()
        signal.signal(signal.SIGTSTP, signal.SIG_IGN)
        os.killpg(os.getpgrp(), signal.SIGTSTP)
        os.kill(os.getpid(), signal.SIGSTOP)
        self._loop.add_signal_handler(signal.SIGTSTP, self._stop)  # continued, of which SIGCONT tells

    def _continued(self) -> None:
        """Whatever the terminal was used for meanwhile, it is the app's again."""
        self._set_up()
        self._tell_size()
        self.send_message(self.SignalResume())


class _Writer(Thread):
    """Writes to the terminal, which may take its time, take nothing, or be gone."""

    def __init__(self, descriptor: int, failed: Callable[[Exception], None]) -> None:
        super().__init__(name="terminal-output", daemon=True)
        self._descriptor = descriptor
        self._failed = failed
        self._waiting: deque[bytes] = deque()
        self._changed = Condition()
        self._writing = self._ends = False
        self.start()

    def write(self, data: bytes) -> None:
        """Waits while the terminal has too much to draw already; not for one that has stopped to draw."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._waiting) < MOST_WAITING, WRITTEN_WITHIN)
            self._waiting.append(data)
            self._changed.notify_all()

    def drain(self) -> None:
        """Waits until all is written, or the terminal takes nothing."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting and not self._writing, WRITTEN_WITHIN)

    def close(self) -> None:
        with self._changed:
            self._ends = True
            self._changed.notify_all()
        self.join(WRITTEN_WITHIN)

    def run(self) -> None:
        try:
            while (data := self._next()) is not None:
                self._write(data)
        except Exception as error:  # noqa: BLE001 - told where all else is
            self._failed(error)

    def _next(self) -> bytes | None:
        with self._changed:
            self._writing = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._waiting or self._ends)
            if not self._waiting:
                return None
            data = b"".join(self._waiting)
            self._waiting.clear()
            self._writing = True
            self._changed.notify_all()
            return data

    def _write(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            try:
                left = left[os.write(self._descriptor, left) :]
            except BlockingIOError:  # somebody else has made it so
                select.select([], [self._descriptor], [])
            except OSError:  # nobody reads any more
                return


class Ears(Thread):
    """Hears what the terminal sends, until it is closed; without a sound it doesn't wake up.

    heard: gets each message; hung_up: told once when there is nobody any more; failed: gets what nobody
    foresaw. All of them are called in this thread.
    """

    def __init__(
        self,
        descriptor: int,
        heard: Callable[[Message], None],
        hung_up: Callable[[], None],
        failed: Callable[[Exception], None],
    ) -> None:
        super().__init__(name="terminal-input", daemon=True)
        self._descriptor = descriptor
        self._heard, self._hung_up, self._failed = heard, hung_up, failed
        self._closed, self._close = os.pipe()
        self.reader = Reader()

    def close(self) -> None:
        os.close(self._close)
        if self.is_alive():
            self.join()
        os.close(self._closed)

    def run(self) -> None:
        try:
            if self._listen():
                self._hung_up()
        except Exception as error:  # noqa: BLE001 - told where all else is
            self._failed(error)

    def messages(self, data: bytes) -> Iterable[Message]:
        """What these bytes come to."""
        return self.reader.feed(data)

    def _listen(self) -> bool:
        """Whether it came to an end because there is nobody any more."""
        while True:
            ready, _, _ = select.select([self._descriptor, self._closed], [], [], self.reader.patience)
            if self._closed in ready:
                return False
            heard: Iterable[Message]
            if not ready:
                heard = self.reader.quiet()
            elif data := self._read():
                heard = self.messages(data)
            else:
                return True
            for message in heard:
                self._heard(message)

    def _read(self) -> bytes:
        try:
            return os.read(self._descriptor, 4096)
        except OSError:  # EIO: nobody is at the other end
            return b""
