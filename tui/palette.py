"""The command palette in the session's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.command import CommandList, CommandPalette
from textual.content import Content
from textual.widgets.option_list import Option

if TYPE_CHECKING:
    from tui.i18n import Language


class Palette(CommandPalette):
    """Textual's palette with our words."""

    def __init__(self, language: Language) -> None:
        super().__init__(placeholder=language.gettext("What do you want to do?"), id="--command-palette")
        self._nothing = language.gettext("Nothing has that name.")

    def _start_no_matches_countdown(self, search_value: str) -> None:
        """Textual's own says it in English, half a second later."""
        self._list_visible = bool(search_value)
        if search_value:
            commands = self.query_one(CommandList)
            commands.add_option(Option(Content(self._nothing), disabled=True, id=self._NO_MATCHES))
