"""The app's way to a browser, when nobody may be there any more: what is written then is lost without an
error, and the end of what is read is the end of the session."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from textual.drivers.web_driver import WebDriver
from textual.message import Message

from tui.base.terminal.driver import Ears
from tui.base.terminal.events import HungUp
from tui.base.textual_private import end_with

NAME = f"{__name__}:BrowserDriver"
"""As the variable TEXTUAL_DRIVER takes it."""

_HEADER = 5
"""Bytes before each packet's payload: its kind, and its length in four."""


class BrowserDriver(WebDriver):
    """Textual's driver for browsers, on the pipes of a `tui.serving.web_session.WebSession`."""

    def start_application_mode(self) -> None:
        self._write = self._write_all  # type: ignore[assignment]
        assert sys.__stdin__ is not None
        self._key_thread = self._ears = _PacketEars(
            sys.__stdin__.fileno(), self.process_message, self._hung_up, self._failed, self._told
        )
        super().start_application_mode()

    def stop_application_mode(self) -> None:
        super().stop_application_mode()
        self._ears.close()

    def _write_all(self, data: bytes) -> None:
        left = memoryview(data)
        with contextlib.suppress(OSError):
            while left:
                left = left[os.write(self.fileno, left) :]

    def _told(self, about: dict[str, Any]) -> None:
        """What the server says beside what is typed."""
        if about.get("type") == "exit":
            self._hung_up()
        else:
            self.on_meta(str(about.get("type")), about)

    def _hung_up(self) -> None:
        with contextlib.suppress(RuntimeError):  # the app has ended already, and its loop with it
            self.process_message(HungUp(0))

    def _failed(self, error: Exception) -> None:
        end_with(self._app, error)


class _PacketEars(Ears):
    """Hears what is typed in packets, and what the server says between them. told: gets that."""

    def __init__(
        self,
        descriptor: int,
        heard: Callable[[Message], None],
        hung_up: Callable[[], None],
        failed: Callable[[Exception], None],
        told: Callable[[dict[str, Any]], None],
    ) -> None:
        super().__init__(descriptor, heard, hung_up, failed)
        self._told = told
        self._held = b""

    def messages(self, data: bytes) -> Iterable[Message]:
        for kind, payload in self._packets(data):
            if kind == b"D":
                yield from self.reader.feed(payload)
            else:
                self._told(json.loads(payload))

    def _packets(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        self._held += data
        while len(self._held) >= _HEADER:
            end = _HEADER + int.from_bytes(self._held[1:_HEADER], "big")
            if len(self._held) < end:
                return
            packet, self._held = self._held[:end], self._held[end:]
            yield packet[:1], packet[_HEADER:]
