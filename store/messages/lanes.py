"""A sender as a worker sees it: what is handed over there, several texts at once, and answered."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from store.errors import WrongUsage
from store.messages.outbox import Claimed
from store.messages.providers import NoAnswer, Outcome, Outgoing, Provider

SETUP_SECONDS = 5.0
"""So long a sender is taken to be set up as it was."""

LONGEST_WAIT = 60.0
"""Seconds that a worker waits for a sender who may go on then, where it isn't told to go on forever."""


class Lane:
    """What goes out from one sender, and comes in there. blast: the one at hand. flying: what was handed over
    and isn't answered; answered: what is, and isn't kept yet. until: left alone so long, by the worker's
    clock, `now`. throttled, silent, failed_polls: in a row."""

    def __init__(self, sender: str, load: Callable[[], Provider], now: Callable[[], float]) -> None:
        self.sender = sender
        self._load = load
        self._now = now
        self._provider: Provider | None = None
        self._look_again_at = 0.0
        self.blast: int | None = None
        self.flying: dict[Future[Outcome], Claimed] = {}
        self.answered: list[tuple[Claimed, Outcome]] = []
        self.until = self.poll_at = 0.0
        self.throttled = self.silent = self.failed_polls = 0
        self._pool: ThreadPoolExecutor | None = None
        self._most = 0

    def provider(self) -> Provider:
        """As it is set up now, or was a moment ago. Raises what `Senders.provider` raises."""
        if self._provider is None or self._now() >= self._look_again_at:
            self._provider = self._load()
            self._look_again_at = self._now() + SETUP_SECONDS
        return self._provider

    @property
    def room(self) -> int:
        """How many texts more may be handed over at once."""
        try:
            provider = self.provider()
        except WrongUsage:  # its settings aren't right: `sender check` says why
            self.leave_alone(2 * LONGEST_WAIT)
            return 0
        self._most = self._most or max(1, provider.profile.in_flight)
        return self._most - len(self.flying) - len(self.answered)

    def hand_over(self, message: Claimed, outgoing: Outgoing) -> Outcome | None:
        """None: it is under way. One at a time needs no thread."""
        if self._most == 1:
            return _send(self.provider(), outgoing)
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._most)
        self.flying[self._pool.submit(_send, self.provider(), outgoing)] = message
        return None

    def landed(self) -> list[tuple[Claimed, Outcome]]:
        """What was answered since."""
        done = [one for one in self.flying if one.done()]
        landed = [*self.answered, *((self.flying.pop(one), one.result()) for one in done)]
        self.answered.clear()
        return landed

    def leave_alone(self, seconds: float) -> None:
        self.until = max(self.until, self._now() + seconds)

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown()


def _send(provider: Provider, outgoing: Outgoing) -> Outcome:
    """In a thread of its own."""
    try:
        return provider.send(outgoing)
    except Exception as error:  # noqa: BLE001 - whatever happened, the text may have left
        return NoAnswer(type(error).__name__)
