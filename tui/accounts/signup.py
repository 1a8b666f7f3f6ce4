"""What an account can be opened with, for the form that asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.credits.catalog import TwoRates
from store.credits.catalog_files import Catalog
from store.sentences import Sentence, sentence, sentences

if TYPE_CHECKING:
    from store.credits.catalog import Plan, Product


@dataclass(frozen=True, slots=True)
class Choices:
    """What an account will be opened with. country: ISO 3166-1 alpha-2; timezone: an IANA name; anchor_day:
    the day of the month on which it renews, where the product has none of its own; 0 for today's."""

    product: str
    plan: str
    billing: str
    anchor_day: int
    timezone: str
    country: str


def first_product(catalog: Catalog) -> Product:
    """The product that the form begins with: the first one that sends texts."""
    products = list(catalog.products.values())
    return next((product for product in products if product.sends == "texts"), products[0])


def offered(product: Product) -> Sequence[Plan]:
    """What an account can be opened with: its plans, and its trial."""
    return (*product.plans, product.trial) if product.trial else product.plans


def about(product: Product) -> Sentence:
    """What one of its credits is worth."""
    name, rates = sentence(product.name), product.rates
    if product.sends == "emails":
        return sentence("{product}: email your contacts, with a monthly number of emails.", product=name)
    if isinstance(rates, TwoRates):
        return sentence(
            "{product}: a one-segment text costs {domestic} to the US and Canada, {elsewhere} elsewhere.",
            product=name,
            domestic=sentences("{count} credit", "{count} credits", rates.domestic),
            elsewhere=rates.elsewhere,
        )
    return sentence(
        "{product}: a one-segment text costs {domestic} to the US; other countries have their own rates.",
        product=name,
        domestic=sentences("{count} credit", "{count} credits", product.rate("US")),
    )
