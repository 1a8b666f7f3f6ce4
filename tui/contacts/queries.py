"""What the screen of one person asks of the store. Called in threads."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from store import Store
from store.credits.model import Account
from store.emails.model import Email
from store.messages.model import Line, Texted
from store.people.model import ConsentState, Contact

MOST = 100
"""Texts, and emails, that are shown of one person."""


class Known(NamedTuple):
    """A person, with whom they share a number or a household, and what happened with them, newest first. now:
    by the account's clock. said: the consent of their numbers of which something was said."""

    contact: Contact
    sharing: list[Contact]
    happened: list[Texted | Email | Line]
    now: datetime
    said: dict[str, ConsentState]


def known(store: Store, contact_id: int, account: Account) -> Known | None:
    """All there is of a person; None where they are gone."""
    contact = store.people.contact(contact_id)
    if contact is None:
        return None
    phones = [number.phone for number in contact.numbers]
    happened: list[Texted | Email | Line] = [*store.messages.to_phones(account.id, phones, limit=MOST)]
    happened += store.emails.timeline(contact.id, MOST)
    for phone in phones:
        happened += store.conversations.replies(account.id, phone, limit=MOST)
    happened.sort(key=lambda one: one.at, reverse=True)
    said = store.consent.states(phones, account.id)
    return Known(contact, store.people.sharing(contact), happened, store.clock.now(), said)
