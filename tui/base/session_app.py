"""All that a screen sees of the app: one session's language, account and balance, its store, asked in
threads, and telling.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Container, Coroutine, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from textual.reactive import var
from textual.worker import WorkerError

from store.errors import DatabaseTrouble, TextmeterError
from store.paths import files_within_reach
from store.roles import Person, Role
from store.sentences import N_, Key, Sentence, sentence
from tui.base.navigation import ThresholdsReached
from tui.base.telling import TellingApp
from tui.base.theme import NAMES, ThemedApp
from tui.base.undoing import Deed, Deeds
from tui.base.watched import WatchedApp
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.worker import Worker

    from store import Store
    from store.config.kinds import Value
    from store.credits.catalog import Product
    from store.credits.model import Account, Balance, Notice
    from tui.base.own_keys import News as KeysNews
    from tui.base.own_keys import OwnKeys
    from tui.base.theme_files import OwnLooks

Answer = TypeVar("Answer")

GONE = ("unreachable", "connection-lost")
"""Codes of a database that isn't there at the moment."""

BALANCE_EVERY = 20
"""Looks after which the balance is read again though nobody changed anything: time goes on."""


class SessionApp(WatchedApp, TellingApp, ThemedApp):
    """What Textmeter's app stands on, and what screens know it as. language: the session's."""

    balance: var[Balance | None] = var(None, init=False)
    unread: var[int] = var(0, init=False)
    """How many notices the person hasn't read."""
    current: var[bool] = var(True, init=False)
    """Whether what is shown is what the database has, as far as anybody can tell: it can be reached."""

    def __init__(self, language: Language) -> None:
        super().__init__(language)
        self._store: Store | None = None
        self._opened_event = asyncio.Event()
        self.account: Account | None = None
        self.accounts: list[Account] = []
        """All accounts of the database."""
        self.failure: TextmeterError | None = None
        """What the session ends with, if it is in trouble."""
        self.demo_shown = False
        """Whether what is looked at is demo data; until the database is open, whether it is to be."""
        self.demo_gone_after = False
        """Whether that data is gone when the app is left."""
        self._seen: object = None
        """What `Store.changes` said last."""
        self._times_looked = 0
        self.deeds = Deeds()
        """What the person just did and can take back."""
        self.options: Mapping[str, Value] = {}
        """What was said of settings on the command line, by their keys."""
        self._own_looks: OwnLooks | None = None
        self._own_keys: OwnKeys | None = None
        self.composing = asyncio.Lock()
        """Held while a screen is composed anew: an answer would find it without its widgets."""

    # The store

    def take_store(self, store: Store) -> None:
        """Goes on with a store that is open: what was asked meanwhile is asked now."""
        self._store = store
        self._opened_event.set()

    def still_opening(self) -> Sentence | None:
        """Why nothing can be done that needs the store; None from when it is open."""
        return None if self._store is not None else sentence("The database is still opening.")

    def keep_key(self, keys: str) -> bool:
        """Keeps what was pressed until the database is open, and tells so. keys: of the action that needs it.
        False where it wasn't by one of these that it was asked for."""
        if self._store is not None or not self.hold(keys):
            return False
        self.hint(sentence("The database is still opening. Your keys are kept until then."))
        return True

    def do_what_was_pressed(self) -> None:
        """Does what was kept, once the screen in front shows what it reads."""
        if self.holds:
            # After the message by which it hears that the database is open.
            self.screen.call_later(self.when_read, self.screen, self._let_go)

    async def _let_go(self) -> None:
        self.forget_hints()
        await self.let_go()

    def when_read(self, screen: Screen[Any], then: Callable[[], object]) -> None:
        # No coroutine yet: nobody would await one where the app is left at once.
        wait: Callable[[], Awaitable[None]] = partial(self._when_read, screen, then)
        self.run_worker(wait, group="when read")

    async def _when_read(self, screen: Screen[Any], then: Callable[[], object]) -> None:
        def reading() -> list[Worker[Any]]:
            workers = (worker for worker in self.workers if worker.node is screen)
            return [worker for worker in workers if not worker.is_finished]

        while self._store is not None and (found := reading()):
            await asyncio.sleep(0)  # one that was begun just now can't be waited for yet
            with suppress(WorkerError):  # which its screen has told, or that one began anew
                await self.workers.wait_for_complete(found)
        self.call_later(then)

    @property
    def store(self) -> Store:
        """The open store; screens may ask for it from `StoreOpened` on."""
        assert self._store is not None, "the store is opened after the first frame"
        return self._store

    async def fetch(self, question: Callable[[Store], Answer]) -> Answer:
        """Asks the store in a thread, once it is open. Await it in a worker, which then ends with its screen.
        Raises what the store raises, a TextmeterError."""

        await self._opened_event.wait()

        def in_thread() -> Answer:
            with self.store.connection():
                return question(self.store)

        try:
            return await asyncio.to_thread(in_thread)
        except DatabaseTrouble as trouble:
            self.current = self.current and trouble.code not in GONE
            raise
        finally:
            async with self.composing:
                pass

    def finish(self, work: Coroutine[Any, Any, None], *, once: str = "") -> None:
        """Runs to its end what has begun, whether or not its screen is left meanwhile: an order, a text. Its
        TextmeterError is told. once: a name under which only one at a time is begun."""
        if once and any(worker.group == once and not worker.is_finished for worker in self.workers):
            work.close()
        else:
            self.run_worker(self.told(work), group=once or "finish")

    async def told(self, work: Coroutine[Any, Any, None]) -> None:
        """Awaits something, and tells of its TextmeterError."""
        try:
            await work
        except TextmeterError as error:
            self.tell_error(error)

    def hand_back(self, callback: Callable[..., object], *arguments: object) -> None:
        """Runs a callback on the app's own thread and waits for it; not any more once the app is leaving."""

        async def unless_left() -> None:
            async with self.composing:
                if self.is_running:
                    callback(*arguments)

        if self.is_running:
            run: Callable[[], object] = unless_left
            self.call_from_thread(run)

    def look(self) -> None:
        """Looks whether anybody has changed the database since the last time, and has it shown then."""
        self.finish(self._look(), once="look")
        self.finish(self.follow_looks(), once="looks")
        self.finish(self.follow_keys(), once="keys")

    async def _look(self) -> None:
        try:
            seen = await self.fetch(lambda store: store.changes())
        except TextmeterError:
            self.current = False  # which is shown; the next look may find it back
            return
        self._times_looked += 1
        if seen != self._seen or not self.current:
            self._seen, self.current = seen, True
            self.data_changed()
        elif self._times_looked % BALANCE_EVERY == 0:
            self.refresh_balance(quietly=True)

    def data_changed(self) -> None:
        """Shows what the database has now."""
        self.refresh_balance(quietly=True)

    # The balance and its notices

    def refresh_balance(self, *, quietly: bool = False) -> None:
        """Reads the balance anew, and what thresholds were crossed; quietly: not told where that fails."""
        if self.account is not None:
            # No coroutine yet: nobody would await one that is begun anew at once.
            read: Callable[[], Awaitable[None]] = partial(self._refresh_balance, self.account.id, quietly)
            self.run_worker(read, group="balance", exclusive=True)

    async def _refresh_balance(self, account_id: int, quietly: bool) -> None:
        from store.notices import unread, waiting

        def read(store: Store) -> tuple[Balance, int, list[Notice]]:
            return (
                store.credits.balance(account_id),
                len(unread(store, account_id)),
                waiting(store, account_id),
            )

        try:
            self.balance_read(*await self.fetch(read))
        except TextmeterError as error:
            if not quietly:
                self.tell_error(error)

    def balance_read(self, balance: Balance, unread: int, untold: list[Notice]) -> None:
        """Takes a balance that was read, with how many notices aren't read and those not told on the screen
        yet."""
        from store.notices import to_tell

        self.unread = unread
        self.balance = balance
        if notices := to_tell(untold, balance):
            self.post_message(ThresholdsReached(notices, balance))

    @property
    def product(self) -> Product:
        """What the account has subscribed to; there is one as soon as there is a balance."""
        assert self.account is not None
        return self.store.catalog.product(self.account.product)

    def by_what_is_sent(self, texts: str, emails: str) -> str:
        """One of two message ids, by what the account sends; that of texts where there is none."""
        return emails if self.account is not None and self.product.sends == "emails" else texts

    def write_tooltip(self) -> str:
        """What leads to Compose is for."""
        return self.by_what_is_sent(N_("Write a text"), N_("Write an email"))

    def plan_words(self, account: Account) -> str:
        """The plan of an account in words: "Texts · 300 a month"."""
        from tui.i18n.units import plan_line  # the first frame is painted without

        return plan_line(self.language, self.store.catalog.product(account.product), account.plan)

    def notices_words(self) -> str:
        """What leads to the notices, with how many aren't read: "Notices (2)"."""
        if not self.unread:
            return self.language.gettext("Notices")
        return self.language.gettext("Notices ({count})").format(count=self.language.number(self.unread))

    @property
    def clock_shown(self) -> bool:
        """Whether a demo clock is shown; who is no owner sees where it stands."""
        if self.account is None:
            return False
        from store.clock import DemoClock, Unmoved  # not needed for the first frame

        clock = self.store.clock
        if isinstance(clock, Unmoved):
            return self.account.demo_clock
        return isinstance(clock, DemoClock) and clock.is_put

    @property
    def sells_credits(self) -> bool:
        """Whether the account's product sells credits one by one."""
        return self.account is not None and bool(self.product.purchases)

    def limit_style(self, permille: int) -> str:
        """The colour for a share of a limit: credits' own, amber from 80 %, red from 95 %."""
        variables = self.theme_variables
        if permille >= 950:
            return variables["error"]
        return variables["warning"] if permille >= 800 else variables["secondary"]

    # What is kept

    def keep(self, setting: str, value: str) -> None:
        """Keeps a setting of the person's."""
        if self._store is not None:
            self.finish(self._keep(setting, value))

    async def _keep(self, setting: str, value: str) -> None:
        await self.fetch(lambda store: store.settings.write(setting, value))

    def choose_theme(self, name: str) -> None:
        """Changes the look, now and for the next starts."""
        self.theme = name
        self.keep("theme", name)

    def looks(self) -> list[tuple[str, str]]:
        """All looks: what each is chosen by, and what it is called."""
        house = [(look, self.language.gettext(name)) for look, name in NAMES.items()]
        return house + [(look, plain(name)) for look, name in self.own_looks.items()]

    async def follow_looks(self, wanted: str | None = None) -> None:
        """Takes what the files of the person's own looks have now. wanted: at the start, what to put on."""
        from tui.base.theme_files import own_looks, told_pale  # not needed for the first frame

        if self._own_looks is None and files_within_reach():
            self._own_looks = own_looks()
        news = await asyncio.to_thread(self._own_looks.news) if self._own_looks is not None else None
        if news is None:
            return
        self.take_own_looks(news.looks)
        if wanted in self.own_looks:
            self.theme = wanted
        for mistake in news.mistakes:
            self.tell_error(mistake)
        for one in news.changed if wanted is None else ():
            if one.pale:
                self.tell(told_pale(one), "warning")

    def known_actions(self) -> Container[str]:
        """The ids of all actions; asked in a thread."""
        raise NotImplementedError

    def wrong_keys(self, news: KeysNews) -> Sentence | None:
        """What is wrong with a person's own keys, None for nothing; asked in a thread."""
        raise NotImplementedError

    async def follow_keys(self) -> None:
        """Takes what the file of the person's own keys has now."""
        from tui.base.own_keys import own_keys  # not needed for the first frame

        if self._own_keys is None and files_within_reach():
            self._own_keys = own_keys()
        if self._own_keys is None:
            return
        news = await asyncio.to_thread(self._own_keys.news, self.known_actions)
        if news is None:
            return
        if news.keys is not None:
            self.use_keys(news.keys)
        wrong = await asyncio.to_thread(self.wrong_keys, news)
        if wrong is not None:
            self.tell(wrong, "error" if news.mistakes else "warning")

    async def put_keys(self, id: str, keys: Sequence[str]) -> None:
        """Puts an action on these keys, or on its usual ones where there are none: now, and in the person's
        file where that is within reach. Raises TextmeterError, and nothing has changed then."""
        if self._own_keys is not None:
            await asyncio.to_thread(self._own_keys.put, id, keys)
        others = {known: own for known, own in self.keys.items() if known != id}
        self.use_keys(others | ({id: ",".join(keys)} if keys else {}))

    def choose_language(self, tag: str) -> None:
        """Changes the language, now and for the next starts; screens are composed anew from what they
        hold.
        """
        self.language = Language(tag, self.language.home)
        for screen in self.screen_stack:
            screen.refresh(recompose=True)
        self.keep("language", tag)

    # What is taken back

    def did(self, says: Sentence, deed: Deed) -> None:
        """Tells what was done, and by which key it is taken back."""
        if self.account is not None:
            self.deeds.add(self.account.id, deed)
        self.tell(sentence("{says} {key} Undo", says=says, key=Key("undo", "z")))

    def undo(self) -> None:
        """Takes back what was done last, whatever screen that was on."""
        self.finish(self._undo(), once="undo")

    async def _undo(self) -> None:
        account = self.account
        deed = self.deeds.last(account.id) if account is not None else None
        if account is None or deed is None:
            self.hint(sentence("You have nothing to undo."))
            return
        try:
            await self.fetch(deed.take_back)
        except DatabaseTrouble:
            raise  # it can be tried again
        except TextmeterError:
            self.deeds.forget(account.id, deed)
            raise
        self.deeds.forget(account.id, deed)
        self.tell(deed.undone)
        self.data_changed()

    # The machine's files

    def no_files(self, command: str = "") -> Sentence | None:
        """Why nothing can be read from a file or saved in one; None where it can. command: the one that does
        the same by the streams of an SSH session, which in a demo would have another demo's data."""
        if files_within_reach():
            return None
        if not command or self.demo_gone_after:
            return sentence("Textmeter is running on another machine and can't reach files on yours.")
        return sentence(
            "Textmeter is running on another machine and can't reach files on yours. From your "
            "machine, use SSH: {command}",
            command=f"ssh HOST {command}",
        )

    # The person's role

    @property
    def person(self) -> Person | None:
        """Who is at work; None where the database isn't open yet."""
        return self._store.person if self._store is not None else None

    def lacks(self, needed: Role) -> Sentence | None:
        """Why the person can't do what needs a role; None where they can, or the database isn't open yet."""
        return self.person.lacks(needed) if self.person is not None else None

    def owners_only(self) -> Sentence | None:
        """Why the person can't do what is an owner's; None for an owner."""
        return self.lacks(Role.OWNER)
