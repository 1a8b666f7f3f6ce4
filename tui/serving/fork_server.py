"""A process that has imported all of Textmeter once, and forks itself for each session.

A session so begins in a tenth of a second, shares what was imported with all others, and can end in no way
that another notices. This process has no threads and no event loop, so that forking it is sound; the server
talks to it over a socket, whose messages are JSON with the session's descriptors beside them.

What a session leaves behind goes with it; when the server is gone, however it went, so are all sessions,
after a moment to keep what was typed.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import fcntl
import gc
import json
import os
import pkgutil
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import termios
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path

import tui
from store.sentences import Money, Percent, Region
from tui.i18n.language import Language, available
from tui.serving.session_spec import CRASHED, LANGUAGE, NOT_STARTED, TERMINAL, SessionSpec, python_path

MOST_BYTES = 1 << 17
"""Of a message: a command line is not longer."""
LAST_MOMENTS = 8.0
"""Seconds that sessions have to end in order once the server is gone."""
MODULES = (
    "babel.lists",
    "encodings.utf_8_sig",
    "phonenumbers.tzdata",
    "rich._unicode_data.unicode17-0-0",
    "store.credits.catalog_files",
    "store.credits.taking_back",
    "store.credits.unknown",
    "store.credits.verify",
    "store.demo.words",
    "store.emails.emails",
    "store.emails.mailbox",
    "store.emails.smartplans",
    "store.engines.sqlite",
    "store.mailroom",
    "store.maintenance",
    "store.messages.messenger",
    "store.messages.providers.demo",
    "store.messages.providers.simulated",
    "store.messages.quiet",
    "store.messages.quiet_files",
    "store.messages.templates",
    "textual.drivers.headless_driver",
    "textual.drivers.linux_driver",
    "textual.layouts.factory",
    "textual.layouts.horizontal",
    "textual.layouts.stream",
    "textual.pilot",
    "textual.scrollbar",
    "textual.system_commands",
    "tui.base.terminal.driver",
    "tui.blasts.paper.pages",
    "tui.routes.finds",
    "tui.serving.app",
    "tui.serving.session",
)
"""What is imported before the first session beside all rooms of `tui`."""
PASSWORD = ("TEXTMETER_WEB_PASSWORD", "TEXTMETER_SECRET_WEB_PASSWORD")
NOT_THEIRS = ("TERM", "COLUMNS", "LINES", "TMUX", *TERMINAL, *LANGUAGE, *PASSWORD)
"""Variables of the server that aren't a session's, as those of Textual aren't."""
PR_SET_PDEATHSIG = 1
"""Of `prctl` (see linux/prctl.h)."""


class ForkServer:
    """The server's side. folder: what sessions leave behind lies in it; it is removed with the process."""

    def __init__(self, folder: Path) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        self._socket = ours
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", __name__, str(theirs.fileno()), str(folder)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=_kept(os.environ)
                | {"PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "1", "PYTHONPATH": python_path()},
                start_new_session=True,  # Ctrl-C is the server's
            )
        self._ended: dict[int, Callable[[int], None]] = {}
        self._last = 0

    async def ready(self) -> None:
        """Returns when sessions can be started. Raises ConnectionError where the process ended instead."""
        if not await asyncio.get_running_loop().sock_recv(self._socket, MOST_BYTES):
            raise ConnectionError("the fork server did not start")
        asyncio.get_running_loop().add_reader(self._socket, self._read)

    def start(self, spec: SessionSpec, descriptors: Sequence[int], ended: Callable[[int], None]) -> int:
        """Starts a session, and tells `ended` how it ended: its exit code, or the negative number of a
        signal. descriptors: standard input, output and error, and what comes after them; a terminal is all
        three. Its number. Raises OSError where that can't be done."""
        self._last += 1
        message = json.dumps({"start": self._last, "spec": spec.to_json()}).encode()
        if len(message) > MOST_BYTES:
            raise OSError("too long a command line")
        socket.send_fds(self._socket, [message], list(descriptors))
        self._ended[self._last] = ended
        return self._last

    def signal(self, number: int, which: signal.Signals) -> None:
        """Sends a session a signal, if it goes on."""
        if number in self._ended:
            with contextlib.suppress(OSError):
                self._socket.send(json.dumps({"signal": number, "which": which}).encode())

    def _read(self) -> None:
        try:
            message = self._socket.recv(MOST_BYTES)
        except BlockingIOError:
            return
        except OSError:
            message = b""
        if message:
            told = json.loads(message)
            self._ended.pop(told["ended"])(told["code"])
            return
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
        for ended in list(self._ended.values()):
            ended(-signal.SIGKILL)
        self._ended.clear()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    async def close(self) -> None:
        """Ends the process and what is left of its sessions."""
        if self._socket.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()
        await asyncio.to_thread(self._process.wait)


def _kept(variables: Mapping[str, str]) -> dict[str, str]:
    """The variables of a server that its sessions may have."""
    return {
        name: value
        for name, value in variables.items()
        if name not in NOT_THEIRS and not name.startswith("TEXTUAL")
    }


_libc = ctypes.CDLL(None)


class Log:
    """Where the server's own words go, for what a person at a session mustn't see: what standard error is
    when this is made."""

    def __init__(self) -> None:
        self.descriptor = fcntl.fcntl(2, fcntl.F_DUPFD_CLOEXEC, 10)  # above those that sessions get

    def __call__(self, details: str) -> None:
        with contextlib.suppress(OSError):
            os.write(self.descriptor, details.encode(errors="backslashreplace"))


