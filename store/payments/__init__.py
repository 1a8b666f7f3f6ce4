"""Who takes the money: the port to a payment provider, and what it says.

A gateway charges the one card on file of a database's owner. The same key charges once, however often it is
asked for; so whoever died between asking and noting the answer asks again. Gateways are imported when they
are used: the embedded test card needs nothing, Stripe its own library.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from store.errors import TextmeterError
from store.sentences import Sentence


class Card(NamedTuple):
    """What is known of the card on file: all else stays with the provider. brand: "Visa"; last4: its last
    four digits; expires: "2029-04", or "" where it isn't known."""

    brand: str
    last4: str
    expires: str = ""

    def __str__(self) -> str:
        """As receipts name it: "Visa 4242"."""
        return f"{self.brand} {self.last4}"


class Paid(NamedTuple):
    """The card was charged. reference: the provider's own id of the charge."""

    reference: str
    card: Card


NO_CARD = "no_card"
"""The code of a decline where there was no card to charge, so that the key is as good as before."""


class Declined(NamedTuple):
    """The card was not charged. says: why, and what to do; code: the provider's word for it."""

    says: Sentence
    code: str


class PaymentUnreachable(TextmeterError):
    """The provider could not be asked, or didn't answer: whether the card was charged isn't known. What was
    ordered is asked for again under the same key, by itself, until it is known. code: says more where a
    person has to do something about it ("payment-setup")."""

    default_code = "payment-unreachable"


class Gateway(Protocol):
    """A payment provider, for one database. Methods may be called from any thread.

    local: whether it answers from the database itself, without a network, so that it may be asked at once and
    within a transaction. Others may take half a minute, and are asked outside of any.
    """

    local: bool

    def card(self) -> Card | None:
        """The card on file, or None where there is none yet. Raises PaymentUnreachable."""
        ...

    def use(self, number: str) -> Card:
        """Puts a card on file by its number. Raises WrongUsage where that isn't how it is done, or for a
        number that mustn't be kept."""
        ...

    def card_link(self) -> str:
        """The address of the provider's page on which a card is put on file, in a browser and for a short
        time; "" where there is no page, but `use`. Raises PaymentUnreachable."""
        ...

    def charge(self, *, key: str, cents: int, description: str) -> Paid | Declined:
        """Charges the card on file in US dollars, once for each key. A card's decline is the key's answer for
        good: another try, with another card, takes another key. Raises PaymentUnreachable."""
        ...
