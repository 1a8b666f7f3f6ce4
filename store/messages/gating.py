"""What a text's purpose asks of the people whom it goes to is looked up, and who doesn't pass is left out.
Within an open connection."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

from store.credits.ledger import Ledger
from store.credits.model import Account
from store.database import Database
from store.messages.acquaintance import got_marketing, texted_lately, wrote
from store.messages.audience import Audience
from store.messages.first_contact import first_line
from store.messages.gate import Gate, Hours, Known, default_purpose
from store.messages.model import AT_ONCE, Draft, Purpose, Recipient, When
from store.people.consent import Consent
from store.people.hours import hour_of_day, next_hour_in_all
from store.people.model import ConsentState
from store.people.zones import Whereabouts, whereabouts
from store.settings import Settings

ANSWERED = timedelta(days=30)
"""Whoever wrote within that time is in a conversation."""
DAYS_BETWEEN = 7
"""From one text to somebody to the next that is marketing, where nobody says so."""

_FEW = 20


class Policy(NamedTuple):
    """What an installation says of its texts. names: by which people know who writes; days_between: from a
    text to somebody to the next that is marketing, 0 any; catalog: the user's folder."""

    names: Callable[[], tuple[str, ...]] = tuple
    days_between: Callable[[], int] = lambda: DAYS_BETWEEN
    catalog: Callable[[], Path | None] = lambda: None


NO_POLICY = Policy()


class Gates:
    """Finds who of an audience gets a text, by what it is for."""

    def __init__(self, database: Database, ledger: Ledger, consent: Consent, policy: Policy) -> None:
        self._database = database
        self._ledger = ledger
        self._consent = consent
        self._policy = policy
        self._settings = Settings(database)

    def passed(
        self, account: Account, sender: str, audience: Audience, draft: Draft, when: When = AT_ONCE
    ) -> Audience:
        """sender: whose number it goes out from. Raises WrongUsage for what is no hour."""
        now = self._ledger.present(account.id)
        phones = [one.phone for one in audience.recipients]

        def all_wrote() -> bool:
            first, since = phones[:_FEW], now - ANSWERED
            return len(wrote(self._database, account.id, first, since)) == len(first) and len(
                wrote(self._database, account.id, phones, since)
            ) == len(phones)

        purpose = draft.purpose or default_purpose(len(phones), all_wrote)
        known = self._known(account.id, sender, phones, now) if purpose is Purpose.MARKETING else Known()
        gate = self._gate(account, draft, when, now)
        return gate.passed(audience, purpose, draft.why, known)

    def is_quiet_by_now(self, account: Account, people: Sequence[Recipient], planned: datetime) -> bool:
        """Whether quiet hours have begun for any of them since an instant that was to be."""
        now, hours = self._ledger.present(account.id), _quiet_hours(self._policy.catalog())
        for one in people:
            where = _where(account, one)
            if hours.opens(now, where) > now and hours.opens(planned, where) == planned:
                return True
        return False

    def needs_yes(self, account_id: int) -> bool:
        """Whether an account's marketing goes to those only who said yes."""
        return self._settings.read(_needs_yes(account_id)) == "yes"

    def set_needs_yes(self, account_id: int, needed: bool) -> None:
        self._settings.write(_needs_yes(account_id), "yes" if needed else "no")

    def _known(self, account_id: int, sender: str, phones: Collection[str], now: datetime) -> Known:
        states = self._consent.states(phones, account_id)
        days = self._policy.days_between()
        since = now - timedelta(days=days)
        return Known(
            yes={phone for phone, state in states.items() if state is ConsentState.IN},
            texted=texted_lately(self._database, account_id, phones, since) if days else {},
            got=got_marketing(self._database, sender, phones),
        )

    def _gate(self, account: Account, draft: Draft, when: When, now: datetime) -> Gate:
        where = partial(_where, account)
        start = when.at or now
        hour = hour_of_day(when.each_at)

        def starts(one: Recipient) -> datetime:
            return max(now, next_hour_in_all(start, hour, where(one).zones) if hour else start)

        folder = self._policy.catalog()
        return Gate(
            hours=_quiet_hours(folder),
            where=where,
            now=now,
            starts=starts if hour or start > now else None,
            own_hour=hour is not None,
            later=when.later,
            needs_yes=self.needs_yes(account.id),
            first_line=first_line(folder, draft.language, self._policy.names()),
            timezone=account.timezone,
        )


def _where(account: Account, one: Recipient) -> Whereabouts:
    return whereabouts(one.zone, one.address, one.phone, one.region, account.timezone)


def _quiet_hours(folder: Path | None) -> Hours:
    from store.messages.quiet_files import FILE

    own = folder / FILE if folder else None
    changed = own.stat().st_mtime_ns if own and own.exists() else 0
    return _read_hours(folder, changed)


@lru_cache(maxsize=2)
def _read_hours(folder: Path | None, _changed: int) -> Hours:
    from store.messages.quiet_files import quiet_hours

    return quiet_hours(folder)


def _needs_yes(account_id: int) -> str:
    return f"marketing-needs-yes.{account_id}"
