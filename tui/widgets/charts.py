"""Numbers as drawings: bars by eighths of a cell, one beside the other or one in a line, a gauge of a share,
large digits. Strings but for the gauge, so that commands print them without Textual."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.content import Content

_UPWARD = "▁▂▃▄▅▆▇█"
_RIGHTWARD = "▎▎▍▌▋▊▉█"  # an eighth is what ends a gauge

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
}
_SPACE = (" ", " ", " ")


WIDEST = 3
"""Cells of a bar at most: a wider one is a slab, however much room there is."""


def bar_width(count: int, width: int) -> int:
    """How many cells each of so many bars takes, with the gap after it, where there are `width` in all: of a
    bar that bears no label."""
    return min(max(width // max(count, 1), 1), WIDEST + 1)


def bars(values: Sequence[int | None], width: int, height: int, *, top: int = 0) -> list[str]:
    """`height` lines, top first, with a bar for each value. Each has its share of `width` cells, of which the
    bar itself takes three at most.

    The highest value, or `top` where that is higher, fills the height; whatever is above nothing shows at
    least an eighth of a cell, nothing (or less) is a dot, and what isn't known yet (None) stays empty.
    """
    unit = max(width // max(len(values), 1), 1)
    fill = min(unit - 1, WIDEST) if unit > 1 else 1
    top = max(top, max((value for value in values if value), default=0))
    lines = []
    for row in reversed(range(height)):
        cells = []
        for value in values:
            eighths = max(-(-value * height * 8 // top), 1) if value and value > 0 else 0
            here = min(max(eighths - row * 8, 0), 8)
            if value is not None and value <= 0 and row == 0:
                cells.append("·".ljust(unit))
            else:
                cells.append(((_UPWARD[here - 1] if here else " ") * fill).ljust(unit))
        lines.append("".join(cells)[: len(values) * unit - (unit > 1)])
    return lines


def bar(value: int, top: int, width: int) -> str:
    """One bar to the right, up to `width` cells, which `top` fills; whatever is above nothing shows at least
    an eighth of a cell, and nothing is a dot."""
    if value <= 0:
        return "·"
    full, part = divmod(max(value * width * 8 // max(top, value), 1), 8)
    return "█" * full + (_RIGHTWARD[part - 1] if part else "")


def gauge(permille: int, width: int, style: str) -> Content:
    """A bar of `width` cells within two end marks, filled to `permille` thousandths: it shows a share by its
    length first, by a colour only beside that.

    Anything used shows at least an eighth of a cell, and only all of it fills the bar.
    """
    from textual.content import Content  # commands draw no gauge

    eighths = min(max(permille, 0), 1000) * width * 8 // 1000
    if permille > 0:
        eighths = max(eighths, 1)
    full, part = divmod(eighths, 8)
    filled = "█" * full + (_RIGHTWARD[part - 1] if part else "")
    return Content.assemble("▕", (filled, style), ("░" * (width - len(filled)), f"{style} 30%"), "▏")


def large(number: str) -> list[str]:
    """Three lines of equal width that show a formatted number, for the one that people look for first.
    Whatever separates its groups is a gap, as a narrow space (U+202F) is: a dot there would look decimal."""
    glyphs = [_GLYPHS.get(character, _SPACE) for character in number]
    return [" ".join(glyph[line] for glyph in glyphs) for line in range(3)]
