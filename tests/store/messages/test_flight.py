"""Several texts under way at once, several senders, their pace and caps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Barrier, Event, Lock

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.errors import DatabaseTrouble, WrongUsage
from store.messages import delivery, lanes, providers
from store.messages.delivery import Delivery
from store.messages.messenger import Messenger
from store.messages.model import Draft, Status
from store.messages.outbox import LEASE
from store.messages.providers import (
    Accepted,
    NoAnswer,
    Outcome,
    Outgoing,
    Polled,
    Profile,
    Provider,
    Refused,
    Reply,
    Sent,
    Setup,
    Throttled,
)
from store.messages.senders import Senders, only
from store.sentences import sentence
from tests.store.messages.scripted import Scripted, ended
from tests.store.messages.working import ANN, LONDON, ZOE, Waits, deliver, numbers, outcomes, statuses

PEOPLE = tuple(f"+1415555{at:04}" for at in range(100, 112))


def carried_by(store: Store, provider: Provider, real: FixedClock) -> Messenger:
    return Messenger(
        store.database,
        store.clock,
        store.credits,
        store.people,
        store.consent,
        only(store.database, provider, real),
        real=real,
    )


def test_as_many_texts_are_under_way_at_once_as_the_provider_takes(
    store: Store, account: Account, real: FixedClock
) -> None:
    provider = Scripted(Profile(in_flight=4))
    together = Barrier(4, timeout=60)

    def meet(outgoing: Outgoing) -> None:
        together.wait()  # is broken, and the text unknown, unless four are there at once

    provider.script = meet
    messenger = carried_by(store, provider, real)
    blast = messenger.send(account.id, Draft(body="Hi", to=PEOPLE))
    deliver(messenger)
    assert statuses(messenger, blast) == [Status.SENT] * 12
    assert sorted(one.to for one in provider.given) == list(PEOPLE)
    assert numbers(store, account) == (288, 0, 12)


def test_never_more_are_under_way(store: Store, account: Account, real: FixedClock) -> None:
    provider, lock = Scripted(Profile(in_flight=3)), Lock()
    under_way, most = 0, 0

    def count(outgoing: Outgoing) -> None:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        with lock:
            under_way -= 1

    provider.script = count
    messenger = carried_by(store, provider, real)
    messenger.send(account.id, Draft(body="Hi", to=PEOPLE))
    deliver(messenger)
    assert 1 <= most <= 3
    assert len(provider.given) == 12


def test_outcomes_that_come_in_any_order_are_each_its_own_texts(
    store: Store, account: Account, real: FixedClock
) -> None:
    provider = Scripted(Profile(in_flight=3))
    others = Event()

    def last_first(outgoing: Outgoing) -> Outcome | None:
        if outgoing.to == ZOE:
            others.wait(60)
            return Refused("no-such-number")
        if outgoing.to == LONDON:
            others.set()
            return NoAnswer()
        return None

    provider.script = last_first
    messenger = carried_by(store, provider, real)
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN, LONDON)))
    deliver(messenger)
    assert statuses(messenger, blast) == [Status.FAILED, Status.SENT, Status.UNKNOWN]
    assert numbers(store, account) == (297, 2, 1)


def test_who_says_stop_waits_for_what_is_under_way_and_begins_no_other(
    store: Store, account: Account, real: FixedClock
) -> None:
    provider, stop = Scripted(Profile(in_flight=2)), Event()

    def say_stop(outgoing: Outgoing) -> None:
        stop.set()

    provider.script = say_stop
    messenger = carried_by(store, provider, real)
    blast = messenger.send(account.id, Draft(body="Hi", to=PEOPLE))
    deliver(messenger, stop)
    left = len(provider.given)
    assert 1 <= left <= 2
    assert sorted(statuses(messenger, blast)) == [Status.QUEUED] * (12 - left) + [Status.SENT] * left


def test_a_text_that_the_provider_never_had_is_sent_again_where_its_ids_are_repeatable(
    store: Store, account: Account, real: FixedClock
) -> None:
    provider = Scripted(Profile(repeatable=True))
    provider.never = {ZOE}
    provider.script = lambda outgoing: NoAnswer() if len(provider.given) == 1 else None
    messenger = carried_by(store, provider, real)
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    assert statuses(messenger, blast) == [Status.SENT]
    assert [one.id for one in provider.given] == [provider.given[0].id] * 2
    assert numbers(store, account) == (299, 0, 1)


def test_and_nowhere_else(store: Store, account: Account, real: FixedClock) -> None:
    provider = Scripted()
    provider.never = {ZOE}
    provider.script = outcomes(_1=NoAnswer())
    messenger = carried_by(store, provider, real)
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    assert statuses(messenger, blast) == [Status.UNKNOWN]
    assert len(provider.given) == 1


def test_segments_that_the_provider_doesnt_count_arent_charged(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    provider.script = lambda outgoing: Accepted("P", segments=2)
    blast = messenger.send(account.id, Draft(body="a" * 400, to=(ZOE,)))
    assert blast.credits == 3
    deliver(messenger)
    [message] = messenger.messages(blast.id)
    assert (message.segments, message.credits) == (2, 2)
    assert numbers(store, account) == (298, 0, 2)


def test_more_segments_than_it_was_priced_at_cost_nothing_more(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    provider.script = lambda outgoing: Accepted("P", segments=9)
    messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    assert numbers(store, account) == (299, 0, 1)


def test_who_opted_out_at_the_carrier_is_out_here_too(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    provider.script = outcomes(_1=Refused("opted-out-there"))
    messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    assert store.consent.is_out(ZOE, account.id)
    assert numbers(store, account) == (300, 0, 0)


def test_a_receipt_tells_that_a_text_left_of_which_nobody_knew(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    provider.script = outcomes(_1=NoAnswer())
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(messenger)
    [message] = messenger.messages(blast.id)
    provider.tells = [ended(message.id, Status.DELIVERED)]
    messenger.poll_receipts()
    assert statuses(messenger, blast) == [Status.DELIVERED]
    assert numbers(store, account) == (299, 0, 1)


class Street:
    """Two senders, each with a provider of its own, beside the one that is built in."""

    def __init__(self, store: Store, real: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
        self.providers = {"simulated": Scripted(), "gammu": Scripted()}
        self.built_in = Scripted()
        self.senders = Senders(store.database, real, lambda: self.built_in, demo=False)

        def load(name: str, setup: Setup | None = None) -> Provider:
            return self.providers[name]

        monkeypatch.setattr(providers, "load", load)
        self.messenger = Messenger(
            store.database, store.clock, store.credits, store.people, store.consent, self.senders, real=real
        )

    def given(self) -> dict[str, list[str]]:
        return {name: [one.to for one in provider.given] for name, provider in self.providers.items()}


@pytest.fixture
def street(store: Store, real: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Street:
    return Street(store, real, monkeypatch)


def a_day(real: FixedClock) -> Callable[[], Waits]:
    """Waiting lets the time go by that one waits."""

    class Passes(Waits):
        def wait(self, timeout: float | None = None) -> bool:
            real.instant += timedelta(seconds=timeout or 0.0)
            return super().wait(timeout)

    return Passes


def test_an_accounts_texts_go_out_from_its_sender_and_those_of_a_demo_clock_from_none(
    store: Store, account: Account, street: Street
) -> None:
    street.senders.set("office", {"provider": "simulated", "account": str(account.id), "per_second": "0"})
    other = store.credits.open_account("agent-texts", "300", "America/New_York")
    demo = store.credits.open_account("agent-texts", "300", "America/New_York", demo_clock=True)
    for each, phone in ((account, ZOE), (other, ANN), (demo, LONDON)):
        street.messenger.send(each.id, Draft(body="Hi", to=(phone,)))
    deliver(street.messenger)
    assert street.given()["simulated"] == [ZOE]
    assert [one.to for one in street.built_in.given] == [ANN, LONDON]


def test_a_sender_in_trouble_keeps_no_other_waiting(store: Store, account: Account, street: Street) -> None:
    street.senders.set("office", {"provider": "simulated", "account": str(account.id), "per_second": "0"})
    other = store.credits.open_account("agent-texts", "300", "America/New_York")
    street.providers["simulated"].script = lambda outgoing: NoAnswer()
    blast = street.messenger.send(account.id, Draft(body="Hi", to=PEOPLE))
    others = street.messenger.send(other.id, Draft(body="Hi", to=(ZOE,)))
    deliver(street.messenger, Waits())
    assert statuses(street.messenger, blast) == [Status.UNKNOWN] * 12
    assert statuses(street.messenger, others) == [Status.SENT]


def test_no_more_leave_in_a_day_than_the_sender_may_send(
    account: Account, street: Street, real: FixedClock
) -> None:
    street.senders.set("office", {"provider": "simulated", "per_day": "5", "per_second": "0"})
    blast = street.messenger.send(account.id, Draft(body="Hi", to=PEOPLE))
    deliver(street.messenger)
    assert len(street.given()["simulated"]) == 5
    assert street.senders.get("office").left_today == 0
    real.instant += timedelta(days=1)
    deliver(street.messenger)
    assert len(street.given()["simulated"]) == 10
    assert statuses(street.messenger, blast).count(Status.QUEUED) == 2


def test_a_slow_sender_takes_its_time(
    account: Account, street: Street, real: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def monotonic() -> float:
        return real.instant.timestamp()

    monkeypatch.setattr(delivery, "monotonic", monotonic)
    street.senders.set("office", {"provider": "simulated", "per_second": "0.5"})
    began: datetime = real.instant
    street.messenger.send(account.id, Draft(body="Hi", to=PEOPLE))
    foretold = street.senders.caps.leaving("office", 12)
    deliver(street.messenger, a_day(real)())
    assert len(street.given()["simulated"]) == 12
    assert real.instant - began == timedelta(seconds=22)
    assert foretold.last == real.instant


def test_a_provider_is_asked_no_more_often_than_it_wants(
    account: Account, street: Street, real: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Counted(Scripted):
        polls = 0

        def poll(self, asked: Sequence[Sent], cursor: str, now: datetime) -> Polled:
            self.polls += 1
            return super().poll(asked, cursor, now)

    class AMinute(Waits):
        """Each wait takes a second."""

        def wait(self, timeout: float | None = None) -> bool:
            real.instant += timedelta(seconds=1)
            if real.instant >= ends:
                self.set()
            return super().wait(timeout)

    def monotonic() -> float:
        return real.instant.timestamp()

    monkeypatch.setattr(delivery, "monotonic", monotonic)
    ends = real.instant + timedelta(minutes=1)
    often, seldom = Counted(Profile(poll_every=5)), Counted(Profile(poll_every=20))
    street.providers.update(simulated=often, gammu=seldom)
    street.senders.set("often", {"provider": "simulated"})
    folders = dict.fromkeys(("outbox", "inbox", "sent", "error"), "x")
    street.senders.set("seldom", {"provider": "gammu", **folders})
    street.messenger.deliver(stop=AMinute(), forever=True)
    assert (often.polls, seldom.polls) == (13, 4)  # at the beginning, and then every 5 and 20 seconds


def test_whom_the_months_cap_has_no_room_for_isnt_texted_and_costs_nothing(
    store: Store, account: Account, street: Street
) -> None:
    street.senders.set("office", {"provider": "simulated", "people_per_month": "2", "per_second": "0"})
    street.messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    deliver(street.messenger)
    found = street.messenger.estimate(account.id, Draft(body="Hi", to=(ZOE, ANN, LONDON)))
    [told] = [problem for problem in found.advice if problem.code == "sender-people"]
    assert str(told.says).startswith("1 person won't get this, at no cost")
    blast = street.messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN, LONDON)))
    deliver(street.messenger)
    assert statuses(street.messenger, blast) == [Status.SENT, Status.SENT, Status.FAILED]
    assert numbers(store, account) == (297, 0, 3)


def test_what_waits_for_a_sender_that_is_gone_waits_on_and_others_leave(
    account: Account, store: Store, street: Street
) -> None:
    street.senders.set("office", {"provider": "simulated", "per_second": "0"})
    blast = street.messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    street.senders.remove("office")
    other = street.messenger.send(account.id, Draft(body="Hi", to=(ANN,)))
    deliver(street.messenger)
    assert statuses(street.messenger, blast) == [Status.QUEUED]
    assert statuses(street.messenger, other) == [Status.SENT]
    street.senders.set("office", {"provider": "simulated", "per_second": "0"})
    deliver(street.messenger)
    assert statuses(street.messenger, blast) == [Status.SENT]


def test_a_sender_whose_setup_is_spoilt_meanwhile_waits_and_others_leave(
    store: Store, account: Account, street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    street.senders.set("office", {"provider": "simulated", "account": str(account.id), "per_second": "0"})
    other = store.credits.open_account("agent-texts", "300", "America/New_York")
    blast = street.messenger.send(account.id, Draft(body="Hi", to=PEOPLE))
    others = street.messenger.send(other.id, Draft(body="Hi", to=(ZOE,)))
    monkeypatch.setattr(lanes, "SETUP_SECONDS", 0.0)
    carries = street.senders.provider

    def spoilt(id: str) -> Provider:
        if id and len(street.providers["simulated"].given) == 3:
            raise WrongUsage(sentence("The password isn't set."), code="no-such-option")
        return carries(id)

    monkeypatch.setattr(street.senders, "provider", spoilt)
    deliver(street.messenger, Waits())
    assert statuses(street.messenger, blast) == [Status.SENT] * 3 + [Status.QUEUED] * 9
    assert statuses(street.messenger, others) == [Status.SENT]
    monkeypatch.setattr(street.senders, "provider", carries)
    deliver(street.messenger, Waits())
    assert statuses(street.messenger, blast) == [Status.SENT] * 12


def test_what_comes_in_is_applied_while_a_sender_is_left_alone(
    store: Store,
    messenger: Messenger,
    provider: Scripted,
    account: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    passed = 0.0
    monkeypatch.setattr(delivery, "monotonic", lambda: passed)

    class Passes(Waits):
        def wait(self, timeout: float | None = None) -> bool:
            nonlocal passed
            passed += timeout or 0.0
            if passed > 100 or store.conversations.threads(account.id):
                self.set()
            return super().wait(timeout)

    def throttle(outgoing: Outgoing) -> Outcome:
        provider.tells = [Reply("in:1", ZOE, "STOP")]
        return Throttled(50)

    provider.script = throttle
    messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    messenger.deliver(stop=Passes(), forever=True)
    assert store.consent.is_out(ZOE, account.id)
    assert passed <= 3


@pytest.mark.parametrize("taken_for_dead", [False, True])
def test_what_was_answered_while_the_database_was_away_is_known_once_it_is_there_again(
    store: Store,
    account: Account,
    real: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    taken_for_dead: bool,
) -> None:
    provider = Scripted(Profile(in_flight=4))
    provider.script = outcomes(_1=Refused("no-such-number"), _2=NoAnswer(), _3=Throttled(0))
    messenger = carried_by(store, provider, real)
    blast = messenger.send(account.id, Draft(body="Hi", to=PEOPLE))
    turn: Callable[..., object] = Delivery._turn

    def away(self: Delivery, *arguments: object) -> object:
        if provider.given:
            raise DatabaseTrouble(sentence("Gone."), code="connection-lost")
        return turn(self, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(Delivery, "_turn", away)
        with pytest.raises(DatabaseTrouble):
            deliver(messenger)
    assert sorted(one.to for one in provider.given) == list(PEOPLE[:4])
    if taken_for_dead:
        real.instant += LEASE * 2
        over = Event()
        over.set()
        deliver(carried_by(store, Scripted(), real), over)  # another one looks at what nobody came back with
    provider.script = lambda outgoing: None
    deliver(messenger, Waits())
    ends = [Status.SENT, Status.FAILED, Status.UNKNOWN, Status.SENT]
    assert statuses(messenger, blast) == ends + [Status.SENT] * 8
    assert sorted(one.to for one in provider.given) == sorted([*PEOPLE, PEOPLE[3]])
    assert numbers(store, account) == (289, 1, 10)
