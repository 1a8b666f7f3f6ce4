"""Why a card is declined, in sentences that say what to do: for every gateway, by Stripe's words for it."""

from __future__ import annotations

from collections.abc import Mapping

from store.payments import NO_CARD, Declined
from store.sentences import N_, Sentence

_SAYS: Mapping[str, str] = {
    "insufficient_funds": N_(
        "The card was declined: insufficient funds. Nothing was charged. Add money or "
        "another card, and try again."
    ),
    "expired_card": N_(
        "The card was declined: it has expired. Nothing was charged. Add a new card, and try again."
    ),
    "incorrect_cvc": N_(
        "The card was declined: the security code is wrong. Nothing was charged. Add the "
        "card again, and try again."
    ),
    "authentication_required": N_(
        "The bank wants the cardholder to confirm this payment, which isn't possible here. "
        "Nothing was charged. Add the card again and confirm it with the bank there, or use "
        "another card, and try again."
    ),
    "lost_card": N_(
        "The card was declined: it is no longer valid. Nothing was charged. Add another card, and try again."
    ),
    "processing_error": N_(
        "The card couldn't be charged: something went wrong between here and the bank. "
        "Nothing was charged. Try again later."
    ),
    "amount_too_small": N_(
        "The card can't be charged: the payment provider's minimum is $0.50. Nothing was "
        "charged. Order when more is due, or choose a larger plan."
    ),
    NO_CARD: N_("There is no card on file. Nothing was charged. Add a card, and try again."),
    "card_declined": N_(
        "The card was declined, and the bank didn't say why. Nothing was charged. Ask the "
        "bank or add another card, and try again."
    ),
}

_THE_SAME: Mapping[str, str] = {
    "stolen_card": "lost_card",
    "pickup_card": "lost_card",
    "restricted_card": "lost_card",
    "invalid_account": "lost_card",
    "card_not_supported": "lost_card",
    "currency_not_supported": "lost_card",
    "card_velocity_exceeded": "insufficient_funds",
    "withdrawal_count_limit_exceeded": "insufficient_funds",
    "invalid_cvc": "incorrect_cvc",
    "invalid_expiry_month": "expired_card",
    "invalid_expiry_year": "expired_card",
    "authentication_not_handled": "authentication_required",
    "issuer_not_available": "processing_error",
    "reenter_transaction": "processing_error",
    "try_again_later": "processing_error",
}
"""Words for which the same is to be done as for another. The card's owner isn't told that it was reported
stolen."""


def declined(code: str) -> Declined:
    """The answer for a provider's word; "card_declined" stands for all that say nothing more."""
    known = _THE_SAME.get(code, code)
    return Declined(Sentence(_SAYS.get(known, _SAYS["card_declined"])), code)
