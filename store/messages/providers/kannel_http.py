"""Asking Kannel over HTTP: one request, one answer, and never a second try."""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from store.errors import WrongUsage
from store.messages.providers.asking import MOST_BYTES, Lost, Unsent
from store.sentences import sentence

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 15.0
"""How long Kannel may be silent: together less than half of `outbox.LEASE`."""


class Answer(NamedTuple):
    status: int
    says: str


class Page:
    """Something that Kannel answers at. option: what a person calls its URL; it may hold a password, so that
    it is shown to nobody. Raises WrongUsage for what is no URL."""

    def __init__(self, option: str, url: str, seconds: float = ANSWER_SECONDS) -> None:
        try:
            self._parts = urlsplit(url)
            self._port = self._parts.port
        except ValueError:
            raise _no_url(option) from None
        if self._parts.scheme not in ("http", "https") or not self._parts.hostname or not url.isprintable():
            raise _no_url(option)
        self._seconds = seconds

    def __str__(self) -> str:
        """Without what comes behind the path, and without whoever logs in."""
        host = self._parts.netloc.rpartition("@")[2]
        return f"{self._parts.scheme}://{host}{self._parts.path}"

    @property
    def host(self) -> str:
        return self._parts.hostname or ""

    @property
    def is_encrypted(self) -> bool:
        return self._parts.scheme == "https"

    def get(self, query: Mapping[str, str]) -> Answer:
        """Raises Unsent and Lost."""
        kind = HTTPSConnection if self.is_encrypted else HTTPConnection
        connection = kind(self.host, self._port, timeout=min(CONNECT_SECONDS, self._seconds))
        fields = "&".join(filter(None, (self._parts.query, urlencode(query, errors="replace"))))
        try:
            try:
                connection.connect()
            except (OSError, UnicodeError):  # the latter: no name of a host
                raise Unsent from None
            connection.sock.settimeout(self._seconds)
            try:
                connection.request("GET", f"{self._parts.path or '/'}?{fields}")
                response = connection.getresponse()
                return Answer(response.status, response.read(MOST_BYTES).decode("utf-8", "replace"))
            except (OSError, HTTPException) as error:
                # Not from it: what http.client can't send, it quotes, password and all.
                raise Lost(type(error).__name__) from None
        finally:
            connection.close()


def _no_url(option: str) -> WrongUsage:
    return WrongUsage(
        sentence("{option} takes a URL that begins with http:// or https://.", option=option),
        code="no-such-option",
        key=option,
    )
