"""Keys as people write them: "F5", "Ctrl+G", "^G", "Esc", "g u" or "?"."""

from __future__ import annotations

from textual.keys import format_key

from tui.base.textual_private import key_of_character
from tui.i18n.key_names import NAMES

MODIFIERS = ("alt", "ctrl", "shift", "super")
"""In the order in which Textual names them before a key."""
OTHERS = ("up", "down", "left", "right", "home", "end")
LAST_F_KEY = 24
_SHORT = {shown.casefold(): name for name, shown in NAMES.items()} | {"return": "enter"}


def typed_key(text: str) -> str | None:
    """A key as Textual names it; two that follow one another with a space between them. None for what is no
    key."""
    parts = text.split()
    if len(parts) == 2 and parts[0] == "g":
        second = _one(parts[1])
        return second and f"g {second}"
    return _one(parts[0]) if len(parts) == 1 else None


def _one(text: str) -> str | None:
    if len(text) == 2 and text[0] == "^":
        text = f"ctrl+{text[1]}"
    before, plus, name = text[:-1].rpartition("+")
    modifiers = before.casefold().split("+") if plus else []
    name += text[-1]
    if not set(modifiers) <= set(MODIFIERS):
        return None
    key = _named(name)
    return "+".join([*sorted(set(modifiers)), key]) if key else None


def _named(name: str) -> str | None:
    small = name.casefold()
    if len(name) == 1:
        return key_of_character(small) if name.isprintable() and not name.isspace() else None
    if small in _SHORT:
        return _SHORT[small]
    if small[0] == "f" and small[1:].isdecimal() and small.isascii():
        return small if 1 <= int(small[1:]) <= LAST_F_KEY and small[1] != "0" else None
    if small in (*NAMES, *OTHERS) or len(format_key(small)) == 1:
        return small
    return None
