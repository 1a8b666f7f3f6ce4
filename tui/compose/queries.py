"""What Compose asks of the store: the draft to go on with, and who a name may be. Called in threads."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple, TypeAlias

from store import Store
from store.clock import local_midnight
from store.credits.model import Account
from store.messages.model import Draft
from store.people.filters import SAVED, FilterMistake
from store.people.model import Contact
from store.people.names import fold
from store.people.search import Match, marked
from store.sentences import sentence
from tui.compose.reach import EXCEPT, Kind, Reach, Token, excepted
from tui.i18n.language import Language

Which: TypeAlias = Callable[[Store], Draft | None]
"""Chooses a draft."""

_separators = re.compile(r"[,;\n\r\t]+")

MOST_PEOPLE = 50
"""Who are offered at once; whoever looks for others types more."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A token that can be chosen, and what stands beside it.

    sure: whether what was typed says that this one is meant, so that Enter takes it. in_label, in_note: where
    what was typed stands in them.
    """

    token: Token
    note: str
    sure: bool
    in_label: Sequence[range] = ()
    in_note: Sequence[range] = ()


class Opened(NamedTuple):
    """A draft with its recipients as they are shown."""

    draft: Draft | None
    tokens: tuple[Token, ...]


def present(store: Store, account: Account) -> tuple[datetime, datetime]:
    """An account's present, and when it renews next. UTC."""
    ends = store.credits.balance(account.id).period.ends
    return store.credits.present(account.id), local_midnight(ends, account.timezone)


def open_draft(store: Store, which: Which, language: Language, account_id: int, reach: Reach) -> Opened:
    """The draft that `which` chooses, for an account. Contacts that are gone are left out of it."""
    draft = which(store)
    return Opened(draft, _tokens(store, draft, language, account_id, reach) if draft is not None else ())


def _tokens(
    store: Store, draft: Draft, language: Language, account_id: int, reach: Reach
) -> tuple[Token, ...]:
    has_groups = draft.groups or draft.but_groups
    members = dict(store.people.groups(account_id, by=reach.by)) if has_groups else {}

    def tokens(
        contacts: Sequence[int], groups: Sequence[str], filters: Sequence[str], typed: Sequence[str]
    ) -> list[Token]:
        return [
            *(_contact_token(contact, language) for contact in store.people.some(contacts)),
            *(_group_token(name, members.get(name, 0), language) for name in groups),
            *(_filter_token(store, query, language, account_id, reach) for query in filters),
            *(reach.token(one, language) for one in typed),
        ]

    return (
        *([_everyone(store, language, account_id, reach)] if draft.everyone else ()),
        *tokens(draft.contacts, draft.groups, draft.filters, draft.to),
        *map(excepted, tokens(draft.but_contacts, draft.but_groups, draft.but_filters, draft.but_to)),
    )


def chosen(draft: Draft, tokens: Sequence[Token]) -> Draft:
    """A draft that goes to these, and to no others."""

    def keys(kind: Kind, *, excepted: bool) -> tuple[str, ...]:
        return tuple(token.key for token in tokens if (token.kind, token.excepted) == (kind, excepted))

    return replace(
        draft,
        to=keys("typed", excepted=False),
        contacts=tuple(map(int, keys("contact", excepted=False))),
        groups=keys("group", excepted=False),
        filters=keys("filter", excepted=False),
        everyone=bool(keys("everyone", excepted=False)),
        but_to=keys("typed", excepted=True),
        but_contacts=tuple(map(int, keys("contact", excepted=True))),
        but_groups=keys("group", excepted=True),
        but_filters=keys("filter", excepted=True),
    )


class Kept(NamedTuple):
    """A draft that was kept. to: the first who gets it, "" where nobody is chosen; others: how many more were
    chosen."""

    draft: Draft
    to: str
    others: int


def kept(
    store: Store, drafts: Sequence[Draft], language: Language, account_id: int, reach: Reach
) -> list[Kept]:
    """An account's drafts with those who get them."""
    found = []
    for draft in drafts:
        tokens = _tokens(store, draft, language, account_id, reach)
        found.append(Kept(draft, tokens[0].label if tokens else "", max(len(tokens) - 1, 0)))
    return found


