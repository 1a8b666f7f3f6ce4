"""What an email says: its subject, and its text in Markdown."""

from __future__ import annotations

from typing import ClassVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from store.emails.estimate import MOST_CHARACTERS, MOST_OF_A_SUBJECT
from store.sentences import N_
from tui.base.session_app import SessionApp
from tui.compose.editor import Composer
from tui.i18n.sanitize import plain


class Body(Composer):
    """The text of an email."""

    MOST = MOST_CHARACTERS
    SEGMENTS = False
    HELP: ClassVar[str] = N_(
        "Write your email here. You can use Markdown: **bold**, *italic*, # a heading, - a "
        "list, [a link](https://example.com); people who read plain-text mail see it as you "
        "write it. An opening brace offers fields such as {first_name}, which are filled in "
        "for each person; {first_name|there} gives a word to use when the name is missing. A "
        "backslash before a brace makes it an ordinary brace."
    )


class SubjectEntry(Input):
    """The field of the subject. What is pasted is one line."""

    def on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(plain(" ".join(event.text.split())))


class Subject(Horizontal):
    """The line "Subject"."""

    HELP: ClassVar[str] = N_(
        "The one line people see before they open the email. Fields such as {first_name} are "
        "filled in here too. Enter moves on to the text."
    )
    app = getters.app(SessionApp)
    entry = getters.query_one(SubjectEntry)

    class Written(Message):
        """Something else is the subject."""

        def __init__(self, subject: str) -> None:
            super().__init__()
            self.subject = subject

    class Left(Message):
        """It is left towards the text."""

    def compose(self) -> ComposeResult:
        yield Static(Content(self.app.language.gettext("Subject")), id="subject-label")
        yield SubjectEntry(
            id="subject-entry",
            compact=True,
            select_on_focus=False,
            max_length=MOST_OF_A_SUBJECT,
            placeholder=self.app.language.gettext("What it's about"),
        )

    def on_mount(self) -> None:
        self.entry.cursor_blink = False

    def show(self, subject: str) -> None:
        """Shows another subject."""
        if self.entry.value != subject:
            self.entry.value = subject
            self.entry.cursor_position = len(subject)

    def focus(self, scroll_visible: bool = True) -> Subject:
        self.entry.focus(scroll_visible)
        return self

    @on(Input.Changed)
    def _changed(self, changed: Input.Changed) -> None:
        changed.stop()
        self.post_message(self.Written(changed.value))

    @on(Input.Submitted)
    def _submitted(self, submitted: Input.Submitted) -> None:
        submitted.stop()
        self.post_message(self.Left())
