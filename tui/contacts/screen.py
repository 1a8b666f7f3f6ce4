"""The address book."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from store.people.model import Contact
from store.sentences import N_, Sentence
from store.texts.phones import shown
from tui.base.actions import Action
from tui.base.navigation import Go, StoreOpened
from tui.contacts.doing import WithPerson
from tui.i18n.sanitize import literal
from tui.widgets.line_list import Head, PagedList

PAGE = 200


class ContactsScreen(WithPerson):
    """Everybody who can be written to, by name, with a search above."""

    NAME = N_("Contacts")
    CSS_PATH = "contacts.tcss"
    AUTO_FOCUS = "#people"
    HELP: ClassVar[str] = N_(
        "Type in the search to narrow the list by name, company, any part of a number, email, group or own "
        "field. Press i to import a file that Google Contacts, Outlook or Apple Contacts exported; importing "
        "it twice changes nothing. Press z to undo what you did, an import too."
    )
    people: getters.query_one[PagedList[Contact]] = getters.query_one("#people", PagedList)
    search = getters.query_one("#search", Input)
    empty = getters.query_one("#empty", Static)

    def __init__(self) -> None:
        super().__init__()
        self._search = ""
        self._change: int | None = None
        """The import of which only those are listed whom it brought."""

    def actions(self) -> Iterable[Action]:
        yield Action("contacts.back", "escape", N_("Back"), N_("End the search, or back to Home"), self.back)
        yield Action(
            "contacts.import",
            "i",
            N_("Import"),
            N_("Import a CSV or vCard file"),
            self.import_file,
            why_not=self._why_not_import,
        )
        yield Action(
            "contacts.add",
            "a",
            N_("Add"),
            N_("Add somebody by hand"),
            self.add,
            why_not=self.app.owners_only,
        )
        yield Action(
            "contacts.open",
            "enter",
            N_("Open"),
            N_("All that is known of the one under the cursor, and what happened with them"),
            self.open,
            why_not=self.nobody,
        )
        yield from self.person_actions()
        yield Action("contacts.search", "slash", N_("Search"), N_("Narrow the list"), self.go_to_search)

    def _why_not_import(self) -> Sentence | None:
        return self.app.owners_only() or self.app.no_files("contacts import - < contacts.csv")

    @property
    def person(self) -> Contact | None:
        return self.people.current

    def body(self) -> ComposeResult:
        yield Input(
            self._search,
            placeholder=self.gettext("Search by name, number, email, group or field"),
            id="search",
        )
        yield Static(id="only")
        yield Head(self._columns)
        yield Static(id="empty")
        yield PagedList(self._line, key=attrgetter("id"), id="people")

    @on(StoreOpened)
    def _store_opened(self) -> None:
        self.people.restart()

    def on_screen_resume(self) -> None:
        self.people.restart(keep_line=True)

    def data_changed(self) -> None:
        self.people.restart(keep_line=True)

    def _columns(self, width: int) -> Content:
        _ = self.gettext
        return self._row(_("Name"), _("Number"), _("Country"), _("Groups"), width)

    def _row(self, name: str, phone: str, country: str, groups: str, width: int) -> Content:
        """Four columns; on a narrow screen the country, then the groups give way."""
        phone_width = 18
        country_width = 18 if width >= 100 else 0
        groups_width = width // 4 if width >= 70 else 0
        name_width = max(width - phone_width - country_width - groups_width, 0)
        parts = [
            literal(name).truncate(name_width - 1, ellipsis=True, pad=True),
            Content(" "),
            literal(phone).truncate(phone_width, ellipsis=True, pad=True),
        ]
        if country_width:
            parts += [literal(country).truncate(country_width - 1, ellipsis=True, pad=True), Content(" ")]
        if groups_width:
            parts.append(literal(groups).truncate(groups_width, ellipsis=True, pad=True))
        return Content("").join(parts)

    def _line(self, contact: Contact, width: int) -> Content:
        language = self.app.language
        home = self.app.account.country if self.app.account is not None else ""
        number = shown(contact.phone, home) if contact.phone else self.gettext("no number")
        country = language.territory(contact.region) if contact.region else ""
        groups = " ".join(f"#{group}" for group in contact.groups)
        return self._row(contact.name or contact.email or number, number, country, groups, width)

    @on(PagedList.PageWanted, "#people")
    def _page_wanted(self, wanted: PagedList.PageWanted) -> None:
        if self.app.account is not None:  # else the list is asked for anew as soon as there is one
            self.load(self._read_page, wanted, newest_only=True)

    async def _read_page(self, wanted: PagedList.PageWanted) -> None:
        search, limit = self._search, max(PAGE, wanted.count)
        change = self._change
        contacts = await self.app.fetch(
            lambda store: store.people.contacts(search, change=change, after=wanted.after, limit=limit)
        )
        self.people.extend(wanted.query, contacts, complete=len(contacts) < limit)
        self._show_whether_empty()

    def _show_whether_empty(self) -> None:
        self.empty.display = not self.people.items
        says = (
            self.gettext("Nobody is called that. Esc shows everybody again.")
            if self._search
            else self.gettext(
                "Nobody is here yet. Press i to import a file from Google Contacts, Outlook or Apple "
                "Contacts, or a to add somebody by hand."
            )
        )
        self.empty.update(Content(says))

    @on(Input.Changed, "#search")
    def _search_changed(self, changed: Input.Changed) -> None:
        if changed.value != self._search:
            self._search = changed.value
            self.people.restart()

    @on(Input.Submitted, "#search")
    def _search_done(self) -> None:
        self.people.focus()

    @on(PagedList.Moved, "#people")
    def _moved(self) -> None:
        self.refresh_bindings()  # what can be done hangs on who is under the cursor

    @on(PagedList.Chosen, "#people")
    def _chosen(self, chosen: PagedList.Chosen) -> None:
        from tui.contacts.contact import ContactScreen

        self.app.push_screen(ContactScreen(chosen.item))

    def back(self) -> None:
        """Ends the search, or goes Home where there is none."""
        if self._search or self.search.has_focus:
            self.search.value = ""
            self.people.focus()
        elif self._change is not None:
            self._show_of(None)
        else:
            self.post_message(Go("home"))

    def go_to_search(self) -> None:
        """Puts the cursor into the search."""
        self.search.focus()

    def add(self) -> None:
        """An empty form for somebody new."""
        from tui.contacts.form import ContactFormScreen

        self.app.push_screen(ContactFormScreen(None))

    def open(self) -> None:
        """The one under the cursor."""
        self.people.action_choose()

    def import_file(self) -> None:
        """Asks for a file and imports it."""
        from tui.contacts.importing import ImportScreen

        self.app.push_screen(ImportScreen(self._imported))

    def _imported(self, change: int | None) -> None:
        if change:
            self._show_of(change)
        else:
            self.people_changed()

    def _show_of(self, change: int | None) -> None:
        """Lists those whom an import brought, or everybody again."""
        self._change = change
        if self.is_attached:
            only = self.query_one("#only", Static)
            only.display = change is not None
            only.update(Content(self.gettext("Showing only this import. Esc shows everybody again.")))
            self.people.restart()

    def people_changed(self, *, gone: bool = False) -> None:
        if self.is_attached:
            self.people.restart(keep_line=True)
