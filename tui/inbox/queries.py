"""What the inbox and its commands ask of the store. Called in threads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from store import Store
from store.credits.model import Account
from store.errors import RefusedByRule
from store.messages.model import NEWEST, BlastSummary, Draft, Line, Place, Thread
from store.people.model import Contact, Said

PAGE = 50


class Opened(NamedTuple):
    """A conversation as it stands. lines: newest first, place: where those before them go on, None where
    there are none. contact: None where nobody is known. now: by the account's clock."""

    thread: Thread
    lines: list[Line]
    place: Place | None
    said: Said
    contact: Contact | None
    now: datetime


def opened(store: Store, account: Account, phone: str, limit: int) -> Opened | None:
    """A conversation with its newest lines; None where nobody there has written."""
    thread = store.conversations.thread(account.id, phone)
    if thread is None:
        return None
    lines, place = earlier(store, account, phone, NEWEST, limit)
    said = store.consent.standing(phone, account.id)
    contact = store.people.by_phones([phone]).get(phone)
    return Opened(thread, lines, place, said, contact, store.clock.now())


def earlier(
    store: Store, account: Account, phone: str, place: Place, limit: int = PAGE
) -> tuple[list[Line], Place | None]:
    """The page of lines before those that end at a place, and where the next one goes on."""
    lines, place = store.conversations.lines(account.id, phone, place=place, limit=limit)
    return lines, place if len(lines) == limit else None


def draft_to(store: Store, account: Account, phone: str) -> Draft:
    """What was being written to a number alone, as it was kept; else an empty draft to it."""
    empty = Draft(to=(phone,), account_id=account.id)
    for draft in store.messages.drafts(account.id):
        if draft.people == empty.people and not draft.media:
            return draft
    return empty


def answer(
    store: Store, account: Account, phone: str, body: str, send: Callable[[Draft], BlastSummary]
) -> BlastSummary:
    """Sends a text to one number. Raises RefusedByRule with the reason where the number gets none."""
    draft = Draft(body=body, to=(phone,), account_id=account.id)
    audience = store.messages.audience(account.id, draft)
    for one in audience.without:
        raise RefusedByRule(one.reason, code=one.code)
    return send(draft)
