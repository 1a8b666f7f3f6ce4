"""What a SmartPlan hangs together with: the group that starts it, and the plan that follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from store import Store
from store.emails import files
from store.emails.plan_model import PlanPage
from store.messages.model import Purpose
from store.roles import Role
from store.sentences import N_
from tui.base.actions import Action
from tui.base.picker import PickScreen
from tui.base.screen import TextmeterScreen
from tui.blasts.presentation import PURPOSES
from tui.i18n.sanitize import plain
from tui.smartplans import queries


class WithRelations(TextmeterScreen):
    """A screen of a SmartPlan by its id."""

    def __init__(self, plan_id: int) -> None:
        super().__init__()
        self.plan_id = plan_id
        self.plan: PlanPage | None = None

    def relation_actions(self) -> Iterable[Action]:
        """What can be done about them."""
        yield Action(
            "plan.group",
            "number_sign",
            N_("Group"),
            N_("Choose the group that starts it: anyone who joins from now on is enrolled"),
            lambda: self.load(self._choose_group),
            why_not=lambda: self.app.lacks(Role.SENDER),
            in_bar=False,
        )
        yield Action(
            "plan.then",
            "greater_than_sign",
            N_("Then"),
            N_("Choose the SmartPlan that starts when someone finishes this one"),
            lambda: self.load(self._choose_then),
            why_not=lambda: self.app.lacks(Role.SENDER),
            in_bar=False,
        )

        yield Action(
            "plan.purpose",
            "ctrl+g,shift+f2",
            N_("Purpose"),
            N_("Choose the purpose of its texts and emails, which decides who they reach"),
            self._choose_purpose,
            why_not=lambda: self.app.lacks(Role.SENDER),
            in_bar=False,
        )

    async def read(self) -> None:
        """Reads how far it is."""
        raise NotImplementedError

    async def _choose_group(self) -> None:
        account, plan = self.app.account, self.plan
        if account is None or plan is None:
            return
        groups = await self.app.fetch(lambda store: store.people.groups(account.id))
        choices = [("", self.gettext("No group")), *((name, f"#{name}") for name, _ in groups)]
        title = self.gettext("Which group starts it?")
        self.app.push_screen(PickScreen(title, choices, plan.plan.group), self._group_chosen)

    def _group_chosen(self, group: str | None) -> None:
        if group is not None:
            self.app.finish(self._set(lambda store: store.smartplans.watch(self.plan_id, group)))

    async def _choose_then(self) -> None:
        account, plan = self.app.account, self.plan
        if account is None or plan is None:
            return
        plans = await self.app.fetch(lambda store: queries.standings(store, account))
        choices = [("", self.gettext("No SmartPlan")), *((str(one.id), plain(one.name)) for one in plans)]
        title = self.gettext("Which SmartPlan starts next?")
        self.app.push_screen(PickScreen(title, choices, str(plan.then_plan or "")), self._then_chosen)

    def _then_chosen(self, then: str | None) -> None:
        if then is not None:
            id = int(then) if then else None
            self.app.finish(self._set(lambda store: store.smartplans.follow(self.plan_id, id)))

    def _choose_purpose(self) -> None:
        if self.plan is not None:
            choices = [(str(purpose), self.gettext(PURPOSES[purpose])) for purpose in files.PURPOSES]
            title = self.gettext("What is the purpose of its texts and emails?")
            picked = str(self.plan.plan.purpose)
            self.app.push_screen(PickScreen(title, choices, picked), self._purpose_chosen)

    def _purpose_chosen(self, purpose: str | None) -> None:
        if purpose is not None:
            self.app.finish(self._set(lambda store: store.smartplans.mean(self.plan_id, Purpose(purpose))))

    async def _set(self, change: Callable[[Store], None]) -> None:
        await self.app.fetch(change)
        if self.is_attached:
            self.load(self.read)
