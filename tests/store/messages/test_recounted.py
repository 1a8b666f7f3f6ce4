"""Segments that a provider counts otherwise than they were priced at: settled once, whoever tells it, and
whenever."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from store import Store
from store.clock import FixedClock
from store.credits.model import Account, Kind
from store.messages.backoff import GIVEN_UP_AFTER, SOONEST
from store.messages.messenger import Messenger
from store.messages.model import BlastSummary, Draft, Status
from store.messages.providers import Accepted, Had, LookedUp, NoAnswer, Outcome, Outgoing, Price, Receipt
from store.messages.senders import only
from tests.store.messages.conftest import NOON
from tests.store.messages.scripted import Scripted
from tests.store.messages.working import ANN, ZOE, deliver, numbers, outcomes

ON_ACCEPTANCE, ON_DELIVERY = ("agent-texts", "300"), ("community-texts", "200")
BEGIN = {"agent-texts": 300, "community-texts": 400}
THREE = "a" * 400
"""Three segments, as we count."""


@pytest.fixture(params=[ON_ACCEPTANCE, ON_DELIVERY], ids=["on acceptance", "on delivery"])
def account(store: Store, request: pytest.FixtureRequest) -> Account:
    return store.credits.open_account(request.param[0], request.param[1], "America/New_York")


def told(message: int, status: Status = Status.DELIVERED, segments: int = 0) -> Receipt:
    return Receipt(f"{message}:{status}:{segments}", status, message, segments=segments)


def sent(messenger: Messenger, account: Account, *to: str) -> tuple[BlastSummary, list[int]]:
    """A text of three segments on its way, and the ids of its messages."""
    blast = messenger.send(account.id, Draft(body=THREE, to=to))
    deliver(messenger)
    return blast, [message.id for message in messenger.messages(blast.id)]


def hear(messenger: Messenger, provider: Scripted, real: FixedClock, *receipts: Receipt) -> None:
    provider.tells = list(receipts)
    real.instant += SOONEST
    messenger.poll_receipts()


def given_back(store: Store, account: Account) -> list[int]:
    """By line, the oldest first."""
    history = store.credits.history(account.id)[::-1]
    return [entry.delta for entry in history if entry.kind is Kind.RELEASED]


def left(account: Account, used: int) -> tuple[int, int, int]:
    return BEGIN[account.product] - used, 0, used


def test_a_receipt_that_counts_fewer_gives_the_rest_back(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    blast, (zoe, ann) = sent(messenger, account, ZOE, ANN)
    hear(messenger, provider, real, told(zoe, segments=2), told(ann, segments=1))
    assert [(one.segments, one.credits) for one in messenger.messages(blast.id)] == [(2, 2), (1, 1)]
    assert numbers(store, account) == left(account, 3)
    assert given_back(store, account) == [3]  # a line a day and blast


def test_so_does_one_that_comes_after_the_end(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    _, (zoe,) = sent(messenger, account, ZOE)
    hear(messenger, provider, real, told(zoe))
    assert numbers(store, account) == left(account, 3)
    hear(messenger, provider, real, told(zoe, segments=2))
    assert numbers(store, account) == left(account, 2)
    hear(messenger, provider, real, told(zoe, segments=2), told(zoe, segments=3), told(zoe, segments=9))
    assert numbers(store, account) == left(account, 2)
    assert given_back(store, account) == [1]


@pytest.mark.parametrize("first", [Status.UNDELIVERED, Status.FAILED])
def test_what_was_not_delivered_comes_back_once(
    store: Store,
    messenger: Messenger,
    provider: Scripted,
    account: Account,
    real: FixedClock,
    first: Status,
) -> None:
    _, (zoe,) = sent(messenger, account, ZOE)
    hear(messenger, provider, real, told(zoe, first))
    hear(messenger, provider, real, told(zoe, first, segments=1))
    assert numbers(store, account) == left(account, 1 if account.product == "agent-texts" else 0)


def test_what_never_left_is_no_less_given_back_for_it(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    provider.script = outcomes(_1=NoAnswer())
    _, (zoe,) = sent(messenger, account, ZOE)
    messenger.resolve_unknown(zoe, left=False)
    hear(messenger, provider, real, told(zoe, segments=1))
    assert numbers(store, account) == left(account, 0)


def test_a_look_up_counts_too(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    class Counting(Scripted):
        def lookup(self, outgoing: Outgoing, since: object) -> LookedUp:
            return Had("P1", 2)

    counting = Counting()
    counting.script = outcomes(_1=NoAnswer())
    carries = only(store.database, counting, real)
    messenger = Messenger(
        store.database, store.clock, store.credits, store.people, store.consent, carries, real=real
    )
    blast, _ = sent(messenger, account, ZOE)
    counting.tells = [Receipt("end", Status.DELIVERED, provider_id="P1")]
    messenger.poll_receipts()
    assert messenger.messages(blast.id)[0].segments == 2
    assert numbers(store, account) == left(account, 2)


@pytest.mark.parametrize("account", [ON_ACCEPTANCE], indirect=True)
def test_what_was_charged_before_a_renewal_comes_back_after_it(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    _, (zoe,) = sent(messenger, account, ZOE)
    store.clock.instant += timedelta(days=16)  # type: ignore[attr-defined]
    real.instant += timedelta(days=16)
    assert numbers(store, account) == (597, 0, 0)
    hear(messenger, provider, real, told(zoe, segments=1))
    assert numbers(store, account) == (599, 0, 0)
    assert given_back(store, account) == [2]


def unsettled(message: int, status: Status = Status.DELIVERED) -> Receipt:
    """An end without what the message comes to."""
    return Receipt(f"{message}:{status}", status, message, unsettled=True)


def priced(message: int, status: Status = Status.DELIVERED, *, segments: int = 2) -> Receipt:
    price = Price(Decimal("0.00750"), "USD")
    return Receipt(f"{message}:{status}:priced", status, message, segments=segments, price=price)


def test_what_a_message_came_to_is_asked_for_after_its_end_until_it_is_told(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    blast, (zoe,) = sent(messenger, account, ZOE)
    hear(messenger, provider, real, unsettled(zoe))
    provider.asked.clear()
    asked = []
    for minute in range(1, 11):
        real.instant += timedelta(minutes=1)
        provider.tells = [priced(zoe)] if minute == 8 else []
        messenger.poll_receipts()
        if provider.asked:
            asked.append(minute)
        provider.asked.clear()
    assert asked == [1, 2, 3, 4, 6, 8]  # after a minute, or a quarter of what has passed
    [message] = messenger.messages(blast.id)
    assert (message.segments, message.price, message.currency) == (2, Decimal("0.0075"), "USD")
    assert numbers(store, account) == left(account, 2)


def test_after_days_nobody_asks_for_it_any_more(
    messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    _, (zoe,) = sent(messenger, account, ZOE)
    hear(messenger, provider, real, unsettled(zoe))
    provider.asked.clear()
    for _ in range(3):
        real.instant += GIVEN_UP_AFTER
        messenger.poll_receipts()
    assert len(provider.asked) == 1


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("at_once", [True, False])
def test_an_end_that_comes_late_asks_for_nothing_that_was_told(
    messenger: Messenger,
    provider: Scripted,
    account: Account,
    real: FixedClock,
    first: int,
    at_once: bool,
) -> None:
    blast, (zoe,) = sent(messenger, account, ZOE)
    both = [unsettled(zoe), priced(zoe)]
    order = [both[first], both[1 - first]]
    for receipts in [order] if at_once else [[one] for one in order]:
        hear(messenger, provider, real, *receipts)
    provider.asked.clear()
    real.instant += timedelta(hours=1)
    messenger.poll_receipts()
    assert provider.asked == []
    assert messenger.messages(blast.id)[0].price == Decimal("0.0075")


@settings(max_examples=20, phases=(Phase.explicit, Phase.generate))
@given(
    answer=st.sampled_from([0, 1, 2, 3, 9]),
    receipts=st.lists(st.sampled_from([0, 1, 2, 3, 9]), min_size=1, max_size=5),
    before=st.integers(0, 5),
    product=st.sampled_from([ON_ACCEPTANCE, ON_DELIVERY]),
    end=st.sampled_from([Status.DELIVERED, Status.UNDELIVERED, Status.FAILED]),
)
def test_in_any_order_the_least_that_was_counted_is_charged(
    answer: int, receipts: list[int], before: int, product: tuple[str, str], end: Status
) -> None:
    """before: so many of the receipts come while the text is being handed over."""
    with TemporaryDirectory() as folder:
        store = Store(str(Path(folder) / "one.sqlite3"), clock=FixedClock(NOON))
        store.database.execute("PRAGMA synchronous = OFF")
        provider, real = Scripted(), FixedClock(NOON + timedelta(seconds=5))
        with store.connection():
            account = store.credits.open_account(*product, "America/New_York")
            carries = only(store.database, provider, real)
            messenger = Messenger(
                store.database, store.clock, store.credits, store.people, store.consent, carries, real=real
            )

            def outcome(outgoing: Outgoing) -> Outcome:
                for segments in receipts[:before]:
                    hear(messenger, provider, real, told(outgoing.id, end, segments))
                return Accepted("P", answer or None)

            provider.script = outcome
            _, (zoe,) = sent(messenger, account, ZOE)
            for segments in receipts[before:]:
                hear(messenger, provider, real, told(zoe, end, segments))
            charged = end is Status.DELIVERED or product == ON_ACCEPTANCE
            least = min(3, *(count for count in (answer, *receipts) if count), 3)
            assert numbers(store, account) == left(account, least if charged else 0)
        store.close()
