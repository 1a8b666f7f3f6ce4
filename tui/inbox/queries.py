"""What the inbox and its commands ask of the store. Called in threads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from store import Store
from store.credits.model import Account
from store.emails.model import CampaignSummary, EmailEstimate
from store.errors import RefusedByRule
from store.messages.model import NEWEST, BlastSummary, Draft, Line, Place, Purpose, Thread
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
    people = store.people
    contact = people.by_email(phone) if "@" in phone else people.by_phones([phone]).get(phone)
    return Opened(thread, lines, place, said, contact, store.clock.now())


def earlier(
    store: Store, account: Account, phone: str, place: Place, limit: int = PAGE
) -> tuple[list[Line], Place | None]:
    """The page of lines before those that end at a place, and where the next one goes on."""
    lines, place = store.conversations.lines(account.id, phone, place=place, limit=limit)
    return lines, place if len(lines) == limit else None


def draft_to(store: Store, account: Account, phone: str) -> Draft:
    """What was being written to a number alone, as it was kept; else an empty draft to it."""
    subject = answered(store, account, phone).subject if "@" in phone else ""
    empty = Draft(subject=subject, to=(phone,), account_id=account.id)
    for draft in store.messages.drafts(account.id):
        is_answer = draft.purpose in (None, Purpose.CONVERSATION)
        if draft.people == empty.people and is_answer and not draft.media:
            return draft
    return empty


class Answered(NamedTuple):
    """The email that is answered. message_id: its own name, "" where it has none; subject: the answer's."""

    message_id: str
    subject: str


def answered(store: Store, account: Account, address: str) -> Answered:
    """The latest that a person wrote from an address; else what we wrote goes on."""
    replies = store.conversations.replies(account.id, address, limit=20)
    line = next((one for one in replies if not one.automatic), None)
    if line is None:
        lines, _ = store.conversations.lines(account.id, address, limit=1)
        subject = lines[0].subject if lines else ""
        return Answered("", _re(subject))
    return Answered(line.message_id, _re(line.subject))


def _re(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}".strip()


def answer_by_email(
    store: Store, account: Account, draft: Draft, *, key: str = "", expected: EmailEstimate | None = None
) -> CampaignSummary:
    """Sends an email to one address, as the answer to the latest from there. key, expected: as
    `Emails.send` takes them. Raises RefusedByRule with the reason where the address gets none."""
    [address] = draft.to
    for one in store.emails.audience(account.id, draft).without:
        raise RefusedByRule(one.reason, code=one.code)
    latest = answered(store, account, address)
    return store.emails.send(account.id, draft, key=key, expected=expected, answers=latest.message_id)


def answer(
    store: Store, account: Account, phone: str, body: str, send: Callable[[Draft], BlastSummary]
) -> BlastSummary:
    """Sends a text to one number. Raises RefusedByRule with the reason where the number gets none."""
    draft = Draft(body=body, to=(phone,), account_id=account.id)
    audience = store.messages.audience(account.id, draft)
    for one in audience.without:
        raise RefusedByRule(one.reason, code=one.code)
    return send(draft)
