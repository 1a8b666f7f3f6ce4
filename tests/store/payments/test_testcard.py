"""The embedded test card: it charges once for each key, declines when asked to, and keeps no real number."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from store.database import Database
from store.errors import WrongUsage
from store.payments import Card, Declined, Paid
from store.payments.testcard import TestCard
from store.settings import Settings


@pytest.fixture
def database(new_database: Callable[[], str]) -> Iterator[Database]:
    database = Database(new_database())
    database.migrate([*Settings.TABLES, *TestCard.TABLES])
    yield database
    database.close()


@pytest.fixture
def gateway(database: Database) -> TestCard:
    return TestCard(database, Settings(database))


def charges(database: Database) -> list[tuple[object, ...]]:
    with database.connection():
        return list(database.execute("SELECT key, cents, card, code FROM test_charge ORDER BY id").fetchall())


def test_a_new_database_has_a_card_that_pays(gateway: TestCard) -> None:
    assert gateway.card() == Card("Visa", "4242", "2034-12")
    answer = gateway.charge(key="order-1", cents=1_000, description="300 a month")
    assert isinstance(answer, Paid)
    assert str(answer.card) == "Visa 4242"


def test_one_key_is_charged_once_however_often_it_is_asked_for(gateway: TestCard, database: Database) -> None:
    first = gateway.charge(key="order-1", cents=1_000, description="300 a month")
    again = gateway.charge(key="order-1", cents=1_000, description="300 a month")
    other = gateway.charge(key="order-2", cents=1_000, description="300 a month")
    assert first == again
    assert isinstance(first, Paid)
    assert isinstance(other, Paid)
    assert first.reference != other.reference
    assert charges(database) == [
        ("order-1", 1_000, "4242424242424242", ""),
        ("order-2", 1_000, "4242424242424242", ""),
    ]


@pytest.mark.parametrize(
    ("number", "code", "way_out"),
    [
        ("4000000000000002", "card_declined", "Ask the bank"),
        ("4000 0000 0000 9995", "insufficient_funds", "Add money"),
        ("4000-0000-0000-0069", "expired_card", "Add a new card"),
    ],
)
def test_a_card_that_declines_says_why_and_what_to_do(
    gateway: TestCard, number: str, code: str, way_out: str
) -> None:
    gateway.use(number)
    answer = gateway.charge(key="order-1", cents=1_000, description="300 a month")
    assert isinstance(answer, Declined)
    assert answer.code == code
    assert "Nothing was charged" in str(answer.says)
    assert way_out in str(answer.says)


def test_a_key_that_was_declined_stays_declined_and_another_pays_with_the_new_card(
    gateway: TestCard, database: Database
) -> None:
    gateway.use("4000000000000002")
    declined = gateway.charge(key="order-1", cents=500, description="")
    gateway.use("5555555555554444")
    assert gateway.charge(key="order-1", cents=500, description="") == declined
    paid = gateway.charge(key="order-1 again", cents=500, description="")
    assert isinstance(paid, Paid)
    assert str(paid.card) == "Mastercard 4444"
    assert [code for *_, code in charges(database)] == ["card_declined", ""]


def test_a_charge_is_gone_with_the_transaction_that_it_belongs_to(
    gateway: TestCard, database: Database
) -> None:
    def fails_after_charging() -> None:
        with database.transaction():
            gateway.charge(key="order-1", cents=1_000, description="")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails_after_charging()
    assert charges(database) == []


@pytest.mark.parametrize("number", ["4539578763621486", "4242", "", "Visa", "4242424242424242424242"])
def test_a_number_that_may_be_somebodys_card_is_neither_kept_nor_repeated(
    gateway: TestCard, database: Database, number: str
) -> None:
    with pytest.raises(WrongUsage, match="isn't a test card") as refused:
        gateway.use(number)
    assert refused.value.code == "no-test-card"
    assert not number or number not in str(refused.value).replace("4242 4242 4242 4242", "")
    assert Settings(database).read("test-card") is None
    assert gateway.card() == Card("Visa", "4242", "2034-12")


def test_a_card_that_is_put_on_file_is_there_at_the_next_start(gateway: TestCard, database: Database) -> None:
    put = gateway.use("3782 822463 10005")
    assert str(put) == "American Express 0005"
    assert TestCard(database, Settings(database)).card() == put
