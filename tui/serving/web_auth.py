"""Who may open a session in a browser: whoever opened the link that this server printed, or knows its
password; both get a pass, which their browser keeps as a cookie."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable

LINK_LASTS = 30 * 60.0
"""Seconds for which a link that nobody opened is good."""
MOST_PASSES = 10_000
"""Passes that are good at once; the oldest are forgotten first."""


class WebAuth:
    """password: "" for a link instead. is_open: whether whoever comes may in, without either. longest:
    seconds for which a pass is good. now: tells the time in seconds."""

    def __init__(
        self, password: str, *, is_open: bool, longest: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.has_link = not (password or is_open)
        self.has_password = bool(password)
        self._password = password
        self._longest = longest
        self._now = now
        self._link = ""
        self._link_until = 0.0
        self._passes: dict[str, float] = {}

    def new_link(self) -> str:
        """The token of a new link: it lets one browser in, once. That of an earlier link counts no longer."""
        self._link = secrets.token_urlsafe(32)
        self._link_until = self._now() + LINK_LASTS
        return self._link

    def enter_by_link(self, token: str) -> str | None:
        """A pass, if it is the link's token; the link is used up by that."""
        if not (self._now() < self._link_until and _same(token, self._link)):
            return None
        self._link_until = 0.0
        return self._new_pass()

    def enter_by_password(self, password: str) -> str | None:
        """A pass, if it is the password."""
        if not (self.has_password and _same(password, self._password)):
            return None
        return self._new_pass()

    def lets_in(self, given: str | None) -> bool:
        """Whether a browser may open sessions that has this pass, or None."""
        if not (self.has_link or self.has_password):
            return True
        return given is not None and self._passes.get(given, 0.0) > self._now()

    def _new_pass(self) -> str:
        now = self._now()
        while self._passes:
            oldest = next(iter(self._passes))
            if self._passes[oldest] > now and len(self._passes) < MOST_PASSES:
                break
            del self._passes[oldest]
        made = secrets.token_urlsafe(32)
        self._passes[made] = now + self._longest
        return made


def _same(given: str, secret: str) -> bool:
    """Whether they are, found out in the same time wherever they differ."""
    return hmac.compare_digest(given.encode(errors="replace"), secret.encode(errors="replace"))
