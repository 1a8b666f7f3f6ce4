"""The embedded gateway: charges are rows of the database itself, on a test card, so that nothing costs money.

Test cards are the publicly known numbers of which each provokes an answer. Any other number may be somebody's
card, and is neither kept nor repeated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

from peewee import AutoField, BigIntegerField, Check, IntegerField, TextField

from store.clock import SystemClock, micros
from store.database import Database, Table, retried
from store.errors import WrongUsage
from store.payments import Card, Declined, Paid
from store.payments.declines import declined
from store.sentences import sentence
from store.settings import Settings

SETTING = "test-card"
DEFAULT = "4242424242424242"


class TestNumber(NamedTuple):
    """A test card. expires: as `Card.expires`; declines: the word with which it is declined, "" where it
    pays."""

    brand: str
    expires: str = "2034-12"
    declines: str = ""


NUMBERS: Mapping[str, TestNumber] = {
    DEFAULT: TestNumber("Visa"),
    "5555555555554444": TestNumber("Mastercard"),
    "378282246310005": TestNumber("American Express"),
    "6011111111111117": TestNumber("Discover"),
    "4000000000000002": TestNumber("Visa", declines="card_declined"),
    "4000000000009995": TestNumber("Visa", declines="insufficient_funds"),
    "4000000000000069": TestNumber("Visa", expires="2020-12", declines="expired_card"),
    "4000000000000127": TestNumber("Visa", declines="incorrect_cvc"),
    "4000000000000119": TestNumber("Visa", declines="processing_error"),
    "4000002500003155": TestNumber("Visa", declines="authentication_required"),
}


class TestCharge(Table):
    """A charge that was asked for, once for each key. cents: US; card: a number of NUMBERS; code: with which
    word it was declined, "" where it was paid; at: the real time, in microseconds."""

    id = AutoField()
    key = TextField(unique=True)
    cents = IntegerField(constraints=[Check("cents > 0")])
    card = TextField()
    description = TextField()
    code = TextField()
    at = BigIntegerField()


class TestCard:
    """A gateway that takes no money. It takes part in the caller's transaction."""

    TABLES: ClassVar[Sequence[type[Table]]] = [TestCharge]

    local = True

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    def card(self) -> Card:
        return _card(self._number())

    def use(self, number: str) -> Card:
        """Puts a test card on file; spaces and hyphens in its number don't count. Raises WrongUsage for any
        other number, which is kept nowhere."""
        digits = re.sub(r"[\s-]", "", number)
        if digits not in NUMBERS:
            raise WrongUsage(
                sentence(
                    "That isn't a test card, so it wasn't saved. Don't enter a real card here: use "
                    "{pays}, which pays, or {declines}, which is declined.",
                    pays=_grouped(DEFAULT),
                    declines=_grouped("4000000000000002"),
                ),
                code="no-test-card",
            )
        self._settings.write(SETTING, digits)
        return _card(digits)

    def card_link(self) -> str:
        return ""

    @retried
    def charge(self, *, key: str, cents: int, description: str) -> Paid | Declined:
        number = self._number()
        with self._database.transaction():
            asked = TestCharge.insert(
                key=key,
                cents=cents,
                card=number,
                description=description,
                code=NUMBERS[number].declines,
                at=micros(SystemClock().now()),
            )
            # Where it was asked for before, nothing of that changes.
            asked = asked.on_conflict(conflict_target=[TestCharge.key], preserve=[TestCharge.key])
            answer = asked.returning(TestCharge.id, TestCharge.card, TestCharge.code).namedtuples()
            (charge,) = self._database.run(answer)
        return declined(charge.code) if charge.code else Paid(f"test-{charge.id}", _card(charge.card))

    def _number(self) -> str:
        number = self._settings.read(SETTING)
        return number if number and number in NUMBERS else DEFAULT


def _card(number: str) -> Card:
    return Card(NUMBERS[number].brand, number[-4:], NUMBERS[number].expires)


def _grouped(number: str) -> str:
    """A number as it is printed on a card: in groups of four."""
    return " ".join(re.findall(".{1,4}", number))
