"""Whether somebody may be texted, as a column says it: "Do Not Text", "SMS Opt-In" and their kin."""

from __future__ import annotations

import re
from collections.abc import Sequence

from store.people.imports.vocabulary import compact, vocabulary

OUT, IN = "out", "in"
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_LONGEST_PHRASE = 6
"""Words."""


def consent_column(words: Sequence[str]) -> str:
    """What a yes in a column of this name means: "out", "in", or "" where it speaks of something else.

    One that speaks of emails only says nothing about texts.
    """
    known = vocabulary()
    if known.email & set(words) and not (known.phone | known.kinds.keys()) & set(words):
        return ""
    phrases = {
        "".join(words[start:end])
        for start in range(len(words))
        for end in range(start + 1, min(start + _LONGEST_PHRASE, len(words)) + 1)
    }
    if phrases & known.out:
        return OUT
    return IN if phrases & known.in_ else ""


def consent_of(said: str, column: str) -> str | None:
    """What a cell says: "in", "out", "" for nothing, None where it can't be understood.

    column: see `consent_column`. In a column of opt-outs all but a no counts as one: a date or a reason
    stands there for people who opted out.
    """
    known = vocabulary()
    answer = compact(said) or said.strip()
    if answer in known.refused or answer == OUT:
        return OUT
    if answer in known.no:
        return "" if column == OUT else OUT
    if answer in known.unknown or not answer or not (answer in known.yes or any(map(str.isalnum, answer))):
        return ""
    if answer in known.in_ or answer == IN:
        return "" if column == OUT else IN
    if column == OUT:
        return OUT
    return IN if answer in known.yes or _DATE.search(said) else None
