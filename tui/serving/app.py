"""The app for somebody elsewhere: it ends in time, after having said so, and keeps what was typed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from typing import Any

from textual import events
from textual.geometry import Size
from textual.widgets import Input, TextArea

from store.sentences import Sentence, sentence, sentences
from tui.app import TextmeterApp
from tui.serving.session_spec import PAGES, TOO_LONG, clamped

WARN_BEFORE = 60.0
"""Seconds before its end at which a session is told of it."""
STOP_AFTER = 5.0
"""Seconds that are left when the server is about to stop."""


class ServedApp(TextmeterApp):
    """idle, longest: seconds after which the session ends without a key or click, and at all; more than a
    minute is announced a minute before, less at half of it. browser: as of a `SessionSpec`."""

    def __init__(self, *args: Any, idle: float, longest: float, browser: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._in_browser = browser
        self._idle, self._longest = idle, longest
        self._began = self._touched = time.monotonic()
        self._told_of: float | None = None

    def on_mount(self) -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._told_to_stop)
        self._look_at_the_time()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.InputEvent | events.Paste):
            self._touched = time.monotonic()
        elif isinstance(event, events.Resize):
            size = Size(*clamped(*event.size))  # what is typed can tell of a size, too
            if size != event.size:
                event = events.Resize(size, size)
        await super().on_event(event)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Lets no cursor blink: each time would cost a repaint and go over the network, for all sessions of a
        server a fifth of what they do."""
        if isinstance(event.widget, Input | TextArea):
            event.widget.cursor_blink = False

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Opens a page in the browser that shows the app; elsewhere there is none of the person's, and one on
        this machine's terminal would be a way to its files."""
        if self._in_browser:
            with contextlib.suppress(OSError):  # nobody is there any more
                os.write(PAGES, f"{url}\n".encode())
        else:
            self.tell(
                sentence(
                    "Textmeter is running on another machine, so it can't open your browser. Copy the "
                    "address and open it in your browser."
                )
            )

    def _look_at_the_time(self) -> None:
        """Says when the end is near, and ends; called again when there is something to do."""
        now = time.monotonic()
        ends_idle, ends_anyway = self._touched + self._idle, self._began + self._longest
        ends = min(ends_idle, ends_anyway)
        warn_at = ends - min(WARN_BEFORE, (self._idle if ends is ends_idle else self._longest) / 2)
        if now >= ends:
            self.exit(return_code=TOO_LONG)
        elif now < warn_at:
            self.set_timer(warn_at - now, self._look_at_the_time)
        else:
            if self._told_of != ends:
                self._told_of = ends
                self.tell(
                    _ending(round(ends - now), idle=ends is ends_idle), severity="warning", seconds=ends - now
                )
            # A key may come meanwhile.
            self.set_timer(max(ends - now, 0.01), self._look_at_the_time)

    def _told_to_stop(self) -> None:
        self.tell(
            sentence("The server is stopping, and this session is about to end. Your drafts are saved."),
            severity="warning",
        )
        self.set_timer(STOP_AFTER, self.exit)


def _ending(seconds: int, *, idle: bool) -> Sentence:
    if idle:
        return sentences(
            "You've been inactive for a while: this session ends in {count} second. Press any "
            "key to stay. Your drafts are saved.",
            "You've been inactive for a while: this session ends in {count} seconds. Press any "
            "key to stay. Your drafts are saved.",
            seconds,
        )
    return sentences(
        "This session has reached its time limit and ends in {count} second. Your drafts are "
        "saved; connect again to go on.",
        "This session has reached its time limit and ends in {count} seconds. Your drafts "
        "are saved; connect again to go on.",
        seconds,
    )
