"""Numbers in digits three lines high, for the one number of a screen that people look for first."""

from __future__ import annotations

HEIGHT = 3

_GLYPHS = {
    "0": ("█▀▀█", "█  █", "█▄▄█"),
    "1": ("▄█ ", " █ ", "▄█▄"),
    "2": ("▀▀▀█", "█▀▀▀", "█▄▄▄"),
    "3": ("▀▀▀█", " ▀▀█", "▄▄▄█"),
    "4": ("█  █", "▀▀▀█", "   █"),
    "5": ("█▀▀▀", "▀▀▀█", "▄▄▄█"),
    "6": ("█▀▀▀", "█▀▀█", "█▄▄█"),
    "7": ("▀▀▀█", "   █", "   █"),
    "8": ("█▀▀█", "█▀▀█", "█▄▄█"),
    "9": ("█▀▀█", "▀▀▀█", "▄▄▄█"),
    ".": (" ", " ", "▄"),
    ",": (" ", " ", "▄"),
}
_SPACE = ("", "", "")


def large(number: str) -> list[str]:
    """Three lines of equal width that show a formatted number; a separator that is a space is a wider gap."""
    glyphs = [_GLYPHS.get(character, _SPACE) for character in number]
    return [" ".join(glyph[line] for glyph in glyphs) for line in range(HEIGHT)]
