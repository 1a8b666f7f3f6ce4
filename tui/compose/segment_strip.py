"""The segments of a text as a strip: how full each is, and where one ends."""

from __future__ import annotations


def segment_strip(segments: int, used: int, capacity: int, width: int) -> str:
    """A strip of `width` cells: ▕■■■■■┆■■····▏.

    All segments but the last are full; used: units in the last one, of `capacity`. Anything in it shows at
    least one full cell, and only a full segment fills it. Boundaries are left out where there is no room
    for them.
    """
    count = max(segments, 1)
    room = max(width - 2, 1)
    boundary = "┆" if room >= 2 * count - 1 else ""
    cells = room - len(boundary) * (count - 1)
    edges = [cells * i // count for i in range(count + 1)]
    last = edges[-1] - edges[-2]
    filled = min(last, max(used * last // capacity, 1 if used else 0)) if capacity else 0
    parts = ["■" * (edges[i + 1] - edges[i]) for i in range(count - 1)]
    parts.append("■" * filled + "·" * (last - filled))
    return f"▕{boundary.join(parts)}▏"
