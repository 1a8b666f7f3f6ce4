"""A provider's server on this machine, in threads, that can fail in the ways in which servers do."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit


class Asked(NamedTuple):
    """path: without the query."""

    method: str
    path: str
    query: dict[str, str]
    headers: Message[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(self.fields)

    @property
    def fields(self) -> list[tuple[str, str]]:
        return parse_qsl(self.body.decode(), keep_blank_values=True)


class Answer(NamedTuple):
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = {}


def said(value: object, status: int = 200, **headers: str) -> Answer:
    """An answer in JSON."""
    return Answer(status, json.dumps(value).encode(), headers)


DROPPED = "dropped"
"""A fault: the connection ends before the question was read by anybody."""
LOST = "lost"
"""A fault: the question is done as it says, and the connection ends before its answer."""
SILENT = "silent"
"""A fault: no answer comes while the server runs."""


class Loopback:
    """fault: what happens at the next question: one of the words above, or an answer in place of the true
    one. asked: what came in."""

    def __init__(self) -> None:
        self.url = ""
        self.fault: str | Answer | None = None
        self.asked: list[Asked] = []
        self.released = threading.Event()
        self._lock = threading.Lock()

    def answer(self, asked: Asked) -> Answer:
        raise NotImplementedError

    def count(self, method: str, path: str = "") -> int:
        """How many questions there were."""
        return sum(asked.method == method and path in asked.path for asked in self.asked)

    def take(self, asked: Asked) -> Answer | None:
        """The answer to a question, None where the connection ends without."""
        with self._lock:
            self.asked.append(asked)
            fault, self.fault = self.fault, None
            if isinstance(fault, Answer):
                return fault
            answer = None if fault in (DROPPED, SILENT) else self.answer(asked)
        if fault == SILENT:
            self.released.wait()
        return None if fault else answer


class _Listener(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asks may have enough of an answer, and hang up."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


@contextmanager
def running(server: Loopback) -> Iterator[None]:
    """Answers until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            answer = server.take(Asked(self.command, parts.path, query, self.headers, body))
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST = do_PUT = do_DELETE = _do  # noqa: N815 # the library's names

        def log_message(self, *_: object) -> None:
            pass

    with _Listener(("127.0.0.1", 0), Handler) as listener:
        server.url = f"http://127.0.0.1:{listener.server_port}"
        thread = threading.Thread(target=listener.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield
        finally:
            server.released.set()
            listener.shutdown()
            thread.join()