def serve(descriptor: int, folder: Path) -> None:
    """The process itself: forks sessions until the server is gone."""
    _import_all()
    log = Log()
    sessions: dict[int, tuple[int, int]] = {}  # the number of each by its pidfd, and its process id
    with socket.socket(fileno=descriptor) as server, selectors.DefaultSelector() as selector:
        selector.register(server, selectors.EVENT_READ)
        server.send(b"ready")
        while True:
            for key, _ in selector.select():
                if key.fileobj is server:
                    try:
                        message, descriptors, flags, _ = socket.recv_fds(server, MOST_BYTES, 4)
                    except ConnectionResetError:  # it is gone, and had not read all that it was told
                        message, descriptors, flags = b"", [], 0
                    if not message:
                        _end(sessions, folder)
                        return
                    told = json.loads(message)
                    if "start" in told:
                        try:
                            if flags & socket.MSG_CTRUNC:
                                raise OSError("too many open files")
                            watched, pid = _fork(SessionSpec.from_json(told["spec"]), descriptors, log)
                        except OSError as error:
                            log(f"A session could not be started: {error}\n")
                            server.send(json.dumps({"ended": told["start"], "code": NOT_STARTED}).encode())
                            continue
                        finally:
                            for descriptor in descriptors:
                                os.close(descriptor)
                        sessions[watched] = told["start"], pid
                        selector.register(watched, selectors.EVENT_READ)
                    else:
                        _signal(sessions, told["signal"], signal.Signals(told["which"]))
                else:
                    selector.unregister(key.fd)
                    number, pid = sessions.pop(key.fd)
                    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
                    os.close(key.fd)
                    with contextlib.suppress(OSError):  # the server is gone, which is read next
                        server.send(json.dumps({"ended": number, "code": code}).encode())


def _import_all() -> None:
    """Imports whatever a session may come to need, and keeps the garbage collector from touching it: pages
    that nobody writes to are shared."""
    from phonenumbers import PhoneMetadata

    from tui.launch import FRAMES_PER_SECOND

    os.environ.setdefault("TEXTUAL_FPS", FRAMES_PER_SECOND)  # read as Textual is imported
    gc.disable()
    for room in pkgutil.iter_modules(tui.__path__, "tui."):
        if room.ispkg and room.name != "tui.serving":
            for module in pkgutil.iter_modules(import_module(room.name).__path__, f"{room.name}."):
                import_module(module.name)
    for name in MODULES:
        import_module(name)
    PhoneMetadata.load_all()  # a country's numbering plan is a module, imported by its first number
    for tag in available():
        # Each reads what Babel knows of a language, which is half of what a session would weigh otherwise.
        language = Language(tag)
        for value in (0, Percent(0), Money(0), Region("US"), date.today(), datetime.now(UTC)):  # noqa: DTZ011
            language.value(value)
    gc.collect()
    gc.freeze()


def _fork(spec: SessionSpec, descriptors: Sequence[int], log: Log) -> tuple[int, int]:
    """Starts a session; its pidfd and its process id. Raises OSError."""
    pid = os.fork()
    if pid:
        try:
            return os.pidfd_open(pid), pid
        except OSError:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise
    code = CRASHED
    try:
        _become(spec, descriptors, log)
        from tui.serving.session import run

        code = run(spec, log)
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    except BaseException:  # noqa: BLE001 - nothing may get back into the fork server's loop
        log(traceback.format_exc())
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)


def _become(spec: SessionSpec, descriptors: Sequence[int], log: Log) -> None:
    """Makes the forked process the session's: a terminal of its own, nothing of the server's, the visitor's
    variables."""
    os.setsid()
    # What the server ignores, as `nohup` or a shell's & has it, is not ignored by its sessions.
    for which in (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(which, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # Nobody would know of it without the fork server: it is told that it is alone.
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGHUP)
    if len(descriptors) == 1:
        descriptors = [descriptors[0]] * 3
    if os.isatty(descriptors[1]):
        fcntl.ioctl(descriptors[1], termios.TIOCSCTTY, 0)
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
    os.closerange(len(descriptors), log.descriptor)
    os.closerange(log.descriptor + 1, os.sysconf("SC_OPEN_MAX"))
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", encoding="utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", encoding="utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    os.environ.update(spec.terminal)
    import random

    random.seed()
    gc.enable()


def _signal(sessions: Mapping[int, tuple[int, int]], number: int, which: signal.Signals) -> None:
    for watched, (other, _) in sessions.items():
        if other == number:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(watched, which)


def _end(sessions: Mapping[int, tuple[int, int]], folder: Path) -> None:
    """The server is gone: sessions end in order, then at once."""
    for which in (signal.SIGHUP, signal.SIGKILL):
        end = time.monotonic() + LAST_MOMENTS
        for number, _ in sessions.values():
            _signal(sessions, number, which)
        with selectors.DefaultSelector() as selector:
            for watched in sessions:
                selector.register(watched, selectors.EVENT_READ)
            while selector.get_map() and (left := end - time.monotonic()) > 0:
                for key, _ in selector.select(left):
                    selector.unregister(key.fd)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]))
