"""One choice out of a long list, found by typing a part of its name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from store.sentences import N_
from tui.base.actions import Acting, Action

AROUND = 6
"""Lines of the frame and the field."""
BESIDE, NARROWEST = 7, 60
"""Columns of the frame and the scrollbar, and of all of it, where there is room."""


class PickScreen(Acting, ModalScreen[str | None]):
    """Ends with the value chosen, or None where nothing was. choices: values and what is shown for them."""

    CSS_PATH = "pick.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "list('down')", N_("Down"), show=False),
        Binding("up", "list('up')", N_("Up"), show=False),
        Binding("pagedown", "list('page_down')", N_("Page down"), show=False),
        Binding("pageup", "list('page_up')", N_("Page up"), show=False),
    ]

    def __init__(self, title: str, choices: Sequence[tuple[str, str]], chosen: str) -> None:
        super().__init__()
        self._title = title
        self._choices = choices
        self._chosen = chosen
        self._found: list[str] = []

    def actions(self) -> Iterable[Action]:
        yield Action("pick.back", "escape", N_("Back"), N_("Keep it as it is"), lambda: self._end(None))

    def compose(self) -> ComposeResult:
        _ = self.app.language.gettext
        with Vertical() as box:
            box.border_title = Content(self._title)
            box.border_subtitle = Content(_("Enter chooses, Esc goes back"))
            yield Input(placeholder=_("Type part of the name"))
            choices = OptionList(markup=False)
            choices.can_focus = False
            yield choices
            box.styles.height = len(self._choices) + AROUND
            widest = max((Content(shown).cell_length for _, shown in self._choices), default=0)
            box.styles.width = max(widest + BESIDE, NARROWEST)

    def on_mount(self) -> None:
        self._find("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._find(event.value)

    def _find(self, part: str) -> None:
        part = folded(part)
        found = [
            (value, shown) for value, shown in self._choices if part in folded(shown) or part == folded(value)
        ]
        self._found = [value for value, _ in found]
        choices = self.query_one(OptionList)
        choices.set_options(Option(Content(shown)) for _, shown in found)
        if not found:
            nothing = self.app.language.gettext("No matches.")
            choices.add_option(Option(Content(nothing), disabled=True))
        else:
            choices.highlighted = (
                self._found.index(self._chosen) if not part and self._chosen in self._found else 0
            )

    def action_list(self, move: str) -> None:
        """Moves in the list while the field keeps the focus."""
        choices = self.query_one(OptionList)
        getattr(choices, f"action_{'cursor_' if move in ('up', 'down') else ''}{move}")()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        at = self.query_one(OptionList).highlighted
        if at is not None and at < len(self._found):
            self._end(self._found[at])

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self._end(self._found[event.option_index])

    def _end(self, value: str | None) -> None:
        """Ends once: a second Enter may come before the screen below is in front."""
        if self.is_active:
            self.dismiss(value)


def folded(text: str) -> str:
    """Without case and accents, and with spaces for underscores: "new york" finds America/New_York."""
    letters = unicodedata.normalize("NFKD", text.replace("_", " ")).casefold()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
