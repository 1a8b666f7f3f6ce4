"""A demo clock: where it stands, what comes next, and moving it there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from store.clock import local_date
from store.sentences import N_
from tui.base.screen import TextmeterScreen
from tui.demo.clock import DAY, MONTH, RENEWAL
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
        "This account is one to play with: its clock can be moved forward, never back. Every renewal and "
        "expiry on the way is processed one by one, as if the days had gone by. No money is taken."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", f"app.forward('{DAY}')", N_("A day"), id="clock.day", tooltip=N_("A day forward")),
        Binding(
            "r",
            f"app.forward('{RENEWAL}')",
            N_("To the renewal"),
            id="clock.renewal",
            tooltip=N_("Forward to the next renewal"),
        ),
        Binding(
            "m", f"app.forward('{MONTH}')", N_("A month"), id="clock.month", tooltip=N_("A month forward")
        ),
        Binding("escape", "leave", N_("Back"), id="clock.back", tooltip=N_("Leave the clock as it is")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._standing: Standing | None = None

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Rows(id="clock")
        self.call_after_refresh(self._show)

    def on_mount(self) -> None:
        self._read()
        self.set_interval(1, self._tick)

    def balance_changed(self) -> None:
        super().balance_changed()
        self._read()

    def _read(self) -> None:
        account = self.textmeter.account
        if account is not None:
            self.textmeter.ask(
                lambda store: read_standing(store, account), self._have_read, group="clock", exclusive=True
            )

    def _have_read(self, standing: Standing) -> None:
        self._standing = standing
        self._show()

    def _tick(self) -> None:
        """Time goes on while one looks."""
        if self.is_active:
            self._show()

    def _show(self) -> None:
        standing = self._standing
        if standing is None or not self.query(Rows):
            return
        app, _ = self.textmeter, self.gettext
        language, product, balance = app.language, app.product, standing.balance
        now, timezone = app.clockwork.now(standing.now), balance.account.timezone
        local = f"{language.day(local_date(now, timezone), 'full')}  ·  {language.time(now, timezone)}"
        say, today = language.say, standing.today
        expiry = say(expires(language, product, standing.expiry, today))
        quiet = f"{self.app.theme_variables['foreground']} 70%"
        self.query_one(Rows).show(
            [
                Row("", Content.styled(local, "bold")),
                Row("", Content("")),
                Row(
                    _("Next renewal"),
                    Content(say(renews(language, product, balance, today))),
                    action="app.go('plans')",
                ),
                Row(_("Expires next"), Content(expiry), action="app.go('history')"),
                Row("", Content("")),
                Row("", Content(_("A day forward")), action=f"app.forward('{DAY}')"),
                Row("", Content(_("Forward to the next renewal")), action=f"app.forward('{RENEWAL}')"),
                Row("", Content(_("A month forward")), action=f"app.forward('{MONTH}')"),
                Row("", Content("")),
                Row("", Content.styled(_("Whatever is due on the way is processed."), quiet)),
            ]
        )

    def action_leave(self) -> None:
        """Back to where one was."""
        self.leave()
