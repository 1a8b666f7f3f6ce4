"""The user's own rates from the provider's prices: a whole file or none, and what was there kept."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import Store, rates
from store.clock import FixedClock
from store.credits.catalog_files import SHIPPED, Catalog, CatalogMistake
from store.credits.model import Account
from store.errors import RefusedByRule, TextmeterError
from store.messages.providers import Finding, NoPrices, Price, PriceList, Severity
from store.messages.senders import Senders
from store.paths import FilesOutOfReach
from store.rates import Way, apply, credits_for, refreshed
from store.roles import Person, Role
from store.sentences import sentence
from tests.store.messages.scripted import Taking

NOON = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)
CARD = "country-rates.csv"


class Selling(Taking):
    """A provider with a price list."""

    def __init__(self) -> None:
        self.sells: Mapping[str, str] = {}
        self.currency = "USD"
        self.trouble: NoPrices | None = None

    def prices(self) -> PriceList:
        if self.trouble:
            raise self.trouble
        prices = {region: Price(Decimal(price), self.currency) for region, price in self.sells.items()}
        return PriceList("prices.example", prices)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the user's catalog would be."""
    monkeypatch.setenv("TEXTMETER_CONFIG", str(tmp_path / "config" / "config.toml"))
    return tmp_path / "config" / "catalog"


@pytest.fixture
def store(tmp_path: Path, folder: Path) -> Iterator[Store]:
    store = Store(str(tmp_path / "one.sqlite3"), clock=FixedClock(NOON))
    with store.connection():
        yield store
    store.close()


@pytest.fixture
def account(store: Store) -> Account:
    return store.credits.open_account("community-texts", "200", "America/New_York")


@pytest.fixture
def provider(store: Store, account: Account, monkeypatch: pytest.MonkeyPatch) -> Selling:
    """Carries the account's texts."""
    selling = Selling()
    store.senders.set("office", {"provider": "kannel"})
    monkeypatch.setattr(Senders, "provider", lambda senders, id: selling if id else Taking())
    return selling


