"""An email as a page in a browser: a file that only its person can read, gone when the program ends."""

from __future__ import annotations

import atexit
import html
import os
import tempfile
import webbrowser
from functools import cache
from pathlib import Path

from store.emails.model import Written
from store.errors import TextmeterError
from store.paths import files_within_reach
from store.sentences import Sentence, sentence

_PAGE = """<!doctype html>
<html><head><meta charset="utf-8"><title>{subject}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
</head><body>{body}</body></html>
"""


class NoBrowser(TextmeterError):
    """There is none that could be opened."""


def why_not_opened() -> Sentence | None:
    """Why there is no browser to open it in; None where there may be one."""
    if not files_within_reach() or "SSH_CONNECTION" in os.environ:
        return sentence("Textmeter is running on another machine and can't open a browser on yours.")
    return None


def opened(written: Written) -> Path:
    """Writes the page and opens it, in a thread. The file. Raises NoBrowser."""
    path = _folder() / "email.html"
    path.write_text(_PAGE.format(subject=html.escape(written.subject), body=written.html), encoding="utf-8")
    path.chmod(0o600)
    if not _open(path.as_uri()):
        raise NoBrowser(
            sentence("No browser found. Until you leave, the page is at {path}.", path=str(path)),
            code="no-browser",
        )
    return path


def _open(uri: str) -> bool:
    """Whether a browser took it: never one that would draw on this terminal."""
    try:
        browser = webbrowser.get()
        on_terminal = type(browser) is webbrowser.GenericBrowser
        return not on_terminal and browser.open(uri)
    except webbrowser.Error:
        return False


@cache
def _folder() -> Path:
    """One for all pages of this run, which only its person can enter."""
    folder = tempfile.TemporaryDirectory(prefix="textmeter-")
    atexit.register(folder.cleanup)
    return Path(folder.name)
