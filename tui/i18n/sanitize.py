"""The one way for text that somebody typed, imported or received to reach a screen or a terminal.

Such text is never markup, and never a terminal's command: control and escape characters are shown as the
symbols that Unicode has for them, and the bidirectional controls, which would reorder what stands around
them, as their names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.content import Content

# U+2400.. are pictures of the C0 controls; C1 and DEL get the replacement character and DEL's own picture.
_VISIBLE: dict[int, str] = {code: chr(0x2400 + code) for code in range(0x20)}
_VISIBLE[0x7F] = "\u2421"
_VISIBLE.update(dict.fromkeys(range(0x80, 0xA0), "\ufffd"))
_VISIBLE.update(dict.fromkeys(range(0xD800, 0xE000), "\ufffd"))  # lone surrogates: no terminal takes them
_VISIBLE.update(
    {
        0x061C: "⟨ALM⟩",
        0x200E: "⟨LRM⟩",
        0x200F: "⟨RLM⟩",
        0x2028: "⏎",
        0x2029: "⏎",
        0x202A: "⟨LRE⟩",
        0x202B: "⟨RLE⟩",
        0x202C: "⟨PDF⟩",
        0x202D: "⟨LRO⟩",
        0x202E: "⟨RLO⟩",
        0x2066: "⟨LRI⟩",
        0x2067: "⟨RLI⟩",
        0x2068: "⟨FSI⟩",
        0x2069: "⟨PDI⟩",
    }
)
_VISIBLE_BUT_LINES = {code: shown for code, shown in _VISIBLE.items() if code != 0x0A}
_ONE_FOR_ONE = {code: shown if len(shown) == 1 else "\u21c4" for code, shown in _VISIBLE.items()}
_ONE_FOR_ONE.update(
    dict.fromkeys((0xAD, 0x180E, 0x200B, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0xFEFF), "\u2423")
)


def plain(text: str, *, lines: bool = False) -> str:
    """The text with all that could command a terminal made visible.

    lines: keep line feeds (a message body); otherwise all stays in one line.
    """
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_VISIBLE_BUT_LINES if lines else _VISIBLE)


def same_length(text: str) -> str:
    """One line with each such character made visible as one character, so that places in it stay the same.

    What can't be seen at all, but is there (a zero width space), is shown too.
    """
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_ONE_FOR_ONE)


def literal(text: str, *, lines: bool = False) -> Content:
    """The text as content that Textual draws as it stands: no markup, no links, no escape sequences."""
    from textual.content import Content

    return Content(plain(text, lines=lines))
