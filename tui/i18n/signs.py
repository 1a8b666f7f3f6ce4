"""Whether a terminal can show bars, lines and signs, and what stands for them where it can't: the one place
that knows. Pure.

Each sign has one in ASCII that takes as many cells, so that whatever is drawn keeps its shape.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

Translate = Callable[[str], str]

_ASCII = {
    # bars, whole and in part; large digits; gauges and the strip of segments with their ends
    "█■▇": "#",
    "▁▂▃▄": "_",
    "▅▆": "=",
    "▀▔": '"',
    "▎▍▌▋▊▉▐": "|",
    "░▒▓": ".",
    "▕": "[",
    "▏": "]",
    "┆": ":",
    # lines and frames
    "─━┄┈": "-",
    "│┃": "|",
    "╭╮╰╯┌┐└┘├┤┬┴┼▛▜▙▟▗▖▝▘": "+",
    # signs
    "●": "*",
    "○": "o",
    "▣": "&",
    "×✗": "x",
    "✓": "+",
    "▾▼↓": "v",
    "▴▲↑": "^",
    "→›": ">",
    "←‹": "<",
}
_PUNCTUATION = {
    "·…•": ".",
    "–—−‑": "-",
    "“”„«»": '"',
    "‘’‚": "'",
    "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}": " ",
}
_BETWEEN_WORDS = re.compile(r"(?<=\w )·|(?<=\w  )·|(?<=\) )·|·(?= {1,2}\w)")
"""A dot there would end a sentence."""
_DRAWINGS = str.maketrans({sign: plain for signs, plain in _ASCII.items() for sign in signs})
_ALL = _DRAWINGS | str.maketrans({sign: plain for signs, plain in _PUNCTUATION.items() for sign in signs})


def shown(environ: Mapping[str, str]) -> Translate | None:
    """What a text becomes on the terminal that these variables tell of; None where it can show all.

    The Linux console has the letters, and few of the signs. What calls itself a VT, or a locale without
    UTF-8, has ASCII. Nothing said of the locale counts as UTF-8, as in containers.
    """
    term = environ.get("TERM", "")
    if term.startswith("vt") or not _has_utf_8(environ):
        return ascii_only
    return without_drawings if term == "linux" else None


def without_drawings(text: str) -> str:
    """A text whose bars, lines and signs are in ASCII."""
    return text if text.isascii() else text.translate(_DRAWINGS)


def ascii_only(text: str) -> str:
    """A text in ASCII, as many cells wide: letters without their accents, "?" for what has no likeness."""
    if text.isascii():
        return text
    text = _BETWEEN_WORDS.sub("-", text).translate(_ALL)
    return text if text.isascii() else "".join(map(_likeness, text))


def _likeness(character: str) -> str:
    if character.isascii():
        return character
    from rich.cells import cell_len  # most terminals have no need of it

    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    width = cell_len(character)
    return plain if len(plain) == width else "?" * width


def _has_utf_8(environ: Mapping[str, str]) -> bool:
    """By the variables in their order. Python itself puts C.UTF-8 into LC_CTYPE where LANG is C."""
    coerced = environ.get("LC_CTYPE") == "C.UTF-8" and not environ.get("LC_ALL")
    names = ("LC_ALL", "LANG") if coerced and environ.get("LANG") else ("LC_ALL", "LC_CTYPE", "LANG")
    said = next((environ[name] for name in names if environ.get(name)), "utf-8").lower()
    return "utf-8" in said or "utf8" in said
