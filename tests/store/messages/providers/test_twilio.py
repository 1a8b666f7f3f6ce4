"""Twilio, against a stand-in: what is handed over leaves once, and what is said back is understood."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Thread

import pytest
import trustme
from requests import Session
from requests.exceptions import ConnectTimeout

from store.errors import WrongUsage
from store.messages.model import Status
from store.messages.providers import (
    Accepted,
    CantTell,
    Had,
    MediaFact,
    NoAnswer,
    NotPublished,
    Outgoing,
    Picture,
    Polled,
    Price,
    Provider,
    Publish,
    Receipt,
    Refused,
    Reply,
    Sent,
    Setup,
    Throttled,
    asking,
    load,
    reasons,
)
from store.messages.providers.asking import Lost, Said
from store.messages.providers.twilio import carrier
from tests.environment import CHECKOUT
from tests.store.messages.providers import loopback
from tests.store.messages.providers.loopback import DROPPED, LOST, SILENT, Answer
from tests.store.messages.providers.twilio_standin import (
    ACCOUNT,
    ALSO_OURS,
    NOW,
    OURS,
    SERVICE,
    TOKEN,
    TwilioStandin,
)

THEIRS = "+14155550123"


@pytest.fixture
def twilio() -> Iterator[TwilioStandin]:
    twilio = TwilioStandin()
    with loopback.running(twilio):
        yield twilio


def sender(twilio: TwilioStandin, *, publish: Publish | None = None, **options: str) -> Provider:
    given = {"account_sid": ACCOUNT, "auth_token": TOKEN, "base_url": twilio.url, **options}
    number = "" if "messaging_service" in options else OURS
    return load("twilio", Setup(number, given, publish=publish))


def text(body: str = "Open house on Sunday", *, to: str = THEIRS, pictures: int = 0) -> Outgoing:
    shown = tuple(Picture(f"{at}.jpg", "image/jpeg", bytes([at])) for at in range(pictures))
    return Outgoing(1, to, body, shown)


def sent(sid: str, ago: float = 1) -> Sent:
    return Sent(7, sid, THEIRS, NOW - timedelta(minutes=ago))


def poll(twilio: TwilioStandin, *asked: Sent, cursor: str = "", now: datetime = NOW) -> Polled:
    return sender(twilio).poll(asked, cursor, now)


def test_a_text_leaves_as_it_was_priced(twilio: TwilioStandin) -> None:
    twilio.segments = "2"
    assert sender(twilio).send(text("“Côté” 🏡")) == Accepted("SM" + "0" * 32, 2)
    (asked,) = twilio.asked
    assert asked.form == {"From": OURS, "To": THEIRS, "Body": "“Côté” 🏡", "SmartEncoded": "false"}


def test_a_service_chooses_the_number_and_counts_later(twilio: TwilioStandin) -> None:
    assert sender(twilio, messaging_service=SERVICE).send(text()) == Accepted("SM" + "0" * 32, None)
    form = twilio.asked[0].form
    assert (form["MessagingServiceSid"], "From" in form) == (SERVICE, False)


def test_what_a_service_counts_later_comes_with_the_receipt(twilio: TwilioStandin) -> None:
    service = sender(twilio, messaging_service=SERVICE)
    taken = service.send(text("a" * 161))
    assert isinstance(taken, Accepted)
    twilio.messages[taken.id] |= {"num_segments": "2", "status": "delivered"}
    assert service.poll([sent(taken.id)], "", NOW).events == [
        Receipt(f"{taken.id}:delivered:2", Status.DELIVERED, 0, taken.id, segments=2, unsettled=True)
    ]
    assert service.lookup(text("a" * 161), NOW) == Had(taken.id, 2)


def test_the_price_comes_after_the_end(twilio: TwilioStandin) -> None:
    sid = twilio.went_out("Hello", status="delivered")
    twilio.messages[sid] |= {"price": "-0.00750", "price_unit": "usd"}
    price = Price(Decimal("0.0075"), "USD")
    assert poll(twilio, sent(sid)).events == [
        Receipt(f"{sid}:delivered:1:priced", Status.DELIVERED, 0, sid, segments=1, price=price)
    ]


@pytest.mark.parametrize("price", ["", "free", "NaN", "-1e999999", {}])
def test_what_is_no_price_is_asked_for_again(twilio: TwilioStandin, price: object) -> None:
    sid = twilio.went_out("Hello", status="delivered")
    twilio.messages[sid] |= {"price": price, "price_unit": "USD"}
    (receipt,) = poll(twilio, sent(sid)).events
    assert isinstance(receipt, Receipt)
    assert (receipt.price, receipt.unsettled) == (None, True)


def test_where_twilio_can_call_each_text_says_so(twilio: TwilioStandin) -> None:
    called = sender(twilio, callback_url="https://agents.example/hooks/twilio")
    called.send(text())
    assert twilio.asked[0].form["StatusCallback"] == "https://agents.example/hooks/twilio"
    sender(twilio).send(text())
    assert "StatusCallback" not in twilio.asked[1].form


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (20003, "account-unusable"),
        (21211, "no-such-number"),
        (21408, "not-allowed-there"),
        (21606, "sender-unusable"),
        (21608, "trial"),
        (21610, "opted-out-there"),
        (21612, "no-route"),
        (21614, "not-a-mobile"),
        (21617, "too-large"),
        (21620, "not-published"),
        (29999, "other"),
    ],
)
def test_a_refusal_is_said_in_words(twilio: TwilioStandin, code: int, reason: str) -> None:
    twilio.refusal = code, 400
    assert sender(twilio).send(text()) == Refused(reason)
    assert reason in reasons.REASONS


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (30003, "unreachable"),
        (30004, "blocked"),
        (30005, "no-such-number"),
        (30006, "not-a-mobile"),
        (30007, "filtered"),
        (30008, "provider-error"),
        (30022, "over-limit"),
        (30034, "unregistered"),
        (63038, "over-limit"),
        (None, "other"),
    ],
)
def test_what_became_of_a_text_is_said_in_words(twilio: TwilioStandin, code: int | None, reason: str) -> None:
    sid = twilio.went_out("Hello")
    twilio.becomes(sid, "undelivered", code)
    assert poll(twilio, sent(sid)).events == [
        Receipt(f"{sid}:undelivered:1", Status.UNDELIVERED, 0, sid, reason, 1)
    ]
    assert reason in reasons.REASONS


@pytest.mark.parametrize(
    ("asks", "waits"), [("7", 7.0), (None, 1.0), ("soon", 1.0), ("nan", 1.0), ("-3", 1.0), ("1e9", 3600.0)]
)
def test_too_much_at_once_waits_as_long_as_twilio_asks(
    twilio: TwilioStandin, asks: str | None, waits: float
) -> None:
    twilio.fault = Answer(429, b'{"code": 20429}', {"Retry-After": asks} if asks else {})
    assert sender(twilio).send(text()) == Throttled(waits)
    assert len(twilio.asked) == 1


def test_a_full_queue_waits_and_a_day_that_is_used_up_does_not(twilio: TwilioStandin) -> None:
    twilio.refusal = 21611, 400
    outcome = sender(twilio).send(text())
    assert isinstance(outcome, Throttled)
    assert outcome.seconds >= 10
    twilio.refusal = 63038, 429
    assert sender(twilio).send(text()) == Refused("over-limit")


def test_wrong_credentials_are_told_of(twilio: TwilioStandin) -> None:
    assert sender(twilio, auth_token="old").send(text()) == Refused("account-unusable")
    twilio.fault = Answer(403, b"<html>")
    assert sender(twilio).send(text()) == Refused("account-unusable")


@pytest.mark.parametrize(("fault", "left"), [(DROPPED, 0), (LOST, 1)])
def test_a_text_whose_answer_is_lost_is_handed_over_once(
    twilio: TwilioStandin, fault: str, left: int
) -> None:
    twilio.fault = fault
    assert sender(twilio).send(text()) == NoAnswer()
    assert twilio.count("POST") == 1
    assert len(twilio.messages) == left


def test_a_silent_twilio_is_not_waited_for_long(
    twilio: TwilioStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "ANSWER_SECONDS", 0.1)
    twilio.fault = SILENT
    assert sender(twilio).send(text()) == NoAnswer()
    assert twilio.count("POST") == 1


def test_a_connection_that_twilio_ends_is_made_anew(twilio: TwilioStandin) -> None:
    provider = sender(twilio)
    twilio.fault = Answer(400, b"{}", {"Connection": "close"})
    assert provider.send(text()) == Refused("other")
    assert isinstance(provider.send(text()), Accepted)


def test_where_nobody_is_there_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    given = {"account_sid": ACCOUNT, "auth_token": TOKEN, "base_url": f"http://127.0.0.1:{port}"}
    assert isinstance(load("twilio", Setup(OURS, given)).send(text()), Throttled)


def test_what_does_not_let_itself_be_reached_was_sent_nothing(
    twilio: TwilioStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait_in_vain(*_: object, **__: object) -> None:
        raise ConnectTimeout

    monkeypatch.setattr(Session, "request", wait_in_vain)
    assert isinstance(sender(twilio).send(text()), Throttled)


def test_somebody_else_who_answers_as_twilio_is_told_nothing(twilio: TwilioStandin) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    heard: list[bytes] = []

    def listen() -> None:
        with suppress(ssl.SSLError), listener.accept()[0] as line, context.wrap_socket(line, True) as secure:
            heard.append(secure.recv(1))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=listen)
        thread.start()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        assert isinstance(sender(twilio, base_url=url).send(text()), Throttled)
        thread.join()
    assert heard in ([], [b""])


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(500, b"{}"), "HTTP 500"),
        (Answer(503, b"<html>"), "HTTP 503"),
        (Answer(408), "HTTP 408"),
        (Answer(302, b"", {"Location": "/2010-04-01/Accounts.json"}), "HTTP 302"),
        (Answer(201, b"<html>"), "unreadable answer"),
        (Answer(201, b"null"), "unreadable answer"),
        (Answer(201, b"[]"), "unreadable answer"),
        (Answer(201, b"{}"), "unreadable answer"),
        (Answer(201, b"\xff\xfe"), "unreadable answer"),
        (Answer(201, b"[" * 100_000), "unreadable answer"),
        (Answer(201, b'{"sid": "SM1", "error_code": "' + b"1" * (2 << 20)), "oversized answer"),
    ],
)
def test_an_answer_that_says_nothing_is_none(twilio: TwilioStandin, answer: Answer, kind: str) -> None:
    twilio.fault = answer
    assert sender(twilio).send(text()) == NoAnswer(kind)
    assert len(twilio.asked) == 1


def test_several_leave_at_once(twilio: TwilioStandin) -> None:
    provider = sender(twilio)
    with ThreadPoolExecutor(provider.profile.in_flight) as threads:
        outcomes = list(threads.map(lambda at: provider.send(text(f"Text {at}")), range(40)))
    assert len({outcome.id for outcome in outcomes if isinstance(outcome, Accepted)}) == 40
    assert {message["body"] for message in twilio.messages.values()} == {f"Text {at}" for at in range(40)}


def test_pictures_go_by_their_links(twilio: TwilioStandin) -> None:
    provider = sender(twilio, publish=lambda picture: f"https://pictures.example/{picture.name}")
    assert provider.profile.media
    assert isinstance(provider.send(text("", pictures=2)), Accepted)
    links = [value for name, value in twilio.asked[0].fields if name == "MediaUrl"]
    assert links == ["https://pictures.example/0.jpg", "https://pictures.example/1.jpg"]
    assert "Body" not in twilio.asked[0].form
    assert not sender(twilio).profile.media
    assert sender(twilio).send(text(pictures=1)) == Refused("not-published")


@pytest.mark.parametrize("lasting", [True, False])
def test_nothing_leaves_without_its_pictures(twilio: TwilioStandin, lasting: bool) -> None:
    def fail(picture: Picture) -> str:
        raise NotPublished(lasting=lasting)

    outcome = sender(twilio, publish=fail).send(text(pictures=1))
    assert outcome == Refused("not-published") if lasting else isinstance(outcome, Throttled)
    assert twilio.asked == []


def test_many_pictures_that_take_long_go_on_with_the_next_try(
    twilio: TwilioStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrier, "_PUBLISHING", 0.0)
    assert isinstance(sender(twilio, publish=lambda picture: "x").send(text(pictures=2)), Throttled)
    assert twilio.asked == []


# Looking for a text


@pytest.mark.parametrize("ahead", [-9, -4, 0, 4, 9])
def test_a_text_that_left_is_found_whatever_time_it_is_there(twilio: TwilioStandin, ahead: int) -> None:
    """ahead: minutes by which Twilio's clock is ahead of ours."""
    twilio.now = NOW + timedelta(minutes=ahead)
    twilio.fault = LOST
    provider = sender(twilio)
    assert provider.send(text()) == NoAnswer()
    assert provider.lookup(text(), NOW) == Had("SM" + "0" * 32, 1)


