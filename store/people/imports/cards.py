"""vCard files become cards: lines are unfolded and taken apart, letters read.

Our own reader, because libraries take half a millisecond for a card, and give up a card for one bad line. It
works on bytes: a letter may be cut by a fold, and each line may be in an encoding of its own.
"""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from store.people.imports.encodings import code_page
from store.people.imports.incoming import Step
from store.people.imports.reading import decoded

_BEGIN = re.compile(rb"\s*BEGIN[ \t]*:[ \t]*VCARD[ \t]*(?:[\r\n]|$)", re.IGNORECASE)
_FOLD = re.compile(rb"(?<![Vv][Cc][Aa][Rr][Dd])\n[ \t]")
_BOM = codecs.BOM_UTF8
_PIECE = 1_000_000
"""Bytes that are cut into lines at a time."""
_LONGEST_CARD = 20_000
"""Bytes of the lines that matter, notes and the members of a group aside."""
_UNCOUNTED = ("NOTE", "MEMBER", "X-ADDRESSBOOKSERVER-MEMBER")
_SHOWN = 80
_BAD_SHOWN = 3
"""Bad lines of a card that are told."""
_NAME = re.compile(rb"(?:([\w-]+)\.)?([A-Za-z][\w-]*)")
# Samsung's way of naming a kind of number, which no version of the format knows.
_SAMSUNG_KIND = re.compile(rb"X-CUSTOM\([^)]*\)", re.IGNORECASE)
_SOFT_BREAK = re.compile(rb"=(?==[0-9A-Fa-f]{2})|=$")
"""What remains of a soft line break whose next line was folded, too, or is missing."""
_SAMPLE = 2_000_000
_QUOTED = "QUOTED-PRINTABLE"


class Head(NamedTuple):
    """What stands before a line's colon. group: "item1" of "item1.TEL", else "". params: their values in
    upper case, whether they are named or not; labels: the same as they are written."""

    group: str
    name: str
    params: frozenset[str]
    labels: tuple[str, ...]
    charset: str
    quoted: bool
    base64: bool


class Property(NamedTuple):
    """A line of a card. raw: the value's bytes as they stand there."""

    head: Head
    raw: bytes


@dataclass(slots=True)
class Card:
    """The lines of a card that matter. whole: it has an end. bad: lines that are none, as text. long: it has
    more than anybody's card. inner: how many cards stand within it (an assistant's)."""

    properties: list[Property] = field(default_factory=list)
    whole: bool = False
    bad: list[str] = field(default_factory=list)
    long: bool = False
    inner: int = 0
    size: int = 0


def is_vcard(data: bytes) -> bool:
    """Whether it is a vCard file, whatever its name says."""
    return _BEGIN.match(data[:1_000].replace(_BOM, b"")) is not None


def cards(data: bytes, wanted: Set[str], seen: set[str], step: Step) -> Iterator[Card]:
    """The cards of a file. wanted: the names of the properties that are kept; seen: takes those that are
    there."""
    reading = _Reading(wanted, seen)
    for line in _lines(data, step):
        if (done := reading.take(line)) is not None:
            yield done
    if reading.card is not None:
        yield reading.card


class _Reading:
    """Cards that are being read, line by line. card: the present one; None between two."""

    def __init__(self, wanted: Set[str], seen: set[str]) -> None:
        self.card: Card | None = None
        self._wanted = wanted
        self._seen = seen
        self._depth = 0
        self._soft: tuple[Head, list[bytes]] | None = None
        self._before: Head | None = None

    def take(self, line: bytes) -> Card | None:
        """A line more; the card that ends with it, or that it cuts off."""
        if self._soft:
            # In quoted-printable a line that ends with "=" goes on in the next, which need not be indented.
            head, parts = self._soft
            parts.append(line.removesuffix(b"="))
            if line.endswith(b"="):
                return None
            value = b"".join(parts)
            self._soft = None
        else:
            before, colon, value = line.partition(b":")
            if b'"' in before and before.count(b'"') % 2:
                before, colon, value = _parted(line)
            found = _head(before) if colon else None
            if found is None:
                if self.card is not None and not self._depth:
                    self._odd_line(self.card, line)
                return None
            head = found
            if head.quoted and value.endswith(b"="):
                self._soft = head, [value[:-1]]
                return None
        done = self._property(head, value)
        self._before = head
        return done

    def _property(self, head: Head, value: bytes) -> Card | None:
        name = head.name
        if name == "BEGIN" and _is_card(value):
            return self._begin(is_inner=self._before is not None and self._before.name == "AGENT")
        if self.card is None:
            return None
        if name == "AGENT" and _BEGIN.match(value):
            return self._begin(is_inner=True)
        if name == "END" and _is_card(value):
            return self._end(self.card)
        if not self._depth:
            self._seen.add(name)
            if name in self._wanted:
                _keep(self.card, head, value)
        return None

    def _begin(self, *, is_inner: bool) -> Card | None:
        cut_off = self.card
        if cut_off is not None and (self._depth or is_inner):
            self._depth += 1
            cut_off.inner += 1
            return None
        self.card, self._depth = Card(), 0
        return cut_off

    def _end(self, card: Card) -> Card | None:
        if self._depth:
            self._depth -= 1
            return None
        card.whole = True
        self.card = None
        return card

    def _odd_line(self, card: Card, line: bytes) -> None:
        """A line that is no property: more of the one before, where that is in base64 and nobody indented
        it."""
        before = self._before
        if not line.strip() or (before and before.name not in self._wanted and before.base64):
            return
        if before and before.base64 and card.properties and card.properties[-1].head is before:
            last = card.properties.pop()
            _keep(card, before, last.raw + line.strip())
        elif len(card.bad) < _BAD_SHOWN:
            card.bad.append(line.decode("utf-8", "replace")[:_SHOWN])


