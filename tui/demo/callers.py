"""People who write while somebody looks at demo data, so that a conversation can be tried."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from store.demo.languages import spoken
from store.errors import TextmeterError

if TYPE_CHECKING:
    from store import Store

EVERY = 40.0
"""Seconds from one text to the next."""


class Callers:
    """Plays a few texts of people who wrote before, in a language. seed: the same one gives the same people
    and words."""

    def __init__(self, language: str, seed: int) -> None:
        from store.demo.words import read

        self._chance = random.Random(seed)
        self._texts = list(read(spoken(language)).now_and_then)

    def call(self, store: Store, account_id: int) -> None:
        """One of them writes; nobody any more once all was said. Called in threads, one at a time."""
        threads = store.conversations.threads(account_id, limit=20)
        if not self._texts or not threads:
            return
        thread = self._chance.choice(threads)
        try:
            store.messages.receive(account_id, thread.phone, self._texts.pop(0))
        except TextmeterError:  # one may have set up a sender of one's own, or be a viewer
            self._texts.clear()
