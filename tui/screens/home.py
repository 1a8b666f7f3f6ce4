"""Home: what is left, how fast it goes, what comes next, and what was sent last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from store.sentences import N_, Money, Sentence, sentence, sentences
from tui.literal import literal
from tui.screens.base import TextmeterScreen
from tui.widgets.rows import Row, Rows
from tui.widgets.usage import DaysChart, Standing

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account, Balance, Forecast, Lot, Notice
    from store.errors import TextmeterError
    from store.messages.model import BlastSummary, Draft
    from tui.app import TextmeterApp

DAYS = 30
READ = "notices-read:{account}"
"""The setting that keeps the newest notice that the person has opened."""


@dataclass(frozen=True, slots=True)
class Overview:
    """All that Home shows, read at one moment."""

    today: date
    balance: Balance
    forecast: Forecast
    expiry: Lot | None
    renewal: tuple[int, Money]
    days: dict[date, int]
    blasts: list[BlastSummary]
    draft: Draft | None
    notices: list[Notice]


def read_overview(store: Store, account: Account) -> Overview:
    """Asks the store for all of it. renewal: the credits that the plan adds, and its price."""
    from store.clock import local_date

    balance = store.credits.balance(account.id)
    today = local_date(store.clock.now(), account.timezone)
    since = today - timedelta(days=DAYS - 1)
    plan = store.credits.plan(balance.account)
    read = int(store.settings.read(READ.format(account=account.id)) or 0)
    return Overview(
        today=today,
        balance=balance,
        forecast=store.credits.forecast(account.id),
        expiry=store.credits.next_expiry(account.id),
        renewal=(plan.credits, Money(plan.price_cents)),
        days=store.credits.daily_use(account.id, since, today),
        blasts=store.messages.blasts(account.id, limit=8),
        draft=store.messages.latest_draft(),
        notices=[
            notice
            for notice in store.credits.notices(account.id, limit=3)
            if notice.kind == "fired" and notice.id > read
        ][:1],
    )


class HomeScreen(TextmeterScreen):
    """The first screen. It holds one `Overview`, read anew whenever the balance changes."""

    NAME = N_("Home")
    HELP: ClassVar[str] = N_(
        "The large number is what you can still send today. The bar is this month: what is filled is "
        "used, and the mark below it is today; when the filled part is ahead of the mark, you use credits "
        "faster than the month goes by. Below it are the last 30 days, what comes next, and your last texts."
    )
    CSS_PATH = "../styles/home.tcss"
    AUTO_FOCUS = "#texts"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "app.go('compose')", N_("Write"), id="home.compose", tooltip=N_("Write a text")),
        Binding("h", "app.go('history')", N_("History"), id="home.history", tooltip=N_("Every credit")),
        Binding(
            "p", "app.go('contacts')", N_("Contacts"), id="home.contacts", tooltip=N_("Your address book")
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.overview: Overview | None = None
        self._reading = False
        self._outdated = False

    def body(self) -> ComposeResult:
        self._standing, self._chart = Standing(), DaysChart()
        self._next_rows, self._text_rows, self._notice_rows = (
            Rows(id=name) for name in ("next", "texts", "notices")
        )
        self._show()
        with VerticalScroll(can_focus=False):
            yield self._standing
            yield self._chart
            yield self._next_rows
            yield self._text_rows
            yield self._notice_rows

    def on_mount(self) -> None:
        self.read()

    def on_textmeter_app_store_opened(self, message: TextmeterApp.StoreOpened) -> None:
        self.read()

    def on_textmeter_app_blast_progressed(self, message: TextmeterApp.BlastProgressed) -> None:
        self.read()

    def balance_changed(self) -> None:
        super().balance_changed()
        self.read()

    def read(self) -> None:
        """Reads the overview, one reading at a time; what changes meanwhile is read once after it."""
        account = self.textmeter.account
        if account is None:
            return
        if self._reading:
            self._outdated = True
            return
        self._reading = True
        self.textmeter.ask(
            lambda store: read_overview(store, account), self._read, group="home", failed=self._not_read
        )

    def _not_read(self, error: TextmeterError) -> None:
        self._reading = False
        self.textmeter.tell_error(error)

    def _read(self, overview: Overview) -> None:
        self.overview = overview
        self._reading = False
        self._show()
        if self._outdated:
            self._outdated = False
            self.read()

    def _show(self) -> None:
        """Hands each widget its part of the overview, or its empty frame while there is none yet."""
        overview = self.overview
        if overview is not None:
            self._standing.show(overview.balance, overview.today, self._pace(overview))
            self._chart.show(overview.days)
        self._next_rows.show(self._next(overview))
        self._text_rows.show(self._texts(overview))
        self._notice_rows.show(self._notices(overview))

    def _day(self, day: date, today: date) -> str:
        """A day, with its year where that isn't this one."""
        language = self.textmeter.language
        return language.day_and_month(day) if day.year == today.year else language.day(day)

    def _pace(self, overview: Overview) -> Sentence:
        runs_out, period = overview.forecast.runs_out_on, overview.balance.period
        if not overview.balance.available:
            return sentence("Nothing is left until {day}.", day=self._day(period.ends, overview.today))
        if runs_out is None:
            return sentence("It lasts: nothing was used lately.")
        day = self._day(runs_out, overview.today)
        if runs_out < period.ends:
            return sentence("At this pace until {day}, before the plan renews.", day=day)
        return sentence("At this pace until {day}.", day=day)

    def _next(self, overview: Overview | None) -> list[Row]:
        """What comes next: when it runs out, what expires, when the plan renews."""
        _, says = self.gettext, [Content("")] * 3
        if overview is not None:
            say, today = self.textmeter.language.say, overview.today
            forecast, lot, (credits, price) = overview.forecast, overview.expiry, overview.renewal
            pace = sentences(
                "{day}, at {count} credit in 30 days",
                "{day}, at {count} credits in 30 days",
                forecast.used,
                day=self._day(forecast.runs_out_on, today) if forecast.runs_out_on else "",
            )
            expires = (
                sentence("Nothing will expire")
                if lot is None or lot.expires_on is None
                else sentences(
                    "{count} credit on {day}",
                    "{count} credits on {day}",
                    lot.remaining,
                    day=self._day(lot.expires_on, today),
                )
            )
            renews = sentences(
                "{day}: {count} credit for {price}",
                "{day}: {count} credits for {price}",
                credits,
                day=self._day(overview.balance.period.ends, today),
                price=price,
            )
            runs_out = pace if forecast.runs_out_on else sentence("Not at this pace")
            says = [Content(say(line)) for line in (runs_out, expires, renews)]
        labels = (_("Runs out"), _("Expires next"), _("Renews"))
        return [
            Row(label, line, action="app.go('history')") for label, line in zip(labels, says, strict=True)
        ]

    def _texts(self, overview: Overview | None) -> list[Row]:
        """The last texts, the open draft first, as many as the screen has room for."""
        _, language = self.gettext, self.textmeter.language
        rows = [Row("", Content.styled(_("Last texts"), "bold"))]
        if overview is None:
            return rows
        # Only now, since the first frame shouldn't wait for what it doesn't need.
        from store.clock import local_date
        from tui.blastwords import standing

        draft = overview.draft
        if draft is not None and (draft.body or draft.media):
            rows.append(
                Row(
                    _("Draft"), self._line(draft.body), Content(_("not sent yet")), action="app.go('compose')"
                )
            )
        account = overview.balance.account
        for blast in overview.blasts:
            people = sentences("{count} person", "{count} people", blast.recipients)
            day = self._day(local_date(blast.created_at, account.timezone), overview.today)
            end = standing(language, blast)
            if self.size.width >= 80:
                end = f"{language.say(people)}  ·  {end}"
            rows.append(
                Row(day, self._line(blast.body), Content(end), action=f"screen.open_blast({blast.id})")
            )
        if len(rows) == 1:
            empty = _("Nothing sent yet. Press C to write your first text.")
            rows.append(Row("", Content(empty), action="app.go('compose')"))
        return rows[: max(self.size.height - 19, 3)]

    def _line(self, body: str) -> Content:
        return literal(" ".join(body.split())) if body.strip() else Content(self.gettext("A picture"))

    def _notices(self, overview: Overview | None) -> list[Row]:
        if overview is None:
            return []
        language, timezone = self.textmeter.language, overview.balance.account.timezone
        rows = []
        for notice in overview.notices:
            used = language.percent(notice.permille)
            says = sentence("{percent} of this month's credits were used", percent=used)
            when = Content(language.date_and_time(notice.at, timezone))
            rows.append(Row("!", Content(language.say(says)), when, f"screen.read_notice({notice.id})"))
        return rows

    def action_open_blast(self, blast: int) -> None:
        """Opens one of the last texts."""
        from tui.screens.blast import BlastScreen

        self.app.push_screen(BlastScreen(blast))

    def action_read_notice(self, notice: int) -> None:
        """Takes a notice as read, and shows the lines that led to it."""
        account = self.textmeter.account
        if account is not None:
            name = READ.format(account=account.id)
            self.textmeter.ask(
                lambda store: store.settings.write(name, str(notice)), lambda _: self.read(), group="settings"
            )
        self.textmeter.action_go("history")
