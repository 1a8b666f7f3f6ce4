"""SMSGate (capcom6/android-sms-gateway): an Android phone that sends texts and keeps those that come in,
asked over its local server. Right for conversations: a phone may send some 30 texts in 30 minutes, and
carriers allow a person's SIM card some 500 texts a day and 250 people a month.

It keeps our name for a text, so that handing one over again does nothing, and asking for one is an answer.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID, uuid5

from store.errors import WrongUsage
from store.messages.model import Status
from store.messages.providers import (
    Accepted,
    Called,
    CantTell,
    Finding,
    Garbled,
    Had,
    LookedUp,
    MediaFact,
    NeverHad,
    NoAnswer,
    Option,
    Outcome,
    Outgoing,
    Polled,
    Profile,
    Receipt,
    Refused,
    Reply,
    Request,
    Sent,
    Setup,
    Severity,
    Throttled,
    asking,
    windows,
)
from store.messages.providers.asking import Busy, Lost, Patience, Said, Trouble, Unsent
from store.sentences import N_, Sentence, sentence

OPTIONS: Mapping[str, Option] = {
    "url": Option(
        N_("Address"),
        N_("The address the SMSGate app shows under Local Server, such as http://192.168.1.20:8080."),
    ),
    "username": Option(N_("User name"), N_("The username the SMSGate app shows under Local Server.")),
    "password": Option(
        N_("Password"), N_("The password the SMSGate app shows under Local Server."), secret=True
    ),
}

PROFILE = Profile(per_second=1 / 60, per_day=500, people_a_month=250, repeatable=True, poll_every=10.0)

PAGE = 100
MOST_PAGES = 10

_WAIT = 30.0
"""Seconds, where the phone can't be reached: it may be out of the house."""

_ENDS = {"Delivered": Status.DELIVERED, "Failed": Status.FAILED}


def connect(setup: Setup) -> SmsGate:
    """A phone. Raises WrongUsage."""
    options = {name: value.strip() for name, value in setup.options.items()}
    parts = urlsplit(options.get("url", ""))
    try:
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise _wrong("url", sentence("SMSGate needs the phone's address, such as http://192.168.1.20:8080."))
    if not (options.get("username") and options.get("password")):
        raise _wrong("username", sentence("SMSGate needs the username and password that the app shows."))
    # Another database's text under the same id would be taken for ours, which then never left.
    if not options.get("namespace"):
        raise _wrong("", sentence("The setup of this sender is incomplete. Set it up again."))
    phone = _Phone(options["url"].rstrip("/"), options["username"], options["password"])
    return SmsGate(phone, options["namespace"])


def _wrong(key: str, says: Sentence) -> WrongUsage:
    return WrongUsage(says, code="sender-setup", key=key)


class _Phone:
    """The phone's server, asked with bounded patience. url: without a slash at its end."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self.url = url
        self._parts = urlsplit(url)
        self._authorization = "Basic " + b64encode(f"{username}:{password}".encode()).decode()

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The JSON of its answer. Raises Unsent, Busy, Said or Lost."""
        status, headers, content = asking.exchange(
            self._parts,
            method,
            self._parts.path + path,
            None if body is None else json.dumps(body),
            {"Authorization": self._authorization, "Content-Type": "application/json"},
        )
        # It says 503 where its queue is full.
        if status in (429, 503):
            raise Busy(asking.retry_after(headers["Retry-After"]))
        if 400 <= status < 500 and status != 408:
            raise Said(status, text=content[:1_000].decode(errors="replace"))
        if not 200 <= status < 300:
            raise Lost(f"HTTP {status}")
        try:
            return json.loads(content)
        except (ValueError, RecursionError):
            raise Lost("unreadable answer") from None


