"""What a server tells whoever runs it: a line for each session and each refusal, and counters for
Prometheus."""

from __future__ import annotations

import logging
import sys
import time
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from store.redaction import Word


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """What is told of a session. terminal: "xterm-256color 120x36", "" without one; key: the fingerprint of
    the key that signed in, "" without one."""

    number: int
    person: str
    role: str
    address: str
    key: str
    terminal: str
    command: str


class ServerLog:
    """The log on standard error, and the counters. kind: of the server, "ssh" or "web"."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._log = logging.getLogger(f"textmeter.{kind}")
        self.registry = CollectorRegistry()
        self._going_on = Gauge(
            "textmeter_sessions", "Sessions that go on.", ["server"], registry=self.registry
        ).labels(kind)
        self._ended = Counter(
            "textmeter_sessions_ended",
            "Sessions, by why they ended.",
            ["server", "why"],
            registry=self.registry,
        )
        self._refused = Counter(
            "textmeter_refused", "What was refused, by why.", ["server", "why"], registry=self.registry
        )
        self._connections = Counter(
            "textmeter_connections", "Connections that were made.", ["server"], registry=self.registry
        ).labels(kind)
        self._seconds = Histogram(
            "textmeter_session_seconds",
            "How long sessions lasted.",
            ["server"],
            registry=self.registry,
            buckets=(1, 10, 60, 300, 900, 3600, 14_400, float("inf")),
        ).labels(kind)

    def connected(self) -> None:
        self._connections.inc()

    def refused(self, why: str, address: str) -> None:
        """why: a word of ours, such as "attempts"."""
        self._refused.labels(self._kind, why).inc()
        self._log.warning("refused why=%s from=%s", Word(why), address)

    def began(self, told: SessionInfo) -> None:
        self._going_on.inc()
        self._log.info("session=%d began %s", told.number, _words(told))

    def ended(self, told: SessionInfo, seconds: float, why: str) -> None:
        """why: a word of ours, such as "quit", "left", "idle"."""
        self._going_on.dec()
        self._ended.labels(self._kind, why).inc()
        self._seconds.observe(seconds)
        self._log.info(
            "session=%d ended why=%s seconds=%.1f %s", told.number, Word(why), seconds, _words(told)
        )

    def says(self, words: str) -> None:
        """A line about the server itself."""
        self._log.info("%s", words)

    def serve_counters(self, port: int) -> int:
        """Gives the counters to whoever asks on loopback; the port, chosen by the system where it is 0.
        Raises OSError."""
        server, _ = start_http_server(port, addr="127.0.0.1", registry=self.registry)
        return int(server.server_port)


def _words(told: SessionInfo) -> str:
    facts = {
        "person": told.person,
        "role": told.role,
        "from": told.address,
        "key": told.key,
        "terminal": told.terminal,
        "command": told.command,
    }
    return " ".join(f"{name}={_quoted(value)}" for name, value in facts.items() if value)


def _quoted(value: str) -> str:
    """A value that somebody else chose, as one harmless word that can't be taken for more."""
    value = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in value
    )
    if not {" ", '"', "\\"} & {*value}:
        return value
    value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'


class _OneLine(logging.Formatter):
    """A line a record, whatever a client has put into it; of a library's error its kind and what it says."""

    converter = time.gmtime  # type: ignore[assignment] # typeshed knows one kind of it

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        if record.exc_info and record.exc_info[0] is not None:
            record.message += f" ({record.exc_info[0].__name__}: {record.exc_info[1]})"
        line = super().formatMessage(record)
        return "".join(character if character.isprintable() else " " for character in line)

    def formatException(self, ei: object) -> str:  # noqa: N802 - likewise
        return ""


def log_to_stderr() -> None:
    """Sends the log to standard error, with the time in UTC; that of our libraries, too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine("%(asctime)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%SZ"))
    logging.getLogger("textmeter").setLevel(logging.INFO)
    for name in ("textmeter", "aiohttp", "asyncio"):
        logging.getLogger(name).addHandler(handler)
