"""The search above a list of people, and the filters that are saved of it."""

from __future__ import annotations

from collections.abc import Iterable

from textual import getters, on
from textual.widgets import Input, Static

from store import Store
from store.people.model import SavedFilter
from store.roles import Role
from store.sentences import N_, Sentence, sentences
from tui.base.actions import Action
from tui.base.navigation import Show
from tui.base.screen import TextmeterScreen
from tui.contacts.people_list import PeopleList
from tui.contacts.queries import Listed
from tui.i18n.sanitize import literal, plain


class Searching(TextmeterScreen):
    """A screen whose people are those that a search finds."""

    people = getters.query_one(PeopleList)
    search = getters.query_one("#search", Input)
    mistake = getters.query_one("#mistake", Static)
    empty = getters.query_one("#empty", Static)

    def __init__(self) -> None:
        super().__init__()
        self._search = ""
        self._saved_as = ""
        """The name under which the search was saved, where it was chosen by that."""
        self._mistake: Sentence | None = None
        """Why the search can't be followed."""

    def save_action(self) -> Action:
        """What keeps the search."""
        return Action(
            "contacts.save",
            "s,ctrl+s",
            N_("Save filter"),
            N_("Save this search under a name, to write to the people it finds"),
            self.save_filter,
            role=Role.SENDER,
            why_not=lambda: self._mistake,
            shown=lambda: bool(self._search.strip()),
        )

    def search_actions(self) -> Iterable[Action]:
        """What leads to another search."""
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

    # What is typed

    def bookmark(self) -> str:
        return self._search

    def come_back(self, bookmark: str) -> None:
        self._search = bookmark

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

    def _show_mistake(self, says: Sentence | None) -> None:
        self._mistake = says
        self.mistake.display = says is not None
        self.empty.display &= says is None
        self.mistake.update(literal(self.app.language.say(says)) if says is not None else "")
        self.refresh_bindings()

    def go_to_search(self) -> None:
        """Puts the cursor into the search."""
        self.search.focus()

    @on(Show)
    def _show_found(self, message: Show) -> None:
        """Lists those whom this search finds."""
        message.stop()
        self.search.value = plain(str(message.what))
        self.people.focus()

    # Saved filters

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
