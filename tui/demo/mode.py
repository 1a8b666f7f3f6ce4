"""Demo data in the app: whether it is what one looks at, what becomes of it, and the tour through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tempfile

    from store import Store
    from tui.app import TextmeterApp

SEEN = "tour"
"""The setting that keeps that a database's tour was begun."""


class Demo:
    """One app's demo, where it is one.

    is_gone_after: whether the data is gone when the app is left. tour: whether the tour is to begin by
    itself, once for each database.
    """

    def __init__(self, app: TextmeterApp, *, is_gone_after: bool, tour: bool) -> None:
        self._app = app
        self._begins = tour
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.is_shown = is_gone_after or tour
        """Whether what is looked at is demo data; until the database is open, whether it is to be."""
        self.is_gone_after = is_gone_after

    def read(self, store: Store) -> None:
        """Looks at the database that was opened. Called in a thread."""
        from store.demo import is_demo

        self.is_shown = is_demo(store)
        self._begins = self._begins and store.settings.read(SEEN) is None

    def begin(self) -> None:
        """Begins the tour if that is to be."""
        if self._begins:
            self.tour()

    def look_round(self, store: Store, folder: tempfile.TemporaryDirectory[str]) -> None:
        """Shows the database of demo data in a folder from now on. The folder goes with the app."""
        self._folder = folder
        self.is_shown = self.is_gone_after = True
        self._app.use_account(store.credits.account(), store)

    def end(self) -> None:
        """Removes the data of a look round."""
        if self._folder is not None:
            self._folder.cleanup()

    def tour(self) -> None:
        """Begins the tour."""
        from tui.demo.tour_steps import show

        self._app.keep(SEEN, "seen")
        show(self._app, 0)
