"""Notices, receipts and replies by email: what there is to tell goes to whoever carries mail.

A mail is taken before it is handed over and noted as done after: whoever dies in between, none is lost, and
at worst one is sent twice, under the same Message-ID. Where mail isn't set up, all of it waits.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Event
from typing import ClassVar, NamedTuple, Protocol, TypeAlias

from store.clock import Clock, SystemClock
from store.credits import mailing
from store.credits.catalog import Product
from store.credits.ledger import Ledger
from store.credits.model import Balance, Notice, Order
from store.database import Database, Table
from store.errors import WrongUsage
from store.mail import Accepted, Mail, Mailer, NoAnswer, NotSent, Refused, mailers
from store.mail.claims import Claims
from store.mail.simulated import Simulated
from store.roles import Role, needs
from store.sentences import Sentence, sentence
from store.settings import Settings

STALE = timedelta(days=3)
"""What is older is left unsent."""


class Text(NamedTuple):
    """What a mail says."""

    subject: str
    body: str


class Said(NamedTuple):
    """A text that came in, as a mail tells of it. id: grows with what comes in; name: "" where nobody is
    known; pictures: how many came with it."""

    id: int
    phone: str
    name: str
    text: str
    at: datetime
    pictures: int


class Replies(NamedTuple):
    """Texts that came in since the last mail about any, oldest first; the latest so many."""

    said: Sequence[Said]


class Heard(Protocol):
    """Who knows what came in."""

    def __call__(self, account_id: int, *, after: int) -> Sequence[Said]:
        """Later than the one of this id, oldest first."""


About: TypeAlias = Notice | Order | Replies
Writer: TypeAlias = Callable[[Balance, Product, About], Text]
"""Puts into words what an account, as it stands now, is to be told."""


class Posted(NamedTuple):
    """How a round of the mailroom went. sent: how many mails left; trouble: why the next one didn't, and what
    to do."""

    sent: int
    trouble: Sentence | None


class Mailroom:
    """heard: what came in. mailer: who carries mail; the one that is configured, where it is left out. real:
    the clock of processes and networks, which goes on where an account's clock is set by hand."""

    TABLES: ClassVar[Sequence[type[Table]]] = Claims.TABLES

    def __init__(
        self,
        database: Database,
        settings: Settings,
        ledger: Ledger,
        *,
        heard: Heard,
        mailer: Mailer | None = None,
        real: Clock | None = None,
    ) -> None:
        self._database = database
        self._settings = settings
        self._ledger = ledger
        self._heard = heard
        self._mailer = mailer
        self._claims = Claims(database, real or SystemClock())

    @needs(Role.SENDER)
    def post(self, write: Writer, *, stop: Event | None = None) -> Posted:
        """Sends what waits, in the calling thread, until the first that can't be sent; that one is tried
        again in a later round, some minutes on. Several processes may do this at once. stop: breaks the round
        off."""
        try:
            mailer = self._mailer or mailers.load(self._settings)
        except WrongUsage as error:
            return Posted(0, error.says)
        if mailer is None:
            return Posted(0, None)
        try:
            return self._post(mailer, write, stop)
        finally:
            mailer.close()

    def _post(self, mailer: Mailer, write: Writer, stop: Event | None) -> Posted:
        with self._database.connection():
            replied = self._post_replies(mailer, write, stop)
            if replied.trouble is not None or not mailing.due(self._database):
                return replied  # asked first, so that an idle worker takes no lock
            self._forget_stale()
            sent = replied.sent
            for one in mailing.due(self._database):
                if stop is not None and stop.is_set():
                    break
                if not self._take(one):
                    continue
                trouble = self._hand_over(mailer, one, write)
                if trouble is not None:
                    return Posted(sent, trouble)
                sent += 1
        return Posted(sent, None)

    def _post_replies(self, mailer: Mailer, write: Writer, stop: Event | None) -> Posted:
        """One mail an account about all that came in since the last one; not about what came before there
        was any."""
        sent = 0
        for account in self._ledger.accounts():
            if stop is not None and stop.is_set():
                break
            setting = f"replies-mailed.{account.id}"
            told = self._settings.read(setting)
            said = self._heard(account.id, after=int(told or 0))
            if not said:
                if told is None:
                    self._settings.write(setting, "0")
                continue
            last = str(said[-1].id)
            recent = [one for one in said if one.at >= self._ledger.present(account.id) - STALE]
            if told is None or not recent:
                self._settings.write(setting, last)
                continue
            key = f"replies-{account.id}-{last}"
            if not self._claims.take(key):
                continue
            trouble = self._carry(mailer, key, account.id, Replies(recent), write)
            if trouble is not None:
                return Posted(sent, trouble)
            with self._database.transaction():
                self._settings.write(setting, last)
                self._claims.drop(key)
            sent += 1
        return Posted(sent, None)

    def _take(self, one: mailing.Due) -> bool:
        if not self._claims.take(one.key):
            return False
        if mailing.is_due(self._database, one):
            return True
        self._claims.drop(one.key)  # another process was faster
        return False

    def _hand_over(self, mailer: Mailer, one: mailing.Due, write: Writer) -> Sentence | None:
        """Sends one, and notes that it is told; why it didn't leave, if so."""
        trouble = self._carry(mailer, one.key, one.account_id, one.about, write)
        if trouble is None:
            with self._database.transaction():
                mailing.told(self._database, one)
                self._claims.drop(one.key)
        return trouble

    def _carry(
        self, mailer: Mailer, key: str, account_id: int, about: About, write: Writer
    ) -> Sentence | None:
        """Hands a mail over; why it didn't leave, if so."""
        try:
            balance = self._ledger.balance(account_id)
            product = self._ledger.product(balance.account)
        except WrongUsage as error:
            return error.says
        text = write(balance, product, about)
        if self._mailer is None and balance.account.demo_clock:
            mailer = Simulated()  # whatever is configured, playing tells nobody
        match mailer.send(Mail(key, "", text.subject, text.body)):
            case Accepted():
                return None
            case NotSent(says=says):
                return says
            case Refused(why=why):
                return sentence(
                    "The mail server refuses mail to you: {why} Textmeter keeps trying for three days. "
                    "Check the addresses in TEXTMETER_MAIL.",
                    why=why,
                )
            case NoAnswer():
                return sentence(
                    "The mail server got an email but didn't confirm it. Textmeter sends it again, so it "
                    "may arrive twice."
                )

    def _forget_stale(self) -> None:
        for account in self._ledger.accounts():
            # Whose product the catalog lacks has no present; that is said when its mail's turn comes.
            with contextlib.suppress(WrongUsage):
                mailing.forget_before(self._database, account.id, self._ledger.present(account.id) - STALE)
