"""What Twilio calls us with: only what it signed counts."""

from __future__ import annotations

import hmac
from base64 import b64encode
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from threading import Event
from urllib.parse import urlencode

import pytest

from store import Store
from store.clock import FixedClock
from store.messages.messenger import Messenger
from store.messages.model import Draft, Status
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
from store.messages.senders import only
from tests.store.messages.providers import loopback
from tests.store.messages.providers.twilio_standin import ACCOUNT, NOW, OURS, SERVICE, TOKEN, TwilioStandin
from tests.store.messages.working import numbers

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


@pytest.mark.parametrize(("product", "plan"), [("agent-texts", "300"), ("community-texts", "200")])
def test_a_service_that_calls_settles_what_it_counted_and_took(
    tmp_path: Path, product: str, plan: str
) -> None:
    """From the hand-over, which says neither, by a call, which doesn't either, to the question after it."""
    twilio, real = TwilioStandin(), FixedClock(NOW)
    given = {"account_sid": ACCOUNT, "auth_token": TOKEN, "messaging_service": SERVICE, "callback_url": URL}
    store = Store(str(tmp_path / "one.sqlite3"), clock=FixedClock(NOW))
    with loopback.running(twilio), store.connection():
        account = store.credits.open_account(product, plan, "UTC")
        before = store.credits.balance(account.id).available
        provider = load("twilio", Setup("", {**given, "base_url": twilio.url}))
        carries = only(store.database, provider, real)
        messenger = Messenger(
            store.database, store.clock, store.credits, store.people, store.consent, carries, real=real
        )
        blast = messenger.send(account.id, Draft(body="a" * 400, to=("+14155550123",)))
        messenger.deliver(stop=Event())
        (sid,) = twilio.messages
        twilio.messages[sid] |= {"status": "delivered", "num_segments": "2"}
        messenger.called("", call({**status("delivered"), "MessageSid": sid}))
        messenger.poll_receipts()
        told = numbers(store, account)
        real.instant += timedelta(minutes=2)
        messenger.poll_receipts()
        twilio.messages[sid] |= {"price": "-0.01580", "price_unit": "USD"}
        counted = numbers(store, account)
        real.instant += timedelta(minutes=2)
        messenger.poll_receipts()
        (message,) = messenger.messages(blast.id)
        asked = len(twilio.asked)
        real.instant += timedelta(hours=1)
        messenger.poll_receipts()
        assert (told, counted) == ((before - 3, 0, 3), (before - 2, 0, 2))
        assert (message.segments, message.price, message.currency) == (2, Decimal("0.0158"), "USD")
        assert not any(sid in one.path for one in twilio.asked[asked:])
        assert numbers(store, account) == (before - 2, 0, 2)
    store.close()


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
