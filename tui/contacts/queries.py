"""What the screens of one person, and of groups and filters, ask of the store. Called in threads."""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import NamedTuple

from store import Store
from store.credits.model import Account
from store.emails.model import Email
from store.messages.model import Draft, Line, Texted
from store.people.filters import SAVED, Filter, FilterMistake, InGroup
from store.people.model import Contact, Said

MOST = 100
"""Texts, and emails, that are shown of one person."""


class Known(NamedTuple):
    """A person, with whom they share a number or a household, and what happened with them, newest first. now:
    by the account's clock. said: what holds for their numbers of which something was said."""

    contact: Contact
    sharing: list[Contact]
    happened: list[Texted | Email | Said | Line]
    now: datetime
    said: dict[str, Said]


def known(store: Store, contact_id: int, account: Account) -> Known | None:
    """All there is of a person; None where they are gone."""
    contact = store.people.contact(contact_id)
    if contact is None:
        return None
    phones = [number.phone for number in contact.numbers]
    happened: list[Texted | Email | Said | Line] = []
    happened += store.messages.to_phones(account.id, phones, limit=MOST)
    happened += store.emails.timeline(contact.id, MOST)
    happened += store.consent.of_numbers(phones, account.id)
    for phone in phones:
        happened += store.conversations.replies(account.id, phone, limit=MOST)
    now = store.clock.now()
    happened.sort(key=lambda one: one.at or now, reverse=True)
    stands = {phone: store.consent.standing(phone, account.id) for phone in phones}
    said = {phone: one for phone, one in stands.items() if one.at is not None}
    return Known(contact, store.people.sharing(contact), happened, now, said)


class Listed(NamedTuple):
    """A saved filter or a group. query: whom it finds, as the search has it; draft: a text to them. people:
    how many can be texted, None for a filter that can't be followed any more."""

    name: str
    query: str
    draft: Draft
    people: int | None

    @property
    def is_group(self) -> bool:
        return bool(self.draft.groups)


def listed(store: Store, account: Account) -> list[Listed]:
    """The saved filters, then an account's groups, each by name."""
    filters = []
    for name, query in store.people.saved_filters():
        people = None
        with contextlib.suppress(FilterMistake):
            people = store.people.count_filtered(query, account.id)
        filters.append(Listed(name, query, Draft(filters=(f"{SAVED}{name}",)), people))
    groups = [
        Listed(name, str(Filter((InGroup(name),))), Draft(groups=(name,)), people)
        for name, people in store.people.groups(account.id)
    ]
    return filters + groups
