"""Which key is meant where the keyboard's layout isn't Latin: Ctrl+Q is the same key in Russian, though it
says Ctrl+Й."""

from __future__ import annotations

from collections.abc import Iterator

_PLACES = "qwertyuiopasdfghjklzxcvbnm"
_LAYOUTS = (
    "йцукенгшщзфывапролдячсмить",  # Russian; other Cyrillic layouts move few letters
    " ςερτυθιοπασδφγηξκλζχψωβνμ",  # Greek
    "  קראטוןםפשדגכעיחלךזסבהנמצ",  # Hebrew
    "ضصثقفغعهخحشسيبلاتنمئءؤر ىة",  # Arabic
)
_LATIN = {
    letter: key for layout in _LAYOUTS for letter, key in zip(layout, _PLACES, strict=True) if letter != " "
} | {"і": "s", "ў": "o", "ґ": "u"}  # Ukrainian and Belarusian
KEYS_IN_A_ROW = 12
"""Keys from F1 on; those that follow are these with Shift."""
_told: dict[str, str] = {}
MOST_TOLD = 200


def told(letter: str, key: str) -> None:
    """Takes what the terminal says of its keyboard: which key of the Latin layout a letter is on."""
    if len(_told) < MOST_TOLD:
        _told[letter] = key


def latin(letter: str) -> str:
    """The small Latin letter of the key that a letter is on; "" where that isn't known. A Latin letter is its
    own, small."""
    small = letter.lower()
    if small.isascii():
        return small if small.isalpha() else ""
    return _told.get(small) or _LATIN.get(small, "")


def meanings(key: str) -> Iterator[str]:
    """A key as Textual names it, then as what else it is meant where nothing has that one: "A" is "a",
    "ctrl+й" is "ctrl+q", and "f14" is "shift+f2", as which most terminals send it."""
    yield key
    if key[:1] == "f" and key[1:].isdecimal() and int(key[1:]) > KEYS_IN_A_ROW:
        yield f"shift+f{int(key[1:]) - KEYS_IN_A_ROW}"
    modifiers, plus, letter = key.rpartition("+")
    if len(letter) == 1 and (small := latin(letter)) and small != letter:
        yield f"{modifiers}{plus}{small}"
