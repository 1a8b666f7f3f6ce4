"""What comes back by email, read: a bounce, a reply, or somebody who wants no more.

Pure, bounded, and nothing that anybody can send makes it raise: what can't be read is `Ignored`.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parseaddr
from typing import TypeAlias

from store.mail.html_text import as_text
from store.mail.quoting import newest

MOST_BYTES = 512 * 1024
"""Of a mail that are read: what bounced or was said stands before its attachments."""
MOST_PARTS = 200
MOST_FILES = 20
MOST_TEXT = 20_000
"""Characters."""
_HEADER = 6_000
"""Characters of a header that are looked at."""
_LINE = 300
"""Of these that are kept."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A server tells that a mail can't be delivered, or not yet. key: the same for the same mail, throughout.
    email: the number of ours, 0 where that isn't told; address: whom it was for, as the server says, or "";
    code: "5.1.1", of which only the class is known where the rest is 0; delayed: whether it is still being
    tried; says: the server's words."""

    key: str
    email: int
    address: str
    code: str
    delayed: bool
    says: str


@dataclass(frozen=True, slots=True)
class File:
    """An attachment. size: bytes, as far as they were read."""

    name: str
    type: str
    size: int


@dataclass(frozen=True, slots=True)
class Reply:
    """Somebody writes. address: theirs, in lower case; email: the number of ours that they answer, 0 where
    that isn't told; text: without what they quote; message_id: of their mail, "" where it has none;
    automatic: whether a machine wrote it."""

    key: str
    address: str
    name: str
    subject: str
    text: str
    email: int
    message_id: str
    automatic: bool
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Somebody wants no more. token: of the link that they followed, "" where they wrote by themselves;
    address: theirs, in lower case."""

    key: str
    token: str
    address: str
    email: int = 0


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing for us. why: "garbled", "own", "list", "nobody", "notice"."""

    why: str


Came: TypeAlias = Bounce | Reply | Unsubscribe | Ignored

_WRITTEN_TO = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
_BOUNCED = re.compile(r"\+b(\d{1,15})@", re.IGNORECASE)
_UNSUBSCRIBED = re.compile(r"\+u([a-z2-7]{10,60})@", re.IGNORECASE)
_ENVELOPE = re.compile(r"b(\d{1,15})")
_OURS = re.compile(r"email-(\d{1,15})\.([0-9a-z]{1,40})@")
_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.])([45])\d\d(?![\d.])")
_DAEMON = re.compile(r"mailer-?daemon|postmaster|mail delivery|bounce", re.IGNORECASE)
_WANTS_OUT = re.compile(r"\W*(please\s+)?(unsubscribe|remove)(\s+me)?(\s+please)?\W*", re.IGNORECASE)
_PLAIN = re.compile(r"[^\s\0@<>]{1,64}@[^\s\0@<>]{1,255}")
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7"})
"""Codecs that are slow, or no charsets."""


def read(raw: bytes, *, token: str, own: Collection[str] = ()) -> Came:
    """What a mail is. token: what tells our Message-IDs from those of other databases; own: addresses, in
    lower case, that we send from."""
    try:
        return _read(message_from_bytes(raw[:MOST_BYTES]), token, own)
    except Exception:  # noqa: BLE001 - whatever a stranger can make the parser of mail raise
        return Ignored("garbled")


def _read(message: Message, token: str, own: Collection[str]) -> Came:
    name, address = parseaddr(str(message.get("from", ""))[:_HEADER])
    name, address = _one_line(_unfolded(name)), address.lower()  # after: a name may hold a comma
    address = address if _PLAIN.fullmatch(address) else ""
    key = _key(message, address)
    written_to = [str(to)[:_HEADER] for header in _WRITTEN_TO for to in message.get_all(header, [])[:20]]
    addresses = " ".join(address for _, address in getaddresses(written_to))
    if found := _UNSUBSCRIBED.search(addresses):
        return Unsubscribe(key, found[1].lower(), address)
    parts = list(_parts(message))
    envelope = _number(_BOUNCED.search(addresses))
    if (bounce := _bounce(message, parts, key, envelope, token)) is not None:
        return bounce
    if not address:
        return Ignored("nobody")
    if address in own:
        return Ignored("own")
    automatic = _is_automatic(message)
    if not automatic and (message["list-id"] or _precedence(message) in ("bulk", "list", "junk")):
        return Ignored("list")
    subject, text = _header(message, "subject"), _text(parts)
    answered = _answered(message, token) or envelope
    if not automatic and _WANTS_OUT.fullmatch(subject):
        return Unsubscribe(key, "", address, answered)
    files = tuple(_files(parts))
    message_id = _clean(str(message.get("message-id", ""))).strip()[:_LINE]
    return Reply(key, address, name, subject, text, answered, message_id, automatic, files)


