"""Sending: credits are held and messages queued, together or not at all."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from store import Store
from store.credits.model import Account, Kind
from store.errors import NotEnoughCredits, RefusedByRule, TextmeterError, WrongUsage
from store.messages.messenger import Messenger
from store.messages.model import Draft, MessageKind, Status

ZOE, ANN, LONDON = "+14155552671", "+14155552672", "+442079460123"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def test_a_blast_holds_its_credits_and_queues_its_messages(
    store: Store, messenger: Messenger, account: Account
) -> None:
    blast = messenger.send(account.id, Draft(body="a" * 161, to=(ZOE, LONDON)))
    assert (blast.recipients, blast.credits, blast.counts) == (2, 6, {Status.QUEUED: 2})
    messages = messenger.messages(blast.id)
    assert [(one.to, one.status, one.segments, one.credits) for one in messages] == [
        (ZOE, Status.QUEUED, 2, 2),
        (LONDON, Status.QUEUED, 2, 4),
    ]
    balance = store.credits.balance(account.id)
    assert (balance.available, balance.held, balance.used) == (294, 6, 0)
    line = store.credits.history(account.id)[0]
    assert (line.kind, line.delta, line.cause, line.reference, line.count) == (
        Kind.USED,
        -6,
        "blast",
        str(blast.id),
        2,
    )


def test_what_was_sent_is_no_draft_any_more(messenger: Messenger, account: Account) -> None:
    draft = messenger.save_draft(Draft(body="Hi", to=(ZOE,)))
    messenger.send(account.id, draft)
    assert messenger.drafts() == []


def test_with_too_few_credits_nothing_is_held_and_the_draft_is_kept(
    store: Store, messenger: Messenger, account: Account
) -> None:
    draft = messenger.save_draft(
        Draft(body="a" * 1_600, to=tuple(f"+1415555{at:04}" for at in range(100, 140)))
    )
    with pytest.raises(NotEnoughCredits) as error:
        messenger.send(account.id, draft)
    assert error.value.details == {"needed": 440, "available": 300}
    assert messenger.blasts(account.id) == []
    assert messenger.drafts() == [draft]
    assert store.credits.balance(account.id).held == 0
    assert not messenger.due().queued


def test_credits_that_are_gone_since_the_estimate_leave_nothing_half_done(
    store: Store, messenger: Messenger, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = messenger.save_draft(Draft(body="Hi", to=(ZOE,)))
    before = messenger.funds(account.id)
    store.credits.hold(account.id, 300, cause="blast", reference="another")
    monkeypatch.setattr(messenger, "funds", lambda account_id: before)
    with pytest.raises(NotEnoughCredits):
        messenger.send(account.id, draft)
    assert messenger.blasts(account.id) == []
    assert store.database.execute("SELECT COUNT(*) FROM message WHERE id > 0").fetchone() == (0,)
    assert messenger.drafts() == [draft]


@pytest.mark.parametrize(
    ("draft", "code", "kind"),
    [
        (Draft(body="", to=(ZOE,)), "empty-text", WrongUsage),
        (Draft(body="Hi"), "no-recipients", WrongUsage),
        (Draft(body="Hi", to=("tomorrow",)), "no-recipients", WrongUsage),
        (Draft(body="Hi", groups=("nobody",)), "no-recipients", WrongUsage),
        (Draft(body="Hi {nickname}", to=(ZOE,)), "unknown-field", WrongUsage),
        (Draft(body="Hi", to=(ZOE,), media=("gone.png",)), "unreadable-media", WrongUsage),
        (Draft(body="a" * 20_001, to=(ZOE,)), "too-long", RefusedByRule),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_sent(
    messenger: Messenger, account: Account, draft: Draft, code: str, kind: type[TextmeterError]
) -> None:
    with pytest.raises(kind) as error:
        messenger.send(account.id, draft)
    assert error.value.code == code
    assert messenger.blasts(account.id) == []


def test_who_cant_be_reached_is_left_out_and_the_others_get_it(
    messenger: Messenger, account: Account
) -> None:
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, "tomorrow")))
    assert [one.to for one in messenger.messages(blast.id)] == [ZOE]


def test_a_group_that_nobody_is_in_is_said_by_name(messenger: Messenger, account: Account) -> None:
    estimate = messenger.estimate(account.id, Draft(body="Hi", to=(ZOE,), groups=("nobody",)))
    assert [(one.to, one.code) for one in estimate.refused] == [("nobody", "empty-group")]
    assert estimate.sendable


def test_the_same_key_sends_once(store: Store, messenger: Messenger, account: Account) -> None:
    draft = Draft(body="Hi", to=(ZOE,))
    first = messenger.send(account.id, draft, idempotency_key="k")
    assert messenger.send(account.id, draft, idempotency_key="k").id == first.id
    assert len(messenger.blasts(account.id)) == 1
    assert store.credits.balance(account.id).held == 1


def test_the_same_key_for_another_text_is_refused(messenger: Messenger, account: Account) -> None:
    messenger.send(account.id, Draft(body="Hi", to=(ZOE,)), idempotency_key="k")
    with pytest.raises(RefusedByRule):
        messenger.send(account.id, Draft(body="Hello", to=(ZOE,)), idempotency_key="k")
    assert len(messenger.blasts(account.id)) == 1


def test_a_mistake_under_a_key_may_be_mended_under_it(messenger: Messenger, account: Account) -> None:
    with pytest.raises(WrongUsage):
        messenger.send(account.id, Draft(body="", to=(ZOE,)), idempotency_key="k")
    assert messenger.send(account.id, Draft(body="Hi", to=(ZOE,)), idempotency_key="k").recipients == 1


def test_a_message_tells_what_was_sent_whatever_becomes_of_the_contact(
    store: Store, messenger: Messenger, account: Account
) -> None:
    zoe = store.people.add(first_name="Zoë", last_name="O'Hara", phone=ZOE, region="US")
    ann = store.people.add(first_name="", company="Acme", phone=ANN, region="US")
    blast = messenger.send(account.id, Draft(body="Hi {first_name|there}", contacts=(zoe.id, ann.id)))
    store.people.delete(zoe.id)
    assert [(one.name, one.body) for one in messenger.messages(blast.id)] == [
        ("Zoë O'Hara", "Hi Zoë"),
        ("Acme", "Hi there"),
    ]


def test_a_typed_number_of_a_contact_gets_the_contacts_name(
    store: Store, messenger: Messenger, account: Account
) -> None:
    store.people.add(first_name="Zoë", phone=ZOE, region="US")
    blast = messenger.send(account.id, Draft(body="Hi {first_name|there}", to=("415-555-2671", ANN)))
    assert [one.body for one in messenger.messages(blast.id)] == ["Hi Zoë", "Hi there"]


def test_a_group_gets_it_once_each_with_their_own_price(
    store: Store, messenger: Messenger, account: Account
) -> None:
    for name, phone in (("Zoë", ZOE), ("Łukasz", ANN), ("Ann", LONDON)):
        store.people.add(first_name=name, phone=phone, groups=["buyers"], region="US")
    draft = Draft(body="{first_name}" + "a" * 100, to=(ZOE,), groups=("buyers",))
    estimate = messenger.estimate(account.id, draft)
    blast = messenger.send(account.id, draft)
    prices = [(one.to, one.segments, one.credits) for one in messenger.messages(blast.id)]
    assert sorted(prices) == [(ZOE, 2, 2), (ANN, 2, 2), (LONDON, 1, 2)]
    assert estimate.credits == blast.credits == 6


def test_a_body_is_sent_as_it_was_counted(messenger: Messenger, account: Account) -> None:
    blast = messenger.send(account.id, Draft(body="cafe\u0301\r\n", to=(ZOE,)))
    assert messenger.messages(blast.id)[0].body == "caf\u00e9\n"


def test_a_picture_is_kept_as_it_was_when_it_was_sent(
    store: Store, messenger: Messenger, account: Account, tmp_path: Path
) -> None:
    picture = tmp_path / "house.png"
    picture.write_bytes(PNG)
    blast = messenger.send(account.id, Draft(body="", to=(ZOE, LONDON), media=(str(picture),)))
    picture.unlink()
    assert (blast.kind, blast.credits) == (MessageKind.MMS, 6)
    kept = store.database.execute(
        "SELECT name, type, content FROM media WHERE blast_id = ?", (blast.id,)
    ).fetchall()
    assert kept == [("house.png", "image/png", PNG)]


def test_cancelling_gives_back_what_has_not_left(
    store: Store, messenger: Messenger, account: Account
) -> None:
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN)))
    assert messenger.cancel(blast.id) == 2
    assert messenger.cancel(blast.id) == 0
    cancelled = messenger.blast(blast.id)
    assert cancelled.cancelled
    assert (cancelled.left, cancelled.counts) == (0, {Status.CANCELLED: 2})
    balance = store.credits.balance(account.id)
    assert (balance.available, balance.held, balance.used) == (300, 0, 0)
    assert store.credits.verify().ok


def test_a_blast_that_has_left_is_not_called_cancelled(messenger: Messenger, account: Account) -> None:
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE,)))
    messenger.deliver(stop=Event())
    assert messenger.cancel(blast.id) == 0
    assert not messenger.blast(blast.id).cancelled


def test_blasts_come_newest_first_and_by_the_page(messenger: Messenger, account: Account) -> None:
    ids = [messenger.send(account.id, Draft(body=f"Hi {at}", to=(ZOE,))).id for at in range(3)]
    first = messenger.blasts(account.id, limit=2)
    assert [blast.id for blast in first] == [ids[2], ids[1]]
    assert [blast.id for blast in messenger.blasts(account.id, before=first[-1].id)] == [ids[0]]


def test_messages_come_by_the_page_and_by_status(messenger: Messenger, account: Account) -> None:
    messenger.send(account.id, Draft(body="Other", to=(ZOE,)))
    blast = messenger.send(account.id, Draft(body="Hi", to=(ZOE, ANN, LONDON)))
    first = messenger.messages(blast.id, limit=2)
    assert [one.to for one in first] == [ZOE, ANN]
    assert [one.to for one in messenger.messages(blast.id, after=first[-1].id)] == [LONDON]
    assert messenger.messages(blast.id, status=Status.SENT) == []
    assert len(messenger.messages(blast.id, status=Status.QUEUED)) == 3


def test_a_blast_that_isnt_there_is_said_so(messenger: Messenger) -> None:
    with pytest.raises(WrongUsage) as error:
        messenger.blast(7)
    assert error.value.code == "no-such-blast"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_counting_a_blast_reads_an_index_and_no_rows(store: Store) -> None:
    plans = [
        "SELECT id FROM message WHERE status = 'queued' ORDER BY blast_id, id LIMIT 1",
        "SELECT COUNT(*) FROM message WHERE status IN ('queued', 'sent') AND blast_id = 1 GROUP BY status",
    ]
    for statement in plans:
        steps = [row[3] for row in store.database.execute(f"EXPLAIN QUERY PLAN {statement}")]
        assert [step for step in steps if "COVERING INDEX message_status_blast_id" not in step] == []
