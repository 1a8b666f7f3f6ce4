"""How the history's lines are drawn, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from store.credits.history_index import Survey
from store.sentences import N_
from tui.history.search import Line, about, happened
from tui.i18n.language import Language
from tui.i18n.sanitize import literal

NARROW = 50
"""Cells below which a day is written in figures."""
FOR_WHO = 90
"""Cells from which on a line has room for who did it."""
LONGEST_WHO = 20


def columns(language: Language, width: int) -> Content:
    """The columns' names."""
    _ = language.gettext
    return _row(_("Day"), Content(_("What happened")), Content(_("Change")), _("Left"), width)


def drawn(language: Language, variables: Mapping[str, str], line: Line, width: int) -> Content:
    """One line. variables: the theme's."""
    entry = line.entry
    change = Content(language.signed(entry.delta))
    if entry.delta > 0:
        change = Content.styled(language.signed(entry.delta), variables["success"])
    quiet = variables["quiet"]
    beside = literal(" ".join(about(language, line).split())).stylize(quiet)
    what = Content.assemble(happened(language, line), "  ", beside)
    if entry.person and width >= FOR_WHO:
        by = literal(language.gettext("by {name}").format(name=entry.person)).truncate(
            LONGEST_WHO, ellipsis=True
        )
        what = (
            what.truncate(_room(width) - by.cell_length - 2, ellipsis=True, pad=True)
            + "  "
            + by.stylize(quiet)
        )
    on = language.day(entry.on, "short" if width < NARROW else "medium")
    return _row(on, what, change, language.number(entry.balance), width)


def sums(language: Language, survey: Survey | None, style: str, *, narrow: bool) -> Content:
    """What the lines shown come to. survey None: it isn't known yet. style: of the numbers."""
    _ = language.gettext
    known = {_(label): "…" for label in (N_("Received"), N_("Used"), N_("Expired"), N_("Left"))}
    if survey:
        credits = [
            (_("Received"), survey.received),
            (_("Used"), survey.used),
            (_("Given back"), survey.given_back or None),
            (_("Expired"), survey.expired),
            (_("Taken away"), survey.taken_away or None),
            (_("Left"), survey.left),
        ]
        known = {label: language.number(each) for label, each in credits if each is not None}
    return Content("  " if narrow else "   ").join(
        [
            Content.assemble((f"{label}\N{NO-BREAK SPACE}", "$quiet"), (number, style))
            for label, number in known.items()
        ]
    )


def _row(day: str, what: Content, change: Content, left: str, width: int) -> Content:
    """Day and words from the left, numbers at the right, one column under the other."""
    number_width = _number_width(width)
    return Content.assemble(
        Content(day).truncate(_day_width(width), pad=True),
        what.truncate(_room(width), ellipsis=True, pad=True),
        change.pad_left(max(number_width - change.cell_length, 0)),
        Content(left).pad_left(max(number_width - Content(left).cell_length, 0)),
    )


def _number_width(width: int) -> int:
    return 11 if width >= 70 else 9 if width >= NARROW else 8


def _day_width(width: int) -> int:
    return 14 if width >= NARROW else 9


def _room(width: int) -> int:
    """Cells for what happened."""
    return max(width - _day_width(width) - 2 * _number_width(width), 0)