# Bounces


def _bounce(message: Message, parts: list[Message], key: str, envelope: int, token: str) -> Came | None:
    reports = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    if not reports and not _is_from_daemon(message):
        return None
    if not reports and any(part.get_content_type() == "message/disposition-notification" for part in parts):
        return Ignored("notice")  # that it was read
    original = _original(parts)
    if original is not None and original[1] != token:
        return Ignored("notice")  # of a mail of another database
    email = original[0] if original else envelope
    for report in reports:
        blocks = [block for block in report.get_payload() if isinstance(block, Message)][:MOST_PARTS]
        if not blocks:
            continue
        told = _header(blocks[0], "original-envelope-id")
        email = email or _number(_ENVELOPE.fullmatch(told))
        of_people = [block for block in blocks if block["action"] or block["status"]] or blocks[-1:]
        return _reported(max(of_people, key=_gravity), key, email)
    return _odd(message, parts, key, email)


def _gravity(block: Message) -> int:
    return {"failed": 2, "delayed": 1}.get(_action(block), 0)


def _action(block: Message) -> str:
    return _header(block, "action").lower().partition(" ")[0]


def _reported(block: Message, key: str, email: int) -> Came:
    """What a report says of one person."""
    diagnosis = _header(block, "diagnostic-code")
    status = _CODE.search(_header(block, "status"))
    told = _CODE.search(diagnosis)
    # Exchange says 5.0.0 in front, and what is wrong behind.
    if status is None or (told is not None and status[0].endswith(".0.0") and told[1] == status[1]):
        status = told or status
    code = status[0] if status else _class_of(diagnosis)
    action = _action(block)
    if action not in ("failed", "delayed", "") or code.startswith("2"):
        return Ignored("notice")  # that it was delivered, or relayed
    if not code:
        code = "4.0.0" if action == "delayed" else "5.0.0"
    address = _header(block, "original-recipient") or _header(block, "final-recipient")
    address = address.rpartition(";")[2].strip().strip("<>").lower()
    address = address if _PLAIN.fullmatch(address) else ""
    return Bounce(key, email, address, code, action == "delayed", diagnosis or code)


def _odd(message: Message, parts: list[Message], key: str, email: int) -> Came | None:
    """What servers say that write in forms of their own; None where it is no bounce."""
    from flufl.bounce import all_failures  # by those only who need it

    temporary, permanent = all_failures(message)
    found = sorted(permanent or temporary)
    failed = _header(message, "x-failed-recipients").partition(",")[0].strip().encode()
    if not found and not failed and not (email and _is_null(message)):
        return None
    text = _text(parts)
    code = _CODE.search(text)
    kind = "4" if temporary and not permanent else "5"
    said = code[0] if code and code[1] != "2" else f"{_class_of(text)[:1] or kind}.0.0"
    address = (found[0] if found else failed).decode("ascii", "replace").lower()
    delayed = bool(temporary) and not permanent
    return Bounce(key, email, address if _PLAIN.fullmatch(address) else "", said, delayed, _one_line(text))


def _class_of(text: str) -> str:
    found = _REPLY_CODE.search(text)
    return f"{found[1]}.0.0" if found else ""


def _original(parts: list[Message]) -> tuple[int, str] | None:
    """The number and token of our mail that comes back, where it comes with its headers or is quoted."""
    for part in parts:
        kind = part.get_content_type()
        if kind in ("message/rfc822", "text/rfc822-headers"):
            inner = part.get_payload()
            first = inner[0] if isinstance(inner, list) and inner else None
            headers = str(first["message-id"]) if isinstance(first, Message) else _decoded(part)
            if found := _OURS.search(headers):
                return int(found[1]), found[2]
    for part in parts:
        if part.get_content_type() == "text/plain" and (found := _OURS.search(_decoded(part))):
            return int(found[1]), found[2]
    return None


