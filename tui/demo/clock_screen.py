"""A demo clock: where it stands, what comes next, and moving it there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from store.clock import local_date
from store.sentences import N_
from tui.base.actions import Action
from tui.base.navigation import Go, MoveClock
from tui.base.screen import TextmeterScreen
from tui.demo.clock import now as present
from tui.demo.mode import DAY, MONTH, RENEWAL
from tui.home.presentation import expires, renews
from tui.widgets.link_list import Row, Rows

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account, Balance


@dataclass(frozen=True, slots=True)
class Standing:
    """All that is shown, read at one moment: now."""

    now: datetime
    today: date
    balance: Balance
    expiry: tuple[date, int] | None


def read_standing(store: Store, account: Account) -> Standing:
    """Asks the store for all of it."""
    balance = store.credits.balance(account.id)
    now, expiry = store.credits.present(account.id), store.credits.next_expiry(account.id)
    return Standing(now, local_date(now, account.timezone), balance, expiry)


class ClockScreen(TextmeterScreen):
    """Shown on accounts with a demo clock only."""

    NAME = N_("Clock")
    CSS_PATH = "clock.tcss"
    HELP: ClassVar[str] = N_(
        "This is a demo account: you can move its clock forward, but not back. Every renewal and expiry on "
        "the way is processed one by one, as if the days had passed. No money is charged."
    )

    def __init__(self) -> None:
        super().__init__()
        self._standing: Standing | None = None

    def actions(self) -> Iterable[Action]:
        def forward(key: str, step: str, label: str, tooltip: str) -> Action:
            move = partial(self._move, step)
            return Action(
                f"forward.{step}", key, label, tooltip, move, why_not=self.app.owners_only, priority=True
            )

        yield forward("right", DAY, N_("A day"), N_("Forward one day"))
        yield forward("end", RENEWAL, N_("Renewal"), N_("Forward to the next renewal"))
        yield forward("pagedown", MONTH, N_("A month"), N_("Forward one month"))
        yield Action("clock.back", "escape", N_("Back"), N_("Leave the clock as it is"), self.leave)

    def _move(self, step: str) -> None:
        self.post_message(MoveClock(step))

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Rows(id="clock")
        self.call_after_refresh(self._show)

    def on_mount(self) -> None:
        self.load(self.read)
        self.set_interval(1, self._tick)

    def balance_changed(self) -> None:
        super().balance_changed()
        self.load(self.read)

    async def read(self) -> None:
        """Reads all that is shown."""
        if (account := self.app.account) is not None:
            self._standing = await self.app.fetch(lambda store: read_standing(store, account))
            self._show()

    def _tick(self) -> None:
        """Time goes on while one looks."""
        if self.is_active:
            self._show()

    def _show(self) -> None:
        standing = self._standing
        if standing is None or not self.query(Rows):
            return
        app, _ = self.app, self.gettext
        language, product, balance = app.language, app.product, standing.balance
        now, timezone = present(app, standing.now), balance.account.timezone
        local = f"{language.day(local_date(now, timezone), 'full')}  ·  {language.time(now, timezone)}"
        say, today = language.say, standing.today
        expiry = say(expires(language, product, standing.expiry, today))
        quiet = self.app.theme_variables["quiet"]
        self.query_one(Rows).show(
            [
                Row("", Content.styled(local, "bold")),
                Row("", Content("")),
                Row(
                    _("Next renewal"),
                    Content(say(renews(language, product, balance, today))),
                    run=lambda: self.post_message(Go("plans")),
                ),
                Row(_("Expires next"), Content(expiry), run=lambda: self.post_message(Go("history"))),
                Row("", Content("")),
                Row("", Content(_("Forward one day")), run=partial(self._move, DAY)),
                Row("", Content(_("Forward to the next renewal")), run=partial(self._move, RENEWAL)),
                Row("", Content(_("Forward one month")), run=partial(self._move, MONTH)),
                Row("", Content("")),
                Row("", Content.styled(_("Processes everything due on the way."), quiet)),
            ]
        )
