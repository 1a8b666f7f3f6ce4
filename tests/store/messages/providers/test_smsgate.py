"""A phone with SMSGate, against a stand-in: the same text leaves once, however often it is handed over."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from store.errors import WrongUsage
from store.messages.model import Status
from store.messages.providers import (
    Accepted,
    CantTell,
    Garbled,
    Had,
    MediaFact,
    NeverHad,
    NoAnswer,
    Outgoing,
    Provider,
    Receipt,
    Refused,
    Reply,
    Request,
    Sent,
    Setup,
    Severity,
    Throttled,
    asking,
    load,
    reasons,
    smsgate,
)
from store.messages.providers.asking import Lost, Said
from tests.store.messages.providers import loopback
from tests.store.messages.providers.loopback import DROPPED, LOST, SILENT, Answer
from tests.store.messages.providers.smsgate_standin import NOW, PASSWORD, THEIRS, USERNAME, SmsGateStandin


@pytest.fixture
def phone() -> Iterator[SmsGateStandin]:
    phone = SmsGateStandin()
    with loopback.running(phone):
        yield phone


def sender(phone: SmsGateStandin, *, namespace: str = "sender-1", **options: str) -> Provider:
    given = {"url": f"{phone.url}/", "username": USERNAME, "password": PASSWORD, "namespace": namespace}
    return load("smsgate", Setup("+14155550100", given | options))


def text(body: str = "On my way", *, id: int = 1, to: str = THEIRS) -> Outgoing:
    return Outgoing(id, to, body)


def accepted(provider: Provider, outgoing: Outgoing) -> str:
    outcome = provider.send(outgoing)
    assert isinstance(outcome, Accepted)
    return outcome.id


def test_a_text_is_kept_under_our_own_id(phone: SmsGateStandin) -> None:
    own = accepted(sender(phone), text("¿Vienes? 🏡"))
    assert str(UUID(own)) == own
    assert phone.messages[own]["text"] == "¿Vienes? 🏡"


def test_one_that_is_handed_over_again_leaves_once(phone: SmsGateStandin) -> None:
    assert sender(phone).send(text()) == sender(phone).send(text())
    assert len(phone.messages) == 1


@pytest.mark.parametrize(
    ("other", "namespace"),
    [
        (text(id=2), "sender-1"),
        (text("On my way!"), "sender-1"),
        (text(to="+14155550124"), "sender-1"),
        (text(), "sender-2"),
    ],
)
def test_another_text_is_another_one(phone: SmsGateStandin, other: Outgoing, namespace: str) -> None:
    """Of another database too, or of one that was put back from a backup and counts again."""
    accepted(sender(phone), text())
    accepted(sender(phone, namespace=namespace), other)
    assert len(phone.messages) == 2


@pytest.mark.parametrize(("fault", "left"), [(DROPPED, 0), (LOST, 1)])
def test_a_lost_answer_can_be_looked_up_for_certain(phone: SmsGateStandin, fault: str, left: int) -> None:
    provider = sender(phone)
    phone.fault = fault
    assert isinstance(provider.send(text()), NoAnswer)
    assert (phone.count("POST"), len(phone.messages)) == (1, left)
    looked_up = provider.lookup(text(), NOW)
    assert looked_up == Had(next(iter(phone.messages))) if left else NeverHad()
    assert provider.profile.repeatable
    accepted(provider, text())
    assert len(phone.messages) == 1


def test_a_silent_phone_is_not_waited_for_long(
    phone: SmsGateStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "ANSWER_SECONDS", 0.1)
    phone.fault = SILENT
    assert sender(phone).send(text()) == NoAnswer("TimeoutError")


@pytest.mark.parametrize("fault", [DROPPED, Answer(500), Answer(401, b"{}"), Answer(429), Answer(200, b"x")])
def test_in_trouble_it_cannot_be_told(phone: SmsGateStandin, fault: str | Answer) -> None:
    phone.fault = fault
    assert sender(phone).lookup(text(), NOW) == CantTell()


def test_where_the_phone_is_out_of_the_house_nothing_was_sent(phone: SmsGateStandin) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    provider = sender(phone, url=f"http://127.0.0.1:{port}")
    assert isinstance(provider.send(text()), Throttled)
    assert provider.lookup(text(), NOW) == CantTell()


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(503, b"{}"), Throttled(1.0)),
        (Answer(429, b"{}", {"Retry-After": "20"}), Throttled(20.0)),
        (Answer(401, b"{}"), Refused("account-unusable")),
        (Answer(404), Refused("sender-unusable")),
        (Answer(400, b'{"message": "?"}'), Refused("other")),
        (Answer(500), NoAnswer("HTTP 500")),
        (Answer(307, b"", {"Location": "/"}), NoAnswer("HTTP 307")),
        (Answer(202, b"x" * (2 << 20)), NoAnswer("oversized answer")),
        (Answer(202, b"<html>"), NoAnswer("unreadable answer")),
        (Answer(202, b"[" * 100_000), NoAnswer("unreadable answer")),
    ],
)
def test_what_the_phone_says_is_understood(phone: SmsGateStandin, answer: Answer, outcome: object) -> None:
    phone.fault = answer
    assert sender(phone).send(text()) == outcome
    assert not isinstance(outcome, Refused) or outcome.reason in reasons.REASONS


def test_a_number_that_the_phone_does_not_take_is_none(phone: SmsGateStandin) -> None:
    assert sender(phone).send(text(to="+999")) == Refused("no-such-number")


def test_receipts_come_when_it_is_over(phone: SmsGateStandin) -> None:
    provider = sender(phone)
    ids = [accepted(provider, text(id=id)) for id in range(1, 7)]
    asked = [Sent(id, own, THEIRS, NOW) for id, own in enumerate([*ids, "gone"], 1)]
    assert provider.poll(asked, "", NOW).events == []
    for own, state, error in (
        (ids[0], "Processed", None),
        (ids[1], "Sent", None),
        (ids[2], "Delivered", None),
        (ids[3], "Failed", "RESULT_ERROR_GENERIC_FAILURE"),
        (ids[4], "Failed", "RESULT_ERROR_LIMIT_EXCEEDED"),
        (ids[5], "Failed", "RESULT_ERROR_SHORT_CODE_NOT_ALLOWED"),
    ):
        phone.becomes(own, state, error)
    assert provider.poll(asked, "", NOW).events == [
        Receipt(f"{ids[2]}:Delivered", Status.DELIVERED, 3, ids[2]),
        Receipt(f"{ids[3]}:Failed", Status.FAILED, 4, ids[3], "provider-error"),
        Receipt(f"{ids[4]}:Failed", Status.FAILED, 5, ids[4], "over-limit"),
        Receipt(f"{ids[5]}:Failed", Status.FAILED, 6, ids[5], "blocked"),
    ]


@pytest.mark.parametrize("told", [b"null", b"[]", b'{"state": 7}', b'{"state": ["Failed"]}', b"x"])
def test_a_receipt_that_cannot_be_read_is_none(phone: SmsGateStandin, told: bytes) -> None:
    class Strange(SmsGateStandin):
        def answer(self, asked: loopback.Asked) -> Answer:
            return Answer(200, told) if "/messages/" in asked.path else super().answer(asked)

    strange = Strange()
    with loopback.running(strange):
        strange.come_in("Hello")
        (event,) = sender(strange).poll([Sent(1, "1", THEIRS, NOW)], "", NOW).events
    assert isinstance(event, Reply)


def test_a_poll_asks_no_longer_than_it_may(phone: SmsGateStandin, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = sender(phone)
    asked = [Sent(id, accepted(provider, text(id=id)), THEIRS, NOW) for id in range(1, 5)]
    monkeypatch.setattr(asking, "PATIENCE", 0.0)
    provider.poll(asked, "", NOW)
    assert phone.count("GET") == 1


def test_replies_come_in_their_order_whole(phone: SmsGateStandin) -> None:
    phone.come_in("START", ago=1)
    phone.come_in("S" * 500, ago=2)
    phone.come_in("0a0b", kind="DATA_SMS")
    phone.come_in("MMS notification", kind="MMS")
    events = sender(phone).poll([], "", NOW).events
    assert [(one.body, one.at) for one in events if isinstance(one, Reply)] == [
        ("S" * 500, NOW - timedelta(minutes=2)),
        ("START", NOW - timedelta(minutes=1)),
    ]


def test_two_texts_that_share_an_id_are_two(phone: SmsGateStandin) -> None:
    phone.come_in("Aa", ago=2, id="text:2112")
    phone.come_in("BB", ago=1, id="text:2112")
    assert len({one.event_id for one in sender(phone).poll([], "", NOW).events}) == 2


def test_pictures_that_came_in_are_told_of_and_not_fetched(phone: SmsGateStandin) -> None:
    parts = [{"partId": 7, "contentType": "image/jpeg", "size": 9, "name": "x"}, "?"]
    phone.come_in("Look", kind="MMS_DOWNLOADED", id="mms:-5", attachments=parts)
    (reply,) = sender(phone).poll([], "", NOW).events
    assert isinstance(reply, Reply)
    assert reply.media == (MediaFact(f"{phone.url}/inbox/mms%3A-5/attachments/7", "image/jpeg", 9),)


@pytest.mark.parametrize("ahead", [-9, 0, 9])
def test_no_reply_is_missed_whatever_time_it_is_there(phone: SmsGateStandin, ahead: int) -> None:
    provider = sender(phone)
    told: dict[str, Reply] = {}
    cursor, came = "", []
    for minute in range(0, 120, 7):
        now = NOW + timedelta(minutes=minute)
        phone.now = now + timedelta(minutes=ahead)
        came.append(f"At {minute}")
        phone.come_in(came[-1])
        polled = provider.poll([], cursor, now)
        cursor = polled.cursor
        told |= {one.event_id: one for one in polled.events if isinstance(one, Reply)}
    assert [reply.body for reply in told.values()] == came


def test_a_phone_that_is_far_behind_is_asked_nothing_that_it_refuses(phone: SmsGateStandin) -> None:
    phone.now = NOW - timedelta(hours=3)
    assert sender(phone).poll([], "", NOW).events == []


def test_after_days_without_anybody_all_is_read_in_order(
    phone: SmsGateStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smsgate, "PAGE", 7)
    came = [f"Reply {at}" for at in range(400)]
    for at, body in enumerate(came):
        phone.come_in(body, ago=3000 - at)
    provider = sender(phone)
    cursor, more, told = (NOW - timedelta(days=3)).isoformat(), True, list[str]()
    while more:
        events, cursor, more = provider.poll([], cursor, NOW)
        bodies = [one.body for one in events if isinstance(one, Reply)]
        told += [body for body in bodies if body not in told]
    assert told == came


@pytest.mark.parametrize(
    "strange", [None, 7, {}, {"type": "SMS"}, {"type": "SMS", "id": "1", "createdAt": "?"}]
)
def test_what_cannot_be_read_stops_no_reply(phone: SmsGateStandin, strange: object) -> None:
    hello = {"type": "SMS", "id": "2", "sender": THEIRS, "createdAt": NOW.isoformat(), "contentPreview": "Hi"}
    phone.fault = loopback.said([strange, hello])
    assert len(sender(phone).poll([], "", NOW).events) == 1


def test_a_poll_that_fails_says_so(phone: SmsGateStandin) -> None:
    for fault, trouble in ((Answer(500), Lost), (Answer(401, b"{}"), Said), (Answer(200, b"{}"), Lost)):
        phone.fault = fault
        with pytest.raises(trouble):
            sender(phone).poll([], "", NOW)


def test_the_phone_is_not_asked_to_call(phone: SmsGateStandin) -> None:
    with pytest.raises(Garbled):
        sender(phone).receive(Request("POST", "http://x.example", {}, {}, b"", {}))


@pytest.mark.parametrize(
    ("fault", "severity", "says"),
    [
        (None, Severity.OK, "can read its inbox"),
        (Answer(401, b"{}"), Severity.ERROR, "username and password"),
        (Answer(404), Severity.ERROR, "doesn't give access to its inbox"),
        (Answer(200, b"<html>"), Severity.ERROR, "isn't SMSGate"),
    ],
)
def test_check_says_what_is_amiss(
    phone: SmsGateStandin, fault: Answer | None, severity: Severity, says: str
) -> None:
    phone.fault = fault
    finding = next(sender(phone).check())
    assert finding.severity is severity
    assert says in str(finding.says)
    assert (finding.what_to_do is None) is (severity is Severity.OK)
    assert phone.count("POST") == 0


def test_check_says_that_nobody_is_there(phone: SmsGateStandin) -> None:
    (finding,) = sender(phone, url="http://127.0.0.1:9").check()
    assert "Can't reach the phone at http://127.0.0.1:9" in str(finding.says)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"url": ""}, "address"),
        ({"url": "192.168.1.20:8080"}, "address"),
        ({"url": "http://phone:port"}, "address"),
        ({"password": ""}, "username and password"),
    ],
)
def test_settings_that_cannot_be_right_are_told(
    phone: SmsGateStandin, wrong: dict[str, str], says: str
) -> None:
    with pytest.raises(WrongUsage, match=says) as refused:
        sender(phone, **wrong)
    assert PASSWORD not in str(refused.value)


def test_ids_that_another_database_may_have_are_never_used(phone: SmsGateStandin) -> None:
    with pytest.raises(WrongUsage):
        sender(phone, namespace="")
    assert PASSWORD not in repr(sender(phone)) + repr(Setup(options={"password": PASSWORD}))
