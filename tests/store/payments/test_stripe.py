"""Stripe, against a stand-in: whatever happens on the way, what has one key is charged once."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from localstripe import resources

from store.database import Database
from store.errors import WrongUsage
from store.payments import Card, Declined, Gateway, Paid, PaymentUnreachable, gateways
from store.payments.stripe_api import StripeApi
from store.payments.stripe_gateway import StripeGateway
from store.payments.testcard import TestCard
from store.settings import Settings
from tests.environment import CHECKOUT
from tests.store.payments import standin
from tests.store.payments.standin import ASKS_ITS_OWNER, DECLINED, VISA, Standin

KEY = "sk_test_do0not1show2this3"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    database = Database(str(tmp_path / "textmeter.sqlite3"))
    database.migrate([*Settings.TABLES, *TestCard.TABLES])
    return Settings(database)


@pytest.fixture
def stripe() -> Iterator[Standin]:
    with standin.running() as stripe:
        yield stripe


@pytest.fixture
def gateway(stripe: Standin, settings: Settings) -> StripeGateway:
    return StripeGateway(StripeApi(KEY, stripe.url), settings)


def with_card(gateway: StripeGateway, stripe: Standin, number: str = VISA) -> None:
    """Goes through Stripe's page."""
    customer = gateway.card_link().removeprefix("https://billing.example/")
    stripe.put_on_file(customer, number)


def charge(gateway: Gateway, key: str = "order-1", cents: int = 1_000) -> Paid | Declined:
    return gateway.charge(key=key, cents=cents, description="300 a month")


def test_without_a_card_nothing_is_charged_and_the_way_to_one_is_told(
    gateway: StripeGateway, stripe: Standin
) -> None:
    assert gateway.card() is None
    answer = charge(gateway)
    assert isinstance(answer, Declined)
    assert "Add a card" in str(answer.says)
    assert stripe.payments() == []


def test_a_card_that_was_put_on_file_on_stripes_page_is_shown(
    gateway: StripeGateway, stripe: Standin, settings: Settings
) -> None:
    with_card(gateway, stripe)
    assert gateway.card() == Card("Visa", "4242", "2031-04")
    other = StripeGateway(StripeApi(KEY, stripe.url), settings)
    assert other.card() == Card("Visa", "4242", "2031-04")


def test_a_customer_is_made_once(gateway: StripeGateway, stripe: Standin) -> None:
    assert gateway.card_link() == gateway.card_link()
    assert stripe.asked.count(("POST", "/v1/customers")) == 1


def test_a_customer_that_stripe_no_longer_has_is_made_anew(gateway: StripeGateway, stripe: Standin) -> None:
    with_card(gateway, stripe)
    stripe.remove(gateway.card_link().removeprefix("https://billing.example/"))
    assert gateway.card() is None
    assert isinstance(charge(gateway), Declined)
    with_card(gateway, stripe)
    assert isinstance(charge(gateway, "order-2"), Paid)


def test_a_number_is_never_taken_here(gateway: StripeGateway, settings: Settings) -> None:
    with pytest.raises(WrongUsage, match="Stripe's own page") as refused:
        gateway.use("4539578763621486")
    assert "4539578763621486" not in str(refused.value)


def test_of_the_card_only_what_a_receipt_says_is_kept_here(
    gateway: StripeGateway, stripe: Standin, tmp_path: Path
) -> None:
    with_card(gateway, stripe)
    gateway.card()
    charge(gateway)
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b'["Visa", "4242", "2031-04"]' in kept
    assert VISA.encode() not in kept
    assert KEY.encode() not in kept


def test_one_key_asked_twice_is_charged_once(gateway: StripeGateway, stripe: Standin) -> None:
    with_card(gateway, stripe)
    first, again = charge(gateway), charge(gateway)
    assert isinstance(first, Paid)
    assert first == again
    assert str(first.card) == "Visa 4242"
    assert stripe.paid() == [1_000]
    assert isinstance(charge(gateway, "order-2", 750), Paid)
    assert stripe.paid() == [1_000, 750]


