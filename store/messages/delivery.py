"""The delivery worker: takes queued messages, hands them to who carries them, several at once, and keeps what
becomes of them; asks what has happened since; applies that.

A message is committed as `sending` before the provider is called, and its outcome after: whatever dies in
between, no message is lost or sent twice. The outcomes of some are committed together with the claim of the
next, which halves the commits. Only the calls to a provider run in threads of their own; the database is this
one's alone. Where it is away, what was answered is known here alone: it is kept once it is there again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from contextlib import suppress
from datetime import datetime
from functools import partial
from threading import Event
from time import monotonic
from typing import NamedTuple

from store.clock import instant, micros
from store.database import Database, retried
from store.errors import DatabaseTrouble, WrongUsage
from store.messages.backoff import before_trying_again
from store.messages.blasts import Blasts
from store.messages.bodies import Bodies
from store.messages.events import Events
from store.messages.lanes import LONGEST_WAIT, Lane
from store.messages.model import BlastSummary
from store.messages.outbox import Claimed, Outbox
from store.messages.providers import (
    Accepted,
    Had,
    NeverHad,
    NoAnswer,
    Outcome,
    Outgoing,
    Polled,
    Refused,
    Sent,
    Throttled,
)
from store.messages.receipts import Receipts
from store.messages.senders import Senders
from store.people.consent import Consent

PROGRESS_SECONDS = 0.1
RECEIPTS_SECONDS = 1.0
RECOVERY_SECONDS = 30.0
SILENT_SECONDS = 2.0
"""The first wait for a provider that leaves one text after another without an answer."""

IDLE_SECONDS = 0.25

_RECEIPTS_AT_ONCE = 1_000
_PAGES_AT_ONCE = 100
_LOOKUPS_AT_ONCE = 100
OPTED_OUT_THERE = "opted-out-there"
"""The reason of a provider who knows that somebody opted out: it goes for us as well."""
_SILENCES = 3
"""After so many texts in a row without an answer the worker waits: something is wrong with the provider, and
each text that it is given becomes unknown."""


class _Taken(NamedTuple):
    """What a sender goes on with. none_left: of the blast at hand; wait: seconds until it may go on."""

    messages: Sequence[Claimed] = ()
    none_left: bool = False
    wait: float = 0.0


class Delivery:
    """One worker, in one thread. Several, in several processes, may work on one database.

    on_progress: gets the summary of a blast on which something changed, at most ten times a second and once
    when nothing is left to send. present: an account's instant. see_off: has what is scheduled and due
    queued. unkept: outcomes that couldn't be kept, which the next worker of this process is given, since
    nobody else knows them.
    """

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        receipts: Receipts,
        blasts: Blasts,
        consent: Consent,
        senders: Senders,
        events: Events,
        present: Callable[[int], datetime],
        see_off: Callable[[], None],
        unkept: list[tuple[Claimed, Outcome]],
        stop: Event,
        on_progress: Callable[[BlastSummary], None],
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._receipts = receipts
        self._blasts = blasts
        self._consent = consent
        self._senders = senders
        self._events = events
        self._present = present
        self._see_off = see_off
        self._unkept = unkept
        self._stop = stop
        self._on_progress = on_progress
        self._touched: set[int] = set()
        self._lanes: dict[str, Lane] = {}
        self._reported = 0.0
        self._recover_at = 0.0
        self._poll_at = 0.0
        self._bodies = Bodies(blasts)

    def run(self, *, forever: bool) -> None:
        """Sends all that is queued. forever: then waits for more, and for what comes in, until it is told to
        stop."""
        with self._database.connection():
            try:
                self._keep_unkept()
                while True:
                    self._housekeeping()
                    if self._outbox.due().queued:  # asked first, so that an idle worker takes no lock
                        self._send_queued(forever=forever)
                    self._report()
                    if self._stop.is_set() or not forever:
                        return
                    self._stop.wait(IDLE_SECONDS)
            finally:
                for lane in self._lanes.values():
                    lane.close()
                    lane.blast = None
                    self._unkept += lane.landed()
                self._keep_unkept()

    def _keep_unkept(self) -> None:
        while self._unkept:
            message, outcome = self._unkept[-1]
            self._go_on(self._lane(self._bodies.text(message).sender), [(message, outcome)])
            self._unkept.pop()

    # What comes in

    def listen(self) -> int:
        """Asks what has happened, for as many messages as may be asked about at once, and applies what came
        in, asked for or not. How many messages were asked about."""
        asked = self._receipts.awaited(_RECEIPTS_AT_ONCE)
        for id in sorted({"", *self._senders.ids(), *asked}):
            self._poll(self._lane(id), asked.get(id, []))
        self._touched |= self._events.apply()
        return sum(map(len, asked.values()))

    def _poll(self, lane: Lane, asked: Sequence[Sent]) -> None:
        if monotonic() < lane.poll_at:
            return
        answered, pause = True, 0.0
        try:
            provider = lane.provider()
            pause = provider.profile.poll_every
            polled = Polled((), self._events.cursor(lane.sender), more=True)
            for _ in range(_PAGES_AT_ONCE):
                polled = provider.poll(asked, polled.cursor, self._outbox.now())
                self._events.keep(lane.sender, polled.events, cursor=polled.cursor)
                if not polled.more or self._stop.is_set():
                    break
        except DatabaseTrouble:
            raise
        except Exception:  # noqa: BLE001 - whatever a provider's library raises
            answered = False
        self._touched |= self._events.apply()
        self._touched |= self._receipts.asked_about(asked, answered=answered)
        lane.failed_polls = 0 if answered else lane.failed_polls + 1
        pause += before_trying_again(RECEIPTS_SECONDS, lane.failed_polls)
        lane.poll_at = monotonic() + pause

    def _housekeeping(self) -> None:
        """What is done now and then: messages that a dead worker left behind, and what came in. Nothing is
        being handed over meanwhile: what these take or break off would cost a message its lease."""
        now = monotonic()
        if now >= self._recover_at:
            self._recover_at = now + RECOVERY_SECONDS
            self._outbox.recover()
            self._events.prune()
            for message in self._outbox.unknown(_LOOKUPS_AT_ONCE):
                if self._stop.is_set() or not self._ask(message):
                    break
        if now >= self._poll_at:
            self._see_off()
            self.listen()
            self._poll_at = monotonic() + RECEIPTS_SECONDS

    @property
    def _is_due(self) -> bool:
        """Whether it is time for that."""
        return monotonic() >= min(self._recover_at, self._poll_at)

    @property
    def _is_to_report(self) -> bool:
        """Whether somebody wants to hear of what changed."""
        return bool(self._touched) and monotonic() - self._reported > PROGRESS_SECONDS

    # What goes out

    def _send_queued(self, *, forever: bool) -> None:
        """Until nothing is queued, or what is has to wait for longer than a worker does."""
        self._seek()
        while True:
            for lane in list(self._lanes.values()):
                done = lane.landed()
                if done or self._may_go_on(lane):
                    self._go_on(lane, done)
            if self._is_to_report:
                self._report()
                self._seek()
                continue
            flying = [one for lane in self._lanes.values() for one in lane.flying]
            if any(lane.answered for lane in self._lanes.values()):
                continue
            if flying:
                wait(flying, return_when=FIRST_COMPLETED)
            elif self._stop.is_set():
                return
            elif self._is_due:
                self._housekeeping()
                self._seek()
            elif not self._wait(forever=forever):
                return

    def _seek(self) -> None:
        """Gives each sender the blast that it goes on with: the one that was begun first."""
        waiting = self._outbox.waiting()
        for sender in waiting:
            self._lane(sender)
        for lane in self._lanes.values():
            lane.blast = waiting.get(lane.sender)

    def _lane(self, sender: str) -> Lane:
        if sender not in self._lanes:
            self._lanes[sender] = Lane(sender, partial(self._senders.provider, sender), _now)
        return self._lanes[sender]

    def _may_go_on(self, lane: Lane) -> bool:
        """Whether a sender may hand something over now."""
        may = lane.blast is not None and lane.room > 0 and monotonic() >= lane.until
        return may and not (self._stop.is_set() or self._is_due or self._is_to_report)

    def _wait(self, *, forever: bool) -> bool:
        """Waits for the first sender that is left alone. Whether there is one that a worker waits for."""
        alone = [lane for lane in self._lanes.values() if lane.blast is not None]
        if not alone:
            self._seek()
            return any(lane.blast is not None for lane in self._lanes.values())
        first = min(alone, key=lambda lane: lane.until)
        seconds = first.until - monotonic()
        if seconds > LONGEST_WAIT and not forever:
            return False
        if seconds > PROGRESS_SECONDS:
            self._report()
        # Who goes on forever looks meanwhile at what comes in, and at what else there is to send.
        self._stop.wait(max(0.0, min(seconds, RECEIPTS_SECONDS) if forever else seconds))
        if not forever:
            first.until = 0.0
        return True

    def _go_on(self, lane: Lane, done: Sequence[tuple[Claimed, Outcome]]) -> None:
        """Keeps outcomes, and hands over what comes next."""
        try:
            kept = [(message, outcome) for message, outcome in done if self._note(lane, message, outcome)]
            taken = self._turn(lane, kept)
        except DatabaseTrouble:
            lane.answered += done  # noting one twice does nothing
            raise
        left = list(taken.messages)
        try:
            while left:
                if (outcome := self._hand_over(lane, left[0])) is not None:
                    lane.answered.append((left[0], outcome))
                del left[0]
        except DatabaseTrouble:
            lane.answered += [(message, Throttled(0)) for message in left]  # nobody was given these
            raise
        if taken.wait:
            lane.leave_alone(taken.wait)
        elif taken.none_left:
            lane.blast = None

    @retried
    def _turn(self, lane: Lane, done: Sequence[tuple[Claimed, Outcome]]) -> _Taken:
        """In one transaction: keeps what was accepted or refused, and takes what comes next, if there is
        something and nobody said stop."""
        with self._database.transaction():
            for message, outcome in done:
                if isinstance(outcome, Accepted):
                    self._outbox.accept(message, outcome.id, outcome.segments)
                elif isinstance(outcome, Refused):
                    self._outbox.refuse(message, outcome.reason)
                    if outcome.reason == OPTED_OUT_THERE:
                        account_id = self._bodies.text(message).account_id
                        self._consent.opt_out(message.phone, account_id, how="carrier")
            if lane.blast is None or not self._may_go_on(lane):
                return _Taken()
            room = self._senders.caps.room(lane.sender, lane.room)
            if not room.texts:
                return _Taken(wait=room.wait)
            claimed = self._outbox.claim(lane.blast, room.texts)
            over = self._senders.caps.took(lane.sender, [message.phone for message in claimed])
            for message in claimed:
                if message.phone in over:
                    self._outbox.refuse(message, "people-cap")
            may = [message for message in claimed if message.phone not in over]
            return _Taken(may, none_left=len(claimed) < room.texts)

    def _hand_over(self, lane: Lane, message: Claimed) -> Outcome | None:
        """None: it is under way."""
        self._touched.add(message.blast_id)
        if self._outbox.is_stale(message):
            # The machine slept, or somebody else was slow: by now others may take the message for lost.
            return Throttled(0)
        text = self._bodies.text(message)
        if not text.notice and self._consent.is_out(message.phone, text.account_id):
            return Refused("opted-out")  # after it was queued
        if message.closes_at is not None and micros(self._present(text.account_id)) >= message.closes_at:
            return Refused("quiet-hours")  # it waited too long for its turn
        try:
            return lane.hand_over(message, self._outgoing(message))
        except WrongUsage:  # a moment ago its settings were right
            return Throttled(LONGEST_WAIT)

    def _note(self, lane: Lane, message: Claimed, outcome: Outcome) -> bool:
        """Keeps that it isn't known whether a text left, or that it hasn't. False; True: it is to be kept
        what else became of it."""
        self._touched.add(message.blast_id)
        lane.throttled = lane.throttled + 1 if isinstance(outcome, Throttled) else 0
        lane.silent = lane.silent + 1 if isinstance(outcome, NoAnswer) else 0
        match outcome:
            case NoAnswer(kind=kind):
                self._outbox.lose(message, kind)
                self._ask(message)
                lane.leave_alone(before_trying_again(SILENT_SECONDS, lane.silent - _SILENCES + 1))
            case Throttled(seconds=seconds):
                self._outbox.put_back(message)
                lane.leave_alone(before_trying_again(seconds, lane.throttled))
            case _:
                return True
        return False

    def _ask(self, message: Claimed) -> bool:
        """Asks the provider about a message that may have left or not. Whether it answered."""
        found = None
        with suppress(Exception):
            provider = self._senders.provider(self._bodies.text(message).sender)
            found = provider.lookup(self._outgoing(message), instant(message.since))
            if isinstance(found, NeverHad) and provider.profile.repeatable:
                self._outbox.send_again(message)
                self._touched.add(message.blast_id)
                return True
        if isinstance(found, Had) and self._outbox.found(message, found.id, found.segments):
            self._touched.add(message.blast_id)
        else:
            self._outbox.ask_later(message, answered=found is not None)
        return found is not None

    def _outgoing(self, message: Claimed) -> Outgoing:
        pictures = () if message.part else self._bodies.text(message).pictures
        body = self._bodies.body(message)
        return Outgoing(message.id, message.phone, body, pictures, message.segments)

    def _report(self) -> None:
        for blast_id in sorted(self._touched):
            self._on_progress(self._blasts.summary(blast_id))
        self._touched.clear()
        self._reported = monotonic()


def _now() -> float:
    """The clock of a worker and its lanes."""
    return monotonic()
