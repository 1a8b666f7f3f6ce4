"""Where the path of a file is typed: the same keys and the same pastes wherever that is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input

from store.paths import as_meant, typed_path
from store.sentences import N_
from tui.i18n.sanitize import plain
from tui.widgets.path_suggester import PathSuggester

_begins_anew = re.compile(r""".*/['"]?(?=/|~/)""").match


class PathField(Input):
    """A path with its completion, which Tab writes out. A whole path that is pasted, quoted or not, replaces
    what stood there."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", N_("Complete"), show=False)]

    def __init__(
        self, value: str = "", *, placeholder: str = "", id: str = "path", completes: bool = True
    ) -> None:
        """completes: whether it shows the completion itself; else Tab is its screen's."""
        super().__init__(
            plain(value),
            placeholder=placeholder,
            suggester=PathSuggester() if completes else None,
            select_on_focus=False,
            id=id,
        )
        self._completes = completes

    @property
    def path(self) -> Path:
        """The path that is meant. Raises FilesOutOfReach."""
        return typed_path(self.value.strip().strip("'\""))

    def action_complete(self) -> None:
        """Writes out what is suggested; where nothing is, goes on to the next widget."""
        before = self.value
        self.action_end()
        self.action_cursor_right()  # which takes what is suggested
        if self.value == before:
            self.app.action_focus_next()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._completes if action == "complete" else super().check_action(action, parameters)

    def insert_text_at_cursor(self, text: str) -> None:
        """What is typed or pasted; where a path begins anew in it, what stood before it goes."""
        super().insert_text_at_cursor(text)
        if anew := _begins_anew(self.value):
            self.value = self.value[anew.end() :]
            self.cursor_position = len(self.value)

    def on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        pasted = plain(as_meant(event.text.strip().partition("\n")[0]))
        if pasted.startswith(("/", "~")):
            self.value = ""
        self.insert_text_at_cursor(pasted)
