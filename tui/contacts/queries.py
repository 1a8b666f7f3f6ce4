"""What the screens of one person, and of groups and filters, ask of the store. Called in threads."""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import NamedTuple

from store import Store
from store.credits.model import Account
from store.messages.model import Draft
from store.people.filters import SAVED, Filter, FilterMistake, InGroup
from store.people.model import Contact, Said
from store.people.tasks import Task
from store.sentences import Sentence, sentence
from tui.base.undoing import Deed


class Known(NamedTuple):
    """A person, and with whom they share a number or a household. now: by the account's clock. said: what
    holds for their numbers and addresses of which something was said."""

    contact: Contact
    sharing: list[Contact]
    now: datetime
    said: dict[str, Said]


def known(store: Store, contact_id: int, account: Account) -> Known | None:
    """All there is of a person; None where they are gone."""
    contact = store.people.contact(contact_id)
    if contact is None:
        return None
    names = [number.phone for number in contact.numbers] + [email.lower() for email in contact.emails]
    stands = {name: store.consent.standing(name, account.id) for name in names}
    said = {name: one for name, one in stands.items() if one.at is not None}
    return Known(contact, store.people.sharing(contact), store.clock.now(), said)


def ticked(store: Store, task: Task) -> None:
    """Notes that a task is done; that it is to be done, where it was said to be done."""
    if task.done_at is None:
        store.tasks.tick(task.id)
    else:
        store.tasks.untick(task.id)


def ticked_words(task: Task) -> Sentence:
    """What that did."""
    text = " ".join(task.text.split())
    if task.done_at is None:
        return sentence("Done: {text}", text=text)
    return sentence("Not done: {text}", text=text)


def ticked_deed(task: Task) -> Deed:
    """What takes that back."""
    text = " ".join(task.text.split())
    if task.done_at is None:
        undone = sentence("Undone: {text} is to be done.", text=text)
        return Deed(undone, lambda store: store.tasks.untick(task.id, own=True))
    undone = sentence("Undone: {text} is done.", text=text)
    return Deed(undone, lambda store: store.tasks.tick_again(task))


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
