"""What an email's purpose asks of the people whom it goes to: as a text's does, but that quiet hours are the
law of texts and only told, and that of emails before it those count that were marketing. Within an open
connection."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from store.clock import micros
from store.credits.model import Account
from store.database import Database  # isort: split

from peewee import JOIN, fn

from store.emails.audience import EmailAudience
from store.emails.model import Status
from store.emails.tables import Campaign, Email, SmartPlan, Step
from store.messages.acquaintance import without_answers
from store.messages.gate import Circumstances, Gate, Known, Wording
from store.messages.gating import Gating
from store.messages.model import AT_ONCE, Draft, Purpose, When
from store.sentences import sentence, sentences

EMAILS = Wording(
    never=sentence("Never said yes to emails, and this account requires that for marketing."),
    lately=lambda day: sentence(
        "Already gets a marketing email on {day}, and hasn't written since.", day=day
    ),
    lately_code="emailed-lately",
    no_yes=lambda count: sentences(
        "{count} person never said yes to emails and is left out.",
        "{count} people never said yes to emails and are left out.",
        count,
    ),
    left_out=lambda count: sentences(
        "{count} person got a marketing email recently and is left out.",
        "{count} people got a marketing email recently and are left out.",
        count,
    ),
    unknown=lambda count, people: sentences(
        "{count} of {all} never said yes to emails.",
        "{count} of {all} never said yes to emails.",
        count,
        all=people,
    ),
    all_the_same=lambda count, people: sentences(
        "{count} of {all} got one recently and gets this anyway, for the reason you gave.",
        "{count} of {all} got one recently and get this anyway, for the reason you gave.",
        count,
        all=people,
    ),
)

_FEW = 50
"""Addresses that are looked up one by one; for more it is faster to read all that left lately."""


class EmailGates(Gating):
    """Finds who of an audience gets an email, by what it is for."""

    def passed(
        self,
        account: Account,
        audience: EmailAudience,
        draft: Draft,
        when: When = AT_ONCE,
        *,
        due: datetime | None = None,
    ) -> EmailAudience:
        """due: when a step of a SmartPlan was, by the account's clock, where this is one. Raises WrongUsage
        for what is no hour."""
        now = due or self._ledger.present(account.id)
        leaves = max(now, when.at or now)
        reached = {one.reach: one.address for one in audience.recipients}
        purpose = draft.purpose or self.default_purpose(account.id, audience, now)
        known = Known()
        if purpose is Purpose.MARKETING:
            days = self.days_between
            known = Known(
                yes=self.said_yes(account.id, reached),
                lately=_emailed_lately(self._database, account.id, reached, leaves, days, due),
            )
        gate = Gate[EmailAudience](self.circumstances(account, when, now), EMAILS)
        return self.at_once(gate.passed(audience, purpose, draft.why, known), when)

    def circumstances(self, account: Account, when: When, now: datetime) -> Circumstances:
        """What was to leave before now is as if it left now, at an hour that comes."""
        return super().circumstances(account, replace(when, at=max(now, when.at or now)), now)


def _emailed_lately(
    database: Database,
    account_id: int,
    addresses: Mapping[str, str],
    leaves: datetime,
    days: int,
    due: datetime | None,
) -> Mapping[str, datetime]:
    """When those who get a marketing email within so many days of an instant, before or after it, got or get
    the last one, unless they have written after it, by their addresses in lower case. addresses: by these, as
    they are written; due: when a SmartPlan's step was, where it is one: what comes after that doesn't count,
    whenever it is looked at, and neither do SmartPlans, on which people are put one by one."""
    since, until = leaves - timedelta(days=days), due or leaves + timedelta(days=days)
    marketing = Campaign.purpose == Purpose.MARKETING.value
    if due is None:
        marketing |= SmartPlan.purpose == Purpose.MARKETING.value
    if not days:
        return {}
    found = (
        Email.select(Email.address, fn.MAX(Email.at).alias("at"))
        .join(Campaign, JOIN.LEFT_OUTER)
        .switch(Email)
        .join(Step, JOIN.LEFT_OUTER)
        .join(SmartPlan, JOIN.LEFT_OUTER)
        .where(
            Email.account_id == account_id,
            Email.at >= micros(since),
            Email.at <= micros(until),
            Email.status.not_in((Status.FAILED.value, Status.CANCELLED.value)),
            marketing,
        )
    )
    if len(addresses) <= _FEW:
        found = found.where(_is_one_of(addresses))
    last: dict[str, int] = {}
    for row in database.fetch(found.group_by(Email.address)):
        reach = row.address.lower()
        if reach in addresses:
            last[reach] = max(row.at, last.get(reach, 0))
    return without_answers(database, account_id, last, since)


def _is_one_of(addresses: Mapping[str, str]) -> Any:
    """That an email went to one of a few addresses: as it is written, which the index finds, or in small
    letters."""
    spelled: Collection[str] = {*addresses, *addresses.values()}
    return Email.address.in_(sorted(spelled))
