"""How many segments a text takes, and which characters land in which.

GSM 03.38 (3GPP TS 23.038): a text of GSM characters is counted in septets, an extension character being two;
any other character turns the whole text to UCS-2, counted in UTF-16 units. One segment holds 160 septets or
70 units; of several, each gives up room for a header that joins them: 153 or 67 with the usual 6 bytes, 152
or 66 with 7. Neither an escape pair nor a surrogate pair straddles two segments, and a grapheme cluster that
fits into one is kept whole.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple, TypeAlias

from store.texts import replacements
from store.texts.alphabet import BASIC, extension_characters, normalise, only_basic, outside_gsm
from store.texts.replacements import Replacement

__all__ = ["Analysis", "Encoding", "Offender", "Size", "analyse", "normalise", "size", "split"]

Encoding: TypeAlias = Literal["GSM-7", "UCS-2"]
GSM_7: Final = "GSM-7"
UCS_2: Final = "UCS-2"

_OCTETS = 140
_SINGLE: Final[dict[Encoding, int]] = {GSM_7: 160, UCS_2: 70}


class Size(NamedTuple):
    """units: of the whole text, septets (GSM-7) or UTF-16 units (UCS-2)."""

    encoding: Encoding
    segments: int
    units: int


class Offender(NamedTuple):
    """A character that is not in GSM and so makes the text UCS-2. at: its index in the normalised text."""

    at: int
    character: str


class Analysis(NamedTuple):
    """All that there is to show about a text as it would be sent.

    units: septets or UTF-16 units of the whole text; characters: code points of the normalised text.
    split: the text of each segment. units_per_segment: 160 or 70, of several 153 or 67 (152 or 66).
    units_left: how many more units fit before a further segment starts.
    forced_by: the characters to blame for UCS-2. replaceable: those of them that have a GSM substitute.
    """

    encoding: Encoding
    segments: int
    units: int
    characters: int
    split: tuple[str, ...]
    units_per_segment: int
    units_left: int
    forced_by: tuple[Offender, ...]
    replaceable: tuple[Replacement, ...]


# Most texts are basic characters in one segment: their sizes are made once, which halves the time of `size`.
_ONE_SEGMENT = tuple(Size(GSM_7, 1 if units else 0, units) for units in range(_SINGLE[GSM_7] + 1))
_ASCII_BASIC = "".join(filter(str.isascii, BASIC)).encode()


def size(text: str, header: int = 6) -> Size:
    """Encoding, segments and units of a text. An empty one has no segment.

    header: bytes of the sender's concatenation header, 6 or 7.
    """
    if not text.encode().translate(None, _ASCII_BASIC) if text.isascii() else only_basic(text):
        units = len(text)
        if units < len(_ONE_SEGMENT):
            return _ONE_SEGMENT[units]
        return Size(GSM_7, -(-units // _capacity(GSM_7, header)), units)
    text = normalise(text)
    encoding = _encoding(text)
    units = _units(text, encoding)
    if units <= _SINGLE[encoding]:
        return Size(encoding, 1, units)
    return Size(encoding, sum(1 for _ in _ends(text, encoding, _capacity(encoding, header))), units)


def split(text: str, header: int = 6) -> list[str]:
    """The text of each segment; joined, they are the normalised text."""
    text = normalise(text)
    encoding = _encoding(text)
    if _units(text, encoding) <= _SINGLE[encoding]:
        return [text] if text else []
    parts, start = [], 0
    for end in _ends(text, encoding, _capacity(encoding, header)):
        parts.append(text[start:end])
        start = end
    return parts


def analyse(text: str, header: int = 6) -> Analysis:
    """Size, split, room left, and which characters cost extra."""
    text = normalise(text)
    encoding = _encoding(text)
    parts = split(text, header)
    capacity = _SINGLE[encoding] if len(parts) < 2 else _capacity(encoding, header)
    return Analysis(
        encoding=encoding,
        segments=len(parts),
        units=_units(text, encoding),
        characters=len(text),
        split=tuple(parts),
        units_per_segment=capacity,
        units_left=capacity - (_units(parts[-1], encoding) if parts else 0),
        forced_by=tuple(Offender(match.start(), match[0]) for match in outside_gsm.finditer(text)),
        replaceable=replacements.find(text),
    )


def _encoding(text: str) -> Encoding:
    return UCS_2 if outside_gsm.search(text) else GSM_7


def _capacity(encoding: Encoding, header: int) -> int:
    """The units of one segment of several."""
    room = _OCTETS - header
    return room * 8 // 7 if encoding == GSM_7 else room // 2


def _units(text: str, encoding: Encoding) -> int:
    if encoding == GSM_7:
        return len(text) + len(extension_characters(text))
    return len(codecs.utf_16_le_encode(text, "surrogatepass")[0]) // 2


def _ends(text: str, encoding: Encoding, capacity: int) -> Iterator[int]:
    """Where each segment ends, of a text that takes several: each takes as much as it can hold."""
    start = 0
    while start < len(text):
        end = min(start + capacity, len(text))
        over = _units(text[start:end], encoding) - capacity
        while over > 0:
            # A character has two units at most, so a segment needs to lose at least half of what is too much.
            kept = end - (over + 1) // 2
            over -= _units(text[kept:end], encoding)
            end = kept
        if encoding == UCS_2 and end < len(text):
            end = _whole_clusters(text, start, end, capacity)
        yield end
        start = end


def _whole_clusters(text: str, start: int, end: int, capacity: int) -> int:
    """The end of a segment, put before a grapheme cluster that would be cut if that fits into a segment."""
    if max(text[end - 1 : end + 1]) < "\u0300":
        return end
    from store.texts.clusters import straddling  # its tables take a few milliseconds, and few texts need them

    cluster = straddling(text, start, end, capacity)
    if cluster and cluster.start() > start and _units(cluster[0], UCS_2) <= capacity:
        return cluster.start()
    return end
