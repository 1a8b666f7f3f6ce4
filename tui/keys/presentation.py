"""What the list of keys shows: actions grouped by where they work, as far as they match what is typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from store.sentences import N_, Sentence, sentence
from tui.base.actions import Action
from tui.base.picker import folded
from tui.i18n.key_names import shown
from tui.i18n.language import Language
from tui.keys.catalog import Catalog
from tui.keys.clashes import Clash, clashes, keys_of

EVERYWHERE, DIALOGS = N_("Everywhere"), N_("Dialogs and panels")


class Heading(NamedTuple):
    """Where the actions below it work, in the session's language."""

    name: str


class Row(NamedTuple):
    """An action. keys: those that it has, as they are shown; own: whether a person put it there."""

    id: str
    label: str
    about: str
    keys: tuple[str, ...]
    usual: tuple[str, ...]
    own: bool
    clashes: tuple[Clash, ...]


Line: TypeAlias = Heading | Row


Groups: TypeAlias = Sequence[tuple[str, Sequence[Row]]]
"""The actions below the names of where they work, in the session's language."""


def grouped(catalog: Catalog, keys: Mapping[str, str], language: Language) -> Groups:
    """All actions, each once. keys: a person's own, by ids."""
    seen: set[str] = set()
    groups = []
    for name, actions in _groups(catalog, language):
        new = [action for action in actions if action.id not in seen]
        seen.update(action.id for action in new)
        groups.append((name, [_row(action, catalog, keys, language) for action in new]))
    return groups


def matching(groups: Groups, typed: str) -> list[Line]:
    """Those that match what is typed, below the names of their groups."""
    found: list[Line] = []
    for name, rows in groups:
        if rows := [row for row in rows if _matches(row, name, typed)]:
            found += [Heading(name), *rows]
    return found


def clash_words(clash: Clash, language: Language) -> Sentence:
    """With what a key is shared, and where."""
    key, other = shown(clash.key, language.gettext), language.gettext(clash.other.label)
    if clash.place is None or not clash.place.name:
        return sentence("{key} is also “{other}”. Only one of them will work.", key=key, other=other)
    return sentence(
        "{key} is also “{other}” in {screen}. Only one of them will work there.",
        key=key,
        other=other,
        screen=language.gettext(clash.place.name),
    )


def _groups(catalog: Catalog, language: Language) -> Iterator[tuple[str, list[Action]]]:
    """Everywhere first, then the screens by their names, then what has none."""
    _ = language.gettext
    yield _(EVERYWHERE), list(catalog.everywhere.actions.values())
    named = sorted(
        (place for place in catalog.places if place.name), key=lambda place: _(place.name).casefold()
    )
    for place in named:
        yield _(place.name), list(place.actions.values())
    nameless = [place for place in catalog.places if not place.name]
    yield _(DIALOGS), [action for place in nameless for action in place.actions.values()]


def _row(action: Action, catalog: Catalog, keys: Mapping[str, str], language: Language) -> Row:
    def named(of: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(shown(key, language.gettext) for key in keys_of(action.id, of, catalog))

    shared = tuple(clashes(action.id, keys, catalog))
    own = action.id in keys
    return Row(
        action.id, language.gettext(action.label), action.tells(language), named(keys), named({}), own, shared
    )


def _matches(row: Row, group: str, typed: str) -> bool:
    """Whether it is one of the keys that is typed, or every word of that is in its names."""
    if typed.strip() in row.keys:
        return True
    told = folded(f"{row.label} {row.about} {group} {row.id}")
    return all(word in told for word in folded(typed).split())
