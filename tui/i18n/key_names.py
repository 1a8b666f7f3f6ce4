"""How keys are called where they are shown: as keyboards have them, in the session's language."""

from __future__ import annotations

from collections.abc import Callable

from store.sentences import N_

NAMES = {
    "escape": N_("Esc"),
    "enter": N_("Enter"),
    "space": N_("Space"),
    "tab": N_("Tab"),
    "delete": N_("Del"),
    "insert": N_("Ins"),
    "backspace": N_("Backspace"),
    "pageup": N_("PgUp"),
    "pagedown": N_("PgDn"),
    "slash": "/",
}
"""Those with a name of their own, by Textual's."""


def shown(key: str, gettext: Callable[[str], str]) -> str:
    """A key as it is shown: F1, ^P, Shift+F2, Esc, "+", and letters as they are typed; two that follow one
    another with a space between them ("g i").

    key: as Textual has it, "ctrl+p"; of several ("f2,g h") the first. gettext: the session's.
    """
    first = key.partition(",")[0]
    return " ".join(_one(part, gettext) for part in first.split())


def _one(key: str, gettext: Callable[[str], str]) -> str:
    *modifiers, key = key.split("+")
    if key in NAMES:
        name = gettext(NAMES[key])
    elif key[1:].isdecimal():
        name = key.upper()
    elif len(key) == 1:
        name = key
    else:
        from textual.keys import format_key  # commands that name only letters do without Textual

        name = format_key(key)
    for modifier in reversed(modifiers):
        name = f"^{name.upper()}" if modifier == "ctrl" else f"{modifier.title()}+{name}"
    return name
