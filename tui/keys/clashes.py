"""Which keys stand for two things at once, since somebody put one of them elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tui.base.actions import Action
from tui.keys.catalog import Catalog, Place


class Clash(NamedTuple):
    """A key that an action shares. other: with which; place: where both work, or None for everywhere."""

    key: str
    other: Action
    place: Place | None


def clashes(of: str, keys: Mapping[str, str], catalog: Catalog) -> list[Clash]:
    """With what an action shares a key that one of both was put on. keys: a person's own, by ids."""
    found: dict[tuple[str, str], Clash] = {}
    if not keys:
        return []
    everywhere = catalog.everywhere
    for place in catalog.places:
        for other in _beside(of, place, everywhere):
            for key in _shared(of, other.id, keys, catalog):
                found.setdefault((key, other.id), Clash(key, other, place))
    if of in everywhere.actions:
        for other in everywhere.actions.values():
            for key in _shared(of, other.id, keys, catalog):
                found.setdefault((key, other.id), Clash(key, other, None))
    return list(found.values())


def keys_of(id: str, keys: Mapping[str, str], catalog: Catalog) -> list[str]:
    """The keys that an action has."""
    return [key for key in keys.get(id, catalog.actions[id].key).split(",") if key]


def _beside(of: str, place: Place, everywhere: Place) -> Iterable[Action]:
    """What works where an action does, in a place."""
    if of in place.actions:
        yield from place.actions.values()
        for action in everywhere.actions.values():
            if action.priority or not place.modal:
                yield action
    elif of in everywhere.actions and (everywhere.actions[of].priority or not place.modal):
        yield from place.actions.values()


def _shared(one: str, other: str, keys: Mapping[str, str], catalog: Catalog) -> set[str]:
    """The keys of both, unless they are those which both usually have."""
    if one == other or (one not in keys and other not in keys):
        return set()
    usual = set(keys_of(one, {}, catalog)) & set(keys_of(other, {}, catalog))
    return set(keys_of(one, keys, catalog)) & set(keys_of(other, keys, catalog)) - usual
