"""A text and how far it is, in lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from textual.content import Content

from store.messages.model import Answers, BlastSummary, MessageKind, When
from store.messages.schedule_model import Scheduled
from store.sentences import sentence, sentences
from tui.blasts.leaving import at_words, leaves_words
from tui.blasts.presentation import PURPOSES, SIGNS, answered, counts, people, unreached
from tui.i18n.language import Language
from tui.i18n.sanitize import literal
from tui.widgets.charts import gauge

WIDEST_GAUGE = 48


def progress(
    language: Language,
    variables: Mapping[str, str],
    blast: BlastSummary,
    answers: Answers,
    scheduled: Scheduled | None,
    missed: int | None,
    timezone: str,
    now: datetime,
    width: int,
) -> list[Content]:
    """What it is and whom it went to, how far it is, and what became of its messages, a line each, of which
    the bar has at most `width` cells. scheduled: what of it waits for its time. missed: how many an emergency
    reached by neither text nor email, None where that isn't known. variables: the theme's."""
    about = [
        "MMS" if blast.kind is MessageKind.MMS else "SMS",
        people(language, blast),
        language.say(sentences("{count} credit", "{count} credits", blast.credits)),
        language.date_and_time(blast.created_at, timezone),
        language.gettext(PURPOSES[blast.purpose]),
    ]
    done = blast.messages - blast.left
    share = done * 1000 // blast.messages if blast.messages else 0 if blast.leaves_at else 1000
    says = language.say(sentence("{done} of {all} done", done=done, all=blast.messages))
    room = max(min(width - len(says) - 4, WIDEST_GAUGE), 1)
    return [
        Content.styled("  ·  ".join(about), variables["quiet"]),
        *([literal(language.say(sentence("Reason: {why}", why=blast.why)))] if blast.why else []),
        gauge(share, room, variables["foreground"]) + Content(f"  {says}"),
        _leaves(language, blast, scheduled, timezone, now)
        or Content("  ·  ".join([*_counted(language, blast), *_answered(language, answers)])),
        *([literal(language.say(unreached(missed)))] if missed is not None and not blast.left else []),
    ]


def _counted(language: Language, blast: BlastSummary) -> list[str]:
    return [f"{SIGNS[status]} {words}" for status, words in counts(language, blast)]


def _answered(language: Language, answers: Answers) -> list[str]:
    says = answered(answers)
    return [language.say(says)] if says is not None else []


def _leaves(
    language: Language, blast: BlastSummary, one: Scheduled | None, timezone: str, now: datetime
) -> Content | None:
    """When what waits for its time leaves; or that it asks, and why. None where nothing waits."""
    if one is None or blast.leaves_at is None:
        return None
    if (why := one.asks) is not None:
        return Content.assemble(("! ", "$warning"), (language.say(why), "$warning"))
    if blast.messages:
        says = sentence("Next send: {when}", when=at_words(blast.leaves_at, language, timezone, now))
        return Content("  ·  ".join([language.say(says), *_counted(language, blast)]))
    at = one.at if one.repeat else one.next_at
    when = When(at, one.each_at, one.repeat, one.later, one.withdraws)
    return Content.styled(leaves_words(when, language, timezone, now), "bold")
