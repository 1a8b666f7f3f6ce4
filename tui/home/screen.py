"""Home: what is left, how fast it goes, what comes next, and what was sent last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widget import Widget

from store.roles import Role
from store.sentences import N_, sentence
from tui.base.actions import Action
from tui.base.navigation import (
    BlastProgressed,
    BuyCredits,
    Go,
    GoOnWriting,
    OpenAccounts,
    OpenClock,
    OpenContact,
    StoreOpened,
)
from tui.base.screen import TextmeterScreen
from tui.home.attention import attention
from tui.home.coming import coming
from tui.home.due import due
from tui.home.latest import replies, sent
from tui.home.layout import Lines, fit
from tui.home.queries import Overview, read_overview
from tui.home.rows import at_most
from tui.home.widgets import DaysChart, PlannedChart, Standing
from tui.widgets.link_list import Row, Rows, lines_of

if TYPE_CHECKING:
    from store.people.tasks import Task

MOST_LINE = 116
"""Cells of a line of a list at most: what stands at its right belongs to what stands at its left."""
SPARE = 9
"""Lines that the last texts ask for at least, so that nothing moves once it is known how many there are."""


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
        self._whole: set[str] = set()
        """The lists, by their names, that are shown whole, however long they are."""

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
            role=Role.SENDER,
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
            role=Role.OWNER,
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
            role=Role.OWNER,
            shown=lambda: app.sells_credits,
        )
        yield Action(
            "go.plans",
            "f12,g l",
            N_("Plans"),
            N_("Compare your plan with all the others"),
            partial(self._go, "plans"),
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
        self._attention, self._tasks, self._sent, self._replies = (
            Rows(id=name) for name in ("attention", "tasks", "texts", "replies")
        )
        self._coming = Rows(id="next", wraps=True)
        self._show()
        with VerticalScroll(id="panes", can_focus=False):
            with VerticalScroll(id="month", can_focus=False):
                yield self._standing
                yield self._attention
                yield self._chart
                yield self._planned_chart
            with VerticalScroll(id="people", can_focus=False):
                yield self._tasks
                yield self._coming
                yield self._sent
                yield self._replies

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
        """Hands each part its share of the overview, or its empty frame while there is none yet, and the
        lines that there are for it."""
        overview = self.overview
        if overview is not None:
            from tui.home.presentation import lasts

            balance, forecast, today = overview.balance, overview.forecast, overview.today
            pace = lasts(self.app.language, overview.product, balance, forecast, today)
            self._standing.show(balance, today, pace)
            self._standing.set_class(not self.app.current, "-old")
            self._chart.show(overview.days)
            self._planned_chart.show(overview.planned, today)
        self._lay_out(overview)
        self.refresh_bindings()  # whether there is something to pay is known now

    def _lay_out(self, overview: Overview | None) -> None:
        """Shows of each list what there is room for."""
        app, language, left, right = self.app, self.app.language, *self._widths()
        asks = [] if overview is None else attention(app, overview, self.post_message, self.key_of, left)
        sends = sent(app, overview, self.post_message, self.key_of, right)
        answers = replies(app, overview, self.post_message)
        comes = coming(language, overview, self._go)
        tasks = self._task_rows(overview)
        planned = overview is not None and overview.planned is not None and overview.planned.sends > 0
        wanted = Lines(
            attention=len(asks),
            chart=self._chart_lines(overview),
            planned=5 if planned else 0,
            tasks=len(tasks),
            coming=sum(lines_of(comes, right)),
            sent=max(SPARE, len(sends)),
            replies=len(answers),
        )
        lines = self._fit(wanted, left)
        for rows, shown, most, width in (
            (asks, self._attention, lines.attention, None),
            (tasks, self._tasks, lines.tasks, None),
            (comes, self._coming, lines.coming, right),
        ):
            if (name := str(shown.id)) not in self._whole:
                rows = at_most(language, rows, most, partial(self._list_all, name), width)
            shown.show(rows)
        self._sent.show(sends[: lines.sent])
        self._replies.show(answers[: lines.replies])
        parts: list[tuple[Widget, int]] = [
            (self._attention, lines.attention),
            (self._chart, lines.chart),
            (self._planned_chart, lines.planned),
            (self._tasks, lines.tasks),
            (self._replies, lines.replies),
        ]
        for part, count in parts:
            part.display = count > 0
        self._sent.styles.min_height = min(lines.sent, 3)
        self._chart.styles.height, self._planned_chart.styles.height = lines.chart, lines.planned

    def _chart_lines(self, overview: Overview | None) -> int:
        """Lines that the chart asks for: where nothing was used it is a sentence."""
        if overview is not None and not any(overview.days.values()):
            return 2
        return 16 if self.has_class("-panes") else 9

    def _widths(self) -> tuple[int, int]:
        """The cells of a line in the left pane and in the right one; all of them where there is one."""
        width = self.size.width - (6 if self.has_class("-wide") else 4)
        if not self.has_class("-panes"):
            return width, min(width, MOST_LINE)
        return self._standing.size.width + 2, self._sent.size.width

    def _fit(self, wanted: Lines, width: int) -> Lines:
        """The lines of all parts: of each pane by itself where there are two."""
        height = self.size.height - 2 - (0 if self.has_class("-short") else 1)
        beside = height - self._standing.lines(width) - 1
        if not self.has_class("-panes"):
            return fit(beside, wanted)
        month = fit(beside, Lines(wanted.attention, wanted.chart, wanted.planned))
        people = fit(height - 1, replace(wanted, attention=0, chart=0, planned=0))
        return replace(people, attention=month.attention, chart=month.chart, planned=month.planned)

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self._arrange)

    def _arrange(self) -> None:
        """Puts the lists into the order of one pane or of two: beside the month it is what was written last
        that one looks for, below it what is to be done."""
        order: list[Widget]
        if self.has_class("-panes"):
            order = [self._sent, self._replies, self._coming, self._tasks]
        else:
            order = [self._tasks, self._coming, self._sent, self._replies]
        pane = self._sent.parent
        if isinstance(pane, VerticalScroll) and list(pane.children) != order:
            pane.sort_children(key=lambda child: order.index(child))  # noqa: PLW0108 - index takes more than one
        self._show()

    # What is to be done

    def _tasks_shown(self) -> list[Task]:
        """Those that are due, and those that were ticked here, which the same key takes back."""
        tasks = self.overview.tasks if self.overview is not None else []
        return [task for task in tasks if task.done_at is None or task.id in self._ticked]

    def _task_rows(self, overview: Overview | None) -> list[Row]:
        if overview is None:
            return []
        return due(self.app.language, overview, self._tasks_shown(), self._open_person, self._tick_one)

    def _list_all(self, name: str) -> None:
        """Shows a list whole; the page scrolls then."""
        self._whole.add(name)
        self._show()

    def _open_person(self, task: Task) -> None:
        self.load(self._find_person, task)

    async def _find_person(self, task: Task) -> None:
        contact = await self.app.fetch(lambda store: store.people.contact(task.contact_id))
        if contact is not None:
            self.post_message(OpenContact(contact))

    def _tick(self) -> None:
        """Ticks the task under the cursor, or the first one, to which the cursor goes then."""
        if not self._tasks.has_focus:
            self._tasks.focus()
        if (row := self._tasks.current) is not None and row.tick is not None:
            row.tick()

    def _tick_one(self, task: Task) -> None:
        self._ticked.add(task.id)
        self.app.finish(self._ticking(task))

    async def _ticking(self, task: Task) -> None:
        from tui.contacts.queries import ticked, ticked_deed, ticked_words

        await self.app.fetch(lambda store: ticked(store, task))
        self.app.did(ticked_words(task), ticked_deed(task))
        if self.is_attached:
            self.load(self.read)
