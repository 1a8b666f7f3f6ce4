"""Home: what is left, how fast it goes, what comes next, and what was sent last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from store.clock import local_midnight
from store.notices import unread
from store.roles import Role
from store.sentences import N_, Sentence, sentence, sentences
from tui.base.actions import Action
from tui.base.navigation import (
    BlastProgressed,
    BuyCredits,
    CheckDate,
    Go,
    GoOnWriting,
    OpenAccounts,
    OpenBlast,
    OpenCampaign,
    OpenClock,
    OpenContact,
    OpenOrder,
    StoreOpened,
)
from tui.base.screen import TextmeterScreen
from tui.home.widgets import DaysChart, PlannedChart, Standing
from tui.i18n.sanitize import literal
from tui.widgets.link_list import Row, Rows

if TYPE_CHECKING:
    from store import Store
    from store.credits.catalog import Product
    from store.credits.model import Account, Balance, Forecast, Notice, Order
    from store.emails.model import CampaignSummary
    from store.emails.planned import Planned
    from store.messages.model import BlastSummary, Draft
    from store.messages.schedule_model import Scheduled
    from store.people.tasks import Task

DAYS = 30
LONGEST_NAME = 20
"""Cells of somebody's name beside a text."""
MOST_TASKS, FEW_TASKS, TALL = 8, 3, 36
"""Tasks that are listed at once at most on a screen of so many lines, and on a lower one: the next ones come
as these are done."""
AROUND, TALLER, WITH_PLANNED = 16, 4, 3
"""Lines that all but the lists takes; how many more the chart does on a tall screen, and the planned one."""
LEAST_TEXTS = 3
"""Lines of the last texts that tasks leave on a tall screen."""
NARROW = 60
"""Cells below which a line has room for what it says, and for little beside it."""


@dataclass(frozen=True, slots=True)
class Overview:
    """All that Home shows, read at one moment."""

    today: date
    product: Product
    balance: Balance
    forecast: Forecast
    expiry: tuple[date, int] | None
    days: dict[date, int]
    blasts: list[BlastSummary]
    campaigns: list[CampaignSummary]
    draft: Draft | None
    notices: list[Notice]
    unread: int
    owing: list[Order]
    waiting: bool
    tasks: list[Task]
    planned: Planned | None
    scheduled: list[Scheduled]
    now: datetime


def read_overview(store: Store, account: Account) -> Overview:
    """Asks the store for all of it. notices: those not read; unread: how many conversations aren't; owing:
    orders that aren't paid; waiting: whether the date is to be confirmed; tasks: those due today or before,
    and done today; planned: of an account for emails; now: its present."""
    waiting = store.credits.catch_up(account.id).waiting
    balance, today = store.credits.balance(account.id), store.credits.today(account.id)
    product = store.credits.product(account)
    sends = product.sends
    since = today - timedelta(days=DAYS - 1)
    planned = None
    if sends == "emails":
        from store.emails.planned import read_planned

        planned = read_planned(store, account)
    begins, ends = (local_midnight(today + timedelta(days=ahead), account.timezone) for ahead in (0, 1))
    return Overview(
        today=today,
        product=product,
        balance=balance,
        forecast=store.credits.forecast(account.id),
        expiry=store.credits.next_expiry(account.id),
        days=store.credits.daily_use(account.id, since, today),
        blasts=store.messages.blasts(account.id, limit=8) if sends == "texts" else [],
        campaigns=store.emails.campaigns(account.id, limit=8) if sends == "emails" else [],
        draft=store.messages.latest_draft(account.id),
        notices=unread(store, account.id),
        unread=store.conversations.unread(account.id),
        owing=store.credits.owing(account.id),
        waiting=waiting,
        tasks=store.tasks.tasks(account.id, ends, done_since=begins),
        planned=planned,
        scheduled=store.messages.scheduled(account.id) if sends == "texts" else [],
        now=store.credits.present(account.id),
    )


