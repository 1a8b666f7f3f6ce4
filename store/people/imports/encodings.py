"""In which code page a text is that is no Unicode: Western Europe's, unless the letters speak for another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from charset_normalizer import CharsetMatch

_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
_SAMPLE = 20_000
"""Bytes of words that are looked at."""
_LITTLE = 200
"""Bytes that are too few to know a language by."""
_WESTERN = "cp1252"
# Of encodings that fit alike the first one counts: they stand in the order of how common they are.
_LATIN = ("cp1252", "cp1250", "cp1254", "cp1257", "cp850", "mac_roman", "cp852")
_OTHER = (
    *("cp932", "gb18030", "big5", "euc_jp", "cp949"),
    *("cp1251", "cp1253", "cp1255", "cp1256", "koi8_r", "cp866"),
)
_MOSTLY = 0.6
"""The part of foreign bytes in a word from which on it is in no Latin script."""
_MOST_CHAOS = 0.6


def code_page(data: bytes) -> str:
    """Python's name of the code page of bytes that are no UTF-8."""
    from charset_normalizer import from_bytes  # late: few files need it

    words = b" ".join(word for word in _WORD.findall(data) if not word.isascii())[:_SAMPLE]
    lines = b"\n".join(line for line in data.splitlines() if not line.isascii())[:_SAMPLE]
    if len(lines) < _LITTLE:
        lines = data[:_SAMPLE]
    foreign = sum(byte > 127 for byte in words)
    candidates = _OTHER if foreign > len(words) * _MOSTLY else _LATIN

    def matches(sample: bytes) -> dict[str, CharsetMatch]:
        found = from_bytes(
            sample, cp_isolation=list(candidates), threshold=_MOST_CHAOS, preemptive_behaviour=False
        )
        return {name: match for match in found for name in (match.encoding, *match.could_be_from_charset)}

    # What can't be is seen best in the foreign words alone, a language in whole lines.
    by_words, by_lines = matches(words), matches(lines)
    fitting = [
        (
            match.chaos,
            -by_lines[name].coherence if name in by_lines and candidates is _LATIN else 0.0,
            _small_initials(words, name),
            candidates.index(name),
        )
        for name, match in by_words.items()
        if name in candidates
    ]
    return candidates[min(fitting)[-1]] if fitting else _WESTERN


def _small_initials(sample: bytes, encoding: str) -> float:
    """The part of words that begin with a small letter: names don't, and some scripts have none."""
    words = sample.decode(encoding, "replace").split()
    return sum(word[:1].islower() for word in words) / max(len(words), 1)
