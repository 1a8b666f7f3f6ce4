"""What is noted of a running app for whoever mends it: what was done last, what was slow, how it ended."""

from __future__ import annotations

import time
from collections import deque
from typing import Any, Protocol, runtime_checkable

from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump

from store.logs import SLOW, log
from store.redaction import Word
from tui.base.textual_private import failure_of, screens_of

TRAIL = 20
"""Actions that are remembered for the report of a crash."""


@runtime_checkable
class KeepsTyped(Protocol):
    """A screen, as far as what is typed there is concerned."""

    def keep_typed(self) -> None: ...


class Timed(MessagePump):
    """Logs what takes long of what it does about a message: nobody sees anything move meanwhile."""

    async def _dispatch_message(self, message: Message) -> None:
        began = time.perf_counter()
        try:
            await super()._dispatch_message(message)
        finally:
            if (seconds := time.perf_counter() - began) > SLOW:
                slow(self, type(message).__name__, seconds)


def slow(node: object, what: str, seconds: float) -> None:
    """Logs that a node took so long about something, a message's kind or an action's id."""
    log().warning("slow %s in %s: %s ms", Word(what), Word(type(node).__name__), round(seconds * 1_000))


class WatchedApp(Timed, App[None]):
    """An app that remembers what was done, and keeps what was typed before an error ends it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trail: deque[str] = deque(maxlen=TRAIL)
        """The ids of what was done last."""
        self.screen_left = ""
        """The kind of the screen that was in front when an error that nobody foresaw ended the app."""
        self.typed_is_kept = True
        """Whether all that was typed could be kept then."""

    def _fatal_error(self) -> None:
        """Something that nobody foresaw: Textual would print a traceback with all that it held. The app is
        left instead, and whoever runs it says a sentence (see `tui.launch`)."""
        if not self.screen_left:
            self.screen_left = type(self.screen).__name__ if self.screen_stack else "-"
            log().error("ended by an error in %s", Word(self.screen_left), exc_info=failure_of(self))
            self._keep_typed()
        self._close_messages_no_wait()

    def _keep_typed(self) -> None:
        """Keeps what was typed on any screen, as far as that still works."""
        for screen in screens_of(self):
            if isinstance(screen, KeepsTyped):
                try:
                    screen.keep_typed()
                except Exception:  # noqa: BLE001 - the others' is kept all the same
                    self.typed_is_kept = False