class SmsGate:
    """One phone."""

    profile = PROFILE

    def __init__(self, phone: _Phone, namespace: str) -> None:
        self._phone = phone
        self._namespace = uuid5(UUID(int=0), namespace)

    def _id(self, outgoing: Outgoing) -> str:
        """36 characters. Of what it says too: a backup that was put back gives old ids to new texts."""
        return str(uuid5(self._namespace, f"{outgoing.id}\n{outgoing.to}\n{outgoing.body}"))

    def send(self, outgoing: Outgoing) -> Outcome:
        own = self._id(outgoing)
        text = {
            "id": own,
            "textMessage": {"text": outgoing.body},
            "phoneNumbers": [outgoing.to],
            "withDeliveryReport": True,
        }
        try:
            self._phone.ask("POST", "/messages", text)
        except Unsent:
            return Throttled(_WAIT)
        except Busy as error:
            return Throttled(error.seconds)
        except Said as error:
            # 409: it has it already.
            return Accepted(own) if error.status == 409 else Refused(_refusal(error))
        except Lost as error:
            return NoAnswer(error.kind)
        return Accepted(own)

    def lookup(self, outgoing: Outgoing, since: datetime) -> LookedUp:
        own = self._id(outgoing)
        try:
            self._phone.ask("GET", f"/messages/{own}")
        except Said as error:
            return NeverHad() if error.status == 404 else CantTell()
        except Trouble:
            return CantTell()
        return Had(own)

    def poll(self, asked: Sequence[Sent], cursor: str, now: datetime) -> Polled:
        """Raises a Trouble where the phone doesn't tell what came in."""
        patience = Patience()
        replies, behind, more = windows.read(self._replies, cursor, now)
        return Polled([*self._receipts(asked, patience), *replies], behind, more)

    def _receipts(self, asked: Sequence[Sent], patience: Patience) -> Iterator[Receipt]:
        # They are asked for again; lasting trouble is told where replies are read.
        with suppress(Unsent, Busy, Lost):
            for sent in asked:
                if patience.is_over:
                    return
                with suppress(Said):  # the app was set up anew
                    told = self._phone.ask("GET", f"/messages/{quote(sent.provider_id, safe='')}")
                    if receipt := _receipt(sent, told):
                        yield receipt

    def _replies(self, since: datetime, until: datetime) -> tuple[list[Reply], bool]:
        """What came in between two instants, oldest first, and whether that is all."""
        patience = Patience()
        found: dict[str, Reply] = {}
        for page in range(MOST_PAGES):
            # Both ends: without the second it takes its own clock's time, and refuses where that is earlier.
            span = {"from": _iso(since), "to": _iso(until), "limit": PAGE, "offset": page * PAGE}
            listed = self._phone.ask("GET", f"/inbox?{urlencode(span | {'includeAttachments': 'true'})}")
            if not isinstance(listed, list):
                raise Lost("unreadable answer")
            replies = [reply for one in listed if (reply := self._reply(one))]
            found |= {reply.event_id: reply for reply in replies}
            if len(listed) < PAGE:
                return sorted(found.values(), key=lambda reply: (reply.at, reply.event_id)), True
            if patience.is_over:
                break
        return sorted(found.values(), key=lambda reply: (reply.at, reply.event_id)), False

    def _reply(self, told: Any) -> Reply | None:
        """None for what isn't a text: data, and the news of an MMS that comes later."""
        if not isinstance(told, dict) or told.get("type") not in ("SMS", "MMS_DOWNLOADED"):
            return None
        own, at = str(told.get("id", "")), _instant(told.get("createdAt"))
        if not own or at is None:
            return None
        attachments = told.get("attachments")
        return Reply(
            # Its id is a number of 32 bits made of the text, which two may share.
            f"{own}@{at.timestamp():.3f}",
            str(told.get("sender", "")),
            str(told.get("contentPreview", "")),  # the whole text, whatever it is called
            at,
            tuple(self._media(own, one) for one in attachments if isinstance(one, dict))
            if isinstance(attachments, list)
            else (),
        )

    def _media(self, own: str, told: Mapping[str, object]) -> MediaFact:
        size = told.get("size")
        return MediaFact(
            f"{self._phone.url}/inbox/{quote(own, safe='')}/attachments/{quote(str(told.get('partId')))}",
            str(told.get("contentType", "")),
            size if isinstance(size, int) else 0,
        )

    def receive(self, request: Request) -> Called:
        """It isn't asked to call."""
        raise Garbled

    def check(self) -> Iterator[Finding]:
        try:
            self._phone.ask("GET", "/inbox?limit=1")
        except Said as error:
            yield _said(error)
        except Unsent:
            yield Finding(
                Severity.ERROR,
                sentence("Can't reach the phone at {url}.", url=self._phone.url),
                sentence(
                    "Turn on Local Server in the SMSGate app, and connect the phone to the same network. "
                    "Its address may have changed."
                ),
            )
        except Trouble:
            yield Finding(
                Severity.ERROR,
                sentence("Something answers at {url}, but it isn't SMSGate.", url=self._phone.url),
                sentence("Check the address in the SMSGate app, and that the app is up to date."),
            )
        else:
            yield Finding(Severity.OK, sentence("The phone is connected, and Textmeter can read its inbox."))
            yield Finding(
                Severity.OK,
                sentence(
                    "It sends about one text a minute, to at most {people} people a month and {texts} "
                    "texts a day. Carriers block SIM cards that send more.",
                    texts=PROFILE.per_day,
                    people=PROFILE.people_a_month,
                ),
            )


def _said(error: Said) -> Finding:
    if error.status in (401, 403):
        return Finding(
            Severity.ERROR,
            sentence("The phone doesn't accept the username and password."),
            sentence("Copy both from Local Server in the SMSGate app."),
        )
    return Finding(
        Severity.ERROR,
        sentence("The SMSGate app doesn't give access to its inbox."),
        sentence("Update the SMSGate app. Check that the address is the one under Local Server."),
    )


def _refusal(error: Said) -> str:
    if error.status in (401, 403):
        return "account-unusable"
    if error.status == 400 and "phone" in error.text.lower():
        return "no-such-number"
    return "sender-unusable" if error.status == 404 else "other"


def _receipt(sent: Sent, told: Any) -> Receipt | None:
    """None while it isn't at its end, or where it isn't told."""
    state = told.get("state") if isinstance(told, dict) else None
    end = _ENDS.get(state) if isinstance(state, str) else None
    if end is None:
        return None
    reason = "" if end is Status.DELIVERED else _failure(told.get("recipients"))
    return Receipt(f"{sent.provider_id}:{state}", end, sent.id, sent.provider_id, reason)


def _failure(recipients: object) -> str:
    """By Android's own words for it (SmsManager.RESULT_...)."""
    text = str(recipients).upper()
    if "LIMIT_EXCEEDED" in text:
        return "over-limit"
    if "SHORT_CODE" in text or "FDN" in text:
        return "blocked"
    if "INVALID" in text and "NUMBER" in text:
        return "no-such-number"
    return "provider-error"


def _iso(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _instant(text: object) -> datetime | None:
    try:
        time = datetime.fromisoformat(str(text))
        return time.astimezone(UTC) if time.tzinfo else None
    except (ValueError, OverflowError):
        return None
