"""A text above 1,600 characters goes as several messages, each of them one by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account, Kind, Use
from store.messages.messenger import Messenger
from store.messages.model import Draft, Status
from store.messages.providers import Refused
from tests.store.messages.scripted import Scripted, ended
from tests.store.messages.test_products import PNG
from tests.store.messages.working import ANN, ZOE, deliver, numbers

BODY = "a" * 1_600 + " and so on"


def test_each_part_is_a_message_with_its_own_price_and_end(
    store: Store, messenger: Messenger, provider: Scripted, account: Account
) -> None:
    provider.script = lambda outgoing: Refused("blocked") if outgoing.body == "and so on" else None
    estimated = messenger.estimate(account.id, Draft(body=BODY, to=(ZOE, ANN)))
    assert (estimated.messages, estimated.credits) == (4, 24)
    blast = messenger.send(account.id, Draft(body=BODY, to=(ZOE, ANN)))
    assert (blast.recipients, blast.messages, blast.credits) == (2, 4, 24)
    deliver(messenger)
    assert [(one.to, one.body) for one in provider.given] == [
        (ZOE, "a" * 1_600),
        (ZOE, "and so on"),
        (ANN, "a" * 1_600),
        (ANN, "and so on"),
    ]
    messages = messenger.messages(blast.id)
    assert [(one.body, one.segments, one.credits, one.status) for one in messages] == [
        ("a" * 1_600, 11, 11, "sent"),
        ("and so on", 1, 1, "failed"),
    ] * 2
    assert numbers(store, account) == (278, 0, 22)


@pytest.fixture
def picture(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("pictures") / "house.png"
    path.write_bytes(PNG)
    return str(path)


def used(store: Store, account: Account) -> dict[Use, int]:
    """What was used today, by what for."""
    today = store.credits.today(account.id)
    return store.credits.use_by_kind(account.id, today, today)


def test_the_pictures_go_with_the_first(
    messenger: Messenger,
    provider: Scripted,
    account: Account,
    picture: str,
) -> None:
    blast = messenger.send(account.id, Draft(body=BODY, to=(ZOE,), media=(picture,)))
    deliver(messenger)
    assert [len(one.pictures) for one in provider.given] == [1, 0]
    assert [(one.segments, one.credits) for one in messenger.messages(blast.id)] == [(1, 3), (1, 1)]


def test_what_goes_behind_an_mms_is_used_for_sms(
    store: Store, messenger: Messenger, provider: Scripted, account: Account, picture: str
) -> None:
    body = f"{'a' * 1_600} {'b' * 300}"  # an MMS of 3 credits, then 2 segments
    provider.script = lambda outgoing: Refused("blocked") if outgoing.to == ANN else None
    messenger.send(account.id, Draft(body=body, to=(ZOE, ANN), media=(picture,)))
    assert used(store, account) == {Use.SMS: 4, Use.MMS: 6, Use.REPLY: 0, Use.EMAIL: 0}
    deliver(messenger)
    assert used(store, account) == {Use.SMS: 2, Use.MMS: 3, Use.REPLY: 0, Use.EMAIL: 0}


def test_likewise_where_it_is_cancelled(
    store: Store, messenger: Messenger, account: Account, picture: str
) -> None:
    blast = messenger.send(account.id, Draft(body=BODY, to=(ZOE, ANN), media=(picture,)))
    messenger.cancel(blast.id)
    assert not any(used(store, account).values())
    back = store.credits.history(account.id, kind=Kind.RELEASED)
    assert [line.delta for line in back] == [8]  # 2 of 3 + 1, in one line


def test_likewise_where_it_isnt_delivered(
    store: Store, messenger: Messenger, provider: Scripted, real: FixedClock, picture: str
) -> None:
    community = store.credits.open_account("community-texts", "200", "America/New_York")
    blast = messenger.send(community.id, Draft(body=BODY, to=(ZOE,), media=(picture,)))
    deliver(messenger)
    provider.answers = [ended(one.id, Status.UNDELIVERED) for one in messenger.messages(blast.id)]
    real.instant += timedelta(seconds=60)
    messenger.poll_receipts()
    assert messenger.blast(blast.id).counts == {Status.UNDELIVERED: 2}
    assert not any(used(store, community).values())
