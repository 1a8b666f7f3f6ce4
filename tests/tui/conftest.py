"""Pictures of screens, compared with those that somebody looked at and kept."""

from __future__ import annotations

import tomllib
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot

from tests.tui.harness import press, settled
from tui.app import TextmeterApp
from tui.demo import callers

PROJECT = Path(__file__).parent.parent.parent / "pyproject.toml"

Snap = Callable[..., bool]

# Every app of a test would parse the same styles, five times, which takes a tenth of its time: a process does
# it once for each set of colours.
_parse = Stylesheet._parse_rules
_parsed: dict[tuple[object, ...], list[RuleSet]] = {}


def _parsed_once(sheet: Stylesheet, css: str, *given: Any, **named: Any) -> list[RuleSet]:
    key = css, given, tuple(named.items()), tuple(sheet._variables.items())
    if key not in _parsed:
        _parsed[key] = _parse(sheet, css, *given, **named)
    return _parsed[key]


Stylesheet._parse_rules = _parsed_once  # type: ignore[assignment, method-assign]

# Nobody writes while a test looks at demo data, however long it takes.
callers.EVERY = 1_000_000.0


def pytest_configure(config: pytest.Config) -> None:
    """Refuses to write pictures with another Textual than the one that the project pins."""
    if not config.getoption("update_snapshots", default=False):
        return
    dependencies = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    for library in ("textual", "rich"):
        if f"{library}=={version(library)}" not in dependencies:
            raise pytest.UsageError(
                f"Pictures are made with the {library} that pyproject.toml pins; this is {version(library)}."
            )


@pytest.fixture
def snap(snap_compare: Callable[..., bool]) -> Snap:
    """snap(app, size=(120, 36), keys=(), before=None): whether the app, settled and after these keys, looks
    as kept.

    before: an async function of the pilot that does what keys can't.
    """

    def compare(
        app: TextmeterApp,
        size: tuple[int, int] = (120, 36),
        keys: tuple[str, ...] = (),
        before: Callable[[Pilot[Any]], Awaitable[None]] | None = None,
    ) -> bool:
        async def act(pilot: Pilot[Any]) -> None:
            await settled(pilot)
            await press(pilot, *keys)
            if before is not None:
                await before(pilot)
                await settled(pilot)

        return snap_compare(app, terminal_size=size, run_before=act)

    return compare
