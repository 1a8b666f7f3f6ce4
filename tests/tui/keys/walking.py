"""Every action there is, found from the classes that hand them out, so that none can be forgotten."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from inspect import isabstract
from typing import NamedTuple

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.widget import Widget

import tui
from tui.app import TextmeterApp
from tui.base.actions import Acting, Action


class Found(NamedTuple):
    """An action, and the class that hands it out."""

    where: type[DOMNode]
    action: Action

    @property
    def verb(self) -> str:
        """What it does: the last word of its id, without what tells it from its like ("-stays")."""
        return self.action.id.rpartition(".")[2].partition("-")[0]

    @property
    def keys(self) -> list[str]:
        """Its keys."""
        return [key.strip() for key in self.action.key.split(",") if key]


def every_class(of: type[DOMNode]) -> Iterator[type[DOMNode]]:
    """All of our classes below one, each once."""
    for module in pkgutil.walk_packages(tui.__path__, "tui."):
        if not module.name.startswith(("tui.commands", "tui.serving", "tui.textmeter")):
            import_module(module.name)
    seen: dict[type[DOMNode], None] = {}
    left = [of]
    while left:
        for one in left.pop().__subclasses__():
            if one not in seen and one.__module__.startswith("tui."):
                seen[one] = None
                left.append(one)
    yield from seen


def every_action(app: TextmeterApp) -> list[Found]:
    """All that screens, dialogs, widgets and the app hand out. app: a running one, which they ask."""
    found = [Found(type(app), action) for action in app.usual.values()]
    for where in every_class(Acting):
        if issubclass(where, App) or not issubclass(where, Widget) or isabstract(where):
            continue
        node = where.__new__(where)  # what is handed out looks at the state only when it is asked
        found += [Found(where, action) for action in node.actions()]
    return found


def bound_elsewhere() -> Iterator[tuple[type[DOMNode], Binding]]:
    """Keys of our widgets that no action stands for, such as those that move a cursor."""
    for where in every_class(DOMNode):
        for binding in Binding.make_bindings(where.__dict__.get("BINDINGS", ())):
            yield where, binding
