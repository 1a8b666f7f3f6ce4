"""What the app does by itself while it is open: texts are delivered, accounts renewed, payments collected and
mails sent, in threads of their own."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from store.errors import TextmeterError
from store.roles import Role
from store.sentences import Sentence
from tui.base.navigation import BlastProgressed

if TYPE_CHECKING:
    from store.mailroom import Writer
    from store.maintenance import Round
    from store.messages.model import BlastSummary
    from tui.base.session_app import SessionApp

AGAIN_AFTER = 15.0
"""Seconds after which the delivery of texts is tried again where the database stopped it."""

FIRST_AFTER = 2.0
"""Seconds until accounts are first kept up: what is looked at comes first."""

LOOK_EVERY = 3.0
"""Seconds after which it is looked whether others have changed the database."""

GROUP = "delivery"
"""Of the workers, which go on until the app is left."""


class Background:
    """The workers of one app. They stop with it, after the text at hand came to its end. write: puts mails
    into words."""

    def __init__(self, app: SessionApp, write: Writer) -> None:
        self._app = app
        self._write = write
        self._stop = threading.Event()
        self._at_work = threading.Lock()
        self._keeping_up = threading.Lock()
        self._trouble: tuple[Sentence, ...] = ()
        self._looks = False

    @property
    def is_at_work(self) -> bool:
        """Whether a text may be on its way to the provider."""
        return self._at_work.locked()

    def start(self) -> None:
        """Starts what isn't under way yet; a viewer only looks."""
        if self._stop.is_set():
            return
        if not self._looks:
            self._looks = True
            self._app.set_interval(LOOK_EVERY, self._app.look)
        if self._app.lacks(Role.SENDER) is not None:
            return
        self._app.run_worker(self._deliver, thread=True, group=GROUP)
        self._app.run_worker(self._keep_up, thread=True, group=GROUP)

    def hand_over(self, account_id: int) -> None:
        """Hands over the emails of an account that are due; what isn't then is, by the rounds."""
        self._app.run_worker(partial(self._hand_over, account_id), thread=True, group=GROUP)

    def _hand_over(self, account_id: int) -> None:
        app = self._app
        try:
            with app.store.connection():
                app.store.emails.deliver(account_id, stop=self._stop)
        except TextmeterError as error:
            app.hand_back(app.tell_error, error)
        app.hand_back(app.look)

    def stop(self) -> None:
        """Lets the workers come to their end."""
        self._stop.set()

    def _deliver(self) -> None:
        if not self._at_work.acquire(blocking=False):
            return  # it runs already, and will find what is new
        app = self._app
        try:
            with app.store.connection():
                app.store.messages.deliver(
                    stop=self._stop, forever=True, on_progress=partial(app.hand_back, self._progressed)
                )
        except TextmeterError as error:
            app.hand_back(app.tell_error, error)
            app.hand_back(app.set_timer, AGAIN_AFTER, self.start)
        finally:
            self._at_work.release()

    def _progressed(self, summary: BlastSummary) -> None:
        self._app.screen.post_message(BlastProgressed(summary))
        self._app.refresh_balance()

    def _keep_up(self) -> None:
        if not self._keeping_up.acquire(blocking=False):
            return
        app = self._app
        try:
            if self._stop.wait(FIRST_AFTER):
                return
            from store.log_file import note_round
            from store.maintenance import keep_up

            def kept_up(found: Round) -> None:
                note_round()
                app.hand_back(self._kept_up, found)

            keep_up(
                app.store,
                self._write,
                kept_up,
                stop=self._stop,
                forever=True,
            )
        finally:
            self._keeping_up.release()

    def _kept_up(self, found: Round) -> None:
        if found.boundaries:
            self._app.refresh_balance()
        for says in found.trouble:
            if says not in self._trouble:  # told once, as long as it lasts
                self._app.tell(says, severity="warning")
        self._trouble = found.trouble
