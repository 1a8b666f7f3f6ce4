"""What Twilio calls us with: only what it signed counts."""

from __future__ import annotations

import hmac
from base64 import b64encode
from urllib.parse import urlencode

import pytest

from store.messages.model import Status
from store.messages.providers import (
    Called,
    Forged,
    Garbled,
    MediaFact,
    Provider,
    Receipt,
    Reply,
    Request,
    Setup,
    load,
)
from tests.store.messages.providers.twilio_standin import ACCOUNT, OURS, TOKEN

URL = "https://agents.example/hooks/twilio?sender=1"
SID = "SM" + "1" * 32


@pytest.fixture
def provider() -> Provider:
    return load("twilio", Setup(OURS, {"account_sid": ACCOUNT, "auth_token": TOKEN}))


def signature(form: dict[str, str], url: str = URL, token: str = TOKEN) -> str:
    """As Twilio's documentation tells to make it."""
    signed = url + "".join(name + form[name] for name in sorted(form))
    return b64encode(hmac.digest(token.encode(), signed.encode(), "sha1")).decode()


def call(form: dict[str, str], *, signed: str | None = None, url: str = URL) -> Request:
    headers = {"x-twilio-signature": signature(form) if signed is None else signed}
    return Request("POST", url, {"sender": "1"}, headers, urlencode(form).encode(), form)


def status(status: str, **more: str) -> dict[str, str]:
    return {"AccountSid": ACCOUNT, "MessageSid": SID, "MessageStatus": status, "From": OURS, **more}


def incoming(**more: str) -> dict[str, str]:
    return {
        "AccountSid": ACCOUNT,
        "MessageSid": SID,
        "SmsStatus": "received",
        "From": "+14155550123",
        "To": OURS,
        "Body": "",
        "NumMedia": "0",
        "NumSegments": "1",
        **more,
    }


@pytest.mark.parametrize(
    ("form", "receipt"),
    [
        (status("delivered"), Receipt(f"{SID}:delivered", Status.DELIVERED, 0, SID, unsettled=True)),
        (
            status("delivered", NumSegments="2"),
            Receipt(f"{SID}:delivered:2", Status.DELIVERED, 0, SID, segments=2, unsettled=True),
        ),
        (
            status("undelivered", ErrorCode="30003"),
            Receipt(f"{SID}:undelivered", Status.UNDELIVERED, 0, SID, "unreachable", unsettled=True),
        ),
        (
            status("failed", ErrorCode="30034"),
            Receipt(f"{SID}:failed", Status.FAILED, 0, SID, "unregistered", unsettled=True),
        ),
    ],
)
def test_a_receipt_is_heard(provider: Provider, form: dict[str, str], receipt: Receipt) -> None:
    assert provider.receive(call(form)).events == [receipt]


@pytest.mark.parametrize("on_the_way", ["accepted", "queued", "sending", "sent", "whatever comes next year"])
def test_what_is_on_its_way_is_no_event(provider: Provider, on_the_way: str) -> None:
    assert provider.receive(call(status(on_the_way))).events == []


def test_a_reply_is_heard_and_answered_with_nothing(provider: Provider) -> None:
    form = incoming(
        Body="¿Sí? [/]",
        NumMedia="2",
        NumSegments="2",
        MediaUrl0="https://api.twilio.com/m0",
        MediaContentType0="image/jpeg",
        MediaUrl1="https://api.twilio.com/m1",
    )
    media = (
        MediaFact("https://api.twilio.com/m0", "image/jpeg"),
        MediaFact("https://api.twilio.com/m1"),
    )
    assert provider.receive(call(form)) == Called(
        [Reply(SID, "+14155550123", "¿Sí? [/]", None, media, 2)], "<Response/>", "text/xml"
    )


def test_counts_that_are_none_harm_nobody(provider: Provider) -> None:
    form = incoming(NumMedia="99999999999", NumSegments="¹", MediaUrl0="https://x.example")
    (event,) = provider.receive(call(form)).events
    assert isinstance(event, Reply)
    assert (event.media, event.segments) == ((), 1)


def test_a_call_by_get_is_signed_by_its_address(provider: Provider) -> None:
    form = status("delivered")
    url = f"https://agents.example/hooks/twilio?{urlencode(form)}"
    headers = {"x-twilio-signature": signature({}, url)}
    assert len(provider.receive(Request("GET", url, form, headers, b"", {})).events) == 1
    with pytest.raises(Forged):
        provider.receive(Request("GET", URL, form, headers, b"", {}))


@pytest.mark.parametrize(
    "forged",
    [
        call(status("delivered"), signed=""),
        call(status("delivered"), signed="ñ"),
        call(status("delivered"), signed=signature(status("delivered"), token="another")),
        call(status("delivered"), signed=signature(status("failed"))),
        call(status("delivered"), url="https://agents.example/elsewhere"),
        call(status("delivered") | {"AccountSid": "AC" + "0" * 32}),
        Request("POST", URL, {}, {}, b"", status("delivered")),
    ],
)
def test_what_twilio_did_not_sign_counts_for_nothing(provider: Provider, forged: Request) -> None:
    with pytest.raises(Forged):
        provider.receive(forged)


@pytest.mark.parametrize("form", [{"AccountSid": ACCOUNT}, {"AccountSid": ACCOUNT, "MessageSid": SID}])
def test_a_call_that_says_nothing_is_told(provider: Provider, form: dict[str, str]) -> None:
    with pytest.raises(Garbled):
        provider.receive(call(form))
