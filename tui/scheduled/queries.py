"""What the list of scheduled texts asks of the store. Called in threads."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, TypeAlias

from store import Store
from store.credits.model import Account
from store.emails.model import CampaignSummary
from store.messages.model import Estimate, Waiting
from store.messages.schedule_model import Scheduled

Line: TypeAlias = Scheduled | CampaignSummary
MOST_CAMPAIGNS = 500
"""Campaigns among which those are looked for that leave later."""


class Found(NamedTuple):
    """What leaves later, what asks first. now: the account's present, UTC."""

    lines: list[Line]
    now: datetime


def listed(store: Store, account: Account) -> Found:
    """Of an account for texts its texts, of one for emails its emails."""
    now = store.credits.present(account.id)
    if store.credits.product(account).sends == "texts":
        return Found([*store.messages.scheduled(account.id)], now)
    campaigns = store.emails.campaigns(account.id, limit=MOST_CAMPAIGNS)
    later = [one for one in campaigns if one.waits and one.at > now]
    return Found([*sorted(later, key=lambda one: one.at)], now)


def looked(store: Store, one: Scheduled) -> Estimate:
    """What it takes as things stand: at its time; now, where it asks."""
    now = store.credits.present(one.account_id)
    return store.messages.scheduled_look(one.id, now if one.state is Waiting.ASKS else one.at)
