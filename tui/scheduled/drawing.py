"""The lines of the list of scheduled texts, and all about one of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from textual.content import Content

from store.clock import local_date
from store.messages.model import Estimate, LeftOut, Waiting
from store.messages.schedule_model import Scheduled
from store.sentences import Sentence, sentence, sentences
from store.texts.merge import sketch
from tui.blasts.leaving import at_words, withdrawn_words
from tui.blasts.presentation import PURPOSES
from tui.i18n.cells import right
from tui.i18n.language import Language
from tui.i18n.sanitize import literal, plain
from tui.scheduled.presentation import again_words, credits_words, leaving, when_of
from tui.scheduled.queries import Line

WHEN, PEOPLE, CREDITS = 26, 7, 9
FOR_CREDITS = 54
"""Cells from which on a line has room for what it costs."""
MOST_LEFT_OUT = 8
"""Who are named that don't get it."""


def columns(language: Language, width: int) -> Content:
    """Their names."""
    _ = language.gettext
    return _row(Content(_("When")), Content(_("Text")), _("People"), _("Credits"), width)


def in_columns(line: Line, language: Language, timezone: str, now: datetime, width: int) -> Content:
    """When, the words, how many people, how many credits."""
    if not isinstance(line, Scheduled):
        when = Content(f"  {_when(line.at, language, timezone, now)}")
        count, credits = line.recipients, language.number(line.waits)
        return _row(when, literal(sketch(line.subject)), language.number(count), credits, width)
    asks = line.state is Waiting.ASKS
    sign = ("! ", "bold $warning") if asks else ("↻ ", "$primary") if line.repeat else ("  ", "")
    when = Content.assemble(sign, _when(line.next_at, language, timezone, now))
    words = literal(" ".join(sketch(line.body).split())) or Content(language.gettext("A picture"))
    credits = language.number(line.credits) if line.held else f"~{language.number(line.credits)}"
    return _row(when, words, language.number(line.people), credits, width)


def _when(at: datetime, language: Language, timezone: str, now: datetime) -> str:
    """Without the day of the week where there is a year."""
    day = local_date(at, timezone)
    if day.year == local_date(now, timezone).year:
        return at_words(at, language, timezone, now)
    return language.date_and_time(at, timezone)


def _row(when: Content, words: Content, people: str, credits: str, width: int) -> Content:
    for_credits = CREDITS if width >= FOR_CREDITS else 0
    room = max(width - WHEN - PEOPLE - for_credits - 1, 8)
    return Content.assemble(
        when.truncate(WHEN, ellipsis=True, pad=True),
        words.truncate(room, ellipsis=True, pad=True),
        right(people, PEOPLE),
        right(credits, for_credits)[:for_credits],
    )


def about(
    one: Scheduled, look: Estimate | None, language: Language, timezone: str, now: datetime
) -> list[Content]:
    """All about one: why it asks, when it leaves, what was agreed to, who gets it as things stand, and its
    words. look: None as long as that isn't known."""
    lines = []
    if (why := one.asks) is not None:
        lines.append(Content.assemble(("! ", "$warning"), (language.say(why), "$warning")))
    lines.append(Content.styled(leaving(one, language, timezone, now), "bold"))
    if (again := again_words(one, language, timezone)) and one.state is Waiting.ASKS:
        lines.append(Content(language.say(sentence("Repeats {when}.", when=again))))
    lines += [Content(language.say(says)) for says in _agreed(one)]
    if look is not None:
        lines += as_things_stand(look, language)
    return [*lines, Content(""), literal(one.body, lines=True)]


def _agreed(one: Scheduled) -> Iterator[Sentence]:
    parts = sentences("{count} person", "{count} people", one.people)
    yield sentence(
        "{purpose} · {people} · {credits}",
        purpose=Sentence(PURPOSES[one.purpose]),
        people=parts,
        credits=credits_words(one),
    )
    if one.person:
        yield sentence("Scheduled by {person}", person=plain(one.person))
    if one.later:
        yield sentence("People in quiet hours get it afterward.")
    if (withdrawn := withdrawn_words(when_of(one))) is not None:
        yield withdrawn


def as_things_stand(look: Estimate, language: Language) -> list[Content]:
    """Who gets it and what it takes, looked at anew."""
    says = sentence(
        "Now: {people}, {credits}",
        people=sentences("{count} person", "{count} people", look.recipients),
        credits=sentences("{count} credit", "{count} credits", look.credits),
    )
    lines = [Content.styled(language.say(says), "$quiet")]
    lines += [
        Content.assemble(("! ", "$warning"), (plain(language.say(problem.says)), "$warning"))
        for problem in look.problems
    ]
    out = [*look.refused, *look.left_out]
    lines += [_left_out(each, language) for each in out[:MOST_LEFT_OUT]]
    if (more := len(out) - MOST_LEFT_OUT) > 0:
        lines.append(Content(language.say(sentences("+{count} more", "+{count} more", more))))
    return lines


def _left_out(one: LeftOut, language: Language) -> Content:
    to = plain(language.phone(one.to))
    return Content.assemble(("× ", "$error"), f"{to}  ", (plain(language.say(one.reason)), "$quiet"))
