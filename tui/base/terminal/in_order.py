"""Keys that come in one burst go where they would one by one.

Textual gives every key at once to what is focused when it comes, and what a key leads to (the focus goes on,
a screen opens) comes about later: of Tab and a number that are sent together, the number would land where
Tab was pressed. Here a key waits until the one before it has gone all its way, and what it opened is there.
One that can't do yet what it stands for is held, with all that follow it, until it can.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual import events, on
from textual.driver import Driver
from textual.errors import NoWidget

from tui.base.terminal.events import HungUp
from tui.base.terminal.layouts import meanings
from tui.base.textual_private import AnyKeyApp, above, is_stopped

if TYPE_CHECKING:
    from textual.message_pump import MessagePump
    from textual.screen import Screen

LONGEST_WAY = 0.5
"""Seconds after which a key isn't waited for any more: what it does may take long, or never end."""


class GuardedApp(AnyKeyApp):
    """An app that takes nothing of its terminal on trust."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[events.Event] = deque()
        self._under_way: events.Event | None = events.Load()
        """What is on its way; at first the app itself, until its first screen is there."""
        self._held_on: Screen[object] | None = None
        """The screen on which the first of the keys was pressed that are held."""
        self._began_on: Screen[object] | None = None
        """The screen that was in front as what is on its way set out."""
        self._reads: events.Event | None = None
        """What was waited for last until a screen that it opened has what it reads."""

    def get_driver_class(self) -> type[Driver]:
        from textual import constants

        if constants.DRIVER or sys.platform == "win32":
            return super().get_driver_class()
        from tui.base.terminal.driver import TerminalDriver

        return TerminalDriver

    @on(Driver.SignalResume)
    def _resumed(self) -> None:
        """Whatever stands on the terminal now, it is not ours."""
        self.refresh()

    def on_mount(self) -> None:
        if self._under_way is not None:
            self._arrives(self._under_way)

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.InputEvent | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._under_way is None and not self._is_held(event):
            await self._sets_out(event)
        else:
            self._waiting.append(event)
            if len(self._waiting) == 1 and self._is_reading and _decides(event):
                self.call_later(self._is_over, self._under_way)  # on what is seen, not on what comes after it
            elif len(self._waiting) == 1 or self._held_on is not None:
                self._wait_not_for_ever()

    @property
    def _busy(self) -> bool:
        return self._under_way is not None

    @property
    def _is_reading(self) -> bool:
        """Whether what is on its way has opened a screen that doesn't show yet what it reads."""
        return self._reads is not None and self._reads is self._under_way

    def _wait_not_for_ever(self) -> None:
        if (event := self._under_way) is not None:
            self.set_timer(LONGEST_WAY, partial(self._is_over, event))

    # Held until it can be done

    def hold(self, keys: str) -> bool:
        """Keeps the key that is under way, and all that is typed after it, until `let_go`: what it stands for
        can't be done yet. keys: of that, as `Action.key` has them. False where it is no such key that led
        here."""
        key = self._under_way
        if not isinstance(key, events.Key) or set(keys.split(",")).isdisjoint(meanings(key.key)):
            return False
        self._held_on = self.screen
        self._waiting.appendleft(events.Key(key.key, key.character))
        return True

    @property
    def holds(self) -> bool:
        """Whether keys are held."""
        return self._held_on is not None

    async def let_go(self) -> None:
        """What is held goes on now. Where another screen has come to the front it is dropped, since it was
        meant for the one on which it was pressed."""
        if self._held_on is not self.screen:
            self._waiting = deque(event for event in self._waiting if not self._is_held(event))
        self._held_on = None
        await self._next_sets_out()

    def leaves(self, key: events.Key) -> bool:
        """Whether a key ends the app, and so is never held."""
        return False

    def _is_held(self, event: events.Event) -> bool:
        if self._held_on is None or not isinstance(event, events.Key | events.Paste):
            return False
        return not (isinstance(event, events.Key) and self.leaves(event))

    async def _sets_out(self, event: events.Event) -> None:
        """Gives an event to what is focused, or under the mouse."""
        if isinstance(event, HungUp):
            self.exit(return_code=event.return_code)
            return
        first: MessagePump = self.focused or self.screen
        if isinstance(event, events.MouseEvent):
            try:
                under, _ = self.get_widget_at(event.x, event.y)
            except NoWidget:
                # Beside what is drawn, on a terminal that is just becoming smaller: Textual would take the
                # focus from what has it, and no key would mean anything there.
                if self.mouse_captured is None:
                    return
                under = self.screen
            if not isinstance(event, events.MouseUp):
                await super().on_event(event)
                return
            first = under
        self._under_way, self._began_on = event, self.screen
        await super().on_event(event)
        if event.is_forwarded:
            self._follow(event, first)
        else:
            self._arrives(event)

    def _follow(self, event: events.Event, node: MessagePump) -> None:
        """Waits until a node, which has got an event, has done with it."""
        if not node.call_later(self._went_on, event, node):
            self._arrives(event)

    def _went_on(self, event: events.Event, node: MessagePump) -> None:
        further = above(node)
        # Textual marks as stopped what comes to the app, which has sent it and does what it stands for. A
        # click is an event of its own that follows its mouse's.
        goes_on = not is_stopped(event) or further is self or isinstance(event, events.MouseUp)
        if further is None or not goes_on:
            self._arrives(event)
        else:
            self._follow(event, further)

    def _arrives(self, event: events.Event) -> None:
        """Waits until the screen in front is there, with its focus."""
        screen = self.screen
        if not screen.call_later(self.call_later, self._arrived, event, screen):
            self.call_later(self._is_over, event)

    async def _arrived(self, event: events.Event, screen: Screen[object]) -> None:
        if event is not self._under_way:
            await self._is_over(event)
        elif screen is not self.screen:  # it led to another one
            self._arrives(event)
        elif screen is self._began_on:
            await self._is_over(event)
        else:
            self._began_on, self._reads = screen, event
            self.when_read(screen, partial(self._arrives, event))

    def when_read(self, screen: Screen[object], then: Callable[[], object]) -> None:
        """Calls something once a screen that was opened has what it reads, and has its focus by that."""
        self.call_later(then)

    async def _is_over(self, event: events.Event) -> None:
        """The next one may set out; where this one was waited for in vain, that is so already."""
        if event is self._under_way:
            self._under_way = None
            await self._next_sets_out()

    async def _next_sets_out(self) -> None:
        while not self._busy:
            free = next((event for event in self._waiting if not self._is_held(event)), None)
            if free is None:
                return
            self._waiting.remove(free)
            await self._sets_out(free)
        if self._waiting:
            self._wait_not_for_ever()


def _decides(event: events.Event) -> bool:
    """Whether it is a key, such as Enter, that means what is in front rather than writes something."""
    return isinstance(event, events.Key) and not event.is_printable
