"""Grapheme clusters (Unicode Standard Annex 29): what people call a character."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache

from store.texts.segments import normalise, offenders


@lru_cache(maxsize=128)
def cluster_edges(line: str) -> range | tuple[int, ...]:
    """Where the clusters of a line begin, and its end."""
    if line.isascii():
        return range(len(line) + 1)
    import regex  # costs more than all of this module, and most texts do without

    return (*(cluster.start() for cluster in regex.finditer(r"\X", line)), len(line))


def edge_before(line: str, column: int) -> int:
    """The nearest edge at or before a column."""
    edges = cluster_edges(line)
    return edges[bisect_right(edges, column) - 1]


def edge_after(line: str, column: int) -> int:
    """The nearest edge at or after a column."""
    edges = cluster_edges(line)
    return edges[min(bisect_left(edges, column), len(edges) - 1)]


def costly(line: str) -> list[tuple[int, int]]:
    """Start and end of the clusters that are not in GSM, and so turn a text to UCS-2."""
    if not offenders(line):
        return []
    edges = cluster_edges(line)
    clusters = ((edges[i], edges[i + 1]) for i in range(len(edges) - 1))
    return [(start, end) for start, end in clusters if offenders(normalise(line[start:end]))]
