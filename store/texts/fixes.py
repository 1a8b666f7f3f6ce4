"""What can be done about characters that make a text Unicode: substitutes, and leaving out what only
adorns.
"""

from __future__ import annotations

import unicodedata

from store.texts import replacements
from store.texts.alphabet import normalise
from store.texts.graphemes import costly
from store.texts.replacements import Replacement


def fixes(text: str) -> list[Replacement]:
    """The replacements of a normalised text, in order; an emoji or symbol without a substitute goes, with
    the space that would be left over beside it. Letters and numbers are never left out.
    """
    text = normalise(text)
    found = list(replacements.find(text))
    substituted = {replacement.at for replacement in found}
    done = opens = 0
    for start, end in costly(text):
        begins = start in (0, opens) or text[start - 1] == "\n"
        if substituted.isdisjoint(range(start, end)) and _is_ornament(text[start:end]):
            if begins and text[end : end + 1] == " ":
                end += 1
            elif start > done and text[start - 1] == " " and text[end : end + 1] in ("", " ", "\n"):
                start -= 1
            found.append(Replacement(start, text[start:end], ""))
            opens = end if begins else 0  # of the line nothing is left so far
        done = end
    return sorted(found)


def _is_ornament(cluster: str) -> bool:
    return all(
        unicodedata.category(character)[0] in "SPC" or 0xFE00 <= ord(character) <= 0xFE0F
        for character in cluster
    )
