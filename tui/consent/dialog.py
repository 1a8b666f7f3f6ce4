"""What was said about a number: the number and the reason, typed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, NamedTuple

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

from store.sentences import N_
from store.texts import phones
from store.texts.phones import PhoneRefused
from tui.base.actions import Acting, Action
from tui.i18n.sanitize import plain


class Answer(NamedTuple):
    """number: E.164."""

    number: str
    why: str


class ReasonScreen(Acting, ModalScreen[Answer | None]):
    """Ends with what was typed, or None where it was left. number: "" where it is asked for, which is read in
    a region; needed: whether there has to be a reason."""

    CSS_PATH = "consent.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", N_("Down"), show=False),
        Binding("up", "app.focus_previous", N_("Up"), show=False),
    ]
    _error = getters.query_one(".error", Static)
    _why = getters.query_one("#why", Input)

    def __init__(self, title: str, number: str, region: str, *, needed: bool) -> None:
        super().__init__()
        self._title = title
        self._number = number
        self._region = region
        self._needed = needed

    def actions(self) -> Iterable[Action]:
        yield Action("reason.back", "escape", N_("Back"), N_("Keep it as it is"), lambda: self._end(None))

    def compose(self) -> ComposeResult:
        _ = self.app.language.gettext
        with Vertical() as box:
            box.border_title = Content(self._title)
            box.border_subtitle = Content(_("Enter saves, Esc goes back"))
            if not self._number:
                with Horizontal():
                    yield Label(Content(_("Number")))
                    yield Input(id="number")
            with Horizontal():
                yield Label(Content(_("Why")))
                yield Input(id="why", placeholder=_("what they said or signed, and where"))
            yield Static(classes="error")

    @on(Input.Submitted, "#number")
    def _go_on(self) -> None:
        self._why.focus()

    @on(Input.Submitted, "#why")
    def _submitted(self) -> None:
        say = self.app.language.say
        number, why = self._number, self._why.value.strip()
        if not number:
            typed = self.query_one("#number", Input)
            try:
                number = phones.parse(typed.value, self._region).e164
            except PhoneRefused as refused:
                typed.focus()
                self._refuse(plain(say(refused.says)))
                return
        if self._needed and not why:
            self._refuse(self.app.language.gettext("Write the reason: it's kept as proof."))
            return
        self._end(Answer(number, why))

    def _refuse(self, says: str) -> None:
        self._error.display = True
        self._error.update(Content(says))

    def _end(self, answer: Answer | None) -> None:
        """Ends once: a second key may come before the screen below is in front."""
        if self.is_active:
            self.dismiss(answer)
