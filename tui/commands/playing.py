"""What leaves as a demo clock is moved on."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event
from typing import TYPE_CHECKING, NamedTuple

from store.messages.model import Waiting

if TYPE_CHECKING:
    from store import Store
    from store.messages.schedule_model import Scheduled


class Played(NamedTuple):
    """How many scheduled texts have left, and how many ask instead."""

    left: int
    asks: int


def play(store: Store, account_id: int, before: Sequence[Scheduled]) -> Played:
    """Has what time brought leave, and the receipts come that are due. before: what was scheduled."""
    after = {one.id: one for one in store.messages.scheduled(account_id)}
    left = asks = 0
    for one in before:
        if one.state is not Waiting.WAITING:
            continue
        now = after.get(one.id)
        asks += now is not None and now.state is Waiting.ASKS
        left += now is None or (now.blast_id, now.people) != (one.blast_id, one.people)
    if left:
        store.messages.deliver(stop=Event())
    store.messages.catch_up()
    return Played(left, asks)
