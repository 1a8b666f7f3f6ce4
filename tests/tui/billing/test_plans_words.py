"""Plans, orders and terms in words, for what the screens' stories don't come across."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from store.credits.catalog import Plan
from store.credits.catalog_files import Catalog
from store.credits.model import Change, Order, OrderState, Quote, Renewal
from tui.billing.presentation import differences, plan_words, price_words
from tui.billing.receipts import order_words, payment_words, receipt_facts, receipt_text, state_words
from tui.billing.terms import terms
from tui.i18n.language import Language

ENGLISH, SPANISH = Language("en"), Language("es")
CATALOG = Catalog.load()
COMMUNITY = CATALOG.product("community-texts")
PURCHASE = Order(
    number=7,
    at=datetime(2026, 5, 20, 16, tzinfo=UTC),
    on=date(2026, 5, 20),
    cause=Change.PURCHASE,
    from_plan="",
    plan="200",
    billing="monthly",
    credits=500,
    cents=1000,
    card="Visa 4242",
    charge="test-4",
    state=OrderState.PAID,
    reason=None,
)
QUOTE = Quote(
    change=Change.UPGRADE,
    from_plan="300",
    to_plan="1000",
    billing="monthly",
    effective=None,
    charge_cents=774,
    credits_now=700,
    next_renewal=Renewal(date(2026, 6, 1), 3000, 1000),
    explanation=(),
)


@pytest.mark.parametrize(
    ("product", "plan", "words"),
    [
        ("agent-texts", "300", "300 credits a month"),
        ("agent-texts", "none", "no plan"),
        ("agent-email", "free", "5,000 emails a month"),
        ("community-texts", "50", "100 credits a month for 50 accounts"),
        ("community-texts", "trial", "a trial of 10 credits"),
    ],
)
def test_a_plan_is_called_by_what_it_gives(product: str, plan: str, words: str) -> None:
    found = CATALOG.product(product)
    assert ENGLISH.say(plan_words(found, found.plan(plan))) == words


@pytest.mark.parametrize(
    ("cents", "billing", "words"),
    [
        (0, "monthly", "free"),
        (0, "yearly", "free"),
        (1000, "monthly", "$10.00 a month"),
        (10000, "yearly", "$100.00 a year"),
    ],
)
def test_a_price_says_how_often_it_is_paid(cents: int, billing: str, words: str) -> None:
    assert ENGLISH.say(price_words(cents, billing)) == words


@pytest.mark.parametrize(
    ("cause", "billing", "words"),
    [
        (Change.JOIN, "monthly", "Subscription: 400 credits"),
        (Change.SUBSCRIBE, "monthly", "Subscription: 400 credits"),
        (Change.UPGRADE, "monthly", "Upgrade to 400 credits"),
        (Change.DOWNGRADE, "monthly", "Downgrade to 400 credits"),
        (Change.CANCEL, "monthly", "Plan cancelled"),
        (Change.BILLING, "yearly", "Billed yearly"),
        (Change.BILLING, "monthly", "Billed monthly"),
        (Change.PURCHASE, "monthly", "500 credits purchased"),
        ("renewal", "monthly", "Renewal: 400 credits"),
    ],
)
def test_an_order_says_what_was_ordered(cause: str, billing: str, words: str) -> None:
    order = PURCHASE._replace(cause=cause, billing=billing)
    assert ENGLISH.say(order_words(COMMUNITY, order)) == words


def test_an_order_says_how_it_stands() -> None:
    due = PURCHASE._replace(state=OrderState.DUE, card="")
    unpaid = PURCHASE._replace(state=OrderState.UNPAID, card="")
    said = [ENGLISH.say(state_words(order)) for order in (PURCHASE, PURCHASE._replace(cents=0), due, unpaid)]
    assert said == ["paid", "no charge", "being charged", "not paid"]
    assert ENGLISH.say(payment_words(unpaid)) == "Your card was declined. Press $ to pay it now."


def test_a_purchase_is_no_change_of_the_plan() -> None:
    labels = [label for label, _ in receipt_facts(ENGLISH, COMMUNITY, PURCHASE, "America/New_York")]
    assert labels == ["Order", "When", "Product", "What", "Credits", "Amount", "Payment", "Charge"]


def test_a_receipt_is_written_as_the_language_writes() -> None:
    lines = receipt_text(SPANISH, COMMUNITY, PURCHASE, "America/New_York").splitlines()
    assert any("20 may 2026, 12:00" in line for line in lines)
    assert any("10,00\N{NO-BREAK SPACE}US$" in line for line in lines)


def test_what_differs_between_two_quotes_is_named_one_by_one() -> None:
    now = QUOTE._replace(
        charge_cents=800, credits_now=650, next_renewal=Renewal(date(2026, 7, 1), 3500, 1000)
    )
    assert [ENGLISH.say(says) for says in differences(QUOTE, now)] == [
        "Charged today: $8.00 instead of $7.74.",
        "Credits now: 650 instead of 700.",
        "Next renewal: Jul 1, 2026 instead of Jun 1, 2026.",
        "Charged at the next renewal: $35.00 instead of $30.00.",
    ]
    said = [ENGLISH.say(says) for says in differences(QUOTE, QUOTE._replace(from_plan="3000"))]
    assert said == ["Your current plan has changed in the meantime."]


def said(product_id: str, **changes: object) -> dict[str, str]:
    """The terms of an upgrade, of a product with other rules, by their headings."""
    product = replace(CATALOG.product(product_id), **changes)  # type: ignore[arg-type]
    quote = QUOTE._replace(to_plan=product.plans[-1].id, billing=product.billing[-1])
    return {heading: " ".join(map(ENGLISH.say, sentences)) for heading, sentences in terms(product, quote)}


def test_terms_of_a_year_say_when_the_card_is_charged() -> None:
    assert "Your card is charged once a year" in said("community-texts")["Service"]
    assert "Your card is charged at each renewal." in said("agent-texts")["Service"]


def test_terms_of_what_is_free_charge_no_card() -> None:
    assert "card" not in said("agent-email", plans=(Plan("free", 5000, 0),))["Service"]


def test_terms_follow_rules_that_no_shipped_product_has() -> None:
    kept = said("community-texts", most_allotments=None, purchases=None)
    assert "Whatever you don't use rolls over and stays yours." in kept["Service"]
    texts = CATALOG.product("agent-texts")
    back = said("agent-texts", changes=texts.changes._replace(cancel_to="300"))
    assert back["Cancellation"].endswith("You continue with 300 credits a month.")


@pytest.mark.parametrize(
    ("pending", "says"),
    [
        ("none", "Cancellation withdrawn"),
        ("50", "Downgrade to 100 credits withdrawn"),
        ("", "Change of billing withdrawn"),
    ],
)
def test_a_withdrawal_says_what_was_to_come(pending: str, says: str) -> None:
    order = PURCHASE._replace(cause="withdrawn", from_plan=pending, credits=0, cents=0, card="")
    assert ENGLISH.say(order_words(COMMUNITY, order)) == says
    facts = dict(receipt_facts(ENGLISH, COMMUNITY, order, "America/New_York"))
    assert facts["Plan"] == "400 credits a month for 200 accounts"
    assert "Previous plan" not in facts
