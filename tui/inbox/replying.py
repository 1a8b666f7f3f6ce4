"""The answer to the conversation that is looked at: typed below it, counted, and sent."""

from __future__ import annotations

import time
from collections.abc import Iterable

from textual import getters, on
from textual.content import Content
from textual.widgets import Static, TextArea

from store.messages.model import Purpose, Template
from store.roles import Role
from store.sentences import N_, Sentence, sentence
from tui.base.actions import Action
from tui.base.navigation import ChooseTemplate, SaveTemplate
from tui.compose.editor import Composer
from tui.i18n.sanitize import plain
from tui.inbox.answering import Answering
from tui.inbox.doing import WithConversation

SAY_ANSWERING = 10.0
"""Seconds after which whoever is writing is shown to the others again."""


class Replying(WithConversation):
    """A screen on which one conversation can be answered."""

    reply = getters.query_one("#reply", Composer)
    cost = getters.query_one("#cost", Static)

    def __init__(self) -> None:
        super().__init__()
        self._said_at = 0.0
        self._answer = Answering(self, self._show_cost)

    def send_action(self) -> Action:
        """The key that sends it."""
        return Action(
            "inbox.send",
            "enter",
            N_("Send"),
            N_("Send this reply now"),
            self.send,
            why_not=self._why_not_send,
            words=self._send_words,
            shown=lambda: self.is_mounted and self.reply.has_focus,
            priority=True,
        )

    def template_actions(self) -> Iterable[Action]:
        """What puts a template into it, and what keeps it for other conversations."""
        yield Action(
            "inbox.template",
            "ctrl+t",
            N_("Template"),
            N_("Insert one into your text, after seeing what it costs"),
            self.insert_template,
            why_not=self._nothing,
            shown=lambda: self.is_mounted and self.reply.has_focus,
        )
        yield Action(
            "inbox.keep",
            "underscore,shift+f10",
            N_("Save as a template"),
            N_("Save what you're writing, or wrote last, as a template"),
            self.save_as_template,
            why_not=self._why_no_template,
            in_bar=False,
        )

    # What is typed

    def _key_in_reply(self, key: str) -> bool:
        if key == "ctrl+j":
            self.reply.write_over("\n", 0, 0)
            return True
        return False

    @on(TextArea.Changed, "#reply")
    def _written(self) -> None:
        if not self._answer.phone or self.reply.text == self._answer.body:
            return
        self._answer.written(self.reply.text)
        self._show_cost()
        if time.monotonic() - self._said_at > SAY_ANSWERING and self.app.lacks(Role.SENDER) is None:
            self._said_at = time.monotonic()
            self.load(self._say_answering)

    @on(Composer.TooMuch)
    def _too_much(self, message: Composer.TooMuch) -> None:
        self.app.hint(message.says)

    async def _say_answering(self) -> None:
        account, phone = self.app.account, self._phone
        if account is not None:
            await self.app.fetch(lambda store: store.conversations.answering(account.id, phone))

    def keep_typed(self) -> None:
        self._answer.before_leaving()

    def on_unmount(self) -> None:
        self.keep_typed()

    # What it costs

    def on_mount(self) -> None:
        self._answer.means_changed()

    def balance_changed(self) -> None:
        super().balance_changed()
        self._answer.means_changed()

    def _show_cost(self) -> None:
        """What the answer costs, and who else is answering."""
        if not self.is_attached:
            return
        self.refresh_bindings()
        parts, found = [self._answer.cost()], self._opened
        if found is not None and found.thread.answering:
            says = self.gettext("{name} is replying too").format(name=plain(found.thread.answering))
            parts.append(Content.styled(says, "$warning"))
        self.cost.update(Content("   ").join(filter(None, parts)))

    # Sending

    def _why_not_send(self) -> Sentence | None:
        return self._answer.why_not()

    def _send_words(self) -> str:
        return self._answer.words()

    def send(self) -> None:
        """Sends the answer; its credits are held at once."""
        self.app.finish(self._send(), once="send answer")

    async def _send(self) -> None:
        is_here = await self._answer.send()
        self.app.refresh_balance()
        if is_here and self.is_attached:
            self.reply.show("")
            self.data_changed()

    # Templates

    def _to_keep(self) -> str:
        """What may become a template: what is being written, else what was written last; "" for nothing."""
        if not self.is_mounted:
            return ""
        ours = (line for line in reversed(self.view.lines) if line.out and not line.notice)
        written = (line.text for line in ours if line.text.strip())
        return self._answer.body if self._answer.body.strip() else next(written, "")

    def _why_no_template(self) -> Sentence | None:
        if not self._to_keep():
            return sentence("You haven't written anything in this conversation.")
        return self.app.lacks(Role.SENDER)

    def insert_template(self) -> None:
        """Offers the templates, and puts the one that is chosen into the answer."""
        self.post_message(ChooseTemplate(lambda template: self.reply.insert_here(template.text)))

    def save_as_template(self) -> None:
        """Asks for the name under which it is kept."""
        template = Template("", self._to_keep(), Purpose.CONVERSATION, self.app.language.code)
        self.post_message(SaveTemplate(template))
