"""Texts that leave later: the door to scheduling, moving and cancelling them, and to what is due."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from store.clock import Clock, instant, micros
from store.credits.catalog import NO_PLAN as _NO_PLAN
from store.credits.ledger import Ledger
from store.credits.model import Account
from store.database import Database, unit_of_work
from store.errors import RefusedByRule, WrongUsage, changed_since
from store.messages.audience import Audience
from store.messages.carrying import Carrying
from store.messages.departing import Departures, Look, leaves
from store.messages.drafts import Drafts, packed
from store.messages.estimate import Funds
from store.messages.model import Draft, Estimate, MessageKind, Waiting, When
from store.messages.occurrences import Repeated
from store.messages.providers import Picture
from store.messages.refusing import check
from store.messages.schedule_model import NO_PLAN, Scheduled
from store.messages.schedules import Schedules, repeated
from store.messages.senders import Senders
from store.messages.tables import Blast, Schedule
from store.people.addressbook import AddressBook
from store.people.consent import Consent
from store.roles import Role, needs, nobodys_doing
from store.sentences import sentence

MOST_AHEAD = timedelta(days=5 * 366)
"""How far ahead a text is scheduled."""

_ONLY_NOW = {"not-enough-credits", "crosses-threshold"}
"""Problems that nobody has with what is paid after the next renewal."""


class _Moved(NamedTuple):
    """What becomes of a scheduled text that is moved. at: its first time from then on; next_at: when the next
    of it leaves. later: whether it isn't held yet, since the account renews before."""

    at: datetime
    next_at: datetime
    look: Look
    found: Estimate
    later: bool