def _is_card(value: bytes) -> bool:
    return value.strip().upper() == b"VCARD"


def _keep(card: Card, head: Head, value: bytes) -> None:
    if head.name not in _UNCOUNTED:
        card.size += len(value) + len(head.name) + 2
        card.long = card.long or card.size > _LONGEST_CARD
    if not card.long:
        card.properties.append(Property(head, value))


def _lines(data: bytes, step: Step) -> Iterator[bytes]:
    """The lines, those that go on in the next one whole again."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if _BOM in data:
        data = data.replace(b"\n" + _BOM, b"\n").removeprefix(_BOM)
    at = 0
    while at < len(data):
        end = data.find(b"\n", at + _PIECE)
        while end >= 0 and data[end + 1 : end + 2] in (b" ", b"\t"):
            end = data.find(b"\n", end + 1)
        piece = data[at : end if end >= 0 else len(data)]
        unfolded, folds = _FOLD.subn(b"", piece)
        for _ in range(folds):
            step()
        for line in unfolded.split(b"\n"):
            step()
            yield line
        at = end + 1 if end >= 0 else len(data)


def _parted(line: bytes) -> tuple[bytes, bytes, bytes]:
    """A line at its first colon outside of quotes."""
    at = -1
    while (at := line.find(b":", at + 1)) >= 0:
        if not line.count(b'"', 0, at) % 2:
            return line[:at], b":", line[at + 1 :]
    return line, b"", b""


@lru_cache(maxsize=4096)
def _head(before: bytes) -> Head | None:
    if len(before) > _LONGEST_CARD:
        return None
    first, *rest = _SAMSUNG_KIND.sub(b"X-CUSTOM", before).split(b";")
    name = _NAME.fullmatch(first.strip())
    if not name:
        return None
    labels: list[str] = []
    charset = ""
    for param in rest:
        key, equals, value = param.decode("utf-8", "replace").partition("=")
        if equals and key.upper() == "CHARSET":
            charset = value.strip('"')
        else:
            labels += [each.strip('" ') for each in (value if equals else key).split(",")]
            if equals and key.upper() == "PREF":
                labels.append("pref")
    params = frozenset(label.upper() for label in labels)
    return Head(
        name[1].decode() if name[1] else "",
        name[2].decode().upper(),
        params,
        tuple(labels),
        charset,
        _QUOTED in params,
        bool(params & {"B", "BASE64"}),
    )


class Letters:
    """Reads the values of a file's properties: by the encoding that a line names, as UTF-8, or else by the
    code page that the file is in."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, each: Property) -> tuple[str, str]:
        """The text of a value, and how it was read where that is worth a word: "foreign", "cut" or ""."""
        raw, head = each.raw, each.head
        if head.quoted:
            raw = binascii.a2b_qp(_SOFT_BREAK.sub(b"", raw))
        elif head.base64:
            try:
                raw = binascii.a2b_base64(raw)
            except binascii.Error:
                return "", "cut"
        if raw.isascii():
            return raw.decode("ascii"), ""
        charset = _codec(head.charset)
        try:
            return raw.decode(charset or "utf-8"), ""
        except UnicodeDecodeError as error:
            before = raw[: error.start]
            if charset != "utf-8" and before.isascii():
                return decoded(raw, self._code_page), "foreign"
            if error.end == len(raw):
                return before.decode(charset or "utf-8", "ignore"), "cut"
            return decoded(raw, self._code_page), "foreign"

    @cached_property
    def _code_page(self) -> str:
        lines = []
        for line in self._data[:_SAMPLE].split(b"\n"):
            value = line.partition(b":")[2]
            if _QUOTED.encode() in line.upper():
                value = binascii.a2b_qp(value)
            if not value.isascii() and not _is_utf_8(value):
                lines.append(value)
        return code_page(b"\n".join(lines))


def _is_utf_8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


@lru_cache(maxsize=64)
def _codec(charset: str) -> str:
    """Python's name of an encoding of texts, "" where there is none by that name."""
    try:
        found = codecs.lookup(charset) if charset else None
        "".encode(found.name if found else "ascii")
    except (LookupError, ValueError):
        return ""
    return found.name if found else ""
