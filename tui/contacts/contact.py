"""One person: who it is, and all that happened with them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult

from store.people.model import Contact
from store.sentences import N_, Sentence
from tui.base.actions import Action
from tui.contacts.doing import WithPerson
from tui.contacts.person_view import PersonView
from tui.contacts.queries import Known, known


class ContactScreen(WithPerson):
    """Who somebody is, and beside or below it what happened with them."""

    NAME = N_("Contact")
    CSS_PATH = "contacts.tcss"
    AUTO_FOCUS = "#who"
    HELP: ClassVar[str] = N_(
        "All that is known of one person, and every text and email, the newest first. What you change here "
        "can be undone by z, also tomorrow."
    )

    def __init__(self, contact: Contact) -> None:
        super().__init__()
        self._contact = contact
        self._known: Known | None = None

    @property
    def person(self) -> Contact | None:
        return self._contact

    def actions(self) -> Iterable[Action]:
        yield Action("contact.back", "escape", N_("Back"), N_("Back to the contacts"), self.leave)
        yield from self.person_actions()
        yield Action(
            "contact.first",
            "h",
            N_("Greet first"),
            N_("Texts to those who share a number greet this person"),
            self.name_first,
            why_not=self._why_not_first,
            shown=lambda: self._known is not None and bool(self._known.sharing),
        )

    def _why_not_first(self) -> Sentence | None:
        return self.app.owners_only()

    def body(self) -> ComposeResult:
        yield PersonView()
        self.call_after_refresh(self._show)

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.load(self.read)

    def data_changed(self) -> None:
        self.load(self.read)

    async def read(self) -> None:
        """Reads what is known, and shows it; goes back where the person is gone."""
        account, contact = self.app.account, self._contact
        assert account is not None
        found = await self.app.fetch(lambda store: known(store, contact.id, account))
        if found is None:
            self.leave()
        else:
            self._known, self._contact = found, found.contact
            self._show()

    def people_changed(self, *, gone: bool = False) -> None:
        if gone:
            self.leave()
        elif self.is_attached:
            self.load(self.read)

    async def name_first(self) -> None:
        """Lets texts to those who share a number greet this person."""
        contact = self._contact
        await self.app.fetch(lambda store: store.people.name_first(contact.id))
        await self.read()

    def _show(self) -> None:
        if self.is_attached and self._known is not None:
            self.query_one(PersonView).show(self._known)
            self.refresh_bindings()
