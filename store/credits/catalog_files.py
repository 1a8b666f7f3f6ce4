"""The catalog and its files: TOML and a rate card in CSV become products, or a mistake that names file, key
and line. A new product is a new file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from store.credits.catalog import (
    BILLING,
    NO_PLAN,
    YEARLY,
    Changes,
    EmailRate,
    Plan,
    Product,
    Purchases,
    RateCard,
    Rates,
    TwoRates,
)
from store.errors import TextmeterError, WrongUsage, reason
from store.files import TooLarge, read_bounded
from store.sentences import Sentence, sentence
from store.toml_files import MOST_BYTES, TOO_LARGE, TomlFile, TomlTable, place

SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "catalog"

MOST_MONTHS = 1_200
"""A century."""

MOST_CREDITS = 999_999
"""For one segment, by a rate card."""

SHORTENERS = "link-shorteners.csv"
"""The file of link shorteners. A user's adds to the one that comes with Textmeter."""

_domain = re.compile(r"[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+")

CHARGED_ON = ("accepted", "delivered")
NOW_OR_RENEWAL = ("now", "renewal")

PRODUCT_KEYS = (
    "id",
    "name",
    "sends",
    "billing",
    "yearly_months",
    "renewal_day",
    "thresholds",
    "charged_on",
    "inbound_charged",
    "mms_regions",
    "first_line_free",
    "unused",
    "changes",
    "purchases",
    "rates",
    "trial",
    "plans",
)


class CatalogMistake(TextmeterError):
    """A catalog file can't be used. details: file, key, line (0 where it isn't known)."""

    default_code = "catalog"


@dataclass(slots=True)
class Catalog:
    """All products by their id. folder: the user's, whose files override those that come with Textmeter.
    shorteners: the domains of link shorteners that it adds to those."""

    products: Mapping[str, Product]
    folder: Path | None = None
    shorteners: frozenset[str] = frozenset()

    @classmethod
    def load(cls, folder: Path | None = None) -> Catalog:
        """Reads the products that come with Textmeter, and those of a user's folder, whose files replace
        shipped ones of the same name. Raises CatalogMistake naming file, key and line."""
        products = {product.id: product for product in _read_products(folder)}
        return cls(products, folder, _shorteners(folder))

    def read_again(self, folder: Path) -> None:
        """Takes the files as they are now. Raises as `load` does; it stays as it was then."""
        found = Catalog.load(folder)
        self.products, self.folder, self.shorteners = found.products, folder, found.shorteners

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


def _read_products(folder: Path | None) -> list[Product]:
    """See Catalog.load."""
    files = {path.name: path for path in sorted(SHIPPED.iterdir())}
    if folder is not None:
        if not folder.is_dir():
            raise CatalogMistake(
                sentence(
                    "The catalog folder {path} doesn't exist. Create it, or choose another.", path=str(folder)
                ),
                file=str(folder),
            )
        files |= {path.name: path for path in sorted(folder.iterdir())}
    products: dict[str, Product] = {}
    for path in files.values():
        if path.suffix == ".toml":
            root = TomlFile(path, catalog_mistake).root
            product = _product(root, files)
            if product.id in products:
                raise root.mistake("id", sentence("another file has the same id"))
            products[product.id] = product
    return list(products.values())


def own_or_shipped(folder: Path | None, name: str) -> Path:
    """The file of that name in a user's folder or, where that has none, the one that comes with Textmeter."""
    own = folder / name if folder else None
    return own if own and own.exists() else SHIPPED / name


def overriding(folder: Path) -> list[str]:
    """The names of a user's files that are read instead of, or beside, those that come with Textmeter."""
    return sorted(path.name for path in folder.iterdir() if path.suffix in (".toml", ".csv"))


