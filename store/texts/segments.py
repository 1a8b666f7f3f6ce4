"""How many segments a text takes, and which characters land in which.

GSM 03.38 (3GPP TS 23.038): a text of GSM characters is counted in septets, an extension character being two;
any other character turns the whole text to UCS-2, counted in UTF-16 units. One segment holds 160 septets or
70 units; of several, each gives up room for a header that joins them: 153 or 67 with the usual 6 bytes, 152
or 66 with 7. Neither an escape pair nor a surrogate pair straddles two segments, and a grapheme cluster that
fits into one is kept whole.
"""

from __future__ import annotations

from codecs import utf_16_le_decode, utf_16_le_encode
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple, TypeAlias

from store.texts.alphabet import BASIC, EXTENSION, normalise, only_basic, outside_gsm
from store.texts.fixes import fixes
from store.texts.graphemes import BINDS_LAST, BINDS_NEXT, straddling
from store.texts.replacements import Replacement

__all__ = ["Analysis", "Encoding", "Offender", "Size", "analyse", "normalise", "offenders", "size", "split"]

Encoding: TypeAlias = Literal["GSM-7", "UCS-2"]
GSM_7: Final = "GSM-7"
UCS_2: Final = "UCS-2"

_OCTETS = 140
_ESCAPE = "\x1b"
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
    split: the text of each segment. capacity: 160 or 70, of several 153 or 67 (152 or 66).
    units_left: how many more units fit before a further segment starts.
    forced_by: the characters to blame for UCS-2. replaceable: what can be done about them (`fixes`).
    """

    encoding: Encoding
    segments: int
    units: int
    characters: int
    split: tuple[str, ...]
    capacity: int
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
    encoding, units, parts = _lay_out(normalise(text), header)
    return Size(encoding, len(parts), units)


def split(text: str, header: int = 6) -> list[str]:
    """The text of each segment; joined, they are the normalised text."""
    return _lay_out(normalise(text), header)[2]


def analyse(text: str, header: int = 6) -> Analysis:
    """Size, split, room left, and which characters cost extra."""
    text = normalise(text)
    forced_by = offenders(text)
    encoding, units, parts = _lay_out(text, header)
    capacity = _SINGLE[encoding] if len(parts) < 2 else _capacity(encoding, header)
    return Analysis(
        encoding=encoding,
        segments=len(parts),
        units=units,
        characters=len(text),
        split=tuple(parts),
        capacity=capacity,
        units_left=capacity - (_units(parts[-1], encoding) if parts else 0),
        forced_by=forced_by,
        replaceable=tuple(fixes(text)) if forced_by else (),
    )


def offenders(text: str) -> tuple[Offender, ...]:
    """The characters of a normalised text that are not in GSM."""
    return tuple(Offender(match.start(), match[0]) for match in outside_gsm.finditer(text))


def _capacity(encoding: Encoding, header: int) -> int:
    """The units of one segment of several."""
    room = _OCTETS - header
    return room * 8 // 7 if encoding == GSM_7 else room // 2


def _units(text: str, encoding: Encoding) -> int:
    return len(_septets(text)) if encoding == GSM_7 else len(_utf_16(text)) // 2


def _lay_out(text: str, header: int) -> tuple[Encoding, int, list[str]]:
    """The encoding, units and segments of a normalised text."""
    encoding: Encoding = UCS_2 if outside_gsm.search(text) else GSM_7
    capacity = _capacity(encoding, header)
    if encoding == GSM_7:
        septets = _septets(text)
        units, parts = len(septets), _gsm_parts(septets, capacity)
    else:
        octets = _utf_16(text)
        units, parts = len(octets) // 2, _ucs2_parts(text, octets, capacity)
    if units <= _SINGLE[encoding]:
        return encoding, units, [text] if text else []
    return encoding, units, list(parts)


def _septets(text: str) -> str:
    """A GSM text, each extension character behind its escape."""
    for character in EXTENSION:
        if character in text:
            text = text.replace(character, _ESCAPE + character)
    return text


def _gsm_parts(septets: str, capacity: int) -> Iterator[str]:
    start = 0
    while start < len(septets):
        end = start + capacity
        if septets[end - 1 : end] == _ESCAPE:
            end -= 1
        yield septets[start:end].replace(_ESCAPE, "")
        start = end


def _utf_16(text: str) -> bytes:
    # A lone surrogate becomes "?": it is one unit, and must not make a pair with what follows it.
    return utf_16_le_encode(text, "replace")[0]


def _ucs2_parts(text: str, octets: bytes, capacity: int) -> Iterator[str]:
    length, window = len(text), 2 * capacity
    start = at = 0
    while start < length:
        # Decoding stops before half a pair at the end; what it gives is as long as this part of the text.
        part, used = utf_16_le_decode(octets[at : at + window], "strict", False)
        end = start + len(part)
        if end < length and (text[end] in BINDS_LAST or text[end - 1] in BINDS_NEXT):
            cluster = straddling(text, start, end, capacity)
            if cluster and cluster.start() > start and len(_utf_16(cluster[0])) <= window:
                used -= len(_utf_16(text[cluster.start() : end]))
                end = cluster.start()
        yield text[start:end]
        start, at = end, at + used
