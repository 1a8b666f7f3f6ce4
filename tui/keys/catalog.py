"""Every action there is, found from the classes that hand them out."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from inspect import isabstract
from typing import TYPE_CHECKING, cast

from textual.screen import ModalScreen
from textual.widget import Widget

import tui
from tui.base.actions import Acting, Action

if TYPE_CHECKING:
    from tui.base.session_app import SessionApp

OUTSIDE = ("tui.commands", "tui.serving", "tui.textmeter", "tui.launch")
"""Modules that have no screens of the app."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where actions work at once. name: of the screen, a message id; "" for dialogs and widgets, and for the
    app. modal: whether the app's own keys mean nothing there, but for those that have priority."""

    where: str
    name: str
    modal: bool
    actions: Mapping[str, Action] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Catalog:
    """All actions by their ids, those of the app, and the places that have others."""

    actions: Mapping[str, Action]
    everywhere: Place
    places: tuple[Place, ...]


def catalog(app: SessionApp) -> Catalog:
    """What an app that is running can do anywhere. It imports every room, so it belongs in a thread."""
    everywhere = Place(type(app).__name__, "", modal=False, actions=cast("Acting", app).usual)
    places = [_place(where) for where in every_class()]
    actions = dict(everywhere.actions)
    for place in places:
        for id, action in place.actions.items():
            actions.setdefault(id, action)
    return Catalog(actions, everywhere, tuple(places))


def every_class() -> Iterator[type[Widget]]:
    """The screens, dialogs and widgets that have actions, each once."""
    for module in pkgutil.walk_packages(tui.__path__, "tui."):
        if not module.name.startswith(OUTSIDE):
            import_module(module.name)
    seen: set[type] = set()
    left: list[type[object]] = [Acting]
    while left:
        subclasses: list[type[object]] = left.pop().__subclasses__()
        for one in subclasses:
            if one in seen or not one.__module__.startswith("tui."):
                continue
            seen.add(one)
            left.append(one)
            if issubclass(one, Widget) and not isabstract(one):
                yield one


def _place(where: type[Widget]) -> Place:
    # What actions look at they look at when they are asked, so that a node which isn't set up hands them out.
    node = cast("Acting", where.__new__(where))
    name = getattr(where, "NAME", "")
    modal = issubclass(where, ModalScreen)
    return Place(where.__name__, name, modal, {action.id: action for action in node.actions()})
