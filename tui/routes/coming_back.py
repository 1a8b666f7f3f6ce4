"""Where somebody was when they left: the app begins there."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen

from tui.base.places import Place, Places
from tui.base.screen import TextmeterScreen
from tui.i18n.language import Language
from tui.routes import screens
from tui.routes.way_around import WayAround


class ComingBack(WayAround):
    """The app as far as it begins where its person left it.

    first: the mode (a screen's name) to start in where that isn't known. places: where it is kept where they
    leave; place: where they left last.
    """

    def __init__(self, language: Language, first: str, places: Places | None, place: Place | None) -> None:
        self._places = places
        self._place = place if place is not None and place.screen in screens.MODES else None
        # The app begins on this screen, so that no empty one is mounted and painted before it.
        self.DEFAULT_MODE = self._place.screen if self._place is not None else first  # type: ignore[misc]
        super().__init__(language)

    def get_default_screen(self) -> Screen[None]:
        """The first screen. Its styles are read before anything is parsed, since parsing twice takes long."""
        screen = screens.make(self.DEFAULT_MODE)
        if self._place is not None:
            screen.come_back(self._place.detail)
        self.stylesheet.read_all(screen.css_path)
        return screen

    def exit(self, *arguments: Any, **about: Any) -> None:
        self._keep_place()
        super().exit(*arguments, **about)

    def _fatal_error(self) -> None:
        if not self.screen_left and not self.trail and self._places is not None:
            self._places.keep(None)  # else the next start would end like this one
        elif not self.screen_left:
            self._keep_place()
        super()._fatal_error()

    def _keep_place(self) -> None:
        """Notes where the person is, for the next start; not in a demo, nor before there is an account."""
        if self._places is None or self.account is None or self.demo_shown:
            return
        mode = self.current_mode
        below = self.screen_stack[0] if self.screen_stack else None
        if mode in screens.MODES and isinstance(below, TextmeterScreen):
            self._places.keep(Place(mode, below.bookmark()))
