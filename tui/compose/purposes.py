"""What the purpose of a text or an email does, and whom it leaves out, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from store.messages.model import LeftOut, Purpose
from store.sentences import Sentence, sentence, sentences

EFFECTS: Mapping[Purpose, Sentence] = {
    Purpose.CONVERSATION: sentence("Goes out at any hour."),
    Purpose.NOTICE: sentence("Any hour. Warns about quiet hours."),
    Purpose.MARKETING: sentence("Respects quiet hours and recent texts."),
    Purpose.EMERGENCY: sentence("Any hour. Send asks for the reason."),
}
"""What a purpose means for who gets a text."""

OF_EMAILS: Mapping[Purpose, Sentence] = {
    **EFFECTS,
    Purpose.MARKETING: sentence("Leaves out people emailed recently."),
}
"""And for who gets an email."""

_ORDER = ("excepted", "opted-out", "no-consent", "texted-lately", "emailed-lately", "quiet-hours")
"""Why somebody is left out who could be reached: first what a person chose, then what lasts."""


def next_purpose(purpose: Purpose) -> Purpose:
    """The one that comes after another, in a circle."""
    every = list(Purpose)
    return every[(every.index(purpose) + 1) % len(every)]


def left_out_words(left_out: Iterable[LeftOut]) -> list[Sentence]:
    """How many are left out, by why: "12 in quiet hours"."""
    codes = Counter(one.code for one in left_out)
    return [_counted(code, codes[code]) for code in _ORDER if codes[code]]


def _counted(code: str, count: int) -> Sentence:
    match code:
        case "opted-out":
            return sentences("{count} opted out", "{count} opted out", count)
        case "no-consent":
            return sentences("{count} without consent", "{count} without consent", count)
        case "texted-lately":
            return sentences("{count} texted recently", "{count} texted recently", count)
        case "emailed-lately":
            return sentences("{count} emailed recently", "{count} emailed recently", count)
        case "quiet-hours":
            return sentences("{count} in quiet hours", "{count} in quiet hours", count)
        case _:
            return sentences("{count} left out by you", "{count} left out by you", count)


def in_order(left_out: Sequence[LeftOut], waits: Mapping[str, datetime]) -> list[LeftOut]:
    """By why, those in quiet hours by when these end. waits: from when on somebody can get it, by number."""

    def place(one: LeftOut) -> tuple[int, float]:
        at = waits.get(one.phone)
        order = _ORDER.index(one.code) if one.code in _ORDER else -1
        return order, at.timestamp() if at else 0.0

    return sorted(left_out, key=place)
