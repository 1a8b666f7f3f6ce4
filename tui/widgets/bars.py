"""A chart of bars: one bar a day, its height by eighths of a cell."""

from __future__ import annotations

from collections.abc import Sequence

_EIGHTHS = "▁▂▃▄▅▆▇█"


def bars(values: Sequence[int], width: int, height: int) -> list[str]:
    """`height` lines, top first, with a bar for each value, as wide as `width` cells allow.

    The highest value fills the height; whatever is above nothing shows at least an eighth of a cell, and
    nothing is a dot.
    """
    unit = max(width // max(len(values), 1), 1)
    gap = 1 if unit > 1 else 0
    top = max(values, default=0)
    lines = []
    for row in reversed(range(height)):
        cells = []
        for value in values:
            eighths = max(-(-value * height * 8 // top), 1) if value > 0 else 0
            here = min(max(eighths - row * 8, 0), 8)
            if value == 0 and row == 0:
                cells.append("·".ljust(unit))
            else:
                cells.append((_EIGHTHS[here - 1] if here else " ") * (unit - gap) + " " * gap)
        lines.append("".join(cells)[: len(values) * unit - gap])
    return lines
