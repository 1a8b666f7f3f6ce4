"""Rates made anew from the provider's prices: the difference first, then the rates."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from threading import Event

import pytest

from store import Store
from store.messages.providers import Finding, NoPrices, Price, PriceList, Severity
from store.messages.senders import Senders
from store.sentences import sentence
from tests.store.messages.scripted import Taking
from tests.tui.billing.subscribed import shown, subscribed
from tests.tui.conftest import Snap
from tests.tui.harness import make_app, press, settled, toasts, where, words

PRICES = {
    "US": "0.0083",
    "GB": "0.0463",
    "DE": "0.1120",
    "FR": "0.0798",
    "MX": "0.0310",
    "VA": "0.0500",
    "BR": "0.0450",
    "NZ": "0.1050",
    "SE": "0.0520",
}


class Selling(Taking):
    """A provider with a price list. may_answer: holds the answer back until it is set."""

    def __init__(self, sells: Mapping[str, str]) -> None:
        self.sells = sells
        self.trouble: NoPrices | None = None
        self.may_answer = Event()
        self.may_answer.set()

    def prices(self) -> PriceList:
        assert self.may_answer.wait(20)
        if self.trouble:
            raise self.trouble
        return PriceList(
            "pricing.twilio.com", {region: Price(Decimal(one), "USD") for region, one in self.sells.items()}
        )


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Selling:
    selling = Selling(PRICES)
    monkeypatch.setattr(Senders, "provider", lambda senders, id: selling)
    return selling


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("TEXTMETER_CONFIG", str(tmp_path / "config.toml"))
    store = subscribed(tmp_path, "community-texts", "200")
    store.senders.set("office", {"provider": "kannel"})
    return store


async def test_the_difference_is_shown_then_the_rates_hold(
    store: Store, provider: Selling, tmp_path: Path
) -> None:
    app = make_app(store, first="plans")
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        await press(pilot, "g", "r", "shift+f7")
        assert "With the prices at pricing.twilio.com:" in shown(app)
        assert "United Kingdom 2 3 ▲" in shown(app)
        assert not (tmp_path / "catalog").exists()
        await press(pilot, "enter")
        card = tmp_path / "catalog" / "country-rates.csv"
        assert f"The new rates are in effect. They are saved in {card}." in toasts(app)
        await press(pilot, *"united k")
        assert "United Kingdom +44 3 9" in shown(app)
    assert card.is_file()


async def test_who_goes_back_changes_nothing(store: Store, provider: Selling, tmp_path: Path) -> None:
    provider.may_answer.clear()
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "g", "r")
        await pilot.press("shift+f7")
        await pilot.pause()
        assert "Getting prices." in words(app)
        await pilot.press("enter")  # there is nothing to take yet
        await pilot.press("escape")
        provider.may_answer.set()
        await settled(pilot)
        assert "Credits per text segment" in words(app)
    assert not (tmp_path / "catalog").exists()


async def test_trouble_stands_where_it_happened_and_is_asked_again(store: Store, provider: Selling) -> None:
    says = sentence("Twilio isn't answering."), sentence("Try again.")
    provider.trouble = NoPrices(Finding(Severity.ERROR, *says))
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "g", "r", "shift+f7")
        assert "Twilio isn't answering. Nothing was changed. Try again." in shown(app)
        provider.trouble = None
        await press(pilot, "r")
        assert "With the prices at" in shown(app)


async def test_rates_that_were_changed_meanwhile_are_looked_at_again(
    store: Store, provider: Selling, tmp_path: Path
) -> None:
    app = make_app(store, first="plans")
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        await press(pilot, "g", "r", "shift+f7")
        (tmp_path / "catalog").mkdir()
        (tmp_path / "catalog" / "country-rates.csv").write_text("region,credits\nGB,9\n")
        await press(pilot, "enter")
        assert "The rates have changed in the meantime." in shown(app)
        await press(pilot, "r")
        assert "Jersey 9 3 ▼" in shown(app)  # as the United Kingdom, which is further down


async def test_prices_that_change_nothing_say_so(store: Store, provider: Selling) -> None:
    provider.sells = {"US": "0.0083"}
    app = make_app(store, first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "g", "r", "shift+f7", "enter")
        assert "Nothing to change." in shown(app)
        assert where(app) == "Rates"


async def test_rates_without_countries_have_nothing_to_refresh(tmp_path: Path) -> None:
    app = make_app(subscribed(tmp_path), first="plans")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "g", "r", "shift+f7")
        assert "Credits per text segment" in words(app)
        assert "Refresh" not in words(app)


@pytest.mark.parametrize("size", [(120, 36), (60, 20)])
def test_the_difference(snap: Snap, store: Store, provider: Selling, size: tuple[int, int]) -> None:
    assert snap(make_app(store, first="plans"), size=size, keys=("g", "r", "shift+f7"))
