"""Scheduled texts in words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from store.clock import local_date
from store.messages.model import Repeat, Waiting, When
from store.sentences import Sentence, sentence, sentences
from tui.blasts.leaving import leaves_words, near_words, repeat_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.messages.schedule_model import Scheduled
    from tui.i18n.language import Language


def when_of(one: Scheduled) -> When:
    """When it leaves, its next time."""
    return When(one.at, one.each_at, one.repeat, one.later, one.withdraws)


def summary(found: Sequence[Scheduled], language: Language, timezone: str, now: datetime) -> Sentence:
    """How many are scheduled, and when the next of them leaves: "2 texts are scheduled, the next tomorrow
    9:00 AM"."""
    waiting = [one for one in found if one.state is Waiting.WAITING]
    if not waiting:
        return asking(found)
    at = near_words(waiting[0].next_at, language, timezone, now)
    return sentences(
        "{count} text is scheduled: {when}",
        "{count} texts are scheduled, the next {when}",
        len(waiting),
        when=at,
    )


def asking(found: Sequence[Scheduled]) -> Sentence:
    """How many wait for a decision."""
    count = sum(one.state is Waiting.ASKS for one in found)
    return sentences(
        "{count} scheduled text wasn't sent: it needs your decision",
        "{count} scheduled texts weren't sent: they need your decision",
        count,
    )


def credits_words(one: Scheduled) -> Sentence:
    """Held, or only estimated."""
    if one.held:
        return sentences("{count} credit held", "{count} credits held", one.credits)
    return sentences("{count} credit estimated", "{count} credits estimated", one.credits)


def again_words(one: Scheduled, language: Language, timezone: str, moved_to: datetime | None = None) -> str:
    """How often it comes again, "" where it doesn't. moved_to: when it is to leave instead."""
    if one.repeat is Repeat.NEVER:
        return ""
    return repeat_words(one.repeat, local_date(moved_to or one.at, timezone), language)


def leaving(one: Scheduled, language: Language, timezone: str, now: datetime) -> str:
    """ "Leaves Tue, Dec 2, 9:00 AM, then every Tuesday"; of one that asks, when it was to leave."""
    if one.state is Waiting.ASKS:
        return language.say(sentence("Was due {when}", when=near_words(one.next_at, language, timezone, now)))
    return leaves_words(when_of(one), language, timezone, now)
