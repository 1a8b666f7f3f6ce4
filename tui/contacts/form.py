"""One person of the address book, to be added or changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, Static

from store import Store
from store.errors import TextmeterError
from store.people.model import Change, Contact
from store.sentences import N_, Key, Sentence, sentence
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.contacts.presentation import KEPT_AS_TYPED, listed, number_typed, other_numbers, typed_details
from tui.contacts.taking_back import change_deed
from tui.i18n.sanitize import plain

FIELDS: tuple[tuple[str, str], ...] = (
    ("first_name", N_("First name")),
    ("last_name", N_("Last name")),
    ("company", N_("Company")),
    ("phone", N_("Number")),
    ("email", N_("Email")),
    ("groups", N_("Groups, separated by commas")),
    ("numbers", N_("Other numbers")),
    ("emails", N_("Other addresses")),
    ("fields", N_("Custom fields")),
    ("address", N_("Address")),
    ("household", N_("Household")),
    ("zone", N_("Time zone")),
    ("language", N_("Language")),
    ("note", N_("Note")),
)
HINTS = {
    "numbers": N_("work (415) 555-0199, fax (415) 555-0198"),
    "fields": N_("unit: 4B, building: North"),
}
"""What a field looks like, where it is empty."""


class ContactFormScreen(TextmeterScreen):
    """A form for one person: empty for somebody new."""

    NAME = N_("Contacts")
    CSS_PATH = "../base/form.tcss"
    HOLDS_INPUT = True
    HELP: ClassVar[str] = N_(
        "A number without a country code is read as a number in your country. To write to a whole group, "
        "type # and its name in the To field. You can use custom fields in texts: {unit} is this person's "
        "unit. Two people with the same number get one text together."
    )

    def __init__(self, contact: Contact | None) -> None:
        super().__init__()
        self._contact = contact
        self._saving = self._sure = False
        self._values = dict.fromkeys((name for name, _ in FIELDS), "")
        if contact is not None:
            language = self.app.language
            self._values |= {
                "first_name": contact.first_name,
                "last_name": contact.last_name,
                "company": contact.company,
                "phone": language.phone(contact.phone),
                "email": contact.email,
                "groups": ", ".join(contact.groups),
                "numbers": ", ".join(number_typed(language, other) for other in other_numbers(contact)),
                "emails": ", ".join(contact.emails[1:]),
                "fields": ", ".join(f"{name}: {value}" for name, value in contact.fields),
                **{name: getattr(contact, name) for name in KEPT_AS_TYPED},
            }
        self._kept = {name: plain(value) for name, value in self._values.items()}
        """What the fields held at first."""

    def actions(self) -> Iterable[Action]:
        yield Action("contact.back", "escape", N_("Back"), N_("Keep it as it is"), self._back)
        yield Action(
            "contact.save",
            "ctrl+s,shift+f5",
            N_("Save"),
            N_("Save what you typed"),
            self.save,
            why_not=self.app.owners_only,
        )

    def body(self) -> ComposeResult:
        only_read = self.app.owners_only() is not None
        yield Static(classes="error")
        with VerticalScroll(classes="form", can_focus=False):
            for name, label in FIELDS:
                with Horizontal(classes="field"):
                    yield Label(Content(self.gettext(label)))
                    yield Input(
                        plain(self._values[name]),
                        id=name,
                        disabled=only_read,
                        select_on_focus=False,
                        placeholder=self.gettext(HINTS[name]) if name in HINTS else "",
                    )

    def on_mount(self) -> None:
        if (forbidden := self.app.owners_only()) is not None:
            self._say(forbidden)
        self.query_one("#first_name" if self._contact is None else "#phone", Input).focus()

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
            says = sentence(
                "Press Esc again to discard your changes, or {key} to save them.",
                key=Key("contact.save", "ctrl+s"),
            )
            self.app.hint(says)

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
        try:
            details = typed_details(values)
            groups = tuple(group.removeprefix("#") for group in listed(values["groups"]))

            def save(store: Store) -> Change | None:
                before = store.people.last_change()
                if contact is None:
                    store.people.add(
                        first_name=values["first_name"],
                        last_name=values["last_name"],
                        company=values["company"],
                        phone=values["phone"],
                        email=values["email"],
                        groups=groups,
                        region=account.country,
                        details=details,
                    )
                else:
                    store.people.update(
                        contact.id,
                        first_name=values["first_name"],
                        last_name=values["last_name"],
                        company=values["company"],
                        phone=values["phone"],
                        email=values["email"],
                        groups=groups,
                        region=account.country,
                        details=details,
                        version=contact.version,
                    )
                after = store.people.last_change()
                return after if after != before else None

            change = await self.app.fetch(save)
        except TextmeterError as error:
            self._saving = False
            if not self.is_attached:  # left meanwhile
                raise
            self._say(error.says)
        else:
            if change is not None:
                self.app.did(sentence("{name} is saved.", name=change.what), change_deed(change))
            self.leave()

    def _say(self, why: Sentence) -> None:
        says = self.query_one(".error", Static)
        says.update(Content(plain(self.app.language.say(why))))
        says.display = True
