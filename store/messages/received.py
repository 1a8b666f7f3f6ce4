"""Pictures that came in, fetched from where their provider keeps them."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from store.errors import RefusedByRule, TextmeterError
from store.messages.model import Attachment
from store.sentences import Sentence, sentence

MOST_BYTES = 10 * 1024 * 1024
TIMEOUT = 20.0
"""Seconds without an answer."""
_PIECE = 64 * 1024
_ENDS = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp"}


def why_not(picture: Attachment) -> Sentence | None:
    """Why a picture can't be fetched; None where it can."""
    if urlsplit(picture.url).scheme in ("http", "https"):
        return None
    if picture.url.startswith("mail:"):
        return sentence("This came by email. Open it in your mailbox.")
    if picture.url.startswith("simulated:"):
        return sentence("Texts are simulated here, so there is no picture to show.")
    return sentence("The provider has no copy of this picture to download.")


def file_name(picture: Attachment) -> str:
    """What a picture may be called as a file, whatever its provider calls it."""
    name = Path(urlsplit(picture.url).path).name
    stem = "".join(letter for letter in name.partition(".")[0] if letter.isalnum() or letter in "-_")[:40]
    return (stem or "picture") + _ENDS.get(picture.type.casefold(), ".jpg")


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows no way to another host: what a text brought leads to where its provider keeps pictures, and
    nowhere within the network of whoever opens it."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: object,
        newurl: str,
    ) -> urllib.request.Request | None:
        if urlsplit(newurl).netloc != urlsplit(req.full_url).netloc:
            raise urllib.error.HTTPError(newurl, code, "another host", None, fp)  # type: ignore[arg-type]
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def save(picture: Attachment, path: Path, *, overwrite: bool = False) -> int:
    """Fetches a picture into a file; its bytes. May take as long as a network does. Raises RefusedByRule for
    one that can't be fetched, is larger than MOST_BYTES or has moved to another host, and for a file that is
    there (code "exists"); TextmeterError where nobody answers. No half of a file is left."""
    if (why := why_not(picture)) is not None:
        raise RefusedByRule(why, code="no-picture")
    if path.exists() and not overwrite:
        raise RefusedByRule(sentence("{path} already exists.", path=str(path)), code="exists")
    opener = urllib.request.build_opener(_SameHost)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with opener.open(picture.url, timeout=TIMEOUT) as answer, unfinished.open("xb") as file:
            count = 0
            while piece := answer.read(_PIECE):
                count += len(piece)
                if count > MOST_BYTES:
                    raise RefusedByRule(
                        sentence("This picture is larger than {most} MB.", most=MOST_BYTES >> 20),
                        code="too-large",
                    )
                file.write(piece)
        unfinished.replace(path)
    except (OSError, ValueError, HTTPException) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        raise TextmeterError(
            sentence("The picture couldn't be saved: {why}", why=str(error)), code="not-fetched"
        ) from None
    finally:
        unfinished.unlink(missing_ok=True)
    return count