class Scheduling(Carrying):
    def __init__(
        self,
        database: Database,
        clock: Clock,
        ledger: Ledger,
        people: AddressBook,
        consent: Consent,
        senders: Senders,
        real: Clock,
    ) -> None:
        super().__init__(database, ledger, people, consent, senders, real)
        self._clock = clock
        self._drafts = Drafts(database, real)
        self._schedules = Schedules(database, ledger)
        self._departures = Departures(database, ledger, self._blasts, senders, self)

    @abstractmethod
    def planned(self, account_id: int, draft: Draft, when: When, *, got: Collection[str] = ()) -> Audience:
        """Who gets a draft at a time, and who doesn't, some having it already."""

    @abstractmethod
    def is_quiet_by_now(self, account_id: int, draft: Draft, planned: datetime, got: Collection[str]) -> bool:
        """Whether quiet hours have begun for anybody since an instant, besides those who got it."""

    @abstractmethod
    def funds(self, account_id: int) -> Funds:
        """What an account has for an estimate."""

    def scheduled(self, account_id: int) -> list[Scheduled]:
        """What is scheduled, soonest first, and before it what asks for a decision."""
        with self._database.connection():
            return self._schedules.all(self._ledger.account(account_id))

    def scheduled_look(self, id: int, at: datetime) -> Estimate:
        """What a scheduled text would cost at another time (UTC; now or past: at once), as far as it hasn't
        left: what a person agrees to who moves it there. Raises WrongUsage where there is none or that is too
        far ahead, RefusedByRule where it has left or was cancelled."""
        with self._database.connection():
            row = _open(self._schedules.row(id))
            return self._moved(self._ledger.account(row.account_id), row, at).found

    @unit_of_work(Role.SENDER)
    def move_scheduled(self, id: int, at: datetime, *, agreed: Estimate | None = None) -> Scheduled:
        """Has a scheduled text leave at another time (UTC; now or past: at once), and agrees anew to what it
        costs by now: so it also answers one that asks. One that is repeated goes on from its new time; one
        that is late and leaves at once keeps its times. agreed: what the person was shown
        (`scheduled_look`), all of which must still be true. Raises what `send` does, with nothing changed."""
        account_id = self._schedules.row(id).account_id
        now = self._ledger.present(account_id)
        with self._database.transaction():
            row = _open(self._schedules.take(id))
            account = self._ledger.account(account_id)
            moved = self._moved(account, row, at)
            check(moved.found, agreed)
            self._hold_anew(row, moved)
            people = moved.look.got + moved.found.recipients
            credits = self._blasts.credits(row.blast_id) + moved.found.credits
            self._schedules.change(
                row,
                at=micros(moved.at),
                next_at=micros(moved.next_at),
                state=Waiting.WAITING,
                asks=NO_PLAN if account.plan == _NO_PLAN else "",  # which is agreed to now
                agreed_at=micros(now),
                agreed_credits=credits,
                agreed_people=people,
            )
            expected = {"credits": credits, "recipients": people}
            self._database.run(Blast.update(expected).where(Blast.id == row.blast_id))
            scheduled = self._schedules.one(self._schedules.row(id), account)
        self.leave_due(account_id)
        return scheduled

    @unit_of_work(Role.SENDER)
    def cancel_scheduled(self, id: int) -> None:
        """Ends a scheduled text, and one that is repeated for good; what was held for it comes back. Raises
        WrongUsage where there is none, RefusedByRule where it has left or was cancelled."""
        with self._database.transaction():
            self.cancel(_open(self._schedules.take(id)).blast_id)

    @unit_of_work(Role.SENDER)
    def restore_scheduled(self, was: Scheduled) -> None:
        """Has a scheduled text leave after all that was cancelled before any of it had left: when and for
        what was agreed. Raises RefusedByRule where it isn't cancelled any more or its time is over, and
        NotEnoughCredits where what it held is gone; nothing is changed then."""
        with self._database.transaction():
            row = self._schedules.take(was.id)
            if row.state != Waiting.CANCELLED or self._schedules.phones(row.blast_id):
                raise changed_since()
            self._check_ahead(was)
            self._schedules.change(row, state=Waiting.WAITING, next_at=micros(was.next_at))
            if was.held:
                self._schedules.hold(row, was.credits, was.people, person=self._database.person.name)
            expected = {"credits": was.credits, "recipients": was.people}
            back = Blast.update(expected, cancelled=False, scheduled=True)
            self._database.run(back.where(Blast.id == row.blast_id))

    @unit_of_work(Role.SENDER)
    def move_back(self, was: Scheduled, now: Scheduled) -> None:
        """Has a scheduled text leave when it was to before it was moved. was, now: as it stood before and
        after that. Raises RefusedByRule where it stands otherwise by now, or that time is over, and what
        `move_scheduled` raises."""
        with self._database.transaction():
            row = self._schedules.take(was.id)
            if row.state != Waiting.WAITING or instant(row.next_at) != now.next_at:
                raise changed_since()
            self._check_ahead(was)
            self.move_scheduled(was.id, was.at)

    def _check_ahead(self, was: Scheduled) -> None:
        if was.next_at <= self._ledger.present(was.account_id):
            says = sentence("The time at which this text was to leave is over. Nothing was changed.")
            raise RefusedByRule(says, code="too-late")

    @unit_of_work(Role.SENDER)
    def cancel(self, blast_id: int) -> int:
        """Cancels what has not left yet, also what is scheduled, and gives its credits back. How many
        messages that were; of people whose time hasn't come there are none yet."""
        with self._database.transaction():
            if (id := self._schedules.of_blast(blast_id)) is not None:
                self._end(id, blast_id)
            return super().cancel(blast_id)

    def _end(self, id: int, blast_id: int) -> None:
        """What hasn't left doesn't, and the blast stands as what has."""
        row = self._schedules.take(id)
        if row.blast_id == blast_id and row.state in (Waiting.WAITING, Waiting.ASKS):
            self._schedules.release(row, row.held or 0, self._database.person.name)
            self._schedules.end(row, Waiting.CANCELLED)
            went = {
                "recipients": len(self._schedules.phones(blast_id)),
                "credits": self._blasts.credits(blast_id),
            }
            ended = Blast.update(went, cancelled=True, scheduled=False)
            self._database.run(ended.where(Blast.id == blast_id))

    def leave_due(self, account_id: int, *, until: datetime | None = None) -> None:
        """What is scheduled and due leaves: is queued, or asks for a decision. Nobody's doing. until: as the
        ledger has it played, on the way to its present."""
        with nobodys_doing(), self._database.connection():
            if until is None:
                self._departures.leave_due(account_id)
            else:
                self._departures.play(account_id, until)

    def _see_off(self) -> None:
        for account_id, at in self._schedules.first().items():
            account = self._ledger.account(account_id)
            stood = account.clock_floor if account.demo_clock else None
            if at <= self._clock.of(account_id, stood):
                self.leave_due(account_id)

    @needs(Role.OWNER)
    def doubt_queued(self) -> int:
        """Likewise, what is due asks: it may have left."""
        with self._database.transaction():
            for account_id in self._schedules.first():
                if not self._ledger.account(account_id).demo_clock:
                    self._schedules.doubt(account_id, self._clock.of(account_id, None))
            return super().doubt_queued()

    # Scheduling

    def _is_later(self, when: When, audience: Audience, now: datetime) -> bool:
        """Whether some of a text is to leave later."""
        waits = when.later and bool(audience.waits)
        return waits or bool(when.each_at or when.repeat) or (when.at is not None and when.at > now)

    def _renews_first(self, account: Account, at: datetime) -> bool:
        return at >= self._schedules.renews_at(account)

    def _from_now(self, account_id: int, when: When) -> When:
        """What is to leave at a time that is over leaves at once."""
        if when.at is None:
            return when
        now = self._ledger.present(account_id)
        _check_far(when.at, now)
        return when if when.at > now else replace(when, at=None)

    def _starts(self, account: Account, when: When, audience: Audience) -> datetime:
        """When the first of a text leaves."""
        now = self._ledger.present(account.id)
        return min(leaves(audience, max(when.at or now, now)).values(), default=now)

    def _schedule(
        self,
        account: Account,
        draft: Draft,
        when: When,
        audience: Audience,
        found: Estimate,
        pictures: Sequence[Picture],
    ) -> int:
        """Keeps a text to leave later, and holds its credits if it leaves before the next renewal. The number
        of its blast. Within the transaction that sends it. found: what it costs."""
        now, next_at = self._ledger.present(account.id), self._starts(account, when, audience)
        starts = max(when.at or now, now)
        product = self._ledger.product(account)
        sender = self._senders.of(account.id, demo_clock=account.demo_clock)
        blast_id = self._blasts.begin(
            account.id, now, draft, audience, product, pictures, sender, scheduled=True
        )
        kept = replace(draft, media=(), purpose=audience.purpose)
        added = Schedule.insert(
            account_id=account.id,
            blast=blast_id,
            draft=packed(kept),
            at=micros(starts),
            each_at=when.each_at,
            repeat=when.repeat,
            later=when.later,
            withdraws=when.withdraws,
            agreed_at=micros(now),
            agreed_credits=found.credits,
            agreed_people=found.recipients,
            next_at=micros(next_at),
            state=Waiting.WAITING,
            person=self._database.person.name,
        )
        row = self._schedules.row(int(self._database.run(added)))
        self._database.run(Blast.update(credits=found.credits).where(Blast.id == blast_id))
        if not self._renews_first(account, next_at):
            self._schedules.hold(row, found.credits, found.recipients, apart=_apart(found))
        return blast_id

    def _moved(self, account: Account, row: Any, at: datetime) -> _Moved:
        now = self._ledger.present(account.id)
        _check_far(at, now)
        to, times = max(at, now), repeated(row, account.timezone)
        begun = times.begun(instant(row.next_at))
        if to == begun or begun <= to == now:
            starts = begun
        else:
            starts, times = to, Repeated(to, times.repeat, account.timezone)
        look = self._departures.look(account, row, now, times, starts)
        next_at = min(look.leaves.values(), default=max(starts, now))
        later = self._renews_first(account, next_at) and not look.got
        found = beyond_renewal(look.found) if later else look.found
        return _Moved(times.first, next_at, look, found, later)

    def _hold_anew(self, row: Any, moved: _Moved) -> None:
        """Holds what a text costs at its new time, instead of what was held."""
        held, needed, by = row.held, moved.found.credits, self._database.person.name
        if held is not None and needed <= held and not moved.later:
            self._schedules.release(row, held - needed, by)
            self._schedules.change(row, held=needed)
            return
        if moved.look.got:
            says = sentence(
                "Part of this text has been sent. The rest needs {needed} credits, but only {held} "
                "are held for it. Nothing was changed. Cancel the rest, and send it as a new text.",
                needed=needed,
                held=held or 0,
            )
            raise RefusedByRule(says, code="partly-left")
        self._schedules.release(row, held or 0, by)
        self._schedules.change(row, held=None)
        if not moved.later:
            self._schedules.hold(row, needed, moved.found.recipients, apart=_apart(moved.found), person=by)


def beyond_renewal(found: Estimate) -> Estimate:
    """What an estimate says of a text that is paid after the next renewal."""
    return replace(
        found,
        crosses=0,
        buy=0,
        problems=tuple(problem for problem in found.problems if problem.code not in _ONLY_NOW),
    )


def _apart(found: Estimate) -> int:
    """Of an MMS, the credits for what goes behind the pictures."""
    if found.kind is MessageKind.SMS:
        return 0
    return found.credits - sum(line.recipients * line.credits_per_segment for line in found.by_rate)


def _open(row: Any) -> Any:
    """A row that waits or asks. Raises RefusedByRule where it did neither any more."""
    if row.state not in (Waiting.WAITING, Waiting.ASKS):
        says = sentence(
            "Scheduled text {id} was already sent or cancelled. Nothing was changed.", id=str(row.id)
        )
        raise RefusedByRule(says, code="has-left")
    return row


def _check_far(at: datetime, now: datetime) -> None:
    if at - now > MOST_AHEAD:
        says = sentence("You can schedule a text up to five years ahead. Choose an earlier time.")
        raise WrongUsage(says, code="too-far")
