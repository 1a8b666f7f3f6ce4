"""Kannel's sides of the conversation played by a listener: what it answers, and what it calls."""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import parse_qs, quote, quote_from_bytes, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import WrongUsage
from store.messages.model import Status
from store.messages.providers import (
    Accepted,
    CantTell,
    Forged,
    Garbled,
    NoAnswer,
    Outcome,
    Outgoing,
    Polled,
    Receipt,
    Refused,
    Reply,
    Setup,
    Severity,
    Throttled,
    load,
    options,
)
from store.messages.providers.kannel import Kannel
from store.messages.providers.plain import LONGEST
from store.texts.alphabet import BASIC, EXTENSION
from tests.store.messages.providers.listener import listening, request
from tests.store.messages.providers.programs import free_ports

NOON = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
SECRET = "pass %d & é"
HELLO = Outgoing(17, "+14155550123", "Hello")
ACCEPTED = (202, "0: Accepted for delivery")


def kannel(url: str = "http://127.0.0.1:9", **more: str) -> Kannel:
    return Kannel(settings(url, **more))


def settings(url: str, **more: str) -> Setup:
    values = {
        "url": f"{url}/cgi-bin/sendsms",
        "username": "textmeter",
        "password": "pa ss&1%d",
        "callback": "http://127.0.0.1:8070/kannel",
        "callback_secret": SECRET,
    }
    return Setup("+14155550100", values | more)


def called(**fields: str) -> str:
    return "http://127.0.0.1:8070/kannel?" + urlencode({"secret": SECRET} | fields)


def received(url: str) -> list[object]:
    return list(kannel().receive(request(url)).events)


def sent(text: str) -> dict[str, str]:
    """What Kannel is asked for a text."""
    with listening(lambda _: ACCEPTED) as listener:
        assert isinstance(kannel(listener.url).send(Outgoing(17, "+14155550123", text)), Accepted)
        assert len(listener.calls) == 1
        return listener.asked


def test_it_is_asked_in_its_own_words() -> None:
    asked = sent("Día & ¿qué? 100 % +1\r\n€5")
    url = asked.pop("dlr-url")
    assert asked == {
        "username": "textmeter",
        "password": "pa ss&1%d",
        "from": "+14155550100",
        "to": "+14155550123",
        "text": "Día & ¿qué? 100 % +1\n€5",
        "charset": "UTF-8",
        "coding": "2",
        "dlr-mask": "31",
    }
    # As Kannel fills in a URL: %% is a %, and what it doesn't know it leaves.
    filled = {"%%": "%", "%d": "1", "%F": "k-1", "%A": ""}
    fields = parse_qs(urlsplit(re.sub("%.", lambda found: filled[found[0]], url)).query, strict_parsing=False)
    assert fields["secret"] == [SECRET]
    assert re.fullmatch("17-[0-9a-f]{8}", fields["id"][0])
    assert (fields["type"], fields["theirs"]) == (["1"], ["k-1"])


def test_what_fits_into_gsm_is_sent_as_it_and_all_else_as_ucs_2() -> None:
    coded = dict.fromkeys((set(BASIC) | set(EXTENSION)) - {"\x1b", "\r"}, "0")
    coded |= dict.fromkeys("ç’👍`\tЖ", "2")
    with listening(lambda _: ACCEPTED) as listener:
        for character, coding in coded.items():
            kannel(listener.url).send(Outgoing(17, "+14155550123", f"a{character}b"))
            assert (listener.asked["text"], listener.asked["coding"]) == (f"a{character}b", coding)


def test_a_callback_may_have_a_query_of_its_own() -> None:
    with listening(lambda _: ACCEPTED) as listener:
        kannel(listener.url, callback="http://127.0.0.1:8070/in?sender=1").send(HELLO)
        assert listener.asked["dlr-url"].startswith("http://127.0.0.1:8070/in?sender=1&secret=")


