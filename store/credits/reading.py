"""What is there of credits, and what was: the ledger's questions, which change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from store.clock import local_date
from store.credits import forecast, history, history_index, model, offers, orders
from store.credits import row_mapping as rows
from store.credits.accounts import Accounts
from store.credits.catalog import Plan, Product
from store.credits.catalog_files import Catalog
from store.credits.catching_up import CatchingUp
from store.credits.history_index import Survey
from store.credits.history_query import Filter, Key, Sort, Telling, read_page, read_tellings
from store.credits.lots import in_order_of_use, next_expiry
from store.credits.model import Account, Kind, Pool, Use
from store.database import Database


class Reading:
    """Accounts as they stand and as they were. Where time brought something since, it is done first: so a
    question takes the same way to an account as a change does."""

    def __init__(self, database: Database, accounts: Accounts, time: CatchingUp) -> None:
        self._database = database
        self._accounts = accounts
        self._time = time

    def accounts(self) -> list[Account]:
        """All accounts as they were last written, in the order in which they were opened."""
        with self._database.connection():
            return rows.read_accounts(self._database)

    def account(self, account_id: int | None = None) -> Account:
        """An account as it was last written, without bringing it up to date. None: the only one, else the
        default one. Raises WrongUsage where none can be told."""
        with self._database.connection():
            return self._accounts.chosen(account_id)

    @property
    def catalog(self) -> Catalog:
        """All products, and what else the user's folder says."""
        return self._accounts.catalog

    def product(self, account: Account) -> Product:
        """What an account has subscribed to. Raises WrongUsage where the catalog lacks it."""
        return self._accounts.product(account)

    def plan(self, account: Account) -> Plan:
        """An account's plan. Raises WrongUsage where the catalog lacks it."""
        return self.product(account).plan(account.plan)

    def balance(self, account_id: int) -> model.Balance:
        """Where an account stands; takes the same time however long its history is."""
        return self._time.state(account_id).balance()

    def present(self, account_id: int) -> datetime:
        """An account's instant: its clock's or, where that was set back, the last one processed; just before
        what is due and waits."""
        return self._accounts.reached(self._time.state(account_id))

    def today(self, account_id: int) -> date:
        """The local day of an account's present."""
        return self._account_today(account_id)[1]

    def lots(self, account_id: int) -> list[model.Lot]:
        """The lots from which something remains, in the order of use."""
        with self._time.present(account_id):
            return in_order_of_use(rows.read_lots(self._database, account_id))

    def next_expiry(self, account_id: int) -> tuple[date, int] | None:
        """The day on which credits expire next, and how many of those that remain."""
        return next_expiry(self.lots(account_id))

    def uses(self, account_id: int, since: date, until: date) -> dict[date, dict[Use, int]]:
        """What the history's lines of each local day from since to until, both included, come to, by what the
        credits were used for; empty where nothing was. Less than nothing where more came back of earlier days
        than was used (rules, 3)."""
        with self._time.present(account_id):
            return rows.read_uses(self._database, account_id, since, until)

    def daily_use(self, account_id: int, since: date, until: date) -> dict[date, int]:
        """Credits used on each local day from since to until, both included; 0 where nothing was."""
        return {day: sum(uses.values()) for day, uses in self.uses(account_id, since, until).items()}

    def use_by_kind(self, account_id: int, since: date, until: date) -> dict[Use, int]:
        """Likewise, by what they were used for; 0 where nothing was."""
        days = self.uses(account_id, since, until).values()
        return {use: sum(uses.get(use, 0) for uses in days) for use in Use}

    def periods(self, account_id: int) -> list[model.Period]:
        """All periods that an account has had, the oldest first."""
        with self._time.present(account_id):
            return rows.read_periods(self._database, account_id)

    def forecast(self, account_id: int) -> model.Forecast:
        """How long what is available lasts at the pace of the last 30 days."""
        with self._database.connection():
            state = self._time.state(account_id)
            account = state.account
            today = local_date(self._accounts.present(account), account.timezone)
            opened_on = local_date(account.opened_at, account.timezone)
            since = max(today - timedelta(days=forecast.DAYS - 1), opened_on)
            uses = self.daily_use(account_id, since, today)
            lots = in_order_of_use(rows.read_lots(self._database, account_id))
        return forecast.forecast(self.product(account), account, state.period, lots, uses, today)

    def plan_offers(
        self, account_id: int, *, billing: str | None = None, people: int = 0
    ) -> list[model.PlanOffer]:
        """All plans, the smallest first, compared by the last whole billing periods. billing: one of the
        product's; None for the account's own. people: how many the account writes to, since a plan that is
        made for fewer doesn't fit."""
        with self._database.connection():
            account, today = self._account_today(account_id)
            product, joined = self.product(account), orders.read_orders(self._database, account_id, 2, 1)
            periods = offers.of_plans(product, rows.read_periods(self._database, account_id), joined)
            whole = offers.whole(periods, local_date(account.opened_at, account.timezone), today)
            used = self.daily_use(account_id, periods[0].starts, today)
        past = offers.Past(periods, whole, used, people)
        return offers.offers(product, account, past, billing or account.billing)

    def orders(self, account_id: int, *, before: int | None = None, limit: int = 100) -> list[model.Order]:
        """The newest first. before: only those older than the order of this number, for the next page."""
        with self._time.present(account_id):
            return orders.read_orders(self._database, account_id, before, limit)

    def order(self, account_id: int, number: int) -> model.Order:
        """Raises WrongUsage where there is none of that number."""
        with self._time.present(account_id):
            return orders.read_order(self._database, account_id, number)

    def owing(self, account_id: int) -> list[model.Order]:
        """Orders that are due or whose card was declined, the oldest first."""
        with self._time.present(account_id):
            return orders.read_owed(self._database, account_id)

    def notices(self, account_id: int, limit: int = 50) -> list[model.Notice]:
        """Thresholds reached, the newest first; of a group reached at once, only the highest has channels."""
        with self._time.present(account_id):
            return rows.read_notices(self._database, account_id, newest=limit)[::-1]

    def reached(self, account_id: int) -> frozenset[int]:
        """The thresholds (percent) noted since credits were last added in this period: none of them is told
        again before more are."""
        with self._database.connection():
            return rows.read_noted(self._database, account_id, self._time.state(account_id).period)

    def notices_to_show(self, account_id: int) -> list[model.Notice]:
        """Notices not shown on the screen yet, the oldest first."""
        with self._time.present(account_id):
            return rows.read_notices(self._database, account_id, waiting="screen")

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
    ) -> list[model.Entry]:
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
    ) -> list[model.Entry]:
        """Lines that a filter shows. after: only those behind the line of this key (`Sort.key`)."""
        with self._time.present(account_id):
            return read_page(self._database, account_id, chosen, sort, after=after, limit=limit)

    def every_line(
        self, account_id: int, chosen: Filter, sort: Sort = Sort.NEWEST, limit: int | None = None
    ) -> Iterator[model.Entry]:
        """All lines that a filter shows, or so many, read as they are wanted: there may be a million."""
        return history.in_pages(
            lambda after, size: self.page(account_id, chosen, sort, after=after, limit=size), sort, limit
        )

    def survey(self, account_id: int, chosen: Filter, sort: Sort, earlier: Survey | None = None) -> Survey:
        """How many lines a filter shows, what they come to, and the way to each of them. Reads them all,
        unless earlier, an answer of the same filter, can be carried on."""
        with self._time.present(account_id):
            return history_index.take(self._database, account_id, chosen, sort, earlier)

    def lines_at(self, account_id: int, surveyed: Survey, first: int, count: int) -> list[model.Entry]:
        """Lines of a survey by their number, from 0; takes the same time wherever they are."""
        with self._database.connection():
            return history_index.lines_at(self._database, account_id, surveyed, first, count)

    def line_of_day(self, account_id: int, surveyed: Survey, day: date) -> int:
        """The number of the first line of a survey by date that is on a local day or beyond it; the last
        line's where there is none."""
        with self._database.connection():
            return history_index.line_of_day(self._database, account_id, surveyed, day)

    def tellings(self, account_id: int, after: int = 0) -> frozenset[Telling]:
        """All that the lines after a seq tell, so that whoever has words for it can say which it means."""
        with self._database.connection():
            return read_tellings(self._database, account_id, after)

    def ever_purchased(self, account_id: int) -> bool:
        """Whether the history has lines of purchased credits."""
        return bool(self.history(account_id, pool=Pool.PURCHASED, limit=1))

    def entry_details(self, account_id: int, seq: int) -> model.EntryDetails:
        """What is behind a line. Raises WrongUsage where there is none of that seq."""
        with self._database.connection():
            return history.read_details(self._database, account_id, seq)

    def verify(self) -> model.Verification:
        """Replays all entries and says whether balances, lots, holds and periods agree with them."""
        from store.credits.verify import verify  # by those only who ask

        with self._database.snapshot():
            return verify(self._database)

    def _account_today(self, account_id: int) -> tuple[Account, date]:
        state = self._time.state(account_id)
        return state.account, local_date(self._accounts.reached(state), state.account.timezone)
