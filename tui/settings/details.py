"""The pane beside a list: all that is known of the line under the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tui.i18n.cells import left
from tui.i18n.sanitize import literal


def details(title: str, facts: Sequence[tuple[str, str]], *about: str) -> Content:
    """A title, what it is called and how it is, in two columns, and what is to be said of it. What is empty
    is left out."""
    facts = [fact for fact in facts if fact[1]]
    width = max((Content(label).cell_length for label, _ in facts), default=0) + 3
    return Content("\n").join(
        [
            literal(title).stylize("bold"),
            Content(""),
            *(Content.assemble((left(label, width), "$quiet"), literal(value)) for label, value in facts),
            Content(""),
            *(literal(said, lines=True) for said in about if said),
        ]
    )
