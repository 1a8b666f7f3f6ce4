"""A text that somebody sent us: whose it is, what it asks for, what it costs, and the conversation that it
goes into."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime, timedelta

from store.clock import instant, micros
from store.credits.ledger import Ledger
from store.credits.model import Account
from store.database import Database  # isort: split

from peewee import fn

from store.errors import WrongUsage
from store.messages.asked import LONGEST, Asked, Asks, asked
from store.messages.blasts import Blasts
from store.messages.providers import Reply
from store.messages.senders import Senders
from store.messages.tables import Blast as _Blast
from store.messages.tables import Conversation as _Conversation
from store.messages.tables import Incoming as _Incoming
from store.messages.tables import Message as _Message
from store.messages.tables import Sender as _Sender
from store.people.addressbook import AddressBook
from store.people.consent import Consent
from store.people.model import ConsentState
from store.prepared import Prepared
from store.texts import phones
from store.texts.alphabet import storable
from store.texts.phones import PhoneRefused

MOST = 20_000
"""Characters of a text that are kept."""
SNIPPET = 200
"""Characters of it that a list shows."""
HELP_AGAIN = timedelta(days=1)
"""HELP is answered once in this time: two machines that answer each other end there."""

_ADD = Prepared(lambda _, **values: _Incoming.insert(**values).returning(_Incoming.id))
_SET_COST = Prepared(
    lambda _, id, credits, waived: _Incoming.update(credits=credits, waived=waived).where(_Incoming.id == id)
)
_WROTE_LAST = Prepared(
    lambda _, phone, sender: (
        _Message.select(_Blast.account_id)
        .join(_Blast)
        .where(_Message.phone == phone, _Blast.sender == sender)
        .order_by(_Message.id.desc())
        .limit(1)
    )
)
_STATES = {Asks.OUT: ConsentState.OUT, Asks.IN: ConsentState.IN}
_DECIDE = (*_STATES, Asks.REFUSAL)
_SEEN = (
    "INSERT INTO conversation (account_id, phone, last_at, last_text, last_out, unread, asks, assigned, "
    "answering, answering_until) VALUES (?, ?, ?, ?, FALSE, ?, '', '', '', 0) "
    "ON CONFLICT (account_id, phone) DO UPDATE SET unread = conversation.unread + excluded.unread, "
    "last_text = CASE WHEN excluded.last_at >= conversation.last_at THEN excluded.last_text "
    "ELSE conversation.last_text END, "
    "last_out = CASE WHEN excluded.last_at >= conversation.last_at THEN FALSE "
    "ELSE conversation.last_out END, "
    "last_at = CASE WHEN excluded.last_at >= conversation.last_at THEN excluded.last_at "
    "ELSE conversation.last_at END"
)


class Incoming:
    """Takes replies, each within the transaction that notes it as applied."""

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        people: AddressBook,
        consent: Consent,
        blasts: Blasts,
        senders: Senders,
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._people = people
        self._consent = consent
        self._blasts = blasts
        self._senders = senders

    def take(self, sender: str, reply: Reply, account_id: int | None) -> str:
        """Keeps a reply and does what it brings with it. account_id: whose it is said to be. What it asks
        for, or "nobody" where there is no account that it could be for."""
        number = storable(reply.number)
        account = self._account(sender, number, account_id)
        if account is None:
            return "nobody"
        phone, region = _number(number, account.country)
        body = storable(reply.body)[:MOST]
        present = self._ledger.present(account.id)
        assert reply.at is not None
        at = present if account.demo_clock else min(reply.at, present)
        wants = self._wanted(account, phone, body, at)
        self._keep(account, sender, phone, region, body, reply, at, wants)
        if phone.startswith("+"):
            self._people.meet(phone, region)
            self._follow(account, sender, phone, region, body, at, wants)
            if wants.asks in _STATES:
                self._read_again(account, phone, region, at)
        came_in(self._database, account.id, phone, body, at)
        if wants.asks in _DECIDE:
            self._flag(account.id, phone)
        return wants.asks.value if wants.asks else ""

    def _wanted(self, account: Account, phone: str, body: str, at: datetime) -> Asked:
        wants = asked(body)
        if wants.if_out and not self._consent.was_out(phone, account.id, at):
            return Asked()
        return wants

    def _keep(
        self,
        account: Account,
        sender: str,
        phone: str,
        region: str,
        body: str,
        reply: Reply,
        at: datetime,
        wants: Asked,
    ) -> None:
        """The text, and what it costs."""
        new = _ADD(
            account_id=account.id,
            sender=sender,
            phone=phone,
            body=body,
            media=json.dumps(reply.media) if reply.media else "",
            at=micros(at),
            credits=0,
            waived=0,
            asks=wants.asks or "",
            answers=self._blasts.latest_to(account.id, phone),
        )
        id = int(self._database.scalar(new))
        segments, mms = max(1, reply.segments), bool(reply.media)
        charge = self._ledger.receive(account.id, region, segments, mms=mms, reference=str(id))
        if charge.charged or charge.waived:
            self._database.run(_SET_COST(id=id, credits=charge.charged, waived=charge.waived))

    def _follow(
        self, account: Account, sender: str, phone: str, region: str, body: str, at: datetime, wants: Asked
    ) -> None:
        """Does at once what a text asks for, and confirms it once."""
        answer = wants.asks is Asks.HELP and not self._helped_before(account.id, phone, at)
        if wants.asks in _STATES:
            state = _STATES[wants.asks]
            answer = self._consent.answer(phone, account.id, state, why=body[:SNIPPET], at=at)
        if answer and not self._confirms_itself(sender):
            now = self._ledger.present(account.id)
            self._blasts.add_notice(account.id, now, sender, phone, region, wants.answer)

    def _read_again(self, account: Account, phone: str, region: str, since: datetime) -> None:
        """What was written later and heard of before may mean something else by what has just come in: a bare
        "yes" brings back who was out when they wrote it."""
        later = _Incoming.select().where(
            _Incoming.account_id == account.id,
            _Incoming.phone == phone,
            _Incoming.at > micros(since),
            fn.LENGTH(_Incoming.body) <= LONGEST,
        )
        for row in self._database.fetch(later.order_by(_Incoming.at, _Incoming.id)):
            if not asked(row.body).if_out:
                continue
            before = instant(row.at - 1)  # what it brought about itself doesn't count
            wants = self._wanted(account, phone, row.body, before)
            if (wants.asks or "") != row.asks:
                self._database.run(_Incoming.update(asks=wants.asks or "").where(_Incoming.id == row.id))
                self._follow(account, row.sender, phone, region, row.body, instant(row.at), wants)

    def _flag(self, account_id: int, phone: str) -> None:
        """Leaves it to a person what was meant where the last word is a refusal and they aren't out; whatever
        came in first."""
        said = _Incoming.select(_Incoming.asks).where(
            _Incoming.account_id == account_id, _Incoming.phone == phone, _Incoming.asks.in_(_DECIDE)
        )
        last = self._database.scalar(said.order_by(_Incoming.at.desc(), _Incoming.id.desc()).limit(1))
        is_out = self._state(account_id, phone) is ConsentState.OUT
        flag = Asks.REFUSAL.value if last == Asks.REFUSAL and not is_out else ""
        this = (_Conversation.account_id == account_id) & (_Conversation.phone == phone)
        self._database.run(_Conversation.update(asks=flag).where(this))

    def _helped_before(self, account_id: int, phone: str, at: datetime) -> bool:
        asked_help = _Incoming.select(fn.COUNT(_Incoming.id)).where(
            _Incoming.account_id == account_id,
            _Incoming.phone == phone,
            _Incoming.asks == Asks.HELP.value,
            _Incoming.at > micros(at - HELP_AGAIN),
        )
        return int(self._database.scalar(asked_help)) > 1  # this one is among them

    def _confirms_itself(self, sender: str) -> bool:
        try:
            return self._senders.provider(sender).profile.confirms
        except WrongUsage:  # the sender is gone, or can't be reached as it is set up
            return True

    def _state(self, account_id: int, phone: str) -> ConsentState | None:
        return self._consent.states([phone], account_id).get(phone)

    def _account(self, sender: str, number: str, account_id: int | None) -> Account | None:
        """Whose a reply is: as it is said, as the sender is set up, else of whoever wrote to that number
        last, else of the first account that texts."""
        if account_id is None and sender:
            account_id = self._database.scalar(_Sender.select(_Sender.account_id).where(_Sender.id == sender))
        if account_id is None:
            account_id = self._database.scalar(_WROTE_LAST(phone=number, sender=sender))
        if account_id is not None:
            with suppress(WrongUsage):  # there is none like that
                account = self._ledger.account(account_id)
                if self._sends_texts(account):
                    return account
        return next(filter(self._sends_texts, self._ledger.accounts()), None)

    def _sends_texts(self, account: Account) -> bool:
        return self._ledger.product(account).sends == "texts"


def came_in(
    database: Database, account_id: int, phone: str, text: str, at: datetime, *, unread: bool = True
) -> None:
    """Puts the latest text of somebody into their conversation. at: by the account's clock. unread: whether
    somebody is to look at it."""
    snippet = " ".join(text.split())[:SNIPPET]
    database.execute(_SEEN, (account_id, phone, micros(at), snippet, int(unread)))


def _number(raw: str, country: str) -> tuple[str, str]:
    """Who wrote: E.164 and its region; as it came, in the account's country, where it is a short code or a
    name."""
    try:
        phone = phones.parse(raw, country)
    except PhoneRefused:
        return raw.strip()[:40], country
    return phone.e164, phone.region
