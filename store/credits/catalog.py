"""What is sold: products, their plans, rates and rules, read from TOML files. A new product is a new file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store.errors import TextmeterError, WrongUsage, reason
from store.sentences import Sentence, sentence

SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "catalog"

CHARGED_ON = ("accepted", "delivered")
BILLING = ("monthly", "yearly")

PRODUCT_KEYS = (
    "id",
    "name",
    "billing",
    "renewal_day",
    "expire_after_months",
    "thresholds",
    "charged_on",
    "inbound_charged",
    "rates",
    "plans",
)


class CatalogMistake(TextmeterError):
    """A catalog file can't be used. details: file, key, line (0 where it isn't known)."""

    default_code = "catalog"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is subscribed to: credits a period, and its price in cents."""

    id: str
    credits: int
    price_cents: int


@dataclass(frozen=True, slots=True)
class Rates:
    """Credits for one segment to domestic regions and elsewhere; for one MMS, wherever it goes."""

    domestic: int
    elsewhere: int
    mms: int


@dataclass(frozen=True, slots=True)
class Product:
    """A product: all that the ledger needs to know of it.

    name: a message id. thresholds: percent, ascending. domestic: regions (ISO 3166-1 alpha-2), not calling
    codes. renewal_day: the day of the month on which periods begin; None: the account's anchor day.
    expire_after_months: how long credits of a plan can be used; None: they never expire. charged_on:
    "accepted" or "delivered".
    """

    id: str
    name: str
    billing: tuple[str, ...]
    renewal_day: int | None
    expire_after_months: int | None
    plans: tuple[Plan, ...]
    thresholds: tuple[int, ...]
    domestic: frozenset[str]
    rates: Rates
    charged_on: str
    inbound_charged: bool

    def plan(self, id: str) -> Plan:
        """Raises WrongUsage for a plan that isn't there."""
        for plan in self.plans:
            if plan.id == id:
                return plan
        raise WrongUsage(
            sentence(
                "{product} has no plan {plan}. Its plans are: {plans}.",
                product=self.id,
                plan=id,
                plans=", ".join(plan.id for plan in self.plans),
            ),
            code="no-such-plan",
        )

    def is_domestic(self, region: str) -> bool:
        return region in self.domestic

    def rate(self, region: str, mms: bool = False) -> int:
        """Credits for one segment of an SMS, or for one MMS, to a region."""
        if mms:
            return self.rates.mms
        return self.rates.domestic if region in self.domestic else self.rates.elsewhere

    def domestic_rate(self, mms: bool = False) -> int:
        """Credits for one segment of an SMS, or for one MMS, to a domestic region."""
        return self.rates.mms if mms else self.rates.domestic


@dataclass(frozen=True, slots=True)
class Catalog:
    """All products by their id."""

    products: Mapping[str, Product]

    @classmethod
    def load(cls, folder: Path | None = None) -> Catalog:
        """Reads the products that come with Textmeter, and those of a user's folder, whose files replace
        shipped ones of the same name. Raises CatalogMistake naming file, key and line."""
        files = {path.name: path for path in sorted(SHIPPED.glob("*.toml"))}
        if folder is not None:
            if not folder.is_dir():
                raise CatalogMistake(
                    sentence(
                        "The catalog folder {path} isn't there. Make it, or name another.", path=str(folder)
                    ),
                    file=str(folder),
                )
            files |= {path.name: path for path in sorted(folder.glob("*.toml"))}
        products: dict[str, Product] = {}
        for path in files.values():
            document = _Document(path)
            product = _product(document.root)
            if product.id in products:
                raise document.root.mistake("id", sentence("another file has the same id"))
            products[product.id] = product
        return cls(products)

    def product(self, id: str) -> Product:
        """Raises WrongUsage for a product that isn't there."""
        try:
            return self.products[id]
        except KeyError:
            raise WrongUsage(
                sentence(
                    "There is no product {product}. The products are: {products}.",
                    product=id,
                    products=", ".join(self.products),
                ),
                code="no-such-product",
            ) from None


def _product(root: _Table) -> Product:
    root.only(PRODUCT_KEYS)
    rates = root.table("rates")
    rates.only(["domestic_regions", "domestic", "elsewhere", "mms"])
    plans: list[Plan] = []
    for table in root.tables("plans"):
        table.only(["id", "credits", "price_cents"])
        plan = Plan(table.text("id"), table.integer("credits"), table.integer("price_cents"))
        if any(plan.id == other.id for other in plans):
            raise table.mistake("id", sentence("another plan has the same id"))
        plans.append(plan)
    thresholds = tuple(root.integers("thresholds"))
    if list(thresholds) != sorted(set(thresholds)) or not all(1 <= percent <= 100 for percent in thresholds):
        raise root.mistake("thresholds", sentence("it takes percentages from 1 to 100, in ascending order"))
    return Product(
        id=root.text("id"),
        name=root.text("name"),
        billing=tuple(root.texts("billing", BILLING)),
        renewal_day=root.integer("renewal_day", 1, 31) if "renewal_day" in root else None,
        expire_after_months=root.integer("expire_after_months", 1) if "expire_after_months" in root else None,
        plans=tuple(plans),
        thresholds=thresholds,
        domestic=frozenset(rates.texts("domestic_regions")),
        rates=Rates(rates.integer("domestic"), rates.integer("elsewhere"), rates.integer("mms")),
        charged_on=root.text("charged_on", CHARGED_ON),
        inbound_charged=root.truth("inbound_charged"),
    )


