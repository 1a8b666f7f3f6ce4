"""The app's way to a browser, when nobody may be there any more: what is written then is lost without an
error, and the end of what is read is the end of the session."""

from __future__ import annotations

import asyncio
import contextlib
import os

from textual.drivers.web_driver import WebDriver

NAME = f"{__name__}:BrowserDriver"
"""As the variable TEXTUAL_DRIVER takes it."""


class BrowserDriver(WebDriver):
    """Textual's driver for browsers, on the pipes of a `tui.serving.web_session.WebSession`."""

    def start_application_mode(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._write = self._write_all  # type: ignore[assignment]
        super().start_application_mode()

    def _write_all(self, data: bytes) -> None:
        left = memoryview(data)
        with contextlib.suppress(OSError):
            while left:
                left = left[os.write(self.fileno, left) :]

    def run_input_thread(self) -> None:
        super().run_input_thread()
        with contextlib.suppress(RuntimeError):  # the app has ended already, and its loop with it
            self._loop.call_soon_threadsafe(self._app.exit)
