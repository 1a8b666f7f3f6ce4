"""What tests of looks stand on: the colours that a screen really has, as its terminal shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from rich._palettes import EIGHT_BIT_PALETTE, STANDARD_PALETTE
from rich.color import Color, ColorSystem
from textual.app import App

SYSTEMS = {"256": ColorSystem.EIGHT_BIT, "standard": ColorSystem.STANDARD}
DECORATION = set("─━│┃┄┤╭╮╰╯░▕▏┆·▔▁▂▃▄▅▆▇▊▎") | set(".-|[]_=+")
"""Lines, frames, tracks and scrollbars, in ASCII too: whoever doesn't see them misses nothing. Bars, some of
whose ends are these, have whole cells too."""


class Ink(NamedTuple):
    """What stands somewhere: a text in a colour (#rrggbb) on a ground. first: its colour before the terminal
    took the nearest that it has."""

    text: str
    colour: str
    ground: str
    first: str

    @property
    def is_text(self) -> bool:
        """Whether it is read, or a sign that is seen."""
        return any(character.isalnum() for character in self.text)


def inks(app: App[Any], depth: str = "") -> Iterator[Ink]:
    """All that the present screen shows but its decoration, whatever is dimmed as it is dimmed."""
    for strip in app.screen._compositor.render_strips():
        for text, style, _ in strip:
            text = text.strip()
            if not text or set(text) <= DECORATION or style is None:
                continue
            assert not style.dim, text  # the filters have made another colour of it
            colour, ground = style.color, style.bgcolor
            assert colour is not None, text
            assert ground is not None, text
            if style.reverse:
                colour, ground = ground, colour
            first = colour.get_truecolor().hex
            yield Ink(text, nearest(first, depth), nearest(ground.get_truecolor().hex, depth), first)


def nearest(colour: str, depth: str) -> str:
    """What a terminal of so many colours shows of one."""
    if depth not in SYSTEMS:
        return colour
    number = Color.parse(colour).downgrade(SYSTEMS[depth]).number
    assert number is not None
    return (EIGHT_BIT_PALETTE if depth == "256" else STANDARD_PALETTE)[number].hex
