"""The last look before a text is sent."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.errors import NotEnoughCredits, RefusedByRule, TextmeterError
from store.messages.model import BlastSummary, Draft
from store.sentences import N_, Sentence, sentence, sentences
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.compose.actions import send_words
from tui.compose.autosave import Keeper
from tui.compose.cost import bought_credits
from tui.compose.draft_view import Reading
from tui.compose.preview import as_read, kind_words
from tui.i18n.sanitize import literal, plain


class SendScreen(TextmeterScreen):
    """Says what will happen; Enter does it, Esc doesn't. keeper, change: of the draft as it is sent; sent:
    called once the credits are held; others: where what was shown isn't true any more."""

    NAME = N_("Send")
    CSS_PATH = "compose.tcss"
    HELP: ClassVar[str] = N_(
        "Enter holds the credits and begins to send. What has not left by then can still be cancelled, and "
        "its credits come back."
    )
    outcome = getters.query_one("#send-outcome", Static)

    def __init__(
        self,
        reading: Reading,
        draft: Draft,
        keeper: Keeper,
        change: int,
        sent: Callable[[BlastSummary], None],
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

    def actions(self) -> Iterable[Action]:
        yield Action(
            "send.send",
            "enter",
            N_("Send"),
            N_("Send it now"),
            self.send,
            why_not=self._why_not,
            words=lambda: send_words(self._reading, self.app.language),
        )
        yield Action(
            "send.back",
            "escape",
            N_("Back"),
            N_("Back to the text; nothing is sent"),
            self.leave,
            why_not=self._under_way,
        )

    def _under_way(self) -> Sentence | None:
        return sentence("It is being sent already.") if self._sending else None

    def _why_not(self) -> Sentence | None:
        wrong = [problem.says for problem in self._reading.estimate.problems if problem.blocking]
        return self._under_way() or (wrong[0] if wrong else None)

    def show(self, reading: Reading) -> None:
        """Shows what it costs now: others use the same credits, and change plans and groups."""
        if self._sending or reading.estimate == self._reading.estimate:
            return
        self._reading = reading
        if not self._outcome:
            says = self.gettext("The figures just changed. Check them before you send.")
            self._outcome = Content.assemble(("! ", "$warning"), (says, "$warning"))
        self.refresh(recompose=True)

    def data_changed(self) -> None:
        self.load(self._look_elsewhere)

    async def _look_elsewhere(self) -> None:
        """Back to Compose, which tells of it, where the draft isn't what was looked at."""
        if not self._sending and await self.app.fetch(self._keeper.elsewhere) is not None:
            self.leave()

    def body(self) -> ComposeResult:
        _, number = self.gettext, self.app.language.number
        reading, cost = self._reading, self._reading.estimate
        people = sentences(
            "Send this text to {count} person?", "Send this text to {count} people?", cost.recipients
        )
        households = sentences(
            "Send this text to {count} household?", "Send this text to {count} households?", cost.recipients
        )
        question = self.app.language.say(households if self._draft.household else people)
        if cost.recipients == 1 and reading.reader:
            question = _("Send this text to {name}?").format(
                name=plain(self.app.language.phone(reading.reader))
            )
        credits = self.ngettext("{count} credit", "{count} credits", cost.credits).format(
            count=number(cost.credits)
        )
        if bought := bought_credits(cost):
            of_them = self.ngettext("{count} of them bought", "{count} of them bought", bought)
            credits += f" ({of_them.format(count=number(bought))})"
        left = _("{count} left after").format(count=number(cost.available_after))
        with VerticalScroll(id="send", can_focus=False):
            yield Static(Content(question), id="send-question")
            yield Static(
                Content.assemble(
                    (credits, "bold $secondary"),
                    f"  ·  {left}  ·  {kind_words(reading, self.app.language)}",
                )
            )
            for problem in cost.problems:
                says = literal(self.app.language.say(problem.says))
                yield Static(Content.assemble(("! ", "$warning"), says.stylize("$warning")))
            if reading.text:
                heading = literal(as_read(reading, self.app.language))
                yield Static(heading, classes="heading")
                yield Static(literal(reading.text, lines=True), id="send-text")
            yield Static(self._outcome, id="send-outcome")

    def send(self) -> None:
        """Holds the credits and queues the messages, whatever is looked at meanwhile."""
        self._sending = True
        self._show_outcome(Content(self.gettext("Holding the credits …")))
        self.app.finish(self._send())

    async def _send(self) -> None:
        account = self.app.account
        assert account is not None
        try:
            blast = await self.app.fetch(
                lambda store: self._keeper.send(
                    store, account.id, self._draft, self._change, self._key, self._reading.estimate
                )
            )
        except TextmeterError as error:
            self._failed(error)
        else:
            self.leave()
            self._sent(blast)

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
