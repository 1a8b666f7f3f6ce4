"""The app: one session of one person, its language, its store, its balance, and the way between screens."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Literal, TypeVar

from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.worker import get_current_worker

from store.errors import TextmeterError
from store.sentences import N_, Sentence, sentence
from tui.i18n import Language, available
from tui.literal import plain
from tui.screens.base import TextmeterScreen
from tui.theme import THEMES

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account, Balance, Notice
    from store.messages.model import BlastSummary

Severity = Literal["information", "warning", "error"]
Answer = TypeVar("Answer")

THEME_NAMES = {"night": N_("Night"), "day": N_("Day"), "contrast": N_("High contrast")}


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


class TextmeterApp(App[None]):
    """Textmeter's app.

    open_store: called once, in a thread, after the first frame is on the screen, since the database library costs a
    fifth of the start. first: the screen to start on.
    """

    TITLE = "Textmeter"
    CSS_PATH = "styles/app.tcss"
    HORIZONTAL_BREAKPOINTS: ClassVar[list[tuple[int, str]] | None] = [(0, "-narrow"), (80, "-normal"), (110, "-wide")]
    MODES: ClassVar[dict[str, str | Callable[[], Screen[None]]]] = {
        "home": _home,
        "compose": _compose,
        "history": _history,
        "contacts": _contacts,
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", N_("Help"), id="help", tooltip=N_("What this is and which keys it knows")),
        Binding("f2", "go('home')", N_("Home"), show=False, id="go.home", tooltip=N_("What is left, at a glance")),
        Binding("f3", "go('compose')", N_("Write"), show=False, id="go.compose", tooltip=N_("Write a text")),
        Binding("f9", "go('history')", N_("History"), show=False, id="go.history", tooltip=N_("Every credit")),
        Binding("f10", "go('contacts')", N_("Contacts"), show=False, id="go.contacts", tooltip=N_("Your address book")),
        Binding("ctrl+q", "quit", N_("Quit"), show=False, id="quit", tooltip=N_("Leave Textmeter; drafts are kept")),
    ]

    balance: reactive[Balance | None] = reactive(None, init=False)

    class StoreOpened(Message):
        """The database is open, an account is chosen, and `app.store` may be asked. Sent to the present screen."""

    class BlastProgressed(Message):
        """A blast has come further. Sent to the present screen."""

        def __init__(self, summary: BlastSummary) -> None:
            super().__init__()
            self.summary = summary

    def __init__(self, open_store: Callable[[], Store], language: Language, *, first: str = "home") -> None:
        super().__init__()
        self._open_store = open_store
        self._first = first
        self._store: Store | None = None
        self._stopping = threading.Event()
        self._delivering = threading.Lock()
        self.failure: TextmeterError | None = None
        self.language = language
        self.account: Account | None = None
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "night"

    # The store

    def on_mount(self) -> None:
        self.switch_mode(self._first)
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
                accounts = store.credits.accounts()
                account = store.credits.account() if accounts else None
        except TextmeterError as error:
            self.call_from_thread(self._give_up, error)
        else:
            self.call_from_thread(self._opened, store, account)

    def _give_up(self, error: TextmeterError) -> None:
        """Without a database there is nothing to show: leave, and let the command say why."""
        self.failure = error
        self.exit(return_code=error.exit_code)

    def _opened(self, store: Store, account: Account | None) -> None:
        self._store = store
        if account is None:
            from tui.screens.welcome import WelcomeScreen

            self.push_screen(WelcomeScreen())
        else:
            self.use_account(account)

    def use_account(self, account: Account) -> None:
        """Makes an account the session's: every screen shows it from now on."""
        self.account = account
        self.refresh_balance()
        self.screen.post_message(self.StoreOpened())
        self.deliver()

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

        exclusive: a newer question of the same group makes an older one's answer void. An error is told as a toast,
        or given to `failed`.
        """

        def in_thread() -> None:
            worker = get_current_worker()
            try:
                with self.store.connection():
                    found = question(self.store)
            except TextmeterError as error:
                if not worker.is_cancelled:
                    self.call_from_thread(failed or self.tell_error, error)
            else:
                if not worker.is_cancelled:
                    self.call_from_thread(answer, found)

        self.run_worker(in_thread, thread=True, group=group, exclusive=exclusive, exit_on_error=True)

    # The balance and its notices

    def refresh_balance(self) -> None:
        """Reads the balance anew, and tells what thresholds were crossed since the last time."""
        if self.account is None:
            return
        account_id = self.account.id
        self.ask(
            lambda store: (store.credits.balance(account_id), store.credits.notices_to_show(account_id)),
            self._balance_read,
            group="balance",
            exclusive=True,
        )

    def _balance_read(self, found: tuple[Balance, list[Notice]]) -> None:
        self.balance, notices = found
        if notices:
            for notice in notices:
                self.tell(
                    sentence(
                        "{percent} of this month's credits are used. {available} are left.",
                        percent=self.language.percent(notice.permille),
                        available=self.balance.available,
                    ),
                    severity="error" if notice.threshold >= 95 else "warning",
                )
            shown = [notice.id for notice in notices]
            self.ask(lambda store: store.credits.mark_shown(shown), lambda _: None, group="notices")

    def watch_balance(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, TextmeterScreen):
                screen.balance_changed()

    def plan_words(self, account: Account) -> str:
        """The plan of an account in words: "Texts · 300 a month"."""
        product = self.store.catalog.product(account.product)
        plan = product.plan(account.plan)
        return self.language.gettext("{product} · {credits} a month").format(
            product=self.language.gettext(product.name), credits=self.language.number(plan.credits)
        )

    # Delivery

    def deliver(self) -> None:
        """Lets the delivery worker run until nothing is left to send or to hear of."""
        if not self._stopping.is_set():
            self.run_worker(self._deliver, thread=True, group="delivery", exclusive=False)

    def _deliver(self) -> None:
        if not self._delivering.acquire(blocking=False):
            return  # it runs already, and will find what is new
        try:
            with self.store.connection():
                self.store.messages.deliver(
                    stop=self._stopping,
                    on_progress=lambda summary: self.call_from_thread(self._progressed, summary),
                )
        except TextmeterError as error:
            self.call_from_thread(self.tell_error, error)
        finally:
            self._delivering.release()

    def _progressed(self, summary: BlastSummary) -> None:
        self.screen.post_message(self.BlastProgressed(summary))
        self.refresh_balance()

    def on_unmount(self) -> None:
        self._stopping.set()

    # Telling

    def tell(self, says: Sentence, severity: Severity = "information") -> None:
        """A toast with a sentence, whatever it quotes drawn literally."""
        self.notify(plain(self.language.say(says), lines=True), severity=severity, markup=False, timeout=8)

    def tell_error(self, error: TextmeterError) -> None:
        """An error as a toast."""
        self.tell(error.says, severity="error")

    # The way around

    def action_go(self, mode: str) -> None:
        """Switches to a screen; what was on the present one stays there."""
        if self.account is not None:
            self.switch_mode(mode)

    def action_help(self) -> None:
        """Help for what is focused and the screen around it."""
        from tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The command palette: every action that has a key here, the looks and the languages."""
        _ = self.language.gettext
        for active in screen.active_bindings.values():
            binding = active.binding
            if binding.id and binding.description:
                yield SystemCommand(
                    _(binding.description),
                    f"{self.get_key_display(binding)}  {_(binding.tooltip)}",
                    partial(self.run_action, binding.action, active.node),
                )
        for theme in THEMES:
            yield SystemCommand(
                _("Look: {name}").format(name=_(THEME_NAMES[theme.name])),
                _("Change the colours"),
                partial(self.choose_theme, theme.name),
            )
        for tag in available():
            yield SystemCommand(
                _("Language: {name}").format(name=Language(tag).own_name()),
                _("Change the language of this session"),
                partial(self.choose_language, tag),
            )

    def choose_theme(self, name: str) -> None:
        """Changes the look, now and for the next starts."""
        self.theme = name
        self._keep("theme", name)

    def choose_language(self, tag: str) -> None:
        """Changes the language, now and for the next starts; screens are composed anew from what they hold."""
        self.language = Language(tag)
        for screen in self.screen_stack:
            screen.refresh(recompose=True)
        self._keep("language", tag)

    def _keep(self, setting: str, value: str) -> None:
        self.ask(lambda store: store.settings.write(setting, value), lambda _: None, group="settings")
