"""The SmartPlans of an account: how many are on each, and what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from store.emails.model import Step
from store.emails.plan_model import Standing
from store.roles import Role
from store.sentences import N_, Key, Sentence, sentence, sentences
from tui.base.actions import Action
from tui.base.master_detail import MasterDetail
from tui.base.navigation import Go, Show, StoreOpened
from tui.i18n.sanitize import literal
from tui.smartplans import presentation as words
from tui.smartplans import queries
from tui.smartplans.naming import PlanNameScreen
from tui.smartplans.plan import PlanScreen
from tui.smartplans.plan_view import drawn
from tui.smartplans.step_form import StepFormScreen
from tui.widgets.line_list import Head, PagedList

NEW = Key("smartplans.new", "n")
NONE_YET = sentence(
    "No SmartPlans yet. Press {key} to create one: a series of emails, texts and tasks spread over days.",
    key=NEW,
)

PEOPLE, NEXT = 10, 34
"""Cells for how many are on a plan, and for what comes next where there is room."""


class SmartPlansScreen(MasterDetail):
    """A line a plan, the newest first."""

    NAME = N_("SmartPlans")
    CSS_PATH = "smartplans.tcss"
    AUTO_FOCUS = "#plans"
    HELP: ClassVar[str] = N_(
        "A SmartPlan sends a series of emails, texts and tasks to everyone enrolled, by days "
        "since they started. People who reply or opt out are taken off automatically. If "
        "you're out of emails, an email step fails and isn't retried, and the SmartPlan "
        "continues with its next step."
    )
    plans: getters.query_one[PagedList[Standing]] = getters.query_one("#plans", PagedList)
    empty = getters.query_one("#empty", Static)
    beside = getters.query_one("#beside", Static)

    def actions(self) -> Iterable[Action]:
        yield Action("smartplans.back", "escape", N_("Back"), N_("Back to Home"), self.back)
        yield Action(
            "smartplans.open",
            "enter",
            N_("Open"),
            N_("Its steps and the people on it"),
            self.open,
            why_not=self._nothing,
        )
        yield Action(
            "smartplans.new",
            "n",
            N_("New"),
            N_("Create a SmartPlan: first its name, then its first step"),
            self.new,
            why_not=self._why_not_new,
            anywhere=True,
        )

    def _nothing(self) -> Sentence | None:
        if self.plans.current:
            return None
        return sentence("There are no SmartPlans yet. Press {key} to create one.", key=NEW)

    def _why_not_new(self) -> Sentence | None:
        account = self.app.account
        if account is not None and self.app.store.catalog.product(account.product).sends != "emails":
            return sentence("SmartPlans need an account that sends emails. Switch to one, or open one.")
        return self.app.lacks(Role.SENDER)

    def body(self) -> ComposeResult:
        with Horizontal(id="panes"):
            with Vertical(id="list"):
                yield Head(self._columns)
                yield Static(id="empty")
                yield PagedList(self._line, key=attrgetter("id"), id="plans")
            yield Static(id="beside")

    @on(StoreOpened)
    def _store_opened(self) -> None:
        self.plans.restart()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.plans.restart(keep_line=True)

    def data_changed(self) -> None:
        self.plans.restart(keep_line=True)

    # What is shown

    @on(PagedList.PageWanted, "#plans")
    def _page_wanted(self, wanted: PagedList.PageWanted) -> None:
        if self.app.account is not None:
            self.load(self._read, wanted.query, newest_only=True)

    async def _read(self, query: int) -> None:
        account = self.app.account
        assert account is not None, "plans are listed once the database is open"
        found = await self.app.fetch(lambda store: queries.standings(store, account))
        self.plans.extend(query, found, complete=True)
        self.empty.display = not found
        why = self._why_not_new()
        self.empty.update(Content(self.app.language.say(why or NONE_YET)))
        self.refresh_bindings()
        self.look_beside()

    def _columns(self, width: int) -> Content:
        _ = self.gettext
        return self._row(Content(_("Name")), Content(""), Content(_("Active")), Content(_("Next")), width)

    def _line(self, plan: Standing, width: int) -> Content:
        language, account = self.app.language, self.app.account
        next_words = words.next_words(language, plan, account.timezone if account else "UTC")
        failed = Content("")
        if count := words.failures(plan):
            says = language.say(sentences("{count} failed", "{count} failed", count))
            failed = Content.styled(f"  × {says}", "$error")
        going = Content(language.number(plan.going))
        return self._row(literal(plan.name), failed, going, Content(next_words), width)

    def _row(self, name: Content, failed: Content, going: Content, comes: Content, width: int) -> Content:
        comes_room = NEXT if width >= 70 else NEXT - 12
        room = min(max(width - PEOPLE - comes_room - 2, 12), 60)
        name = name.truncate(max(room - failed.cell_length, 1), ellipsis=True) + failed
        return Content("").join(
            [
                name.truncate(room, ellipsis=True, pad=True),
                going.pad_left(max(PEOPLE - going.cell_length, 0)),
                Content("  "),
                comes.truncate(comes_room, ellipsis=True),
            ]
        )

    @on(PagedList.Moved, "#plans")
    def _moved(self) -> None:
        self.refresh_bindings()
        self.look_beside()

    async def read_beside(self) -> None:
        """Shows the plan under the cursor."""
        plan, account = self.plans.current, self.app.account
        if plan is None or account is None:
            self.beside.update("")
            return
        found = await self.app.fetch(lambda store: queries.page(store, plan.id))
        self.beside.update(drawn(self.app.language, found, account.timezone, 72))

    @on(Show)
    def _show(self, message: Show) -> None:
        """Puts the cursor on the plan of this id."""
        message.stop()
        self.plans.go_to(message.what)

    # What can be done

    def back(self) -> None:
        """Home."""
        self.post_message(Go("home"))

    @on(PagedList.Chosen, "#plans")
    def _chosen(self, chosen: PagedList.Chosen) -> None:
        self.app.push_screen(PlanScreen(chosen.item.id))

    def open(self) -> None:
        """Opens the plan under the cursor."""
        self.plans.action_choose()

    def new(self) -> None:
        """Asks for a name, then for the first step."""
        self.app.push_screen(PlanNameScreen(), self._named)

    def _named(self, name: str | None) -> None:
        if name is not None:
            self.app.push_screen(StepFormScreen(Step(0, "", ""), lambda step: self._make(name, step)))

    def _make(self, name: str, step: Step) -> None:
        self.app.finish(self._made(name, step))

    async def _made(self, name: str, step: Step) -> None:
        account = self.app.account
        assert account is not None, "a plan is made where plans are listed"
        plan_id = await self.app.fetch(lambda store: queries.make(store, account, name, step))
        if self.is_attached:
            self.plans.restart()
            self.app.push_screen(PlanScreen(plan_id))
