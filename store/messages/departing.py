"""A scheduled text leaves, or a part of it: who gets it and what it costs is looked at anew, and either that
is what a person agreed to, or nothing leaves and it asks.

Each departure is one transaction, in which nobody else changes the account or the row: whoever is killed
leaves it done or not begun, and whoever comes second finds it done.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from store.clock import instant, micros
from store.credits.catalog import NO_PLAN, Product
from store.credits.ledger import Ledger
from store.credits.model import Account
from store.database import Database
from store.errors import DatabaseTrouble, TextmeterError
from store.messages import conversations
from store.messages import estimate as estimates
from store.messages import schedule_model as model
from store.messages.audience import Audience
from store.messages.blasts import Blasts
from store.messages.estimate import Funds
from store.messages.media import Attachments
from store.messages.model import Draft, Estimate, LeftOut, Recipient, Waiting, When
from store.messages.occurrences import Repeated
from store.messages.schedules import Schedules, draft_of, repeated, when_of
from store.messages.senders import Senders
from store.messages.tables import Blast, Incoming
from store.sentences import sentence

LATEST = timedelta(hours=1)
"""A text that is later than this asks whether it is still to leave."""
ON_TIME = timedelta(minutes=1)
"""A text that isn't later than this is on time."""

_NOT_ASKED = {"not-enough-credits", "no-recipients"}
"""Problems of an estimate that aren't looked at: what is held isn't among what is available, and where nobody
is left, nothing leaves."""
_NO_GROUP = "empty-group"
"""A group that was agreed to and isn't there: it may have another name by now."""
_REPLIED = sentence("They have written back since this was scheduled.")


class Asking(Protocol):
    """What is asked of whoever composes texts."""

    def planned(
        self, account_id: int, draft: Draft, when: When, *, got: Collection[str] = ()
    ) -> Audience: ...

    def is_quiet_by_now(
        self, account_id: int, draft: Draft, planned: datetime, got: Collection[str]
    ) -> bool: ...

    def funds(self, account_id: int) -> Funds: ...


class Look(NamedTuple):
    """How a scheduled text stands at an instant. audience: who hasn't got it yet. leaves: when it leaves for
    each of them, by number. found: what it costs. got: how many have got it before."""

    audience: Audience
    leaves: Mapping[str, datetime]
    found: Estimate
    got: int

    def due(self, by: datetime) -> Audience:
        """Those for whom it leaves by an instant."""
        return only(self.audience, [one for one in self.audience.recipients if self.leaves[one.phone] <= by])

    def next_at(self, after: datetime) -> datetime | None:
        """When the next of it leaves."""
        return min((at for at in self.leaves.values() if at > after), default=None)