def _product(root: TomlTable, files: Mapping[str, Path]) -> Product:
    root.only(PRODUCT_KEYS)
    sends = root.text("sends", ("texts", "emails"))
    billing = tuple(root.texts("billing", BILLING))
    renewal_day = root.integer("renewal_day", 1, 31) if "renewal_day" in root else None
    unused = root.table("unused")
    unused.only(["expire_after_months", "lapse", "most_allotments"])
    thresholds = tuple(root.integers("thresholds"))
    if list(thresholds) != sorted(set(thresholds)) or not all(1 <= percent <= 100 for percent in thresholds):
        raise root.mistake("thresholds", sentence("must be percentages from 1 to 100, in ascending order"))
    plans = _plans(root)
    return Product(
        id=root.text("id"),
        name=root.text("name"),
        sends=sends,
        billing=billing,
        yearly_months=root.integer("yearly_months", 1, 12) if YEARLY in billing else 12,
        renewal_day=renewal_day,
        expire_after_months=unused.integer("expire_after_months", 1, MOST_MONTHS)
        if "expire_after_months" in unused
        else None,
        lapse=unused.truth("lapse") if "lapse" in unused else False,
        most_allotments=unused.integer("most_allotments", 1) if "most_allotments" in unused else None,
        plans=plans,
        trial=_trial(root, plans, renewal_day),
        thresholds=thresholds,
        rates=_rates(root.table("rates"), sends, files),
        changes=_changes(root.table("changes"), plans),
        purchases=_purchases(root.table("purchases")) if "purchases" in root else None,
        charged_on=root.text("charged_on", CHARGED_ON),
        inbound_charged=root.truth("inbound_charged"),
        mms_regions=frozenset(root.texts("mms_regions")) if "mms_regions" in root else None,
        first_line_free=root.truth("first_line_free") if "first_line_free" in root else False,
    )


def _plans(root: TomlTable) -> tuple[Plan, ...]:
    plans: list[Plan] = []
    for table in root.tables("plans"):
        table.only(["id", "credits", "price_cents", "accounts"])
        accounts = table.integer("accounts", 1) if "accounts" in table else 0
        plan = Plan(_plan_id(table, plans), table.integer("credits"), table.integer("price_cents"), accounts)
        plans.append(plan)
    return tuple(sorted(plans, key=lambda plan: plan.size))


def _trial(root: TomlTable, plans: Sequence[Plan], renewal_day: int | None) -> Plan | None:
    if "trial" not in root:
        return None
    if renewal_day is not None:
        # A trial ends after so many days, and a subscription begins anew on the day on which it is taken.
        raise root.mistake(
            "renewal_day", sentence("a product with a trial must renew on the account's own day")
        )
    table = root.table("trial")
    table.only(["id", "credits", "days"])
    id, credits = _plan_id(table, plans), table.integer("credits")
    return Plan(id, credits, price_cents=0, trial_days=table.integer("days", 1, 3660))


def _plan_id(table: TomlTable, others: Sequence[Plan]) -> str:
    id = table.text("id")
    if id == NO_PLAN:
        raise table.mistake("id", sentence("this word means no plan; use another"))
    if any(id == other.id for other in others):
        raise table.mistake("id", sentence("another plan has the same id"))
    return id


def _changes(table: TomlTable, plans: Sequence[Plan]) -> Changes:
    table.only(["upgrade", "upgrade_credits", "downgrade", "cancel", "cancel_to", "cancelled_credits"])
    cancel_to = NO_PLAN
    if "cancel_to" in table:
        cancel_to = table.text("cancel_to", [plan.id for plan in plans])
    elif table.text("cancel", NOW_OR_RENEWAL) == "now":
        raise table.mistake(
            "cancel_to",
            sentence("a plan that is cancelled at once needs another plan to fall back to: name it"),
        )
    return Changes(
        upgrade=table.text("upgrade", ("prorated", "difference")),
        upgrade_credits=table.text("upgrade_credits", ("full", "prorated"))
        if "upgrade_credits" in table
        else "full",
        downgrade=table.text("downgrade", NOW_OR_RENEWAL),
        cancel=table.text("cancel", NOW_OR_RENEWAL),
        cancel_to=cancel_to,
        cancelled_credits=table.text("cancelled_credits", ("end", "stay"))
        if "cancelled_credits" in table
        else "stay",
    )


