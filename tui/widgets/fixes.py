"""What can be done about characters that make a text Unicode: substitutes, and leaving out what only
adorns.
"""

from __future__ import annotations

import unicodedata

from store.texts import replacements
from store.texts.alphabet import normalise
from store.texts.replacements import Replacement
from tui.widgets.clusters import costly


def fixes(text: str) -> list[Replacement]:
    """The replacements of a normalised text, in order; an emoji or symbol without a substitute goes, with
    the space that would be left over beside it. Letters and numbers are never left out.
    """
    text = normalise(text)
    found = list(replacements.find(text))
    substituted = {replacement.at for replacement in found}
    done = 0
    for start, end in costly(text):
        if substituted.isdisjoint(range(start, end)) and _is_ornament(text[start:end]):
            ends_a_word = end == len(text) or text[end] in " \n"
            if start > done and text[start - 1] == " " and ends_a_word:
                start -= 1
            elif (start == 0 or text[start - 1] == "\n") and text[end : end + 1] == " ":
                end += 1
            found.append(Replacement(start, text[start:end], ""))
        done = end
    return sorted(found)


def _is_ornament(cluster: str) -> bool:
    return all(
        unicodedata.category(character)[0] in "SPC" or 0xFE00 <= ord(character) <= 0xFE0F
        for character in cluster
    )
