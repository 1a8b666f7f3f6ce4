"""All accounts of the database: which one is shown, and the way to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from store.sentences import N_
from tui.base.screen import TextmeterScreen
from tui.i18n.units import left
from tui.widgets.link_list import Row, Rows

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Balance
    from store.errors import TextmeterError


class AccountsScreen(TextmeterScreen):
    """A line for each account: its number, product and plan, and what is left."""

    NAME = N_("Accounts")
    CSS_PATH = "accounts.tcss"
    HELP: ClassVar[str] = N_(
        "Enter shows the account under the cursor, now and at the next start. Each account has its own plan, "
        "credits, history and time zone; contacts and drafts belong to all of them. + opens another account "
        "of any product."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "plus,insert",
            "open_another",
            N_("Open another"),
            id="accounts.open",
            tooltip=N_("Open another account of any product"),
        ),
        Binding("escape", "leave", N_("Back"), id="accounts.back", tooltip=N_("Stay with this account")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._balances: list[Balance] = []
        self._chosen = False

    def body(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield Rows(id="accounts")
        self.call_after_refresh(self._show)

    def on_mount(self) -> None:
        self._read()

    def balance_changed(self) -> None:
        super().balance_changed()
        self._read()

    def _read(self) -> None:
        def read(store: Store) -> list[Balance]:
            return [store.credits.balance(account.id) for account in store.credits.accounts()]

        self.app.ask(read, self._have_read, group="accounts", exclusive=True)

    def _have_read(self, balances: list[Balance]) -> None:
        self._balances = balances
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
            action=f"screen.choose({account.id})",
        )

    # What can be done

    def key_label(self, binding: Binding) -> str:
        """Enter shows an account here."""
        return self.gettext("Show") if binding.id == "rows.open" else super().key_label(binding)

    def action_leave(self) -> None:
        """Stays with the account that is shown."""
        self.leave()

    def action_choose(self, account_id: int) -> None:
        """Shows the account under the cursor."""
        app = self.app
        if self._chosen:
            return
        if app.account is not None and app.account.id == account_id:
            app.ask(
                lambda store: store.settings.write("account", str(account_id)),
                lambda _: None,
                group="settings",
            )
            self.leave()
            return
        self._chosen = True
        app.ask(
            lambda store: store.credits.account(account_id),
            app.show_account,
            group="accounts",
            failed=self._not_shown,
        )

    def _not_shown(self, error: TextmeterError) -> None:
        self._chosen = False
        self.app.tell_error(error)

    def action_open_another(self) -> None:
        """Opens another account, by the form of the first one."""
        from tui.accounts.welcome import AnotherAccountScreen

        if not self.app.only_for_owners():
            self.app.push_screen(AnotherAccountScreen())
