"""The last look before something is sent, whatever it is."""

from __future__ import annotations

import uuid
from abc import abstractmethod
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from textual import getters
from textual.content import Content
from textual.widgets import Static

from store import Store
from store.errors import NotEnoughCredits, RefusedByRule, TextmeterError
from store.messages.model import Draft
from store.sentences import N_, Sentence, sentence
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.compose.actions import Counted
from tui.compose.autosave import Keeper
from tui.i18n.sanitize import literal

Read = TypeVar("Read", bound=Counted)
Sent = TypeVar("Sent")


class AskingScreen(TextmeterScreen, Generic[Read, Sent]):
    """Says what will happen; Enter does it, Esc doesn't. keeper, change: of the draft as it is sent; sent:
    called once it is on its way; others: where who gets it isn't any more who was shown."""

    NAME = N_("Send")
    outcome = getters.query_one("#send-outcome", Static)

    def __init__(
        self,
        reading: Read,
        draft: Draft,
        keeper: Keeper,
        change: int,
        sent: Callable[[Sent], None],
        others: Callable[[], None],
    ) -> None:
        super().__init__()
        self._reading = reading
        self._draft = draft
        self._keeper, self._change = keeper, change
        self._sent, self._others = sent, others
        self._key = uuid.uuid4().hex
        self._sending = False
        self._outcome = Content("")

    def sending(self) -> Iterable[Action]:
        """What can be done with whatever is sent."""
        yield Action(
            "send.send",
            "enter",
            N_("Send"),
            N_("Send it now"),
            self.send,
            why_not=self._why_not,
            words=self.send_words,
        )
        yield Action(
            "send.back",
            "escape",
            N_("Back"),
            N_("Back to the text; nothing is sent"),
            self.leave,
            why_not=self._under_way,
        )

    @abstractmethod
    def send_words(self) -> str:
        """What the key says that sends."""

    @abstractmethod
    def hand_over(self, store: Store, account_id: int, draft: Draft, key: str) -> Sent:
        """Sends a draft, in a thread; under the same key once only."""

    def _under_way(self) -> Sentence | None:
        return sentence("It's already being sent.") if self._sending else None

    def _why_not(self) -> Sentence | None:
        wrong = [problem.says for problem in self._reading.estimate.problems if problem.blocking]
        return self._under_way() or (wrong[0] if wrong else None)

    def show(self, reading: Read) -> None:
        """Shows what it costs now: others use the same credits, and change plans and groups."""
        before, self._reading = self._reading, reading
        if self._sending or reading.estimate == before.estimate:
            return
        if not self._outcome:
            says = self.gettext("The numbers just changed. Check them before you send.")
            self._outcome = Content.assemble(("! ", "$warning"), (says, "$warning"))
        self.refresh(recompose=True)

    def data_changed(self) -> None:
        self.load(self._look_elsewhere)

    async def _look_elsewhere(self) -> None:
        """Back to Compose, which tells of it, where the draft isn't what was looked at."""
        if not self._sending and await self.app.fetch(self._keeper.elsewhere) is not None:
            self.leave()

    def send(self) -> None:
        """Holds what it costs and queues it, whatever is looked at meanwhile."""
        self._sending = True
        self._show_outcome(Content(self.gettext("Holding the credits …")))
        self.app.finish(self._send())

    async def _send(self) -> None:
        account, key = self.app.account, self._key
        assert account is not None
        try:
            sent = await self.app.fetch(
                lambda store: self._keeper.send(
                    self._draft,
                    self._change,
                    lambda draft: self.hand_over(store, account.id, draft, key),
                )
            )
        except TextmeterError as error:
            self._failed(error)
        else:
            self.leave()
            self._sent(sent)

    def _failed(self, error: TextmeterError) -> None:
        self._sending = False
        if isinstance(error, NotEnoughCredits | RefusedByRule):
            # What was refused is refused again under its key. Credits may have come back meanwhile.
            self._key = uuid.uuid4().hex
        if error.code == "estimate-changed":
            self._others()
        if not self.is_active:  # somebody went on meanwhile; the draft is as it was
            self.app.tell_error(error)
        if not self.is_attached:
            return
        says = literal(self.app.language.say(error.says)).stylize("$error")
        self._show_outcome(Content.assemble(("✗ ", "$error"), says))
        self.app.data_changed()  # somebody else may have come first

    def _show_outcome(self, outcome: Content) -> None:
        self._outcome = outcome
        self.outcome.update(outcome)
        self.outcome.display = True
