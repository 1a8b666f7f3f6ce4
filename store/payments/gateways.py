"""Which gateway a database has: the environment says so."""

from __future__ import annotations

import os

from store.database import Database
from store.payments import Gateway
from store.payments.testcard import TestCard
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
