"""What an edit of a running SmartPlan would do, before it is done."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from store.emails.plan_model import Edit
from store.sentences import N_, sentences
from tui.base.actions import Acting, Action
from tui.i18n.sanitize import literal
from tui.smartplans.presentation import edit_words


class EditLookScreen(Acting, ModalScreen[bool]):
    """Ends with whether it is to be done."""

    CSS_PATH = "smartplans.tcss"

    def __init__(self, edit: Edit) -> None:
        super().__init__()
        self._edit = edit

    def actions(self) -> Iterable[Action]:
        yield Action(
            "editlook.back", "escape", N_("Back"), N_("Go back without changing it"), lambda: self._end(False)
        )
        yield Action(
            "editlook.do", "enter", N_("Change it"), N_("Make these changes"), lambda: self._end(True)
        )

    def compose(self) -> ComposeResult:
        language = self.app.language
        says = sentences(
            "{count} person is enrolled. This would change:",
            "{count} people are enrolled. This would change:",
            self._edit.people,
        )
        with Vertical() as box:
            box.border_title = Content(language.gettext("What changes, and for whom"))
            box.border_subtitle = Content(language.gettext("Enter makes the change, Esc goes back"))
            yield Static(Content(language.say(says)), id="says")
            with VerticalScroll():
                yield Static(literal("\n".join(edit_words(language, self._edit)), lines=True))

    def _end(self, agreed: bool) -> None:
        """Ends once: a second Enter may come before the screen below is in front."""
        if self.is_active:
            self.dismiss(agreed)
