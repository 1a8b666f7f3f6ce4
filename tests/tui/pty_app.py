"""The app as a process on a terminal of its own, whose screen can be read: what it does with keys, signals
and sizes is seen from outside."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
from collections.abc import Callable, Iterator
from pathlib import Path

import pyte

from store import Store
from tests.processes import below
from tests.waiting import wait_until

CHECKOUT = Path(__file__).parent.parent.parent
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=?][0-9;]*u|\x1b\[\?[0-9;]*\$p")
_STARTS = "import sys; sys.argv[0] = 'textmeter'; from textmeter import main; sys.exit(main())"


class Window:
    """A terminal with the app on it, which `arguments` open. before: Python that its process runs first, such
    as what puts a mistake into the app."""

    def __init__(
        self,
        database: Path,
        *arguments: str,
        size: tuple[int, int] = (100, 32),
        env: dict[str, str] | None = None,
        in_child: Callable[[], object] = lambda: None,
        before: str = "",
    ) -> None:
        self.code: int | None = None
        self.raw = b""
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        variables = {
            "PATH": os.environ["PATH"],
            "HOME": str(database.parent),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "PYTHONPATH": f"{CHECKOUT}{os.pathsep}{CHECKOUT / 'tui'}",
            **(env or {}),
        }
        program = f"{before}\n{_STARTS}"
        command = [sys.executable, "-P", "-c", program, "--database", str(database), *arguments]
        self.pid, self.fd = pty.fork()
        if self.pid == 0:  # pragma: no cover
            try:
                in_child()
                os.execve(command[0], command, variables)
            finally:
                os._exit(127)
        self.resize(*size)

    def send(self, typed: bytes) -> None:
        os.write(self.fd, typed)

    def signal(self, *numbers: int) -> None:
        for number in numbers:
            os.kill(self.pid, number)

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.resize(max(rows, 1), max(columns, 1))

    @property
    def words(self) -> str:
        """What stands on the screen now."""
        self._pump()
        return "\n".join(line.rstrip() for line in self.screen.display)

    def shows(self, words: str) -> None:
        """Waits until these words stand on the screen."""
        wait_until(lambda: words in self.words, lambda: f"{words!r} on\n{self.words}\n{self.code}")

    def ends(self) -> int:
        """Waits until the app has ended; its exit code, 128 and more for a signal."""
        wait_until(self._has_ended, lambda: f"the end of\n{self.words}")
        assert self.code is not None
        return self.code

    @property
    def is_cooked(self) -> bool:
        """Whether the terminal is as shells have it."""
        flags = termios.tcgetattr(self.fd)[3]
        return bool(flags & termios.ICANON and flags & termios.ECHO)

    @property
    def state(self) -> str:
        """The process's state, as Linux tells: T is stopped."""
        return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]

    def close(self) -> None:
        """Ends whatever still runs."""
        with contextlib.suppress(OSError):
            os.close(self.fd)
        if self.code is None:
            for pid in (*below(self.pid), self.pid):
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)

    def _has_ended(self) -> bool:
        self._pump()
        if self.code is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self._pump()
                self.code = os.waitstatus_to_exitcode(status)
        return self.code is not None

    def _pump(self) -> None:
        while select.select([self.fd], [], [], 0)[0]:
            try:
                data = os.read(self.fd, 65536)
            except OSError:  # nobody is at the other end
                return
            if not data:
                return
            self.raw += data
            with contextlib.suppress(Exception):  # pyte gives up on some of what real terminals know
                self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", data))


def make_database(folder: Path, product: str = "agent-texts", plan: str = "300") -> Path:
    """A database with an account by the real clock."""
    database = folder / "textmeter.sqlite3"
    store = Store(str(database))
    store.credits.open_account(product, plan, "UTC")
    store.close()
    return database


@contextlib.contextmanager
def window(folder: Path, *arguments: str, **about: object) -> Iterator[Window]:
    """A window on a new database, closed at the end."""
    opened = Window(make_database(folder), *arguments, **about)  # type: ignore[arg-type]
    try:
        yield opened
    finally:
        opened.close()
