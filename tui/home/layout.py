"""How many lines each part of Home gets: what matters most first, and all of it in sight where it can be.
Pure."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of each part; 0: it isn't there.

    attention: what asks for something, such as an order that isn't paid; chart, planned: drawings; tasks,
    coming, sent, replies: lists, with their headings.
    """

    attention: int = 0
    chart: int = 0
    planned: int = 0
    tasks: int = 0
    coming: int = 0
    sent: int = 0
    replies: int = 0


NEEDED = (("attention", 1), ("tasks", 2), ("coming", 2), ("sent", 2))
"""What each gets whatever the height is: the page scrolls where even that is more."""
GROWTH = (
    ("attention", 3),
    ("coming", 8),
    ("chart", 3),
    ("tasks", 4),
    ("sent", 4),
    ("chart", 5),
    ("coming", 9),
    ("tasks", 6),
    ("planned", 5),
    ("chart", 9),
    ("sent", 6),
    ("replies", 4),
    ("attention", 9),
    ("tasks", 10),
    ("sent", 9),
    ("replies", 9),
    ("sent", 20),
    ("chart", 16),
    ("coming", 20),
)
"""Who gets the lines that are left, one after the other, and up to how many."""
LEAST = {"chart": 3, "planned": 4, "replies": 2}
"""What a part needs to be there at all: a title, a line, an axis."""


def fit(height: int, wanted: Lines) -> Lines:
    """The lines of each part, none more than it wants. height: those that there are for all of them, with an
    empty one between two parts."""
    lines = Lines()
    for step, (part, upto) in enumerate((*NEEDED, *GROWTH)):
        has, wants = getattr(lines, part), min(upto, getattr(wanted, part))
        between = 1 if not has and any(getattr(lines, other.name) for other in fields(lines)) else 0
        room = height - _taken(lines) - between
        grown = wants if step < len(NEEDED) else min(wants, has + max(room, 0))
        if grown > has and grown >= min(LEAST.get(part, 1), wants):
            lines = replace(lines, **{part: grown})
    return lines


def _taken(lines: Lines) -> int:
    """All lines, with those between."""
    each: list[int] = [getattr(lines, part.name) for part in fields(lines)]
    return sum(each) + max(sum(count > 0 for count in each) - 1, 0)
