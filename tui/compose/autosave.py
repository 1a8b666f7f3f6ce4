"""Keeps the draft that is being written, so that a killed terminal loses a third of a second at most."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from store.errors import TextmeterError
from store.messages.model import Draft, Elsewhere
from store.sentences import N_, Sentence
from tui.base.screen import TextmeterScreen

if TYPE_CHECKING:
    from textual.timer import Timer

    from store import Store

Sent = TypeVar("Sent")

KEEP_AFTER = 0.3
"""Seconds after a change until the draft is kept. Further changes don't put it off."""
TRY_AGAIN_AFTER = 3.0
PARTED_FOR = 20.0
"""Seconds for which it stands that two windows have two texts now."""


_NEW = Draft()

PARTED: Mapping[Elsewhere | None, str] = {
    Elsewhere.CHANGED: N_(
        "This draft was also changed in another window. Both versions are kept: yours is now draft {number}."
    ),
    Elsewhere.SENT: N_(
        "This text was sent from another window. What you've written since is kept as draft {number}."
    ),
}
"""What is told of a text that goes on as a draft of its own."""


def is_empty(draft: Draft) -> bool:
    """Whether there is nothing in a draft that anybody would miss."""
    return not (draft.body.strip() or draft.subject.strip() or any(draft.people) or draft.media)


class Keeper:
    """One draft's way to the store. draft: as it is kept, if it is.

    Its methods may be called from any thread, in any order: an older state of the draft never replaces a
    newer one, and nothing is kept of what was sent. Drafts come with a number that grows with each change.
    """

    def __init__(self, draft: Draft = _NEW) -> None:
        self._lock = threading.Lock()
        self._kept = draft
        self._latest = 0
        self.parted: Elsewhere | None = None
        """Why the draft goes on as one of its own, under another number; None once that is told."""

    def keep(self, store: Store, draft: Draft, change: int) -> int:
        """Keeps a state of the draft; an empty one is not worth a draft. Its id, 0 where none is kept."""
        with self._lock:
            if change > self._latest:
                if not is_empty(draft):
                    before = self._kept
                    self._kept = store.messages.save_draft(self._going_on(draft))
                    if before.id not in (0, self._kept.id):
                        self.parted = store.messages.elsewhere(before)
                elif self._kept.id:
                    store.messages.discard_draft(self._kept)
                    self._kept = _NEW
                self._latest = change
            return self._kept.id

    def send(self, draft: Draft, change: int, send: Callable[[Draft], Sent]) -> Sent:
        """Sends this state, with which the draft ends. send: does it, within an open connection."""
        with self._lock:
            sent = send(self._going_on(draft))
            self._kept = _NEW
            self._latest = change
            return sent

    def elsewhere(self, store: Store) -> Elsewhere | None:
        """What became of the draft in another window since it was last kept here."""
        with self._lock:
            return store.messages.elsewhere(self._kept)

    def _going_on(self, draft: Draft) -> Draft:
        """A state of the draft as the one that follows the kept one."""
        return replace(draft, id=self._kept.id, version=self._kept.version)


class Autosave:
    """Keeps a screen's draft shortly after it changed. told: called when `id` or `trouble` are others than
    before. parted: what is told of a draft that goes on as one of its own, under {number}."""

    def __init__(
        self, screen: TextmeterScreen, told: Callable[[], None], parted: Mapping[Elsewhere | None, str]
    ) -> None:
        self._screen = screen
        self._told = told
        self._parted = parted
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

    @property
    def settled(self) -> bool:
        """Whether all that was written is kept."""
        return self._timer is None and self.keeper not in self._unkept

    def start(self, draft: Draft) -> None:
        """Keeps the former draft, if that is still to do, and goes on with another."""
        self.now()
        self.keeper = Keeper(draft)
        self.change, self.id = 0, draft.id

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
        self._unkept[self.keeper] = self._of_account(), self.change
        for keeper, (draft, change) in self._unkept.items():
            app.finish(self._keep(keeper, draft, change))

    def drafts(self) -> Callable[[Store], list[Draft]]:
        """Reads all drafts in a thread, the present one among them as it stands now."""
        keeper, draft, change = self.keeper, self._of_account(), self.change
        account = self._screen.app.account

        def read(store: Store) -> list[Draft]:
            with suppress(TextmeterError):  # `now` tells of it, and tries again
                keeper.keep(store, draft, change)
            return store.messages.drafts(account.id if account else None)

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
                    self.keeper: (self._of_account(), self.change),
                }.items():
                    keeper.keep(app.store, draft, change)
        except TextmeterError as error:
            app.failure = error

    def forget(self) -> None:
        """Goes on with an empty draft; the former one was sent."""
        self._stop_timer()
        self.start(_NEW)

    def _of_account(self) -> Draft:
        """The draft, as one of the account's."""
        account = self._screen.app.account
        return replace(self._draft, account_id=account.id if account is not None else None)

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
        if (says := self._parted.get(keeper.parted)) is not None:
            keeper.parted = None
            self._screen.app.tell(Sentence(says, {"number": id}), severity="warning", seconds=PARTED_FOR)
        self._tell(id if keeper is self.keeper else self.id, self.trouble if self._unkept else None)

    def _tell(self, id: int, trouble: Sentence | None) -> None:
        before, (self.id, self.trouble) = (self.id, self.trouble), (id, trouble)
        if (id, trouble) != before:
            self._told()
