"""Keeps the draft that is being written, so that a killed terminal loses a third of a second at most."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from store.errors import TextmeterError
from store.messages.model import BlastSummary, Draft
from store.sentences import Sentence
from tui.base.screen import TextmeterScreen

if TYPE_CHECKING:
    from textual.timer import Timer

    from store import Store

KEEP_AFTER = 0.3
"""Seconds after a change until the draft is kept. Further changes don't put it off."""
TRY_AGAIN_AFTER = 3.0


def is_empty(draft: Draft) -> bool:
    """Whether there is nothing in a draft that anybody would miss."""
    return not (draft.body.strip() or draft.to or draft.contacts or draft.groups or draft.media)


class Keeper:
    """One draft's way to the store.

    Its methods may be called from any thread, in any order: an older state of the draft never replaces a
    newer one, and nothing is kept of what was sent. Drafts come with a number that grows with each change.
    """

    def __init__(self, id: int = 0) -> None:
        self._lock = threading.Lock()
        self._id = id
        self._latest = 0

    def keep(self, store: Store, draft: Draft, change: int) -> int:
        """Keeps a state of the draft; an empty one is not worth a draft. Its id, 0 where none is kept."""
        with self._lock:
            if change > self._latest:
                if not is_empty(draft):
                    self._id = store.messages.save_draft(replace(draft, id=self._id)).id
                elif self._id:
                    store.messages.delete_draft(self._id)
                    self._id = 0
                self._latest = change
            return self._id

    def send(self, store: Store, account_id: int, draft: Draft, change: int, key: str) -> BlastSummary:
        """Sends this state, with which the draft ends. key: sending again under it sends nothing twice."""
        with self._lock:
            blast = store.messages.send(account_id, replace(draft, id=self._id), idempotency_key=key)
            self._id = 0
            self._latest = change
            return blast


class Autosave:
    """Keeps a screen's draft shortly after it changed. told: called when `id` or `trouble` are others than
    before."""

    def __init__(self, screen: TextmeterScreen, told: Callable[[], None]) -> None:
        self._screen = screen
        self._told = told
        self._timer: Timer | None = None
        self._draft = Draft()
        self.keeper = Keeper()
        self.change = 0
        """The number of the draft's present state."""
        self.id = 0
        """Under which the draft is kept, 0 where it isn't yet."""
        self.trouble: Sentence | None = None
        """Why the draft, or one written before it, isn't kept."""
        self._unkept: dict[Keeper, tuple[Draft, int]] = {}
        """States that were handed to the store and not kept yet, the former drafts' too."""

    def start(self, id: int) -> None:
        """Keeps the former draft, if that is still to do, and goes on with another."""
        self.now()
        self.keeper = Keeper(id)
        self.change, self.id = 0, id

    def changed(self, draft: Draft) -> None:
        """The draft is not what was kept any more."""
        self._draft = draft
        self.change += 1
        self._later(KEEP_AFTER)

    def _later(self, seconds: float) -> None:
        if self._timer is None:
            self._timer = self._screen.set_timer(seconds, self.now)

    def now(self) -> None:
        """Keeps the draft, in a thread, if it changed."""
        if not self._stop_timer():
            return
        app = self._screen.app
        if app.account is None:  # the database isn't open yet
            self._later(KEEP_AFTER)
            return
        self._unkept[self.keeper] = self._draft, self.change
        for keeper, (draft, change) in self._unkept.items():
            app.finish(self._keep(keeper, draft, change))

    def drafts(self) -> Callable[[Store], list[Draft]]:
        """Reads all drafts in a thread, the present one among them as it stands now."""
        keeper, draft, change = self.keeper, self._draft, self.change

        def read(store: Store) -> list[Draft]:
            with suppress(TextmeterError):  # `now` tells of it, and tries again
                keeper.keep(store, draft, change)
            return store.messages.drafts()

        return read

    def before_leaving(self) -> None:
        """Keeps what isn't kept while the app still can wait for the store."""
        app = self._screen.app
        self._stop_timer()
        if app.account is None:
            return
        try:
            with app.store.connection():
                for keeper, (draft, change) in {
                    **self._unkept,
                    self.keeper: (self._draft, self.change),
                }.items():
                    keeper.keep(app.store, draft, change)
        except TextmeterError as error:
            app.failure = error

    def forget(self) -> None:
        """Goes on with an empty draft; the former one was sent."""
        self._stop_timer()
        self.start(0)

    def _stop_timer(self) -> bool:
        """Whether there was something to keep."""
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.stop()
        return timer is not None

    async def _keep(self, keeper: Keeper, draft: Draft, change: int) -> None:
        try:
            id = await self._screen.app.fetch(lambda store: keeper.keep(store, draft, change))
        except TextmeterError as error:
            self._later(TRY_AGAIN_AFTER)
            self._tell(self.id, error.says)
            return
        if keeper in self._unkept and self._unkept[keeper][1] <= change:
            del self._unkept[keeper]
        self._tell(id if keeper is self.keeper else self.id, self.trouble if self._unkept else None)

    def _tell(self, id: int, trouble: Sentence | None) -> None:
        before, (self.id, self.trouble) = (self.id, self.trouble), (id, trouble)
        if (id, trouble) != before:
            self._told()
