"""Asking Kannel over HTTP: its pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from store.errors import WrongUsage
from store.messages.providers import asking
from store.sentences import sentence

ANSWER_SECONDS = 12.0
"""How long Kannel may be silent, and then take: together less than half of `outbox.LEASE`."""


class Answer(NamedTuple):
    status: int
    says: str


class Page:
    """Something that Kannel answers at. option: what a person calls its URL; it may hold a password, so that
    it is shown to nobody. Raises WrongUsage for what is no URL."""

    def __init__(self, option: str, url: str, seconds: float = ANSWER_SECONDS) -> None:
        try:
            self._parts = urlsplit(url)
            self._parts.port  # noqa: B018 - which may be none
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
        fields = "&".join(filter(None, (self._parts.query, urlencode(query, errors="replace"))))
        target = f"{self._parts.path or '/'}?{fields}"
        status, _, content = asking.exchange(self._parts, "GET", target, seconds=self._seconds)
        return Answer(status, content.decode("utf-8", "replace"))


def _no_url(option: str) -> WrongUsage:
    return WrongUsage(
        sentence("{option} must be a URL that starts with http:// or https://.", option=option),
        code="no-such-option",
        key=option,
    )
