"""What the page of a blast asks of the store. Called in threads."""

from __future__ import annotations

from functools import partial

from store import Store
from store.messages.model import TROUBLE, Answers, BlastSummary, Message, Status


def standing(store: Store, blast_id: int) -> tuple[BlastSummary, Answers]:
    """How far a blast is, and what came back to it. Raises WrongUsage where there is none."""
    return store.messages.blast(blast_id), store.conversations.answers(blast_id)


def page(
    store: Store, blast_id: int, after: Message | None, limit: int, status: Status | None = None
) -> list[Message]:
    """Messages of a blast, those in trouble first. after: the last one of the page before."""
    ask = partial(store.messages.messages, blast_id)
    last = after.id if after is not None else 0
    if status is not None:
        return ask(status=status, after=last, limit=limit)
    found: list[Message] = []
    if after is None or after.status in TROUBLE:
        found, last = ask(status=TROUBLE, after=last, limit=limit), 0
    if len(found) < limit:
        found += ask(status=frozenset(Status) - TROUBLE, after=last, limit=limit - len(found))
    return found
