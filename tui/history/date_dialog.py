"""One or two days, typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


class Field(NamedTuple):
    """A day to be typed. last: a month or year stands for its last day, not for its first."""

    label: str
    day: date | None
    last: bool = False


Days = tuple[date | None, ...]


class DaysScreen(Acting, ModalScreen[Days | None]):
    """Ends with the days typed, None for a field left empty; or None where it was left."""

    CSS_PATH = "history.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", N_("Down"), show=False),
        Binding("up", "app.focus_previous", N_("Up"), show=False),
    ]
    _error = getters.query_one(".error", Static)

    def __init__(self, title: str, fields: Sequence[Field]) -> None:
        super().__init__()
        self._title = title
        self._fields = fields

    def actions(self) -> Iterable[Action]:
        yield Action("days.back", "escape", N_("Back"), N_("Keep it as it is"), lambda: self._end(None))

    def compose(self) -> ComposeResult:
        _ = self.app.language.gettext
        with Vertical() as box:
            box.border_title = Content(self._title)
            box.border_subtitle = Content(_("Enter chooses, Esc goes back"))
            for field in self._fields:
                with Horizontal():
                    yield Label(Content(field.label))
                    day = field.day.isoformat() if field.day else ""
                    yield Input(day, placeholder=_("2026-05-01, 2026-05 or 2026"))
            yield Static(classes="error")

    @on(Input.Submitted)
    def _submitted(self) -> None:
        language = self.app.language
        days: list[date | None] = []
        for field, typed in zip(self._fields, self.query(Input), strict=True):
            day = read_day(typed.value, language, last=field.last)
            if day is None and typed.value.strip():
                typed.focus()
                self._refuse(
                    language.gettext("That isn't a date. Type it like 2026-05-01, or leave it empty.")
                )
                return
            days.append(day)
        if len(days) == 2 and days[0] and days[1] and days[0] > days[1]:
            self._refuse(language.gettext("The end date is before the start date."))
        else:
            self._end(tuple(days))

    def _refuse(self, says: str) -> None:
        self._error.display = True
        self._error.update(Content(says))

    def _end(self, days: Days | None) -> None:
        """Ends once: a second key may come before the screen below is in front."""
        if self.is_active:
            self.dismiss(days)
