"""Whatever happens to messages, in whatever order: the ledger verifies, and holds what hasn't ended."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from store import Store
from store.clock import FixedClock
from store.errors import NotEnoughCredits
from store.messages.backoff import SOONEST
from store.messages.messenger import Messenger
from store.messages.model import Draft, Status
from store.messages.outbox import LEASE
from store.messages.providers import Accepted, NoAnswer, Outcome, Outgoing, Refused, Throttled
from store.messages.senders import only
from tests.store import bystander
from tests.store.messages.conftest import NOON
from tests.store.messages.scripted import Scripted, ended
from tests.store.messages.working import Waits

OPEN = (Status.QUEUED, Status.SENDING, Status.UNKNOWN)
LEFT = (Status.SENT, Status.DELIVERED, Status.UNDELIVERED)
PHONES = [*(f"+1415555{at:04}" for at in range(100, 106)), "+442079460123", "+442079460124"]

OUTCOMES: dict[str, Outcome] = {
    "refuse": Refused("no-such-number"),
    "throttle": Throttled(0),
    "no answer": NoAnswer(),
}
ACCEPTING = ("accept", "die accepting", "cancel", "stop")


class Died(BaseException):
    """Stands for the death of a worker between the provider and the outcome."""


class Interleavings(RuleBasedStateMachine):
    store: ClassVar[Store]

    def __init__(self) -> None:
        super().__init__()
        self.real = FixedClock(NOON)
        bystander.leave_alone(self.store.database)
        self.account = self.store.credits.open_account("agent-texts", "300", "America/New_York").id
        self.provider = Scripted()
        self.messenger = Messenger(
            self.store.database,
            self.store.clock,
            self.store.credits,
            self.store.people,
            self.store.consent,
            only(self.store.database, self.provider, self.real),
            real=self.real,
        )
        self.blasts: list[int] = []
        self.accepted: set[int] = set()

    @rule(
        to=st.lists(st.sampled_from(PHONES), min_size=1, unique=True), length=st.sampled_from([1, 161, 400])
    )
    def send(self, to: list[str], length: int) -> None:
        try:
            self.blasts.append(self.messenger.send(self.account, Draft(body="a" * length, to=tuple(to))).id)
        except NotEnoughCredits:
            assert self.store.credits.balance(self.account).available < 2 * 3 * len(to)

    @rule(
        script=st.lists(
            st.sampled_from(
                [
                    "accept",
                    "refuse",
                    "throttle",
                    "no answer",
                    "raise",
                    "die",
                    "die accepting",
                    "cancel",
                    "stop",
                ]
            ),
            min_size=1,
            max_size=6,
        )
    )
    def deliver(self, script: list[str]) -> None:
        stop = Waits()
        steps = iter(script)

        def outcome(outgoing: Outgoing) -> Outcome:
            step = next(steps, "stop")
            if step in ACCEPTING:
                assert outgoing.id not in self.accepted, "sent twice"
                self.accepted.add(outgoing.id)
                self.provider.listed.add(outgoing.to)
            if step.startswith("die"):
                raise Died
            if step == "raise":
                raise ConnectionResetError
            if step == "cancel":
                self.messenger.cancel(self.blasts[-1])
            if step == "stop":
                stop.set()
            return OUTCOMES.get(step) or Accepted(f"provider-{outgoing.id}")

        self.provider.script = outcome
        self.provider.listed.clear()
        try:
            self.messenger.deliver(stop=stop)
        except Died:
            self.real.instant += timedelta(seconds=1)

    @rule()
    def time_passes(self) -> None:
        self.real.instant += LEASE

    @precondition(lambda self: self.blasts)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        self.messenger.cancel(data.draw(st.sampled_from(self.blasts)))

    @precondition(lambda self: self.blasts)
    @rule(data=st.data(), left=st.booleans())
    def decide(self, data: st.DataObject, left: bool) -> None:
        blast = data.draw(st.sampled_from(self.blasts))
        for message in self.messenger.messages(blast, status=Status.UNKNOWN):
            self.messenger.resolve_unknown(message.id, left=left)

    @rule(undelivered=st.booleans(), segments=st.integers(0, 3))
    def receipts(self, undelivered: bool, segments: int) -> None:
        ending = (Status.UNDELIVERED, "blocked") if undelivered else (Status.DELIVERED, "")
        self.provider.answers = [
            ended(message.id, *ending)._replace(segments=segments)
            for blast in self.blasts
            for message in self.messenger.messages(blast, status=Status.SENT)
        ]
        self.real.instant += SOONEST
        self.messenger.poll_receipts()

    @invariant()
    def the_ledger_agrees_with_the_messages(self) -> None:
        messages = [message for blast in self.blasts for message in self.messenger.messages(blast)]
        held = sum(message.credits for message in messages if message.status in OPEN)
        used = sum(message.credits for message in messages if message.status in LEFT)
        balance = self.store.credits.balance(self.account)
        assert (balance.held, balance.used, balance.available) == (held, used, 300 - held - used)
        verification = self.store.credits.verify()
        assert verification.ok, verification.problems


def test_interleavings(engine: str, store: Store) -> None:
    # A server is asked over a socket, which takes ten times as long as a file.
    examples = settings().max_examples // (5 if engine == "postgresql" else 1)
    if engine == "sqlite":
        store.database.execute("PRAGMA synchronous = OFF")  # nobody needs what this leaves
    run_state_machine_as_test(
        type("In", (Interleavings,), {"store": store}),
        settings=settings(max_examples=examples, stateful_step_count=15),
    )
