"""Stripe, by its own library. Card and customer are kept there; here are only the customer's id and what a
receipt says of the card.

What was charged is found again among the customer's payments, by a mark made from the key: Stripe replays its
answer to a repeated request for a day or so only, and who asks later would be charged twice.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from store.errors import WrongUsage
from store.payments import NO_CARD, Card, Declined, Paid, PaymentUnreachable
from store.payments.declines import declined
from store.payments.stripe_api import Refused, StripeApi
from store.sentences import sentence
from store.settings import Settings

if TYPE_CHECKING:
    import stripe

MARK = "textmeter_charge"
"""The name of a payment's metadata that tells which charge it is."""

_BRANDS = {"amex": "American Express", "diners": "Diners Club", "jcb": "JCB", "unionpay": "UnionPay"}
"""Names that aren't Stripe's word with a capital letter."""


class StripeGateway:
    """The customer that a database's owner is at Stripe."""

    local = False

    def __init__(self, api: StripeApi, settings: Settings) -> None:
        self._api = api
        self._settings = settings

    def card(self) -> Card | None:
        """As Stripe has it; where Stripe doesn't answer, as it was when last asked."""
        kept = self._read("card")
        try:
            self._api.check()  # where no card was ever put there, Stripe isn't asked
            method = self._method()
        except PaymentUnreachable:
            if not kept:
                raise
            return Card(*json.loads(kept))
        if method is None:
            return None
        card = _card(method)
        told = json.dumps([card.brand, card.last4, card.expires])
        if told != kept:
            self._write("card", told)
        return card

    def use(self, number: str) -> Card:
        raise WrongUsage(
            sentence(
                "With Stripe, you enter cards on Stripe's own page, so this number wasn't saved. "
                "`textmeter card` shows the page's address."
            ),
            code="card-page",
        )

    def card_link(self) -> str:
        customer = self._customer()
        customer_id = customer.id if customer else self._new_customer()
        portal = self._read("portal") or self._new_portal()
        session = self._api.ask(
            lambda client: client.v1.billing_portal.sessions.create(
                {
                    "customer": customer_id,
                    "configuration": portal,
                    "flow_data": {
                        "type": "payment_method_update",
                        "after_completion": {"type": "hosted_confirmation"},
                    },
                }
            )
        )
        return session.url

    def charge(self, *, key: str, cents: int, description: str) -> Paid | Declined:
        try:
            return self._charge_once(key, cents, description)
        except PaymentUnreachable as error:
            if error.code != PaymentUnreachable.default_code:
                raise
        raise PaymentUnreachable(
            sentence(
                "Stripe isn't answering, so the card may or may not have been charged. Textmeter "
                "will check again; you are charged only once."
            )
        )

    def _charge_once(self, key: str, cents: int, description: str) -> Paid | Declined:
        customer = self._read("customer")
        mark = hashlib.sha256(f"{customer} {cents} {key}".encode()).hexdigest()
        intent = self._charged(customer, mark) if customer else None
        if intent is None:
            method = self._method()
            if method is None:
                return declined(NO_CARD)
            try:
                intent = self._charge(customer, method.id, mark, cents, description)
            except Refused as refused:
                if refused.by_bank or refused.code == "amount_too_small":
                    return declined(refused.code)
                raise
        return _outcome(intent)

    def _charge(
        self, customer: str, method: str, mark: str, cents: int, description: str
    ) -> stripe.PaymentIntent:
        return self._api.ask(
            lambda client: client.v1.payment_intents.create(
                {
                    "amount": cents,
                    "currency": "usd",
                    "customer": customer,
                    "payment_method": method,
                    "allowed_payment_method_types": ["card"],
                    "description": description,
                    "metadata": {MARK: mark},
                    "off_session": True,
                    "confirm": True,
                    "expand": ["payment_method"],
                },
                {"idempotency_key": mark},
            )
        )

    def _charged(self, customer: str, mark: str) -> stripe.PaymentIntent | None:
        """The payment with that mark. All are listed: what was just made would not be found by searching."""

        def look(client: stripe.StripeClient) -> stripe.PaymentIntent | None:
            intents = client.v1.payment_intents.list(
                {"customer": customer, "limit": 100, "expand": ["data.payment_method"]}
            )
            for intent in intents.auto_paging_iter():
                if intent.metadata.to_dict().get(MARK) == mark:
                    return intent
            return None

        return self._api.ask(look)

    def _customer(self) -> stripe.Customer | None:
        """The customer with the default payment method, if there is one and Stripe still has it."""
        id = self._read("customer")
        if not id:
            return None
        try:
            customer = self._api.ask(
                lambda client: client.v1.customers.retrieve(
                    id, {"expand": ["invoice_settings.default_payment_method"]}
                )
            )
        except Refused as refused:
            if refused.code == "resource_missing":
                return None
            raise
        return None if getattr(customer, "deleted", False) else customer

    def _method(self) -> stripe.PaymentMethod | None:
        """The card to be charged."""
        customer = self._customer()
        settings = customer.invoice_settings if customer else None
        method = settings.default_payment_method if settings else None
        if method is None or isinstance(method, str) or method.type != "card":
            return None
        return method

    def _new_customer(self) -> str:
        customer = self._api.ask(lambda client: client.v1.customers.create({"description": "Textmeter"}))
        self._write("customer", customer.id)
        return customer.id

    def _new_portal(self) -> str:
        """What Stripe's page offers: to put another card on file, nothing else."""
        portal = self._api.ask(
            lambda client: client.v1.billing_portal.configurations.create(
                {"features": {"payment_method_update": {"enabled": True}}}
            )
        )
        self._write("portal", portal.id)
        return portal.id

    def _read(self, name: str) -> str:
        return self._settings.read(f"stripe-{name}-{self._api.mode}") or ""

    def _write(self, name: str, value: str) -> None:
        self._settings.write(f"stripe-{name}-{self._api.mode}", value)


def _outcome(intent: stripe.PaymentIntent) -> Paid | Declined:
    match intent.status:
        case "succeeded":
            method = intent.payment_method
            assert method is not None
            assert not isinstance(method, str)  # it was asked for as a whole
            return Paid(intent.id, _card(method))
        case "processing":
            raise PaymentUnreachable(sentence("Stripe is still working on this. Try again later."))
        case "requires_action" | "requires_confirmation":
            return declined("authentication_required")
    error = intent.last_payment_error.to_dict() if intent.last_payment_error else {}
    return declined(error.get("decline_code") or error.get("code") or "card_declined")


def _card(method: stripe.PaymentMethod) -> Card:
    card = method.card
    assert card is not None
    expires = f"{card.exp_year:04}-{card.exp_month:02}"
    return Card(_BRANDS.get(card.brand, card.brand.capitalize()), card.last4, expires)
