"""The groups that somebody is in, or several are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from store.sentences import N_
from tui.base.actions import Acting, Action
from tui.contacts.presentation import listed
from tui.i18n.sanitize import plain


class GroupsScreen(Acting, ModalScreen[tuple[str, ...] | None]):
    """Ends with the groups that somebody is to be in, or None where nothing was chosen. title: whose they
    are; groups: those they are in, all of them where they are several; known: all there are."""

    CSS_PATH = "../base/pick.tcss"

    def __init__(self, title: str, groups: Sequence[str], known: Sequence[str]) -> None:
        super().__init__()
        self._title = title
        self._groups = groups
        self._known = known

    def actions(self) -> Iterable[Action]:
        yield Action("groups.back", "escape", N_("Back"), N_("Keep it as it is"), lambda: self._end(None))

    def compose(self) -> ComposeResult:
        _ = self.app.language.gettext
        with Vertical() as box:
            box.border_title = Content(self._title)
            box.border_subtitle = Content(_("Enter saves them, Esc goes back"))
            box.styles.height = "auto"
            box.styles.width = 70
            groups = plain(", ".join(self._groups))
            yield Input(groups, placeholder=_("Groups, separated by commas"), select_on_focus=False)
            known = " ".join(f"#{name}" for name in self._known)
            yield Static(Content(plain(known) if known else _("There are no groups yet.")))

    @on(Input.Submitted)
    def _submitted(self, submitted: Input.Submitted) -> None:
        self._end(tuple(name.removeprefix("#") for name in listed(submitted.value)))

    def _end(self, value: tuple[str, ...] | None) -> None:
        """Ends once: a second Enter may come before the screen below is in front."""
        if self.is_active:
            self.dismiss(value)
