"""A language of no people, forty per cent longer than English: what has room for it has room for German."""

from __future__ import annotations

import re

from tui.i18n.language import Language

LONGER = 1.4

_SIGNS = re.compile(r"(\{[^}]*\}|`[^`]*`|F\d+|Ctrl\+\w|Esc|Enter|[A-Za-z]+)")
_MARKED = str.maketrans("aeiouyAEIOUY", "áéíóúýÁÉÍÓÚÝ")


def stretched(message: str) -> str:
    """A message with accents on its vowels, each word longer; braces and keys as they are."""

    def longer(found: re.Match[str]) -> str:
        word = found[0]
        if not word.isalpha() or word in ("Esc", "Enter"):
            return word
        more = round(len(word) * LONGER) - len(word)
        return word.translate(_MARKED) + word[-1].translate(_MARKED) * more

    return _SIGNS.sub(longer, message)


class PseudoLanguage(Language):
    """English, stretched; numbers and dates as English has them."""

    def __init__(self, home: str = "US") -> None:
        super().__init__("en", home)

    def gettext(self, message: str) -> str:
        return stretched(message)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return stretched(singular if count == 1 else plural)
