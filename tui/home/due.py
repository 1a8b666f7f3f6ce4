"""The tasks that are due, as lines of Home."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from store.sentences import sentences
from tui.home.rows import heading, named, one_line
from tui.widgets.link_list import Row

if TYPE_CHECKING:
    from store.people.tasks import Task
    from tui.home.queries import Overview
    from tui.i18n.language import Language


def due(
    language: Language,
    overview: Overview,
    tasks: Sequence[Task],
    opens: Callable[[Task], object],
    ticks: Callable[[Task], object],
) -> list[Row]:
    """How many are due, and each of them. tasks: those that are shown, ticked ones too; opens: leads to whom
    one is about; ticks: marks it as done, or takes that back."""
    if not tasks:
        return []
    from store.clock import local_date

    count = sum(task.done_at is None for task in tasks)
    rows = [heading(language.say(sentences("{count} task is due", "{count} tasks are due", count)))]
    for task in tasks:
        day = local_date(task.due_at, overview.timezone)
        today = day == overview.today
        label = language.gettext("Today") if today else language.near_day(day, overview.today)
        mark = "✓ " if task.done_at is not None else "· "
        says = Content(mark) + one_line(task.text)
        rows.append(Row(label, says, named(task.name), partial(opens, task), partial(ticks, task)))
    return rows
