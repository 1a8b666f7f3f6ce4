"""What we take of Textual that it doesn't promise to keep, in one place: whoever raises its version looks
here, and at `tui.base.diff_display`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from textual import constants, events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode
from textual.geometry import Region
from textual.keys import Keys, _character_to_key
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import OptionList
from textual.worker import WorkerFailed

from tui.base.terminal.layouts import meanings

__all__ = ["FUNCTIONAL_KEYS"]

ESCAPE_DELAY = constants.ESCAPE_DELAY


def bindings_of(node: DOMNode) -> BindingsMap:
    """The keys that a node has."""
    return node._bindings


def add_bindings(node: DOMNode, usual: BindingsMap, bindings: Iterable[Binding]) -> None:
    """Gives one node keys of its own, in place of its class's `usual` ones under the same keys. Textual knows
    bindings by class only; several of one node may share a key, of which the first that means something
    counts."""
    own = BindingsMap(bindings).key_to_bindings
    node._bindings = BindingsMap.from_keys(usual.key_to_bindings | own)


def nodes(app: App[Any]) -> Iterator[DOMNode]:
    """An app, and all that is on the screens of all its stacks."""
    yield app
    for stack in app._screen_stacks.values():
        for screen in stack:
            yield from screen.walk_children(with_self=True)


def key_of_character(character: str) -> str:
    """What the key is named that types a character."""
    return _character_to_key(character)


def seen_widgets(screen: Screen[Any]) -> Iterator[tuple[Widget, Region, Region]]:
    """What is on a screen, each with its place there and with what of that can be seen."""
    for widget, (region, clip) in screen._compositor.visible_widgets.items():
        yield widget, region, clip


def line_of(options: OptionList, index: int) -> int:
    """The line that an option begins on, from the first one's."""
    return options._index_to_line[index]


class Keyboard(XTermParser):
    """Textual's names of keys, without its reading of what a terminal sends."""

    def keys(self, character: str, *, alt: bool = False) -> Iterator[events.Key]:
        """The key that sends a character."""
        yield from self._sequence_to_key_events(character, alt)

    def extended(self, sequence: str) -> Iterator[events.Key]:
        """The keys of a sequence of the extended protocol, which is well formed."""
        yield from self._sequence_to_key_events(sequence)

    def sequence(self, sequence: str) -> Iterator[events.Key]:
        """The keys of any other sequence; none of one that isn't known."""
        keys = ANSI_SEQUENCES_KEYS.get(sequence)
        if isinstance(keys, tuple):
            for key in keys:
                if key is not Keys.Ignore:
                    yield events.Key(key.value, None)
        elif isinstance(keys, str):
            yield from self.keys(keys)
        elif keys is None and len(sequence) == 2:
            yield from self.keys(sequence[1], alt=True)


def end_with(app: App[Any], error: Exception) -> None:
    """Ends an app as an error in a handler would, from any of its threads; not one that has ended."""
    loop = app._loop
    if loop is not None and not loop.is_closed():
        loop.call_soon_threadsafe(app._handle_exception, error)


def failure_of(app: App[Any]) -> Exception | None:
    """The error that nobody foresaw by which an app ended; a worker's, as it was raised there."""
    error = app._exception
    if isinstance(error, WorkerFailed) and isinstance(error.error, Exception):
        return error.error
    return error


def screens_of(app: App[Any]) -> list[Screen[Any]]:
    """All screens that an app has open, those of other modes too."""
    return [screen for stack in app._screen_stacks.values() for screen in stack]


def can_suspend(app: App[Any]) -> bool:
    """Whether an app's terminal can be given back to a shell for a while."""
    return app._driver is not None and app._driver.can_suspend


def is_stopped(message: Message) -> bool:
    """Whether a message goes no further up."""
    return message._stop_propagation


def above(node: MessagePump) -> MessagePump | None:
    """Where what a node doesn't stop goes next."""
    return node._parent


class AnyKeyApp(App[None]):
    """An app whose keys are found on any keyboard, in capitals too. A screen that TAKES_EVERY_KEY gets them
    all itself."""

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        """Textual calls this for each key that nothing has taken yet."""
        if getattr(self.screen, "TAKES_EVERY_KEY", False):
            return False
        for meant in meanings(key):
            if await super()._check_bindings(meant, priority):
                return True
        return False
