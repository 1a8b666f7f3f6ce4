"""Links by which whoever got an email is spared of more, with no other question.

A link's token names the email, signed (HMAC) with a key of the database's own, so that nobody can unsubscribe
another, and nothing has to be kept for it. It is good for ever, and whatever a mail server does to an
address's case: base32, in small letters.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b32decode, b32encode

from store.settings import Settings

KEY = "unsubscribe-links"
"""The setting that the key is kept in, in hexadecimal digits."""

_NUMBER = 5
"""Bytes of an email's number."""
_SIGNATURE = 10


def token(key: bytes, email_id: int) -> str:
    """What names an email: 24 letters and digits."""
    named = email_id.to_bytes(_NUMBER, "big")
    return b32encode(named + _signed(key, named)).decode().lower()


def meant(key: bytes, token: str) -> int | None:
    """The number of the email that a token names; None for one that is forged."""
    try:
        given = b32decode(token.upper())
    except ValueError:
        return None
    named, signature = given[:_NUMBER], given[_NUMBER:]
    if not hmac.compare_digest(signature, _signed(key, named)):
        return None
    return int.from_bytes(named, "big")


def _signed(key: bytes, named: bytes) -> bytes:
    return hmac.digest(key, named, "sha256")[:_SIGNATURE]


class Unsubscribing:
    """public_url: where `textmeter serve web` is reached, without a slash at its end, "" nowhere."""

    def __init__(self, settings: Settings, public_url: str) -> None:
        self._settings = settings
        self._public_url = public_url
        self._key = b""

    def uris(self, email_id: int, address: str) -> tuple[str, ...]:
        """Where an email can be unsubscribed: by a mail to the address that it comes from (me@example.com),
        and by one click where there is a public URL."""
        named = token(self._made_key(), email_id)
        local, _, host = address.rpartition("@")
        by_mail = f"mailto:{local}+u{named}@{host}?subject=unsubscribe"
        return (by_mail, f"{self._public_url}/unsubscribe/{named}") if self._public_url else (by_mail,)

    def email(self, token: str) -> int | None:
        """The number of the email that a token names; None for one that is forged."""
        self._key = self._key or bytes.fromhex(self._settings.read(KEY) or "")
        # Without a key there is no link yet.
        return meant(self._key, token) if self._key else None

    def _made_key(self) -> bytes:
        if not self._key:
            self._key = bytes.fromhex(self._settings.once(KEY, secrets.token_hex(32)))
        return self._key