def test_a_key_asked_again_after_days_is_found_among_the_payments(
    gateway: StripeGateway, stripe: Standin
) -> None:
    with_card(gateway, stripe)
    first = charge(gateway)
    for number in range(2, 14):  # more than a page
        charge(gateway, f"order-{number}")
    stripe.forget_answers()
    assert charge(gateway) == first
    assert len(stripe.paid()) == 13


def test_another_database_of_the_same_stripe_account_is_another_customer(
    gateway: StripeGateway, stripe: Standin, tmp_path: Path
) -> None:
    with_card(gateway, stripe)
    charge(gateway)
    (tmp_path / "other").mkdir()
    database = Database(str(tmp_path / "other" / "textmeter.sqlite3"))
    database.migrate(Settings.TABLES)
    other = StripeGateway(StripeApi(KEY, stripe.url), Settings(database))
    with_card(other, stripe)
    assert isinstance(charge(other), Paid)
    assert stripe.paid() == [1_000, 1_000]


@pytest.mark.parametrize(
    ("code", "way_out"),
    [
        ("card_declined", "another card"),
        ("insufficient_funds", "Add money"),
        ("expired_card", "new card"),
    ],
)
def test_a_decline_changes_nothing_and_stays_the_keys_answer(
    gateway: StripeGateway, stripe: Standin, code: str, way_out: str
) -> None:
    with_card(gateway, stripe, DECLINED)
    stripe.decline_code = code
    answer = charge(gateway)
    assert isinstance(answer, Declined)
    assert answer.code == code
    assert way_out in str(answer.says)
    assert stripe.paid() == []
    with_card(gateway, stripe, VISA)
    assert isinstance(charge(gateway), Declined)
    assert isinstance(charge(gateway, "order-1 again"), Paid)


def test_a_bank_that_wants_its_customer_to_confirm_is_a_decline_that_says_so(
    gateway: StripeGateway, stripe: Standin
) -> None:
    with_card(gateway, stripe, ASKS_ITS_OWNER)
    answer = charge(gateway)
    assert isinstance(answer, Declined)
    assert "confirm" in str(answer.says)
    assert stripe.paid() == []


