"""Texts by Twilio, which takes no name of ours for them: a text whose answer is lost is looked for by its
number, words and time, and never handed over again by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from twilio.base import values

from store.messages.model import Status
from store.messages.providers import (
    Accepted,
    Called,
    CantTell,
    Event,
    Finding,
    Forged,
    Garbled,
    Had,
    LookedUp,
    MediaFact,
    NoAnswer,
    NotPublished,
    Outcome,
    Outgoing,
    Polled,
    Price,
    PriceList,
    Profile,
    Publish,
    Receipt,
    Refused,
    Reply,
    Request,
    Sent,
    Throttled,
    windows,
)
from store.messages.providers.asking import Busy, Lost, Patience, Said, Trouble, Unsent
from store.messages.providers.twilio import checking, errors, prices
from store.messages.providers.twilio.api import Api

MOST_PAGES = 20
MOST_MEDIA = 10
MOST_PRICE = 1_000
"""Main units; what is dearer is a mistake."""
FEW = 5
"""So many receipts are asked for one by one; more are looked for in the list first."""

_PUBLISHING = 4.0
"""Seconds after which no further picture is put anywhere for one try of a text."""

_WAIT = 30.0
"""Seconds, where nobody can be reached or a queue is full."""

_ENDS = {
    "delivered": Status.DELIVERED,
    "read": Status.DELIVERED,
    "undelivered": Status.UNDELIVERED,
    "failed": Status.FAILED,
    "canceled": Status.FAILED,
}
"""What a message doesn't leave any more. "sent" may stay the last that is heard."""

_NOTHING = "<Response/>"
"""As an answer to a call: do nothing. Any text would be sent to whoever wrote."""


