"""What comes back by email: polled, written down first, then applied once, late and in any order as it comes.

A mailbox belongs to a person, so nothing in it is changed. Where no real server is reached, what comes back
is made up by `store.mail.simulated`, and read as a real mail is.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from threading import Event as Stop
from typing import Any, ClassVar, NamedTuple

from store.clock import Clock, instant, micros
from store.credits.ledger import Ledger
from store.credits.model import Account
from store.database import Database, Table, retried  # isort: split

from peewee import fn

from store.emails.model import Status
from store.emails.senders import EmailSenders
from store.emails.tables import Campaign, Email
from store.emails.unsubscribing import Unsubscribing
from store.errors import TextmeterError
from store.mail import imap, mailers, reading, simulated
from store.mail.imap import Box, Got, OutOfReach
from store.mail.reading import Bounce, Ignored, Reply, Unsubscribe
from store.messages.asked import Asks, asked
from store.messages.events import STRANGER_AFTER, TRIED_AGAIN, Applying, Done
from store.messages.incoming import came_in
from store.messages.tables import Conversation, Incoming
from store.people.addressbook import AddressBook
from store.people.consent import Consent
from store.people.consent_lookup import EVERY_SENDER
from store.people.model import ConsentState
from store.roles import Role, needs
from store.sentences import Sentence
from store.settings import Settings

SOFT_BOUNCES = 3
"""Emails that came back for the time being (4.x.x) after which an address gets no more."""
PAGES = 20
"""Of a mailbox in one poll."""
_KINDS = {Bounce: "bounce", Reply: "email-reply", Unsubscribe: "unsubscribe"}
_KEEP = (
    "INSERT INTO event (sender, event_id, kind, data, account_id, came_at, due_at, outcome) "
    "VALUES (?, ?, ?, ?, NULL, ?, ?, '') ON CONFLICT (sender, event_id) DO NOTHING"
)
_LEFT = (Status.SENT.value, Status.UNKNOWN.value, Status.BOUNCED.value)


class Polled(NamedTuple):
    """came: how many mails were looked at; trouble: why a mailbox couldn't be, each once."""

    came: int
    trouble: tuple[Sentence, ...]