@pytest.mark.parametrize(
    ("status", "says", "outcome"),
    [
        (202, "3: Queued for later delivery", Accepted),
        (200, "Sent.", Accepted),
        (200, "0: Accepted for delivery", Accepted),
        (200, "<html>It works!</html>", NoAnswer("HTTP 200")),
        (302, "", NoAnswer("HTTP 302")),
        (400, "Number(s) has/have been denied by white- and/or black-lists.", Refused("blocked")),
        (400, "Sender missing and no global set, rejected", Refused("sender-unusable")),
        (400, "Coding field misformed, rejected", Refused("other")),
        (403, "Authorization failed for sendsms", Refused("sender-unusable")),
        (403, "Not routable. Do not try again.", Refused("not-allowed-there")),
        (404, "Unknown request.", Refused("sender-unusable")),
        (500, "Sending failed.", NoAnswer("HTTP 500")),
        (503, "Temporal failure, try again later.", Throttled(10.0)),
    ],
)
def test_what_it_answers_is_an_outcome(status: int, says: str, outcome: Outcome | type[Accepted]) -> None:
    with listening(lambda _: (status, says)) as listener:
        came = kannel(listener.url).send(HELLO)
        assert len(listener.calls) == 1
    assert came == outcome or (outcome is Accepted and isinstance(came, Accepted))


def test_an_answer_that_is_lost_leaves_it_open_and_nothing_is_asked_twice() -> None:
    with listening(lambda _: None) as listener:
        assert kannel(listener.url).send(HELLO) == NoAnswer("RemoteDisconnected")
        assert len(listener.calls) == 1
    assert kannel().lookup(HELLO, NOON) == CantTell()


def test_silence_leaves_it_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert Kannel(settings(url), seconds=0.05).send(HELLO) == NoAnswer("TimeoutError")


def test_where_nobody_is_nothing_was_sent() -> None:
    assert kannel(f"http://127.0.0.1:{free_ports(1)[0]}").send(HELLO) == Throttled(10.0)
    assert kannel(f"http://{'a' * 70}.example").send(HELLO) == Throttled(10.0)


def test_a_text_has_another_name_than_one_that_had_its_id_before() -> None:
    with listening(lambda _: ACCEPTED) as listener:
        provider = kannel(listener.url)
        assert provider.send(HELLO) == provider.send(HELLO)
        assert provider.send(HELLO) != provider.send(Outgoing(17, "+14155550123", "Hello again"))


@pytest.mark.parametrize(
    ("kind", "answer", "status", "reason"),
    [
        ("1", "", Status.DELIVERED, ""),
        ("1", "id:1 sub:001 dlvrd:001 stat:DELIVRD err:000", Status.DELIVERED, ""),
        ("2", "id:1 sub:001 dlvrd:000 stat:EXPIRED err:001", Status.UNDELIVERED, "unreachable"),
        ("2", "id:1 sub:001 dlvrd:000 stat:REJECTD err:001", Status.UNDELIVERED, "blocked"),
        ("2", "", Status.UNDELIVERED, "other"),
        ("16", "NACK/0x0000000b/Invalid Destination Address", Status.FAILED, "no-such-number"),
        ("16", "NACK/0x00000008/System Error", Status.FAILED, "provider-error"),
    ],
)
def test_a_receipt_is_an_event(kind: str, answer: str, status: Status, reason: str) -> None:
    receipt = Receipt(f"17-0123abcd:{kind}", status, 17, "17-0123abcd", reason)
    assert received(called(id="17-0123abcd", type=kind, theirs="k-1", answer=answer)) == [receipt]


@pytest.mark.parametrize("kind", ["4", "8", "32"])
def test_what_is_on_its_way_is_none(kind: str) -> None:
    assert received(called(id="17-0123abcd", type=kind, theirs="", answer="ACK/")) == []


