"""What the page of a blast asks of the store. Called in threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import NamedTuple

from store import Store
from store.messages.model import TROUBLE, Answers, BlastSummary, Message, Status
from store.messages.proof import LEFT_OUT, Line, Proof
from store.messages.schedule_model import Scheduled
from tui.blasts.presentation import EMAIL_STATUS, LEFT_OUT_WORDS, STATUS


class Source(NamedTuple):
    """Where the proof of something that was sent is read. status: what each of its statuses is called, in the
    order of the totals. read: all of it but the lines, and these, in a thread."""

    status: Mapping[str, str]
    read: Callable[[Store], tuple[Proof, Iterator[Line]]]


def source(blast_id: int) -> Source:
    """Where the proof of a blast is read; of an emergency, with that of its email."""
    words = {**{status.value: words for status, words in STATUS.items()}, **EMAIL_STATUS}
    return Source({**words, LEFT_OUT: LEFT_OUT_WORDS}, lambda store: store.emergency.proof(blast_id))


class Standing(NamedTuple):
    """How far a blast is, what came back to it, and how what of it leaves later is scheduled. now: its
    account's present (UTC)."""

    blast: BlastSummary
    answers: Answers
    scheduled: Scheduled | None
    now: datetime


def standing(store: Store, blast_id: int) -> Standing:
    """Raises WrongUsage where there is no such blast."""
    blast, account_id = store.messages.blast(blast_id), store.messages.account_of(blast_id)
    assert account_id is not None
    waits = store.messages.scheduled(account_id) if blast.leaves_at is not None else []
    scheduled = next((one for one in waits if one.blast_id == blast_id), None)
    answers, now = store.conversations.answers(blast_id), store.credits.present(account_id)
    return Standing(blast, answers, scheduled, now)


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


def cancelled(store: Store, one: Scheduled) -> bool:
    """Ends one; whether some of it has left before, so that it can't be taken back."""
    store.messages.cancel_scheduled(one.id)
    return store.messages.blast(one.blast_id).messages > 0
