"""All accounts of the database: which one is shown, and the way to another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from store.roles import Role
from store.sentences import N_, Key
from tui.base.actions import Action
from tui.base.navigation import ShowAccount
from tui.base.screen import TextmeterScreen
from tui.i18n.units import left
from tui.widgets.link_list import Row, Rows

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Balance


class AccountsScreen(TextmeterScreen):
    """A line for each account: its number, product and plan, and what is left."""

    NAME = N_("Accounts")
    CSS_PATH = "accounts.tcss"
    HELP: ClassVar[str] = N_(
        "Enter switches to the highlighted account, now and at the next start. Each account "
        "has its own plan, credits, history, drafts and time zone; all accounts share the "
        "contacts. {new} opens another account for any product."
    )
    HELP_KEYS: ClassVar[Mapping[str, Key]] = {"new": Key("accounts.new", "n")}

    def __init__(self) -> None:
        super().__init__()
        self._balances: list[Balance] = []
        self._chosen = False

    def actions(self) -> Iterable[Action]:
        yield Action(
            "accounts.new",
            "n,insert",
            N_("Open another"),
            N_("Open another account for any product"),
            self.open_another,
            role=Role.OWNER,
        )
        yield Action("accounts.back", "escape", N_("Back"), N_("Keep the current account"), self.leave)

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Rows(id="accounts", enter=N_("Show"))
        self.call_after_refresh(self._show)

    def on_mount(self) -> None:
        self.load(self.read)

    def balance_changed(self) -> None:
        super().balance_changed()
        self.load(self.read)

    async def read(self) -> None:
        """Reads the balance of each account."""

        def balances(store: Store) -> list[Balance]:
            return [store.credits.balance(account.id) for account in store.credits.accounts()]

        self._balances = await self.app.fetch(balances)
        self._show()

    def _show(self) -> None:
        if self.query(Rows):
            self.query_one(Rows).show([self._row(balance) for balance in self._balances])

    def _row(self, balance: Balance) -> Row:
        app, account = self.app, balance.account
        present = app.account is not None and app.account.id == account.id
        language, variables = app.language, self.app.theme_variables
        product = app.store.catalog.product(account.product)
        end = Content.assemble(
            (language.number(balance.available), f"bold {variables['secondary']}"),
            f" {language.say(left(product, balance.available))}",
        )
        demo = "  ·  " + self.gettext("demo clock") if account.demo_clock else ""
        return Row(
            f"{'●' if present else '○'} {account.id}",
            Content(app.plan_words(account) + demo),
            end,
            run=partial(self._choose, account.id),
        )

    # What can be done

    def _choose(self, account_id: int) -> None:
        """Shows the account under the cursor, once."""
        if self._chosen:
            return
        if self.app.account is not None and self.app.account.id == account_id:
            self.app.keep("account", str(account_id))
            self.leave()
        else:
            self._chosen = True
            self.app.finish(self._show_account(account_id))

    async def _show_account(self, account_id: int) -> None:
        try:
            account = await self.app.fetch(lambda store: store.credits.account(account_id))
        finally:
            self._chosen = False
        self.app.post_message(ShowAccount(account))

    def open_another(self) -> None:
        """Opens another account, by the form of the first one."""
        from tui.accounts.welcome import AnotherAccountScreen

        self.app.push_screen(AnotherAccountScreen())
