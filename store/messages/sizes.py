"""How much of a text goes to whom: the messages that it goes as, and their segments. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from store.messages.audience import Audience
from store.texts.alphabet import normalise
from store.texts.merge import Template, below
from store.texts.parts import MOST_CHARACTERS as MOST_OF_A_MESSAGE
from store.texts.parts import parts
from store.texts.segments import size

MOST_CHARACTERS = 20_000
"""Of a text, however many messages that is."""


@dataclass(slots=True)
class Sizes:
    """Sums over all recipients of a text."""

    segments: Counter[str]  # by region
    after_pictures: Counter[str]  # of them, those of the SMS that follow an MMS
    recipients: Counter[str]  # by region
    missing: Counter[str]  # recipients by the field that they lack
    per_message: set[int]
    nothing_left: int = 0  # recipients for whom the text is empty once its fields are filled in
    firsts: int = 0  # recipients for whom it is the first such text
    longest: int = 0  # characters
    messages: int = 0
    messages_max: int = 0


def measured(text: str, *, mms: bool) -> Sequence[tuple[bool, int]]:
    """The messages that a text goes as: of each, whether it has the pictures, and its segments (1 for an
    MMS)."""
    if len(text) <= MOST_OF_A_MESSAGE:
        return [(mms, 1 if mms else size(text).segments)]
    first, *others = parts(text)
    return [(mms, 1 if mms else size(first).segments), *((False, size(part).segments) for part in others)]


def priced(text: str, line: str, *, mms: bool, line_free: bool) -> Sequence[tuple[bool, int]]:
    """The messages that a text goes as with a line below it: of each, whether it has the pictures, and the
    segments that it costs. line_free: whether those that the line adds cost nothing."""
    whole = measured(below(text, line), mms=mms)
    if not (line and line_free):
        return whole
    alone = measured(text, mms=mms)
    return [*alone, *((False, 0) for _ in whole[len(alone) :])]


def sizes_of(template: Template, body: str, audience: Audience, mms: bool, *, line_free: bool) -> Sizes:
    """Sums over an audience. mms: whether pictures go with it; line_free: as in `priced`."""
    sizes = Sizes(Counter(), Counter(), Counter(), Counter(), set())
    line_below = audience.line_below(body)
    for values, by_region, first in audience.variants(template.fields, body):
        text, line = template.render(values), line_below if first else ""
        if len(text) > MOST_OF_A_MESSAGE:
            text = normalise(text)
        if len(text) <= MOST_CHARACTERS:
            messages = priced(text, line, mms=mms, line_free=line_free)
        else:
            messages = [(mms, size(text).segments)]
        segments = sum(segments for _, segments in messages)
        people = sum(by_region.values())
        sizes.firsts += people if first else 0
        sizes.longest = max(sizes.longest, len(text))
        sizes.messages += len(messages) * people
        sizes.messages_max = max(sizes.messages_max, len(messages))
        if not text.strip():
            sizes.nothing_left += people
        sizes.per_message.add(segments)
        for region, count in by_region.items():
            sizes.segments[region] += segments * count
            sizes.after_pictures[region] += (segments - 1) * count if mms else 0
            sizes.recipients[region] += count
        for field in template.missing(values):
            sizes.missing[field] += sum(by_region.values())
    return sizes