def test_a_payment_that_stripe_is_still_at_is_asked_for_until_it_is_known(
    gateway: StripeGateway, stripe: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_card(gateway, stripe)
    stripe.fault = "die-after"
    with pytest.raises(PaymentUnreachable, match="isn't answering"):
        charge(gateway)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(resources.PaymentIntent, "status", "processing")
        with pytest.raises(PaymentUnreachable, match="charged only once"):
            charge(gateway)
    assert isinstance(charge(gateway), Paid)
    assert stripe.paid() == [1_000]


def test_charged_but_the_answer_was_lost_asked_again_it_is_charged_once(
    gateway: StripeGateway, stripe: Standin
) -> None:
    with_card(gateway, stripe)
    stripe.fault = "die-after"
    with pytest.raises(PaymentUnreachable, match="will check again"):
        charge(gateway)
    assert stripe.paid() == [1_000]
    assert isinstance(charge(gateway), Paid)
    stripe.forget_answers()
    assert isinstance(charge(gateway), Paid)
    assert stripe.paid() == [1_000]


def test_a_server_that_hangs_is_given_up_and_asked_again(stripe: Standin, settings: Settings) -> None:
    impatient = StripeGateway(StripeApi(KEY, stripe.url, answer_seconds=0.2), settings)
    with_card(impatient, stripe)
    stripe.fault = "hang"
    with pytest.raises(PaymentUnreachable):
        charge(impatient)
    assert isinstance(charge(impatient), Paid)
    stripe.released.set()
    assert stripe.paid() == [1_000]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_trouble_at_stripe_is_no_decline(gateway: StripeGateway, stripe: Standin, status: int) -> None:
    with_card(gateway, stripe)
    stripe.fault = status
    with pytest.raises(PaymentUnreachable) as trouble:
        charge(gateway)
    assert trouble.value.code == "payment-unreachable"
    assert isinstance(charge(gateway), Paid)
    assert stripe.paid() == [1_000]


def test_an_amount_below_stripes_least_is_a_decline_that_says_so(
    gateway: StripeGateway, stripe: Standin
) -> None:
    with_card(gateway, stripe)
    stripe.fault = {"type": "invalid_request_error", "code": "amount_too_small", "message": "Too small."}
    answer = charge(gateway, cents=32)
    assert isinstance(answer, Declined)
    assert "$0.50" in str(answer.says)


def test_what_stripe_refuses_for_another_reason_is_told_in_its_words(
    gateway: StripeGateway, stripe: Standin
) -> None:
    with_card(gateway, stripe)
    stripe.fault = {"type": "invalid_request_error", "code": "account_closed", "message": "You left us."}
    with pytest.raises(PaymentUnreachable, match=r"You left us\. Nothing was charged") as refused:
        charge(gateway)
    assert refused.value.code == "account_closed"
    assert stripe.payments() == []


def closed_port() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_where_nobody_answers_the_card_is_shown_as_it_was(
    gateway: StripeGateway, stripe: Standin, settings: Settings
) -> None:
    offline = StripeGateway(StripeApi(KEY, closed_port()), settings)
    with_card(gateway, stripe)
    with pytest.raises(PaymentUnreachable, match="Try again later"):
        offline.card()
    gateway.card()
    assert offline.card() == Card("Visa", "4242", "2031-04")
    with pytest.raises(PaymentUnreachable):
        charge(offline)


def test_a_key_that_stripe_does_not_know_is_told_as_that(
    gateway: StripeGateway, stripe: Standin, settings: Settings
) -> None:
    with_card(gateway, stripe)
    stripe.fault = 401
    with pytest.raises(PaymentUnreachable, match="the key in stripe") as trouble:
        charge(gateway)
    assert trouble.value.code == "payment-setup"


@pytest.mark.parametrize("key", ["pk_test_published", "sk_test_with a gap", "sk_test_two\nlines", "hunter2"])
def test_a_key_that_can_be_none_is_refused_before_anybody_is_asked(
    stripe: Standin, settings: Settings, key: str
) -> None:
    with pytest.raises(PaymentUnreachable, match="isn't a Stripe secret key") as trouble:
        StripeGateway(StripeApi(key, stripe.url), settings).card_link()
    assert key not in "".join(traceback.format_exception(trouble.value))
    assert stripe.asked == []


def test_the_key_is_sent_to_nobody_who_could_be_overheard(settings: Settings) -> None:
    with pytest.raises(PaymentUnreachable, match="https"):
        StripeGateway(StripeApi(KEY, "http://stripe.example"), settings).card_link()


def test_the_key_shows_in_no_message_no_traceback_and_no_log(
    gateway: StripeGateway, stripe: Standin, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with_card(gateway, stripe)
    offline = StripeGateway(StripeApi(KEY, closed_port()), settings)
    told = [repr(gateway), repr(offline), repr(vars(gateway))]
    for fault in ("die-after", 401, 403, 500):
        stripe.fault = fault
        with pytest.raises(PaymentUnreachable) as trouble:
            charge(gateway, f"order-{fault}")
        told.append("".join(traceback.TracebackException.from_exception(trouble.value).format()))
        assert trouble.value.__context__ is None
    with pytest.raises(PaymentUnreachable) as trouble:
        charge(offline)
    told.append("".join(traceback.TracebackException.from_exception(trouble.value).format()))
    assert KEY not in "".join(told) + caplog.text


def test_the_environment_chooses_the_gateway(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    database = settings._database
    assert isinstance(gateways.load(database, settings), TestCard)
    monkeypatch.setenv("TEXTMETER_STRIPE_KEY", KEY)
    monkeypatch.setenv("TEXTMETER_STRIPE_URL", closed_port())
    chosen = gateways.load(database, settings)
    assert isinstance(chosen, StripeGateway)
    with pytest.raises(PaymentUnreachable, match="isn't answering"):
        chosen.card_link()


def test_stripes_library_is_imported_when_it_is_asked_and_its_absence_is_told() -> None:
    program = """
import sys
from store.payments.stripe_api import StripeApi
from store.payments import PaymentUnreachable
api = StripeApi("sk_test_1")
assert "stripe" not in sys.modules
sys.modules["stripe"] = None
try:
    api.ask(lambda client: client.v1.customers.list())
except PaymentUnreachable as told:
    print(told.code, told)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=CHECKOUT
    )
    assert done.stdout.startswith("payment-setup The Stripe library isn't installed.")
    assert "pip install 'textmeter[stripe]'" in done.stdout
