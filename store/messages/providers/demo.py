"""The provider of the demo data: the simulated one, where things also go wrong by themselves, as they would
in life. What becomes of a message follows from a seed and its id alone."""

from __future__ import annotations

from store.messages.model import Status
from store.messages.providers import Accepted, Outcome, Outgoing, Receipt, Refused, Sent, Setup
from store.messages.providers.simulated import DEMO_RATE, Simulated

_REFUSED_PERMILLE = 2
_UNDELIVERED_PERMILLE = 20


class Demo(Simulated):
    """Some messages aren't delivered, and a few are refused at once."""

    def send(self, outgoing: Outgoing) -> Outcome:
        outcome = super().send(outgoing)
        if isinstance(outcome, Accepted) and self._permille(outgoing.id, "refused") < _REFUSED_PERMILLE:
            return Refused("no-such-number")
        return outcome

    def _receipt(self, sent: Sent) -> Receipt:
        receipt, chance = super()._receipt(sent), self._permille(sent.id, "delivered")
        if receipt.status is not Status.DELIVERED or chance >= _UNDELIVERED_PERMILLE:
            return receipt
        return self._ended(sent, Status.UNDELIVERED, "blocked" if chance % 2 < 1 else "unreachable")

    def _permille(self, message: int, of: str) -> float:
        return self._chance(message, of) * 1000


def connect(setup: Setup) -> Demo:
    """As the app uses it."""
    return Demo(rate=DEMO_RATE)
