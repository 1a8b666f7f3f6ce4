"""A stand-in of Twilio's API, by its documentation: messages with statuses over time, lists newest first in
pages, numbers, a Messaging Service, a balance.

It may list what it has in any order, with some of it twice, and its clock may be another one.
"""

from __future__ import annotations

import random
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from tests.store.messages.providers.loopback import Answer, Asked, Loopback, said

ACCOUNT = "AC" + "a" * 32
TOKEN = "do0not1show2this3"
SERVICE = "MG" + "b" * 32
OURS = "+14155550100"
ALSO_OURS = "+14155550101"
NOW = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)

_API = f"/2010-04-01/Accounts/{ACCOUNT}"


class TwilioStandin(Loopback):
    """now: by its own clock. refusal: Twilio's error code and HTTP status for the next texts. segments: what
    it counts for them. unruly: whether its pages are in no order and have some messages twice. prices: by
    country, for each network and kind of number, as its Pricing API tells them."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.messages: dict[str, dict[str, Any]] = {}
        self.media: dict[str, list[dict[str, str]]] = {}
        self.refusal: tuple[int, int] | None = None
        self.segments = "1"
        self.unruly = False
        self.account = {"sid": ACCOUNT, "status": "active", "type": "Full", "friendly_name": "Agents"}
        self.balance = {"balance": "12.50", "currency": "USD", "account_sid": ACCOUNT}
        self.number: dict[str, Any] = {
            "sid": "PN" + "c" * 32,
            "phone_number": OURS,
            "capabilities": {"sms": True, "mms": True},
            "sms_url": "",
        }
        self.service: dict[str, Any] | None = {
            "sid": SERVICE,
            "us_app_to_person_registered": True,
            "smart_encoding": False,
            "use_inbound_webhook_on_number": False,
            "inbound_request_url": None,
        }
        self.pool = [OURS, ALSO_OURS]
        self.verifications: list[dict[str, str]] = []
        self.prices: dict[str, dict[str, Any]] = {}

    def sells(self, region: str, *prices: object, kind: str = "local", unit: str = "USD") -> None:
        """A country's prices, a network each."""
        networks = [
            {"carrier": f"Network {at}", "prices": [{"number_type": kind, "current_price": price}]}
            for at, price in enumerate(prices)
        ]
        country = {"country": region, "iso_country": region, "price_unit": unit}
        there = self.prices.get(region, {}).get("outbound_sms_prices", [])
        self.prices[region] = country | {"outbound_sms_prices": [*there, *networks]}

    def come_in(self, body: str, ago: float = 0, number: str = "+14155550123", to: str = OURS) -> str:
        """A text from somebody, so many minutes ago by Twilio's clock; its SID."""
        return self._keep("inbound", number, to, body, self.now - timedelta(minutes=ago), "received")

    def went_out(self, body: str, ago: float = 0, to: str = "+14155550123", status: str = "sent") -> str:
        """A text of ours; its SID."""
        return self._keep("outbound-api", OURS, to, body, self.now - timedelta(minutes=ago), status)

    def becomes(self, sid: str, status: str, error: int | None = None) -> None:
        self.messages[sid] |= {"status": status, "error_code": error}

    def _keep(self, direction: str, sender: str, to: str, body: str, at: datetime, status: str) -> str:
        sid = f"SM{len(self.messages):032x}"
        # A message that waits has no time of sending yet.
        sent = None if status in ("accepted", "queued") else format_datetime(at)
        self.messages[sid] = {
            "sid": sid,
            "account_sid": ACCOUNT,
            "direction": direction,
            "from": sender,
            "to": to,
            "body": body,
            "status": status,
            "date_created": format_datetime(at),
            "date_sent": sent,
            "date_updated": format_datetime(at),
            "num_segments": self.segments,
            "num_media": "0",
            "error_code": None,
            "price": None,
            "messaging_service_sid": None,
        }
        return sid

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("Authorization") != _basic():
            return said({"code": 20003, "message": "Authenticate", "status": 401}, 401)
        path = asked.path
        if path == f"{_API}/Messages.json":
            return self._create(asked) if asked.method == "POST" else self._list(asked)
        if path.startswith(f"{_API}/Messages/"):
            sid, _, rest = path.removeprefix(f"{_API}/Messages/").removesuffix(".json").partition("/")
            if sid not in self.messages:
                return _missing()
            return self._page("media_list", self.media.get(sid, [])) if rest else said(self.messages[sid])
        if path in (plain := {f"{_API}.json": self.account, f"{_API}/Balance.json": self.balance}):
            return said(plain[path])
        if path == f"{_API}/IncomingPhoneNumbers.json":
            same = self.number["phone_number"] == asked.query.get("PhoneNumber")
            return self._page("incoming_phone_numbers", [self.number] if same else [])
        return self._answer_v1(path)

    def _answer_v1(self, path: str) -> Answer:
        """What the Messaging and Pricing APIs are asked."""
        if path == f"/v1/Services/{SERVICE}":
            return said(self.service) if self.service else _missing()
        if path == f"/v1/Services/{SERVICE}/PhoneNumbers":
            return self._meta("phone_numbers", [{"phone_number": one} for one in self.pool])
        if path == "/v1/Tollfree/Verifications":
            return self._meta("verifications", self.verifications)
        if path.startswith("/v1/Messaging/Countries"):
            return self._pricing(path.removeprefix("/v1/Messaging/Countries").removeprefix("/"))
        return _missing()

    def _pricing(self, region: str) -> Answer:
        """The list, which has no prices, or a country."""
        if not region:
            told = ("country", "iso_country")
            return self._meta(
                "countries", [{name: one[name] for name in told} for one in self.prices.values()]
            )
        return said(self.prices[region]) if region in self.prices else _missing()

    def _create(self, asked: Asked) -> Answer:
        if self.refusal:
            code, status = self.refusal
            return said({"code": code, "message": "No.", "more_info": "", "status": status}, status)
        form = asked.form
        # A service chooses a number and counts later.
        waits = "MessagingServiceSid" in form
        sid = self._keep(
            "outbound-api",
            form.get("From", ""),
            form["To"],
            form.get("Body", ""),
            self.now,
            "accepted" if waits else "queued",
        )
        if waits:
            self.messages[sid] |= {"num_segments": "0", "messaging_service_sid": form["MessagingServiceSid"]}
        return said(self.messages[sid], 201)

    def _list(self, asked: Asked) -> Answer:
        query = asked.query
        found = [
            message
            for message in self.messages.values()
            if query.get("To", message["to"]) == message["to"]
            and query.get("From", message["from"]) == message["from"]
            and _lies(message["date_sent"], query.get("DateSent>"), query.get("DateSent<"))
        ]
        found.sort(key=lambda message: _time(message["date_created"]), reverse=True)
        if self.unruly:
            found += found[::3]
            random.Random(7).shuffle(found)
        size, page = int(query.get("PageSize", 50)), int(query.get("Page", 0))
        more = (page + 1) * size < len(found)
        behind = urlencode(query | {"PageSize": size, "Page": page + 1})
        return said(
            {
                "messages": found[page * size : (page + 1) * size],
                "next_page_uri": f"{_API}/Messages.json?{behind}" if more else None,
                "page": page,
                "page_size": size,
            }
        )

    def _page(self, name: str, rows: list[Any]) -> Answer:
        return said({name: rows, "next_page_uri": None, "page": 0, "page_size": 50})

    def _meta(self, name: str, rows: list[Any]) -> Answer:
        return said({name: rows, "meta": {"key": name, "next_page_url": None, "page": 0, "page_size": 50}})


def _basic() -> str:
    return "Basic " + b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()


def _missing() -> Answer:
    return said({"code": 20404, "message": "Not found.", "status": 404}, 404)


def _time(text: str) -> datetime:
    return datetime.strptime(text, "%a, %d %b %Y %H:%M:%S %z")


def _lies(sent: str | None, after: str | None, before: str | None) -> bool:
    """By Twilio's filters, which know no message without a time of sending."""
    if not (after or before):
        return True
    if sent is None:
        return False
    at = _time(sent)
    return (not after or datetime.fromisoformat(after) <= at) and (
        not before or at <= datetime.fromisoformat(before)
    )
