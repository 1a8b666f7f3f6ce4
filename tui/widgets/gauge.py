"""A bar that shows a share: by its length first, by a colour only beside that."""

from __future__ import annotations

from textual.content import Content

_EIGHTHS = " ▏▎▍▌▋▊▉"


def gauge(permille: int, width: int, style: str) -> Content:
    """A bar of `width` cells within two end marks, filled to `permille` thousandths.

    Anything used shows at least an eighth of a cell, and only all of it fills the bar.
    """
    eighths = min(max(permille, 0), 1000) * width * 8 // 1000
    if permille > 0:
        eighths = max(eighths, 1)
    full, part = divmod(eighths, 8)
    filled = "█" * full + (_EIGHTHS[part] if part else "")
    return Content.assemble("▕", (filled, style), ("░" * (width - len(filled)), f"{style} 30%"), "▏")
