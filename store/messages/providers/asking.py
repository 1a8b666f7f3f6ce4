"""What the providers share that are asked over HTTP: how long, how much, and what became of a question."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import SplitResult

CONNECT_SECONDS = 4.0
ANSWER_SECONDS = 8.0
"""How long an answer may take to begin, and then to end."""

MOST_BYTES = 1 << 20
"""No answer of a provider's that we ask for is this long."""

PATIENCE = 8.0
"""Seconds after which no further question is asked in one call. The last one may take as long as any: all
together less than half of `outbox.LEASE`."""


class Trouble(Exception):
    """A question that brought no answer of use."""


class Unsent(Trouble):
    """Nobody was there to be asked: nothing was sent."""


class Busy(Trouble):
    """Too much at once (HTTP 429): nothing was done. code: the provider's own."""

    def __init__(self, seconds: float, code: int = 0) -> None:
        super().__init__(seconds, code)
        self.seconds = seconds
        self.code = code


class Said(Trouble):
    """The provider said no (HTTP 4xx): nothing was done. code: its own, 0 without; text: of its answer."""

    def __init__(self, status: int, code: int = 0, text: str = "") -> None:
        super().__init__(status, code)
        self.status = status
        self.code = code
        self.text = text


class Lost(Trouble):
    """It was asked and may have been done; no answer came that could be read. kind: what came instead."""

    def __init__(self, kind: str = "") -> None:
        super().__init__(kind)
        self.kind = kind


class Answered(NamedTuple):
    """What came back, whatever it says."""

    status: int
    headers: Message
    content: bytes


def exchange(
    url: SplitResult,
    method: str,
    target: str,
    body: str | None = None,
    headers: Mapping[str, str] = MappingProxyType({}),
    *,
    seconds: float | None = None,
) -> Answered:
    """One request over a connection of its own, one answer, and never a second try. url: where that is;
    target: its path and query. seconds: how long an answer may take to begin, and then to end,
    ANSWER_SECONDS where it isn't given. Raises Unsent and Lost."""
    seconds = ANSWER_SECONDS if seconds is None else seconds
    kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
    with closing(kind(url.hostname or "", url.port, timeout=min(CONNECT_SECONDS, seconds))) as connection:
        try:
            connection.connect()
        except (OSError, UnicodeError):  # the latter: no name of a host
            raise Unsent from None
        connection.sock.settimeout(seconds)
        try:
            connection.request(method, target, body, dict(headers))
            answer = connection.getresponse()
            content = whole(iter(lambda: answer.read1(1 << 16), b""), seconds)
            return Answered(answer.status, answer.headers, content)
        except (OSError, HTTPException) as error:
            # Not from it: what http.client can't send, it quotes, password and all.
            raise Lost(type(error).__name__) from None


def whole(chunks: Iterable[bytes], seconds: float | None = None) -> bytes:
    """An answer that comes in chunks. Raises Lost for one that is too long or takes too long; seconds: as of
    `exchange`."""
    end = time.monotonic() + (ANSWER_SECONDS if seconds is None else seconds)
    answer = bytearray()
    for chunk in chunks:
        answer += chunk
        if len(answer) > MOST_BYTES:
            raise Lost("oversized answer")
        if time.monotonic() > end:
            raise Lost
    return bytes(answer)


def retry_after(header: str | None) -> float:
    """Seconds that a Retry-After asks for, from one second to an hour; one where it can't be read."""
    try:
        seconds = float(header or 1)
    except ValueError:
        return 1.0
    return min(seconds, 3600.0) if seconds > 1 else 1.0


class Patience:
    """For calls that ask several questions. seconds: PATIENCE where it isn't given."""

    def __init__(self, seconds: float | None = None) -> None:
        self._end = time.monotonic() + (PATIENCE if seconds is None else seconds)

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._end
