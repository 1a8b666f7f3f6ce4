"""Saved filters and groups: whom each finds, and a name for a search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from store.people.filters import SAVED
from store.people.model import SavedFilter
from store.roles import Role
from store.sentences import N_, Key, Sentence, sentence
from tui.base.actions import Acting, Action
from tui.base.navigation import WriteText
from tui.base.screen import TextmeterScreen
from tui.base.undoing import Deed
from tui.contacts.queries import Listed, listed
from tui.i18n.cells import right
from tui.i18n.sanitize import literal, plain
from tui.widgets.line_list import Head, PagedList

SEARCH, SAVE = Key("contacts.search", "slash"), Key("contacts.save", "s")

PEOPLE_WIDTH = 10


class FiltersScreen(TextmeterScreen):
    """Saved filters, then groups, each with how many people it finds. chosen: called with the one whose
    people are to be shown."""

    NAME = N_("Groups and filters")
    CSS_PATH = "contacts.tcss"
    HELP: ClassVar[str] = N_(
        "A saved filter always finds the people who match it right now. Enter shows them, {write} "
        "writes to them. To save one, search your contacts with {search} and press {save}."
    )
    HELP_KEYS: ClassVar[Mapping[str, Key]] = {
        "write": Key("filters.write", "c"),
        "search": SEARCH,
        "save": SAVE,
    }
    lines: getters.query_one[PagedList[Listed]] = getters.query_one(PagedList)
    empty = getters.query_one("#empty", Static)

    def __init__(self, chosen: Callable[[Listed], None]) -> None:
        super().__init__()
        self._choose = chosen

    def actions(self) -> Iterable[Action]:
        yield Action("filters.back", "escape", N_("Back"), N_("Back to your contacts"), self.leave)
        yield Action(
            "filters.open",
            "enter",
            N_("Show"),
            N_("Show the people in it"),
            self.open,
            why_not=self._nothing,
        )
        yield Action(
            "filters.write",
            "c,w",
            N_("Write to"),
            lambda: self.app.by_what_is_sent(
                N_("Write a text to the people in it"), N_("Write an email to the people in it")
            ),
            self.write,
            why_not=self._nothing,
        )
        yield Action(
            "filters.delete",
            "d,delete",
            N_("Delete"),
            N_("Delete the saved filter and keep its people"),
            self.delete,
            why_not=self._why_not_delete,
        )

    def _nothing(self) -> Sentence | None:
        return None if self.lines.current else sentence("The list is empty.")

    def _why_not_delete(self) -> Sentence | None:
        current = self.lines.current
        if current is not None and current.is_group:
            return sentence("Only saved filters can be deleted here.")
        return self.app.lacks(Role.SENDER) or self._nothing()

    def body(self) -> ComposeResult:
        yield Head(self._columns)
        yield Static(id="empty")
        yield PagedList(self._line, key=attrgetter("name", "is_group"))

    def on_mount(self) -> None:
        self.lines.focus()

    def data_changed(self) -> None:
        self.lines.restart(keep_line=True)

    @on(PagedList.PageWanted)
    def _page_wanted(self, wanted: PagedList.PageWanted) -> None:
        self.load(self._read, wanted.query, newest_only=True)

    async def _read(self, query: int) -> None:
        account = self.app.account
        assert account is not None, "filters are listed once the database is open"
        found = await self.app.fetch(lambda store: listed(store, account))
        self.lines.extend(query, found, complete=True)
        self.empty.display = not found
        says = self.app.language.say(
            sentence(
                "You have no groups or filters yet. To save one, search with {search} and press {save}.",
                search=SEARCH,
                save=SAVE,
            )
        )
        self.empty.update(Content(says))

    def _columns(self, width: int) -> Content:
        _ = self.gettext
        return self._row(Content(_("Name")), Content(_("Criteria")), _("People"), width)

    def _line(self, one: Listed, width: int) -> Content:
        name = literal(f"#{one.name}" if one.is_group else f"{SAVED}{one.name}")
        finds = literal("" if one.is_group else one.query).stylize("$quiet")
        people = self.gettext("invalid") if one.people is None else self.app.language.number(one.people)
        return self._row(name, finds, people, width)

    def _row(self, name: Content, finds: Content, people: str, width: int) -> Content:
        room = max(width - PEOPLE_WIDTH, 0)
        name_width = min(room, max(room * 2 // 5, 16))
        return Content("").join(
            [
                name.truncate(name_width - 1, ellipsis=True, pad=True),
                Content(" "),
                finds.truncate(room - name_width, ellipsis=True, pad=True),
                Content(right(people, PEOPLE_WIDTH)),
            ]
        )

    @on(PagedList.Moved)
    def _moved(self) -> None:
        self.refresh_bindings()

    @on(PagedList.Chosen)
    def _chosen(self, chosen: PagedList.Chosen) -> None:
        self.leave()
        self._choose(chosen.item)

    def open(self) -> None:
        """Shows the people of the one under the cursor."""
        self.lines.action_choose()

    def write(self) -> None:
        """A new text to its people."""
        if (one := self.lines.current) is not None:
            self.post_message(WriteText(one.draft))

    def delete(self) -> None:
        """Forgets the saved filter under the cursor."""
        if (one := self.lines.current) is not None:
            self.app.finish(self._delete(SavedFilter(one.name, one.query)), once="delete filter")

    async def _delete(self, saved: SavedFilter) -> None:
        await self.app.fetch(lambda store: store.people.delete_filter(saved.name))
        deed = Deed(
            sentence("Undone: ={name} is back.", name=saved.name),
            lambda store: store.people.restore_filter(saved),
        )
        self.app.did(sentence("={name} is deleted.", name=saved.name), deed)
        if self.is_attached:
            self.lines.restart(keep_line=True)


class NameScreen(Acting, ModalScreen[str | None]):
    """Ends with the name under which a search is to be saved, or None. name: what it was called before."""

    CSS_PATH = "../base/pick.tcss"

    def __init__(self, query: str, called: str) -> None:
        super().__init__()
        self._query = query
        self._called = called

    def actions(self) -> Iterable[Action]:
        yield Action("name.back", "escape", N_("Back"), N_("Go back without saving"), lambda: self._end(None))

    def compose(self) -> ComposeResult:
        _ = self.app.language.gettext
        with Vertical() as box:
            box.border_title = Content(_("Save this filter"))
            box.border_subtitle = Content(_("Enter saves the filter, Esc goes back"))
            box.styles.height = "auto"
            box.styles.width = 70
            yield Input(plain(self._called), placeholder=_("Name, e.g. Buyers nearby"), select_on_focus=False)
            yield Static(literal(self._query))

    @on(Input.Submitted)
    def _submitted(self, submitted: Input.Submitted) -> None:
        if submitted.value.strip():
            self._end(submitted.value)

    def _end(self, value: str | None) -> None:
        """Ends once: a second Enter may come before the screen below is in front."""
        if self.is_active:
            self.dismiss(value)
