"""A note or a task about one person, typed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, NamedTuple

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

from store.sentences import N_
from tui.base.actions import Acting, Action
from tui.history.date_input import read_day


class Typed(NamedTuple):
    """day: of a task, when it is due."""

    text: str
    day: date | None


class NotingScreen(Acting, ModalScreen[Typed | None]):
    """Ends with what was typed, or None where it was left. text: what stands there at first; day: likewise,
    None where it isn't asked for. emptied: whether nothing may be typed, which takes a note away."""

    CSS_PATH = "contacts.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", N_("Down"), show=False),
        Binding("up", "app.focus_previous", N_("Up"), show=False),
    ]
    _error = getters.query_one(".error", Static)
    _text = getters.query_one("#text", Input)

    def __init__(self, title: str, text: str = "", day: date | None = None, *, emptied: bool = False) -> None:
        super().__init__()
        self._title = title
        self._was = text
        self._day = day
        self._emptied = emptied

    def actions(self) -> Iterable[Action]:
        yield Action("noting.back", "escape", N_("Back"), N_("Keep it as it is"), lambda: self._end(None))

    def compose(self) -> ComposeResult:
        _ = self.app.language.gettext
        with Vertical() as box:
            box.border_title = Content(self._title)
            box.border_subtitle = Content(
                _("Enter saves, empty text deletes it, Esc goes back")
                if self._emptied
                else _("Enter saves, Esc goes back")
            )
            with Horizontal():
                yield Label(Content(_("Note") if self._day is None else _("To do")))
                yield Input(self._was, id="text", select_on_focus=False)
            if self._day is not None:
                with Horizontal():
                    yield Label(Content(_("Day")))
                    yield Input(self._day.isoformat(), id="day")
            yield Static(classes="error")

    @on(Input.Submitted)
    def _submitted(self) -> None:
        _, text, day = self.app.language.gettext, self._text.value.strip(), None
        if not text and not self._emptied:
            self._text.focus()
            self._refuse(_("Write something first."))
            return
        if self._day is not None:
            typed = self.query_one("#day", Input)
            day = read_day(typed.value, self.app.language)
            if day is None:
                typed.focus()
                self._refuse(_("That isn't a date. Type it like 2026-05-01."))
                return
        self._end(Typed(text, day))

    def _refuse(self, says: str) -> None:
        self._error.display = True
        self._error.update(Content(says))

    def _end(self, typed: Typed | None) -> None:
        """Ends once: a second key may come before the screen below is in front."""
        if self.is_active:
            self.dismiss(typed)
