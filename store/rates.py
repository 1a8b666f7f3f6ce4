"""The user's own card of country rates, made from what their provider charges.

A credit pays for as much as it is sold for at its cheapest: one by one, or as a part of a plan's month. So a
segment costs its price divided by that, rounded up, and one credit at least; whoever sells credits at this
rate never loses on a text. By this rule the card that comes with Textmeter was made, too.

Of a card nothing else is touched: countries that the provider doesn't name keep their lines, and columns that
we don't know their values. What an MMS costs, and countries on no card, stand in the product's file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import Enum, auto
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from store.clock import local_date
from store.config import catalog_folder
from store.credits.catalog import Product, RateCard
from store.credits.catalog_files import MOST_CREDITS, SHIPPED, card_of, card_text
from store.errors import RefusedByRule, TextmeterError, reason
from store.files import write_private
from store.messages.providers import NoPrices, Price, Priced
from store.paths import FilesOutOfReach, files_within_reach
from store.roles import Role
from store.sentences import Sentence, sentence
from store.texts.phones import regions

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account

CURRENCY = "USD"
"""That of all prices in the catalog."""

_MOST = 1_000
"""Main units for one segment; what is dearer is a mistake."""
_EXACT = Decimal("0.000001")
_ADDED = ("region", "usd_per_sms", "credits", "source", "on")
"""The columns that a card has when it was made here."""


class Way(Enum):
    """How a country's rate changes. NEW: it had no line of its own on the card."""

    NEW = auto()
    RISES = auto()
    FALLS = auto()
    SAME = auto()


class Change(NamedTuple):
    """What one segment to a country costs before and after, in credits."""

    region: str
    before: int
    after: int
    way: Way


class NewCard(NamedTuple):
    """A card as it would be, for `apply`. changes: all countries that a text can go to, by their letters.
    left: how many lines of the card the provider has no price for. path: where the card goes. text: all of
    it; was: what it is made from."""

    source: str
    changes: tuple[Change, ...]
    left: int
    path: Path
    text: str
    was: str

    def of(self, *ways: Way) -> list[Change]:
        """Those that change so."""
        return [change for change in self.changes if change.way in ways]

    @property
    def is_other(self) -> bool:
        """Whether any country's rate or line is another than before."""
        return len(self.of(Way.SAME)) < len(self.changes)


class Applied(NamedTuple):
    """path: of the card. backup: where the one that was there is kept, None where there was none."""

    path: Path
    backup: Path | None


def credits_for(amount: Decimal, worth: Fraction) -> int:
    """Credits for one segment. amount, worth: its price, and what a credit pays for, in main units."""
    parts = (amount / _EXACT).to_integral_value(ROUND_CEILING)
    return max(1, ceil(Fraction(int(parts), 10**6) / worth))


def worth(product: Product) -> Fraction:
    """What a credit is sold for at its cheapest, in main units of CURRENCY."""
    sold = [
        Fraction(plan.price_cents, plan.credits)
        for plan in product.plans
        if plan.price_cents and plan.credits
    ]
    if product.purchases:
        sold.append(Fraction(product.purchases.cents))
    if not sold:
        raise RefusedByRule(
            sentence(
                "{product} doesn't sell credits, so prices can't be converted to credits. Nothing "
                "was changed. Write the rates into the catalog by hand.",
                product=product.id,
            ),
            code="no-price-of-credits",
        )
    return min(sold) / 100


def refreshed(store: Store, account: Account) -> NewCard:
    """Asks the provider that carries an account's texts for its prices. Nothing is changed, but a card that
    others changed is taken into use. May take a minute. Raises RefusedByRule (codes "role", "no-files",
    "no-rate-card", "no-price-list", "no-price-of-credits", "other-currency"), TextmeterError ("no-prices")
    where the provider doesn't tell them, and CatalogMistake."""
    _check(store)
    product = store.credits.product(account)
    card = product.rates
    if not isinstance(card, RateCard):
        raise RefusedByRule(
            sentence(
                "{product} has no rates by country, so there is nothing to refresh. Nothing was "
                "changed. Its rates are in its catalog file.",
                product=product.id,
            ),
            code="no-rate-card",
        )
    value = worth(product)
    path = (store.catalog.folder or catalog_folder()) / card.file
    source, prices = _asked(store, account, path)
    there = path.is_file()
    was = card_text(path if there else SHIPPED / card.file)
    before = card._replace(by_region=card_of(path, was))
    if there and before != card:  # somebody changed it while this runs
        store.catalog.read_again(path.parent)
    made = {region: min(credits_for(price.amount, value), MOST_CREDITS) for region, price in prices.items()}
    after = card._replace(by_region={**before.by_region, **made})
    today = local_date(store.clock.now(), account.timezone)
    text = _written(path, was, prices, after.by_region, source, today)
    left = len(before.by_region.keys() - made.keys())
    return NewCard(source, tuple(_changes(before, after)), left, path, text, was)