class _Document:
    """A catalog file: its text, to find lines in, and its values."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.text = path.read_text(encoding="utf-8")
            values = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"line (\d+)", str(error))
            raise self.mistake(
                "", int(place[1]) if place else 0, sentence("it isn't TOML ({why})", why=str(error))
            ) from error
        except (OSError, UnicodeDecodeError) as error:
            raise self.mistake("", 0, sentence("it can't be read ({why})", why=reason(error))) from error
        self.root = _Table(self, "", 0, values)

    def mistake(self, key: str, line: int, problem: Sentence) -> CatalogMistake:
        return CatalogMistake(
            sentence(
                "The catalog file {file} can't be used, line {line}, {key}: {problem}. "
                "Nothing was changed. Mend the file, or take it out of the folder.",
                file=str(self.path),
                line=line,
                key=key or "-",
                problem=problem,
            ),
            file=str(self.path),
            key=key,
            line=line,
        )

    def line(self, table: str, index: int, key: str) -> int:
        """The line (from 1) of a key in the index-th table of that name, of the table where it lacks the key,
        or 0."""
        name, seen, found = "", -1 if table else 0, 0
        for number, text in enumerate(self.text.splitlines(), 1):
            if header := re.match(r"\s*\[+\s*([\w.-]+)\s*\]", text):
                name = header[1]
                if name == table:
                    seen += 1
                    found = number if seen == index else found
            elif name == table and seen == index and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", text):
                return number
        return found


class _Table:
    """A table of a catalog file, whose values are taken by key and type or refused."""

    def __init__(self, document: _Document, name: str, index: int, values: Mapping[str, Any]) -> None:
        self._document, self._name, self._index, self._values = document, name, index, values

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def mistake(self, key: str, problem: Sentence) -> CatalogMistake:
        path = f"{self._name}.{key}" if self._name else key
        return self._document.mistake(path, self._document.line(self._name, self._index, key), problem)

    def only(self, known: Sequence[str]) -> None:
        for key in self._values:
            if key not in known:
                raise self.mistake(
                    key, sentence("this key isn't known; known are: {keys}", keys=", ".join(known))
                )

    def integer(self, key: str, least: int = 0, most: int = 1_000_000_000) -> int:
        value = self._value(key)
        if type(value) is not int or not least <= value <= most:
            raise self.mistake(
                key, sentence("it takes a whole number from {least} to {most}", least=least, most=most)
            )
        return value

    def text(self, key: str, choices: Sequence[str] = ()) -> str:
        value = self._value(key)
        self._check_text(key, value, choices)
        return str(value)

    def truth(self, key: str) -> bool:
        value = self._value(key)
        if type(value) is not bool:
            raise self.mistake(key, sentence("it takes true or false"))
        return value

    def texts(self, key: str, choices: Sequence[str] = ()) -> list[str]:
        values = self._list(key)
        for value in values:
            self._check_text(key, value, choices)
        return values

    def integers(self, key: str) -> list[int]:
        values = self._list(key)
        if not all(type(value) is int for value in values):
            raise self.mistake(key, sentence("it takes a list of whole numbers"))
        return values

    def table(self, key: str) -> _Table:
        value = self._value(key)
        if not isinstance(value, dict):
            raise self.mistake(key, sentence("it takes a table: [{key}]", key=key))
        return _Table(self._document, key, 0, value)

    def tables(self, key: str) -> list[_Table]:
        values = self._list(key)
        if not values or not all(isinstance(value, dict) for value in values):
            raise self.mistake(key, sentence("it takes at least one table: [[{key}]]", key=key))
        return [_Table(self._document, key, index, value) for index, value in enumerate(values)]

    def _value(self, key: str) -> Any:
        if key not in self._values:
            raise self.mistake(key, sentence("this key is missing"))
        return self._values[key]

    def _list(self, key: str) -> list[Any]:
        value = self._value(key)
        if not isinstance(value, list):
            raise self.mistake(key, sentence("it takes a list"))
        return value

    def _check_text(self, key: str, value: object, choices: Sequence[str]) -> None:
        if not isinstance(value, str) or not value:
            raise self.mistake(key, sentence("it takes text in quotes"))
        if choices and value not in choices:
            raise self.mistake(key, sentence("it takes one of: {choices}", choices=", ".join(choices)))
