"""How well a colour is read on another, by WCAG 2. Colours are #rrggbb. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

TEXT = 4.5
"""The least contrast of text; see `HIGH`."""
HIGH = 7.0
"""The least contrast of text in high contrast."""
OFF = 3.0
"""The least contrast of what can't be done now, which needs none by WCAG, and of signs that are no text."""
_STEP = 0.02


@lru_cache(maxsize=512)
def luminance(colour: str) -> float:
    """A colour's relative luminance, from 0 for black to 1 for white."""
    linear = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in _shares(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(ground: str, ink: str, share: float) -> str:
    """An ink laid over a ground, whose share of the mix goes from 0 to 1."""
    cells = zip(_shares(ground), _shares(ink), strict=True)
    return "#" + "".join(f"{round(255 * (under + (over - under) * share)):02x}" for under, over in cells)


def quieter(ink: str, grounds: Sequence[str], least: float, share: float) -> str:
    """An ink that steps back into the first ground, down to a share of itself, as far as it keeps a contrast
    on all of them."""
    while share < 1:
        mix = mixed(grounds[0], ink, share)
        if all(contrast(mix, ground) >= least for ground in grounds):
            return mix
        share += _STEP
    return ink


def marked(ground: str, colour: str, inks: Sequence[str], least: float, share: float) -> str:
    """A ground with a share of a colour in it, less where inks would lose their contrast on it."""
    while share > 0:
        mix = mixed(ground, colour, share)
        if all(contrast(ink, mix) >= least for ink in inks):
            return mix
        share -= _STEP
    return ground


def _shares(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
