"""Every credit that came or went, line by line."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static, Tab, Tabs

from store.credits.history_index import Survey
from store.credits.history_query import Filter, Sort
from store.credits.model import Kind, Pool
from store.errors import TextmeterError
from store.sentences import N_, Sentence, sentence
from tui.base.navigation import Go
from tui.base.screen import TextmeterScreen
from tui.history.filters import Choices
from tui.history.presentation import POOLS, kind_words
from tui.history.queries import FirstPage, Question, Surveyed, View
from tui.history.render import columns, drawn, sums
from tui.history.search import Finder, Line, lines
from tui.history.virtual_list import LongList
from tui.widgets.line_list import Head

if TYPE_CHECKING:
    from tui.history.date_dialog import Days

TYPING = 0.15
"""Seconds after a key in the search until it is looked for."""

SLOW = 0.3
"""Seconds after which it is said that lines are being looked for."""

SORTS = tuple(Sort)


class HistoryScreen(TextmeterScreen):
    """The history of the account's credits, a table for each pool."""

    NAME = N_("History")
    CSS_PATH = "history.tcss"
    AUTO_FOCUS = "#entries"
    HELP: ClassVar[str] = N_(
        "Each line is a change of your credits: the day, what happened, the change and what was left after "
        "it. A text to several people is one line, with all it costs, from the moment it is sent; what could "
        "not be sent comes back as a line of its own. Above the lines stands what they come to, and which "
        "of them are shown."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape", "back", N_("Back"), id="history.back", tooltip=N_("End the search, or back to Home")
        ),
        Binding("enter", "open", N_("Open"), id="history.open", tooltip=N_("What is behind this line")),
        Binding(
            "slash", "search", N_("Search"), id="history.search", tooltip=N_("Find lines by their words")
        ),
        Binding("p", "pool", N_("Purchased"), id="history.pool", tooltip=N_("The other table")),
        Binding("f", "kind", N_("Kind"), id="history.filter", tooltip=N_("Show one kind of line only")),
        Binding("d", "days", N_("Days"), id="history.days", tooltip=N_("Show the lines of some days only")),
        Binding("s", "sort", N_("Sort"), id="history.sort", tooltip=N_("Newest, oldest or largest first")),
        Binding("c", "clear", N_("Clear"), id="history.clear", tooltip=N_("Show all lines again")),
        Binding("t", "jump", N_("To a day"), id="history.jump", tooltip=N_("Jump to the lines of a day")),
        Binding("e", "export", N_("Export"), id="history.export", tooltip=N_("Save these lines in a file")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._choices = Choices()
        self._finder = Finder()
        self._account_id: int | None = None
        self._question: Question | None = None
        self._chosen: Filter | None = None
        self._survey: Survey | None = None
        """What the list shows; None while that is its first page only."""
        self._earlier: Survey | None = None
        """A survey of what is chosen, to be carried on."""
        self._purchased = False
        self._searching = False
        self._typing: Timer | None = None
        self._loading = self._slow = self._surveying = self._changed = False

    def body(self) -> ComposeResult:
        tabs = [Tab(Content(self.gettext(name)), id=pool.value) for pool, name in POOLS.items()]
        yield Tabs(*tabs, active=self._choices.pool.value)
        yield Static(id="sums")
        yield Static(id="filters")
        yield Input(
            self._choices.text,
            placeholder=self.gettext("What happened, words of a text, or an order's number"),
            id="search",
        )
        yield Head(self._columns)
        yield Static(id="empty")
        yield LongList(self._line, id="entries")
        self.call_after_refresh(self._describe)

    @property
    def _list(self) -> LongList[Line]:
        return self.query_one("#entries", LongList)

    # What is shown

    def _columns(self, width: int) -> Content:
        return columns(self.app.language, width)

    def _line(self, line: Line, width: int) -> Content:
        return drawn(self.app.language, self.app.theme_variables, line, width)

    def _describe(self) -> None:
        """What stands above the lines."""
        if not self.is_attached:
            return
        _, language, choices, survey = self.gettext, self.app.language, self._choices, self._earlier
        self.query_one(Tabs).display = self._purchased
        self.query_one("#search", Input).display = self._searching or bool(choices.text)
        chosen, looking = Content(choices.words(language)), _("Looking…")
        if choices.narrowed:
            chosen = Content.assemble(chosen.stylize("bold"), "   ", (_("C shows all"), "dim"))
        if self._slow:
            chosen += Content.styled(f"   {looking}", "italic")
        self.query_one("#filters", Static).update(chosen)
        credits = f"bold {self.app.theme_variables['secondary']}"
        self.query_one("#sums", Static).update(sums(language, survey, credits, narrow=self.size.width < 80))
        empty = self.query_one("#empty", Static)
        empty.display = self._chosen is not None and not self._list.length
        if choices.narrowed:
            empty.update(Content(_("There is no such line. C shows all lines again.")))
        else:
            empty.update(Content(_("Nothing has happened yet. F3 writes a text.")))
        self.refresh_bindings()

    def key_label(self, binding: Binding) -> str:
        if binding.action == "pool" and self._choices.pool is Pool.PURCHASED:
            return self.gettext(POOLS[Pool.ALLOTTED])
        return super().key_label(binding)

    # What is fetched

    @on(LongList.Opened, "#entries")
    def _load(self) -> None:
        """Fetches what is chosen, from its first line on: a page at once, then how long the list is."""
        account, language = self.app.account, self.app.language
        if account is None:
            return  # asked again as soon as there is one
        if account.id != self._account_id:
            self._begin(account.id)
        self._question = Question(account.id, self._choices, self._finder, language)
        self._loading, self._surveying = True, False
        self._list.expect()
        self.set_timer(SLOW, self._tell_if_slow)
        self.app.ask(
            self._question.first_page,
            self._opened,
            group="history",
            exclusive=True,
            failed=self._not_opened,
        )

    def _begin(self, account_id: int) -> None:
        """Shows all of another account."""
        if self._account_id is not None:
            self._choices, self._searching = Choices(), False
            self.query_one(Tabs).active = self._choices.pool.value
            self.query_one("#search", Input).value = ""
        self._account_id, self._finder, self._earlier = account_id, Finder(), None

    def _not_opened(self, error: TextmeterError) -> None:
        self._question = None  # asked again at the next occasion
        self._failed(error)

    def _tell_if_slow(self) -> None:
        if self._loading:
            self._slow = True
            self._describe()

    def _failed(self, error: TextmeterError) -> None:
        self._loading = self._slow = self._surveying = False
        self._describe()
        self.app.tell_error(error)

    def _opened(self, found: FirstPage) -> None:
        if not self.is_attached:  # left before the answer came
            return
        self._chosen, page, self._purchased = found
        self._loading = self._slow = False
        self._survey = None
        if self._earlier and self._earlier.chosen != self._chosen:
            self._earlier = None
        self._list.show(len(page), 0, page, cursor=0, partial=True)
        self._describe()
        self._take_survey()

    def _take_survey(self) -> None:
        """Counts the lines, or only those that came since the last time."""
        question, earlier = self._question, self._earlier
        if question is None or self._loading:
            return
        if self._surveying:
            self._changed = True  # counted once more as soon as this is done
            return
        self._surveying, self._changed = True, False
        view = View(self._survey, self._list.at_top, *self._list.stretch)
        self.app.ask(
            lambda store: question.survey(store, view, earlier),
            self._surveyed,
            group="history",
            exclusive=True,
            failed=self._failed,
        )

    def _surveyed(self, found: Surveyed) -> None:
        self._survey = self._earlier = found.survey
        self._chosen = found.survey.chosen
        self._surveying = False
        if self.is_attached:
            cursor, shift = self._list.cursor + found.more, 0 if self._list.at_top else found.more
            self._list.show(found.survey.lines, found.first, found.lines, cursor=cursor, shift=shift)
            self._describe()
        if self._changed:
            self._take_survey()

    @on(LongList.LinesWanted, "#entries")
    def _fetch(self, wanted: LongList.LinesWanted) -> None:
        account, survey = self.app.account, self._survey
        if account is None or survey is None:
            return  # the survey under way brings them
        self.app.ask(
            lambda store: lines(
                store, store.credits.lines_at(account.id, survey, wanted.first, wanted.count)
            ),
            partial(self._list.fill, wanted.query, wanted.first),
            group="history-lines",
        )

    def balance_changed(self) -> None:
        """A change of the balance may be a new line, and the account another one."""
        super().balance_changed()
        if not self.is_attached or not self.query(LongList):
            return
        account = self.app.account
        other = account is not None and account.id != self._account_id
        if other or self._question is None:
            self._load()
        else:
            self._take_survey()

    # What is chosen

    def _choose(self, choices: Choices) -> None:
        """Shows other lines, or these in another order."""
        if choices != self._choices:
            if replace(choices, sort=self._choices.sort) != self._choices:
                self._earlier = None
            self._choices = choices
            self._describe()
            self._load()

    def why_not(self, action: str) -> Sentence | None:
        if action == "open" and self._list.current is None:
            return sentence("There is no line to open.")
        if action == "clear" and not self._choices.narrowed:
            return sentence("All lines are shown already.")
        if action == "export" and self._loading:
            return sentence("The lines are still being looked for. Try again in a moment.")
        if action == "export" and not self._list.length:
            return sentence("There is no line to save.")
        if action == "jump" and self._choices.sort is Sort.LARGEST:
            return sentence("Sorted by size, a day has no place in the list. S sorts by day again.")
        return self.app.no_files("history --csv > history.csv") if action == "export" else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._purchased if action == "pool" else super().check_action(action, parameters)

    def action_back(self) -> None:
        """Ends the search, or goes Home where there is none."""
        if self._searching or self._choices.text:
            self._searching = False
            self.query_one("#search", Input).value = ""
            self._list.focus()
            self._choose(replace(self._choices, text=""))
            self._describe()
        else:
            self.post_message(Go("home"))

    def action_search(self) -> None:
        """Puts the cursor into the search."""
        self._searching = True
        self._describe()
        self.query_one("#search", Input).focus()

    @on(Input.Changed, "#search")
    def _typed(self, changed: Input.Changed) -> None:
        if self._typing:
            self._typing.stop()
        text = changed.value.strip()
        self._typing = self.set_timer(TYPING, lambda: self._choose(replace(self._choices, text=text)))

    @on(Input.Submitted, "#search")
    def _found(self, submitted: Input.Submitted) -> None:
        self._searching = False
        self._list.focus()
        self._choose(replace(self._choices, text=submitted.value.strip()))
        self._describe()

    @on(Tabs.TabActivated)
    def _pool_chosen(self, activated: Tabs.TabActivated) -> None:
        self._choose(replace(self._choices, pool=Pool(activated.tab.id or "")))

    def action_pool(self) -> None:
        """The table of the other pool."""
        other = Pool.PURCHASED if self._choices.pool is Pool.ALLOTTED else Pool.ALLOTTED
        self._choose(replace(self._choices, pool=other))
        self.query_one(Tabs).active = other.value

    def action_kind(self) -> None:
        """Asks which kind of line is to be shown."""
        from tui.base.picker import PickScreen

        language = self.app.language
        kinds = [("", self.gettext("all lines"))]
        kinds += [(kind.value, kind_words(language, kind)) for kind in Kind]
        self.app.push_screen(
            PickScreen(self.gettext("Which lines"), kinds, self._choices.kind or ""), self._kind_chosen
        )

    def _kind_chosen(self, kind: str | None) -> None:
        if kind is not None:
            self._choose(replace(self._choices, kind=Kind(kind) if kind else None))

    def action_days(self) -> None:
        """Asks from and up to which day lines are to be shown."""
        from tui.history.date_dialog import DaysScreen, Field

        fields = [
            Field(self.gettext("From"), self._choices.since),
            Field(self.gettext("Up to"), self._choices.until, last=True),
        ]
        self.app.push_screen(DaysScreen(self.gettext("Lines of these days"), fields), self._days_chosen)

    def _days_chosen(self, days: Days | None) -> None:
        if days is not None:
            self._choose(replace(self._choices, since=days[0], until=days[1]))

    def action_sort(self) -> None:
        """Goes on to the next order."""
        after = SORTS[(SORTS.index(self._choices.sort) + 1) % len(SORTS)]
        self._choose(replace(self._choices, sort=after))

    def action_clear(self) -> None:
        """Shows all lines of the pool again, in the order that is chosen."""
        if not self.refused("clear"):
            self._searching = False
            self.query_one("#search", Input).value = ""
            self._choose(Choices(pool=self._choices.pool, sort=self._choices.sort))

    def action_jump(self) -> None:
        """Asks for a day and goes to its lines."""
        from tui.history.date_dialog import DaysScreen, Field

        if not self.refused("jump"):
            field = Field(self.gettext("Day"), None, last=self._choices.sort is Sort.NEWEST)
            self.app.push_screen(DaysScreen(self.gettext("To which day"), [field]), self._jump)

    def _jump(self, days: Days | None) -> None:
        account, survey = self.app.account, self._survey
        if account is None or survey is None or days is None or days[0] is None:
            return
        day = days[0]
        self.app.ask(
            lambda store: store.credits.line_of_day(account.id, survey, day),
            self._list.action_move_to,
            group="history-jump",
        )

    # Where it leads

    def action_open(self) -> None:
        """Opens the line under the cursor."""
        self._list.action_choose()

    @on(LongList.Chosen, "#entries")
    def _open(self, chosen: LongList.Chosen) -> None:
        from tui.history.entry import EntryScreen

        self.app.push_screen(EntryScreen(chosen.item.entry))

    def action_export(self) -> None:
        """Asks for a file and saves the lines that are shown."""
        from tui.history.export import ExportScreen

        if not self.refused("export") and self._chosen is not None:
            lines = self._survey.lines if self._survey else self._list.length
            self.app.push_screen(ExportScreen(self._choices, self._chosen, lines))
