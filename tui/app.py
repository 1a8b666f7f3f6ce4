"""The app: one session of one person, from the opening of its database to its end."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from textual import events, on, work

from store.errors import TextmeterError
from store.logs import log
from store.paths import files_within_reach
from store.redaction import Word
from store.sentences import N_, Key, Sentence, sentence
from tui.accounts.opening import Opening, opening
from tui.base import navigation
from tui.base.actions import Acting, Action
from tui.base.background import Background
from tui.base.screen import TextmeterScreen
from tui.base.terminal.layouts import meanings
from tui.base.textual_private import can_suspend
from tui.demo import mode as demo
from tui.i18n.language import Language
from tui.routes import screens, ways
from tui.routes.coming_back import ComingBack

if TYPE_CHECKING:
    import tempfile

    from store import Store
    from store.config.kinds import Value
    from store.credits.catalog import Product
    from store.credits.model import Account, Balance
    from store.mailroom import About, Text
    from store.messages.model import Draft
    from tui.base.finds import Find
    from tui.base.own_keys import News as KeysNews
    from tui.base.places import Place, Places
    from tui.inbox.arrivals import Arrivals

QUIT = Key("quit", "ctrl+q")


class TextmeterApp(Acting, ComingBack):
    """Textmeter's app.

    open_store: called once, in a thread, after the first frame is on the screen, since the database library
    costs a fifth of the start. language: the session's. language_asked: whether somebody asked for that
    language now, so that the one chosen earlier doesn't replace it. first: the mode (a screen's name) to
    start in. draft: what Compose begins with, in place of the latest draft. demo: whether the store has demo
    data that is gone when the app is left. tour: whether to begin with the tour through demo data, unless
    this database's was seen. options: what was said of settings on the command line, by their keys. places:
    where it is kept where the person leaves; place: where they left last, which comes before first.
    """

    TITLE = "Textmeter"
    CSS_PATH = Path(__file__).parent / "base" / "app.tcss"  # absolute, so that a subclass may be anywhere
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (110, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-medium"), (32, "-tall")]
    ENABLE_COMMAND_PALETTE = False  # ours has a key of its own

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
        options: Mapping[str, Value] | None = None,
        places: Places | None = None,
        place: Place | None = None,
    ) -> None:
        super().__init__(language, first, places, place)
        self._open_store = open_store
        self._language_asked = language_asked
        self._account_id = account_id
        self._draft = draft
        self._tour = tour
        self.options = options or {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.demo_shown, self.demo_gone_after = demo or tour, demo
        self.background = Background(self, self._mail)
        self._arrivals: Arrivals | None = None
        self._used: list[Find] = []
        """What the palette led to, the latest first."""

    # What can be done everywhere

    def actions(self) -> Iterable[Action]:
        yield Action(
            "help",
            "f1",
            N_("Help"),
            N_("What this screen does and which keys it has"),
            self.help,
            needs_store=False,
        )
        yield Action(
            "go.letter", "g", N_("Go to"), N_("Go to any screen by one more letter"), self.go_by_letter
        )
        yield Action(
            "jump",
            "ctrl+f,shift+f1",
            N_("Jump"),
            N_("A letter on each field, line and link; it leads there"),
            self.jump,
            in_bar=False,
            priority=True,
            needs_store=False,
        )
        yield from ways.by_f_key(self)
        yield Action(
            "palette",
            "ctrl+p",
            N_("Everything"),
            N_("Find any action by name"),
            self.palette,
            priority=True,
            needs_store=False,
        )
        yield Action(
            "quit",
            "ctrl+q,f11",
            N_("Quit"),
            N_("Quit Textmeter; drafts are saved"),
            self.exit,
            in_bar=False,
            priority=True,
            needs_store=False,
        )
        yield Action(
            "suspend",
            "ctrl+z",
            N_("Suspend"),
            N_("Go to the shell; `fg` brings you back. While you type, this key is Undo"),
            self.action_suspend_process,
            why_not=self._why_not_suspend,
            shown=files_within_reach,
            in_bar=False,
            needs_store=False,
        )
        yield Action(
            "undo",
            "z",
            N_("Undo"),
            N_("Take back what you did last, on whatever screen that was"),
            self.undo,
            why_not=self._nothing_to_undo,
            in_bar=False,
        )
        yield from ways.by_letter(self)
        yield from ways.through_demo(self)

    def go_by_letter(self) -> None:
        """Asks for the letter of where to go."""
        from tui.base.going import open_panel

        open_panel(self)

    def jump(self) -> None:
        """Puts a letter on each thing that one can jump to."""
        from tui.base.jumping import jump

        jump(self)

    def help(self) -> None:
        """Help for what is focused and the screen around it."""
        from tui.base.help import HelpScreen

        if isinstance(self.screen, TextmeterScreen) and not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def palette(self) -> None:
        """Everything by its name, in the session's language."""
        from tui.base.palette import Palette
        from tui.routes import finds

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(finds.sources(self, self._used)), self._found)

    def _found(self, chosen: Find | None) -> None:
        """Goes where the palette leads, or does what was chosen in it."""
        from tui.base.palette import remembered

        if chosen is not None:
            self._used = remembered(self._used, chosen)
            chosen.run(self)

    def leaves(self, key: events.Key) -> bool:
        return not set(self.acts["quit"].key.split(",")).isdisjoint(meanings(key.key))

    def _nothing_to_undo(self) -> Sentence | None:
        if self.account is None or self.deeds.last(self.account.id) is None:
            return sentence("You have nothing to undo.")
        return None

    def _why_not_suspend(self) -> Sentence | None:
        if can_suspend(self):
            return None
        return sentence(
            "Textmeter wasn't started from a shell, so it can't be suspended. {key} quits.", key=QUIT
        )

    def action_help_quit(self) -> None:
        """Ctrl+C copies here; whoever meant to leave is told how."""
        self.tell(sentence("Press {key} to quit Textmeter.", key=QUIT))

    def known_actions(self) -> Container[str]:
        from tui.keys.catalog import catalog

        return catalog(self).actions

    def wrong_keys(self, news: KeysNews) -> Sentence | None:
        from tui.keys.catalog import catalog
        from tui.keys.telling import wrong_keys

        return wrong_keys(news, catalog(self), self.language)

    # The store

    def on_mount(self) -> None:
        self.call_after_refresh(self._load)

    @work(thread=True, group="store")
    def _load(self) -> None:
        try:
            store = self._open_store()
            with store.connection():
                is_demo, begins = demo.looked_at(store, self._tour)
                found = opening(store, self._account_id)
        except TextmeterError as error:
            self.hand_back(self._give_up, error)
        else:
            self._write_log()
            self.demo_shown = is_demo
            self.hand_back(self._opened, store, found)
            account, caught_up = found.account, found.caught_up
            if account and caught_up and caught_up.clock_set_back:
                from tui.demo.clock import clock_set_back

                self.hand_back(self.tell, clock_set_back(account), "warning")
            if caught_up and caught_up.waiting:
                self.hand_back(self.check_date)
            if not found.is_chosen:
                self.hand_back(self.open_accounts)
            if is_demo:
                from tui.demo.callers import let_people_write

                self.hand_back(let_people_write, self)
            if begins:
                self.hand_back(self.tour)
            self.hand_back(self.do_what_was_pressed)

    def _write_log(self) -> None:
        from store.log_file import write_log
        from tui.diagnostics.checks import version

        write_log()
        about = (version("textmeter"), version("textual"), os.environ.get("TERM", "-"))
        log().info("app opened, textmeter %s, textual %s, TERM %s", *map(Word, about))

    def _give_up(self, error: TextmeterError) -> None:
        """Without a database there is nothing to show: leave, and let the command say why."""
        self.failure = error
        self.exit(return_code=error.exit_code)

    def _opened(self, store: Store, found: Opening) -> None:
        balance, theme, language = found.balance, found.theme, found.language
        self.take_store(store)
        if theme in self.available_themes:
            self.theme = theme
        self.finish(self.follow_looks(theme or self.theme), once="looks")
        self.finish(self.follow_keys(), once="keys")
        if language and not self._language_asked and language != self.language.code:
            self.language = Language(language, self.language.home)
            self.screen.refresh(recompose=True)
        if balance is None:
            self.push_screen(screens.welcome())
        else:
            self.use_account(balance.account)
            self.balance = balance  # at once: all else that a screen shows takes longer to find
            if self._place is not None and self.current_mode in screens.WRITING.values():
                self.go(self.current_mode)  # another account may be looked at since, which sends the other

    def use_account(self, account: Account) -> None:
        """Makes an account the session's, in its own time: every screen shows it from now on."""
        self.account = account
        self.language.home = account.country
        from store.clock import follow  # not needed for the first frame

        follow(self.store.clock, account.id, account.clock_floor if account.demo_clock else None)
        self.run_worker(self.told(self._read_accounts()), group="account-list", exclusive=True)
        self.refresh_balance()
        draft, self._draft = self._draft, None
        below, *above = self.screen_stack
        below.post_message(
            navigation.StoreOpened() if draft is None else navigation.WriteText(draft, goes_on=True)
        )
        for screen in above:  # opened meanwhile
            screen.post_message(navigation.StoreOpened())
        self.deliver()

    async def _read_accounts(self) -> None:
        self.accounts = await self.fetch(lambda store: store.credits.accounts())

    @on(navigation.UseAccount)
    def _use_account(self, message: navigation.UseAccount) -> None:
        if message.store is not None:
            self.take_store(message.store)
            self._folder = message.folder
            self.demo_shown = self.demo_gone_after = True
        self.use_account(message.account)
        if message.receipt:
            self._push(screens.order(1, placed=True))

    def show_account(self, account: Account, *, receipt: bool = False) -> None:
        """Shows another account, now and at the next start. Every screen begins anew with it. receipt:
        whether that of its first order is shown."""
        self.run_worker(self._show_account(account, receipt), group="account", exclusive=True)

    async def _show_account(self, account: Account, receipt: bool) -> None:
        await self.begin_anew()
        self.balance = None
        self.use_account(account)
        self.keep("account", str(account.id))
        if receipt:
            self._push(screens.order(1, placed=True))

    @on(navigation.ShowAccount)
    def _show(self, message: navigation.ShowAccount) -> None:
        self.show_account(message.account, receipt=message.receipt)

    # What is told by itself

    def data_changed(self) -> None:
        super().data_changed()
        self.finish(self._hear(), once="hear")

    @on(navigation.ThresholdsReached)
    def _tell_thresholds(self, message: navigation.ThresholdsReached) -> None:
        from tui.notices.presentation import toast

        highest = message.notices[-1]
        product = self.store.catalog.product(message.balance.account.product)
        self.tell(
            toast(self.language, product, highest, message.balance),
            severity="error" if highest.threshold >= 95 else "warning",
        )
        self.finish(self._mark_told([notice.id for notice in message.notices]))

    async def _mark_told(self, notices: list[int]) -> None:
        await self.fetch(lambda store: store.credits.mark_shown(notices))
        self.watch_balance()

    async def _hear(self) -> None:
        """Tells of what came in, unless one is looking at it."""
        from tui.inbox.arrivals import Arrivals, told

        arrivals = self._arrivals = self._arrivals or Arrivals()
        if (account := self.account) is not None:
            heard = await self.fetch(lambda store: arrivals.new(store, account.id))
            if heard and self.current_mode != "inbox":
                self.tell(told(heard, account.country))

    # What is done by itself

    def deliver(self) -> None:
        """Sends what is queued, and whatever else is to be done by itself, until the app is left."""
        self.background.start()

    def deliver_emails(self) -> None:
        """Hands over the emails that are due now, without waiting for the next round."""
        if self.account is not None:
            self.background.hand_over(self.account.id)

    @on(navigation.TextSent)
    def _text_sent(self, message: navigation.TextSent) -> None:
        self.refresh_balance()
        self.push_screen(screens.blast(message.blast.id))
        self.deliver()

    @on(navigation.EmailSent)
    def _email_sent(self, message: navigation.EmailSent) -> None:
        self.refresh_balance()
        if message.campaign_id:
            self.push_screen(screens.campaign(message.campaign_id))
        self.deliver_emails()

    def _mail(self, balance: Balance, product: Product, about: About) -> Text:
        from tui.notices.email import text

        return text(self.language, balance, product, about)

    # Leaving

    def _fatal_error(self) -> None:
        self.background.stop()  # its threads would be waited for
        super()._fatal_error()

    def on_unmount(self) -> None:
        log().info("app left, code %s", self.return_code or 0)
        self.background.stop()
        if self._folder is not None:
            self._folder.cleanup()
