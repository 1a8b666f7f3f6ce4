"""One person of the address book, to be added or changed."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, Static

from store.emails.model import Email
from store.errors import TextmeterError
from store.people.model import Contact
from store.roles import Role
from store.sentences import N_, Sentence
from tui.base.screen import TextmeterScreen
from tui.contacts.presentation import timeline_line
from tui.i18n.sanitize import plain

FIELDS: tuple[tuple[str, str], ...] = (
    ("first_name", N_("First name")),
    ("last_name", N_("Last name")),
    ("company", N_("Company")),
    ("phone", N_("Number")),
    ("email", N_("Email")),
    ("groups", N_("Groups, with commas")),
)


class ContactScreen(TextmeterScreen):
    """A form for one person: empty for somebody new. Below it, the emails that were due to that person."""

    NAME = N_("Contacts")
    CSS_PATH = "../base/form.tcss"
    HOLDS_INPUT = True
    HELP: ClassVar[str] = N_(
        "A number without a country code is read as one of your own country. Groups can be written to "
        "at once: type # and the group's name where you choose who gets a text."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.pop_screen", N_("Back"), id="contact.back", tooltip=N_("Leave it as it was")),
        Binding("f5,ctrl+s", "save", N_("Save"), id="contact.save", tooltip=N_("Keep what is written here")),
    ]

    def __init__(self, contact: Contact | None) -> None:
        super().__init__()
        self._contact = contact
        self._saving = False
        self._timeline: list[Email] = []
        self._values = dict.fromkeys((name for name, _ in FIELDS), "")
        if contact is not None:
            self._values |= {
                "first_name": contact.first_name,
                "last_name": contact.last_name,
                "company": contact.company,
                "phone": contact.phone,
                "email": contact.email,
                "groups": ", ".join(contact.groups),
            }

    def body(self) -> ComposeResult:
        with VerticalScroll(classes="form", can_focus=False):
            for name, label in FIELDS:
                with Horizontal(classes="field"):
                    yield Label(Content(self.gettext(label)))
                    yield Input(plain(self._values[name]), id=name, disabled=self.why_not("save") is not None)
            yield Static(classes="error")
        with VerticalScroll(id="timeline") as timeline:
            timeline.border_title = Content(self.gettext("Emails"))
            timeline.display = bool(self._timeline)
            yield Static(self._timeline_lines(), id="emails")

    def on_mount(self) -> None:
        if (forbidden := self.why_not("save")) is not None:
            self._say(forbidden)
        self.query_one("#first_name" if self._contact is None else "#phone", Input).focus()
        if (contact := self._contact) is not None:
            self.app.ask(
                lambda store: store.emails.timeline(contact.id), self._timeline_read, group="timeline"
            )

    def _timeline_read(self, emails: list[Email]) -> None:
        if not self.is_attached:  # left before the answer came
            return
        self._timeline = emails
        self.query_one("#timeline").display = bool(emails)
        self.query_one("#emails", Static).update(self._timeline_lines())

    def _timeline_lines(self) -> Content:
        account = self.app.account
        assert account is not None
        lines = [timeline_line(self.app.language, email, account.timezone) for email in self._timeline]
        return Content("\n".join(map(plain, lines)))

    @on(Input.Changed)
    def _changed(self, changed: Input.Changed) -> None:
        if changed.input.id in self._values:
            self._values[changed.input.id] = changed.value

    @on(Input.Submitted)
    def _submitted(self, submitted: Input.Submitted) -> None:
        if submitted.input.id == FIELDS[-1][0]:
            self.action_save()
        else:
            self.focus_next()

    def why_not(self, action: str) -> Sentence | None:
        """Who is no owner only reads what is here."""
        return self.app.lacks(Role.OWNER) if action == "save" else None

    def action_save(self) -> None:
        """Keeps the person and goes back; what can't be kept is said below the fields."""
        account = self.app.account
        assert account is not None
        if self._saving or self.refused("save"):
            return
        self._saving = True
        values = dict(self._values)
        groups = tuple(
            group.strip().removeprefix("#") for group in values.pop("groups").split(",") if group.strip()
        )
        contact = self._contact
        self.app.ask(
            lambda store: (
                store.people.add(**values, groups=groups, region=account.country)
                if contact is None
                else store.people.update(contact.id, **values, groups=groups, region=account.country)
            ),
            self._kept,
            group="contact",
            failed=self._failed,
        )

    def _kept(self, _contact: Contact) -> None:
        self.leave()

    def _failed(self, error: TextmeterError) -> None:
        self._saving = False
        if not self.is_attached:  # left before the answer came
            self.app.tell_error(error)
            return
        self._say(error.says)

    def _say(self, why: Sentence) -> None:
        says = self.query_one(".error", Static)
        says.update(Content(plain(self.app.language.say(why))))
        says.display = True
