"""From a command to the app on the terminal, and back with an exit code."""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Callable, Iterator, Mapping
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store import Store
    from store.config.kinds import Value
    from store.messages.model import Draft
    from tui.app import TextmeterApp
    from tui.base.places import Place, Places
    from tui.i18n.language import Language

FRAMES_PER_SECOND = "240"
"""A key's effect waits for the next frame: at Textual's own 60 a second that is most of the delay that one
feels.
"""


def open_app(
    open_store: Callable[[], Store],
    language: Language,
    *,
    language_asked: bool = False,
    first: str = "home",
    account_id: int | None = None,
    draft: Draft | None = None,
    demo: bool = False,
    tour: bool = False,
    options: Mapping[str, Value] | None = None,
    places: Places | None = None,
    place: Place | None = None,
) -> int:
    """Runs the app until it is left; see `TextmeterApp` for the arguments. The exit code, 0 if all went well.

    Raises what keeps it from going on, such as a database that can't be opened. SIGTERM and SIGHUP leave it
    as its key does, with the exit code by which shells tell of them.
    """
    os.environ.setdefault("TEXTUAL_FPS", FRAMES_PER_SECOND)  # read as Textual is imported
    for name in ("COLUMNS", "LINES"):  # exported once, and not true any more
        os.environ.pop(name, None)
    gc.disable()  # importing makes many objects and no garbage
    from tui.app import TextmeterApp

    app = TextmeterApp(
        open_store,
        language,
        language_asked=language_asked,
        first=first,
        account_id=account_id,
        draft=draft,
        demo=demo,
        tour=tour,
        options=options,
        places=places,
        place=place,
    )
    gc.freeze()
    gc.enable()
    return run_app(app)


def run_app(app: TextmeterApp) -> int:
    """Runs an app until it is left; the exit code as of `open_app`."""
    from tui.base.textual_private import failure_of

    app.draw_in(app.console.color_system)
    with _left_by_signals(app):
        app.run()
    if (error := failure_of(app)) is not None:  # for whoever called us to say in a sentence
        from store.errors import TextmeterError
        from tui.diagnostics.crash import Crashed

        if isinstance(error, TextmeterError):
            raise error
        kept = app.typed_is_kept and app.failure is None
        raise Crashed(app.screen_left, tuple(app.trail), kept=kept, language=app.language) from error
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0


@contextlib.contextmanager
def _left_by_signals(app: TextmeterApp) -> Iterator[None]:
    """Has the signals that end a process leave the app, so that it tidies up; those that are ignored, as
    `nohup` wants it, still are."""
    from tui.base.terminal.events import HungUp
    from tui.signals import ENDING, exits_on

    def leave(number: int, frame: FrameType | None) -> None:
        loop = app._loop
        if loop is None:
            raise SystemExit(128 + number)
        # Of a terminal that is gone more than one tells: what is being left, or has ended, stays as it is.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(app.post_message, HungUp(128 + number))

    with exits_on(*ENDING, handler=leave):
        yield
