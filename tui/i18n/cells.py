"""Columns of text in cells, of which a Chinese or Japanese letter takes two. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len


def left(text: str, width: int) -> str:
    """A text at the left edge of so many cells; a longer one as it is."""
    return text + " " * (width - cell_len(text))


def right(text: str, width: int) -> str:
    """Likewise at the right edge."""
    return " " * (width - cell_len(text)) + text


def widest(texts: Iterable[str]) -> int:
    """The cells that the widest of some texts takes; 0 where there is none."""
    return max(map(cell_len, texts), default=0)
