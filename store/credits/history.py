"""What was: the ledger's questions about its lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from store.credits import history_index as survey
from store.credits import history_query as pages
from store.credits.accounts import Accounts
from store.credits.history_index import Survey
from store.credits.history_query import Filter, Key, Sort, Telling
from store.credits.model import Entry, EntryDetails, Kind, Pool

PAGE = 1_000
"""Lines that are read at once where all are wanted."""


class History(Accounts):
    """Every credit that came or went, line by line."""

    def history(
        self,
        account_id: int,
        *,
        pool: Pool | None = None,
        kind: Kind | None = None,
        since: date | None = None,
        until: date | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> list[Entry]:
        """Lines of the history, the newest first. since, until: local days, both included. before: only lines
        older than the one of that seq, for the next page."""
        after = None if before is None else (before,)
        return self.page(account_id, Filter(pool, kind, since, until), after=after, limit=limit)

    def page(
        self,
        account_id: int,
        chosen: Filter,
        sort: Sort = Sort.NEWEST,
        *,
        after: Key | None = None,
        limit: int = 100,
    ) -> list[Entry]:
        """Lines that a filter shows. after: only those behind the line of this key (`Sort.key`)."""
        with self._database.connection():
            self.catch_up(account_id)
            return pages.read_page(self._database, account_id, chosen, sort, after=after, limit=limit)

    def every_line(
        self, account_id: int, chosen: Filter, sort: Sort = Sort.NEWEST, limit: int | None = None
    ) -> Iterator[Entry]:
        """All lines that a filter shows, or so many, read as they are wanted: there may be a million."""
        after = None
        while limit is None or limit > 0:
            size = PAGE if limit is None else min(limit, PAGE)
            page = self.page(account_id, chosen, sort, after=after, limit=size)
            yield from page
            if len(page) < size:
                return
            after = sort.key(page[-1])
            limit = None if limit is None else limit - size

    def survey(self, account_id: int, chosen: Filter, sort: Sort, earlier: Survey | None = None) -> Survey:
        """How many lines a filter shows, what they come to, and the way to each of them. Reads them all,
        unless earlier, an answer of the same filter, can be carried on."""
        with self._database.connection():
            self.catch_up(account_id)
            return survey.take(self._database, account_id, chosen, sort, earlier)

    def lines_at(self, account_id: int, surveyed: Survey, first: int, count: int) -> list[Entry]:
        """Lines of a survey by their number, from 0; takes the same time wherever they are."""
        with self._database.connection():
            return survey.lines_at(self._database, account_id, surveyed, first, count)

    def line_of_day(self, account_id: int, surveyed: Survey, day: date) -> int:
        """The number of the first line of a survey by date that is on a local day or beyond it; the last
        line's where there is none."""
        with self._database.connection():
            return survey.line_of_day(self._database, account_id, surveyed, day)

    def tellings(self, account_id: int, after: int = 0) -> frozenset[Telling]:
        """All that the lines after a seq tell, so that whoever has words for it can say which it means."""
        with self._database.connection():
            return pages.read_tellings(self._database, account_id, after)

    def ever_purchased(self, account_id: int) -> bool:
        """Whether the history has lines of purchased credits."""
        return bool(self.history(account_id, pool=Pool.PURCHASED, limit=1))

    def entry_details(self, account_id: int, seq: int) -> EntryDetails:
        """What is behind a line. Raises WrongUsage where there is none of that seq."""
        from store.credits.details import read_details  # by those only who open a line

        with self._database.connection():
            return read_details(self._database, account_id, seq)
