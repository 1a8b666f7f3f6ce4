"""Grapheme clusters, what a reader takes for one character: where a text in UCS-2 must not be cut, nor a
cursor stand.

These are the extended grapheme clusters of Unicode 10.0 (UAX #29, revision 31, GraphemeBreakProperty.txt),
the version by which the reference calculator counts; like it, they let one mark at most follow a flag, and
one stand before an emoji's skin tone. Being fixed, they give a text one price on every machine: the tables of
Python and of libraries grow with each release. Whoever writes has emoji that are newer, and of these none is
taken apart either (`cluster_edges`).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise

from store.texts.alphabet import normalise, outside_gsm

_CONTROL = """
0-1F 7F-9F AD 61C 180E 200B 200E-200F 2028-202E 2060-206F D800-DFFF FEFF FFF0-FFFB 1BCA0-1BCA3 1D173-1D17A
E0000-E001F E0080-E00FF E01F0-E0FFF
"""
_PREPEND = "600-605 6DD 70F 8E2 D4E 110BD 111C2-111C3 11A3A 11A86-11A89 11D46"
# Extend and SpacingMark: with the zero-width joiner, what no cluster starts with except after a control.
_MARK = """
300-36F 483-489 591-5BD 5BF 5C1-5C2 5C4-5C5 5C7 610-61A 64B-65F 670 6D6-6DC 6DF-6E4 6E7-6E8 6EA-6ED 711
730-74A 7A6-7B0 7EB-7F3 816-819 81B-823 825-827 829-82D 859-85B 8D4-8E1 8E3-903 93A-93C 93E-94F 951-957
962-963 981-983 9BC 9BE-9C4 9C7-9C8 9CB-9CD 9D7 9E2-9E3 A01-A03 A3C A3E-A42 A47-A48 A4B-A4D A51 A70-A71 A75
A81-A83 ABC ABE-AC5 AC7-AC9 ACB-ACD AE2-AE3 AFA-AFF B01-B03 B3C B3E-B44 B47-B48 B4B-B4D B56-B57 B62-B63 B82
BBE-BC2 BC6-BC8 BCA-BCD BD7 C00-C03 C3E-C44 C46-C48 C4A-C4D C55-C56 C62-C63 C81-C83 CBC CBE-CC4 CC6-CC8
CCA-CCD CD5-CD6 CE2-CE3 D00-D03 D3B-D3C D3E-D44 D46-D48 D4A-D4D D57 D62-D63 D82-D83 DCA DCF-DD4 DD6 DD8-DDF
DF2-DF3 E31 E33-E3A E47-E4E EB1 EB3-EB9 EBB-EBC EC8-ECD F18-F19 F35 F37 F39 F3E-F3F F71-F84 F86-F87 F8D-F97
F99-FBC FC6 102D-1037 1039-103E 1056-1059 105E-1060 1071-1074 1082 1084-1086 108D 109D 135D-135F 1712-1714
1732-1734 1752-1753 1772-1773 17B4-17D3 17DD 180B-180D 1885-1886 18A9 1920-192B 1930-193B 1A17-1A1B
1A55-1A5E 1A60 1A62 1A65-1A7C 1A7F 1AB0-1ABE 1B00-1B04 1B34-1B44 1B6B-1B73 1B80-1B82 1BA1-1BAD 1BE6-1BF3
1C24-1C37 1CD0-1CD2 1CD4-1CE8 1CED 1CF2-1CF4 1CF7-1CF9 1DC0-1DF9 1DFB-1DFF 200C 20D0-20F0 2CEF-2CF1 2D7F
2DE0-2DFF 302A-302F 3099-309A A66F-A672 A674-A67D A69E-A69F A6F0-A6F1 A802 A806 A80B A823-A827 A880-A881
A8B4-A8C5 A8E0-A8F1 A926-A92D A947-A953 A980-A983 A9B3-A9C0 A9E5 AA29-AA36 AA43 AA4C-AA4D AA7C AAB0
AAB2-AAB4 AAB7-AAB8 AABE-AABF AAC1 AAEB-AAEF AAF5-AAF6 ABE3-ABEA ABEC-ABED FB1E FE00-FE0F FE20-FE2F
FF9E-FF9F 101FD 102E0 10376-1037A 10A01-10A03 10A05-10A06 10A0C-10A0F 10A38-10A3A 10A3F 10AE5-10AE6
11000-11002 11038-11046 1107F-11082 110B0-110BA 11100-11102 11127-11134 11173 11180-11182 111B3-111C0
111CA-111CC 1122C-11237 1123E 112DF-112EA 11300-11303 1133C 1133E-11344 11347-11348 1134B-1134D 11357
11362-11363 11366-1136C 11370-11374 11435-11446 114B0-114C3 115AF-115B5 115B8-115C0 115DC-115DD 11630-11640
116AB-116B7 1171D-1172B 11A01-11A0A 11A33-11A39 11A3B-11A3E 11A47 11A51-11A5B 11A8A-11A99 11C2F-11C36
11C38-11C3F 11C92-11CA7 11CA9-11CB6 11D31-11D36 11D3A 11D3C-11D3D 11D3F-11D45 11D47 16AF0-16AF4 16B30-16B36
16F51-16F7E 16F8F-16F92 1BC9D-1BC9E 1D165-1D169 1D16D-1D172 1D17B-1D182 1D185-1D18B 1D1AA-1D1AD 1D242-1D244
1DA00-1DA36 1DA3B-1DA6C 1DA75 1DA84 1DA9B-1DA9F 1DAA1-1DAAF 1E000-1E006 1E008-1E018 1E01B-1E021 1E023-1E024
1E026-1E02A 1E8D0-1E8D6 1E944-1E94A E0020-E007F E0100-E01EF
"""
_JOINER = "200D"
_FAMILY = "1F466-1F469"
_MODIFIED = """
261D 26F9 270A-270D 1F385 1F3C2-1F3C4 1F3C7 1F3CA-1F3CC 1F442-1F443 1F446-1F450 1F46E 1F470-1F478 1F47C
1F481-1F483 1F485-1F487 1F4AA 1F574-1F575 1F57A 1F590 1F595-1F596 1F645-1F647 1F64B-1F64F 1F6A3 1F6B4-1F6B6
1F6C0 1F6CC 1F918-1F91C 1F91E-1F91F 1F926 1F930-1F939 1F93D-1F93E 1F9D1-1F9DD 1F466-1F469
"""
_MODIFIER = "1F3FB-1F3FF"
_GLUED = """
2640 2642 2695-2696 2708 2764 1F308 1F33E 1F373 1F393 1F3A4 1F3A8 1F3EB 1F3ED 1F48B 1F4BB-1F4BC 1F527 1F52C
1F5E8 1F680 1F692 1F466-1F469
"""
_FLAG = "1F1E6-1F1FF"
_LEADING = "1100-115F A960-A97C"
_VOWEL = "1160-11A7 D7B0-D7C6"
_TRAILING = "11A8-11FF D7CB-D7FB"
_SYLLABLE = "AC00-D7A3"
_OPEN_SYLLABLE = " ".join(f"{code:X}" for code in range(0xAC00, 0xD7A4, 28))


def _bounds(*tables: str) -> Iterator[tuple[int, int]]:
    """The ranges that tables name, by hexadecimal code points, both ends included."""
    for entry in " ".join(tables).split():
        first, _, last = entry.partition("-")
        yield int(first, 16), int(last or first, 16)


def _class(*tables: str, negated: bool = False) -> str:
    ranges = "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in _bounds(*tables))
    return f"[{'^' * negated}{ranges}]"


def _characters(*tables: str) -> frozenset[str]:
    return frozenset(chr(code) for first, last in _bounds(*tables) for code in range(first, last + 1))


# There is a boundary between two characters for certain, unless the first binds the next or the second binds
# the last. (Sets, since a pattern takes ten times as long.)
BINDS_NEXT = _characters(_PREPEND, _LEADING, _JOINER)
BINDS_LAST = _characters(_MARK, _JOINER, _MODIFIER, _FLAG, _VOWEL, _TRAILING)
_TONES = _characters(_MODIFIER)
_FLAGS = _characters(_FLAG)


def straddling(text: str, start: int, cut: int, longest: int) -> re.Match[str] | None:
    """The cluster that a cut before text[cut] would tear apart, or None.

    start: where a cluster is known to begin. longest: a cluster of more characters may come shortened, but
    longer than that.
    """
    sure = cut
    while sure > start and (text[sure - 1] in BINDS_NEXT or text[sure] in BINDS_LAST):
        sure -= 1
    found = _cluster().finditer(text, sure, cut + longest)
    cluster = next(cluster for cluster in found if cluster.end() > cut)
    return cluster if cluster.start() < cut else None


@lru_cache(maxsize=128)
def cluster_edges(line: str) -> range | tuple[int, ...]:
    """Where the clusters of a line begin, and its end.

    What `straddling` keeps whole is whole here too, and so are emoji that are put together in ways that its
    tables don't know yet.
    """
    if line.isascii() or (BINDS_LAST.isdisjoint(line) and BINDS_NEXT.isdisjoint(line)):
        return range(len(line) + 1)
    sure = (at for at in range(1, len(line)) if line[at] not in BINDS_LAST and line[at - 1] not in BINDS_NEXT)
    edges: list[int] = []
    for start, end in pairwise((0, *sure, len(line))):
        if end == start + 1:
            edges.append(start)
        else:
            found = (cluster.start() for cluster in _cluster().finditer(line, start, end))
            edges.extend(at for at in found if at == start or not _within_an_emoji(line, at))
    return (*edges, len(line))


def _within_an_emoji(line: str, at: int) -> bool:
    """Whether what stands before line[at] is joined to it, or toned by it."""
    if line[at - 1] == "\u200d":
        return _is_symbol(line[at])
    return line[at] in _TONES and _is_symbol(line[at - 1])


def _is_symbol(character: str) -> bool:
    """Whether it may be a part of an emoji; letters of flags are none."""
    return unicodedata.category(character)[0] == "S" and not character.isascii() and character not in _FLAGS


def edge_before(line: str, column: int) -> int:
    """The nearest edge at or before a column."""
    edges = cluster_edges(line)
    return edges[bisect_right(edges, column) - 1]


def edge_after(line: str, column: int) -> int:
    """The nearest edge at or after a column."""
    edges = cluster_edges(line)
    return edges[min(bisect_left(edges, column), len(edges) - 1)]


def costly(line: str) -> list[tuple[int, int]]:
    """Start and end of the clusters that are not in GSM, and so turn a text to UCS-2."""
    if not outside_gsm.search(line):
        return []
    return [
        (start, end)
        for start, end in pairwise(cluster_edges(line))
        if outside_gsm.search(normalise(line[start:end]))
    ]


@cache
def _cluster() -> re.Pattern[str]:
    """Matches one cluster. It takes milliseconds to compile, and few texts need it."""
    prepend, flag, joining = _class(_PREPEND), _class(_FLAG), _class(_MARK, _JOINER)
    toned = f"{_class(_MARK)}?{_class(_MODIFIER)}"
    leading, vowel, trailing = _class(_LEADING), _class(_VOWEL), _class(_TRAILING)
    syllable = rf"(?: {_class(_OPEN_SYLLABLE)} {vowel}* | {vowel}+ | {_class(_SYLLABLE)} )"
    return re.compile(
        rf"""
        {_class(_CONTROL)}
        | (?: {flag} | {prepend}+ ) {flag} {joining}?
        | {prepend}*
          (?: {_class(_MODIFIED)} {toned}
            | {leading}* {syllable} {trailing}*
            | {leading}+
            | {trailing}+
            | {_class(_CONTROL, negated=True)}
          )
          (?: {joining} | (?<=\u200d) (?: {_class(_FAMILY)} {toned} | {_class(_GLUED)} ) )*
        """,
        re.VERBOSE,
    )
