"""The pictures of an MMS: which files can be sent, which become JPEGs first, and what is wrong with one that
can't.

Limits are those of carriers in the US and Canada: ten pictures, 5 MB in all. A contact card counts as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from store.errors import TextmeterError, WrongUsage, reason
from store.messages import pictures
from store.messages.model import Problem
from store.messages.providers import Picture
from store.paths import typed_path
from store.sentences import sentence

MOST_PICTURES = 10
MOST_BYTES = 5 * 1024 * 1024
MOST_TO_CONVERT = 50 * 1024 * 1024
"""Bytes of a picture that becomes a JPEG, which is smaller."""

CONVERTED = {"image/heic": "HEIC", "image/webp": "WebP"}
"""What becomes a JPEG, by its media type, as people call it."""
_DECODERS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/heic": "HEIF",
    "image/webp": "WEBP",
}
_SIGNATURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF8", "image/gif"))
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_HEAD = 32
"""Bytes of a file by which it is known."""


@dataclass(frozen=True, slots=True)
class Attachments:
    """The pictures of a draft. count: how many are attached, whole or not; problems: what keeps them from
    being sent, and what becomes of them."""

    count: int = 0
    problems: tuple[Problem, ...] = ()


NO_ATTACHMENTS = Attachments()


class _Found(NamedTuple):
    """A file that can be sent. size: in bytes, as it is sent; jpeg: what it becomes, None where it is sent as
    it is."""

    file: Path
    type: str
    size: int
    jpeg: bytes | None


def inspect(paths: Sequence[str]) -> Attachments:
    """Looks at the files: at the first bytes of those that are sent as they are, at all of the others, which
    takes up to a second for each, the first time."""
    problems, total = [], 0
    for path in paths:
        try:
            found = _look(path)
        except TextmeterError as error:
            problems.append(Problem(error.code, error.says, blocking=True))
            continue
        total += found.size
        if found.jpeg is not None:
            says = sentence(
                "{name} is {kind} and goes out as a JPEG, which every phone can show.",
                name=found.file.name,
                kind=CONVERTED[found.type],
            )
            problems.append(Problem("converted-media", says, blocking=False))
    if total > MOST_BYTES and not any(problem.blocking for problem in problems):
        says = sentence("The pictures add up to more than 5 MB. Remove one, or make them smaller.")
        problems.append(Problem("media-too-large", says, blocking=True))
    if len(paths) > MOST_PICTURES:
        says = sentence(
            "A text can have up to {most} pictures, and you attached {count}. Remove some.",
            most=MOST_PICTURES,
            count=len(paths),
        )
        problems.append(Problem("too-many-pictures", says, blocking=True))
    return Attachments(len(paths), tuple(problems))


def read(paths: Sequence[str]) -> list[Picture]:
    """The pictures themselves, to be kept with a blast. Raises WrongUsage for one that changed since it was
    looked at."""
    taken = []
    for path in paths:
        found = _look(path)
        if found.jpeg is not None:
            taken.append(Picture(found.file.with_suffix(".jpg").name, "image/jpeg", found.jpeg))
            continue
        try:
            with found.file.open("rb") as opened:
                content = opened.read(MOST_BYTES + 1)
        except OSError as error:
            raise _unreadable(path, error) from error
        _check(path, content, len(content))
        taken.append(Picture(found.file.name, media_type(content), content))
    return taken


def media_type(content: bytes) -> str:
    """The media type by a file's first bytes, or "" for what can't be sent."""
    for signature, name in _SIGNATURES:
        if content.startswith(signature):
            return name
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return "image/heic"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    card = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:11].upper()
    return "text/vcard" if card == b"BEGIN:VCARD" else ""


def _look(path: str) -> _Found:
    """Raises WrongUsage for a file that can't be sent, and FilesOutOfReach."""
    file = typed_path(path)
    try:
        if file.is_fifo():  # opening one waits for whoever writes it
            raise _not_a_picture(path)
        with file.open("rb") as opened:
            head = opened.read(_HEAD)
        state = file.stat()
    except (OSError, ValueError) as error:  # ValueError: a path with a null character
        raise _unreadable(path, error) from error
    kind = _check(path, head, state.st_size)
    jpeg = None
    try:
        if kind in CONVERTED:
            jpeg = _jpeg(file, _DECODERS[kind], state.st_mtime_ns, state.st_size)
        elif kind in _DECODERS:
            pictures.check_pixels(file, _DECODERS[kind])
    except pictures.TooManyPixels as error:
        says = sentence("{path} has too many pixels. Make it smaller, or attach another.", path=path)
        raise WrongUsage(says, code="media-too-large") from error
    except pictures.NoDecoder as error:
        says = sentence(
            "{path} is {kind}, which can't be read without pillow-heif. Save it as a JPEG, or install "
            "textmeter[heic].",
            path=path,
            kind=CONVERTED[kind],
        )
        raise WrongUsage(says, code="cant-convert") from error
    except pictures.Damaged as error:
        says = sentence(
            "{path} is a damaged {kind} picture. Save it again as a JPEG, or attach another.",
            path=path,
            kind=CONVERTED[kind],
        )
        raise WrongUsage(says, code="cant-convert") from error
    return _Found(file, kind, len(jpeg) if jpeg is not None else state.st_size, jpeg)


@lru_cache(maxsize=MOST_PICTURES)
def _jpeg(file: Path, decoder: str, changed: int, size: int) -> bytes:
    """What a file becomes. changed, size: of the file, which is converted anew when it is another."""
    return pictures.to_jpeg(file, decoder)


def _check(path: str, head: bytes, size: int) -> str:
    """The media type of a file that begins with these bytes, and has so many. Raises WrongUsage where it
    can't be sent."""
    kind = media_type(head)
    if not kind:
        raise _not_a_picture(path)
    most = MOST_TO_CONVERT if kind in CONVERTED else MOST_BYTES
    if size > most:
        says = sentence(
            "{path} is larger than {most} MB. Make it smaller, or attach another.", path=path, most=most >> 20
        )
        raise WrongUsage(says, code="media-too-large")
    return kind


def _not_a_picture(path: str) -> WrongUsage:
    says = sentence(
        "{path} can't be sent as a picture. Attach a JPEG, PNG, GIF, HEIC or WebP, or a contact card (.vcf).",
        path=path,
    )
    return WrongUsage(says, code="not-a-picture")


def _unreadable(path: str, error: Exception) -> WrongUsage:
    says = sentence(
        "Can't read {path}: {why}. Attach another picture, or none.", path=path, why=reason(error)
    )
    return WrongUsage(says, code="unreadable-media")
