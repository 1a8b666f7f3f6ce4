"""The address book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from store import Store
from store.people.filters import FilterMistake
from store.people.model import Contact
from store.roles import Role
from store.sentences import N_, Key, Sentence, sentence
from tui.base.actions import Action
from tui.base.master_detail import MasterDetail
from tui.base.navigation import Go, StoreOpened
from tui.contacts.doing import UNDO, WithPerson
from tui.contacts.people_list import PeopleList
from tui.contacts.person_view import PersonView
from tui.contacts.queries import known
from tui.contacts.searching import Searching
from tui.widgets.line_list import Head, PagedList

PAGE = 200
IMPORT = Key("contacts.import", "i")


class ContactsScreen(MasterDetail, Searching, WithPerson):
    """Everybody who can be written to, by name, with a search above."""

    NAME = N_("Contacts")
    CSS_PATH = "contacts.tcss"
    AUTO_FOCUS = "#people"
    HELP: ClassVar[str] = N_(
        "Search by name, company, any part of a number, email, group or custom field. You can also type "
        "#buyers (a group), unit:4* (a field), unit: (an empty field), opted-out or last-text:>30d; put a "
        "- in front to exclude it. {save} saves the search as a filter you can write to. Press {file} to "
        "import a file exported from Google Contacts, Outlook or Apple Contacts; importing it twice changes "
        "nothing. {undo} undoes your changes, imports too. {mark} selects one person, {all} everyone the "
        "search finds; what you do next applies to all of them."
    )
    HELP_KEYS: ClassVar[Mapping[str, Key]] = {
        "save": Key("contacts.save", "s"),
        "file": IMPORT,
        "undo": UNDO,
        "mark": Key("contacts.mark", "space"),
        "all": Key("contacts.all", "asterisk"),
    }
    title_count = getters.query_one("#count", Static)
    beside: getters.query_one[PersonView] = getters.query_one(PersonView)

    def __init__(self) -> None:
        super().__init__()
        self._marked: dict[int, None] = {}
        """The ids of those who are chosen, in their order; searching changes nothing about them."""
        self._found = self._everybody = 0
        """How many the search finds, and how many there are."""
        self._change: int | None = None
        """The import of which only those are listed whom it brought."""

    def actions(self) -> Iterable[Action]:
        yield Action(
            "contacts.back",
            "escape",
            N_("Back"),
            N_("End the search, clear your selection, or go back to Home"),
            self.back,
            words=lambda: self.gettext(self._what_back_does()),
        )
        yield self.save_action()
        yield Action(
            "contacts.import",
            "i",
            N_("Import"),
            N_("Import a CSV, Excel or vCard file"),
            self.import_file,
            role=Role.OWNER,
            why_not=self._why_not_import,
            words=lambda: self._unless_marked(N_("Import")),
            anywhere=True,
        )
        yield Action(
            "contacts.new",
            "n",
            N_("Add"),
            N_("Add someone by hand"),
            self.add,
            role=Role.OWNER,
            words=lambda: self._unless_marked(N_("Add")),
            anywhere=True,
        )
        yield Action(
            "contacts.open",
            "enter",
            N_("Open"),
            N_("Everything about this person, and what happened with them"),
            self.open,
            why_not=self.nobody,
        )
        yield Action(
            "contacts.mark",
            "space",
            N_("Choose"),
            N_("Select or deselect this person; what you do next applies to everyone selected"),
            self.mark,
            why_not=self.nobody,
        )
        yield Action(
            "contacts.all",
            "asterisk",
            N_("Select all"),
            N_("Select everyone the search finds, or deselect them"),
            self.mark_all,
            why_not=lambda: self._mistake or self.nobody(),
            in_bar=False,
        )
        yield from self.person_actions()
        yield Action(
            "contacts.duplicates",
            "equals_sign",
            N_("Duplicates"),
            N_("Contacts you may have twice"),
            self.list_duplicates,
            anywhere=True,
        )
        yield from self.search_actions()

    def _unless_marked(self, label: str) -> str:
        """What has its place in the key bar until somebody is chosen, with whom something is to be done."""
        return "" if self._marked else self.gettext(label)

    def _why_not_import(self) -> Sentence | None:
        return self.app.no_files("contacts import - < contacts.csv")

    @property
    def person(self) -> Contact | None:
        return self.people.current

    @property
    def chosen(self) -> Sequence[int]:
        return list(self._marked) or super().chosen

    def body(self) -> ComposeResult:
        with Horizontal(id="panes"):
            with Vertical(id="list"):
                with Horizontal(id="search-line"):
                    yield Input(
                        self._search,
                        placeholder=self.gettext("Search by name, number, email, group or field"),
                        id="search",
                    )
                    yield Static(id="count")
                yield Static(id="mistake")
                yield Static(id="only")
                people = PeopleList(lambda id: id in self._marked)
                yield Head(people.columns)
                yield Static(id="empty")
                yield people
            yield PersonView()
        self.call_after_refresh(self._show_counts)

    @on(StoreOpened)
    def _store_opened(self) -> None:
        self.people.restart()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.people.restart(keep_line=True)

    def data_changed(self) -> None:
        self.people.restart(keep_line=True)

    # The list

    @on(PagedList.PageWanted, "#people")
    def _page_wanted(self, wanted: PagedList.PageWanted) -> None:
        if self.app.account is not None:  # else the list is asked for anew as soon as there is one
            self.load(self._read_page, wanted, self.app.account.id, newest_only=True)

    async def _read_page(self, wanted: PagedList.PageWanted, sender: int) -> None:
        search, change, limit = self._search, self._change, max(PAGE, wanted.count)
        marked, counted = bool(self._marked), (self._found, self._everybody)

        def page(store: Store) -> tuple[list[Contact], int, int, set[int] | None]:
            contacts = store.people.contacts(
                search, sender=sender, change=change, after=wanted.after, limit=limit
            )
            there = set(store.people.ids()) if marked else None
            if wanted.after is not None:  # counted with the first page
                return contacts, *counted, there
            everybody = store.people.count()
            if len(contacts) < limit:
                return contacts, len(contacts), everybody, there
            return contacts, store.people.count(search, sender=sender), everybody, there

        try:
            contacts, self._found, self._everybody, there = await self.app.fetch(page)
        except FilterMistake as mistake:  # the list stays as it is until it can be followed
            self._show_mistake(mistake.says)
            return
        self._show_mistake(None)
        if there is not None:  # somebody else may have deleted some
            self._marked = {id: None for id in self._marked if id in there}
        self.people.extend(wanted.query, contacts, complete=len(contacts) < limit)
        self._show_counts()
        self.look_beside()

    def _show_counts(self) -> None:
        """How many are listed and chosen, and what to do where there is nobody."""
        if not self.query("#count"):  # left before there were any
            return
        number = self.app.language.number
        if self._marked:
            says = self.gettext("{chosen} of {count} people selected").format(
                chosen=number(len(self._marked)), count=number(self._everybody)
            )
        elif self._search:
            says = self.ngettext("{count} found", "{count} found", self._found)
            says = says.format(count=number(self._found))
        else:
            says = self.ngettext("{count} person", "{count} people", self._everybody)
            says = says.format(count=number(self._everybody))
        self.title_count.update(Content(says if self._everybody else ""))
        self.empty.display = self.people.complete and not self.people.items
        says = (
            self.gettext("No one matches. Esc shows everyone again.")
            if self._search
            else self.app.language.say(
                sentence(
                    "No contacts yet. Press {file} to import a file from Google Contacts, Outlook or "
                    "Apple Contacts, or {add} to add someone by hand.",
                    file=IMPORT,
                    add=Key("contacts.new", "n"),
                )
            )
        )
        self.empty.update(Content(says))
        self.refresh_bindings()

    @on(PagedList.Moved, "#people")
    def _moved(self) -> None:
        self.refresh_bindings()  # what can be done hangs on who is under the cursor
        self.look_beside()

    @on(PagedList.Chosen, "#people")
    def _chosen(self, chosen: PagedList.Chosen) -> None:
        from tui.contacts.contact import ContactScreen

        self.app.push_screen(ContactScreen(chosen.item))

    # Beside the list

    async def read_beside(self) -> None:
        """Shows all that is known of the one under the cursor."""
        account, contact = self.app.account, self.person
        assert account is not None
        found = None
        if contact is not None:
            found = await self.app.fetch(lambda store: known(store, contact.id, account))
        self.beside.show(found)

    # The way back

    def _what_back_does(self) -> str:
        if self._search or self.search.has_focus:
            return N_("Back")
        return N_("Deselect") if self._marked else N_("Back")

    def back(self) -> None:
        """Ends the search, then chooses nobody any more, then goes Home."""
        if self._search or self.search.has_focus:
            self.search.value = ""
            self.people.focus()
        elif self._marked:
            self._mark({})
        elif self._change is not None:
            self._show_of(None)
        else:
            self.post_message(Go("home"))

    # Choosing

    def mark(self) -> None:
        """Chooses the one under the cursor, or not any more, and goes on to the next."""
        if (person := self.person) is not None:
            marked = dict(self._marked)
            if person.id in marked:
                del marked[person.id]
            else:
                marked[person.id] = None
            self._mark(marked)
            self.people.action_move(1)

    async def mark_all(self) -> None:
        """Chooses all that the search finds, beside those who are chosen; none of them where all are."""
        search, change, account = self._search, self._change, self.app.account
        sender = account.id if account is not None else None
        ids = await self.app.fetch(lambda store: store.people.ids(search, sender=sender, change=change))
        found = dict.fromkeys(ids)
        if found.keys() <= self._marked.keys():
            self._mark({id: None for id in self._marked if id not in found})
        else:
            self._mark(self._marked | found)

    def _mark(self, marked: dict[int, None]) -> None:
        self._marked = marked
        self.people.refresh()
        self._show_counts()

    # What leads elsewhere

    def list_duplicates(self) -> None:
        """Lists who may be in the contacts twice."""
        from tui.contacts.duplicates import DuplicatesScreen

        self.app.push_screen(DuplicatesScreen())

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
            only.update(Content(self.gettext("Showing only this import. Esc shows everyone again.")))
            self.people.restart()

    def people_changed(self, *, gone: bool = False) -> None:
        if gone:
            self._marked = {}
        if self.is_attached:
            self.people.restart(keep_line=True)
