"""One session for somebody elsewhere, in a process of its own: the app on its terminal, or one command.

Whoever runs it has no business with the files of the machine that it runs on: paths that are typed are
refused, and commands that work on files aren't there.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from store.errors import DatabaseTrouble, TextmeterError
from store.paths import put_files_out_of_reach
from store.sentences import Sentence, sentence
from tui.base.terminal.lasting import lasting
from tui.commands.context import Session
from tui.commands.entry import run_in
from tui.i18n.language import Language
from tui.serving.session_spec import CRASHED, TOO_LONG, SessionSpec

if TYPE_CHECKING:
    from store import Store
    from store.clock import DemoClock
    from tui.base.places import Places


def to_system_log(details: str) -> None:
    """Keeps the details of an error in the log of the system, as what `sshd` starts has no other."""
    import syslog

    for line in details.splitlines():
        syslog.syslog(syslog.LOG_ERR, f"textmeter: {line}")


def run(spec: SessionSpec, log: Callable[[str], None] = to_system_log) -> int:
    """Runs a session to its end; its exit code. The process is the session's from now on: its environment
    holds the visitor's terminal and language, its standard streams are the visitor's. log: takes the details
    of errors that nobody foresaw."""
    put_files_out_of_reach()
    try:
        words = shlex.split(spec.line or "")
    except ValueError:  # a quote that isn't closed
        words = [spec.line or ""]
    if not words:
        sys.stderr = sys.__stderr__ = lasting(2)  # type: ignore[misc]
    return run_in(lambda *language: ServedSession(spec, log, *language), words)


class ServedSession(Session):
    """A run of the command line, or of the app, within a session."""

    served = True
    crash_code = CRASHED

    def __init__(
        self, spec: SessionSpec, log: Callable[[str], None], language: Language, language_asked: bool
    ) -> None:
        super().__init__(language, language_asked=language_asked)
        self._spec = spec
        self._log = log
        self.database = spec.database
        self.person = spec.person

    def _open(self) -> Store:
        if not self._spec.is_demo:
            return super()._open()
        from store.demo import in_language, open_copy

        english = Path(self._spec.database)
        translated = in_language(english, self.language.code)
        store = open_copy(translated if translated.exists() else english, Path(self._spec.folder))
        self.clock = cast("DemoClock", store.clock)
        return store

    def _why_not_draw(self) -> Sentence | None:
        return None if self._spec.browser else super()._why_not_draw()

    def _places(self) -> Places | None:
        return None if self._spec.is_demo else super()._places()

    def keep_cause(self, error: TextmeterError) -> None:
        if isinstance(error, DatabaseTrouble):  # its servers and files are no guest's business
            self._log(f"{error.code}: {error.__cause__ or error}\n")

    def keep_details(self, error: Exception) -> Sentence:
        from tui.diagnostics.crash import cause_of, report

        cause = cause_of(error)
        if isinstance(cause, OSError) and cause.filename:  # the server's: a visitor reaches no other file
            self._log(f"{cause.filename}: {cause.strerror}\n")
        self._log(report(error))
        return sentence(
            "Something unexpected went wrong ({what}). Your earlier work is saved. The person "
            "who runs this server can find the details in its log.",
            what=type(cause).__name__,
        )

    def _run_app(self, **about: Any) -> int:
        from tui.launch import run_app
        from tui.serving.app import ServedApp

        is_demo = self._spec.is_demo
        about |= {"demo": is_demo, "tour": is_demo, "idle": self._spec.idle, "longest": self._spec.longest}
        about["browser"] = self._spec.browser
        code = run_app(ServedApp(**about))
        if code == TOO_LONG:
            self.warn(sentence("This session ended unexpectedly. What you wrote is saved; connect again."))
        return code
