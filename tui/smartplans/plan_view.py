"""A SmartPlan in lines: how it stands, and its steps with how many are where."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from store.emails.plan_model import PlanPage, StepStanding
from store.sentences import N_, sentence, sentences
from tui.blasts.presentation import PURPOSES
from tui.i18n.cells import left, right
from tui.i18n.language import Language
from tui.i18n.sanitize import literal
from tui.smartplans import presentation as words

COUNT = 9
"""Columns of a number of people."""
NARROW = 70
"""Columns below which the kind of a step and who is through with it give way."""
COUNTS = (N_("Waiting"), N_("Done"), N_("Failed"))


def head(language: Language, page: PlanPage, timezone: str) -> Content:
    """Its name, how its people stand, what comes next, and what it hangs together with."""
    about = [words.next_words(language, page.standing, timezone)]
    if page.plan.group:
        about.append(language.say(sentence("Starts for anyone added to #{group}.", group=page.plan.group)))
    if page.plan.then:
        about.append(language.say(sentence("Then starts “{plan}”.", plan=page.plan.then)))
    if page.plan.purpose:
        about.append(language.gettext(PURPOSES[page.plan.purpose]))
    states = words.states(language, page) or language.gettext("Nobody is enrolled yet.")
    lines = [literal(page.plan.name).stylize("bold"), Content(states)]
    lines.append(literal("  ·  ".join(filter(None, about))).stylize("$quiet"))
    return Content("\n").join(lines)


def columns(language: Language, width: int) -> Content:
    """The names of the columns of a plan's steps."""
    return _row(Content(language.gettext("Step")), [language.gettext(name) for name in COUNTS], width)


def step_line(language: Language, number: int, one: StepStanding, width: int) -> Content:
    """A step: "2  Day 3, 9:30  Text  Any questions?", and how many wait for it, got it, failed. Of a task
    also for how many it is to be done: "6 to do · Call Ann"."""
    step = one.step
    kind = left(language.gettext(words.KINDS[step.kind]), 8) if width >= NARROW else ""
    to_do = language.say(sentences("{count} to do", "{count} to do", one.open)) + " · " if one.open else ""
    said = Content.assemble(
        (f"{number:>2}  ", "$quiet"),
        left(language.say(words.when(step)), 14),
        (kind, "$quiet"),
        to_do,
        literal(words.summary(step)),
    )
    numbers = [language.number(count) for count in (one.waiting, one.done, one.failed)]
    return _row(said, numbers, width, failed=bool(one.failed))


def _row(said: Content, numbers: Sequence[str], width: int, *, failed: bool = False) -> Content:
    shown = [right(number, COUNT) for number in numbers]
    if width < NARROW:  # who waits and what failed says most
        shown = [shown[0], shown[2]]
    *before, last = shown
    room = max(width - COUNT * len(shown), 10)
    parts = [said.truncate(room, ellipsis=True, pad=True), *map(Content, before)]
    parts.append(Content.styled(last, "$error") if failed else Content(last))
    return Content("").join(parts)


def drawn(language: Language, page: PlanPage, timezone: str, width: int) -> Content:
    """All of it, beside the list of plans."""
    steps = [step_line(language, number, one, width) for number, one in enumerate(page.steps, 1)]
    names = columns(language, width).stylize("$quiet")
    return Content("\n").join([head(language, page, timezone), Content(""), names, *steps])
