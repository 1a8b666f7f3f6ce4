"""With whom a conversation is, above it."""

from __future__ import annotations

from textual import getters
from textual.content import Content
from textual.widgets import Static

from store.sentences import Key, sentence
from tui.base.session_app import SessionApp
from tui.i18n.sanitize import literal
from tui.inbox import presentation as words
from tui.inbox.queries import Opened

DECIDING = {"out": Key("inbox.out", "o"), "no": Key("inbox.yes", "y")}


class WhoLine(Static):
    """Says who it is; below, asks whether they opted out, where what they wrote may mean that."""

    app = getters.app(SessionApp)

    def __init__(self) -> None:
        super().__init__(id="who")

    def show(self, found: Opened | None, *, writing: bool) -> None:
        """Shows with whom a conversation is; nothing of none. writing: whether one writes an answer, so that
        letters are no keys."""
        account = self.app.account
        if found is None or account is None:
            self.update("")
            return
        there = found.contact.zone if found.contact is not None else ""
        about = words.about_person(
            self.app.language, found.thread, found.said, found.now, there, account.country, account.timezone
        )
        name = literal(words.who(found.thread, account.country)).stylize("bold")
        lines = [Content.assemble(name, "   ", (about, "$quiet"))]
        if found.thread.asks:
            says = sentence("Is this an opt-out? {out} opts them out, {no} dismisses it.", **DECIDING)
            if writing:
                says = sentence(
                    "Is this an opt-out? Esc, then {out} opts them out, {no} dismisses it.", **DECIDING
                )
            lines.append(Content.styled(f"! {self.app.language.say(says)}", "$warning"))
        self.update(Content("\n").join(lines))
