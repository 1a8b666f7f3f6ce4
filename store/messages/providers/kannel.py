"""Kannel, and any carrier or aggregator behind it. A text is handed to its `sendsms`; receipts and replies
come as calls of ours. What Kannel needs in its configuration:

    group = sendsms-user
    username = ...
    password = ...
    concatenation = true
    max-messages = 50

    group = sms-service
    keyword = default
    catch-all = true
    max-messages = 0
    get-url = "CALLBACK?secret=SECRET&from=%p&text=%b&id=%I&charset=%C&at=%T"

    group = smsbox
    http-request-retry = 100

CALLBACK and SECRET are the options of these names; a % in them is written %% there. Without the first two
words a long text is cut off; without `max-messages = 0` whoever writes gets "<Empty reply from service
provider>"; without the last a receipt that comes while nobody listens is lost. Kannel answers the same in all
these cases, and nobody can ask it which texts it was given.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from urllib.parse import parse_qsl, urlencode, urlsplit

from store.errors import WrongUsage
from store.messages.model import Status
from store.messages.providers import (
    Accepted,
    Called,
    CantTell,
    Finding,
    Forged,
    Garbled,
    LookedUp,
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
    Throttled,
)
from store.messages.providers.asking import Lost, Unsent
from store.messages.providers.kannel_check import findings
from store.messages.providers.kannel_http import ANSWER_SECONDS, Answer, Page
from store.messages.providers.plain import LONGEST, message, number, reference
from store.sentences import N_, sentence
from store.texts.alphabet import storable
from store.texts.segments import UCS_2, normalise, size

OPTIONS: Mapping[str, Option] = {
    "url": Option(
        N_("Address"), N_("URL of Kannel's sendsms."), default="http://127.0.0.1:13013/cgi-bin/sendsms"
    ),
    "username": Option(N_("User name"), N_("User name of a sendsms-user in Kannel's configuration.")),
    "password": Option(N_("Password"), N_("Password of that sendsms-user."), secret=True),
    "callback": Option(
        N_("Callback address"), N_("URL where Kannel reaches `textmeter run --listen`, without a query.")
    ),
    "callback_secret": Option(
        N_("Callback secret"),
        N_("A secret you make up. Put it in the get-url of Kannel's sms-service as secret=..."),
        secret=True,
    ),
    "status": Option(
        N_("Status page"),
        N_("URL of Kannel's status page, such as http://127.0.0.1:13000/status.xml?password=..."),
        secret=True,
        required=False,
    ),
}

PROFILE = Profile(in_flight=4)

_AWAY_SECONDS = 10.0
"""How long Kannel is left alone when it isn't there, or its queues are full."""

# The bits of dlr-mask (Kannel's User's Guide, "Delivery reports"): 1 delivered, 2 not delivered, 4 queued by
# the carrier, 8 taken by it, 16 rejected by it. Of several parts it is the first that tells.
_ALL_RECEIPTS = 31
_ENDS = {"1": Status.DELIVERED, "2": Status.UNDELIVERED, "16": Status.FAILED}
_ON_THE_WAY = ("4", "8", "32")

_WHY = (
    ("stat:EXPIRED", "unreachable"),
    ("stat:REJECTD", "blocked"),
    ("NACK/0x0*b/", "no-such-number"),
)
"""What a carrier's answer (%A) says; SMPP 3.4, appendix B and 5.1.3 (ESME_RINVDSTADR)."""

_CHARSETS = {"UTF-16BE": "utf-16-be", "8-BIT": "latin-1", "ISO-8859-1": "latin-1"}


