"""What the palette finds of contacts. Called in threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from store import Store
from store.people.filters import SAVED, Filter, InGroup
from tui.base.finds import GROUPS, PEOPLE, Asked, Find, posts
from tui.base.navigation import GoTo, OpenContact
from tui.base.session_app import SessionApp
from tui.contacts.presentation import called

MOST_PEOPLE = 6


def groups(store: Store, asked: Asked) -> Iterator[Find]:
    """An account's groups and the saved filters; each shows its people in Contacts."""
    language = asked.language
    for name, people in store.people.groups(asked.account.id):
        count = language.ngettext("{count} person", "{count} people", people)
        query = str(Filter((InGroup(name),)))
        about = count.format(count=language.number(people))
        also = language.gettext("group")
        yield Find(f"group.{name}", GROUPS, f"#{name}", _shows(query), about, also=also)
    for name, query in store.people.saved_filters():
        yield Find(f"filter.{name}", GROUPS, f"{SAVED}{name}", _shows(query), query)


def _shows(query: str) -> Callable[[SessionApp], object]:
    return posts(partial(GoTo, "contacts", query))


def people(store: Store, asked: Asked) -> Iterator[Find]:
    """Who may be meant, the likeliest first."""
    for contact, _by in store.people.suggest(asked.typed, limit=MOST_PEOPLE):
        known = (contact.company, asked.language.phone(contact.phone) if contact.phone else contact.email)
        yield Find(
            f"contact.{contact.id}",
            PEOPLE,
            called(asked.language, contact),
            posts(partial(OpenContact, contact)),
            " · ".join(filter(None, known)),
        )
