"""Keys that come in one burst go where they would one by one.

Textual gives every key at once to what is focused when it comes, and what a key leads to (the focus goes on,
a screen opens) comes about later: of Tab and a number that are sent together, the number would land where
Tab was pressed. Here a key waits until the one before it has gone all its way, and what it opened is there.
"""

from __future__ import annotations

import sys
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from textual import events, on
from textual.driver import Driver
from textual.errors import NoWidget

from tui.base.terminal.events import HungUp
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
        elif self._under_way is None:
            await self._sets_out(event)
        else:
            self._waiting.append(event)
            if len(self._waiting) == 1:
                self._wait_not_for_ever()

    @property
    def _busy(self) -> bool:
        return self._under_way is not None

    def _wait_not_for_ever(self) -> None:
        if (event := self._under_way) is not None:
            self.set_timer(LONGEST_WAY, partial(self._is_over, event))

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
        self._under_way = event
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
        # A click is an event of its own that follows its mouse's.
        if further is None or (is_stopped(event) and not isinstance(event, events.MouseUp)):
            self._arrives(event)
        else:
            self._follow(event, further)

    def _arrives(self, event: events.Event) -> None:
        """Waits until the screen in front is there, with its focus."""
        screen = self.screen
        if not screen.call_later(self.call_later, self._arrived, event, screen):
            self.call_later(self._is_over, event)

    async def _arrived(self, event: events.Event, screen: Screen[object]) -> None:
        if screen is self.screen or event is not self._under_way:
            await self._is_over(event)
        else:  # it led to another one
            self._arrives(event)

    async def _is_over(self, event: events.Event) -> None:
        """The next one may set out; where this one was waited for in vain, that is so already."""
        if event is self._under_way:
            self._under_way = None
            while self._waiting and not self._busy:
                await self._sets_out(self._waiting.popleft())
            if self._waiting:
                self._wait_not_for_ever()
