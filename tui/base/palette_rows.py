"""The palette's rows: a name, quietly what it is for, and at the right its key."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from tui.base.finds import Find
from tui.i18n.language import Language
from tui.i18n.sanitize import literal

WIDEST = 100
"""Columns of the palette where there is room."""
AROUND = 7
"""Columns of its frame, its padding and the scrollbar."""
LONGEST_LABEL = 44
"""Columns of a name beside which a description stands."""
LABELS, WIDE = 20, 60
"""Columns at which descriptions begin, where the palette has so many."""
LEAST_ABOUT = 12
"""Columns below which a description says nothing."""


def heading(name: str, *, first: bool) -> Content:
    """The name of a group, apart from the group above."""
    return Content("" if first else "\n") + Content.styled(name, "$quiet bold")


def row(language: Language, variables: Mapping[str, str], find: Find, width: int) -> Content:
    """One row of so many columns. What can't be done now says why, in the colour of what is off."""
    off = find.why_not is not None
    about = language.say(find.why_not) if find.why_not is not None else find.about
    key = Content.styled(find.key, "$off" if off else f"bold {variables['footer-key-foreground']}")
    room = width - (key.cell_length + 2 if find.key else 0)
    label = literal(find.label)
    most = min(LONGEST_LABEL, max(room // 2, room - LEAST_ABOUT)) if about else room
    label = label.truncate(min(most, room), ellipsis=True).stylize("$off" if off else "")
    if about and width >= WIDE:
        label = label.pad_right(max(LABELS - label.cell_length, 0))
    left = room - label.cell_length - 3
    if about and left >= LEAST_ABOUT:
        label += Content("   ") + literal(about).truncate(left, ellipsis=True).stylize("$quiet")
    return label.pad_right(width - key.cell_length - label.cell_length) + key
