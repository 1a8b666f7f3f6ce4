"""Who is to be put on a SmartPlan: a group, a saved filter or a contact, found by a few letters."""

from __future__ import annotations

from collections.abc import Iterable
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
from tui.i18n.sanitize import literal
from tui.smartplans.queries import Offer, offers


class EnrolScreen(Acting, ModalScreen[Offer | None]):
    """Ends with who was chosen, or None."""

    CSS_PATH = "smartplans.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "list('down')", N_("Down"), show=False),
        Binding("up", "list('up')", N_("Up"), show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._found: list[Offer] = []

    def actions(self) -> Iterable[Action]:
        yield Action(
            "enrol.back", "escape", N_("Back"), N_("Go back without adding anyone"), lambda: self._end(None)
        )

    def compose(self) -> ComposeResult:
        _ = self.app.language.gettext
        with Vertical() as box:
            box.border_title = Content(_("Who do you want to enroll?"))
            box.border_subtitle = Content(_("Enter chooses, Esc goes back"))
            yield Input(placeholder=_("Name, #group or =filter"))
            choices = OptionList(markup=False)
            choices.can_focus = False
            yield choices

    def on_mount(self) -> None:
        self._ask("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._ask(event.value)

    def _ask(self, typed: str) -> None:
        self.run_worker(self.app.told(self._find(typed)), exclusive=True, group="offers")

    async def _find(self, typed: str) -> None:
        account = self.app.account
        assert account is not None, "plans are shown of an account"
        self._found = await self.app.fetch(lambda store: offers(store, account, typed))
        choices = self.query_one(OptionList)
        choices.set_options(Option(self._line(one)) for one in self._found)
        if self._found:
            choices.highlighted = 0
        else:
            nothing = self.app.language.gettext("No one matches.")
            choices.add_option(Option(Content(nothing), disabled=True))

    def _line(self, one: Offer) -> Content:
        people = f"  {self.app.language.number(one.people)}" if one.people else ""
        return literal(one.shown) + Content.styled(people, "$quiet")

    def action_list(self, move: str) -> None:
        """Moves in the list while the field keeps the focus."""
        getattr(self.query_one(OptionList), f"action_cursor_{move}")()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        at = self.query_one(OptionList).highlighted
        if at is not None and at < len(self._found):
            self._end(self._found[at])

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self._end(self._found[event.option_index])

    def _end(self, value: Offer | None) -> None:
        """Ends once: a second Enter may come before the screen below is in front."""
        if self.is_active:
            self.dismiss(value)
