"""What Compose asks of the store: the draft to go on with, and who a name may be. Called in threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from store import Store
from store.messages.model import Draft
from store.people.model import Contact
from tui.i18n.language import Language

Which: TypeAlias = Callable[[Store], Draft | None]
"""Chooses a draft."""

Kind: TypeAlias = Literal["contact", "group", "number"]


@dataclass(frozen=True, slots=True)
class Token:
    """One thing that was chosen to get a text. key: a contact's id, a group's name, or a number as typed;
    label: to be shown.
    """

    kind: Kind
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A token that can be chosen, and what stands beside it."""

    token: Token
    note: str


class Opened(NamedTuple):
    """A draft with its recipients as they are shown."""

    draft: Draft | None
    tokens: tuple[Token, ...]


def open_draft(store: Store, which: Which, language: Language) -> Opened:
    """The draft that `which` chooses. Contacts that are gone are left out of it."""
    draft = which(store)
    tokens: list[Token] = []
    if draft is not None:
        people = [contact for id in draft.contacts if (contact := store.people.contact(id))]
        members = dict(store.people.groups()) if draft.groups else {}
        tokens += map(_contact_token, people)
        tokens += (_group_token(name, members.get(name, 0), language) for name in draft.groups)
        tokens += (Token("number", number, number) for number in draft.to)
    return Opened(draft, tuple(tokens))


def suggestions(store: Store, text: str, language: Language) -> list[Suggestion]:
    """Groups and people that are called so; after a # groups only."""
    wanted = text.removeprefix("#").casefold()
    groups = [(name, members) for name, members in store.people.groups() if wanted in name.casefold()]
    people = [] if text.startswith("#") else store.people.contacts(text, limit=8)
    return [
        *(Suggestion(_group_token(*group, language), language.gettext("group")) for group in groups[:4]),
        *(Suggestion(_contact_token(contact), contact.phone or contact.email) for contact in people),
    ]


def _contact_token(contact: Contact) -> Token:
    return Token("contact", str(contact.id), contact.name or contact.phone or contact.email)


def _group_token(name: str, members: int, language: Language) -> Token:
    return Token("group", name, f"#{name} ({language.number(members)})")
