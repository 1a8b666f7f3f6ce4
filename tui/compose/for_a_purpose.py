"""Writing what has a purpose: one key changes it, one makes it an emergency, and a reason is kept with it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from textual import events

from store.messages.model import Draft, Purpose
from store.sentences import N_
from tui.base.actions import Action
from tui.compose.drafting import People, Read
from tui.compose.live_estimate import Counting, Files
from tui.compose.purposes import next_purpose
from tui.compose.writing import WritingScreen


class PurposeScreen(WritingScreen[People, Files, Read]):
    """Of a draft that is for something, whether anybody chose that or not."""

    def __init__(self, counting: Counting[People, Files, Read]) -> None:
        super().__init__(counting)
        self._follows = Purpose.CONVERSATION
        """What it is for, by whom it goes to, where nobody chooses."""

    def actions_of_purpose(self) -> Iterable[Action]:
        yield Action(
            "compose.purpose",
            "ctrl+g,shift+f2",
            N_("What it's for"),
            N_("Conversation, notice, marketing or emergency: it decides who is left out"),
            self.change_purpose,
            in_bar=False,
        )
        yield Action(
            "compose.emergency",
            "ctrl+b,shift+f12",
            N_("Emergency"),
            N_("Reaches everyone who hasn't opted out, at any hour; the reason is saved"),
            partial(self.set_purpose, Purpose.EMERGENCY),
            in_bar=False,
        )

    @abstractmethod
    def _leave_at_once(self) -> None:
        """Takes back a later time, which an emergency doesn't have."""

    def _show_cost(self) -> None:
        super()._show_cost()
        if self._draft.purpose is None and self._estimate.settled:
            self._follows = self._estimate.audience.purpose

    def change_purpose(self) -> None:
        """It is for the next of all purposes; the one that follows from whom it goes to isn't chosen then."""
        purpose = next_purpose(self._draft.purpose or self._follows)
        self.set_purpose(None if purpose is self._follows else purpose)

    def set_purpose(self, purpose: Purpose | None) -> None:
        """It is for something else, for which no reason was given yet. None: for what follows from whom it
        goes to."""
        if purpose is not self._draft.purpose:
            self._redraft(purpose=purpose, why="")

    def _explain(self, why: str) -> tuple[Draft, int]:
        """Keeps the reason with the draft: that, and the number of its state."""
        self._redraft(purpose=self._draft.purpose, why=why)
        return self._draft, self._autosave.change

    def _redraft(self, *, purpose: Purpose | None, why: str) -> None:
        self._draft = replace(self._draft, purpose=purpose, why=why)
        if purpose is Purpose.EMERGENCY:
            self._leave_at_once()
        self._autosave.changed(self._draft)
        self._estimate.people_changed(self._draft)

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self.preview) if event.widget is self.preview else None
        if at is not None and at.y == 0:
            self.action_act("compose.purpose")