class Kannel:
    """seconds: how long it may be silent."""

    profile = PROFILE

    def __init__(self, setup: Setup, seconds: float = ANSWER_SECONDS) -> None:
        options = {name: setup.options.get(name, option.default) for name, option in OPTIONS.items()}
        if not options["callback_secret"]:
            raise WrongUsage(
                sentence(
                    "Kannel needs a callback_secret. Without one, anyone could fake receipts and replies."
                ),
                code="no-such-option",
                key="callback_secret",
            )
        self._number = setup.number
        self._sendsms = Page("url", options["url"], seconds)
        self._login = {"username": options["username"], "password": options["password"]}
        self._status = Page("status", options["status"], seconds) if options["status"] else None
        Page("callback", options["callback"])  # refuses what Kannel couldn't call
        self._callback = options["callback"]
        self._secret = options["callback_secret"]

    def send(self, outgoing: Outgoing) -> Outcome:
        ours, body = reference(outgoing), normalise(outgoing.body)
        asked = self._login | {
            "from": self._number,
            "to": outgoing.to,
            "text": body,
            "charset": "UTF-8",
            "coding": "2" if size(body).encoding == UCS_2 else "0",
            "dlr-mask": str(_ALL_RECEIPTS),
            "dlr-url": self._receipt_url(ours),
        }
        try:
            return _outcome(self._sendsms.get(asked), ours)
        except Unsent:
            return Throttled(_AWAY_SECONDS)
        except Lost as lost:
            return NoAnswer(lost.kind)

    def lookup(self, outgoing: Outgoing, since: datetime) -> LookedUp:
        return CantTell()

    def poll(self, asked: Sequence[Sent], cursor: str, now: datetime) -> Polled:
        return Polled(())

    def receive(self, request: Request) -> Called:
        fields = _fields(request.url)
        if not hmac.compare_digest(fields.get("secret", b""), self._secret.encode()):
            raise Forged
        if "type" not in fields:
            return Called([self._reply(fields)])
        receipt = _receipt(fields)
        return Called([receipt] if receipt else [])

    def check(self) -> Iterator[Finding]:
        return findings(self._sendsms, self._login, self._status)

    def _receipt_url(self, ours: str) -> str:
        query = urlencode({"secret": self._secret, "id": ours})
        joint = "&" if "?" in self._callback else "?"
        # Kannel reads % as the start of something to fill in.
        return f"{self._callback}{joint}{query}".replace("%", "%%") + "&type=%d&theirs=%F&answer=%A"

    def _reply(self, fields: Mapping[str, bytes]) -> Reply:
        who = number(_text(fields, "from"), self._number)
        if not who:
            raise Garbled
        charset = _CHARSETS.get(_text(fields, "charset").upper(), "utf-8")
        body = normalise(storable(fields.get("text", b"").decode(charset, "replace")))
        if len(body) > LONGEST:
            raise Garbled
        at = _text(fields, "at")
        content = f"{who}\0{at}\0{body}".encode()
        id = _text(fields, "id")[:64] or blake2b(content, digest_size=16).hexdigest()
        return Reply(f"in:{id}", who, body, _instant(at), segments=max(1, size(body).segments))


def connect(setup: Setup) -> Kannel:
    """Raises WrongUsage."""
    return Kannel(setup)


def _outcome(answer: Answer, ours: str) -> Outcome:
    """What Kannel's answer to sendsms means (its `gw/smsbox.c`)."""
    status, says = answer
    if status == 202 or (status == 200 and re.match(r"\s*([03]:|Sent)", says)):
        return Accepted(ours)
    if status == 503:
        return Throttled(_AWAY_SECONDS)
    if status == 403 and "routable" in says:
        return Refused("not-allowed-there")
    if status == 400 and "denied" in says:
        return Refused("blocked")
    if status in (401, 403, 404) or (status == 400 and "Sender" in says):
        return Refused("sender-unusable")
    return Refused("other") if 400 <= status < 500 else NoAnswer(f"HTTP {status}")


def _fields(url: str) -> dict[str, bytes]:
    """What a call says, as bytes: a text may come in any charset. Raises Garbled."""
    try:
        pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True, encoding="latin-1", max_num_fields=32)
        return {name: value.encode("latin-1") for name, value in pairs}
    except ValueError:
        raise Garbled from None


def _text(fields: Mapping[str, bytes], name: str) -> str:
    return storable(fields.get(name, b"").decode("utf-8", "replace"))


def _receipt(fields: Mapping[str, bytes]) -> Receipt | None:
    """None: the text is on its way."""
    kind, ours = _text(fields, "type"), _text(fields, "id")
    id = message(ours)
    if id is None or kind not in (*_ENDS, *_ON_THE_WAY):
        raise Garbled
    if kind in _ON_THE_WAY:
        return None
    status, answer = _ENDS[kind], _text(fields, "answer")
    reason = "" if status is Status.DELIVERED else "provider-error" if status is Status.FAILED else "other"
    for pattern, why in _WHY:
        if reason and re.search(pattern, answer, re.IGNORECASE):
            reason = why
    return Receipt(f"{ours}:{kind}", status, id, ours, reason)


def _instant(seconds: str) -> datetime | None:
    """Of seconds since 1970."""
    return datetime.fromtimestamp(int(seconds), UTC) if re.fullmatch("[0-9]{9,10}", seconds) else None
