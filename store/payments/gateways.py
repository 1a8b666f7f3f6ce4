"""Which gateway a database has: the environment says so; and what of it a person sees."""

from __future__ import annotations

import os

from store.database import Database
from store.payments import Card, Declined, Gateway, Paid
from store.payments.testcard import TestCard
from store.roles import Person, Role
from store.settings import Settings


def load(database: Database, settings: Settings) -> Gateway:
    """Stripe where TEXTMETER_STRIPE_KEY holds a secret key (and TEXTMETER_STRIPE_URL perhaps another address
    of its API), else the embedded test card."""
    key = os.environ.get("TEXTMETER_STRIPE_KEY")
    if not key:
        return TestCard(database, settings)
    from store.payments.stripe_api import StripeApi
    from store.payments.stripe_gateway import StripeGateway

    return StripeGateway(StripeApi(key, os.environ.get("TEXTMETER_STRIPE_URL", "")), settings)


def seen_by(person: Person, gateway: Gateway) -> Gateway:
    """A gateway as a person may use it."""
    return LookedAt(gateway, person) if person.lacks(Role.OWNER) else gateway


class LookedAt:
    """A gateway to those who are no owners: they see the card on file, and no more. What time charges, the
    ledger asks of the gateway itself."""

    def __init__(self, gateway: Gateway, person: Person) -> None:
        self._gateway = gateway
        self._person = person
        self.local = gateway.local

    def card(self) -> Card | None:
        return self._gateway.card()

    def use(self, number: str) -> Card:
        self._person.check(Role.OWNER)
        return self._gateway.use(number)

    def card_link(self) -> str:
        """None of theirs to open."""
        return ""

    def charge(self, *, key: str, cents: int, description: str) -> Paid | Declined:
        self._person.check(Role.OWNER)
        return self._gateway.charge(key=key, cents=cents, description=description)