class Twilio:
    """number: E.164, a short code or a name; service: a Messaging Service's SID; callback: our public URL.
    Empty where there is none."""

    def __init__(
        self,
        api: Api,
        profile: Profile,
        number: str,
        service: str,
        callback: str,
        publish: Publish | None,
    ) -> None:
        self.profile = profile
        self._api = api
        self._number = number
        self._service = service
        self._callback = callback
        self._publish = publish
        self._media: dict[str, tuple[MediaFact, ...]] = {}

    def send(self, outgoing: Outgoing) -> Outcome:
        try:
            links = self._links(outgoing)
            message = self._api.ask(lambda: self._create(outgoing, links))
        except NotPublished as error:
            return Refused("not-published") if error.lasting else Throttled(_WAIT)
        except Unsent:
            return Throttled(_WAIT)
        except Busy as error:
            if error.code == errors.OVER_LIMIT:
                return Refused(errors.reason(error.code))
            return Throttled(error.seconds)
        except Said as error:
            if error.code == errors.QUEUE_FULL:
                return Throttled(_WAIT)
            return Refused(errors.reason(error.code, error.status))
        except Lost as error:
            return NoAnswer(error.kind)
        if not message.sid:
            return NoAnswer("unreadable answer")
        # A service chooses a number later, and counts then.
        return Accepted(str(message.sid), _number(message.num_segments) or None)

    def _links(self, outgoing: Outgoing) -> list[str]:
        """The addresses of a text's pictures. Where putting them there takes long, the rest waits for the
        next try, which finds the first ones there."""
        if outgoing.pictures and self._publish is None:
            raise NotPublished(lasting=True)
        patience = Patience(_PUBLISHING)
        links = []
        for picture in outgoing.pictures:
            if patience.is_over:
                raise NotPublished(lasting=False)
            assert self._publish
            links.append(self._publish(picture))
        return links

    def _create(self, outgoing: Outgoing, links: list[str]) -> Any:
        return self._api.client.messages.create(
            to=outgoing.to,
            body=outgoing.body or values.unset,
            from_=self._number or values.unset,
            messaging_service_sid=self._service or values.unset,
            media_url=links or values.unset,
            status_callback=self._callback or values.unset,
            smart_encoded=False,  # it leaves as it was priced
        )

    def lookup(self, outgoing: Outgoing, since: datetime) -> LookedUp:
        """The one nearest to `since` of those with the same words. Nobody can tell by Twilio's list that a
        text was never had: it may appear there later."""
        earliest = since - windows.OVERLAP
        try:
            # Without a time: what still waits to be sent has none.
            listed, _ = self._list(Patience(), earliest=earliest, to=outgoing.to)
        except Trouble:
            return CantTell()
        found = [
            (abs(message.date_created - since), str(message.sid), _number(message.num_segments))
            for message in listed
            if message.direction != "inbound"
            and message.sid
            and _words(message.body) == _words(outgoing.body)
            and isinstance(message.date_created, datetime)
            and message.date_created >= earliest
        ]
        if not found:
            return CantTell()
        _, sid, segments = min(found)
        return Had(sid, segments or None)

    def poll(self, asked: Sequence[Sent], cursor: str, now: datetime) -> Polled:
        """Raises a Trouble where Twilio doesn't tell what came in."""
        patience = Patience()
        replies, behind, more = windows.read(partial(self._replies, patience), cursor, now)
        return Polled([*self._receipts(asked, patience), *replies], behind, more)

    def _receipts(self, asked: Sequence[Sent], patience: Patience) -> Iterator[Receipt]:
        """What ends are known of the messages asked about."""
        open_ = {sent.provider_id: sent for sent in asked if sent.provider_id}
        # They are asked for again; lasting trouble is told where replies are read.
        with suppress(Trouble):
            if len(open_) > FEW:
                times = [sent.sent_at for sent in open_.values()]
                listed, _ = self._list(
                    patience,
                    len(open_) // FEW,
                    from_=values.unset if self._service else self._number,
                    date_sent_after=min(times) - windows.OVERLAP,
                    date_sent_before=max(times) + windows.OVERLAP,
                )
                for message in listed:
                    if str(message.sid) in open_ and (receipt := _receipt_of(message)):
                        del open_[receipt.provider_id]
                        yield receipt
            for sid in open_:
                if patience.is_over:
                    return
                with suppress(Said):  # it was deleted there
                    if receipt := _receipt_of(self._api.message(sid)):
                        yield receipt

    def _replies(self, patience: Patience, since: datetime, until: datetime) -> tuple[list[Reply], bool]:
        """What came in to our numbers between two instants, oldest first, and whether that is all."""
        listed, is_all = self._list(
            patience,
            to=values.unset if self._service else self._number,
            date_sent_after=since,
            date_sent_before=until,
        )
        incoming = [message for message in listed if message.direction == "inbound" and message.sid]
        ours = self._numbers() if self._service and incoming else {self._number}
        came = [
            self._reply(message, patience)
            for message in incoming
            if message.to in ours or (self._service and message.messaging_service_sid == self._service)
        ]
        return sorted(came, key=lambda reply: (reply.at or since, reply.event_id)), is_all

    def _numbers(self) -> set[str]:
        """Those of the service."""
        listed = self._api.ask(
            lambda: self._api.client.messaging.v1.services(self._service).phone_numbers.list(limit=1_000)
        )
        return {str(one.phone_number) for one in listed}

    def _list(
        self,
        patience: Patience,
        pages: int = MOST_PAGES,
        earliest: datetime | None = None,
        **filters: object,
    ) -> tuple[list[Any], bool]:
        """Messages by Twilio's filters, each once, and whether they are all. earliest: behind a page on which
        all are older nothing is looked for."""
        found: dict[str, Any] = {}
        places = {""}
        place = ""
        for _ in range(min(pages, MOST_PAGES)):
            messages, place = self._api.messages(place, **filters)
            found |= {str(message.sid): message for message in messages}
            if place in places or (earliest and _are_older(messages, earliest)):
                return list(found.values()), True
            if patience.is_over:
                break
            places.add(place)
        return list(found.values()), False

    def _reply(self, message: Any, patience: Patience) -> Reply:
        at = message.date_sent or message.date_created
        return Reply(
            str(message.sid),
            str(message.from_ or ""),
            str(message.body or ""),
            at if isinstance(at, datetime) else None,
            self._media_of(str(message.sid), patience) if _number(message.num_media) else (),
            _number(message.num_segments) or 1,
        )

    def _media_of(self, sid: str, patience: Patience) -> tuple[MediaFact, ...]:
        """Of a message that came in; kept, since a message is read several times, and where there are many,
        the next poll goes on from there."""
        if sid not in self._media:
            if patience.is_over:
                raise Lost
            try:
                listed = self._api.ask(
                    lambda: self._api.client.messages(sid).media.list(limit=MOST_MEDIA, page_size=MOST_MEDIA)
                )
            except Said:  # it was deleted there
                listed = []
            if len(self._media) > 1_000:
                self._media.clear()
            self._media[sid] = tuple(
                MediaFact(
                    self._api.client.api.absolute_url(str(one.uri).removesuffix(".json")),
                    str(one.content_type or ""),
                )
                for one in listed
            )
        return self._media[sid]

    def receive(self, request: Request) -> Called:
        fields = request.form if request.method == "POST" else request.query
        form = dict(request.form) if request.method == "POST" else {}
        if not self._api.signed(request.url, form, request.headers.get("x-twilio-signature", "")):
            raise Forged
        if fields.get("AccountSid") != self._api.account_sid:
            raise Forged
        sid, status = fields.get("MessageSid", ""), fields.get("MessageStatus", "")
        if not sid:
            raise Garbled
        events: list[Event] = []
        if status:
            if receipt := _receipt(sid, status, fields.get("ErrorCode", ""), fields.get("NumSegments")):
                events = [receipt]
        elif fields.get("From"):
            events = [_called_reply(sid, fields)]
        else:
            raise Garbled
        return Called(events, _NOTHING, "text/xml")

    def prices(self) -> PriceList:
        return prices.price_list(self._api)

    def check(self) -> Iterator[Finding]:
        return checking.check(
            self._api, self._number, self._service, self._callback, media=self._publish is not None
        )