def _is_null(message: Message) -> bool:
    return _header(message, "return-path").replace(" ", "") == "<>"


def _is_from_daemon(message: Message) -> bool:
    if _header(message, "auto-submitted").lower().startswith("auto-replied") and message["in-reply-to"]:
        return False
    return bool(
        _DAEMON.search(_header(message, "from"))
        or message["x-failed-recipients"]
        or message.get_content_type() == "multipart/report"
    )


# Replies


def _is_automatic(message: Message) -> bool:
    submitted = _header(message, "auto-submitted").lower()
    if submitted and not submitted.startswith("no"):
        return True
    said = ("x-autoreply", "x-autorespond", "x-auto-response-suppress", "x-autogenerated")
    suppressed = _header(message, said[2]).lower()
    return (
        any(message[one] for one in (said[0], said[1], said[3]))
        or ("oof" not in suppressed and "all" in suppressed and bool(message["in-reply-to"]))
        or _precedence(message) == "auto_reply"
    )


def _precedence(message: Message) -> str:
    return _header(message, "precedence").lower().strip()


def _answered(message: Message, token: str) -> int:
    """The number of our mail that is answered: the one that is named last."""
    for header in ("in-reply-to", "references"):
        named = [
            found for found in _OURS.finditer(str(message.get(header, ""))[:20_000]) if found[2] == token
        ]
        if named:
            return int(named[-1][1])
    return 0


def _text(parts: list[Message]) -> str:
    """What was written, without what is quoted of ours."""
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
                text = _decoded(part)
                text = as_text(text) if kind == "text/html" else newest(text)
                if text.strip():
                    return text.strip()[:MOST_TEXT]
    return ""


def _files(parts: list[Message]) -> Iterator[File]:
    for part in parts:
        name = part.get_filename()
        if part.is_multipart() or not (name or part.get_content_disposition() == "attachment"):
            continue
        content = part.get_payload(decode=True)
        size = len(content) if isinstance(content, bytes) else 0
        yield File(_one_line(_unfolded(name or "")), part.get_content_type()[:_LINE], size)


def _parts(message: Message) -> Iterator[Message]:
    """The parts of a mail, those of mails within it left out."""
    waiting = [message]
    for _ in range(MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        yield part
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting[:0] = [one for one in inner if isinstance(one, Message)][:MOST_PARTS]


# Headers and characters


def _decoded(part: Message) -> str:
    """A part's characters, whatever it says they are."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    for charset in (part.get_content_charset(""), "utf-8"):
        try:
            if codecs.lookup(charset).name not in _NO_CHARSETS:
                return _clean(content.decode(charset))
        except (LookupError, ValueError, TypeError):
            continue
    return _clean(content.decode("cp1252", "replace"))


def _header(message: Message, name: str) -> str:
    return _one_line(_unfolded(str(message.get(name, ""))[:_HEADER]))


def _unfolded(text: str) -> str:
    """A header's words, encoded ones decoded."""
    if "=?" not in text:  # what isn't ASCII stands in it as it came
        return _clean(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
    decoded = []
    for word, charset in decode_header(text):
        if isinstance(word, bytes):
            try:
                name = codecs.lookup(charset or "ascii").name
                word = word.decode("latin-1" if name in _NO_CHARSETS else name, "replace")
            except LookupError:
                word = word.decode("utf-8", "replace")
        decoded.append(word)
    return _clean("".join(decoded))


def _clean(text: str) -> str:
    """As every database keeps it: without NUL, and without halves of characters."""
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_LINE]


def _number(found: re.Match[str] | None) -> int:
    return int(found[1]) if found else 0


def _key(message: Message, address: str) -> str:
    """The same for the same mail, whichever way and however often it comes."""
    named = [str(message.get("message-id", "")).strip(), address]
    if not named[0]:
        named = [str(message.get(name, "")) for name in ("from", "to", "date", "subject")]
        body = message.get_payload()
        named.append(body if isinstance(body, str) else _text(list(_parts(message))))
    told = "\n".join(named).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(told, digest_size=16).hexdigest()
