"""What is too long for one message goes as several, cut at a word (rules, 1). Pure."""

from __future__ import annotations

from store.texts.alphabet import normalise
from store.texts.graphemes import edge_before

MOST_CHARACTERS = 1_600
"""Of one message, counted as it is sent."""

_LONGEST_CLUSTER = 64
_GAPS = " \n\t"


def parts(text: str) -> list[str]:
    """The messages that a text goes as, normalised: one, unless it has more than `MOST_CHARACTERS`.

    A cut takes the space or line end at which it is made with it. A word that is longer than a message is cut
    between two grapheme clusters.
    """
    rest, found = normalise(text), list[str]()
    while len(rest) > MOST_CHARACTERS:
        cut = max(rest.rfind(gap, 0, MOST_CHARACTERS + 1) for gap in _GAPS)
        if cut < 1:
            cut = edge_before(rest[: MOST_CHARACTERS + _LONGEST_CLUSTER], MOST_CHARACTERS) or MOST_CHARACTERS
        found.append(rest[:cut].rstrip(_GAPS))
        rest = rest[cut:].lstrip(_GAPS)
    found.append(rest)
    return [part for part in found if part] or [""]
