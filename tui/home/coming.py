"""What comes next, as lines of Home: when it runs out, what expires, when the plan renews, what leaves."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from tui.widgets.link_list import Row

if TYPE_CHECKING:
    from tui.home.queries import Overview
    from tui.i18n.language import Language


def coming(language: Language, overview: Overview | None, go: Callable[[str], object]) -> list[Row]:
    """A line for each, empty ones while nothing is known. go: opens a screen by its name."""
    _, say = language.gettext, language.say
    labels = ((_("Runs out"), "usage"), (_("Expires next"), "history"), (_("Renews"), "plans"))
    if overview is None:
        return [Row(label, Content(""), run=partial(go, mode)) for label, mode in labels]
    from tui.home.presentation import expires, pools, renews, runs_out

    product, balance, today = overview.product, overview.balance, overview.today
    says = (
        runs_out(language, product, overview.forecast, balance.available, today),
        expires(language, product, overview.expiry, today),
        renews(language, product, balance, today),
    )
    lines = [(label, says, mode) for (label, mode), says in zip(labels, says, strict=True)]
    if overview.planned is not None and overview.planned.sends:
        from tui.usage.presentation import planned_words

        lines.insert(0, (_("Planned"), planned_words(language, overview.planned, today), "usage"))
    if any(not one.code for one in overview.scheduled):
        from tui.scheduled.presentation import summary

        leaves = summary(overview.scheduled, language, overview.timezone, overview.now)
        lines.insert(0, (_("Scheduled"), leaves, "scheduled"))
    if balance.purchased:
        lines.insert(0, (_("Left"), pools(balance), "history"))
    return [Row(label, Content(say(words)), run=partial(go, mode)) for label, words, mode in lines]