def suggestions(
    store: Store, text: str, language: Language, account: Account, reach: Reach
) -> list[Suggestion]:
    """Who and what is called so, the likeliest first: a whole number or address, people by name, the
    account's groups, people by what else is known of them. After a # groups only, all of them where nothing
    follows it, and everyone. After a = saved filters, and the filter that follows it.
    After one of EXCEPT all of these as those who get nothing. Raises FilterMistake for a filter that can't be
    followed, where no saved one is called so."""
    if text.startswith(EXCEPT):
        rest = text[1:].strip()
        found = suggestions(store, rest, language, account, reach) if rest else []
        return [_to_get_nothing(one) for one in found if one.token.kind != "everyone"]
    if text.startswith(SAVED):
        return _filters(store, text.removeprefix(SAVED).strip(), language, account, reach)
    own = store.people.groups(account.id, by=reach.by)
    if text.startswith("#"):
        wanted = fold(text[1:].strip())
        groups = [(name, count) for name, count in own if wanted in fold(name)]
        groups.sort(key=lambda group: (not fold(group[0]).startswith(wanted), not marked(group[0], wanted)))
        return [
            *_offer_everyone(store, wanted, language, account, reach),
            *(_group(*group, wanted, language) for group in groups),
        ]
    groups = [(name, count) for name, count in own if marked(name, text)]
    groups.sort(key=lambda group: not fold(group[0]).startswith(fold(text)))
    matches = store.people.suggest(text, limit=MOST_PEOPLE)
    alone = len(matches) == 1
    found = [_person(match, text, language, reach, sure=True) for match in matches if match.by == "name"]
    found += [_group(*group, text, language) for group in groups]
    for match in matches:
        if match.by != "name":
            sure = match.by == "company" or (match.by == "number" and alone)
            found.append(_person(match, text, language, reach, sure=sure))
    if reach.is_begun(text):
        whole = reach.is_whole(text, account.country)
        typed = Suggestion(reach.token(text, language), "", whole or not found)
        found.insert(0 if whole else len(found), typed)
    return found


def is_filter(typed: str) -> bool:
    """Whether what is typed is a filter, or the name of one."""
    return typed.lstrip().lstrip("".join(EXCEPT)).lstrip().startswith(SAVED)


def pieces(text: str) -> list[str]:
    """The numbers or addresses of a list that was pasted."""
    return [piece for part in _separators.split(text) if (piece := part.strip())]


def _to_get_nothing(one: Suggestion) -> Suggestion:
    moved = [range(at.start + 1, at.stop + 1) for at in one.in_label]
    return replace(one, token=excepted(one.token), in_label=moved)


def _offer_everyone(
    store: Store, wanted: str, language: Language, account: Account, reach: Reach
) -> list[Suggestion]:
    """Everyone, where what follows the # begins so; sure where it says so in whole."""
    name = language.gettext("everyone")
    if not fold(name).startswith(wanted):
        return []
    token = _everyone(store, language, account.id, reach)
    return [
        Suggestion(token, language.gettext("all your contacts"), bool(wanted), [range(1, 1 + len(wanted))])
    ]


def _person(match: Match, typed: str, language: Language, reach: Reach, *, sure: bool) -> Suggestion:
    """Somebody, with that beside them by which they were found."""
    contact, token = match.contact, _contact_token(match.contact, language)
    notes = {"company": contact.company, "email": contact.email}
    note = notes.get(match.by, reach.of(contact, language))
    return Suggestion(token, note, sure, marked(token.label, typed), marked(note, typed))


def _group(name: str, members: int, typed: str, language: Language) -> Suggestion:
    token = _group_token(name, members, language)
    found = [range(at.start + 1, at.stop + 1) for at in marked(name, typed)]
    return Suggestion(token, language.gettext("group"), bool(found), found)


def _filters(
    store: Store, typed: str, language: Language, account: Account, reach: Reach
) -> list[Suggestion]:
    """The saved filters that are called so, those that begin so first, and what is typed as a filter."""
    wanted = fold(typed)
    saved = [one for one in store.people.saved_filters() if wanted in fold(one.name)]
    saved.sort(key=lambda one: (not fold(one.name).startswith(wanted), not marked(one.name, wanted)))
    found = []
    for one in saved:
        token = _filter_token(store, f"{SAVED}{one.name}", language, account.id, reach)
        at = [range(at.start + 1, at.stop + 1) for at in marked(one.name, typed)]
        found.append(Suggestion(token, one.query, bool(at), at))
    try:
        count = store.people.count_filtered(typed, account.id, by=reach.by)
    except FilterMistake as mistake:
        if not typed and not found:
            says = sentence("No saved filters yet. Type one, such as =#buyers unit:4*.")
            raise FilterMistake(says) from mistake
        if not found:
            raise
        return found
    token = Token("filter", typed, f"{SAVED}{typed} ({language.number(count)})")
    return [*found, Suggestion(token, language.gettext("filter"), not found)]


def _filter_token(store: Store, query: str, language: Language, account_id: int, reach: Reach) -> Token:
    """A filter with how many people it finds, if it can be followed."""
    label = query if query.startswith(SAVED) else f"{SAVED}{query}"
    with contextlib.suppress(FilterMistake):
        label += f" ({language.number(store.people.count_filtered(query, account_id, by=reach.by))})"
    return Token("filter", query, label)


def _contact_token(contact: Contact, language: Language) -> Token:
    called = contact.name or language.phone(contact.phone) or contact.email
    return Token("contact", str(contact.id), called)


def _everyone(store: Store, language: Language, account_id: int, reach: Reach) -> Token:
    name, count = language.gettext("everyone"), store.people.reachable(account_id, by=reach.by)
    return Token("everyone", "", f"#{name} ({language.number(count)})")


def _group_token(name: str, members: int, language: Language) -> Token:
    return Token("group", name, f"#{name} ({language.number(members)})")
