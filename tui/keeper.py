"""Keeps the draft that is being written, so that a killed terminal loses a third of a second at most."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from store.messages.model import BlastSummary, Draft

if TYPE_CHECKING:
    from store import Store


class Keeper:
    """One draft's way to the store. Its methods may be called from any thread, in any order: an older state
    of the draft never replaces a newer one, and nothing is kept of what was sent.

    Drafts are given with a number that grows with each change.
    """

    def __init__(self, id: int = 0) -> None:
        self._lock = threading.Lock()
        self._id = id
        self._latest = 0

    def keep(self, store: Store, draft: Draft, change: int) -> int:
        """Keeps a state of the draft; an empty one is not worth a draft. Its id, 0 where none is kept."""
        with self._lock:
            if change > self._latest:
                if is_empty(draft):
                    if self._id:
                        store.messages.delete_draft(self._id)
                    self._id = 0
                else:
                    self._id = store.messages.save_draft(replace(draft, id=self._id)).id
                self._latest = change
            return self._id

    def send(self, store: Store, account_id: int, draft: Draft, change: int, key: str) -> BlastSummary:
        """Sends this state, with which the draft ends. key: sending again under it sends nothing twice."""
        with self._lock:
            blast = store.messages.send(account_id, replace(draft, id=self._id), idempotency_key=key)
            self._id = 0
            self._latest = change
            return blast


def is_empty(draft: Draft) -> bool:
    """Whether there is nothing in a draft that anybody would miss."""
    return not (draft.body.strip() or draft.to or draft.contacts or draft.groups or draft.media)
