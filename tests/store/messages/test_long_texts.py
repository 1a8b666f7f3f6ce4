"""A text above 1,600 characters goes as several messages, each of them one by itself."""

from __future__ import annotations

import pytest

from store import Store
from store.credits.model import Account
from store.messages.messenger import Messenger
from store.messages.model import Draft
from store.messages.providers import Refused
from tests.store.messages.scripted import Scripted
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


def test_the_pictures_go_with_the_first(
    messenger: Messenger,
    provider: Scripted,
    account: Account,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    picture = tmp_path_factory.mktemp("pictures") / "house.png"
    picture.write_bytes(PNG)
    blast = messenger.send(account.id, Draft(body=BODY, to=(ZOE,), media=(str(picture),)))
    deliver(messenger)
    assert [len(one.pictures) for one in provider.given] == [1, 0]
    assert [(one.segments, one.credits) for one in messenger.messages(blast.id)] == [(1, 3), (1, 1)]
