"""The last look before a text is sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store import Store
from store.messages.model import BlastSummary, Draft
from store.sentences import N_, sentences
from tui.base.actions import Action
from tui.compose.actions import send_words
from tui.compose.asking import AskingScreen
from tui.compose.beside import as_read
from tui.compose.cost import bought_credits
from tui.compose.draft_view import Reading
from tui.compose.preview import kind_words
from tui.i18n.sanitize import literal, plain


class SendScreen(AskingScreen[Reading, BlastSummary]):
    """Of a text."""

    CSS_PATH = "compose.tcss"
    HELP: ClassVar[str] = N_(
        "Enter holds the credits and begins to send. What has not left by then can still be cancelled, and "
        "its credits come back."
    )

    def actions(self) -> Iterable[Action]:
        return self.sending()

    def send_words(self) -> str:
        return send_words(self._reading, self.app.language)

    def hand_over(self, store: Store, account_id: int, draft: Draft, key: str) -> BlastSummary:
        agreed = self._reading.estimate
        return store.messages.send(account_id, draft, idempotency_key=key, agreed=agreed)

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
                heading = literal(as_read(reading.reader, self.app.language))
                yield Static(heading, classes="heading")
                yield Static(literal(reading.text, lines=True), id="send-text")
            yield Static(self._outcome, id="send-outcome")
