"""Which gateway a database has: the configuration says so; and what of it a person sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import config, secrets
from store.database import Database
from store.payments import Card, Declined, Gateway, Paid
from store.payments.testcard import TestCard
from store.roles import Person, Role
from store.settings import Settings

if TYPE_CHECKING:
    from store.payments.stripe_api import StripeApi


def load(database: Database, settings: Settings) -> Gateway:
    """Stripe where there is the secret `stripe.key` (and in `stripe.url` perhaps another address of its API),
    else the embedded test card. Raises SecretTrouble where that can't be told."""
    api = _stripe()
    if api is None:
        return TestCard(database, settings)
    from store.payments.stripe_gateway import StripeGateway

    return StripeGateway(api, settings)


def check() -> str:
    """Who takes payments: "stripe live", "stripe test", or "" for the embedded test card. Raises
    PaymentUnreachable where Stripe is set up, and not as it should be, or doesn't answer."""
    api = _stripe()
    if api is None:
        return ""
    api.ask(lambda client: client.v1.customers.list({"limit": 1}))
    return f"stripe {api.mode}"


def _stripe() -> StripeApi | None:
    key = secrets.secret("stripe.key")
    if key is None:
        return None
    from store.payments.stripe_api import StripeApi

    return StripeApi(key.reveal(), config.text("stripe.url"))


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