def test_what_looks_like_it_is_not_it(twilio: TwilioStandin) -> None:
    twilio.went_out("Open house on Saturday")
    twilio.went_out("Open house on Sunday", to="+14155550124")
    twilio.went_out("Open house on Sunday", ago=60)
    twilio.come_in("Open house on Sunday", to=THEIRS)  # another number of the same account
    assert sender(twilio).lookup(text(), NOW) == CantTell()


def test_of_several_with_the_same_words_the_nearest_in_time_is_it(twilio: TwilioStandin) -> None:
    early, late = twilio.went_out("On my way", ago=6), twilio.went_out("On my way", ago=1)
    provider = sender(twilio)
    assert provider.lookup(text("On my way"), NOW - timedelta(minutes=6)) == Had(early, 1)
    assert provider.lookup(text("On my way"), NOW - timedelta(minutes=1)) == Had(late, 1)


def test_it_is_found_behind_many_others_in_no_order(twilio: TwilioStandin) -> None:
    sid = twilio.went_out("Open house on Sunday ")
    for at in range(130):
        twilio.went_out(f"Text {at}")
    twilio.unruly = True
    assert sender(twilio).lookup(text(" Open house on Sunday"), NOW) == Had(sid, 1)


def test_years_of_texts_to_somebody_are_not_read_through(twilio: TwilioStandin) -> None:
    for at in range(500):
        twilio.went_out(f"Text {at}", ago=60 + at)
    assert sender(twilio).lookup(text(), NOW) == CantTell()
    assert len(twilio.asked) == 1


