"""What a payment provider says while time goes on and others ask it, too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from store.credits.collecting import Collecting
from store.credits.idempotency import Asked
from store.credits.model import OrderState
from store.errors import NotEnoughCredits, PaymentDeclined, RefusedByRule, WrongUsage
from store.payments import NO_CARD, Card, Declined, Paid, PaymentUnreachable
from store.payments.declines import declined
from store.sentences import sentence
from tests.store.credits.books import Books

CARD = Card("Visa", "4242")


class Provider:
    """A gateway behind a network, which answers as it is told to. paid: cents by key, once for each."""

    local = False

    def __init__(self, answer: Callable[[], Paid | Declined]) -> None:
        self.answer = answer
        self.paid: dict[str, int] = {}

    def card(self) -> Card | None:
        return CARD

    def card_link(self) -> str:
        return ""

    def use(self, number: str) -> Card:
        return CARD

    def charge(self, *, key: str, cents: int, description: str) -> Paid | Declined:
        if key in self.paid:
            return Paid(key, CARD)
        answer = self.answer()
        if isinstance(answer, Paid):
            self.paid[key] = cents
        return answer


def pay() -> Paid:
    return Paid("", CARD)


def stay_silent() -> Paid:
    raise PaymentUnreachable(sentence("Nobody answers."))


@pytest.fixture
def provider(books: Books) -> Provider:
    """Charges accounts of the ledger from now on."""
    made = Provider(pay)
    books.ledger._collecting._gateway = books.ledger._collecting._for_demos = made
    return made


def open_unanswered(books: Books, provider: Provider) -> None:
    """An account whose first payment nobody knows of."""
    provider.answer = stay_silent
    with pytest.raises(PaymentUnreachable):
        books.at("2026-04-16").join("300")
    books.account = books.accounts()[0].id


# An account whose first payment is declined later


def test_an_opening_that_turns_out_to_be_declined_says_so_and_leaves_nothing(
    books: Books, provider: Provider
) -> None:
    open_unanswered(books, provider)
    provider.answer = lambda: declined("card_declined")
    with pytest.raises(PaymentDeclined):
        books.ledger.collect(books.account)
    assert books.accounts() == []
    with pytest.raises(WrongUsage, match="no account"):
        books.ledger.collect(books.account)


def test_two_who_hear_that_an_opening_is_declined_say_so_both(books: Books, provider: Provider) -> None:
    open_unanswered(books, provider)

    def other_hears_first() -> Declined:
        provider.answer = lambda: declined("card_declined")
        with pytest.raises(PaymentDeclined):
            books.ledger.collect(books.account)
        return declined("card_declined")

    provider.answer = other_hears_first
    with pytest.raises(PaymentDeclined):
        books.ledger.collect(books.account)
    assert books.accounts() == []


def test_an_opening_is_taken_back_though_something_was_refused_meanwhile(
    books: Books, provider: Provider
) -> None:
    open_unanswered(books, provider)
    with pytest.raises(NotEnoughCredits):
        books.ledger.once(books.account, "a", "send", lambda: books.hold(1))
    provider.answer = lambda: declined("card_declined")
    with pytest.raises(PaymentDeclined):
        books.ledger.collect(books.account)
    assert books.accounts() == []


# Time goes on while the card is charged


def test_credits_end_on_their_day_though_an_order_was_paid_just_after_midnight(
    books: Books, provider: Provider
) -> None:
    books.at("2025-05-16").join("300").at("2026-05-15T23:59").ledger.collect(books.account)
    quote = books.ledger.quote_plan(books.account, "1000")

    def past_midnight() -> Paid:
        books.at("2026-05-16T00:01")
        return pay()

    provider.answer = past_midnight
    books.ledger.place(books.account, quote, key="a")
    assert min(lot.granted_on for lot in books.ledger.lots(books.account)) == date(2025, 6, 1)
    (newest,) = books.ledger.history(books.account, limit=1)
    assert (newest.kind, newest.on) == ("expired", date(2026, 5, 16))


def test_an_order_that_was_paid_just_after_midnight_comes_before_the_renewal(
    books: Books, provider: Provider
) -> None:
    books.at("2026-04-01").join("300").at("2026-04-30T23:59")
    quote = books.ledger.quote_plan(books.account, "1000")

    def past_midnight() -> Paid:
        books.at("2026-05-01T00:01")
        return pay()

    provider.answer = past_midnight
    books.ledger.place(books.account, quote, key="a")
    books.ledger.collect(books.account)
    assert [order.cause for order in books.ledger.orders(books.account)] == ["renewal", "upgrade", "join"]
    instants = [entry.at for entry in books.ledger.history(books.account)]
    assert instants == sorted(instants, reverse=True)
    assert books.available() == 300 + 700 + 1_000


# A key that was declined


def test_what_is_ordered_anew_under_a_declined_key_is_what_is_done(books: Books, provider: Provider) -> None:
    books.at("2026-04-01").join("300").at("2026-04-16")
    provider.answer = lambda: declined(NO_CARD)
    with pytest.raises(PaymentDeclined):
        books.ledger.place(books.account, books.ledger.quote_plan(books.account, "3000"), key="a")
    provider.answer = pay
    order = books.ledger.place(books.account, books.ledger.quote_plan(books.account, "1000"), key="a")
    assert (order.plan, order.cents, order.credits) == ("1000", 1_000, 700)
    assert provider.paid[f"{books.account}:a"] == 1_000


def test_what_is_ordered_anew_under_a_declined_key_is_done_though_nobody_answered(
    books: Books, provider: Provider
) -> None:
    books.at("2026-04-01").join("300").at("2026-04-16")
    quote = books.ledger.quote_plan(books.account, "1000")
    for answer, error in ((lambda: declined(NO_CARD), PaymentDeclined), (stay_silent, PaymentUnreachable)):
        provider.answer = answer
        with pytest.raises(error):
            books.ledger.place(books.account, quote, key="a")
    provider.answer = pay
    books.ledger.collect(books.account)
    assert books.available() == 1_000


# A renewal that two ask for


def test_after_months_every_renewal_is_charged_and_granted_on_its_day(
    books: Books, provider: Provider
) -> None:
    books.at("2026-02-10").join("300").at("2026-06-03")
    assert books.ledger.collect(books.account) == []
    assert books.available() == 300 + 4 * 300
    assert sorted(provider.paid.values()) == [679, *[1_000] * 4]
    granted = [str(lot.granted_on) for lot in books.ledger.lots(books.account)]
    assert granted == ["2026-02-10", "2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01"]


def test_a_card_that_is_declined_is_asked_on_five_days_and_then_only_when_somebody_says_so(
    books: Books, provider: Provider
) -> None:
    books.at("2026-04-01").join("300").at("2026-06-20")
    days: list[str] = []

    def decline() -> Declined:
        days.append(str(books.ledger.account(books.account).clock_floor.date()))
        return declined("card_declined")

    provider.answer = decline
    (owed,) = books.ledger.collect(books.account)
    assert (owed.cents, str(owed.on), owed.state) == (1_000, "2026-06-01", OrderState.UNPAID)
    (notice,) = books.ledger.notices_to_show(books.account)
    assert (notice.cause, str(notice.at.date())) == ("unpaid", "2026-06-01")
    assert days == ["2026-05-01", "2026-05-02", "2026-05-04", "2026-05-06", "2026-05-08"]
    assert len(books.ledger.collect(books.account)) == 1
    assert len(days) == 5
    provider.answer = pay
    assert books.ledger.collect(books.account, again=True) == []
    assert books.available() == 600
    assert str(books.ledger.lots(books.account)[-1].expires_on) == "2027-06-20"


def test_who_dies_between_a_retrys_charge_and_its_credits_is_charged_once(
    books: Books, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.at("2026-04-01").join("300").at("2026-05-01")
    provider.answer = lambda: declined("card_declined")
    assert len(books.ledger.collect(books.account)) == 1
    assert [notice.cause for notice in books.ledger.notices_to_show(books.account)] == ["unpaid"]
    provider.answer = pay
    books.at("2026-05-02")
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Collecting, "_settle", lambda *about: _die())
        books.ledger.collect(books.account)
    assert (len(provider.paid), books.available()) == (2, 300), "joined and charged, but not granted yet"
    assert books.ledger.collect(books.account) == []
    assert (len(provider.paid), books.available()) == (2, 600)
    assert books.ledger.verify().problems == ()


def _die() -> None:
    raise KeyboardInterrupt


def test_a_renewal_without_a_card_is_charged_once_though_two_ask_when_one_is_there(
    books: Books, provider: Provider
) -> None:
    books.at("2026-04-01").join("300").at("2026-05-02")

    def other_asks_before_and_after_there_is_a_card() -> Paid:
        provider.answer = lambda: declined(NO_CARD)
        (owed,) = books.ledger.collect(books.account)
        assert owed.state is OrderState.UNPAID
        provider.answer = pay
        assert books.ledger.collect(books.account, again=True) == []
        return pay()

    provider.answer = other_asks_before_and_after_there_is_a_card
    assert books.ledger.collect(books.account) == []
    assert sorted(provider.paid.values()) == [1_000, 1_000], "joined, and renewed"


# A provider that is out of reach


def test_a_plan_can_be_cancelled_while_nobody_can_be_asked_for_its_renewal(
    books: Books, provider: Provider
) -> None:
    books.at("2026-04-01").join("300").at("2026-05-02")
    books.ledger.catch_up(books.account)
    provider.answer = stay_silent
    books.cancel()
    assert [order.state for order in books.ledger.owing(books.account)] == [OrderState.DUE]
    books.at("2026-06-02")
    assert books.available() == 300, "what comes next hangs on whether May was paid"
    provider.answer = pay
    assert books.ledger.collect(books.account) == []
    assert books.available() == 0
    assert sorted(provider.paid.values()) == [1_000, 1_000], "joined, and renewed in May"


def test_while_an_order_waits_for_an_answer_nothing_else_is_ordered(books: Books, provider: Provider) -> None:
    books.at("2026-04-01").join("300").at("2026-04-16")
    cancelling = books.ledger.quote_cancel(books.account)
    provider.answer = stay_silent
    with pytest.raises(PaymentUnreachable):
        books.order("1000")
    with pytest.raises(RefusedByRule) as caught:
        books.ledger.place(books.account, cancelling, key="cancel")
    assert caught.value.code == "order-open"


# What is ordered under a key of one's own


def test_credits_for_the_days_that_were_paid_come_however_late_that_is_known(
    books: Books, provider: Provider
) -> None:
    books.at("2026-04-15").join("200", "community-texts").at("2026-04-25")
    provider.answer = stay_silent
    with pytest.raises(PaymentUnreachable):
        books.order("400")
    provider.answer = pay
    books.at("2026-04-29").ledger.collect(books.account)
    assert books.available() == 400 + 267  # 20 of 30 days of 400


def test_what_nobody_answered_is_charged_once_when_it_is_said_again(books: Books, provider: Provider) -> None:
    books.at("2026-04-15").join("200", "community-texts")
    asked = Asked("nov-29", "buy 500")
    provider.answer = stay_silent
    with pytest.raises(PaymentUnreachable):
        quote = books.ledger.quote_purchase(books.account, 500)
        books.ledger.place(books.account, quote, key="a", asked=asked)
    with pytest.raises(PaymentUnreachable):
        books.ledger.placed(books.account, asked)
    provider.answer = pay
    found = books.ledger.placed(books.account, asked)
    assert found is not None
    assert found[0] == quote._replace(explanation=())
    again = books.ledger.place(
        books.account, books.ledger.quote_purchase(books.account, 500), key="b", asked=asked
    )
    assert again == found[1]
    assert sorted(provider.paid.values()) == [1_000, 2_000], "bought, and joined"
