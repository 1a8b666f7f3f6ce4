"""`textmeter run --listen` in a process of its own, with a sender by Kannel, which calls it and isn't there
itself: texts wait."""

from __future__ import annotations

import http.client
import os
import resource
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

from store import Store
from tests.environment import CHECKOUT
from tests.store.messages.providers.programs import free_ports, listens
from tests.waiting import wait_until

PROGRAM = "import sys; from tui.commands import main; sys.exit(main())"
SECRET = "made0up1by2us3"
DESCRIPTORS = 700
"""It has fewer than systems give by default."""


class Listening:
    """said: a file in which the process says what it has to say."""

    def __init__(self, url: str, folder: Path) -> None:
        self.store = Store(url)
        self.account = self.store.credits.open_account("agent-texts", "3000", "America/New_York").id
        self.port, nobody = free_ports(2)
        options = {"url": f"http://127.0.0.1:{nobody}/sendsms", "username": "us", "password": "theirs"}
        call = {"callback": f"http://127.0.0.1:{self.port}/office", "callback_secret": SECRET}
        self.store.senders.set("office", {"provider": "kannel", "number": "+14155550100", **options, **call})
        self._url, self.said = url, folder / "said"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-c", PROGRAM, "--database", self._url]
        with self.said.open("ab") as said:
            self.process = subprocess.Popen(
                [*command, "run", "--listen", f"127.0.0.1:{self.port}"],
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )
        resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
        wait_until(lambda: listens(self.port), self.said.read_text)

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def memory(self) -> int:
        """Its bytes in memory."""
        assert self.process is not None
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def close(self) -> None:
        if self.process is not None:
            self.kill()
        self.store.close()


def call(port: int, **fields: str) -> int:
    """What a call of Kannel's is answered."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", reply(**fields))
        return connection.getresponse().status


def reply(*, secret: str = SECRET, **fields: str) -> str:
    """Where Kannel calls to tell something."""
    return "/office?" + urlencode({"secret": secret, **fields})
