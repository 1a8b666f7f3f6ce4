"""What the templates' screens ask of the store. Called in threads."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from store import Store
from store.credits.catalog import Product
from store.credits.model import Account
from store.messages.audience import Audience
from store.messages.estimate import Funds
from store.messages.model import Draft, Recipient, Template


class Means(NamedTuple):
    """What the cost of a template hangs on. audience: somebody at home of whom nothing is known, so that
    fallbacks stand in their places; it knows the fields that there are."""

    audience: Audience
    product: Product
    funds: Funds


def means(store: Store, account: Account) -> Means:
    """By an account's rates, in its country."""
    nobody = store.messages.audience(account.id, Draft())
    somebody = replace(nobody, recipients=(Recipient("", account.country),))
    return Means(somebody, store.credits.product(account), store.messages.funds(account.id))


def listed(store: Store, account: Account, language: str) -> tuple[list[Template], Means]:
    """Those that are offered to an account, by name."""
    found = means(store, account)
    return store.templates.all(language, community=found.product.for_communities), found
