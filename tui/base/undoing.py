"""What a person just did and can take back: of one session, account by account, the latest first."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.sentences import Sentence

if TYPE_CHECKING:
    from store import Store

KEPT = 50
"""Deeds of an account that can be taken back."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done.

    undone: what is told once it is taken back. take_back: does so, called in a thread; raises RefusedByRule,
    with nothing changed, where somebody changed the same since.
    """

    undone: Sentence
    take_back: Callable[[Store], object]


class Deeds:
    """Those of a session. Nothing is in here that can't be undone: a text that left, a payment."""

    def __init__(self) -> None:
        self._done: dict[int, deque[Deed]] = {}

    def add(self, account_id: int, deed: Deed) -> None:
        """Keeps what was done with an account; what was done long before it can't be undone any more."""
        self._done.setdefault(account_id, deque(maxlen=KEPT)).append(deed)

    def last(self, account_id: int) -> Deed | None:
        """What would be taken back next."""
        done = self._done.get(account_id)
        return done[-1] if done else None

    def forget(self, account_id: int, deed: Deed) -> None:
        """It is taken back, or can't be any more."""
        done = self._done.get(account_id)
        if done and deed in done:
            done.remove(deed)
