"""What a text's purpose asks of the people whom it goes to is looked up, and who doesn't pass is left out.
Within an open connection."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from store.credits.catalog_files import own_or_shipped
from store.credits.ledger import Ledger
from store.credits.model import Account
from store.database import Database
from store.messages.acquaintance import got_marketing, texted_lately, wrote
from store.messages.audience import Audience, Gathered
from store.messages.first_contact import first_line
from store.messages.gate import TEXTS, A, Circumstances, Hours, Known, TextGate, default_purpose, noted
from store.messages.model import AT_ONCE, Draft, Problem, Purpose, Reached, Recipient, When
from store.people.consent import Consent
from store.people.hours import hour_of_day, next_hour_in_all
from store.people.model import ConsentState
from store.people.zones import Whereabouts
from store.sentences import sentence
from store.settings import Settings

ANSWERED = timedelta(days=30)
"""Whoever wrote within that time is in a conversation."""
DAYS_BETWEEN = 7
"""From one text to somebody to the next that is marketing, where nobody says so."""

_LEEWAY = timedelta(hours=2)
"""What is sent again every week is a week apart, though clocks were put forward and it left late before."""
_FEW = 20


class Policy(NamedTuple):
    """What an installation says of its texts. names: by which people know who writes; days_between: from a
    text to somebody to the next that is marketing, 0 any; catalog: the user's folder."""

    names: Callable[[], tuple[str, ...]] = tuple
    days_between: Callable[[], int] = lambda: DAYS_BETWEEN
    catalog: Callable[[], Path | None] = lambda: None


NO_POLICY = Policy()


class Gating:
    """What the gates of texts and of emails ask of an account."""

    def __init__(self, database: Database, ledger: Ledger, consent: Consent, policy: Policy) -> None:
        self._database = database
        self._ledger = ledger
        self._consent = consent
        self._policy = policy
        self._settings = Settings(database)

    def needs_yes(self, account_id: int) -> bool:
        """Whether an account's marketing goes to those only who said yes."""
        return self._settings.read(_needs_yes(account_id)) == "yes"

    def set_needs_yes(self, account_id: int, needed: bool) -> None:
        self._settings.write(_needs_yes(account_id), "yes" if needed else "no")

    def circumstances(self, account: Account, when: When, now: datetime) -> Circumstances:
        """Raises WrongUsage for what is no hour."""

        def where(one: Reached) -> Whereabouts:
            return one.where(account.timezone)

        start = when.at or now
        hour = hour_of_day(when.each_at)

        def was_to(one: Reached) -> datetime:
            return next_hour_in_all(start, hour, where(one).zones) if hour else start

        def starts(one: Reached) -> datetime:
            return max(now, was_to(one))

        return Circumstances(
            hours=_quiet_hours(self._policy.catalog()),
            where=where,
            now=now,
            starts=starts if hour or start > now else None,
            own_hour=hour is not None,
            needs_yes=self.needs_yes(account.id),
            timezone=account.timezone,
            was_to=was_to,
        )

    def said_yes(self, account_id: int, reached: Collection[str]) -> set[str]:
        """Who of these did."""
        states = self._consent.states(reached, account_id)
        return {one for one, state in states.items() if state is ConsentState.IN}

    def default_purpose(self, account_id: int, audience: Gathered[Any], now: datetime) -> Purpose:
        """What is meant where nobody says, which leaves nobody out."""
        places, since = [one.reach for one in audience.letting().recipients], now - ANSWERED

        def all_wrote() -> bool:
            return all(
                len(wrote(self._database, account_id, some, since)) == len(some)
                for some in (places[:_FEW], places)
            )

        return default_purpose(len(places), all_wrote)

    @staticmethod
    def at_once(audience: A, when: When) -> A:
        """An audience, with what is wrong where an emergency is to wait."""
        if audience.purpose is not Purpose.EMERGENCY or when == AT_ONCE:
            return audience
        says = sentence("An emergency text goes out at once and can't be scheduled. Nothing was sent.")
        return noted(audience, Problem("emergency-waits", says, blocking=True))

    @property
    def days_between(self) -> int:
        """From one thing to somebody to the next that is marketing, 0 any."""
        return self._policy.days_between()


class Gates(Gating):
    """Finds who of an audience gets a text, by what it is for."""

    def passed(
        self, account: Account, sender: str, audience: Audience, draft: Draft, when: When = AT_ONCE
    ) -> Audience:
        """sender: whose number it goes out from. Raises WrongUsage for what is no hour."""
        now = self._ledger.present(account.id)
        phones = [one.phone for one in audience.recipients]
        purpose = draft.purpose or self.default_purpose(account.id, audience, now)
        known, at = Known(), self.circumstances(account, when, now)
        if purpose is Purpose.MARKETING:
            known = Known(
                yes=self.said_yes(account.id, phones),
                lately=self._texted_lately(account, audience.recipients, draft, when, at),
                got=got_marketing(self._database, sender, phones),
            )
        gate = TextGate(
            at,
            TEXTS,
            when.later,
            first_line(self._policy.catalog(), draft.language, self._policy.names()),
        )
        return self.at_once(gate.passed(audience, purpose, draft.why, known), when)

    def _texted_lately(
        self, account: Account, people: Sequence[Recipient], draft: Draft, when: When, at: Circumstances
    ) -> Mapping[str, datetime]:
        """Who of these was texted too shortly before it leaves for them, and when."""
        between = timedelta(days=self.days_between) - _LEEWAY
        if not self.days_between:
            return {}

        def leaves(one: Recipient) -> datetime:
            return at.hours.opens(at.leaves(one), at.where(one)) if when.later else at.leaves(one)

        phones = [one.phone for one in people]
        # On a SmartPlan people are put one by one: what somebody writes them besides doesn't stop it.
        lately = texted_lately(
            self._database, account.id, phones, at.now - between, draft.besides, marketing=draft.of_plan
        )
        some = [one for one in people if one.phone in lately]
        return {one.phone: lately[one.phone] for one in some if lately[one.phone] >= leaves(one) - between}

    def is_quiet_by_now(self, account: Account, people: Sequence[Recipient], planned: datetime) -> bool:
        """Whether quiet hours have begun for any of them since an instant that was to be."""
        now, hours = self._ledger.present(account.id), _quiet_hours(self._policy.catalog())
        for one in people:
            where = one.where(account.timezone)
            if hours.opens(now, where) > now and hours.opens(planned, where) == planned:
                return True
        return False


def _quiet_hours(folder: Path | None) -> Hours:
    from store.messages.quiet_files import FILE

    return _read_hours(folder, own_or_shipped(folder, FILE).stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read_hours(folder: Path | None, _changed: int) -> Hours:
    from store.messages.quiet_files import quiet_hours

    return quiet_hours(folder)


def _needs_yes(account_id: int) -> str:
    return f"marketing-needs-yes.{account_id}"