def lines(path: Path) -> dict[str, dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return {row["region"]: row for row in csv.DictReader(file)}


def cost(store: Store, account: Account, region: str) -> int:
    return store.credits.product(account).rate(region)


def test_the_card_that_comes_with_textmeter_follows_the_rule() -> None:
    card = lines(SHIPPED / CARD)
    by_the_rule = {
        region: credits_for(Decimal(line["usd_per_sms"]), Fraction(2, 100)) for region, line in card.items()
    }
    assert by_the_rule == {region: int(line["credits"]) for region, line in card.items()}


@pytest.mark.parametrize(
    ("price", "credits"),
    [("0", 1), ("0.0001", 1), ("0.02", 1), ("0.020000001", 2), ("0.04", 2), ("0.0401", 3), ("19.99", 1000)],
)
def test_a_price_is_rounded_up_to_whole_credits(price: str, credits: int) -> None:
    assert credits_for(Decimal(price), Fraction(2, 100)) == credits


@given(
    st.decimals(0, 1000, allow_nan=False, places=6), st.fractions(Fraction(1, 1000), 10, max_denominator=1000)
)
def test_no_text_costs_more_than_its_credits_were_sold_for(price: Decimal, worth: Fraction) -> None:
    credits = credits_for(price, worth)
    assert credits * worth >= Fraction(price)
    assert credits == 1 or (credits - 1) * worth < Fraction(price)


def test_a_credit_is_worth_what_it_is_sold_for_at_its_cheapest() -> None:
    catalog = Catalog.load()
    assert rates.worth(catalog.product("community-texts")) == Fraction(2, 100)  # one by one
    assert rates.worth(catalog.product("agent-texts")) == Fraction(25, 1000)  # 3,000 for $75


def test_where_none_is_sold_no_price_can_be_put_into_credits() -> None:
    given_away = replace(Catalog.load().product("community-texts"), plans=(), purchases=None)
    with pytest.raises(RefusedByRule) as refused:
        rates.worth(given_away)
    assert refused.value.code == "no-price-of-credits"


def test_the_difference_is_shown_and_nothing_is_changed(
    store: Store, account: Account, provider: Selling, folder: Path
) -> None:
    provider.sells = {"US": "0.0083", "DE": "0.03", "GB": "0.0901", "VA": "0.05"}
    card = refreshed(store, account)
    changed = {one.region: one for one in card.changes if one.way is not Way.SAME}
    assert changed["DE"].way is Way.FALLS
    assert changed["VA"] == ("VA", cost(store, account, "VA"), 3, Way.NEW)
    assert changed["GB"] == ("GB", 2, 5, Way.RISES)
    assert changed["GG"] == ("GG", 2, 5, Way.RISES)  # which has the United Kingdom's calling code
    assert "US" not in changed
    assert len(card.changes) == 245
    assert not folder.exists()


def test_the_new_rates_hold_at_once_and_say_where_they_are_from(
    store: Store, account: Account, provider: Selling, folder: Path
) -> None:
    provider.sells = {"GB": "0.0901", "VA": "0.05"}
    card = refreshed(store, account)
    assert card.left == len(lines(SHIPPED / CARD)) - 1
    applied = apply(store, card)
    assert applied == (folder / CARD, None)
    assert (cost(store, account, "GB"), cost(store, account, "VA")) == (5, 3)
    written, shipped = lines(folder / CARD), lines(SHIPPED / CARD)
    assert written.pop("GB") == {
        "region": "GB",
        "usd_per_sms": "0.0901",
        "credits": "5",
        "source": "prices.example",
        "on": "2026-11-30",
    }
    assert written.pop("VA")["credits"] == "3"
    for region, line in written.items():  # as they were
        assert line == shipped[region] | {"source": "", "on": ""}
    assert Catalog.load(folder).product("community-texts") == store.credits.product(account)


def test_what_was_written_by_hand_is_kept_beside_it(
    store: Store, account: Account, provider: Selling, folder: Path
) -> None:
    folder.mkdir(parents=True)
    by_hand = "note,region,credits\nold friends,GB,7\n,US,1\n"
    (folder / CARD).write_text(by_hand)
    provider.sells = {"GB": "0.01"}
    first = apply(store, refreshed(store, account))
    assert first.backup is not None
    assert first.backup.read_text() == by_hand
    assert lines(folder / CARD)["GB"]["note"] == "old friends"
    provider.sells = {"GB": "0.05"}
    second = apply(store, refreshed(store, account))
    assert second.backup is not None
    assert first.backup.read_text() == by_hand
    assert set(folder.iterdir()) == {folder / CARD, first.backup, second.backup}


def test_rates_that_stay_as_they_are_leave_nothing_to_do(
    store: Store, account: Account, provider: Selling
) -> None:
    provider.sells = {"GB": "0.04", "US": "0.0001"}
    assert not refreshed(store, account).is_other


def test_a_card_that_was_changed_meanwhile_is_not_written_over(
    store: Store, account: Account, provider: Selling, folder: Path
) -> None:
    provider.sells = {"GB": "0.09"}
    card = refreshed(store, account)
    folder.mkdir(parents=True)
    (folder / CARD).write_text("region,credits\nGB,9\n")
    with pytest.raises(RefusedByRule) as refused:
        apply(store, card)
    assert refused.value.code == "rates-changed"
    assert (folder / CARD).read_text() == "region,credits\nGB,9\n"
    assert cost(store, account, "GB") == 2
    refreshed(store, account)  # looks again
    assert cost(store, account, "GB") == 9


def test_one_that_cant_be_written_changes_nothing(
    store: Store, account: Account, provider: Selling, folder: Path
) -> None:
    folder.parent.mkdir()
    folder.write_text("a file where the folder would be")
    provider.sells = {"GB": "0.09"}
    with pytest.raises(TextmeterError, match="Nothing was changed"):
        apply(store, refreshed(store, account))
    assert cost(store, account, "GB") == 2


def test_one_with_a_mistake_is_told_with_its_line(
    store: Store, account: Account, provider: Selling, folder: Path
) -> None:
    folder.mkdir(parents=True)
    (folder / CARD).write_text("region,credits\nGB,seven\n")
    provider.sells = {"GB": "0.09"}
    with pytest.raises(CatalogMistake, match="line 2"):
        refreshed(store, account)


@pytest.mark.parametrize("price", ["-1", "1000", "1e999999", "NaN", "Infinity"])
def test_prices_that_are_none_are_left_out(
    store: Store, account: Account, provider: Selling, price: str
) -> None:
    provider.sells = {"GB": "0.09", "DE": price, "XX": "0.1", "de": "0.1"}
    card = refreshed(store, account)
    assert {one.region for one in card.of(Way.RISES, Way.NEW, Way.FALLS)} == {"GB", "GG", "IM", "JE"}


def test_prices_in_another_currency_are_refused(store: Store, account: Account, provider: Selling) -> None:
    provider.sells, provider.currency = {"GB": "0.09"}, "EUR"
    with pytest.raises(RefusedByRule, match="are in EUR, but credits are sold in USD"):
        refreshed(store, account)


def test_who_has_no_price_list_is_told_what_to_do(
    store: Store, account: Account, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr(Senders, "provider", lambda senders, id: Taking())
    with pytest.raises(RefusedByRule, match=r"simulated.*textmeter sender set") as refused:
        refreshed(store, account)
    assert (refused.value.code, str(folder / CARD) in str(refused.value)) == ("no-price-list", True)
    store.senders.set("office", {"provider": "kannel"})
    with pytest.raises(RefusedByRule, match="kannel has no price list"):
        refreshed(store, account)


def test_trouble_at_the_provider_changes_nothing(store: Store, account: Account, provider: Selling) -> None:
    provider.trouble = NoPrices(Finding(Severity.ERROR, sentence("It sleeps."), sentence("Wake it.")))
    with pytest.raises(TextmeterError, match=r"It sleeps\. Nothing was changed\. Wake it\."):
        refreshed(store, account)


def test_a_demo_clock_reaches_nothing_real(store: Store, provider: Selling) -> None:
    playing = store.credits.open_account("community-texts", "200", "America/New_York", demo_clock=True)
    provider.sells = {"GB": "0.09"}
    with pytest.raises(RefusedByRule, match="simulated"):
        refreshed(store, playing)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SENDER])
def test_only_an_owner_refreshes_them(
    store: Store, account: Account, provider: Selling, role: Role, folder: Path
) -> None:
    provider.sells = {"GB": "0.09"}
    card = refreshed(store, account)
    store.person = Person("Vic", role)
    for act in (lambda: refreshed(store, account), lambda: apply(store, card)):
        with pytest.raises(RefusedByRule) as refused:
            act()
        assert refused.value.code == "role"
    assert not folder.exists()


def test_nor_whoever_this_machines_files_dont_concern(
    store: Store, account: Account, provider: Selling, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.sells = {"GB": "0.09"}
    card = refreshed(store, account)
    monkeypatch.setattr(rates, "files_within_reach", lambda: False)
    for act in (lambda: refreshed(store, account), lambda: apply(store, card)):
        with pytest.raises(FilesOutOfReach):
            act()


def test_a_product_without_a_card_has_nothing_to_refresh(store: Store) -> None:
    agent = store.credits.open_account("agent-texts", "300", "America/New_York")
    with pytest.raises(RefusedByRule) as refused:
        refreshed(store, agent)
    assert refused.value.code == "no-rate-card"
