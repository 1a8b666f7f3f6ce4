"""How the history's lines are drawn, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from store.credits.history_index import Survey
from store.sentences import N_
from tui.history.presentation import cause_words
from tui.history.search import Line, about
from tui.i18n.language import Language
from tui.i18n.sanitize import literal


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
    beside = literal(about(language, line)).stylize(f"{variables['foreground']} 60%")
    what = Content.assemble(cause_words(language, entry), "  ", beside)
    return _row(language.day(entry.on), what, change, language.number(entry.balance), width)


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
            Content.assemble((f"{label}\N{NO-BREAK SPACE}", "dim"), (number, style))
            for label, number in known.items()
        ]
    )


def _row(day: str, what: Content, change: Content, left: str, width: int) -> Content:
    """Day and words from the left, numbers at the right, one column under the other."""
    day_width, number_width = 14, 11 if width >= 70 else 9
    room = max(width - day_width - 2 * number_width, 0)
    return Content.assemble(
        Content(day).truncate(day_width, pad=True),
        what.truncate(room, ellipsis=True, pad=True),
        change.pad_left(max(number_width - change.cell_length, 0)),
        Content(left).pad_left(max(number_width - Content(left).cell_length, 0)),
    )
