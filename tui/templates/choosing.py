"""A template for what is written elsewhere than in Compose: an answer, a step of a SmartPlan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.content import Content

from store import Store
from store.credits.model import Account
from store.messages.model import Template
from store.sentences import N_
from tui.base.actions import Action
from tui.compose.templates import FindScreen
from tui.templates.presentation import whole
from tui.templates.queries import Means, listed
from tui.widgets.line_list import PagedList


class ChooseScreen(FindScreen):
    """account_id: by whose rates the cost is told, None for the account's at hand; take: called with the one
    that is chosen."""

    CSS_PATH = "../compose/compose.tcss"
    HELP: ClassVar[str] = N_(
        "Type part of a template's name, or words from it. You'll see what it says and what it costs. "
        "Enter inserts it at the cursor."
    )

    def __init__(self, account_id: int | None, take: Callable[[Template], None]) -> None:
        super().__init__()
        self._account_id = account_id
        self._take = take
        self._means: Means | None = None

    def actions(self) -> Iterable[Action]:
        yield Action(
            "choose.take",
            "enter",
            N_("Insert"),
            N_("Insert it at the cursor; Ctrl+Z undoes it"),
            self._end,
            why_not=self.nothing,
            priority=True,
        )
        yield Action("choose.back", "escape", N_("Back"), N_("Back to your text, unchanged"), self.leave)

    def read(self, store: Store, account: Account, language: str) -> list[Template]:
        if self._account_id is not None:
            account = store.credits.account(self._account_id)
        found, self._means = listed(store, account, language)
        return found

    def drawn(self, template: Template, width: int) -> Sequence[Content]:
        return list(whole(self.app.language, template, self._means, width)) if self._means else []

    @on(PagedList.Chosen)
    def _chosen(self) -> None:
        self.action_act("choose.take")

    def _end(self) -> None:
        if (current := self.lines.current) is not None and self.is_active:
            self.leave()
            self._take(current)