@pytest.mark.parametrize("charset", ["UTF-8", "UTF-16BE", ""])
def test_a_reply_is_an_event_whatever_its_charset(charset: str) -> None:
    text = quote_from_bytes("STOP día 👍".encode(charset or "utf-8"))
    url = called(id="c35b7310", charset=charset, at="1796066478", **{"from": "14155550111"})
    at = datetime(2026, 11, 30, 19, 21, 18, tzinfo=UTC)
    assert received(f"{url}&text={text}") == [Reply("in:c35b7310", "+14155550111", "STOP día 👍", at, (), 1)]


def test_a_reply_without_a_name_is_told_by_what_it_is() -> None:
    def name(**fields: str) -> str:
        (reply,) = received(called(**{"from": "22395", "at": "1796066478", "text": "Yes"} | fields))
        assert isinstance(reply, Reply)
        return reply.event_id

    assert name() == name()
    others = [name(text="No"), name(at="1796066479"), name(**{"from": "22396"})]
    assert len({name(), *others}) == 4


def test_a_long_reply_costs_what_it_is() -> None:
    (reply,) = received(called(id="1", text="a" * 400, **{"from": "+14155550111"}))
    assert isinstance(reply, Reply)
    assert (reply.segments, reply.at) == (3, None)


@pytest.mark.parametrize("secret", ["", "pass", f"{SECRET}x", SECRET.upper(), "\0", "\udcff"])
def test_who_does_not_know_the_secret_is_not_heard(secret: str) -> None:
    for fields in ({"id": "17-0123abcd", "type": "1"}, {"from": "+14155550111", "text": "STOP"}):
        with pytest.raises(Forged):
            received(
                "http://127.0.0.1:8070/kannel?" + urlencode(fields | {"secret": secret}, errors="replace")
            )
        with pytest.raises(Forged):
            received("http://127.0.0.1:8070/kannel?" + urlencode(fields))


@pytest.mark.parametrize(
    "url",
    [
        called(),
        called(text="Hello"),
        called(id="17", type="1"),
        called(id="17-0123abcd", type="3"),
        called(id="17-0123abcd", type=""),
        called(id=f"{'9' * 30}-0123abcd", type="1"),
        called(id="1", text="a" * (LONGEST + 1), **{"from": "+14155550111"}),
        called(**{f"field{number}": "" for number in range(40)}),
        "http://[",
        "http://127.0.0.1/?text=\u20ac",
    ],
    ids=lambda url: url[:60],
)
def test_what_cannot_be_read_is_said_to_be_so(url: str) -> None:
    with pytest.raises(Garbled):
        received(url)


anything = st.text() | st.binary().map(lambda some: some.decode("latin-1"))


@given(
    st.dictionaries(st.sampled_from(["from", "text", "id", "charset", "at", "type", "answer"]), st.binary()),
    st.booleans(),
    anything,
)
def test_whatever_calls_it_is_read_or_refused(fields: dict[str, bytes], known: bool, rest: str) -> None:
    query = "&".join(f"{name}={quote_from_bytes(value)}" for name, value in fields.items())
    secret = f"&secret={quote(SECRET)}" if known else ""
    for url in (f"http://127.0.0.1/?{query}{secret}", f"http://127.0.0.1/?{query}{secret}&{rest}", rest):
        with suppress(Forged, Garbled):
            for event in received(url):
                assert isinstance(event, Reply | Receipt)
                for text in event:
                    if isinstance(text, str):
                        text.encode()
                        assert "\0" not in text


def test_nothing_is_to_be_polled() -> None:
    assert kannel().poll((), "", NOON) == Polled(())