def apply(store: Store, card: NewCard) -> Applied:
    """Puts a new card into the user's catalog, whole or not at all, beside a copy of the one that is there,
    and takes it into use here; others that run read it when they begin. Raises RefusedByRule (codes "role",
    "no-files", "rates-changed" where the card isn't any more what the new one was made from) and
    TextmeterError ("catalog") where it can't be written."""
    _check(store)
    there = card.path.is_file()
    if card_text(card.path if there else SHIPPED / card.path.name) != card.was:
        raise RefusedByRule(
            sentence(
                "The rates have changed in the meantime. Nothing was changed. Check the differences again."
            ),
            code="rates-changed",
        )
    try:
        backup = _backed_up(card) if there else None
        write_private(card.path, card.text, mode=0o644)
    except OSError as error:
        raise TextmeterError(
            sentence(
                "Can't write the rates to {path} ({why}). Nothing was changed. Free some space or "
                "get permission to write there, and try again.",
                path=str(card.path),
                why=reason(error),
            ),
            code="catalog",
        ) from error
    store.catalog.read_again(card.path.parent)
    return Applied(card.path, backup)


def _check(store: Store) -> None:
    store.person.check(Role.OWNER)
    if not files_within_reach():
        raise FilesOutOfReach


def _asked(store: Store, account: Account, path: Path) -> tuple[str, dict[str, Price]]:
    """The provider's prices that can be used, by region, and where they are from."""
    sender = store.senders.of(account.id, demo_clock=account.demo_clock)
    provider = store.senders.provider(sender)
    if not isinstance(provider, Priced):
        raise RefusedByRule(_no_list(store, sender, path), code="no-price-list")
    try:
        told = provider.prices()
    except NoPrices as error:
        todo = error.finding.what_to_do
        raise TextmeterError(
            sentence("{why} Nothing was changed. {todo}", why=error.finding.says, todo=todo or ""),
            code="no-prices",
        ) from error
    known = regions()
    right = {
        region: price
        for region, price in told.by_region.items()
        if region in known and price.amount.is_finite() and 0 <= price.amount < _MOST
    }
    ours = {region: price for region, price in right.items() if price.currency == CURRENCY}
    if not ours:
        raise RefusedByRule(
            sentence(
                "The prices at {source} are in {currencies}, but credits are sold in {currency}. "
                "Nothing was changed. Write the rates into {path} by hand.",
                source=told.source,
                currencies=", ".join(sorted({price.currency for price in right.values()})) or "-",
                currency=CURRENCY,
                path=str(path),
            ),
            code="other-currency",
        )
    return told.source, ours


def _no_list(store: Store, sender: str, path: Path) -> Sentence:
    if not sender:
        return sentence(
            "This account's texts are simulated, so there are no prices for them. Nothing was "
            "changed. Set up a sender with `textmeter sender set`, or write the rates into "
            "{path} by hand.",
            path=str(path),
        )
    return sentence(
        "{provider} has no price list Textmeter can read. Nothing was changed. Write the "
        "rates into {path} by hand.",
        provider=store.senders.get(sender).provider,
        path=str(path),
    )


def _changes(before: RateCard, after: RateCard) -> Iterator[Change]:
    """A country without a line changes with the one whose calling code it has."""
    for region in sorted(regions()):
        old, new = before.rate(region), after.rate(region)
        if region in after.by_region and region not in before.by_region:
            way = Way.NEW
        elif new == old:
            way = Way.SAME
        else:
            way = Way.RISES if new > old else Way.FALLS
        yield Change(region, old, new, way)


def _written(
    path: Path, was: str, prices: Mapping[str, Price], rates: Mapping[str, int], source: str, today: date
) -> str:
    """The card's text with the new prices in place, each with where it is from and the day; lines and columns
    in their order. Raises CatalogMistake for what couldn't be read again."""
    lines = csv.DictReader(io.StringIO(was, newline=""))
    columns = dict.fromkeys((*(lines.fieldnames or ()), *_ADDED))
    rows = {row["region"]: row for row in lines}
    for region, price in sorted(prices.items()):
        made = (region, f"{price.amount:f}", str(rates[region]), source, today.isoformat())
        rows.setdefault(region, {}).update(zip(_ADDED, made, strict=True))
    written = io.StringIO()
    writer = csv.DictWriter(written, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows.values())
    text = written.getvalue()
    assert card_of(path, text) == rates
    return text


def _backed_up(card: NewCard) -> Path:
    """Keeps what is there beside it, under a name that nothing else has."""
    number = 1
    while (backup := card.path.with_name(f"{card.path.name}.{number}.bak")).exists():
        number += 1
    write_private(backup, card.was, mode=0o644)
    return backup