@pytest.mark.parametrize("fault", [DROPPED, Answer(500), Answer(429), Answer(404, b"{}"), Answer(200, b"x")])
def test_in_trouble_it_cannot_be_told(twilio: TwilioStandin, fault: str | Answer) -> None:
    twilio.went_out("Open house on Sunday")
    twilio.fault = fault
    assert sender(twilio).lookup(text(), NOW) == CantTell()


# What happens afterwards


def test_receipts_come_when_it_is_over(twilio: TwilioStandin) -> None:
    sids = [twilio.went_out(f"Text {at}", status="queued") for at in range(5)]
    asked = [sent(sid) for sid in sids]
    assert poll(twilio, *asked).events == []
    for sid, status in zip(sids, ("delivered", "undelivered", "failed", "sent", "canceled"), strict=True):
        twilio.becomes(sid, status, 30003 if status == "failed" else None)
    assert {
        (one.provider_id, one.status) for one in poll(twilio, *asked).events if isinstance(one, Receipt)
    } == {
        (sids[0], Status.DELIVERED),
        (sids[1], Status.UNDELIVERED),
        (sids[2], Status.FAILED),
        (sids[4], Status.FAILED),
    }


def test_of_a_message_that_was_deleted_there_nothing_is_told(twilio: TwilioStandin) -> None:
    gone, there = "SM" + "f" * 32, twilio.went_out("Hello", status="delivered")
    assert [one.event_id for one in poll(twilio, sent(gone), sent(there)).events] == [f"{there}:delivered:1"]


