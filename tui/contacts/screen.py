"""The address book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from store import Store
from store.people.filters import FilterMistake
from store.people.model import Contact, SavedFilter
from store.roles import Role
from store.sentences import N_, Key, Sentence, sentence, sentences
from tui.base.actions import Action
from tui.base.master_detail import MasterDetail
from tui.base.navigation import Go, Show, StoreOpened
from tui.contacts.doing import UNDO, WithPerson
from tui.contacts.person_view import PersonView
from tui.contacts.presentation import called
from tui.contacts.queries import Listed, known
from tui.i18n.sanitize import literal, plain
from tui.widgets.line_list import Head, PagedList

PAGE = 200
MARK = "■ "
LONGEST_NAME = 40
IMPORT = Key("contacts.import", "i")


class ContactsScreen(MasterDetail, WithPerson):
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
    people: getters.query_one[PagedList[Contact]] = getters.query_one("#people", PagedList)
    search = getters.query_one("#search", Input)
    title_count = getters.query_one("#count", Static)
    beside: getters.query_one[PersonView] = getters.query_one(PersonView)
    empty = getters.query_one("#empty", Static)
    mistake = getters.query_one("#mistake", Static)

    def __init__(self) -> None:
        super().__init__()
        self._search = ""
        self._saved_as = ""
        """The name under which the search was saved, where it was chosen by that."""
        self._mistake: Sentence | None = None
        """Why the search can't be followed."""
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
        yield Action(
            "contacts.save",
            "s,ctrl+s",
            N_("Save filter"),
            N_("Save this search under a name, to write to the people it finds"),
            self.save_filter,
            role=Role.SENDER,
            why_not=lambda: self._mistake,
            shown=lambda: bool(self._search.strip()),
        )
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
        yield Action(
            "contacts.search", "slash", N_("Search"), N_("Search the list"), self.go_to_search, anywhere=True
        )
        yield Action(
            "contacts.filter",
            "f",
            N_("Filters"),
            N_("Saved filters and groups, with their people"),
            self.list_filters,
            anywhere=True,
        )

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
                yield Head(self._columns)
                yield Static(id="empty")
                yield PagedList(self._line, key=attrgetter("id"), id="people")
            yield PersonView()
        self.call_after_refresh(self._show_counts)

    def bookmark(self) -> str:
        return self._search

    def come_back(self, bookmark: str) -> None:
        self._search = bookmark

    @on(StoreOpened)
    def _store_opened(self) -> None:
        self.people.restart()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.people.restart(keep_line=True)

    def data_changed(self) -> None:
        self.people.restart(keep_line=True)

    # The list

    def _columns(self, width: int) -> Content:
        _ = self.gettext
        return self._row("  ", _("Name"), _("Number"), _("Country"), _("Groups"), width)

    def _row(self, mark: str, name: str, phone: str, country: str, groups: str, width: int) -> Content:
        """A mark and four columns; on a narrow screen the country, then the groups give way."""
        phone_width = 18
        country_width = 18 if width >= 100 else 0
        groups_width = width // 4 if width >= 70 else 0
        name_width = max(width - len(MARK) - phone_width - country_width - groups_width, 0)
        if groups_width:
            name_width = min(name_width, LONGEST_NAME)
            groups_width = width - len(MARK) - phone_width - country_width - name_width
        parts = [
            Content.styled(mark, "bold $primary"),
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
        language, account = self.app.language, self.app.account
        number = language.phone(contact.phone) if contact.phone else self.gettext("no number")
        abroad = contact.region and account is not None and contact.region != account.country
        country = language.territory(contact.region) if abroad else ""
        groups = " ".join(f"#{group}" for group in contact.groups)
        mark = MARK if contact.id in self._marked else "  "
        return self._row(mark, called(language, contact), number, country, groups, width)

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

    def _show_mistake(self, says: Sentence | None) -> None:
        self._mistake = says
        self.mistake.display = says is not None
        self.empty.display &= says is None
        self.mistake.update(literal(self.app.language.say(says)) if says is not None else "")
        self.refresh_bindings()

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

    @on(Input.Changed, "#search")
    def _search_changed(self, changed: Input.Changed) -> None:
        if changed.value != self._search:
            self._search = changed.value
            if not changed.value:
                self._saved_as = ""
            self.people.restart()
            self.refresh_bindings()

    @on(Input.Submitted, "#search")
    def _search_done(self) -> None:
        self.people.focus()

    @on(PagedList.Moved, "#people")
    def _moved(self) -> None:
        self.refresh_bindings()  # what can be done hangs on who is under the cursor
        self.look_beside()

    @on(Show)
    def _show_found(self, message: Show) -> None:
        """Lists those whom this search finds."""
        message.stop()
        self.search.value = plain(str(message.what))
        self.people.focus()

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

    # What is done

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

    def list_duplicates(self) -> None:
        """Lists who may be in the contacts twice."""
        from tui.contacts.duplicates import DuplicatesScreen

        self.app.push_screen(DuplicatesScreen())

    def go_to_search(self) -> None:
        """Puts the cursor into the search."""
        self.search.focus()

    def list_filters(self) -> None:
        """The saved filters and the groups."""
        from tui.contacts.filters import FiltersScreen

        if self.app.account is not None:
            self.app.push_screen(FiltersScreen(self._show_listed))

    def _show_listed(self, one: Listed) -> None:
        self._saved_as = "" if one.is_group else one.name
        self.search.value = plain(one.query)
        self.people.focus()

    def save_filter(self) -> None:
        """Asks for a name for the search."""
        from tui.contacts.filters import NameScreen

        query = self._search

        def named(name: str | None) -> None:
            if name is not None:
                self.app.finish(self._save_filter(name, query), once="save filter")

        self.app.push_screen(NameScreen(query, self._saved_as), named)

    async def _save_filter(self, name: str, query: str) -> None:
        account = self.app.account
        assert account is not None, "a search is saved once the database is open"

        def save(store: Store) -> tuple[SavedFilter, int]:
            saved = store.people.save_filter(name, query)
            return saved, store.people.count_filtered(saved.query, account.id)

        saved, people = await self.app.fetch(save)
        self.app.tell(
            sentences(
                "Saved as ={name}: {count} person.",
                "Saved as ={name}: {count} people.",
                people,
                name=saved.name,
            )
        )

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
