"""A web server on this machine that notes what it is asked, and answers as it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias
from urllib.parse import parse_qs, urlsplit

from store.messages.providers import Request

Answering: TypeAlias = Callable[["Listener"], tuple[int, str] | None]
"""Status and text; None: the connection ends without an answer."""


class Listener:
    """calls: the paths that were asked for, with their queries."""

    def __init__(self, answering: Answering) -> None:
        self.url = ""
        self.calls: list[str] = []
        self.answering = answering

    @property
    def asked(self) -> dict[str, str]:
        """The fields of the last call."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.calls[-1]).query).items()}

    def requests(self, having: str) -> list[Request]:
        """The calls that have a field, as a provider is given them."""
        return [request(f"{self.url}{call}") for call in list(self.calls) if f"{having}=" in call]


def request(url: str) -> Request:
    """What a program calls."""
    return Request("GET", url, {}, {}, b"", {})


@contextmanager
def listening(answering: Answering = lambda _: (200, "")) -> Iterator[Listener]:
    listener = Listener(answering)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            listener.calls.append(self.path)
            answer = listener.answering(listener)
            if answer is None:
                return
            self.send_response(answer[0])
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            self.wfile.write(answer[1].encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    listener.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield listener
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
