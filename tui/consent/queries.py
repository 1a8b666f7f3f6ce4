"""What the screen of consent asks of the store. Called in threads."""

from __future__ import annotations

from store import Store
from store.people.model import Said


def page(
    store: Store, account_id: int, search: str, after: Said | None, limit: int, *, only_out: bool
) -> tuple[list[Said], bool]:
    """A page of numbers: first those about which a person is to decide, then the others, the latest first.
    Whether there are no more."""
    found = store.consent.said(account_id, search, only_out=only_out, after=after, limit=limit)
    asking = {one.number: one for one in store.consent.review(account_id)}
    others = [one for one in found if one.number not in asking]
    first = list(asking.values()) if after is None and not search else []
    shown = others if not search else [asking.get(one.number, one) for one in found]
    return [*first, *shown], len(found) < limit
