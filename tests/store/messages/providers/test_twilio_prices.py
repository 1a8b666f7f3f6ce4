"""Twilio's price list: the dearest price in force of each country, exactly as it is told."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from store.messages.providers import NoPrices, Price, Priced, PriceList, Setup, load
from tests.store.messages.providers import loopback
from tests.store.messages.providers.loopback import DROPPED, Answer
from tests.store.messages.providers.twilio_standin import ACCOUNT, OURS, TOKEN, TwilioStandin


@pytest.fixture
def twilio() -> Iterator[TwilioStandin]:
    twilio = TwilioStandin()
    with loopback.running(twilio):
        yield twilio


def asked(twilio: TwilioStandin, **options: str) -> PriceList:
    given = {"account_sid": ACCOUNT, "auth_token": TOKEN, "base_url": twilio.url, **options}
    provider = load("twilio", Setup(OURS, given))
    assert isinstance(provider, Priced)
    return provider.prices()


def test_a_country_has_the_dearest_price_of_its_networks(twilio: TwilioStandin) -> None:
    twilio.sells("US", "0.0083", "0.0079")
    twilio.sells("DE", "0.1120", 0.0975, unit="eur")
    assert asked(twilio) == PriceList(
        "pricing.twilio.com",
        {"DE": Price(Decimal("0.1120"), "EUR"), "US": Price(Decimal("0.0083"), "USD")},
    )


def test_short_codes_count_only_where_there_is_nothing_else(twilio: TwilioStandin) -> None:
    twilio.sells("US", "0.0083")
    twilio.sells("US", "0.5", kind="shortcode")
    twilio.sells("BR", "0.07", kind="shortcode")
    prices = asked(twilio).by_region
    assert {region: str(price.amount) for region, price in prices.items()} == {"US": "0.0083", "BR": "0.07"}


@pytest.mark.parametrize("price", [None, "", "free", "-0.1", "NaN", "Infinity", {}, []])
def test_what_is_no_price_is_left_out(twilio: TwilioStandin, price: object) -> None:
    twilio.sells("US", "0.0083")
    twilio.sells("FR", price)
    assert list(asked(twilio).by_region) == ["US"]


@pytest.mark.parametrize("networks", [None, "x", ["x"], [{"prices": "x"}], [{"prices": ["x"]}], [{}]])
def test_so_are_countries_that_cant_be_read(twilio: TwilioStandin, networks: object) -> None:
    twilio.sells("US", "0.0083")
    twilio.prices["FR"] = {"country": "FR", "iso_country": "FR", "outbound_sms_prices": networks}
    assert list(asked(twilio).by_region) == ["US"]


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (DROPPED, "Twilio isn't answering."),
        (Answer(500), "Twilio isn't answering."),
        (Answer(429), "Twilio is getting too many requests at once."),
        (Answer(404, b"{}"), "Twilio refused a request (error 404)."),
        (Answer(200, b"x"), "Twilio isn't answering."),
        (Answer(200, b'{"countries": [], "meta": {"key": "countries"}}'), "Twilio's price list is empty."),
    ],
)
def test_trouble_is_said_with_what_to_do(twilio: TwilioStandin, fault: str | Answer, says: str) -> None:
    twilio.sells("US", "0.0083")
    twilio.fault = fault
    with pytest.raises(NoPrices) as refused:
        asked(twilio)
    assert str(refused.value.finding.says) == says
    assert refused.value.finding.what_to_do is not None


def test_a_wrong_token_is_said(twilio: TwilioStandin) -> None:
    with pytest.raises(NoPrices) as refused:
        asked(twilio, auth_token="wrong")
    assert str(refused.value.finding.says) == "Twilio doesn't accept the Account SID and Auth Token."
