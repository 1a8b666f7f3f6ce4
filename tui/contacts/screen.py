"""The address book."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from store.messages.model import Draft
from store.people.model import Contact
from store.roles import Role
from store.sentences import N_, Sentence, sentence
from tui.base.navigation import Go
from tui.base.screen import TextmeterScreen
from tui.i18n.sanitize import literal
from tui.widgets.line_list import Head, PagedList

PAGE = 200


class ContactsScreen(TextmeterScreen):
    """Everybody who can be written to, by name, with a search above."""

    NAME = N_("Contacts")
    CSS_PATH = "contacts.tcss"
    AUTO_FOCUS = "#people"
    HELP: ClassVar[str] = N_(
        "Type in the search to narrow the list by name, company, number or email. I imports a file that "
        "Google Contacts, Outlook or Apple Contacts exported; importing it twice changes nothing."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape", "back", N_("Back"), id="contacts.back", tooltip=N_("End the search, or back to Home")
        ),
        Binding("i", "import", N_("Import"), id="contacts.import", tooltip=N_("Import a CSV or vCard file")),
        Binding("a", "add", N_("Add"), id="contacts.add", tooltip=N_("Add somebody by hand")),
        Binding(
            "enter", "open", N_("Edit"), id="contacts.open", tooltip=N_("Change the one under the cursor")
        ),
        Binding("w", "write", N_("Write to"), id="contacts.write", tooltip=N_("Write a text to this person")),
        Binding(
            "d", "delete", N_("Delete"), id="contacts.delete", tooltip=N_("Delete this person; press twice")
        ),
        Binding("slash", "search", N_("Search"), id="contacts.search", tooltip=N_("Narrow the list")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._search = ""
        self._about_to_delete: int | None = None

    def body(self) -> ComposeResult:
        yield Input(
            self._search, placeholder=self.gettext("Search by name, number, company or email"), id="search"
        )
        yield Head(self._columns)
        yield Static(id="empty")
        yield PagedList(self._line, id="people")

    @property
    def _people(self) -> PagedList[Contact]:
        return self.query_one("#people", PagedList)

    def on_textmeter_app_store_opened(self) -> None:
        self._people.restart()

    def on_screen_resume(self) -> None:
        self._people.restart(keep_line=True)

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
        number = contact.phone or self.gettext("no number")
        country = language.territory(contact.region) if contact.region else ""
        groups = " ".join(f"#{group}" for group in contact.groups)
        return self._row(contact.name or contact.email or number, number, country, groups, width)

    @on(PagedList.PageWanted, "#people")
    def _fetch(self, wanted: PagedList.PageWanted) -> None:
        if self.app.account is None:
            return  # the list is asked for anew as soon as there is one
        after, search = wanted.after, self._search
        self.app.ask(
            lambda store: store.people.contacts(search, after=after, limit=PAGE),
            partial(self._fetched, wanted.query),
            group="contacts",
        )

    def _fetched(self, query: int, contacts: list[Contact]) -> None:
        self._people.extend(query, contacts, complete=len(contacts) < PAGE)
        empty = self.query_one("#empty", Static)
        empty.display = not self._people.items
        if self._search:
            empty.update(Content(self.gettext("Nobody is called that. Esc shows everybody again.")))
        else:
            empty.update(
                Content(
                    self.gettext(
                        "Nobody is here yet. I imports a file from Google Contacts, Outlook or Apple "
                        "Contacts; A adds somebody by hand."
                    )
                )
            )
        self.refresh_bindings()

    @on(Input.Changed, "#search")
    def _search_changed(self, changed: Input.Changed) -> None:
        if changed.value != self._search:
            self._search = changed.value
            self._people.restart()

    @on(Input.Submitted, "#search")
    def _search_done(self) -> None:
        self._people.focus()

    @on(PagedList.Moved, "#people")
    def _moved(self) -> None:
        self._about_to_delete = None

    @on(PagedList.Chosen, "#people")
    def _chosen(self, chosen: PagedList.Chosen) -> None:
        from tui.contacts.form import ContactScreen

        self.app.push_screen(ContactScreen(chosen.item))

    def why_not(self, action: str) -> Sentence | None:
        if action in ("add", "import", "delete") and (forbidden := self.app.lacks(Role.OWNER)):
            return forbidden
        if action == "import":
            return self.app.no_files("contacts import - < contacts.csv")
        if action in ("open", "write", "delete") and self._people.current is None:
            return sentence("There is nobody in the list to do that with.")
        if action == "write" and self._people.current is not None and not self._people.current.phone:
            return sentence("This person has no number. Enter adds one.")
        return None

    def action_back(self) -> None:
        """Ends the search, or goes Home where there is none."""
        if self._search or self.query_one("#search", Input).has_focus:
            self.query_one("#search", Input).value = ""
            self._people.focus()
        else:
            self.post_message(Go("home"))

    def action_search(self) -> None:
        """Puts the cursor into the search."""
        self.query_one("#search", Input).focus()

    def action_add(self) -> None:
        """An empty form for somebody new."""
        from tui.contacts.form import ContactScreen

        if not self.refused("add"):
            self.app.push_screen(ContactScreen(None))

    def action_open(self) -> None:
        """The form of the one under the cursor."""
        if not self.refused("open"):
            self._people.action_choose()

    def action_import(self) -> None:
        """Asks for a file and imports it."""
        from tui.contacts.importing import ImportScreen

        if not self.refused("import"):
            self.app.push_screen(ImportScreen(lambda: self._people.restart(keep_line=True)))

    def action_write(self) -> None:
        """A new text to the one under the cursor."""
        contact = self._people.current
        if not self.refused("write") and contact is not None:
            self.app.write(Draft(contacts=(contact.id,)))

    def action_delete(self) -> None:
        """Deletes the one under the cursor, when pressed a second time."""
        contact = self._people.current
        if self.refused("delete") or contact is None:
            return
        if self._about_to_delete == contact.id:
            self.app.ask(
                lambda store: store.people.delete(contact.id),
                lambda _: self._people.restart(),
                group="contacts",
            )
        else:
            self._about_to_delete = contact.id
            self.app.tell(
                sentence(
                    "Press D again to delete {name}. Texts already sent stay in the history.",
                    name=contact.name,
                )
            )
