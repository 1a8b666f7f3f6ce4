"""Pictures where a provider can fetch them: in an S3 bucket that nobody reads without a signed link, which
expires."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from hashlib import blake2b
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from store.errors import WrongUsage
from store.messages.providers import NotPublished, Option, Picture, Publish
from store.sentences import N_, Sentence, sentence

if TYPE_CHECKING:
    from obstore.store import S3Store

EXPIRES = timedelta(hours=48)
"""A text may wait at a provider for ten hours, and one that is sent a day later still gets the same link."""

_REUSED = timedelta(hours=24)

OPTIONS: Mapping[str, Option] = {
    "s3_bucket": Option(
        N_("S3 bucket"),
        N_("S3 bucket for pictures, kept private. Leave it empty to send texts only."),
        required=False,
    ),
    "s3_region": Option(N_("S3 region"), N_("Region of the bucket."), required=False, default="us-east-1"),
    "s3_endpoint": Option(
        N_("S3 address"), N_("Address of the S3 service. Leave it empty for Amazon's."), required=False
    ),
    "s3_key_id": Option(N_("S3 key ID"), N_("Access key ID for the bucket."), required=False),
    "s3_secret": Option(
        N_("S3 secret key"), N_("Secret access key for the bucket."), secret=True, required=False
    ),
}


def connect(options: Mapping[str, str]) -> Publish | None:
    """The way to the bucket of `OPTIONS`; None where there is none. Raises WrongUsage."""
    if not options.get("s3_bucket"):
        return None
    if not (options.get("s3_key_id") and options.get("s3_secret")):
        raise _wrong("s3_key_id", sentence("The S3 bucket needs an access key ID and a secret access key."))
    endpoint = options.get("s3_endpoint", "")
    if endpoint and not _is_private(endpoint):
        raise _wrong("s3_endpoint", sentence("The address of the S3 service must start with https://."))
    if find_spec("obstore") is None:
        raise _wrong("", sentence("The S3 library isn't installed. Install it: pip install 'textmeter[s3]'"))
    from obstore.store import S3Store

    return Bucket(
        S3Store(
            options["s3_bucket"],
            region=options.get("s3_region") or "us-east-1",
            endpoint=endpoint or None,
            access_key_id=options["s3_key_id"],
            secret_access_key=options["s3_secret"],
            client_options={"timeout": "5s", "connect_timeout": "2s", "allow_http": True},
            retry_config={"max_retries": 0},
        )
    )


class Bucket:
    """Puts each picture there once, under a name made of what is in it."""

    def __init__(self, store: S3Store) -> None:
        self._store = store
        self._links: dict[str, tuple[str, float]] = {}

    def __call__(self, picture: Picture) -> str:
        name = f"textmeter/{blake2b(picture.content, digest_size=20).hexdigest()}"
        link, until = self._links.get(name, ("", 0.0))
        if time.monotonic() > until:
            # Two threads may both put it there, which comes to the same.
            link = self._put(name, picture)
            self._links[name] = link, time.monotonic() + _REUSED.total_seconds()
        return link

    def _put(self, name: str, picture: Picture) -> str:
        import obstore
        from obstore import exceptions

        try:
            obstore.put(
                self._store,
                name,
                picture.content,
                attributes={"Content-Type": picture.type},
                use_multipart=False,
            )
            return obstore.sign(self._store, "GET", name, EXPIRES)
        except (
            exceptions.PermissionDeniedError,
            exceptions.UnauthenticatedError,
            FileNotFoundError,  # there is no such bucket
            exceptions.InvalidPathError,
        ):
            lasting = True
        except (exceptions.BaseError, OSError):
            lasting = False
        raise NotPublished(lasting=lasting)


def _is_private(url: str) -> bool:
    """Whether nobody on the way can read what is sent there."""
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in ("localhost", "127.0.0.1", "::1")


def _wrong(key: str, says: Sentence) -> WrongUsage:
    return WrongUsage(says, code="sender-setup", key=key)
