"""What a benchmark says: a figure a line, as one Markdown table."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Figure(NamedTuple):
    """One comparison, made in one run on one machine.

    ours, peer, ratio: as they are to be read, with units; ratio is ours to the peer's. bound: what the ratio
    may come to, such as "at most 1.6"; empty where the figure is only told. met: whether the bound is kept.
    """

    what: str
    ours: str
    peer: str
    ratio: str
    bound: str
    met: bool

    @classmethod
    def of_times(cls, what: str, ours: float, peer_name: str, peer: float, bound: float | None) -> Figure:
        """Two durations in seconds, of which ours may be at most `bound` times the peer's."""
        return cls(
            what,
            duration(ours),
            f"{peer_name}: {duration(peer)}",
            f"{ours / peer:.2f}",
            "" if bound is None else f"at most {bound:g}",
            bound is None or ours <= bound * peer,
        )

    @classmethod
    def of_rates(cls, what: str, ours: float, peer_name: str, peer: float, bound: float) -> Figure:
        """Two rates in calls a second, of which ours must be at least `bound` times the peer's."""
        return cls(
            what,
            f"{ours:,.0f} a second",
            f"{peer_name}: {peer:,.0f} a second",
            f"{ours / peer:,.1f}",
            f"at least {bound:g}",
            ours >= bound * peer,
        )


def duration(seconds: float) -> str:
    """A duration in the unit in which it has one to three digits before the point."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def machine() -> str:
    """The machine and the versions that the figures hang on."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        names = [line.partition(": ")[2] for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def print_table(figures: Sequence[Figure]) -> None:
    """The figures as Markdown, below the machine's name."""
    print(f"Measured on: {machine()}.\n")
    print("| What | Textmeter | Compared with | Ratio | Bound | Kept |")
    print("|---|--:|--:|--:|--:|---|")
    for figure in figures:
        kept = ("yes" if figure.met else "**no**") if figure.bound else ""
        print(f"| {' | '.join(figure[:5])} | {kept} |")
