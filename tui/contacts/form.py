"""One person of the address book, to be added or changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, Static

from store.emails.model import Email
from store.errors import TextmeterError
from store.people.model import Contact
from store.sentences import N_, Sentence, sentence
from tui.base.actions import Action
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

    def __init__(self, contact: Contact | None) -> None:
        super().__init__()
        self._contact = contact
        self._saving = self._sure = False
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
        self._kept = {name: plain(value) for name, value in self._values.items()}
        """What the fields held at first."""

    def actions(self) -> Iterable[Action]:
        yield Action("contact.back", "escape", N_("Back"), N_("Leave it as it was"), self._back)
        yield Action(
            "contact.save",
            "f5,ctrl+s",
            N_("Save"),
            N_("Keep what is written here"),
            self.save,
            why_not=self.app.owners_only,
        )

    def body(self) -> ComposeResult:
        only_read = self.app.owners_only() is not None
        with VerticalScroll(classes="form", can_focus=False):
            for name, label in FIELDS:
                with Horizontal(classes="field"):
                    yield Label(Content(self.gettext(label)))
                    yield Input(plain(self._values[name]), id=name, disabled=only_read, select_on_focus=False)
            yield Static(classes="error")
        with VerticalScroll(id="timeline") as timeline:
            timeline.border_title = Content(self.gettext("Emails"))
            timeline.display = bool(self._timeline)
            yield Static(self._timeline_lines(), id="emails")

    def on_mount(self) -> None:
        if (forbidden := self.app.owners_only()) is not None:
            self._say(forbidden)
        self.query_one("#first_name" if self._contact is None else "#phone", Input).focus()
        self.load(self.read)

    async def read(self) -> None:
        """Reads the emails that were due to this person, and shows them."""
        if (contact := self._contact) is not None:
            self._timeline = await self.app.fetch(lambda store: store.emails.timeline(contact.id))
            self.query_one("#timeline").display = bool(self._timeline)
            self.query_one("#emails", Static).update(self._timeline_lines())

    def _timeline_lines(self) -> Content:
        account = self.app.account
        assert account is not None
        lines = [timeline_line(self.app.language, email, account.timezone) for email in self._timeline]
        return Content("\n".join(map(plain, lines)))

    @on(Input.Changed)
    def _changed(self, changed: Input.Changed) -> None:
        if changed.input.id in self._values:
            self._sure = False
            self._values[changed.input.id] = changed.value

    @on(Input.Submitted)
    def _submitted(self, submitted: Input.Submitted) -> None:
        if submitted.input.id == FIELDS[-1][0]:
            self.action_act("contact.save")
        else:
            self.focus_next()

    def _back(self) -> None:
        """Leaves what was changed, when pressed a second time."""
        if self._sure or self._values == self._kept:
            self.leave()
        else:
            self._sure = True
            self.app.hint(sentence("Press Esc again to drop what you changed. F5 saves it."))

    def on_screen_suspend(self) -> None:
        """Whoever comes back is asked once more before anything is dropped."""
        self._sure = False

    def save(self) -> None:
        """Keeps the person and goes back; what can't be kept is said below the fields."""
        if not self._saving:
            self._saving = True
            self.app.finish(self._save(dict(self._values)))

    async def _save(self, values: dict[str, str]) -> None:
        account, contact = self.app.account, self._contact
        assert account is not None
        named = values.pop("groups").split(",")
        groups = tuple(group.strip().removeprefix("#") for group in named if group.strip())
        try:
            await self.app.fetch(
                lambda store: (
                    store.people.add(**values, groups=groups, region=account.country)
                    if contact is None
                    else store.people.update(contact.id, **values, groups=groups, region=account.country)
                )
            )
        except TextmeterError as error:
            self._saving = False
            if not self.is_attached:  # left meanwhile
                raise
            self._say(error.says)
        else:
            self.leave()

    def _say(self, why: Sentence) -> None:
        says = self.query_one(".error", Static)
        says.update(Content(plain(self.app.language.say(why))))
        says.display = True
