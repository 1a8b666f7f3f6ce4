"""What the key bar says is short in every language: one line has room for the keys that matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from tui.i18n.language import Language, available
from tui.keys.catalog import Catalog

TUI = Path(__file__).parent.parent.parent.parent / "tui"
MOST = 12
"""Cells of a label."""
LONGER = {"Undo this import"}
"""Labels that are longer in English, and may be as long elsewhere: what it takes back matters more than what
else has room there."""


def labels(found: Catalog) -> Iterator[str]:
    """All that the key bar may say beside a key, but for what has numbers or names in it."""
    for place in (found.everywhere, *found.places):
        for action in place.actions.values():
            if action.in_bar and action.key and action.words is None:
                yield action.label
    for file in TUI.rglob("*.py"):
        for words in re.findall(r"\bwords=lambda: .*", file.read_text(encoding="utf-8")):
            yield from re.findall(r'gettext\("([^"]+)"\)', words)


@pytest.mark.parametrize("tag", available())
def test_labels_are_short(found: Catalog, tag: str) -> None:
    said = {label: Language(tag).gettext(label) for label in labels(found)}
    assert len(said) > 100
    most = {label: cell_len(label) if label in LONGER else MOST for label in said}
    assert {label: says for label, says in said.items() if cell_len(says) > most[label]} == {}


def test_those_that_are_longer_are_there(found: Catalog) -> None:
    assert set(labels(found)) >= LONGER
