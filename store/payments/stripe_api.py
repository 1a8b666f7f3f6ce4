"""Stripe's API, asked with bounded patience; its errors in our words, which never hold the secret key."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from store.payments import PaymentUnreachable
from store.sentences import Sentence, sentence

if TYPE_CHECKING:
    import stripe

T = TypeVar("T")

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 30.0


class Refused(PaymentUnreachable):
    """Stripe understood, and did nothing. code: Stripe's word for why; by_bank: whether the card was
    declined."""

    by_bank = False


class StripeApi:
    """key: the secret key of a Stripe account; it stays in here. url: another address than Stripe's own.
    answer_seconds: how long Stripe may be silent."""

    def __init__(self, key: str, url: str = "", answer_seconds: float = ANSWER_SECONDS) -> None:
        self._key = key.strip()
        self._url = url.rstrip("/")
        self._answer_seconds = answer_seconds

    def __repr__(self) -> str:
        return "<StripeApi>"

    @property
    def mode(self) -> str:
        """ "live", or "test" where no money moves: what one knows says nothing to the other."""
        return "live" if "_live_" in self._key else "test"

    def check(self) -> None:
        """Raises PaymentUnreachable where it isn't set up as it should be; asks nobody."""
        _ = self._client

    def ask(self, question: Callable[[stripe.StripeClient], T]) -> T:
        """The answer to one request. Raises Refused, and PaymentUnreachable where there is no answer."""
        client = self._client
        import stripe

        try:
            return question(client)
        except stripe.StripeError as error:
            trouble = _trouble(error)
        # Outside, so that nothing of the library's, which knows the key, hangs on it.
        raise trouble

    @cached_property
    def _client(self) -> stripe.StripeClient:
        # An unfit key would be quoted by whoever refuses it further down.
        if not re.fullmatch(r"[sr]k_(test|live)_\w+", self._key, re.ASCII):
            raise _setup(
                sentence(
                    "stripe.key (TEXTMETER_STRIPE_KEY) isn't a Stripe secret key: those start with "
                    "sk_test_, sk_live_, rk_test_ or rk_live_. Nothing was charged. Copy yours from "
                    "Stripe's dashboard."
                )
            )
        if self._url and not _is_private(self._url):
            raise _setup(
                sentence(
                    "stripe.url (TEXTMETER_STRIPE_URL) must start with https:// or be an address on this "
                    "computer. Nothing was charged."
                )
            )
        try:
            import stripe
        except ImportError:
            raise _setup(
                sentence(
                    "The Stripe library isn't installed. Nothing was charged. Install it: pip install "
                    "'textmeter[stripe]'"
                )
            ) from None
        stripe.enable_telemetry = False
        return stripe.StripeClient(
            self._key,
            base_addresses={"api": self._url} if self._url else None,
            max_network_retries=0,  # whoever asks for a charge asks again, under its key
            http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, self._answer_seconds)),
        )


def _trouble(error: stripe.StripeError) -> PaymentUnreachable:
    import stripe

    if isinstance(error, stripe.CardError):
        refused = _refused(error, getattr(error.error, "decline_code", None) or error.code or "")
        refused.by_bank = True
        return refused
    if isinstance(error, stripe.InvalidRequestError):
        return _refused(error, error.code or "")
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError):
        return _setup(
            sentence(
                "Stripe doesn't accept the key in stripe.key, or the key isn't allowed to do this. "
                "Nothing was charged. Set a valid key there, and what is due is charged."
            )
        )
    if isinstance(error, stripe.RateLimitError):
        return PaymentUnreachable(sentence("Stripe is getting too many requests at once. Try again later."))
    return PaymentUnreachable(sentence("Stripe isn't answering. Try again later."))


def _refused(error: stripe.StripeError, code: str) -> Refused:
    why = error.user_message or code
    return Refused(
        sentence("Stripe refused this: {why} Nothing was charged.", why=why),
        code=code or "payment-refused",
    )


def _setup(says: Sentence) -> PaymentUnreachable:
    return PaymentUnreachable(says, code="payment-setup")


def _is_private(url: str) -> bool:
    """Whether nobody on the way can read what is sent there."""
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in ("localhost", "127.0.0.1", "::1")
