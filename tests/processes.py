"""Processes as Linux tells of them."""

from __future__ import annotations

import contextlib
from pathlib import Path


def children(pid: int) -> list[int]:
    """The ids of the processes that a process has started, of all of its threads; none where it is gone."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


def below(pid: int) -> set[int]:
    """The same, with those that they have started."""
    found = set(children(pid))
    return found.union(*map(below, found))
