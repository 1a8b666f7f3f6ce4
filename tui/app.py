"""The app: one session of one person, its language, its store, its balance, and the way between screens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import var
from textual.screen import Screen

from store.errors import TextmeterError
from store.sentences import N_, Sentence, sentence
from tui.accounts.presentation import first_account, plan_line
from tui.base.background import Delivering
from tui.base.screen import TextmeterScreen
from tui.base.session_app import AskingApp
from tui.demo.clock import Clockwork
from tui.demo.mode import Demo
from tui.i18n.language import Language
from tui.notices.inbox import to_tell, unread, waiting
from tui.routes import MODES, OF_NO_ACCOUNT, make

if TYPE_CHECKING:
    from store import Store
    from store.credits.catalog import Product
    from store.credits.model import Account, Balance, Notice
    from store.messages.model import BlastSummary, Draft


class TextmeterApp(AskingApp):
    """Textmeter's app.

    open_store: called once, in a thread, after the first frame is on the screen, since the database library
    costs a fifth of the start. language: the session's. language_asked: whether somebody asked for that
    language now, so that the one chosen earlier doesn't replace it. first: the mode (a screen's name) to
    start in. demo: whether the store has demo data that is gone when the app is left. tour: whether to begin
    with the tour through demo data, unless this database's was seen.
    """

    TITLE = "Textmeter"
    CSS_PATH = Path(__file__).parent / "base" / "app.tcss"  # absolute, so that a subclass may be anywhere
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (110, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-medium"), (32, "-tall")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", N_("Help"), id="help", tooltip=N_("What this is and which keys it knows")),
        Binding(
            "f2", "go('home')", N_("Home"), show=False, id="go.home", tooltip=N_("What is left, at a glance")
        ),
        Binding("f3", "go('compose')", N_("Write"), show=False, id="go.compose", tooltip=N_("Write a text")),
        Binding(
            "f9", "go('history')", N_("History"), show=False, id="go.history", tooltip=N_("Every credit")
        ),
        Binding(
            "f10",
            "go('contacts')",
            N_("Contacts"),
            show=False,
            id="go.contacts",
            tooltip=N_("Your address book"),
        ),
        Binding(
            "f12",
            "go('plans')",
            N_("Plans"),
            show=False,
            id="go.plans",
            tooltip=N_("Your plan, and all others beside it"),
        ),
        Binding(
            "ctrl+p",
            "command_palette",
            N_("Everything"),
            id="palette",
            tooltip=N_("Every action by its name"),
            priority=True,
        ),
        Binding(
            "ctrl+q",
            "quit",
            N_("Quit"),
            show=False,
            id="quit",
            tooltip=N_("Leave Textmeter; drafts are kept"),
            priority=True,
        ),
    ]

    balance: var[Balance | None] = var(None, init=False)
    unread: var[int] = var(0, init=False)
    """How many notices the person hasn't read."""

    class StoreOpened(Message):
        """The database is open, an account is chosen, and `app.store` may be asked. Sent to the present
        screen.
        """

    class BlastProgressed(Message):
        """A blast has come further. Sent to the present screen."""

        def __init__(self, summary: BlastSummary) -> None:
            super().__init__()
            self.summary = summary

    def __init__(
        self,
        open_store: Callable[[], Store],
        language: Language,
        *,
        language_asked: bool = False,
        first: str = "home",
        account_id: int | None = None,
        draft: Draft | None = None,
        demo: bool = False,
        tour: bool = False,
    ) -> None:
        # The app begins on this screen, so that no empty one is mounted and painted before it.
        self.DEFAULT_MODE = first  # type: ignore[misc]
        super().__init__(language)
        self._open_store = open_store
        self._language_asked = language_asked
        self.delivering = Delivering(self)
        self.failure: TextmeterError | None = None
        self.account: Account | None = None
        self._account_id = account_id
        self.accounts: list[Account] = []
        """All accounts of the database, for the palette."""
        self.clockwork = Clockwork(self)
        self.demo = Demo(self, is_gone_after=demo, tour=tour)
        self.draft_to_write = draft
        """What Compose takes up, and sets to None, when it comes to the front."""

    def get_default_screen(self) -> Screen[None]:
        """The first screen. Its styles are read before anything is parsed, since parsing twice takes long."""
        screen = make(self.DEFAULT_MODE)
        self.stylesheet.read_all(screen.css_path)
        return screen

    # The store

    def on_mount(self) -> None:
        for mode in MODES:
            self.add_mode(mode, partial(make, mode))
        self.call_after_refresh(self._load)

    @work(thread=True, group="store")
    def _load(self) -> None:
        try:
            store = self._open_store()
            with store.connection():
                chosen = (store.settings.read("theme"), store.settings.read("language"))
                self.demo.read(store)
                account, is_chosen = first_account(store, self._account_id)
                caught_up = store.credits.catch_up(account.id) if account else None
                account = store.credits.account(account.id) if account else None
        except TextmeterError as error:
            self.hand_back(self._give_up, error)
        else:
            self.hand_back(self._opened, store, account, *chosen)
            if account and caught_up and caught_up.clock_set_back:
                from tui.history.presentation import clock_set_back

                self.hand_back(self.tell, clock_set_back(account), "warning")
            if not is_chosen:
                self.hand_back(self.action_accounts)
            self.hand_back(self.demo.begin)

    def _give_up(self, error: TextmeterError) -> None:
        """Without a database there is nothing to show: leave, and let the command say why."""
        self.failure = error
        self.exit(return_code=error.exit_code)

    def _opened(self, store: Store, account: Account | None, theme: str | None, language: str | None) -> None:
        self._store = store
        if theme in self.available_themes:
            self.theme = theme
        if language and not self._language_asked and language != self.language.code:
            self.language = Language(language)
            self.screen.refresh(recompose=True)
        if account is None:
            from tui.accounts.welcome import WelcomeScreen

            self.push_screen(WelcomeScreen())
        else:
            self.use_account(account)

    def use_account(self, account: Account, store: Store | None = None) -> None:
        """Makes an account the session's, in its own time: every screen shows it from now on. store: where it
        is, if not in `store`.
        """
        self._store = store or self._store
        self.account = account
        from store.clock import follow  # not needed for the first frame

        follow(self.store.clock, account.id, account.clock_floor if account.demo_clock else None)
        self.ask(lambda store: store.credits.accounts(), self._accounts_read, group="account-list")
        self.refresh_balance()
        self.screen.post_message(self.StoreOpened())
        self.deliver()

    def _accounts_read(self, accounts: list[Account]) -> None:
        self.accounts = accounts

    def show_account(self, account: Account) -> None:
        """Shows another account, now and at the next start. Every screen begins anew with it."""
        self.run_worker(self._show_account(account), group="account", exclusive=True)

    async def _show_account(self, account: Account) -> None:
        self.action_go("home")
        self.action_go("home")  # from what was opened above it, too
        for mode in MODES:
            if mode != self.current_mode and mode not in OF_NO_ACCOUNT:
                await self.remove_mode(mode)
                self.add_mode(mode, partial(make, mode))
        self.balance = None
        self.use_account(account)
        self.keep("account", str(account.id))

    def action_accounts(self) -> None:
        """Opens the list of accounts."""
        from tui.accounts.screen import AccountsScreen

        if self.account is not None and not isinstance(self.screen, AccountsScreen):
            self.push_screen(AccountsScreen())

    # A demo clock

    def action_clock(self) -> None:
        """Shows the demo clock."""
        from tui.demo.clock_screen import ClockScreen

        if not isinstance(self.screen, ClockScreen):
            self.push_screen(ClockScreen())

    def action_forward(self, step: str) -> None:
        """Moves the demo clock forward."""
        self.clockwork.forward(step)

    # The balance and its notices

    def refresh_balance(self, *, quietly: bool = False) -> None:
        """Reads the balance anew, and tells what thresholds were crossed; quietly: not where that fails."""
        if self.account is None:
            return
        account_id = self.account.id
        self.ask(
            lambda store: (
                store.credits.balance(account_id),
                len(unread(store, account_id)),
                waiting(store, account_id),
            ),
            self._balance_read,
            group="balance",
            exclusive=True,
            failed=(lambda _: None) if quietly else None,
        )

    def _balance_read(self, found: tuple[Balance, int, list[Notice]]) -> None:
        balance, self.unread, untold = found
        self.balance = balance
        if notices := to_tell(untold, balance):
            from tui.notices.presentation import toast

            self.tell(
                toast(self.language, self.product, notices[-1], balance),
                severity="error" if notices[-1].threshold >= 95 else "warning",
            )
            shown = [notice.id for notice in notices]
            self.ask(
                lambda store: store.credits.mark_shown(shown), lambda _: self.watch_balance(), group="notices"
            )

    def notices_words(self) -> str:
        """What leads to the notices, with how many aren't read: "Notices (2)"."""
        if not self.unread:
            return self.language.gettext("Notices")
        return self.language.gettext("Notices ({count})").format(count=self.language.number(self.unread))

    def watch_unread(self) -> None:
        self.watch_balance()

    def watch_balance(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, TextmeterScreen) and screen.is_mounted:  # else it looks when it is
                screen.balance_changed()

    @property
    def product(self) -> Product:
        """What the account has subscribed to; there is one as soon as there is a balance."""
        assert self.account is not None
        return self.store.catalog.product(self.account.product)

    def plan_words(self, account: Account) -> str:
        """The plan of an account in words: "Texts · 300 a month"."""
        return plan_line(self.language, self.store.catalog.product(account.product), account.plan)

    # What happens by itself

    def deliver(self) -> None:
        """Sends what is queued, and whatever else is to be done by itself, until the app is left."""
        self.delivering.start()

    def on_unmount(self) -> None:
        self.delivering.stop()
        self.demo.end()

    # The way around

    def action_go(self, mode: str) -> None:
        """Switches to a screen; what was typed on the present one stays there. Its own key leads back to it
        from what was opened above it.
        """
        if self.account is None:
            return
        if mode != self.current_mode:
            for screen in self.screen_stack[1:]:
                if isinstance(screen, TextmeterScreen):
                    screen.go_elsewhere()
            self.switch_mode(mode)
            return
        while len(self.screen_stack) > 1 and isinstance(self.screen, TextmeterScreen):
            self.screen.leave()

    def write(self, draft: Draft) -> None:
        """Opens Compose on a new text: these recipients, this body. What was being written is kept."""
        self.draft_to_write = draft
        self.action_go("compose")

    def buy(self, credits: int = 0, why: Sentence | None = None) -> None:
        """Opens the buying of credits: the number to begin with, 0 for the least, and what they are for."""
        from tui.billing.buy import BuyScreen

        if not (isinstance(self.screen, BuyScreen) or self.only_for_owners()):
            self.push_screen(BuyScreen(credits, why))

    def action_buy(self) -> None:
        """Opens the buying of credits."""
        self.buy()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Credits can be bought only where the account's product sells them; a clock is shown only where it
        can be moved."""
        if action == "clock":
            return self.clockwork.is_shown
        if action == "buy":
            account = self.account
            return account is not None and bool(self.store.catalog.product(account.product).purchases)
        return super().check_action(action, parameters)

    def action_help(self) -> None:
        """Help for what is focused and the screen around it."""
        from tui.base.help import HelpScreen

        if isinstance(self.screen, TextmeterScreen) and not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def action_command_palette(self) -> None:
        """The palette, in the session's language."""
        from tui.base.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(self.language))

    def action_help_quit(self) -> None:
        """Ctrl+C copies here; whoever meant to leave is told how."""
        self.tell(sentence("Press Ctrl+Q to leave Textmeter."))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the command palette offers."""
        from tui.base.palette import commands

        return commands(self, screen)

    def choose_theme(self, name: str) -> None:
        """Changes the look, now and for the next starts."""
        self.theme = name
        self.keep("theme", name)

    def choose_language(self, tag: str) -> None:
        """Changes the language, now and for the next starts; screens are composed anew from what they
        hold.
        """
        self.language = Language(tag)
        for screen in self.screen_stack:
            if isinstance(screen, TextmeterScreen):
                screen.refresh(recompose=True)
        self.keep("language", tag)

    def keep(self, setting: str, value: str) -> None:
        """Keeps a setting."""
        if self._store is not None:
            self.ask(lambda store: store.settings.write(setting, value), lambda _: None, group="settings")
