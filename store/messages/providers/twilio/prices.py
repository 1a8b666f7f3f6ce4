"""What Twilio takes for a text, country by country, from its Pricing API.

A country has a price for each of its networks and kind of our number. What holds here is the dearest of those
that are in force, so that no text costs more than its credits; but for short codes, which have contracts of
their own, where there is any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal, InvalidOperation
from typing import Any

from store.messages.providers import Finding, NoPrices, Price, PriceList, Severity
from store.messages.providers.asking import Said, Trouble
from store.messages.providers.twilio import checking
from store.messages.providers.twilio.api import Api
from store.sentences import sentence

AT_ONCE = 4
"""Countries: the list itself has no prices."""


def price_list(api: Api) -> PriceList:
    """All countries. Raises NoPrices."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        try:
            listed = api.ask(lambda: api.client.pricing.v1.messaging.countries.list(limit=1_000))
            regions = {str(country.iso_country) for country in listed}
            found = list(threads.map(lambda region: (region, _price(api, region)), sorted(regions)))
        except Trouble as trouble:
            threads.shutdown(cancel_futures=True)
            raise NoPrices(checking.finding_of(trouble)) from None
    by_region = {region: price for region, price in found if price is not None}
    if not by_region:
        raise NoPrices(
            Finding(
                Severity.ERROR,
                sentence("Twilio's price list is empty."),
                sentence("Try again later, or see twilio.com/sms/pricing."),
            )
        )
    return PriceList("pricing.twilio.com", by_region)


def _price(api: Api, region: str) -> Price | None:
    """None for a country without a price that can be read."""
    try:
        country = api.ask(lambda: api.client.pricing.v1.messaging.countries(region).fetch())
    except Said as said:
        if said.status != 404:
            raise
        return None
    kinds = list(_amounts(country.outbound_sms_prices))
    amounts = [amount for kind, amount in kinds if kind != "shortcode"] or [amount for _, amount in kinds]
    return Price(max(amounts), str(country.price_unit).upper()) if amounts else None


def _amounts(networks: Any) -> Iterator[tuple[str, Decimal]]:
    """The prices that can be read, each with the kind of our number that it is for."""
    for network in networks if isinstance(networks, list) else ():
        prices = network.get("prices") if isinstance(network, dict) else None
        for one in prices if isinstance(prices, list) else ():
            try:
                amount = Decimal(str(one["current_price"]))
            except (InvalidOperation, TypeError, LookupError):
                continue
            if amount.is_finite() and amount >= 0:
                yield str(one.get("number_type")), amount
