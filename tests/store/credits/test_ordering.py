"""Orders: once for each key, paid before they are done, and nothing changed where they aren't."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from store.credits.catalog import NO_PLAN
from store.credits.model import Change, OrderState, Quote
from store.errors import PaymentDeclined, RefusedByRule, TextmeterError, WrongUsage
from store.payments import Card, Declined, Paid, PaymentUnreachable
from store.payments.testcard import TestCard
from store.sentences import sentence
from tests.store.credits.books import Books

DECLINES = "4000000000000002"


class Dying:
    """A gateway of which nobody hears whether it charged: it did, if `charges` says so."""

    local = False

    def __init__(self, gateway: TestCard, *, charges: bool) -> None:
        self._gateway = gateway
        self._charges = charges

    def card(self) -> Card | None:
        return self._gateway.card()

    def card_link(self) -> str:
        return ""

    def use(self, number: str) -> Card:
        return self._gateway.use(number)

    def charge(self, *, key: str, cents: int, description: str) -> Paid | Declined:
        if self._charges:
            self._gateway.charge(key=key, cents=cents, description=description)
        raise PaymentUnreachable(sentence("Nobody answers."))


def charged(books: Books) -> list[tuple[int, str]]:
    """What the card was asked for: cents, and why not."""
    return [(cents, code) for cents, code in books.rows("SELECT cents, code FROM test_charge ORDER BY id")]


@pytest.fixture
def member(books: Books) -> Books:
    """On 300 since the 1st of April, when 10.00 was charged; it is the 16th."""
    return books.at("2026-04-01").join("300").at("2026-04-16")


def to_1000(books: Books) -> Quote:
    return books.ledger.quote_plan(books.account, "1000")


def test_a_quote_changes_nothing(member: Books) -> None:
    member.available()
    before = member.everything()
    to_1000(member)
    member.ledger.quote_cancel(member.account)
    assert member.everything() == before


def test_an_order_is_done_once_for_each_key(member: Books) -> None:
    quote = to_1000(member)
    first = member.ledger.place(member.account, quote, key="a")
    again = member.ledger.place(member.account, quote, key="a")
    assert first == again
    assert (first.number, first.cents, first.credits, first.card) == (2, 1_000, 700, "Visa 4242")
    assert charged(member) == [(1_000, ""), (1_000, "")]
    assert member.available() == 1_000


def test_a_declined_card_changes_nothing_and_another_one_pays(member: Books) -> None:
    member.gateway.use(DECLINES)
    member.available()
    before = member.everything()
    with pytest.raises(PaymentDeclined) as caught:
        member.ledger.place(member.account, to_1000(member), key="a")
    assert caught.value.exit_code == 5
    asked, before_that = member.everything(), before.pop("payment")
    assert [row[-1] for row in asked.pop("payment") if row not in before_that] == ["declined"]
    assert asked == before
    member.gateway.use("4242424242424242")
    assert member.ledger.place(member.account, to_1000(member), key="b").credits == 700


def test_an_account_whose_first_order_is_declined_was_never_opened(books: Books) -> None:
    books.gateway.use(DECLINES)
    with pytest.raises(PaymentDeclined):
        books.at("2026-04-16").join("300")
    assert books.accounts() == []
    books.gateway.use("4242424242424242")
    books.join("300")
    assert books.available() == 300
    assert charged(books) == [(500, "card_declined"), (500, "")]


@pytest.mark.parametrize("arrived", [True, False], ids=["charged", "not charged"])
def test_what_nobody_answered_is_asked_again_and_done_once(member: Books, arrived: bool) -> None:
    quote = to_1000(member)
    member.ledger._collecting._for_demos = Dying(member.gateway, charges=arrived)
    with pytest.raises(PaymentUnreachable):
        member.ledger.place(member.account, quote, key="a")
    assert member.available() == 300
    with pytest.raises(PaymentUnreachable):
        member.ledger.collect(member.account)
    member.ledger._collecting._for_demos = member.gateway
    assert member.available() == 1_000
    assert charged(member) == [(1_000, ""), (1_000, "")]
    assert member.ledger.place(member.account, quote, key="a").number == 2
    assert member.ledger.verify().problems == ()


def test_an_opening_that_nobody_answered_is_done_later(books: Books) -> None:
    books.at("2026-04-16")
    books.ledger._collecting._for_demos = Dying(books.gateway, charges=True)
    with pytest.raises(PaymentUnreachable):
        books.join("300")
    (account,) = books.accounts()
    assert account.plan == NO_PLAN
    books.ledger._collecting._for_demos = books.gateway
    books.account = account.id
    assert books.available() == 300
    assert charged(books) == [(500, "")]


def test_an_order_that_was_paid_long_ago_still_gives_what_was_ordered(member: Books) -> None:
    quote = to_1000(member)
    member.ledger._collecting._for_demos = Dying(member.gateway, charges=True)
    with pytest.raises(PaymentUnreachable):
        member.ledger.place(member.account, quote, key="a")
    member.at("2026-06-02")
    assert member.available() == 300  # nobody knew yet, nor whether May is paid
    member.ledger._collecting._for_demos = member.gateway
    assert member.available() == 300 + 700 + 300 + 1_000
    assert charged(member) == [(1_000, ""), (1_000, ""), (1_000, ""), (3_000, "")]
    assert member.ledger.account(member.account).plan == "1000"
    assert member.ledger.verify().problems == ()


def test_a_quote_that_would_be_another_by_now_is_shown_anew(member: Books) -> None:
    quote = to_1000(member)
    member.at("2026-04-17")
    with pytest.raises(RefusedByRule) as caught:
        member.ledger.place(member.account, quote, key="a")
    assert caught.value.code == "quote-changed"
    assert member.available() == 300


def test_a_quote_with_other_numbers_than_ours_is_refused(member: Books) -> None:
    for forged in (
        to_1000(member)._replace(charge_cents=1),
        to_1000(member)._replace(credits_now=7_000),
        to_1000(member)._replace(to_plan="3000"),
    ):
        with pytest.raises(RefusedByRule, match="changed"):
            member.ledger.place(member.account, forged, key="a")
    assert member.orders() == [1_000]


def test_while_an_order_is_being_paid_there_is_no_other(member: Books) -> None:
    quote = to_1000(member)
    member.ledger._collecting._for_demos = Dying(member.gateway, charges=False)
    with pytest.raises(PaymentUnreachable):
        member.ledger.place(member.account, quote, key="a")
    with pytest.raises(PaymentUnreachable):
        member.ledger.place(member.account, quote, key="b")
    member.ledger._collecting._for_demos = member.gateway
    with pytest.raises(RefusedByRule, match="changed"):  # the first one is done by now
        member.ledger.place(member.account, quote, key="b")
    assert member.orders() == [1_000, 1_000]


def test_a_renewal_is_due_until_a_provider_behind_a_network_is_asked(member: Books) -> None:
    remote = Dying(member.gateway, charges=False)
    member.ledger._collecting._for_demos = remote
    member.at("2026-05-02")
    assert member.available() == 300
    assert [order.state for order in member.ledger.owing(member.account)] == [OrderState.DUE]
    assert charged(member) == [(1_000, "")]
    with pytest.raises(PaymentUnreachable):
        member.ledger.collect(member.account)
    assert member.available() == 300
    member.ledger._collecting._for_demos = member.gateway
    assert member.ledger.collect(member.account) == []
    assert member.available() == 600
    assert charged(member) == [(1_000, ""), (1_000, "")]
    assert [str(lot.granted_on) for lot in member.ledger.lots(member.account)] == ["2026-04-01", "2026-05-01"]


def cancelled(books: Books) -> object:
    """Cancels; says nothing."""
    books.ledger.place(books.account, books.ledger.quote_cancel(books.account), key="cancel")
    return None


REFUSALS: dict[str, tuple[Callable[[Books], object], str]] = {
    "the plan it is": (lambda books: books.ledger.quote_plan(books.account, "300"), "same-plan"),
    "a plan that isn't there": (lambda books: books.ledger.quote_plan(books.account, "400"), "no-such-plan"),
    "a year": (
        lambda books: books.ledger.quote_plan(books.account, "1000", billing="yearly"),
        "no-such-billing",
    ),
    "credits one by one": (lambda books: books.ledger.quote_purchase(books.account, 100), "no-purchases"),
    "nothing to withdraw": (lambda books: books.ledger.withdraw(books.account), "nothing-pending"),
    "cancelling twice": (
        lambda books: cancelled(books) or books.ledger.quote_cancel(books.account),
        "nothing-to-cancel",
    ),
    "an order that isn't there": (lambda books: books.ledger.order(books.account, 9), "no-such-order"),
}


@pytest.mark.parametrize(("ask", "code"), REFUSALS.values(), ids=REFUSALS.keys())
def test_what_can_not_be_ordered_is_refused_by_its_own_word(
    member: Books, ask: Callable[[Books], object], code: str
) -> None:
    with pytest.raises(TextmeterError) as caught:
        ask(member)
    assert caught.value.code == code


def test_no_account_is_opened_without_a_plan(books: Books) -> None:
    with pytest.raises(WrongUsage, match="300, 1000, 3000"):
        books.join(NO_PLAN)


def test_a_withdrawn_cancellation_never_was(member: Books) -> None:
    cancelled(member)
    assert member.ledger.account(member.account).pending_plan == NO_PLAN
    assert member.ledger.withdraw(member.account).pending_plan is None
    member.at("2026-05-02")
    assert member.available() == 600
    _, back, order = member.ledger.orders(member.account)[:3]
    assert (order.cause, order.from_plan, order.plan, order.cents) == (Change.CANCEL, "300", NO_PLAN, 0)
    assert (back.cause, back.from_plan, back.plan, back.cents) == ("withdrawn", NO_PLAN, "300", 0)