def _receipt_of(message: Any) -> Receipt | None:
    sid, status, price = str(message.sid), str(message.status), _price(message)
    return _receipt(sid, status, message.error_code, message.num_segments, price)


def _receipt(
    sid: str, status: str, error: object, counted: object, price: Price | None = None
) -> Receipt | None:
    """None while it isn't at its end. Twilio may count, and takes its price, later than that; one that tells
    more is another event, and all may come."""
    end = _ENDS.get(status)
    if end is None:
        return None
    reason = "" if end is Status.DELIVERED else errors.reason(_number(error))
    segments = _number(counted)
    name = ":".join((sid, status, *([str(segments)] if segments else []), *(["priced"] if price else [])))
    unsettled = not segments or (end is Status.DELIVERED and price is None)
    return Receipt(name, end, 0, sid, reason, segments, price, unsettled)


def _price(message: Any) -> Price | None:
    """What a message costs, which Twilio tells as what that does to the balance; None before it is taken."""
    try:
        amount = abs(Decimal(str(message.price)))
        return Price(amount, str(message.price_unit).upper()) if amount < MOST_PRICE else None
    except InvalidOperation:  # no number, or none that can be compared
        return None


def _called_reply(sid: str, fields: Any) -> Reply:
    media = tuple(
        MediaFact(fields[f"MediaUrl{at}"], fields.get(f"MediaContentType{at}", ""))
        for at in range(min(_number(fields.get("NumMedia")), MOST_MEDIA))
        if fields.get(f"MediaUrl{at}")
    )
    segments = _number(fields.get("NumSegments")) or 1
    return Reply(sid, fields["From"], fields.get("Body", ""), None, media, segments)


def _number(value: object) -> int:
    """A small count or code, which Twilio gives as a string; 0 where it is none."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _words(body: object) -> str:
    """A text as it is compared: Twilio may take off what is blank at its ends."""
    return str(body or "").replace("\r\n", "\n").strip()


def _are_older(messages: Iterable[Any], earliest: datetime) -> bool:
    times = [message.date_created for message in messages]
    return all(isinstance(time, datetime) and time < earliest for time in times)
