"""What is behind one line of the history."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from store.credits.model import Entry
from store.sentences import N_
from tui.literal import literal
from tui.screens.base import TextmeterScreen
from tui.words import cause_words, kind_words


class EntryScreen(TextmeterScreen):
    """One line of the history with all that is known of it."""

    NAME = N_("History")
    CSS_PATH = "../styles/form.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.pop_screen", N_("Back"), id="entry.back", tooltip=N_("Back to the history")),
    ]

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self._entry = entry

    def body(self) -> ComposeResult:
        _, language, entry = self.gettext, self.textmeter.language, self._entry
        account = self.textmeter.account
        assert account is not None
        facts = [
            (_("What happened"), cause_words(language, entry)),
            (_("Kind"), kind_words(language, entry.kind)),
            (_("When"), language.date_and_time(entry.at, account.timezone)),
            (_("Change"), language.signed(entry.delta)),
            (_("Left after it"), language.number(entry.balance)),
            (_("Line"), language.number(entry.seq)),
        ]
        if entry.reference:
            facts.append((_("Reference"), entry.reference))
        width = max(Content(label).cell_length for label, _value in facts) + 3
        lines = [Content.assemble((label.ljust(width), "dim"), literal(value)) for label, value in facts]
        yield Static(Content("\n").join(lines), classes="form")
