"""What a board can file: a line a person, whatever became of the messages to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.errors import WrongUsage
from store.messages.messenger import Messenger
from store.messages.model import Draft, Message, Status
from store.messages.proof import lines
from store.messages.providers import Refused
from store.messages.providers.reasons import why
from tests.store.messages.conftest import NOON
from tests.store.messages.scripted import Scripted
from tests.store.messages.test_products import PNG
from tests.store.messages.working import ANN, ZOE, deliver

LATER = datetime(2026, 4, 16, 16, 2, tzinfo=UTC)


def part(id: int, to: str, status: Status, segments: int = 1, sent_at: datetime | None = None) -> Message:
    reason = why("blocked") if status is Status.FAILED else None
    return Message(id, to, "Ann", "Hi", status, segments, segments, reason, sent_at=sent_at)


@pytest.mark.parametrize(
    ("parts", "stands"),
    [
        ((Status.DELIVERED, Status.DELIVERED), Status.DELIVERED),
        ((Status.DELIVERED, Status.SENT), Status.SENT),
        ((Status.DELIVERED, Status.FAILED), Status.FAILED),
        ((Status.UNKNOWN, Status.DELIVERED), Status.UNKNOWN),
        ((Status.SENT, Status.CANCELLED), Status.CANCELLED),
        ((Status.UNDELIVERED, Status.QUEUED), Status.UNDELIVERED),
    ],
)
def test_somebody_who_got_several_messages_stands_as_the_worst_of_them(
    parts: tuple[Status, ...], stands: Status
) -> None:
    (line,) = lines(part(id, ANN, status) for id, status in enumerate(parts))
    assert line.status is stands


def test_the_parts_of_a_long_text_are_one_line_with_all_its_segments_and_when_it_began_to_leave() -> None:
    some = [
        part(1, ANN, Status.SENT, 11, LATER),
        part(2, ANN, Status.SENT, 2, NOON),
        part(3, ZOE, Status.QUEUED),
    ]
    ann, zoe = lines(some)
    assert (ann.to, ann.segments, ann.left_at) == (ANN, 13, NOON)
    assert (zoe.to, zoe.segments, zoe.left_at) == (ZOE, 1, None)


def test_all_that_is_known_of_a_text_is_told(
    store: Store,
    messenger: Messenger,
    provider: Scripted,
    account: Account,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    picture = tmp_path_factory.mktemp("pictures") / "pool.png"
    picture.write_bytes(PNG)
    provider.script = lambda outgoing: Refused("blocked") if outgoing.to == ANN else None
    draft = Draft(body="Hi {first_name}", to=(ZOE, ANN), media=(str(picture),))
    blast = messenger.send(account.id, draft)
    deliver(messenger)
    clock = store.clock
    assert isinstance(clock, FixedClock)
    clock.instant = NOON + timedelta(hours=1)
    proof = messenger.proof(blast.id)
    assert (proof.id, proof.channel, proof.people, proof.files) == (blast.id, "mms", 2, ("pool.png",))
    assert (proof.at, proof.as_of, proof.timezone) == (NOON, NOON + timedelta(hours=1), "America/New_York")
    assert (proof.country, proof.purpose) == (account.country, blast.purpose)
    zoe, ann = messenger.proof_lines(blast.id)
    assert (zoe.to, zoe.status, zoe.reason, zoe.left_at) == (ZOE, Status.SENT, None, NOON)
    assert (ann.to, ann.status, ann.reason, ann.left_at) == (ANN, Status.FAILED, why("blocked"), None)


def test_a_text_that_goes_as_several_messages_is_told_as_a_whole(
    messenger: Messenger, account: Account
) -> None:
    body = "a" * 1_600 + " and so on"
    blast = messenger.send(account.id, Draft(body=body, to=(ZOE,)))
    assert messenger.proof(blast.id).as_sent == body
    assert len(list(messenger.proof_lines(blast.id))) == 1


def test_there_is_no_proof_of_what_there_is_not(messenger: Messenger, account: Account) -> None:
    with pytest.raises(WrongUsage, match="99"):
        messenger.proof(99)
    assert list(messenger.proof_lines(99)) == []


def test_its_lines_are_read_by_the_page(
    messenger: Messenger, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.messages.messenger.PAGE", 2)
    numbers = tuple(f"+1415555{n:04}" for n in range(100, 105))
    blast = messenger.send(account.id, Draft(body="Hi", to=numbers))
    assert tuple(line.to for line in messenger.proof_lines(blast.id)) == numbers
