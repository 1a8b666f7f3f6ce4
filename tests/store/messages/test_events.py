"""What comes in counts once, whatever its order, repetition and delay; and whatever is in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.messages import events
from store.messages.conversations import Conversations
from store.messages.messenger import Messenger
from store.messages.model import Draft, Line, Status, Thread
from store.messages.providers import Event, MediaFact, Receipt, Reply
from store.messages.senders import only
from store.people.model import ConsentState
from tests.store.messages.conftest import NOON
from tests.store.messages.replies import came_in
from tests.store.messages.scripted import Scripted, ended
from tests.store.messages.working import ANN, LONDON, ZOE, deliver, numbers

PEOPLE = (ZOE, ANN, LONDON)
WORDS = (
    "Hello",
    "STOP",
    "START",
    "yes",
    "sí",
    "HELP",
    "wrong number",
    "alto",
    "please stop texting me",
    "Yes, gladly",
)

PHASES = (Phase.explicit, Phase.generate)
"""Shrinking would open hundreds of databases."""


class World(NamedTuple):
    """All that events lead to. heard: what came in; helped: how often HELP was answered. Other confirmations
    depend on what was known then."""

    statuses: list[tuple[str, Status]]
    consent: dict[str, ConsentState]
    credits: tuple[int, int, int]
    threads: list[Thread]
    heard: list[tuple[object, ...]]
    helped: dict[str, int]
    contacts: int


def story(messages: dict[str, int], said: Sequence[tuple[str, str]], lost: Sequence[str]) -> list[Event]:
    """A receipt for each text, and what people wrote at different times."""
    receipts = [
        ended(id, Status.UNDELIVERED if phone in lost else Status.DELIVERED) for phone, id in messages.items()
    ]
    replies = [
        Reply(f"said-{number}", phone, body, NOON - timedelta(minutes=60 - number))
        for number, (phone, body) in enumerate(said)
    ]
    return [*receipts, *replies]


def played(
    url: str, rounds: Sequence[Sequence[int]], said: Sequence[tuple[str, str]], lost: Sequence[str]
) -> World:
    """The world in which events are told of in these rounds, by their numbers in the story."""
    store = Store(url, clock=FixedClock(NOON))
    provider, real = Scripted(), FixedClock(NOON + timedelta(seconds=5))
    with store.connection():
        if store.database.engine == "sqlite":
            store.database.execute("PRAGMA synchronous = OFF")
        account = store.credits.open_account("agent-texts", "300", "America/New_York")
        carries = only(store.database, provider, real)
        messenger = Messenger(
            store.database, store.clock, store.credits, store.people, store.consent, carries, real=real
        )
        blast = messenger.send(account.id, Draft(body="Hi", to=PEOPLE))
        deliver(messenger)
        events = story({one.to: one.id for one in messenger.messages(blast.id)}, said, lost)
        for told in rounds:
            provider.tells = [events[number % len(events)] for number in told]
            messenger.poll_receipts()
            real.instant += timedelta(seconds=30)
        provider.tells = events  # at the latest now, all was told
        messenger.poll_receipts()
        world = seen(store, messenger, account, blast.id, real)
    store.close()
    return world


def seen(store: Store, messenger: Messenger, account: Account, blast_id: int, real: FixedClock) -> World:
    conversations = Conversations(store.database, store.people, store.consent, real)
    return World(
        [(one.to, one.status) for one in messenger.messages(blast_id)],
        store.consent.states(PEOPLE, account.id),
        numbers(store, account),
        sorted(conversations.threads(account.id), key=lambda thread: thread.phone),
        [
            (phone, line.at, line.text, line.credits, line.asks, line.blast_id)
            for phone in PEOPLE
            for line in heard(conversations, account, phone)
        ],
        {phone: helped(conversations, account, phone) for phone in PEOPLE},
        store.people.count(),
    )


def heard(conversations: Conversations, account: Account, phone: str) -> list[Line]:
    return [line for line in conversations.lines(account.id, phone)[0] if not line.out]


def helped(conversations: Conversations, account: Account, phone: str) -> int:
    return sum(line.text.startswith("Reply STOP") for line in conversations.lines(account.id, phone)[0])


def test_any_order_repetition_and_delay_of_events_gives_one_end(
    engine: str, new_database: Callable[[], str]
) -> None:
    @settings(max_examples=25 if engine == "sqlite" else 5, phases=PHASES)
    @given(
        rounds=st.lists(st.lists(st.integers(0, 20), max_size=6), max_size=6),
        said=st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(WORDS)), max_size=8),
        lost=st.lists(st.sampled_from(PEOPLE), max_size=2),
    )
    @example(rounds=[[4], [3]], said=[(ZOE, "STOP"), (ZOE, "yes")], lost=[])
    @example(rounds=[[5], [4], [3]], said=[(ZOE, "STOP"), (ZOE, "yes"), (ZOE, "STOP")], lost=[])
    @example(rounds=[[3], [5], [4]], said=[(ZOE, "STOP"), (ZOE, "START"), (ZOE, "alto")], lost=[])
    @example(
        rounds=[[3], [5, 6], [4]],
        said=[(ZOE, "STOP"), (ZOE, "START"), (ZOE, "wrong number"), (ZOE, "sí")],
        lost=[],
    )
    @example(rounds=[[5], [4]], said=[(ZOE, "Hello"), (ZOE, "HELP"), (ZOE, "HELP")], lost=[])
    def end_alike(rounds: list[list[int]], said: list[tuple[str, str]], lost: list[str]) -> None:
        assert played(new_database(), rounds, said, lost) == played(new_database(), [], said, lost)

    end_alike()


def test_events_of_many_kinds_did_count_there(new_database: Callable[[], str]) -> None:
    said = [
        (ZOE, "STOP"),
        (ANN, "wrong number"),
        (LONDON, "alto"),
        (LONDON, "yes"),
        (LONDON, "HELP"),
        (LONDON, "HELP"),
    ]
    world = played(new_database(), [], said, [ANN])
    assert world.statuses == [(ZOE, "delivered"), (ANN, "undelivered"), (LONDON, "delivered")]
    assert world.consent == {ZOE: ConsentState.OUT, LONDON: ConsentState.IN}
    assert world.credits == (286, 0, 14)
    assert world.helped == {ZOE: 0, ANN: 0, LONDON: 1}
    assert [(thread.phone, thread.unread, thread.asks) for thread in world.threads] == [
        (ZOE, 1, False),
        (ANN, 1, True),
        (LONDON, 4, False),
    ]


def test_a_receipt_that_is_faster_than_the_answer_waits_for_its_message(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, real: FixedClock
) -> None:
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    provider.tells = [Receipt("early", Status.DELIVERED, provider_id=f"provider-{_id(messenger, blast.id)}")]
    messenger.poll_receipts()
    provider.tells = []
    deliver(messenger)
    assert messenger.messages(blast.id)[0].status is Status.SENT
    real.instant += events.TRIED_AGAIN
    messenger.poll_receipts()
    assert messenger.messages(blast.id)[0].status is Status.DELIVERED


def _id(messenger: Messenger, blast_id: int) -> int:
    return messenger.messages(blast_id)[0].id


def test_one_that_cant_be_applied_keeps_no_other_waiting(
    messenger: Messenger, provider: Scripted, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    from store.messages.incoming import Incoming

    take = Incoming.take

    def takes(self: Incoming, sender: str, reply: Reply, account_id: int | None) -> str:
        if reply.body == "poison":
            raise ValueError("nobody foresaw this")
        return take(self, sender, reply, account_id)

    monkeypatch.setattr(Incoming, "take", takes)
    messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    provider.tells = [Reply(str(n), ZOE, body, NOON) for n, body in enumerate(("one", "poison", "two"))]
    messenger.poll_receipts()
    found = {kept.data["body"]: kept.outcome for kept in messenger.events()}
    assert found == {"one": "", "poison": "error:ValueError", "two": ""}


HOSTILE = {
    "markup": "[/] [@click=app.quit]x[/] [b",
    "control": "\x1b[2J\x07\x1b]0;title\x07\r\n\x9b31m",
    "bidi": "abc \u202e txt.exe \u2066 \u200f",
    "nul": "a\0b\0",
    "surrogate": "half \ud83d of it \udc00",
    "long": "x" * 1_000_000,
    "combining": "e" + "\u0301" * 20_000,
    "empty": "",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_texts_are_kept_as_far_as_they_can_be_and_nothing_breaks(
    store: Store,
    messenger: Messenger,
    provider: Scripted,
    account: Account,
    conversations: Conversations,
    kind: str,
) -> None:
    body = HOSTILE[kind]
    messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    came_in(messenger, provider, ZOE, body, media=(MediaFact("file:///etc/passwd", "\x1b[31m", -1),))
    [line] = heard(conversations, account, ZOE)
    expected = body.replace("\0", "")[:20_000].replace("\ud83d", "\ufffd").replace("\udc00", "\ufffd")
    assert line.text == expected
    assert len(conversations.threads(account.id)[0].last) <= 200
    assert store.credits.verify().ok


@pytest.mark.alone("whoever has the first account gets what nobody was texted for")
def test_hostile_senders_and_names_of_events_are_kept_too(
    messenger: Messenger, provider: Scripted, account: Account
) -> None:
    provider.tells = [Reply("\0\ud83d", "\0\ud83d\x1b[2J" + "9" * 500, "Hi", NOON)]
    messenger.poll_receipts()
    [kept] = messenger.events()
    assert kept.outcome == ""
