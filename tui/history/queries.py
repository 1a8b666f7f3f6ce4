"""What the History screen asks of the store. Called in threads."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from store import Store
from store.credits.history_index import Survey
from store.credits.history_query import Filter, Sort
from tui.history.filters import Choices
from tui.history.search import Finder, Line, lines
from tui.i18n.language import Language

if TYPE_CHECKING:
    from store.credits.catalog import Product
    from store.credits.model import Account, Entry, EntryDetails

BLOCK = 100
"""Lines that are fetched and dropped together."""


class FirstPage(NamedTuple):
    """The first lines of what was chosen. purchased: whether credits ever were."""

    chosen: Filter
    lines: list[Line]
    purchased: bool


class View(NamedTuple):
    """What a list shows. survey: None while that is a first page only. at_top: whether its first line is
    seen. first, size: the lines that it holds around those seen."""

    survey: Survey | None
    at_top: bool
    first: int
    size: int


class Surveyed(NamedTuple):
    """A survey, and the lines around those seen. more: how many came above them since the view's survey."""

    survey: Survey
    more: int
    first: int
    lines: list[Line]


class Behind(NamedTuple):
    """What is behind a line. product: what the account subscribes to, by which its orders are told."""

    details: EntryDetails
    product: Product
    line: Line


def behind(store: Store, account: Account, entry: Entry) -> Behind:
    """All that is known of one line of an account's history."""
    details = store.credits.entry_details(account.id, entry.seq)
    (line,) = lines(store, [entry])
    return Behind(details, store.credits.product(account), line)


class Question(NamedTuple):
    """What is chosen of an account's history, by a person who reads it in a language."""

    account_id: int
    choices: Choices
    finder: Finder
    language: Language

    def first_page(self, store: Store) -> FirstPage:
        """The first lines, at once, however many there are."""
        chosen = self._filter(store)
        page = store.credits.page(self.account_id, chosen, self.choices.sort, limit=2 * BLOCK)
        return FirstPage(chosen, lines(store, page), store.credits.ever_purchased(self.account_id))

    def survey(self, store: Store, view: View, earlier: Survey | None) -> Surveyed:
        """All lines counted, or only those that came since an earlier survey."""
        sort = self.choices.sort
        survey = store.credits.survey(self.account_id, self._filter(store), sort, earlier)
        more = survey.lines - view.survey.lines if view.survey and sort is Sort.NEWEST else 0
        first = view.first if view.at_top else (view.first + more) // BLOCK * BLOCK
        return Surveyed(survey, more, first, self.lines(store, survey, first, view.size + BLOCK))

    def lines(self, store: Store, survey: Survey, first: int, count: int) -> list[Line]:
        """So many of the lines surveyed, from the one of number `first` on."""
        return lines(store, store.credits.lines_at(self.account_id, survey, first, count))

    def line_of_day(self, store: Store, survey: Survey, day: date) -> int:
        """The number of the line where a day begins, in the order surveyed."""
        return store.credits.line_of_day(self.account_id, survey, day)

    def _filter(self, store: Store) -> Filter:
        text = self.choices.text
        if not text:
            return self.choices.filter(None)
        return self.choices.filter(self.finder.matching(store, self.account_id, text, self.language))
