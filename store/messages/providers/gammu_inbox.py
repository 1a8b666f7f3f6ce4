"""What gammu-smsd has put into its inbox: IN<date>_<time>_<serial>_<sender>_<part>.txt, a file for each part
of a text. They are the person's, so they stay.

Date and time in a name are the network's, in a zone that the name doesn't tell, and may lie before those of a
text that came earlier. So a text counts as having come when its file was written.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

PAGE = 100
"""Texts, of one look."""

SETTLED = timedelta(seconds=2)
"""gammu writes the parts of a text one after another, in place: what is younger waits."""

OVERLAP = timedelta(minutes=10)
"""How far back is looked again, since a clock may have been set back."""

_MOST_BYTES = 1 << 16
_MICROSECOND = 1000  # in nanoseconds, as a file tells its time

_named = re.compile(r"(IN[0-9]{8}_[0-9]{6}_[0-9]{2,3}_(.*))_([0-9]{2})\.txt", re.DOTALL)


class CameIn(NamedTuple):
    """name: what its files have in common. sender: as the network wrote it. at: UTC."""

    name: str
    sender: str
    body: str
    at: datetime


class Look(NamedTuple):
    """Texts, oldest first, and where to go on; more: there are more already."""

    texts: list[CameIn]
    cursor: str
    more: bool


class _Files(NamedTuple):
    """A text's files. written_at: nanoseconds since 1970."""

    written_at: int
    name: str
    sender: str
    parts: tuple[Path, ...]


def look(inbox: Path, cursor: str, now: datetime) -> Look:
    """What has come since the look that gave the cursor, and once more the last minutes before it; at first,
    what comes from now on. Raises OSError."""
    behind = _behind(cursor, now)
    settled = _nanoseconds(now - SETTLED)
    waiting = sorted(one for one in _all(inbox) if behind < one[:2] and one.written_at <= settled)
    page = waiting[:PAGE]
    if len(waiting) > PAGE:
        behind = page[-1][:2]
    elif page:
        behind = page[-1].written_at - OVERLAP // timedelta(microseconds=1) * _MICROSECOND, ""
    return Look(
        [text for one in page if (text := _read(one))],
        f"{behind[0]} {behind[1]}",
        more=len(waiting) > PAGE,
    )


def _behind(cursor: str, now: datetime) -> tuple[int, str]:
    """Where to go on: when the last text was written, and its name where the look didn't come to its end."""
    latest = _nanoseconds(now - OVERLAP)
    written_at, _, name = cursor.partition(" ")
    if not re.fullmatch("[0-9]{1,20}", written_at):
        return latest, ""
    if name and int(written_at) <= _nanoseconds(now):
        return int(written_at), name
    return min(int(written_at), latest), ""


def _all(inbox: Path) -> Iterator[_Files]:
    parts: dict[str, dict[str, Path]] = defaultdict(dict)
    written_at: dict[str, int] = defaultdict(int)
    senders: dict[str, str] = {}
    for file in inbox.iterdir():
        if not (match := _named.fullmatch(file.name)):
            continue
        try:
            at = file.stat().st_mtime_ns
        except FileNotFoundError:  # somebody tidies up
            continue
        name, senders[match[1]], part = match.groups()
        parts[name][part] = file
        written_at[name] = max(written_at[name], at)
    for name, found in parts.items():
        yield _Files(written_at[name], name, senders[name], tuple(found[part] for part in sorted(found)))


def _read(files: _Files) -> CameIn | None:
    """None: somebody has taken the files away."""
    contents = []
    for part in files.parts:
        try:
            with part.open("rb") as file:
                contents.append(file.read(_MOST_BYTES))
        except FileNotFoundError:
            return None
    at = datetime.fromtimestamp(files.written_at // 10**9, UTC)
    return CameIn(files.name, files.sender, _decoded(contents), at)


def _decoded(parts: list[bytes]) -> str:
    """Joined before they are read: a character may be cut in two. inboxformat = unicode: UTF-16 with a mark;
    standard: the system's characters."""
    for mark, encoding in ((b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le")):
        if parts[0].startswith(mark):
            whole = b"".join(_to_its_end(part.removeprefix(mark)) for part in parts)
            return whole.decode(encoding, "replace")
    whole = b"".join(parts)
    try:
        return whole.decode()
    except UnicodeDecodeError:
        return whole.decode("latin-1")


def _to_its_end(part: bytes) -> bytes:
    """gammu 1.42 writes on behind the NUL that ends a text, whatever lies there in its memory."""
    return next((part[:at] for at in range(0, len(part) - 1, 2) if part[at : at + 2] == b"\0\0"), part)


def _nanoseconds(at: datetime) -> int:
    return (at - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1) * _MICROSECOND
