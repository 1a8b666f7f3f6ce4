"""Links by which a provider fetches the pictures of an MMS from `textmeter serve web`: whoever has one reads
that picture, until it expires.

A link's token names the picture and the end of its time, signed (HMAC) with a key of the database's own, so
that nothing else can be asked for, and nothing has to be kept for it.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from struct import Struct

from store.clock import Clock
from store.database import Database
from store.errors import TextmeterError
from store.messages.providers import NotPublished, Picture
from store.messages.providers.publishing import EXPIRES
from store.messages.tables import Media as _Media
from store.settings import Settings

KEY = "picture-links"
"""The setting that the key is kept in, in hexadecimal digits."""

_HOUR = timedelta(hours=1)
_NAMED = Struct(">QQ")
"""A picture's id, and the second since 1970 at which its link ends."""
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "text/vcard": "vcf"}


def token(key: bytes, picture: int, until: datetime) -> str:
    """What a link to a picture has in its path."""
    named = _NAMED.pack(picture, int(until.timestamp()))
    return urlsafe_b64encode(named + hmac.digest(key, named, "sha256")).decode().rstrip("=")


def meant(key: bytes, token: str, now: datetime) -> int | None:
    """The id of the picture that a token means; None for one that is forged or expired."""
    try:
        given = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    named, signature = given[: _NAMED.size], given[_NAMED.size :]
    if not hmac.compare_digest(signature, hmac.digest(key, named, "sha256")):
        return None
    picture, until = _NAMED.unpack(named)
    return int(picture) if now.timestamp() < until else None


class PictureLinks:
    """real: the clock of networks. public_url: where providers reach `textmeter serve web`, without a slash
    at its end."""

    def __init__(self, database: Database, real: Clock, public_url: str) -> None:
        self._database = database
        self._clock = real
        self._public_url = public_url
        self._key = b""

    def publish(self, picture: Picture) -> str:
        """As `providers.Publish`: the link, which is the same for all of a blast who get it within an hour,
        and good for two days at least. It has nothing of the picture's own name."""
        until = (self._clock.now() + EXPIRES + _HOUR).replace(minute=0, second=0, microsecond=0)
        try:
            named = token(self._made_key(), picture.id, until)
        except TextmeterError as error:  # the database is away
            raise NotPublished(lasting=False) from error
        return f"{self._public_url}/media/{named}/picture.{_ENDINGS.get(picture.type, 'bin')}"

    def picture(self, token: str) -> Picture | None:
        """The picture that a link's token means; None for one that is forged or expired, or whose picture is
        gone."""
        self._key = self._key or bytes.fromhex(Settings(self._database).read(KEY) or "")
        # Without a key there is no link yet.
        id = meant(self._key, token, self._clock.now()) if self._key else None
        if id is None:
            return None
        with self._database.connection():
            row = self._database.first(_Media.select().where(_Media.id == id))
        return Picture(row.name, row.type, row.content, row.id) if row else None

    def _made_key(self) -> bytes:
        """Made with the first link, by whichever process comes first."""
        if not self._key:
            self._key = bytes.fromhex(Settings(self._database).once(KEY, secrets.token_hex(32)))
        return self._key
