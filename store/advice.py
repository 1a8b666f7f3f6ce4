"""Which plan fits: what the ledger knows of an account beside how many people it writes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account, PlanOffer


def plan_offers(store: Store, account: Account, *, billing: str | None = None) -> list[PlanOffer]:
    """See `Ledger.plan_offers`; where plans are made for a community's size, a smaller one never fits."""
    people = store.people.count() if store.credits.product(account).for_communities else 0
    return store.credits.plan_offers(account.id, billing=billing, people=people)
