"""Charts of bars by eighths of a cell: one beside the other, or one in a line. Strings only, so that commands
print them too."""

from __future__ import annotations

from collections.abc import Sequence

_UPWARD = "▁▂▃▄▅▆▇█"
_RIGHTWARD = "▏▎▍▌▋▊▉█"


def bar_width(count: int, width: int) -> int:
    """How many cells each of so many bars takes, with the gap after it, where there are `width` in all."""
    return max(width // max(count, 1), 1)


def bars(values: Sequence[int | None], width: int, height: int, *, top: int = 0) -> list[str]:
    """`height` lines, top first, with a bar for each value, as wide as `width` cells allow.

    The highest value, or `top` where that is higher, fills the height; whatever is above nothing shows at
    least an eighth of a cell, nothing is a dot, and what isn't known yet (None) stays empty.
    """
    unit = bar_width(len(values), width)
    gap = 1 if unit > 1 else 0
    top = max(top, max((value for value in values if value), default=0))
    lines = []
    for row in reversed(range(height)):
        cells = []
        for value in values:
            eighths = max(-(-value * height * 8 // top), 1) if value else 0
            here = min(max(eighths - row * 8, 0), 8)
            if value == 0 and row == 0:
                cells.append("·".ljust(unit))
            else:
                cells.append((_UPWARD[here - 1] if here else " ") * (unit - gap) + " " * gap)
        lines.append("".join(cells)[: len(values) * unit - gap])
    return lines


def bar(value: int, top: int, width: int) -> str:
    """One bar to the right, up to `width` cells, which `top` fills; whatever is above nothing shows at least
    an eighth of a cell, and nothing is a dot."""
    if value <= 0:
        return "·"
    full, part = divmod(max(value * width * 8 // max(top, value), 1), 8)
    return "█" * full + (_RIGHTWARD[part - 1] if part else "")
