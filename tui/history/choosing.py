"""Which lines of the history are shown: of which table, kind and days, with which words, in which order."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import getters, on
from textual.timer import Timer
from textual.widgets import Input, Tabs

from store.credits.history_query import Sort
from store.credits.model import Kind, Pool
from store.sentences import N_, sentence
from tui.base.actions import Action
from tui.base.master_detail import MasterDetail
from tui.history.filters import Choices
from tui.history.presentation import POOLS, kind_words
from tui.history.search import Line
from tui.history.virtual_list import LongList

if TYPE_CHECKING:
    from tui.history.date_dialog import Days

TYPING = 0.15
"""Seconds after a key in the search until it is looked for."""

SORTS = tuple(Sort)


class WithChoices(MasterDetail):
    """A screen with the tabs, the search and the keys by which lines are chosen."""

    _tabs = getters.query_one(Tabs)
    _field = getters.query_one("#search", Input)
    _list: getters.query_one[LongList[Line]] = getters.query_one("#entries", LongList)

    def __init__(self) -> None:
        super().__init__()
        self._choices = Choices()
        self._purchased = False
        """Whether anything was bought, without which there is one table."""
        self._searching = False
        self._typing: Timer | None = None

    @abstractmethod
    def describe(self) -> None:
        """Says above the lines what is chosen."""

    @abstractmethod
    def show_chosen(self, *, others: bool) -> None:
        """Shows what is chosen now. others: whether these are other lines, not only in another order."""

    def choice_actions(self) -> Iterable[Action]:
        """What chooses lines."""
        yield Action("history.search", "slash", N_("Search"), N_("Search the history"), self._search)
        yield Action(
            "history.view",
            "v",
            N_("Purchased"),
            N_("Switch to the other table"),
            self._other_pool,
            shown=lambda: self._purchased,
            words=lambda: self.gettext(POOLS[self._other]),
            anywhere=True,
        )
        yield Action(
            "history.filter", "f", N_("Kind"), N_("Show only one type of line"), self._ask_kind, anywhere=True
        )
        yield Action(
            "history.when",
            "t",
            N_("Days"),
            N_("Show only lines from certain days"),
            self._ask_days,
            anywhere=True,
        )
        yield Action(
            "history.sort",
            "less_than_sign",
            N_("Sort"),
            N_("Sort by newest, oldest or largest"),
            self._sort,
            anywhere=True,
        )
        yield Action(
            "history.all",
            "asterisk",
            N_("Clear"),
            N_("Show all lines again"),
            self._clear,
            why_not=lambda: None if self._choices.narrowed else sentence("All lines are already shown."),
        )

    def _choose(self, choices: Choices) -> None:
        """Shows other lines, or these in another order."""
        if choices != self._choices:
            others = replace(choices, sort=self._choices.sort) != self._choices
            self._choices = choices
            self.show_chosen(others=others)

    def _search(self) -> None:
        """Puts the cursor into the search."""
        self._searching = True
        self.describe()
        self._field.focus()

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
        self.describe()

    @on(Tabs.TabActivated)
    def _pool_chosen(self, activated: Tabs.TabActivated) -> None:
        self._choose(replace(self._choices, pool=Pool(activated.tab.id or "")))

    @property
    def _other(self) -> Pool:
        """The pool whose table isn't shown."""
        return Pool.PURCHASED if self._choices.pool is Pool.ALLOTTED else Pool.ALLOTTED

    def _other_pool(self) -> None:
        """The table of the other pool."""
        self._choose(replace(self._choices, pool=self._other))
        self._tabs.active = self._choices.pool.value

    def _ask_kind(self) -> None:
        """Asks which kind of line is to be shown."""
        from tui.base.picker import PickScreen

        language = self.app.language
        kinds = [("", self.gettext("all lines"))]
        kinds += [(kind.value, kind_words(language, kind)) for kind in Kind]
        self.app.push_screen(
            PickScreen(self.gettext("Show which lines"), kinds, self._choices.kind or ""), self._kind_chosen
        )

    def _kind_chosen(self, kind: str | None) -> None:
        if kind is not None:
            self._choose(replace(self._choices, kind=Kind(kind) if kind else None))

    def _ask_days(self) -> None:
        """Asks from and up to which day lines are to be shown."""
        from tui.history.date_dialog import DaysScreen, Field

        fields = [
            Field(self.gettext("From"), self._choices.since),
            Field(self.gettext("Until"), self._choices.until, last=True),
        ]
        self.app.push_screen(DaysScreen(self.gettext("Lines from these days"), fields), self._days_chosen)

    def _days_chosen(self, days: Days | None) -> None:
        if days is not None:
            self._choose(replace(self._choices, since=days[0], until=days[1]))

    def _sort(self) -> None:
        """Goes on to the next order."""
        after = SORTS[(SORTS.index(self._choices.sort) + 1) % len(SORTS)]
        self._choose(replace(self._choices, sort=after))

    def _clear(self) -> None:
        """Shows all lines of the pool again, in the order that is chosen."""
        self._searching = False
        self._field.value = ""
        self._choose(Choices(pool=self._choices.pool, sort=self._choices.sort))
