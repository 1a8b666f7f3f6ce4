"""Every credit that came or went, line by line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static, Tab, Tabs

from store.credits.history_index import Survey
from store.credits.history_query import Filter, Sort
from store.errors import TextmeterError
from store.sentences import N_, Key, Sentence, sentence
from tui.base.actions import Action
from tui.base.navigation import Go, OpenEntry
from tui.history.choosing import WithChoices
from tui.history.entry_view import EntryView
from tui.history.filters import Choices
from tui.history.presentation import POOLS
from tui.history.queries import Question, View, behind
from tui.history.render import columns, drawn, sums
from tui.history.search import Finder, Line
from tui.history.virtual_list import LongList
from tui.widgets.line_list import Head

if TYPE_CHECKING:
    from datetime import date

    from tui.history.date_dialog import Days

SHOW_ALL = Key("history.all", "asterisk")
NO_SUCH_LINE = sentence("No lines match. Press {key} to show all lines.", key=SHOW_ALL)
NO_LINE_YET = sentence("Nothing has happened yet. {key} writes a text.", key=Key("go.compose", "f3"))

SLOW = 0.3
"""Seconds after which it is said that lines are being looked for."""


class HistoryScreen(WithChoices):
    """The history of the account's credits, a table for each pool."""

    NAME = N_("History")
    CSS_PATH = "history.tcss"
    AUTO_FOCUS = "#entries"
    HELP: ClassVar[str] = N_(
        "Each line is a change to your credits: the date, what happened, the change and the balance after "
        "it. A text to several people is one line with its full cost, from the moment you send it; if part "
        "of it couldn't be sent, those credits come back on their own line. Above the list are the totals, "
        "and which lines are shown."
    )

    def __init__(self) -> None:
        super().__init__()
        self._finder = Finder()
        self._account_id: int | None = None
        self._question: Question | None = None
        self._chosen: Filter | None = None
        self._survey: Survey | None = None
        """What the list shows; None while that is its first page only."""
        self._earlier: Survey | None = None
        """A survey of what is chosen, to be carried on."""
        self._looking = self._slow = False
        """Whether the first page is under way, and for so long that it is said."""

    def actions(self) -> Iterable[Action]:
        yield Action(
            "history.back", "escape", N_("Back"), N_("End the search, or go back to Home"), self._back
        )
        yield Action(
            "history.open",
            "enter",
            N_("Open"),
            N_("Show the details of this line"),
            self._open,
            why_not=lambda: None if self._list.length else sentence("There are no lines to open."),
        )
        yield from self.choice_actions()
        yield Action(
            "history.jump",
            "colon",
            N_("Go to day"),
            N_("Jump to a day's lines"),
            self._ask_day,
            why_not=self._no_place,
            anywhere=True,
        )
        yield Action(
            "history.save",
            "s,ctrl+s",
            N_("Export"),
            N_("Save these lines to a file"),
            self._export,
            why_not=self._no_export,
        )

    def body(self) -> ComposeResult:
        tabs = [Tab(Content(self.gettext(name)), id=pool.value) for pool, name in POOLS.items()]
        with Horizontal(id="panes"):
            with Vertical(id="list"):
                yield Tabs(*tabs, active=self._choices.pool.value)
                yield Static(id="sums")
                yield Static(id="filters")
                yield Input(
                    self._choices.text,
                    placeholder=self.gettext("What happened, words from a text, or an order number"),
                    id="search",
                )
                yield Head(self._columns)
                yield Static(id="empty")
                yield LongList(self._line, id="entries")
            yield EntryView()
        self.call_after_refresh(self.describe)

    def bookmark(self) -> str:
        return self._choices.text

    def come_back(self, bookmark: str) -> None:
        self._choices = replace(self._choices, text=bookmark)

    # What is shown

    def _columns(self, width: int) -> Content:
        return columns(self.app.language, width)

    def _line(self, line: Line, width: int) -> Content:
        return drawn(self.app.language, self.app.theme_variables, line, width)

    def describe(self) -> None:
        """What stands above the lines."""
        if not self.is_attached:
            return
        _, language, choices, survey = self.gettext, self.app.language, self._choices, self._earlier
        self._tabs.display = self._purchased
        self._field.display = self._searching or bool(choices.text)
        shows_all = language.say(sentence("{key} shows all", key=SHOW_ALL))
        chosen, looking = Content(choices.words(language)), _("Searching…")
        if choices.narrowed:
            chosen = Content.assemble(chosen.stylize("bold"), "   ", (shows_all, "$quiet"))
        if self._slow:
            chosen += Content.styled(f"   {looking}", "italic")
        self.query_one("#filters", Static).update(chosen)
        credits = f"bold {self.app.theme_variables['secondary']}"
        self.query_one("#sums", Static).update(
            sums(language, survey, credits, narrow=self.size.width < 80 or self.has_class("-panes"))
        )
        empty = self.query_one("#empty", Static)
        empty.display = self._chosen is not None and not self._list.length
        if choices.narrowed:
            empty.update(Content(language.say(NO_SUCH_LINE)))
        else:
            empty.update(Content(language.say(NO_LINE_YET)))
        self.refresh_bindings()

    # What is fetched

    @on(LongList.Opened, "#entries")
    def _begin(self) -> None:
        """Fetches what is chosen, from its first line on."""
        account = self.app.account
        if account is None:
            return  # asked again as soon as there is one
        if account.id != self._account_id:
            self._show_all_of(account.id)
        self._question = Question(account.id, self._choices, self._finder, self.app.language)
        self._looking = True
        self._list.expect()
        self.set_timer(SLOW, self._tell_if_slow)
        self.load(self.read, newest_only=True)

    def _show_all_of(self, account_id: int) -> None:
        """Shows all of another account."""
        if self._account_id is not None:
            self._choices, self._searching = Choices(), False
            self._tabs.active = self._choices.pool.value
            self._field.value = ""
        self._account_id, self._finder, self._earlier = account_id, Finder(), None

    def _tell_if_slow(self) -> None:
        if self._looking:
            self._slow = True
            self.describe()

    async def read(self) -> None:
        """Shows what is asked for: a page at once, then how long the list is; once that is known, only what
        has come since."""
        if (question := self._question) is None:
            return
        try:
            if self._looking:
                await self._read_first_page(question)
            await self._survey_lines(question)
        except TextmeterError:
            if self._looking:
                self._question = None  # asked again at the next occasion
            self._looking = self._slow = False
            self.describe()
            raise

    async def _read_first_page(self, question: Question) -> None:
        self._chosen, page, self._purchased = await self.app.fetch(question.first_page)
        self._looking = self._slow = False
        self._survey = None
        if self._earlier and self._earlier.chosen != self._chosen:
            self._earlier = None
        self._list.show(len(page), 0, page, cursor=0, partial=True)
        self.describe()

    async def _survey_lines(self, question: Question) -> None:
        """Counts the lines, or only those that came since the last time."""
        earlier = self._earlier
        view = View(self._survey, self._list.at_top, *self._list.stretch)
        found = await self.app.fetch(lambda store: question.survey(store, view, earlier))
        self._survey = self._earlier = found.survey
        self._chosen = found.survey.chosen
        cursor, shift = self._list.cursor + found.more, 0 if self._list.at_top else found.more
        self._list.show(found.survey.lines, found.first, found.lines, cursor=cursor, shift=shift)
        self.describe()

    @on(LongList.LinesWanted, "#entries")
    def _want(self, wanted: LongList.LinesWanted) -> None:
        if self._question is not None and self._survey is not None:  # else the survey brings them
            self.load(self._read_lines, wanted, self._question, self._survey, newest_only=True)

    async def _read_lines(self, wanted: LongList.LinesWanted, question: Question, survey: Survey) -> None:
        found = await self.app.fetch(lambda store: question.lines(store, survey, wanted.first, wanted.count))
        self._list.fill(wanted.query, wanted.first, found)

    # Beside the list

    @on(LongList.Moved, "#entries")
    def _moved(self) -> None:
        self.look_beside()

    async def read_beside(self) -> None:
        account, line = self.app.account, self._list.current
        found = None
        if account is not None and line is not None:
            found = await self.app.fetch(lambda store: behind(store, account, line.entry))
        self.query_one(EntryView).show(found)

    def data_changed(self) -> None:
        self.balance_changed()

    def balance_changed(self) -> None:
        """A change of the balance may be a new line, and the account another one."""
        super().balance_changed()
        account = self.app.account
        if account is None or not self.query(LongList):
            return
        if self._question is None or account.id != self._account_id:
            self._begin()
        elif not self._looking:  # else all are counted after the first page
            self.load(self.read)

    # What is chosen

    def show_chosen(self, *, others: bool) -> None:
        if others:
            self._earlier = None
        self.describe()
        self._begin()

    # What else is done

    def _no_place(self) -> Sentence | None:
        """Why a day can't be gone to."""
        if self._choices.sort is Sort.LARGEST:
            return sentence(
                "You can't jump to a day while the list is sorted by size. Press {key} to sort by day again.",
                key=Key("history.sort", "less_than_sign"),
            )
        return None

    def _no_export(self) -> Sentence | None:
        """Why the lines can't be saved."""
        if self._looking:
            return sentence("Still searching. Try again in a moment.")
        if not self._list.length:
            return sentence("There are no lines to save.")
        return self.app.no_files("history --csv > history.csv")

    def _back(self) -> None:
        """Ends the search, or goes Home where there is none."""
        if self._searching or self._choices.text:
            self._searching = False
            self._field.value = ""
            self._list.focus()
            self._choose(replace(self._choices, text=""))
            self.describe()
        else:
            self.post_message(Go("home"))

    def _ask_day(self) -> None:
        """Asks for a day and goes to its lines."""
        from tui.history.date_dialog import DaysScreen, Field

        field = Field(self.gettext("Day"), None, last=self._choices.sort is Sort.NEWEST)
        self.app.push_screen(DaysScreen(self.gettext("Go to which day?"), [field]), self._day_chosen)

    def _day_chosen(self, days: Days | None) -> None:
        if self._question and self._survey and days and days[0]:
            self.load(self._jump, self._question, self._survey, days[0], newest_only=True)

    async def _jump(self, question: Question, survey: Survey, day: date) -> None:
        line = await self.app.fetch(lambda store: question.line_of_day(store, survey, day))
        self._list.action_move_to(line)

    # Where it leads

    def _open(self) -> None:
        """Opens the line under the cursor, as soon as it is there."""
        self._list.action_choose()

    @on(LongList.Chosen, "#entries")
    def _chosen_line(self, chosen: LongList.Chosen) -> None:
        self.post_message(OpenEntry(chosen.item.entry))

    def _export(self) -> None:
        """Asks for a file and saves the lines that are shown."""
        from tui.history.export import ExportScreen, Saved
        from tui.history.records import COLUMNS, as_data, book
        from tui.history.search import every_line

        language, chosen, sort = self.app.language, self._chosen, self._choices.sort
        if chosen is None or self.app.account is None:
            return
        account_id = self.app.account.id
        saved = Saved(
            "history.csv",
            self._choices.words(language),
            self._survey.lines if self._survey else self._list.length,
            COLUMNS,
            lambda store: (as_data(language, line) for line in every_line(store, account_id, chosen, sort)),
            book(language),
        )
        self.app.push_screen(ExportScreen(saved))
