"""A way to a real PostgreSQL server that a test can shut, as a server that is stopped and started again."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from urllib.parse import urlencode

from psycopg.conninfo import conninfo_to_dict


class Gate:
    """Listens on a port of this machine and passes on to the server of a database's URL while it is open.

    url: of the same database, through the gate; port: of the gate.
    """

    def __init__(self, url: str) -> None:
        given = conninfo_to_dict(url)
        self._host, self._server_port = str(given["host"]), int(given.get("port") or 5432)
        self._lines: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"postgresql://{given['user']}@127.0.0.1:{self.port}/{given['dbname']}?" + urlencode(
            {"options": str(given.get("options", "")), "sslmode": "disable"}
        ).replace("+", "%20")
        self._serve(self._listener)

    def shut(self) -> None:
        """Cuts all connections, and takes no new one."""
        for line in (self._listener, *self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        self._lines.clear()

    def open(self) -> None:
        """Lets everybody through again."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._serve(self._listener)

    def _serve(self, listener: socket.socket) -> None:
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = self._reach()
                self._lines += (near, far)
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=_pass_on, args=(source, sink), daemon=True).start()

    def _reach(self) -> socket.socket:
        if not self._host.startswith("/"):
            return socket.create_connection((self._host, self._server_port))
        far = socket.socket(socket.AF_UNIX)
        far.connect(f"{self._host}/.s.PGSQL.{self._server_port}")
        return far


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_RDWR)
