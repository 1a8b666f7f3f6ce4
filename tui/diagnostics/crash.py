"""After an error that nobody foresaw: a report for whoever mends it, and what its person is told. Nothing of
theirs is in the report (`store.redaction`)."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from store.files import write_private
from store.log_file import log_tail
from store.paths import NoHome, state_folder
from store.redaction import error_lines
from store.sentences import Sentence, sentence
from tui.diagnostics.checks import versions
from tui.i18n.language import Language

KEPT = 5
"""Reports that are kept; older ones make way."""
LOG_LINES = 40
_PREFIX = "textmeter-error-"


class Crashed(Exception):
    """The app ended by an error that nobody foresaw, which is its cause. screen: which was in front. actions:
    the ids of what was done last, the latest at the end. kept: whether all that was typed is kept. language:
    the one that the app spoke."""

    def __init__(self, screen: str, actions: Sequence[str], *, kept: bool, language: Language) -> None:
        super().__init__(screen)
        self.language = language
        self.screen = screen
        self.actions = tuple(actions)
        self.kept = kept


def cause_of(error: Exception) -> BaseException:
    """The error itself, of one that tells how the app ended by it."""
    return error.__cause__ if isinstance(error, Crashed) and error.__cause__ is not None else error


def report(error: Exception) -> str:
    """What happened, in English as programs speak it, as lines of text; nothing of the log, which it may go
    into."""
    return "\n".join(_lines(error)) + "\n"


def _lines(error: Exception) -> Iterator[str]:
    yield f"Textmeter ended by an error at {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC."
    yield "Names, numbers, addresses and texts are left out of this report."
    yield ""
    yield from error_lines(cause_of(error))
    yield ""
    if isinstance(error, Crashed):
        yield f"screen: {error.screen}"
        yield f"last actions: {', '.join(error.actions) or '-'}"
        yield ""
    for name, value, *_ in versions():
        yield f"{name}: {value}"
    for variable in ("TERM", "COLORTERM", "TERM_PROGRAM"):
        yield f"{variable}: {os.environ.get(variable, '-')}"


def keep_report(error: Exception) -> str:
    """Writes the report, and the log's last lines, where only its person can read it; its path, or "-" where
    it can be kept nowhere."""
    text = report(error)
    if tail := log_tail(LOG_LINES):
        text += "\n".join(("", "log:", *tail, ""))
    name = f"{_PREFIX}{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}.txt"
    for folder in _folders():
        with contextlib.suppress(OSError):
            write_private(folder / name, text)
            _make_way(folder)
            return str(folder / name)
    return "-"


def _folders() -> Iterator[Path]:
    with contextlib.suppress(NoHome):
        yield state_folder()
    import tempfile

    with contextlib.suppress(OSError):
        yield Path(tempfile.gettempdir())


def _make_way(folder: Path) -> None:
    for old in sorted(folder.glob(f"{_PREFIX}*.txt"))[:-KEPT]:
        with contextlib.suppress(OSError):
            old.unlink()


def told(error: Exception, path: str) -> Sentence:
    """What happened, what is safe, where the report is and what to do, in one paragraph."""
    what = type(cause_of(error)).__name__
    if not isinstance(error, Crashed):
        return sentence(
            "Something unexpected went wrong ({what}). Everything done so far is saved. Please send "
            "the report to the developers; it contains no personal data: {path}",
            what=what,
            path=path,
        )
    if not error.kept:
        return sentence(
            "Textmeter hit an unexpected error ({what}) and closed. What you typed in the last moments "
            "may not be saved; everything else is. Start `textmeter` again to continue, and run "
            "`textmeter doctor` to find problems. Please send the report to the developers; it contains "
            "no personal data: {path}",
            what=what,
            path=path,
        )
    return sentence(
        "Textmeter hit an unexpected error ({what}) and closed. Your draft and everything else are "
        "saved. Start `textmeter` again to continue where you were; if it happens again, run "
        "`textmeter doctor`. Please send the report to the developers; it contains no personal data: "
        "{path}",
        what=what,
        path=path,
    )