def _purchases(table: TomlTable) -> Purchases:
    table.only(["cents", "least", "most_allotments"])
    return Purchases(
        table.integer("cents", 1), table.integer("least", 1), table.integer("most_allotments", 1)
    )


def _rates(table: TomlTable, sends: str, files: Mapping[str, Path]) -> Rates:
    if sends == "emails":
        table.only(["email"])
        return EmailRate(table.integer("email"))
    if "card" in table:
        table.only(["card", "mms_times", "elsewhere"])
        card = files.get(table.text("card"))
        if card is None:
            raise table.mistake("card", sentence("there is no file with this name next to it"))
        mms_times, elsewhere = table.integer("mms_times"), table.integer("elsewhere")
        return RateCard(card_of(card, card_text(card)), mms_times, elsewhere, card.name)
    table.only(["domestic_regions", "domestic", "elsewhere", "mms"])
    regions = frozenset(table.texts("domestic_regions"))
    return TwoRates(regions, table.integer("domestic"), table.integer("elsewhere"), table.integer("mms"))


def _shorteners(folder: Path | None) -> frozenset[str]:
    """The domains in the column `domain` of a user's list of link shorteners, if there is one."""
    path = folder / SHORTENERS if folder is not None else None
    if path is None or not path.exists():
        return frozenset()
    found = set()
    lines = csv.DictReader(io.StringIO(card_text(path), newline=""))
    try:
        if "domain" not in (lines.fieldnames or ()):
            raise catalog_mistake(path, "domain", 1, sentence("this column is missing"))
        for row in lines:
            domain = (row["domain"] or "").strip().lower()
            if not _domain.fullmatch(domain):
                problem = sentence("must be a domain, such as {example}", example="bit.ly")
                raise catalog_mistake(path, "domain", lines.line_num, problem)
            found.add(domain)
    except csv.Error as error:
        raise _unreadable(path, error) from error
    return frozenset(found)


def card_text(path: Path) -> str:
    """A rate card, or another table of the catalog, as it is kept. Raises CatalogMistake."""
    try:
        return read_bounded(path, MOST_BYTES).decode("utf-8-sig")
    except TooLarge as error:
        raise catalog_mistake(path, "", 0, TOO_LARGE) from error
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error


def card_of(path: Path, text: str) -> dict[str, int]:
    """Credits for one segment by region, from the columns `region` and `credits` of a card's text. path:
    where it is, or is to be. Raises CatalogMistake."""
    rates: dict[str, int] = {}
    lines = csv.DictReader(io.StringIO(text, newline=""))
    try:
        for column in ("region", "credits"):
            if column not in (lines.fieldnames or ()):
                raise catalog_mistake(path, column, 1, sentence("this column is missing"))
        for row in lines:
            region, credits = row["region"] or "", row["credits"] or ""
            if not re.fullmatch("[A-Z]{2}", region):
                problem = sentence("must be the two capital letters of a country")
                raise catalog_mistake(path, "region", lines.line_num, problem)
            if region in rates:
                raise catalog_mistake(
                    path, "region", lines.line_num, sentence("another line has the same region")
                )
            if not re.fullmatch("[0-9]{1,6}", credits):
                problem = sentence(
                    "must be a whole number from {least} to {most}", least=0, most=MOST_CREDITS
                )
                raise catalog_mistake(path, "credits", lines.line_num, problem)
            rates[region] = int(credits)
    except csv.Error as error:
        raise _unreadable(path, error) from error
    return rates


def _unreadable(path: Path, error: Exception) -> CatalogMistake:
    return catalog_mistake(path, "", 0, sentence("it can't be read ({why})", why=reason(error)))


def catalog_mistake(path: Path, key: str, line: int, problem: Sentence) -> CatalogMistake:
    """What is raised for a mistake in one of the catalog's files. line: 0 where it isn't known."""
    says = sentence(
        "Can't use the catalog. {place}: {problem}. Nothing was changed. Fix the file, or "
        "remove it from the folder.",
        place=place(str(path), key, line),
        problem=problem,
    )
    return CatalogMistake(
        says,
        file=str(path),
        key=key,
        line=line,
    )
