"""The provider that carries nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from store.messages.model import Status
from store.messages.providers import Accepted, CantTell, Had, NoAnswer, Outgoing, Receipt, Refused, Sent, load
from store.messages.providers.demo import Demo
from store.messages.providers.simulated import Simulated

SENT_AT = datetime(2026, 4, 16, 16, 0, tzinfo=UTC)


def receipts(provider: Simulated, sent: Sequence[Sent], now: datetime) -> list[Receipt]:
    return [event for event in provider.poll(sent, "", now).events if isinstance(event, Receipt)]


def sent(id: int, to: str = "+14155550123") -> Sent:
    return Sent(id, f"simulated-{id}", to, SENT_AT)


def test_the_same_seed_gives_the_same_world() -> None:
    messages = [sent(id) for id in range(500)]
    now = SENT_AT + timedelta(seconds=20)
    assert receipts(Simulated(), messages, now) == receipts(Simulated(), messages, now)
    assert receipts(Simulated("other"), messages, now) != receipts(Simulated(), messages, now)


def test_receipts_come_between_a_second_and_a_minute() -> None:
    messages = [sent(id) for id in range(2_000)]
    at = {
        seconds: receipts(Simulated(), messages, SENT_AT + timedelta(seconds=seconds))
        for seconds in (0.9, 10, 60)
    }
    assert at[0.9] == []
    assert 0 < len(at[10]) < 2_000
    assert len(at[60]) == 2_000


def test_nothing_goes_wrong_by_itself() -> None:
    provider, messages = Simulated(), [sent(id) for id in range(5_000)]
    ends = receipts(provider, messages, SENT_AT + timedelta(minutes=1))
    assert {receipt.status for receipt in ends} == {Status.DELIVERED}
    outcomes = {type(provider.send(Outgoing(id, "+14155550123", "Hi"))) for id in range(5_000)}
    assert outcomes == {Accepted}


def test_of_a_demos_texts_some_arent_delivered_and_say_why() -> None:
    ends = receipts(Demo(), [sent(id) for id in range(5_000)], SENT_AT + timedelta(minutes=1))
    counts = Counter(receipt.status for receipt in ends)
    assert 0.01 < counts[Status.UNDELIVERED] / 5_000 < 0.03
    assert {receipt.reason for receipt in ends if receipt.status is Status.UNDELIVERED} == {
        "blocked",
        "unreachable",
    }


def test_of_a_demos_texts_a_few_are_refused_at_once() -> None:
    provider = Demo()
    outcomes = [provider.send(Outgoing(id, "+14155550123", "Hi")) for id in range(5_000)]
    refused = sum(isinstance(outcome, Refused) for outcome in outcomes)
    assert 0 < refused < 25
    assert sum(isinstance(outcome, Accepted) for outcome in outcomes) == 5_000 - refused


def test_some_numbers_provoke_an_outcome() -> None:
    provider = Simulated()
    since = SENT_AT - timedelta(minutes=1)

    def send(to: str) -> object:
        return provider.send(Outgoing(1, to, "Hi"))

    assert send("+14155550000") == Refused("no-such-number")
    assert send("+14155550001") == NoAnswer()
    assert provider.lookup(Outgoing(1, "+14155550001", "Hi"), since) == Had("simulated-1")
    assert send("+14155550002") == NoAnswer()
    assert provider.lookup(Outgoing(1, "+14155550002", "Hi"), since) == CantTell()
    [receipt] = receipts(provider, [sent(1, "+14155550003")], SENT_AT + timedelta(minutes=1))
    assert receipt.status is Status.UNDELIVERED
    assert isinstance(send("+14155550014"), Accepted)
    assert receipts(provider, [sent(1, "+14155550014")], SENT_AT + timedelta(days=365)) == []


def test_it_is_found_by_its_name() -> None:
    assert type(load("simulated")) is Simulated
    assert type(load("demo")) is Demo
