"""What becomes of texts once they are sent, and what comes in: the delivery worker's door."""

from __future__ import annotations

import uuid
from abc import abstractmethod
from collections.abc import Callable
from threading import Event

from store.clock import Clock
from store.credits.ledger import Ledger
from store.database import Database
from store.errors import RefusedByRule
from store.messages.blasts import Blasts
from store.messages.delivery import Delivery
from store.messages.events import Events, Kept
from store.messages.incoming import Incoming
from store.messages.model import BlastSummary
from store.messages.outbox import Claimed, Due, Outbox
from store.messages.providers import Called, Outcome, Reply, Request
from store.messages.receipts import Receipts
from store.messages.senders import Senders
from store.people.addressbook import AddressBook
from store.people.consent import Consent
from store.roles import Role, needs
from store.sentences import sentence
from store.texts import phones


class Carrying:
    """real: the clock of processes and networks, which goes on where an account's clock is set by hand."""

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        people: AddressBook,
        consent: Consent,
        senders: Senders,
        real: Clock,
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._people = people
        self._consent = consent
        self._senders = senders
        self._blasts = Blasts(database)
        self._outbox = Outbox(database, ledger, real)
        self._unkept = list[tuple[Claimed, Outcome]]()
        self._receipts = Receipts(database, ledger, real)
        incoming = Incoming(database, ledger, people, consent, self._blasts, senders)
        self._events = Events(database, self._receipts, incoming, real)

    @needs(Role.SENDER)
    def cancel(self, blast_id: int) -> int:
        """Cancels what has not left yet and gives its credits back. How many messages that were."""
        return self._outbox.cancel(blast_id, person=self._database.person.name)

    @needs(Role.SENDER)
    def deliver(
        self,
        *,
        stop: Event,
        on_progress: Callable[[BlastSummary], None] = lambda summary: None,
        forever: bool = False,
    ) -> None:
        """Works off what is queued, in the calling thread. on_progress: gets a blast's summary whenever
        something changed on it, at most ten times a second. forever: goes on with receipts and new blasts
        until `stop` is set; otherwise returns when nothing is queued. Several processes may do this at
        once."""
        self._delivery(stop, on_progress).run(forever=forever)

    @needs(Role.SENDER)
    def poll_receipts(self) -> None:
        """Asks for what has happened, for a thousand messages at most; `deliver` does it once a second."""
        self._listen()

    @needs(Role.SENDER)
    def catch_up(self) -> None:
        """Asks for all receipts that are due: where a demo clock was set ahead, those have come."""
        while self._listen():
            pass

    @needs(Role.SENDER)
    def receive(self, account_id: int, number: str, text: str, *, key: str = "") -> str:
        """Plays a text that comes in, at the account's clock: what it asks for, "" nothing. key: played again
        under it, it counts once. Raises RefusedByRule where a real sender carries the account's texts,
        PhoneRefused for no number."""
        account = self._ledger.account(account_id)
        if self._senders.of(account_id, demo_clock=account.demo_clock):
            raise RefusedByRule(
                sentence(
                    "This account has a real sender, so replies come from real phones. Nothing was received. "
                    "Try it on an account with a demo clock."
                ),
                code="real-sender",
            )
        phone = phones.parse(number, account.country)
        event = Reply(f"played:{key or uuid.uuid4().hex}", phone.e164, text, self._ledger.present(account_id))
        with self._database.connection():
            self._events.keep("", [event], account_id=account_id)
            self._events.apply()
            return self._events.outcome("", event.event_id)

    @needs(Role.SENDER)
    def called(self, sender: str, request: Request) -> Called:
        """Takes what a provider that calls us says to a sender: it is written down before it is answered, and
        applied by the worker. Raises Forged, Garbled, WrongUsage where there is no such sender."""
        with self._database.connection():
            called = self._senders.provider(sender).receive(request)
            self._events.keep(sender, called.events)
        return called

    def events(self, after: int = 0, *, limit: int = 500) -> list[Kept]:
        """What came in, in its order. after: the last one's number of the page before."""
        return self._events.follow(after, limit)

    def last_event(self) -> int:
        """The number of the event that came in last, 0 where none did."""
        return self._events.last()

    @abstractmethod
    def _see_off(self) -> None:
        """What is scheduled and due by now leaves."""

    def _listen(self) -> int:
        """How many messages were asked about."""
        with self._database.connection():
            return self._delivery(Event(), lambda summary: None).listen()

    def _delivery(self, stop: Event, on_progress: Callable[[BlastSummary], None]) -> Delivery:
        return Delivery(
            self._database,
            self._outbox,
            self._receipts,
            self._blasts,
            self._consent,
            self._senders,
            self._events,
            self._ledger.present,
            self._see_off,
            self._unkept,
            stop,
            on_progress,
        )

    def due(self) -> Due:
        """Whether there is anything for `deliver` to do."""
        return self._outbox.due()

    @needs(Role.OWNER)
    def doubt_queued(self) -> int:
        """For a copy of a database that was in use since: what waits to be sent may have left, so it is
        unknown. How many messages that is."""
        return self._outbox.doubt()

    @needs(Role.SENDER)
    def resolve_unknown(self, message_id: int, *, left: bool) -> None:
        """A person has found out whether an unknown message left: it is charged, or failed and given back.
        Raises RefusedByRule where it isn't unknown."""
        self._outbox.resolve(message_id, left=left, person=self._database.person.name)
