"""Every credit that came or went, line by line."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from store.credits.model import Balance, Entry, Kind, Pool
from store.sentences import N_
from tui.screens.base import TextmeterScreen
from tui.widgets.pages import Head, PagedList
from tui.words import cause_words, kind_words

PAGE = 200

FILTERS: tuple[Kind | None, ...] = (None, Kind.USED, Kind.GRANTED, Kind.RELEASED, Kind.EXPIRED, Kind.WAIVED)
"""What `f` goes through: everything, then one kind of line after the other."""


class HistoryScreen(TextmeterScreen):
    """The history of the account's credits, the newest line first."""

    NAME = N_("History")
    CSS_PATH = "../styles/history.tcss"
    AUTO_FOCUS = "#entries"
    HELP: ClassVar[str] = N_(
        "Each line is a change of your credits: the day, what happened, the change and what was left after "
        "it. A text to several people is one line, with all it costs, from the moment it is sent; what could "
        "not be sent comes back as a line of its own."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.go('home')", N_("Back"), id="history.back", tooltip=N_("Back to Home")),
        Binding("enter", "open", N_("Open"), id="history.open", tooltip=N_("What is behind this line")),
        Binding("f", "filter", N_("Filter"), id="history.filter", tooltip=N_("Show one kind of line only")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._kind: Kind | None = None
        self._listed_at: Balance | None = None

    def body(self) -> ComposeResult:
        yield Head(self._columns)
        yield Static(id="empty")
        yield PagedList(self._line, id="entries")

    @property
    def _list(self) -> PagedList[Entry]:
        return self.query_one("#entries", PagedList)

    def _columns(self, width: int) -> Content:
        """The columns' names, with the filter in use where it belongs: above what it filters."""
        _ = self.gettext
        kind = _("What happened")
        if self._kind is not None:
            kind = _("What happened: only {kind}").format(
                kind=kind_words(self.textmeter.language, self._kind)
            )
        return self._row(_("Day"), Content(kind), Content(_("Change")), _("Left"), width)

    @on(PagedList.PageWanted, "#entries")
    def _fetch(self, wanted: PagedList.PageWanted) -> None:
        account, after = self.textmeter.account, wanted.after
        if account is None:
            return  # the list is asked for anew as soon as there is one
        before, kind = after.seq if after else None, self._kind
        self.textmeter.ask(
            lambda store: store.credits.history(account.id, kind=kind, before=before, limit=PAGE),
            partial(self._fetched, wanted.query),
            group="history",
        )

    def _fetched(self, query: int, entries: list[Entry]) -> None:
        self._list.extend(query, entries, complete=len(entries) < PAGE)
        empty = self.query_one("#empty", Static)
        empty.display = not self._list.items
        if self._kind is None:
            empty.update(Content(self.gettext("Nothing has happened yet. F3 writes a text.")))
        else:
            empty.update(Content(self.gettext("There is no such line. F shows the next kind, or all again.")))

    def _line(self, entry: Entry, width: int) -> Content:
        app, language = self.textmeter, self.textmeter.language
        variables = app.theme_variables
        if entry.delta > 0:
            change = Content.styled(language.signed(entry.delta), variables["success"])
        else:
            change = Content(language.signed(entry.delta))
        what = Content(cause_words(language, entry))
        if entry.pool is Pool.PURCHASED:
            what = Content.assemble(what, "  ", (self.gettext("purchased"), "dim"))
        return self._row(language.day(entry.on), what, change, language.number(entry.balance), width)

    def _row(self, day: str, what: Content, change: Content, left: str, width: int) -> Content:
        """Day and words from the left, numbers at the right, one column under the other."""
        day_width, number_width = 14, 11
        room = max(width - day_width - 2 * number_width, 0)
        return Content.assemble(
            Content(day).truncate(day_width, pad=True),
            what.truncate(room, ellipsis=True, pad=True),
            change.pad_left(max(number_width - change.cell_length, 0)),
            Content(left).pad_left(max(number_width - Content(left).cell_length, 0)),
        )

    def action_filter(self) -> None:
        """Goes on to the next kind of line, and after the last one to all."""
        self._kind = FILTERS[(FILTERS.index(self._kind) + 1) % len(FILTERS)]
        self.query_one(Head).refresh()
        self._list.restart()

    def action_open(self) -> None:
        """Opens the line under the cursor."""
        self._list.action_choose()

    @on(PagedList.Chosen, "#entries")
    def _open(self, chosen: PagedList.Chosen) -> None:
        entry: Entry = chosen.item
        if entry.cause == "blast":
            from tui.screens.blast import BlastScreen

            self.app.push_screen(BlastScreen(int(entry.reference)))
        else:
            from tui.screens.entry import EntryScreen

            self.app.push_screen(EntryScreen(entry))

    def balance_changed(self) -> None:
        """A change of the balance is a new line: shown at once while the newest lines are seen."""
        super().balance_changed()
        if self.textmeter.balance != self._listed_at and self._list.seen.stop <= PAGE:
            self._listed_at = self.textmeter.balance
            self._list.restart(keep_line=True)