class Departures:
    """asks: who gets a text, and what there is to pay it."""

    def __init__(
        self, database: Database, ledger: Ledger, blasts: Blasts, senders: Senders, asks: Asking
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._blasts = blasts
        self._senders = senders
        self._asks = asks
        self._schedules = Schedules(database, ledger)

    def play(self, account_id: int, until: datetime) -> None:
        """What happens until an instant: of an account with a demo clock, all of it in its order, each as of
        its own instant. By the real clock, only what is held since a period began; a text leaves when
        somebody is there to see it off."""
        account = self._ledger.account(account_id)
        with self._ledger.as_of(account.id, account.clock_floor):  # nothing is due by then
            self._schedules.begun_period(account)
        while account.demo_clock and (due := self._schedules.next(account.id, until)):
            self._leave(account, due.id, instant(due.next_at))

    def leave_due(self, account_id: int) -> None:
        """All that is due now leaves."""
        now = self._ledger.present(account_id)
        account = self._ledger.account(account_id)
        self._schedules.begun_period(account)
        while due := self._schedules.next(account.id, now):
            self._leave(account, due.id, instant(due.next_at) if account.demo_clock else now)

    def _leave(self, account: Account, id: int, at: datetime) -> None:
        with self._ledger.as_of(account.id, at):
            self._database.retry(lambda: self._depart(account.id, id))

    def _depart(self, account_id: int, id: int) -> None:
        now = self._ledger.present(account_id)
        with self._database.transaction():
            row = self._schedules.take(id)
            if row.state != Waiting.WAITING or instant(row.next_at) > now:
                return  # somebody else was faster
            account = self._ledger.account(account_id)
            times = repeated(row, account.timezone)
            try:
                if code := self._missed(account, row, now):
                    self._schedules.ask(row, code)
                    return
                look = self.look(account, row, now, times, times.begun(instant(row.next_at)))
            except DatabaseTrouble:
                raise
            except TextmeterError as error:  # a product that the catalog lacks by now, a file with a mistake
                self._schedules.ask(row, error.code)
                return
            if code := self._asks_why(row, look):
                self._schedules.ask(row, code)
            else:
                self._go(account, row, look, now)

    def _missed(self, account: Account, row: Any, now: datetime) -> str:
        if account.plan == NO_PLAN and row.asks != model.NO_PLAN:
            return model.NO_PLAN
        planned = instant(row.next_at)
        if account.demo_clock or now - planned <= ON_TIME:
            return ""
        if now - planned > LATEST:
            return model.MISSED
        got = self._schedules.phones(row.blast_id)
        is_quiet = self._asks.is_quiet_by_now(account.id, draft_of(row), planned, got)
        return model.MISSED if is_quiet else ""

    def _asks_why(self, row: Any, look: Look) -> str:
        """Why it doesn't leave by itself, "" where it does."""
        people = look.found.recipients
        fewer = look.got + people < row.agreed_people
        if fewer and any(one.code == _NO_GROUP for one in look.audience.refused):
            return _NO_GROUP
        if not people:
            return ""
        for problem in look.found.problems:
            if problem.blocking and problem.code not in _NOT_ASKED:
                return problem.code
        most = row.agreed_credits if row.held is None else row.held
        if look.found.credits > most or look.got + people > row.agreed_people:
            return model.MORE
        if row.held is None and not self._schedules.hold_or_ask(row):
            return model.CREDITS
        return ""

    def _go(self, account: Account, row: Any, look: Look, now: datetime) -> None:
        """It leaves for all for whom it is due by now."""
        row = self._schedules.row(row.id)  # which may hold its credits only now
        due, next_at = look.due(now), look.next_at(now)
        product = self._ledger.product(account)
        if account.demo_clock:  # whose time is played: nothing comes too late
            due = replace(due, closes={})
        if due.recipients and not look.got:
            self._begin(account, row, product, now)
        before = self._blasts.credits(row.blast_id)
        spent = self._blasts.fill(row.blast_id, due, product) - before
        rest = look.found.credits - spent if next_at else 0
        left = (row.held or 0) - spent
        people = look.got + len(due.recipients)
        if next_at:
            self._schedules.change(row, next_at=micros(next_at), held=left)
            people = look.got + look.found.recipients
        else:
            self._schedules.release(row, left)
        self._database.run(
            Blast.update(
                recipients=people,
                credits=self._blasts.credits(row.blast_id) + rest,
                cancelled=not people,
                scheduled=next_at is not None,
            ).where(Blast.id == row.blast_id)
        )
        if due.recipients and people == 1:
            said = self._blasts.as_sent([row.blast_id])[row.blast_id].body
            conversations.wrote(self._database, account.id, due.recipients[0].phone, said, now)
        if next_at is None:
            self._come_again(account, row, product, look, now)

    def _begin(self, account: Account, row: Any, product: Product, now: datetime) -> None:
        """Its first part leaves, from whom it would by now."""
        sender = self._senders.of(account.id, demo_clock=account.demo_clock)
        begun = Blast.update(created_at=micros(now), sender=sender, charged_on=product.charged_on)
        self._database.run(begun.where(Blast.id == row.blast_id))

    def _come_again(self, account: Account, row: Any, product: Product, look: Look, now: datetime) -> None:
        """What comes after a time that is over."""
        starts = repeated(row, account.timezone).after(max(instant(row.next_at), now))
        if starts is None:
            self._schedules.end(row, Waiting.DONE)
            return
        blast_id = self._blasts.begin(
            account.id,
            now,
            draft_of(row),
            look.audience,
            product,
            self._blasts.pictures(row.blast_id),
            self._senders.of(account.id, demo_clock=account.demo_clock),
            scheduled=True,
            person=row.person,
        )
        expected = {"credits": row.agreed_credits, "recipients": row.agreed_people}
        self._database.run(Blast.update(expected).where(Blast.id == blast_id))
        again = self._asks.planned(account.id, draft_of(row), replace(when_of(row), at=starts))
        next_at = min(leaves(again, starts).values(), default=starts)
        self._schedules.change(row, blast=blast_id, next_at=micros(next_at), held=None)
        if next_at < self._schedules.renews_at(account):
            self._schedules.hold_or_ask(self._schedules.row(row.id))

    # What is looked at

    def look(self, account: Account, row: Any, now: datetime, times: Repeated, begun: datetime) -> Look:
        """times: when it leaves; begun: that of them which is looked at."""
        when = replace(when_of(row), at=begun)
        got = self._schedules.phones(row.blast_id)
        audience = self._asks.planned(account.id, draft_of(row), when, got=got)
        if got:  # who isn't left out, though it may be too soon for another one
            left_out = tuple(one for one in audience.left_out if one.phone not in got)
            people = [one for one in audience.recipients if one.phone not in got]
            audience = replace(only(audience, people), left_out=left_out)
        if when.withdraws:
            audience = self._without_who_wrote(audience, row)
        # Who would still wait when it leaves again gets it then.
        again, waits = times.after(max(begun, now)), leaves(audience, max(begun, now))
        staying = [one for one in audience.recipients if again is None or waits[one.phone] < again]
        audience = only(audience, staying)
        pictures = Attachments(len(self._blasts.pictures(row.blast_id)))
        product, funds = self._ledger.product(account), self._asks.funds(account.id)
        if row.held:
            funds = replace(funds, allotted=funds.allotted + row.held, held=funds.held - row.held)
        found = estimates.estimate(row.body, audience, product, funds, pictures)
        return Look(audience, leaves(audience, max(begun, now)), found, len(got))

    def _without_who_wrote(self, audience: Audience, row: Any) -> Audience:
        wrote = Incoming.select(Incoming.phone).where(
            Incoming.account_id == row.account_id, Incoming.at > row.agreed_at
        )
        phones = {one.phone for one in self._database.fetch(wrote.distinct())}
        replied = [one for one in audience.recipients if one.phone in phones]
        out = [LeftOut(one.name or one.phone, _REPLIED, "replied", one.phone, one.contact) for one in replied]
        staying = only(audience, [one for one in audience.recipients if one.phone not in phones])
        return replace(staying, left_out=(*audience.left_out, *out))


def leaves(audience: Audience, starts: datetime) -> dict[str, datetime]:
    """When a text leaves for each of its recipients, by number; starts: for those of whom it isn't said."""
    return {one.phone: audience.waits.get(one.phone, starts) for one in audience.recipients}


def only(audience: Audience, recipients: Sequence[Recipient]) -> Audience:
    """The audience with these of its recipients."""
    if len(recipients) == len(audience.recipients):
        return audience
    return replace(audience, recipients=tuple(recipients), _grouped={})