def test_many_receipts_are_found_by_few_questions(twilio: TwilioStandin) -> None:
    sids = [twilio.went_out(f"Text {at}", status="delivered") for at in range(120)]
    late = twilio.went_out("Late", ago=-300, status="delivered")  # it waited for hours there
    twilio.unruly = True
    events = poll(twilio, *(sent(sid) for sid in sids), sent(late)).events
    assert sorted(one.event_id for one in events) == sorted(f"{sid}:delivered:1" for sid in (*sids, late))
    assert len(twilio.asked) < 10


def test_trouble_with_receipts_keeps_no_reply_back(twilio: TwilioStandin) -> None:
    class Troubled(TwilioStandin):
        def answer(self, asked: loopback.Asked) -> Answer:
            return Answer(500) if "/Messages/" in asked.path else super().answer(asked)

    troubled = Troubled()
    with loopback.running(troubled):
        sid, reply = troubled.went_out("Hello", status="delivered"), troubled.come_in("STOP")
        assert [one.event_id for one in poll(troubled, sent(sid)).events] == [reply]


def test_replies_come_in_their_order(twilio: TwilioStandin) -> None:
    start, stop = twilio.come_in("START", ago=2), twilio.come_in("STOP", ago=4)
    twilio.went_out("Hello", ago=3)
    twilio.come_in("To somebody else", to="+14155550199")
    twilio.unruly = True
    events = poll(twilio).events
    assert events == [
        Reply(stop, THEIRS, "STOP", NOW - timedelta(minutes=4)),
        Reply(start, THEIRS, "START", NOW - timedelta(minutes=2)),
    ]


