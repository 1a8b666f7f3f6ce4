"""The app: one session of one person, its language, its store, its balance, and the way between screens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal, TypeVar

from textual import work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import Reactive, reactive
from textual.screen import Screen
from textual.worker import get_current_worker

from store.errors import TextmeterError
from store.sentences import N_, Sentence, sentence
from tui.display import SparingApp
from tui.i18n import Language
from tui.inbox import to_tell, unread
from tui.literal import plain
from tui.screens.base import TextmeterScreen
from tui.theme import THEMES

if TYPE_CHECKING:
    import tempfile

    from textual.theme import Theme

    from store import Store
    from store.credits.catalog import Product
    from store.credits.model import Account, Balance, Notice
    from store.messages.model import BlastSummary, Draft

Severity = Literal["information", "warning", "error"]
Answer = TypeVar("Answer")

DELIVER_AGAIN_AFTER = 15.0
"""Seconds after which the delivery worker is tried again where the database stopped it."""

KEY_NAMES = {
    "escape": N_("Esc"),
    "enter": N_("Enter"),
    "space": N_("Space"),
    "tab": N_("Tab"),
    "delete": N_("Del"),
    "pageup": N_("PgUp"),
    "pagedown": N_("PgDn"),
    "slash": "/",
}


def _home() -> Screen[None]:
    from tui.screens.home import HomeScreen

    return HomeScreen()


def _compose() -> Screen[None]:
    from tui.screens.compose import ComposeScreen

    return ComposeScreen()


def _history() -> Screen[None]:
    from tui.screens.history import HistoryScreen

    return HistoryScreen()


def _contacts() -> Screen[None]:
    from tui.screens.contacts import ContactsScreen

    return ContactsScreen()


def _plans() -> Screen[None]:
    from tui.screens.plans import PlansScreen

    return PlansScreen()


def _usage() -> Screen[None]:
    from tui.screens.usage import UsageScreen

    return UsageScreen()


def _notices() -> Screen[None]:
    from tui.screens.notices import NoticesScreen

    return NoticesScreen()


SCREENS: dict[str, Callable[[], Screen[None]]] = {
    "home": _home,
    "compose": _compose,
    "history": _history,
    "contacts": _contacts,
    "plans": _plans,
    "usage": _usage,
    "notices": _notices,
}


class TextmeterApp(SparingApp):
    """Textmeter's app.

    open_store: called once, in a thread, after the first frame is on the screen, since the database library
    costs a fifth of the start. language: the session's. language_asked: whether somebody asked for that
    language now, so that the one chosen earlier doesn't replace it. first: the mode (a screen's name) to
    start in.
    """

    TITLE = "Textmeter"
    CSS_PATH = Path(__file__).parent / "styles" / "app.tcss"  # absolute, so that a subclass may be anywhere
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

    # The default rather than a change of it, for which Textual would parse all styles anew.
    theme: Reactive[str] = Reactive(THEMES[0].name)
    balance: reactive[Balance | None] = reactive(None, init=False)
    unread: reactive[int] = reactive(0, init=False)
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
    ) -> None:
        # The app begins on this screen, so that no empty one is mounted and painted before it.
        self.DEFAULT_MODE = first  # type: ignore[misc]
        super().__init__()
        self._open_store = open_store
        self._language_asked = language_asked
        self._store: Store | None = None
        self._stopping = threading.Event()
        self._delivering = threading.Lock()
        self.failure: TextmeterError | None = None
        self.language = language
        self.account: Account | None = None
        self._account_id = account_id
        self.demo: tempfile.TemporaryDirectory[str] | None = None
        """The folder of the demo data in a look round; gone with the app."""
        self.draft_to_write = draft
        """What Compose takes up, and sets to None, when it comes to the front."""
        for theme in THEMES:
            self.register_theme(theme)

    def get_theme(self, theme_name: str) -> Theme | None:
        """The house's themes are known before they can be registered: Textual asks while it sets itself
        up.
        """
        return next((theme for theme in THEMES if theme.name == theme_name), None) or super().get_theme(
            theme_name
        )

    def get_default_screen(self) -> Screen[None]:
        """The first screen. Its styles are read before anything is parsed, since parsing twice takes long."""
        screen = SCREENS[self.DEFAULT_MODE]()
        self.stylesheet.read_all(screen.css_path)
        return screen

    # The store

    def on_mount(self) -> None:
        for name, screen in SCREENS.items():
            self.add_mode(name, screen)
        self.call_after_refresh(self._load)

    @property
    def store(self) -> Store:
        """The open store; screens may ask for it from `StoreOpened` on."""
        assert self._store is not None, "the store is opened after the first frame"
        return self._store

    @work(thread=True, group="store")
    def _load(self) -> None:
        try:
            store = self._open_store()
            with store.connection():
                chosen = (store.settings.read("theme"), store.settings.read("language"))
                account = store.credits.account(self._account_id) if store.credits.accounts() else None
                caught_up = store.credits.catch_up(account.id) if account else None
        except TextmeterError as error:
            self._hand_back(self._give_up, error)
        else:
            self._hand_back(self._opened, store, account, *chosen)
            if account and caught_up and caught_up.clock_set_back:
                from tui.words import clock_set_back

                self._hand_back(self.tell, clock_set_back(account), "warning")

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
            from tui.screens.welcome import WelcomeScreen

            self.push_screen(WelcomeScreen())
        else:
            self.use_account(account)

    def _hand_back(self, callback: Callable[..., object], *arguments: object) -> None:
        """Runs a callback on the app's own thread and waits for it; not any more once the app is leaving."""

        def unless_left() -> None:
            if self.is_running:
                callback(*arguments)

        if self.is_running:
            self.call_from_thread(unless_left)

    def use_account(self, account: Account, store: Store | None = None) -> None:
        """Makes an account the session's: every screen shows it from now on. store: where it is, if not in
        `store`.
        """
        self._store = store or self._store
        self.account = account
        self.refresh_balance()
        self.screen.post_message(self.StoreOpened())
        self.deliver()

    def use_demo(self, store: Store, folder: tempfile.TemporaryDirectory[str]) -> None:
        """Shows the only account of a demo database from now on."""
        self.demo = folder
        self.use_account(store.credits.account(), store)

    def ask(
        self,
        question: Callable[[Store], Answer],
        answer: Callable[[Answer], None],
        *,
        group: str = "ask",
        exclusive: bool = False,
        failed: Callable[[TextmeterError], None] | None = None,
    ) -> None:
        """Asks the store in a thread and hands its answer back on the screen's own thread.

        exclusive: a newer question of the same group makes an older one's answer void. An error is told as
        a toast, or given to `failed`.
        """

        def in_thread() -> None:
            worker = get_current_worker()
            try:
                with self.store.connection():
                    found = question(self.store)
            except TextmeterError as error:
                if not worker.is_cancelled:
                    self._hand_back(failed or self.tell_error, error)
            else:
                if not worker.is_cancelled:
                    self._hand_back(answer, found)

        self.run_worker(in_thread, thread=True, group=group, exclusive=exclusive, exit_on_error=True)

    # The balance and its notices

    def refresh_balance(self) -> None:
        """Reads the balance anew, and tells what thresholds were crossed since the last time."""
        if self.account is None:
            return
        account_id = self.account.id
        self.ask(
            lambda store: (
                store.credits.balance(account_id),
                len(unread(store, account_id)),
                store.credits.notices_to_show(account_id),
            ),
            self._balance_read,
            group="balance",
            exclusive=True,
        )

    def _balance_read(self, found: tuple[Balance, int, list[Notice]]) -> None:
        balance, self.unread, notices = found
        self.balance = balance
        if notices:
            if (notice := to_tell(notices, balance)) is not None:
                from tui.noticewords import toast

                self.tell(
                    toast(self.language, self.product, notice, balance),
                    severity="error" if notice.threshold >= 95 else "warning",
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
            if isinstance(screen, TextmeterScreen):
                screen.balance_changed()

    @property
    def product(self) -> Product:
        """What the account has subscribed to; there is one as soon as there is a balance."""
        assert self.account is not None
        return self.store.catalog.product(self.account.product)

    def plan_words(self, account: Account) -> str:
        """The plan of an account in words: "Texts · 300 a month"."""
        from store.credits.catalog import NOTHING

        _, product = self.language.gettext, self.store.catalog.product(account.product)
        plan = product.plan(account.plan)
        if plan is NOTHING:
            return _("{product} · no plan").format(product=_(product.name))
        if plan.trial_days:
            return _("{product} · trial").format(product=_(product.name))
        return _("{product} · {credits} a month").format(
            product=_(product.name), credits=self.language.number(plan.credits)
        )

    # Delivery

    def deliver(self) -> None:
        """Starts the delivery worker, which then sends and listens for receipts until the app is left."""
        if not self._stopping.is_set():
            self.run_worker(self._deliver, thread=True, group="delivery")

    def _deliver(self) -> None:
        if not self._delivering.acquire(blocking=False):
            return  # it runs already, and will find what is new
        try:
            with self.store.connection():
                self.store.messages.deliver(
                    stop=self._stopping,
                    forever=True,
                    on_progress=partial(self._hand_back, self._progressed),
                )
        except TextmeterError as error:
            self._hand_back(self.tell_error, error)
            self._hand_back(self.set_timer, DELIVER_AGAIN_AFTER, self.deliver)
        finally:
            self._delivering.release()

    def _progressed(self, summary: BlastSummary) -> None:
        self.screen.post_message(self.BlastProgressed(summary))
        self.refresh_balance()

    def on_unmount(self) -> None:
        self._stopping.set()
        if self.demo is not None:
            self.demo.cleanup()

    # Telling

    def _fatal_error(self) -> None:
        """Something that nobody foresaw: Textual would print a traceback with all that it held. The app is
        left instead, and whoever runs it says a sentence (see `tui.launch`). What was typed is in the drafts.
        """
        self._close_messages_no_wait()

    def tell(self, says: Sentence, severity: Severity = "information") -> None:
        """A toast with a sentence, whatever it quotes drawn literally; once while it stands."""
        message = plain(self.language.say(says), lines=True)
        if all(message != standing.message for standing in self._notifications):
            self.notify(message, severity=severity, markup=False, timeout=8)

    def tell_error(self, error: TextmeterError) -> None:
        """An error as a toast."""
        self.tell(error.says, severity="error")

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
        from tui.screens.buy import BuyScreen

        self.push_screen(BuyScreen(credits, why))

    def action_buy(self) -> None:
        """Opens the buying of credits."""
        self.buy()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Credits can be bought only where the account's product sells them."""
        if action == "buy":
            account = self.account
            return account is not None and bool(self.store.catalog.product(account.product).purchases)
        return super().check_action(action, parameters)

    def action_help(self) -> None:
        """Help for what is focused and the screen around it."""
        from tui.screens.help import HelpScreen

        if isinstance(self.screen, TextmeterScreen) and not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def action_command_palette(self) -> None:
        """The palette, in the session's language."""
        from tui.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(self.language))

    def action_help_quit(self) -> None:
        """Ctrl+C copies here; whoever meant to leave is told how."""
        self.tell(sentence("Press Ctrl+Q to leave Textmeter."))

    def get_key_display(self, binding: Binding) -> str:
        """A key as keyboards name it: F1, ^P, Esc, Enter, and single letters as they are typed."""
        *modifiers, key = binding.key.split("+")
        shown = KEY_NAMES.get(key) or (
            key.upper() if key[1:].isdecimal() else super().get_key_display(Binding(key, ""))
        )
        for modifier in reversed(modifiers):
            shown = f"^{shown.upper()}" if modifier == "ctrl" else f"{modifier.title()}+{shown}"
        return self.language.gettext(shown)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the command palette offers."""
        from tui.palette import commands

        return commands(self, screen)

    def choose_theme(self, name: str) -> None:
        """Changes the look, now and for the next starts."""
        self.theme = name
        self._keep("theme", name)

    def choose_language(self, tag: str) -> None:
        """Changes the language, now and for the next starts; screens are composed anew from what they
        hold.
        """
        self.language = Language(tag)
        for screen in self.screen_stack:
            if isinstance(screen, TextmeterScreen):
                screen.refresh(recompose=True)
        self._keep("language", tag)

    def _keep(self, setting: str, value: str) -> None:
        if self._store is not None:
            self.ask(lambda store: store.settings.write(setting, value), lambda _: None, group="settings")
