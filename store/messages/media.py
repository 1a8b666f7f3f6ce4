"""The pictures of an MMS: which files can be sent, and what is wrong with one that can't.

Limits are those of carriers in the US and Canada: ten pictures, 5 MB in all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from store.errors import WrongUsage, reason
from store.messages.model import Problem
from store.messages.providers import Picture
from store.paths import FilesOutOfReach, typed_path
from store.sentences import Sentence, sentence

MOST_PICTURES = 10
MOST_BYTES = 5 * 1024 * 1024

_SIGNATURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF8", "image/gif"))


@dataclass(frozen=True, slots=True)
class Attachments:
    """The pictures of a draft. count: how many are attached, whole or not; problems: what keeps them from
    being sent."""

    count: int = 0
    problems: tuple[Problem, ...] = ()


NO_ATTACHMENTS = Attachments()


def inspect(paths: Sequence[str]) -> Attachments:
    """Looks at the files (not at more of each than its first bytes)."""
    problems, total = [], 0
    for path in paths:
        try:
            file = typed_path(path)
        except FilesOutOfReach as error:
            problems.append(_problem(error.code, error.says))
            continue
        try:
            if file.is_fifo():  # opening one waits for whoever writes it
                problems.append(_not_a_picture(path))
                continue
            with file.open("rb") as opened:
                head = opened.read(8)
            total += (size := file.stat().st_size)
        except (OSError, ValueError) as error:  # ValueError: a path with a null character
            problems.append(_problem("unreadable-media", _unreadable(path, error)))
            continue
        if problem := _unsendable(path, head, size):
            problems.append(problem)
    if not problems and total > MOST_BYTES:
        says = sentence("The pictures are larger than 5 MB together. Leave one out, or make them smaller.")
        problems.append(_problem("media-too-large", says))
    if len(paths) > MOST_PICTURES:
        says = sentence(
            "A text takes {most} pictures, and {count} are attached. Leave some out.",
            most=MOST_PICTURES,
            count=len(paths),
        )
        problems.append(_problem("too-many-pictures", says))
    return Attachments(len(paths), tuple(problems))


def read(paths: Sequence[str]) -> list[Picture]:
    """The pictures themselves, to be kept with a blast. Raises WrongUsage for one that changed since it was
    looked at."""
    pictures = []
    for path in paths:
        file = typed_path(path)
        try:
            with file.open("rb") as opened:
                content = opened.read(MOST_BYTES + 1)
        except OSError as error:
            raise WrongUsage(_unreadable(path, error), code="unreadable-media") from error
        if problem := _unsendable(path, content, len(content)):
            raise WrongUsage(problem.says, code=problem.code)
        pictures.append(Picture(file.name, media_type(content), content))
    return pictures


def media_type(content: bytes) -> str:
    """The media type by a file's first bytes, or "" for what isn't a JPEG, PNG or GIF."""
    return next((name for signature, name in _SIGNATURES if content.startswith(signature)), "")


def _unsendable(path: str, head: bytes, size: int) -> Problem | None:
    """What keeps a file that begins with these bytes, and has so many, from being sent."""
    if not media_type(head):
        return _not_a_picture(path)
    if size > MOST_BYTES:
        says = sentence("{path} is larger than 5 MB. Make it smaller, or attach another.", path=path)
        return _problem("media-too-large", says)
    return None


def _not_a_picture(path: str) -> Problem:
    says = sentence("{path} isn't a picture that can be sent. Attach a JPEG, PNG or GIF.", path=path)
    return _problem("not-a-picture", says)


def _unreadable(path: str, error: Exception) -> Sentence:
    return sentence(
        "{path} can't be read: {why}. Attach another picture, or none.", path=path, why=reason(error)
    )


def _problem(code: str, says: Sentence) -> Problem:
    return Problem(code, says, blocking=True)