@pytest.mark.parametrize("ahead", [-9, 9])
def test_no_reply_is_missed_whatever_time_it_is_there(twilio: TwilioStandin, ahead: int) -> None:
    provider = sender(twilio)
    told: dict[str, Reply] = {}
    cursor, came = "", []
    for minute in range(0, 120, 7):
        now = NOW + timedelta(minutes=minute)
        twilio.now = now + timedelta(minutes=ahead)
        came.append(twilio.come_in(f"At {minute}"))
        polled = provider.poll([], cursor, now)
        cursor = polled.cursor
        told |= {one.event_id: one for one in polled.events if isinstance(one, Reply)}
    assert list(told) == came


def test_after_days_without_anybody_all_is_read_in_order(
    twilio: TwilioStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrier, "MOST_PAGES", 1)
    came = [twilio.come_in(f"Reply {at}", ago=3000 - at) for at in range(400)]
    provider = sender(twilio)
    cursor, more, told = (NOW - timedelta(days=3)).isoformat(), True, list[str]()
    while more:
        _, cursor, more = polled = provider.poll([], cursor, NOW)
        told += [one.event_id for one in polled.events if one.event_id not in told]
    assert told == came


def test_a_first_poll_brings_nothing_from_years_before(twilio: TwilioStandin) -> None:
    twilio.come_in("Years ago", ago=500_000)
    assert poll(twilio).events == []