class Mailbox(Applying):
    """Methods may be called from any thread. real: the clock of processes and networks."""

    TABLES: ClassVar[Sequence[type[Table]]] = ()
    KINDS = tuple(_KINDS.values())

    def __init__(
        self,
        database: Database,
        settings: Settings,
        ledger: Ledger,
        people: AddressBook,
        consent: Consent,
        senders: EmailSenders,
        real: Clock,
        *,
        public_url: str = "",
    ) -> None:
        super().__init__(database, real)
        self._settings = settings
        self._ledger = ledger
        self._people = people
        self._consent = consent
        self._senders = senders
        self._unsubscribing = Unsubscribing(settings, public_url)

    @needs(Role.SENDER)
    def poll(self, *, stop: Stop | None = None) -> Polled:
        """Reads what has come, and applies it. Takes as long as networks do. Several processes may do this at
        once."""
        came, trouble = 0, dict[str, Sentence]()
        with self._database.connection():
            for account in self._ledger.accounts():
                came += self._play(account)
            for box in self._boxes(trouble):
                if stop is not None and stop.is_set():
                    break
                try:
                    came += self._poll(box, stop)
                except OutOfReach as error:
                    trouble[str(error.says)] = error.says
            self.apply()
        return Polled(came, tuple(trouble.values()))

    @retried
    def keep(self, mailbox: str, mails: Sequence[Got], cursor: tuple[str, str] | None = None) -> int:
        """Writes down what mails tell, as far as it isn't there yet; how many told something. cursor: a
        setting and its value, noted with them."""
        token, own = (mailers.token(self._settings), self._own()) if mails else ("", set[str]())
        read = [(reading.read(mail.raw, token=token, own=own), mail.at) for mail in mails]
        now = micros(self._clock.now())
        rows = []
        for came, at in read:
            if not isinstance(came, Ignored):
                about = asdict(came) | {"at": micros(at)}
                rows.append((mailbox, about.pop("key"), _KINDS[type(came)], json.dumps(about), now, now))
        with self._database.transaction():
            self._database.executemany(_KEEP, rows)
            if cursor is not None:
                self._settings.write(*cursor)
        return len(rows)

    @retried
    def unsubscribe(self, token: str) -> bool:
        """Notes that somebody followed the link in an email: whether it is one of ours. Applied by whoever
        polls next, and at once where the person at work may."""
        email = self._unsubscribing.email(token)
        if email is None:
            return False
        came = self._clock.now()
        now = micros(came)
        about = json.dumps({"token": token, "address": "", "email": 0, "at": now})
        # Once an hour, however the token is spelt: somebody may follow it again after they came back, and
        # again by mistake.
        named = f"unsubscribe:{email}:{came:%Y%m%d%H}"
        with self._database.transaction():
            self._database.execute(_KEEP, ("", named, "unsubscribe", about, now, now))
        if self._database.person.lacks(Role.SENDER) is None:
            self.apply()
        return True

    def handed(self, email_id: int) -> simulated.Handed | None:
        """An email that left as it was simulated; None for one that didn't leave, or left for real."""
        with self._database.connection():
            left = Email.select().where(Email.id == email_id, Email.status.in_(_LEFT))
            for email in self._database.fetch(left):
                return self._handed(self._ledger.account(email.account_id), email)
        return None

    def can_unsubscribe(self, token: str) -> bool:
        """Whether a link is one of ours. Changes nothing."""
        with self._database.connection():
            return self._unsubscribing.email(token) is not None

    # Reading

    def _boxes(self, trouble: dict[str, Sentence]) -> list[Box]:
        """Each mailbox once, whoever sends from it."""
        boxes: dict[str, Box] = {}
        for id in ("", *self._senders.ids()):
            if self._senders.is_real(id, demo_clock=False):
                try:
                    box = self._senders.box(id)
                except TextmeterError as error:  # its settings can't be right
                    trouble[str(error)] = error.says
                    continue
                if box is not None:
                    boxes.setdefault(box.name, box)
        return list(boxes.values())

    def _poll(self, box: Box, stop: Stop | None) -> int:
        setting, came = f"mailbox.{box.name}", 0
        for _ in range(PAGES):
            page = imap.page(box, self._settings.read(setting) or "")
            self.keep(box.name, page.mails, (setting, page.cursor))
            came += len(page.mails)
            if not page.more or (stop is not None and stop.is_set()):
                break
        return came

    def _own(self) -> set[str]:
        """The addresses that emails go out from, in lower case."""
        ids = ("", *self._senders.ids())
        return {
            self._senders.identity(id, demo_clock=False).sender.address.lower()
            for id in ids
            if id or self._senders.is_real("", demo_clock=False)
        }

    def _play(self, account: Account) -> int:
        """What comes back of an account's simulated emails by now."""
        if self._ledger.product(account).sends != "emails":
            return 0
        present = self._ledger.present(account.id)
        played = f"simulated-until.{account.id}"  # by the account's clock, which may be set ahead by months
        late = simulated.COMES_BACK_AFTER // timedelta(microseconds=1)
        since = int(self._settings.read(played) or 0) - late
        recent = Email.sent_at > since, Email.address.contains("+00")
        sent = Email.select().where(
            Email.account_id == account.id, Email.status == Status.SENT.value, *recent
        )
        mails = [
            mail
            for email in self._database.fetch(sent)
            if simulated.provokes(email.address)
            and (handed := self._handed(account, email)) is not None
            and (mail := simulated.comes_back(handed)) is not None
            and mail.at <= present
        ]
        until = played, str(micros(present))
        return self.keep(f"simulated/{account.id}", mails, until) if mails else 0

    def _handed(self, account: Account, email: Any) -> simulated.Handed | None:
        """An email as it left; None where that was for real."""
        of = Campaign.select(Campaign.sender).where(Campaign.id == email.campaign_id)
        sender = self._database.scalar(of) if email.campaign_id else self._senders.of(account.id)
        if self._senders.is_real(sender, demo_clock=account.demo_clock):
            return None
        address = self._senders.identity(sender, demo_clock=account.demo_clock).sender.address
        by_mail = self._unsubscribing.uris(email.id, address)[0]
        name = f"<email-{email.id}.{mailers.token(self._settings)}@{address.rpartition('@')[2]}>"
        return simulated.Handed(
            address,
            email.address,
            email.subject,
            f"b{email.id}",
            name,
            by_mail.removeprefix("mailto:").partition("?")[0],
            instant(email.sent_at),
        )

    # Applying

    def take(self, rows: Sequence[Any], now: datetime) -> tuple[list[Done], set[int]]:
        done, touched = list[Done](), set[int]()
        for row in rows:
            about = json.loads(row.data)
            at = instant(about.pop("at"))
            match row.kind:
                case "bounce":
                    outcome = self._bounced(Bounce(row.event_id, **about), touched)
                case "unsubscribe":
                    outcome = self._unsubscribed(Unsubscribe(row.event_id, **about))
                case _:
                    about["files"] = tuple(reading.File(**file) for file in about["files"])
                    outcome = self._replied(row.sender, Reply(row.event_id, **about), at)
            if outcome is None:  # faster than the answer that our email was taken
                waits = now - instant(row.came_at) < STRANGER_AFTER
                done.append((micros(now + TRIED_AGAIN), "", row.id) if waits else (None, "stranger", row.id))
            else:
                done.append((None, outcome, row.id))
        return done, touched

    def _bounced(self, bounce: Bounce, touched: set[int]) -> str | None:
        """What came of a bounce; None where its email is on its way still."""
        email = self._locked(bounce.email)
        if email is None or email.status not in (*_LEFT, Status.SENDING.value):
            return "stranger"
        if email.status == Status.SENDING.value:
            return None
        code = max(email.code, bounce.code)  # whichever came first: what is for good counts
        if bounce.delayed and email.status != Status.BOUNCED.value:
            self._database.run(Email.update(code=code).where(Email.id == email.id))
            return "delayed"
        if email.status == Status.UNKNOWN.value:  # so it had left, and is paid for
            self._settle(email)
        ended = Email.update(status=Status.BOUNCED, reason="bounced", code=code).where(Email.id == email.id)
        self._database.run(ended)
        touched.add(email.id)
        address = email.address.lower()
        for_good = bounce.code.startswith("5") or self._soft(email.address) >= SOFT_BOUNCES
        if for_good and not self._consent.is_out(address, EVERY_SENDER):
            why = f"{bounce.code} {bounce.says}" if bounce.says != bounce.code else bounce.code
            self._consent.opt_out(address, EVERY_SENDER, how="bounce", why=why)
            self._flag(address)
        return bounce.code

    def _settle(self, email: Any) -> None:
        of = Campaign.select(Campaign.hold_id).where(Campaign.id == email.campaign_id)
        hold = email.hold_id or (self._database.scalar(of) if email.campaign_id else None)
        if hold:
            self._ledger.settle(hold, 1)

    def _soft(self, address: str) -> int:
        bounced = Email.address == address, Email.status == Status.BOUNCED.value
        return int(self._database.scalar(Email.select(fn.COUNT(Email.id)).where(*bounced)))

    def _unsubscribed(self, said: Unsubscribe) -> str:
        named = (self._unsubscribing.email(said.token) or 0) if said.token else said.email
        email = self._email(named)
        if email is None and not said.token:
            email = self._latest(said.address)
        if email is None:
            return "stranger"
        address = email.address.lower()
        if not self._consent.is_out(address, email.account_id):
            self._consent.opt_out(address, email.account_id, how="unsubscribe")
            self._flag(address)
        return "out"

    def _replied(self, mailbox: str, reply: Reply, at: datetime) -> str:
        """Keeps a reply, and does what it asks for."""
        email = self._email(reply.email) or self._latest(reply.address)
        account = self._account(email, reply.address)
        if account is None:
            return "stranger"
        if reply.message_id and self._is_there(reply.message_id):
            return "again"
        present = self._ledger.present(account.id)
        at = present if account.demo_clock else min(at, present)
        words = asked(reply.text.partition("\n\n")[0]) if not reply.automatic else asked("")
        asks = words.asks if words.asks in (Asks.OUT, Asks.REFUSAL) else None
        new = Incoming.insert(
            account_id=account.id,
            sender=mailbox,
            phone=reply.address,
            body=reply.text,
            media=json.dumps([(f"mail:{one.name}", one.type, one.size) for one in reply.files] or ""),
            at=micros(at),
            credits=0,
            waived=0,
            asks=asks or "",
            subject=reply.subject,
            email_id=email.id if email else None,
            message_id=reply.message_id or None,
            automatic=reply.automatic,
        )
        self._database.run(new)
        said = f"{reply.subject}: {reply.text}" if reply.subject else reply.text
        came_in(self._database, account.id, reply.address, said, at, unread=not reply.automatic)
        if asks is Asks.OUT:
            self._consent.answer(reply.address, account.id, ConsentState.OUT, why=reply.text[:200], at=at)
        if asks:
            self._flag(reply.address)
        return asks.value if asks else "automatic" if reply.automatic else ""

    def _flag(self, address: str) -> None:
        """Leaves it to a person what was meant where there is a refusal and they aren't out."""
        refused = Incoming.select(Incoming.account_id).where(
            Incoming.phone == address, Incoming.asks == Asks.REFUSAL.value
        )
        for row in self._database.fetch(refused.distinct()):
            is_out = self._consent.is_out(address, row.account_id)
            this = Conversation.account_id == row.account_id, Conversation.phone == address
            flag = "" if is_out else Asks.REFUSAL.value
            self._database.run(Conversation.update(asks=flag).where(*this))

    def _account(self, email: Any, address: str) -> Account | None:
        """Whose a reply is: of who wrote to them, else of the first account that sends emails, where they are
        in the address book."""
        accounts = [one for one in self._ledger.accounts() if self._ledger.product(one).sends == "emails"]
        if email is not None:
            return next((one for one in accounts if one.id == email.account_id), None)
        return next(iter(accounts), None) if self._people.by_email(address) else None

    def _is_there(self, message_id: str) -> bool:
        found = Incoming.select(Incoming.id).where(Incoming.message_id == message_id)
        return self._database.scalar(found) is not None

    def _locked(self, id: int) -> Any:
        found = self._database.locking(Email.select().where(Email.id == id))
        return next(iter(self._database.fetch(found)), None)

    def _email(self, id: int) -> Any:
        left = Email.select().where(Email.id == id, Email.status.in_((*_LEFT, Status.SENDING.value)))
        return self._database.first(left) if id else None

    def _latest(self, address: str) -> Any:
        """The email that somebody got last."""
        to = Email.select().where(fn.LOWER(Email.address) == address, Email.status.in_(_LEFT))
        return self._database.first(to.order_by(Email.id.desc()).limit(1))
