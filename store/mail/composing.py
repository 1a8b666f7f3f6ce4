"""A mail as a server takes it (RFC 5322 and MIME), pure.

Written by hand: `email.message` takes three times as long, which ten thousand mails notice, and puts whatever
is longer than a line into encoded words, Message-IDs and the addresses of List-Unsubscribe included, which
nobody can read then. What comes from people (names, subjects, names of files) can't begin another header.
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote

from store.mail import File, Mail

_ADDRESS = re.compile(r'[^\s@<>(),;:\\"\[\]]{1,64}@[^\s@<>(),;:\\"\[\]]{1,255}')
"""Whatever is quoted or bracketed is somebody's joke or attack."""
_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_URI = re.compile(r"(?:https|mailto):[!-;=?-~]{1,900}")
_TYPE = re.compile(r"(?!multipart/|message/)[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,100}")
_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""What ends a line somewhere, controls something, or is no character."""

_LINE = 76
_LONGEST = 900
"""Of what can't be folded; a server may refuse lines of 998."""
_FILE_NAME = 255
"""Bytes, as file systems have it."""


def address(text: str) -> str:
    """An address as it is written, if it is a plain one. Raises ValueError."""
    if not _ADDRESS.fullmatch(text) or not text.isprintable():
        raise ValueError
    return text


def line(text: str) -> str:
    """One line without control characters: what follows a line's end would be a header of its own."""
    return _BREAKS.sub(" ", text).strip()


def message_id(key: str, token: str, sender: str) -> str:
    """A mail's Message-ID, by which what is answered or comes back is told. token: tells mails of this
    database from those of others; sender: an address."""
    return f"<{key}.{token}@{sender.rpartition('@')[2]}>"


def return_path(sender: str, bounce: str) -> str:
    """Where a mail comes back to when it can't be delivered: the sender's address, with what tells it."""
    local, _, host = sender.rpartition("@")
    return f"{local}+{bounce}@{host}" if bounce else sender


def compose(mail: Mail, *, sender: str, to: str, id: str, at: datetime) -> bytes:
    """The mail with CRLF at its lines' ends: 7 bit, but for addresses that aren't ASCII, which are UTF-8.
    sender, to: addresses that `address` took; id: its Message-ID. Raises ValueError where `reply_to` is no
    address."""
    headers = [
        _from(mail.sender.name if mail.sender else "", sender),
        f"To: {to}",
        _text("Subject", mail.subject),
        f"Date: {format_datetime(at)}",
        f"Message-ID: {id}",
    ]
    if mail.reply_to:
        headers.append(f"Reply-To: {address(mail.reply_to)}")
    if _ID.fullmatch(mail.in_reply_to):
        headers += f"In-Reply-To: {mail.in_reply_to}", f"References: {mail.in_reply_to}"
    if uris := [uri for uri in mail.unsubscribe if _URI.fullmatch(uri)]:
        headers.append("List-Unsubscribe: " + ",\r\n ".join(f"<{uri}>" for uri in uris))
        if any(uri.startswith("https:") for uri in uris):
            headers.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    if mail.automatic:
        headers.append("Auto-Submitted: auto-generated")
    head = "\r\n".join([*headers, "MIME-Version: 1.0", ""])
    content = _content(mail)
    return head.encode() + content + (b"" if content.endswith(b"\r\n") else b"\r\n")


def _content(mail: Mail) -> bytes:
    content = _words("plain", mail.body)
    if mail.html:
        content = _parts("alternative", [content, _words("html", mail.html)])
    return _parts("mixed", [content, *map(_file, mail.files)]) if mail.files else content


def _words(kind: str, text: str) -> bytes:
    lines = "\n".join(text.encode("utf-8", "replace").decode().replace("\r\n", "\n").split("\r"))
    quoted = binascii.b2a_qp(lines.replace("\n", "\r\n").encode())
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return head.encode() + quoted


def _parts(kind: str, parts: list[bytes]) -> bytes:
    """What is between two "=_" stands in no part: "=" is written otherwise in quoted-printable, and stands at
    the end of a line of base64."""
    between = f"\r\n--=_{kind}\r\n".encode()
    head = f'Content-Type: multipart/{kind}; boundary="=_{kind}"\r\n'.encode()
    return head + b"".join(between + part for part in parts) + f"\r\n--=_{kind}--\r\n".encode()


def _file(file: File) -> bytes:
    kind = file.type if _TYPE.fullmatch(file.type) else "application/octet-stream"
    name = re.sub(r"[/\\]", "_", line(file.name)).encode()[:_FILE_NAME].decode(errors="ignore")
    head = (
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment;\r\n filename*=utf-8''{quote(name, safe='')}\r\n\r\n"
    )
    return head.encode() + base64.encodebytes(file.content).replace(b"\n", b"\r\n")


# Headers


def _from(name: str, sender: str) -> str:
    name = line(name)
    if not name:
        return f"From: {sender}"
    if name.isascii() and "=?" not in name and len(name) + len(sender) < _LONGEST:
        quoted = re.sub(r'(["\\])', r"\\\1", name)
        return f'From: "{quoted}"\r\n <{sender}>'
    return f"{_encoded('From', name)}\r\n <{sender}>"


def _text(name: str, text: str) -> str:
    text = line(text)
    words = text.split(" ")
    if text.isascii() and "=?" not in text and all(0 < len(word) < _LONGEST for word in words):
        return _folded(name, words)
    return _encoded(name, text) if text else f"{name}: "


def _folded(name: str, words: list[str]) -> str:
    lines = [f"{name}:"]
    for at, word in enumerate(words):
        if at and len(lines[-1]) + len(word) > _LINE:
            lines.append(f" {word}")
        else:
            lines[-1] += f" {word}"
    return "\r\n".join(lines)


def _encoded(name: str, text: str) -> str:
    """In encoded words (RFC 2047), each of whole characters."""
    words = [bytearray()]
    room = (_LINE - len(f"{name}: =?utf-8?b??=")) // 4 * 3
    for char in text:
        octets = char.encode()
        if len(words[-1]) + len(octets) > room:
            words.append(bytearray())
            room = (_LINE - len(" =?utf-8?b??=")) // 4 * 3
        words[-1] += octets
    return f"{name}: " + "\r\n ".join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in words)