def test_replies_to_any_number_of_a_service_are_ours(twilio: TwilioStandin) -> None:
    here, there = twilio.come_in("One", ago=2), twilio.come_in("Two", ago=1, to=ALSO_OURS)
    twilio.come_in("Another service's", to="+14155550199")
    mine = twilio.come_in("To one that was taken out", to="+14155550198")
    twilio.messages[mine]["messaging_service_sid"] = SERVICE
    events = sender(twilio, messaging_service=SERVICE).poll([], "", NOW).events
    assert [one.event_id for one in events] == [here, there, mine]


def test_pictures_that_came_in_are_told_of_and_not_fetched(twilio: TwilioStandin) -> None:
    sid = twilio.come_in("")
    twilio.messages[sid] |= {"num_media": "1", "num_segments": "3"}
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}/Media/ME1"
    twilio.media[sid] = [{"sid": "ME1", "content_type": "image/png", "uri": f"{path}.json"}]
    provider = sender(twilio)
    (reply,) = provider.poll([], "", NOW).events
    assert reply == Reply(sid, THEIRS, "", NOW, (MediaFact(f"{twilio.url}{path}", "image/png"),), 3)
    provider.poll([], "", NOW)
    assert twilio.count("GET", "Media") == 1


def test_a_poll_that_fails_says_so_and_changes_nothing(twilio: TwilioStandin) -> None:
    twilio.come_in("Hello")
    for fault, trouble in ((Answer(500), Lost), (Answer(401, b"{}"), Said), (Answer(200, b"{}"), Lost)):
        twilio.fault = fault
        with pytest.raises(trouble):
            poll(twilio)
    assert len(poll(twilio).events) == 1


def test_a_list_whose_pages_lead_back_ends(twilio: TwilioStandin) -> None:
    page = {"messages": [], "next_page_uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json?Page=0"}

    class Circular(TwilioStandin):
        def answer(self, asked: loopback.Asked) -> Answer:
            return loopback.said(page)

    circular = Circular()
    with loopback.running(circular):
        assert poll(circular).events == []
    assert len(circular.asked) == 2


# Setting it up


@pytest.mark.parametrize(
    ("number", "wrong", "says"),
    [
        (OURS, {"account_sid": "PN1"}, "Account SID"),
        (OURS, {"auth_token": " "}, "Auth Token"),
        (OURS, {"messaging_service": "AC1"}, "Messaging Service SID"),
        ("", {}, "a number to send from"),
        (OURS, {"callback_url": "http://agents.example"}, "https://"),
        (OURS, {"s3_bucket": "pictures"}, "access key"),
        (
            OURS,
            {"s3_bucket": "b", "s3_key_id": "k", "s3_secret": "s", "s3_endpoint": "http://s3.example"},
            "https",
        ),
    ],
)
def test_settings_that_cannot_be_right_are_told(number: str, wrong: dict[str, str], says: str) -> None:
    with pytest.raises(WrongUsage, match=says) as refused:
        load("twilio", Setup(number, {"account_sid": ACCOUNT, "auth_token": TOKEN, **wrong}))
    assert TOKEN not in str(refused.value)


def test_what_is_to_be_set_up_is_told_without_the_library() -> None:
    program = (
        "import sys; from store.messages.providers import options;"
        "assert options('twilio')['auth_token'].secret;"
        "assert not {'twilio', 'requests', 'obstore'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, check=True)


def test_the_token_hangs_on_nothing_that_may_be_shown(twilio: TwilioStandin) -> None:
    provider = sender(twilio)
    for fault in (Answer(500), Answer(401, b"{}"), Answer(200, b"x"), DROPPED):
        twilio.fault = fault
        with pytest.raises(asking.Trouble) as raised:
            provider.poll([], "", NOW)
        assert TOKEN not in "".join(traceback.format_exception(raised.value))
        assert raised.value.__context__ is None
    assert TOKEN not in repr(provider) + repr(vars(provider))


def test_no_call_may_take_half_of_a_lease() -> None:
    once = asking.CONNECT_SECONDS + 2 * asking.ANSWER_SECONDS
    assert asking.PATIENCE + once < 30