class HomeScreen(TextmeterScreen):
    """The first screen. It holds one `Overview`, read anew whenever the balance changes."""

    NAME = N_("Home")
    HELP: ClassVar[str] = N_(
        "The large number is what you can still send today. The bar is this month: the filled part is "
        "used, and the mark below it is today. If the filled part is ahead of the mark, you're using "
        "credits faster than the month is passing. Below are the last 30 days, what comes next, and your "
        "latest texts."
    )
    CSS_PATH = "home.tcss"
    AUTO_FOCUS = "#texts"

    def __init__(self) -> None:
        super().__init__()
        self.overview: Overview | None = None
        self._ticked: set[int] = set()

    def actions(self) -> Iterable[Action]:
        app = self.app

        def go(key: str, mode: str, label: str, tooltip: str) -> Action:
            return Action(f"go.{mode}", key, label, tooltip, partial(self._go, mode))

        yield Action(
            "home.write",
            "c,w",
            N_("Write"),
            app.write_tooltip,
            lambda: self.post_message(GoOnWriting()),
        )
        yield Action(
            "go.inbox",
            "g i",
            N_("Inbox"),
            N_("Read and answer replies"),
            partial(self._go, "inbox"),
            words=self._inbox_words,
        )
        yield Action(
            "go.campaigns",
            "g e",
            N_("Sent emails"),
            N_("Their progress and how each one did"),
            partial(self._go, "campaigns"),
            shown=self._sends_emails,
            words=lambda: self.gettext("Sent mail"),  # short, since more keys matter here than there is room
        )
        yield Action(
            "go.smartplans",
            "g m",
            N_("This account's SmartPlans"),
            N_("Series of emails, texts and tasks that run by themselves"),
            partial(self._go, "smartplans"),
            shown=self._sends_emails,
            words=lambda: self.gettext("SmartPlans"),
        )
        yield Action(
            "home.mark",
            "space",
            N_("Done"),
            N_("Mark a due task as done; the same key undoes it"),
            self._tick,
            why_not=lambda: app.lacks(Role.SENDER),
            shown=lambda: bool(self._tasks_shown()),
        )
        yield Action(
            "go.notices",
            "g n",
            N_("Notices"),
            N_("Usage thresholds you have reached"),
            partial(self._go, "notices"),
            words=app.notices_words,
        )
        yield Action(
            "home.pay",
            "dollar_sign",
            N_("Pay"),
            N_("Charge the card on file for what you owe"),
            self._pay,
            why_not=app.owners_only,
            shown=lambda: self.overview is not None and bool(self.overview.owing),
        )
        yield go("g y", "history", N_("History"), N_("Every credit you got or used"))
        yield Action(
            "home.people", "p", N_("Contacts"), N_("Your address book"), partial(self._go, "contacts")
        )
        yield go("g u", "usage", N_("Usage"), N_("Day by day, month by month"))
        yield Action(
            "home.buy",
            "b",
            N_("Buy credits"),
            N_("Extra credits on top of your plan"),
            lambda: self.post_message(BuyCredits()),
            why_not=app.owners_only,
            shown=lambda: app.sells_credits,
        )
        yield Action(
            "go.accounts",
            "g a",
            N_("Accounts"),
            N_("Switch to another account, or open one"),
            lambda: self.post_message(OpenAccounts()),
            in_bar=False,
        )
        yield Action(
            "go.clock",
            "g d",
            N_("Clock"),
            N_("What the demo clock says, and what comes next"),
            lambda: self.post_message(OpenClock()),
            shown=lambda: app.clock_shown,
            in_bar=False,
        )

    def _sends_emails(self) -> bool:
        return self.overview is not None and self.overview.product.sends == "emails"

    def _inbox_words(self) -> str:
        """With how many conversations aren't read: "Inbox (2)"."""
        if self.overview is None or not self.overview.unread:
            return self.gettext("Inbox")
        return self.gettext("Inbox ({count})").format(count=self.app.language.number(self.overview.unread))

    def _go(self, mode: str) -> None:
        self.post_message(Go(mode))

    def _pay(self) -> None:
        from tui.billing.paying import pay_owed

        if (account := self.app.account) is not None:
            self.app.tell(sentence("Charging the card on file …"))
            self.app.finish(pay_owed(self.app, account), once="pay")

    def body(self) -> ComposeResult:
        self._standing, self._chart = Standing(), DaysChart()
        self._planned_chart = PlannedChart()
        self._next_rows, self._text_rows, self._notice_rows, self._task_rows = (
            Rows(id=name) for name in ("next", "texts", "notices", "tasks")
        )
        self._show()
        with VerticalScroll(can_focus=False):
            yield self._standing
            yield self._chart
            yield self._planned_chart
            yield self._notice_rows
            yield self._task_rows
            yield self._next_rows
            yield self._text_rows

    def on_mount(self) -> None:
        self.load(self.read)

    @on(StoreOpened)
    @on(BlastProgressed)
    def balance_changed(self) -> None:
        super().balance_changed()
        # What is left stands at the top by now: finding all else takes longer.
        self.call_after_refresh(self.load, self.read)

    def data_changed(self) -> None:
        self.load(self.read)

    def current_changed(self) -> None:
        super().current_changed()
        self._show()

    async def read(self) -> None:
        """Reads the overview and shows it."""
        if (account := self.app.account) is not None:
            self.overview = await self.app.fetch(lambda store: read_overview(store, account))
            self._show()

    def _show(self) -> None:
        """Hands each widget its part of the overview, or its empty frame while there is none yet."""
        overview = self.overview
        if overview is not None:
            from tui.home.presentation import lasts

            pace = lasts(
                self.app.language,
                overview.product,
                overview.balance,
                overview.forecast,
                overview.today,
            )
            self._standing.show(overview.balance, overview.today, pace)
            self._standing.set_class(not self.app.current, "-old")
            self._chart.show(overview.days)
            self._planned_chart.show(overview.planned, overview.today)
            self.set_class(overview.planned is not None and overview.planned.sends > 0, "-planned")
        notices = self._notices(overview)
        self._notice_rows.display = bool(notices)
        self._notice_rows.show(notices)
        rows = self._next(overview)
        self._next_rows.show(rows)
        room = self.size.height - AROUND - len(rows) - (len(notices) + 1 if notices else 0)
        if self.has_class("-tall"):
            room -= TALLER + (WITH_PLANNED if self.has_class("-planned") else 0)
        tasks = self._tasks(overview, room)
        self._task_rows.display = bool(tasks)
        self._task_rows.show(tasks)
        # What is told beside the usual takes its room from the last texts.
        room -= len(tasks) + 1 if tasks else 0
        self._text_rows.show(self._texts(overview)[: max(room, 3)])
        self.refresh_bindings()  # whether there is something to pay is known now

    def _day(self, day: date, today: date) -> str:
        return self.app.language.near_day(day, today)

    def _next(self, overview: Overview | None) -> list[Row]:
        """What comes next: when it runs out, what expires, when the plan renews."""
        _ = self.gettext
        rows = [
            (_("Runs out"), Sentence(""), partial(self._go, "usage")),
            (_("Expires next"), Sentence(""), partial(self._go, "history")),
            (_("Renews"), Sentence(""), partial(self._go, "plans")),
        ]
        if overview is not None:
            from tui.home.presentation import expires, pools, renews, runs_out

            language, today = self.app.language, overview.today
            says = (
                runs_out(language, overview.product, overview.forecast, overview.balance.available, today),
                expires(language, overview.product, overview.expiry, today),
                renews(language, overview.product, overview.balance, today),
            )
            rows = [(label, line, run) for (label, _line, run), line in zip(rows, says, strict=True)]
            if overview.planned is not None and overview.planned.sends:
                from tui.usage.presentation import planned_words

                plans = planned_words(language, overview.planned, today)
                rows.insert(0, (_("Planned"), plans, partial(self._go, "usage")))
            if any(not one.code for one in overview.scheduled):
                from tui.scheduled.presentation import summary

                timezone = overview.balance.account.timezone
                leaves = summary(overview.scheduled, language, timezone, overview.now)
                rows.insert(0, (_("Scheduled"), leaves, partial(self._go, "scheduled")))
            if overview.balance.purchased:
                rows.insert(0, (_("Left"), pools(overview.balance), partial(self._go, "history")))
        say = self.app.language.say
        return [Row(label, Content(say(line)), run=run) for label, line, run in rows]

    # What is to be done

    def _tasks_shown(self) -> list[Task]:
        """Those that are due, and those that were ticked here, which the same key takes back."""
        tasks = self.overview.tasks if self.overview is not None else []
        return [task for task in tasks if task.done_at is None or task.id in self._ticked]

    def _tasks(self, overview: Overview | None, room: int) -> list[Row]:
        """How many are due, and the first of them. room: lines for them and the last texts."""
        tasks = self._tasks_shown()
        if overview is None or not tasks:
            return []
        from store.clock import local_date

        language, timezone = self.app.language, overview.balance.account.timezone
        due = sum(task.done_at is None for task in tasks)
        head = language.say(sentences("{count} task is due", "{count} tasks are due", due))
        rows = [Row("", Content.styled(head, "bold"))]
        most = FEW_TASKS
        if self.size.height >= TALL:  # below the head and an empty line
            most = min(max(room - LEAST_TEXTS - 2, 1), MOST_TASKS)
        for task in tasks[:most]:
            day = local_date(task.due_at, timezone)
            label = self.gettext("Today") if day == overview.today else self._day(day, overview.today)
            mark = "✓ " if task.done_at is not None else "· "
            name = literal(task.name).truncate(LONGEST_NAME, ellipsis=True)
            opens, ticks = partial(self._open_person, task), partial(self._tick_one, task)
            rows.append(Row(label, Content(mark) + literal(_one_line(task.text)), name, opens, ticks))
        return rows

    def _open_person(self, task: Task) -> None:
        self.load(self._find_person, task)

    async def _find_person(self, task: Task) -> None:
        contact = await self.app.fetch(lambda store: store.people.contact(task.contact_id))
        if contact is not None:
            self.post_message(OpenContact(contact))

    def _tick(self) -> None:
        """Ticks the task under the cursor, or the first one, to which the cursor goes then."""
        if not self._task_rows.has_focus:
            self._task_rows.focus()
        if (row := self._task_rows.current) is not None and row.tick is not None:
            row.tick()

    def _tick_one(self, task: Task) -> None:
        self._ticked.add(task.id)
        self.app.finish(self._ticking(task))

    async def _ticking(self, task: Task) -> None:
        from tui.contacts.queries import ticked

        await self.app.fetch(lambda store: ticked(store, task))
        if self.is_attached:
            self.load(self.read)

    def _texts(self, overview: Overview | None) -> list[Row]:
        """The last texts, the open draft first."""
        _, language = self.gettext, self.app.language
        if overview is not None and overview.product.sends == "emails":
            return self._emails(overview)
        rows = [Row("", Content.styled(_("Latest texts"), "bold"))]
        if overview is None:
            return rows
        # Only now, since the first frame shouldn't wait for what it doesn't need.
        from store.clock import local_date
        from store.texts.merge import sketch
        from tui.blasts.presentation import people, standing

        draft = overview.draft
        if draft is not None and (draft.body or draft.media):
            rows.append(
                Row(
                    _("Draft"),
                    self._line(sketch(draft.body)),
                    Content(_("not sent yet")),
                    run=partial(self._go, "compose"),
                )
            )
        account = overview.balance.account
        for blast in overview.blasts:
            day = self._day(local_date(blast.created_at, account.timezone), overview.today)
            end = standing(language, blast, most=2 if self.size.width >= NARROW else 1)
            if self.size.width >= 80:
                to = literal(people(language, blast)).truncate(LONGEST_NAME, ellipsis=True).plain
                end = f"{to}  ·  {end}"
            rows.append(
                Row(
                    day,
                    self._line(blast.as_sent.body),
                    Content(end),
                    run=partial(self._open, OpenBlast, blast.id),
                )
            )
        if len(rows) == 1:
            empty = _("Nothing sent yet. Press c to write your first text.")
            rows.append(Row("", Content(empty), run=partial(self._go, "compose")))
        return rows

    def _emails(self, overview: Overview) -> list[Row]:
        """The last emails, the open draft first."""
        from store.clock import local_date
        from store.texts.merge import sketch
        from tui.emails.presentation import people, standing

        _, language, draft = self.gettext, self.app.language, overview.draft
        rows = [Row("", Content.styled(_("Latest emails"), "bold"))]
        if draft is not None and (draft.subject or draft.body):
            says = literal(" ".join(sketch(draft.subject or draft.body).split()))
            rows.append(Row(_("Draft"), says, Content(_("not sent yet")), run=partial(self._go, "compose")))
        timezone = overview.balance.account.timezone
        for campaign in overview.campaigns:
            end = standing(language, campaign, most=2 if self.size.width >= NARROW else 1)
            if self.size.width >= 80:
                end = f"{people(language, campaign)}  ·  {end}"
            rows.append(
                Row(
                    self._day(local_date(campaign.created_at, timezone), overview.today),
                    self._line(sketch(campaign.subject)),
                    Content(end),
                    run=partial(self._open, OpenCampaign, campaign.id),
                )
            )
        if len(rows) == 1:
            empty = _("Nothing sent yet. Press c to write your first email.")
            rows.append(Row("", Content(empty), run=partial(self._go, "compose")))
        return rows

    def _line(self, body: str) -> Content:
        return literal(" ".join(body.split())) if body.strip() else Content(self.gettext("A picture"))

    def _notices(self, overview: Overview | None) -> list[Row]:
        """What is to be known first: the date that is to be confirmed, what is owed, the newest notice not
        read."""
        if overview is None:
            return []
        from store.credits.notices import UNPAID_CAUSE
        from tui.notices.presentation import reached_words

        _, language, timezone = self.gettext, self.app.language, overview.balance.account.timezone
        rows = self._owed(overview)
        if overview.waiting:
            waits = Content(_("Nothing renews until you confirm the date"))
            rows.insert(0, Row("!", waits, Content(_("Enter: check it")), self._check_date))
        if not self.app.current:
            old = Content.styled(_("Can't reach the database. These are the last known numbers."), "$warning")
            rows.insert(0, Row("!", old, run=self.app.look))
        if any(one.code for one in overview.scheduled):
            from tui.scheduled.presentation import asking

            asks = Content.styled(language.say(asking(overview.scheduled)), "$warning")
            rows.append(Row("!", asks, run=partial(self._go, "scheduled")))
        # That a renewal isn't paid is said above, as long as it isn't.
        if notices := [notice for notice in overview.notices if notice.cause != UNPAID_CAUSE]:
            newest, *others = notices
            says = reached_words(language, newest)
            end = language.date_and_time(newest.at, timezone) if self.size.width >= NARROW else ""
            if others and end:
                more = sentences("{count} more unread", "{count} more unread", len(others))
                end = f"{language.say(more)}  ·  {end}"
            rows.append(Row("!", Content(language.say(says)), Content(end), partial(self._go, "notices")))
        return rows

    def _owed(self, overview: Overview) -> list[Row]:
        """Orders that aren't paid; the last of them is the present renewal's, where that isn't."""
        from store.credits.model import OrderState
        from tui.home.presentation import not_paid, renewal_not_paid

        language, account, rows = self.app.language, overview.balance.account, []
        for order in overview.owing:
            if account.owed and order is overview.owing[-1]:
                says = renewal_not_paid(language, overview.product, account, overview.today)
            elif order.state is OrderState.UNPAID:
                says = not_paid(order)
            else:
                continue
            opens = partial(self._open, OpenOrder, order.number)
            rows.append(Row("!", Content(language.say(says)), Content(self.gettext("o: pay it")), opens))
        return rows

    def _check_date(self) -> None:
        self.post_message(CheckDate())

    def _open(self, message: type[OpenBlast | OpenCampaign | OpenOrder], number: int) -> None:
        self.post_message(message(number))


def _one_line(text: str) -> str:
    return " ".join(text.split())
