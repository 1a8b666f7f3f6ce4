"""Draws the lines of an import."""

from __future__ import annotations

from typing import TypeAlias

from textual.content import Content

from store.people.model import Column, ImportReport, Row, Sample
from store.sentences import Sentence
from tui.base.session_app import SessionApp
from tui.contacts.import_words import OUTCOMES, PASSED_OVER, counts, field_words
from tui.i18n.cells import left
from tui.i18n.sanitize import literal

NARROW = 60
"""Columns below which a column's first values have no room."""
BECOMES, NAME, WHERE = 26, 24, 10
"""The widest that what a column becomes, a name, and the number of a row are drawn."""

Line: TypeAlias = Row | Sample | str
"""A row that is to be looked at, one with whom it makes, or a heading."""


def numbers(app: SessionApp, report: ImportReport, width: int, *, done: bool) -> Content:
    """How many rows come to what, a sign never apart from its number; those that are none are dim."""
    said = [Content(app.language.say(one)) for one in counts(report, done=done)]
    here = (report.added, report.merged, report.passed_over, report.to_look_at, report.unchanged)
    styled = [one.stylize("bold" if some else "$quiet") for one, some in zip(said, here, strict=False)]
    rows = [styled[0]]
    for one in styled[1:]:
        if rows[-1].cell_length + one.cell_length + 3 <= width:
            rows[-1] = Content.assemble(rows[-1], "   ", one)
        else:
            rows.append(one)
    return Content("\n").join(rows)


def problem(app: SessionApp, says: Sentence) -> Content:
    """Why nothing can be imported."""
    return Content.styled("× ", app.theme_variables["error"]) + literal(app.language.say(says))


def columns_head(app: SessionApp, width: int) -> Content:
    """Above the columns."""
    _ = app.language.gettext
    return _column(Content(_("Column")), Content(_("Examples")), Content(_("Becomes")), width)


def column_line(app: SessionApp, column: Column, width: int, *, to_look_at: bool) -> Content:
    """A column, what stands in it and what it becomes. to_look_at: it is marked."""
    words = Content.assemble(literal(field_words(app.language, column.field)), " ▾")
    if to_look_at:
        words = Content.styled("! ", app.theme_variables["warning"]) + words
    elif column.field is None:
        words = words.stylize("$quiet")
    else:
        words = words.stylize(app.theme_variables["primary"])
    values = " · ".join(column.values) or app.language.gettext("nothing")
    return _column(literal(column.name), literal(values).stylize("$quiet"), words, width)


def _column(name: Content, values: Content, becomes: Content, width: int) -> Content:
    last = min(BECOMES, width // 2)
    if width < NARROW:
        return name.truncate(width - last - 2, ellipsis=True, pad=True) + "  " + becomes
    first = min(NAME, width // 3)
    between = values.truncate(width - first - last - 4, ellipsis=True, pad=True)
    return Content.assemble(name.truncate(first, ellipsis=True, pad=True), "  ", between, "  ", becomes)


def row_line(app: SessionApp, line: Line, width: int) -> Content:
    """A row with what there is to say of it, or with whom it makes."""
    if isinstance(line, str):
        return Content.styled(line, "bold")
    if isinstance(line, Row):
        is_over = line.outcome in PASSED_OVER
        sign = ("× ", app.theme_variables["error"]) if is_over else ("! ", app.theme_variables["warning"])
        reason = literal(app.language.say(line.reason) if line.reason else "")
        return Content.assemble(sign, _whose(app, line.number, line.name, width), reason)
    person = line.person
    known = (
        app.language.phone(person.phone) if person.phone else "",
        person.email,
        " ".join(f"#{group}" for group in person.groups),
        "" if line.outcome == "added" else app.language.gettext(OUTCOMES[line.outcome]),
    )
    who = _whose(app, line.number, person.name, width)
    return Content.assemble("  ", who, literal("  ".join(filter(None, known))))


def _whose(app: SessionApp, number: int, name: str, width: int) -> Content:
    where = app.language.gettext("row {number}").format(number=app.language.number(number)) if number else ""
    named = literal(name).truncate(min(NAME, width // 3), ellipsis=True, pad=True)
    narrow = 8 if width < NARROW else WHERE
    return Content.assemble((left(where, narrow), "$quiet"), named, "  ")