def test_its_settings() -> None:
    needed = [name for name, option in options("kannel").items() if option.required and not option.default]
    assert needed == ["username", "password", "callback", "callback_secret"]
    assert isinstance(load("kannel", Setup("", dict.fromkeys(needed, "http://localhost"))), Kannel)
    for wrong in (
        {"callback_secret": ""},
        {"callback": ""},
        {"callback": "127.0.0.1:8070"},
        {"url": "ftp://127.0.0.1"},
        {"url": "http://127.0.0.1:99999/"},
        {"status": "http://127.0.0.1:13000/\n?password=very secret"},
    ):
        with pytest.raises(WrongUsage) as error:
            kannel(**wrong)
        assert "very secret" not in str(error.value)


STATUS = """<?xml version="1.0"?><gateway><dlr><storage>{storage}</storage></dlr><smscs><count>2</count>
<smsc><name>SMPP:a</name><id>a</id><status>online 5s</status></smsc>
<smsc><name>SMPP:b</name><id></id><status>{status}</status></smsc></smscs></gateway>"""
RIGHT = (400, "Missing receiver number, rejected")


def told(login: tuple[int, str], page: tuple[int, str], **more: str) -> list[tuple[Severity, str]]:
    """What there is to say of a Kannel, but for what it says always."""
    with listening(lambda listener: page if "status" in listener.calls[-1] else login) as listener:
        found = [*kannel(listener.url, status=f"{listener.url}/status.xml?password=secret", **more).check()]
        assert "to=" not in "".join(listener.calls)
    assert "concatenation = true" in str(found[-1].says)
    assert "secret" not in str(found)
    return [(finding.severity, str(finding.says)) for finding in found[1:-1]]


def test_a_kannel_that_is_right_has_nothing_to_be_told() -> None:
    assert told(RIGHT, (200, STATUS.format(storage="mysql", status="online 3d"))) == [
        (Severity.OK, "Kannel is connected to a."),
        (Severity.OK, "Kannel is connected to SMPP:b."),
    ]


def test_what_is_wrong_with_its_carriers_is_told() -> None:
    assert told(RIGHT, (200, STATUS.format(storage="internal", status="re-connecting"))) == [
        (Severity.OK, "Kannel is connected to a."),
        (Severity.ERROR, "Kannel isn't connected to SMPP:b."),
        (Severity.WARNING, "Kannel keeps receipts in memory, so pending ones are lost when it restarts."),
    ]
    assert told(RIGHT, (200, "<gateway/>")) == [(Severity.ERROR, "Kannel has no connection to any carrier.")]
    assert told(RIGHT, (200, "Denied")) == [(Severity.WARNING, "Can't read Kannel's status page.")]


@pytest.mark.parametrize(
    ("login", "severity", "says"),
    [
        (RIGHT, Severity.OK, "accepts texts"),
        ((403, "Authorization failed for sendsms"), Severity.ERROR, "refuses the user name or password"),
        ((200, "It works!"), Severity.ERROR, "other than Kannel's sendsms"),
        ((404, "Unknown request."), Severity.ERROR, "other than Kannel's sendsms"),
    ],
)
def test_whether_it_lets_us_in_is_told(login: tuple[int, str], severity: Severity, says: str) -> None:
    with listening(lambda _: login) as listener:
        first = next(kannel(listener.url).check())
    assert first.severity is severity
    assert says in str(first.says)


def test_a_kannel_that_is_away_is_told() -> None:
    found = [*kannel(f"http://user:hidden@127.0.0.1:{free_ports(1)[0]}").check()]
    assert "isn't answering at http://127.0.0.1:" in str(found[0].says)


@pytest.mark.parametrize(
    ("url", "is_told"),
    [
        ("http://sms.example.com.invalid", True),
        ("http://192.0.43.8:9", True),
        ("https://sms.example.com.invalid", False),
        ("http://127.0.0.1:9", False),
        ("http://localhost:9", False),
        ("http://[::1]:9", False),
    ],
)
def test_a_password_that_others_can_read_on_its_way_is_told(
    url: str, is_told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(socket, "create_connection", away)
    assert any("unencrypted" in str(finding.says) for finding in kannel(url).check()) is is_told
