"""A draft as one person will get it, and what it costs for all. Pure, and made anew at every key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial

from store.credits.catalog import Product
from store.messages.audience import Audience
from store.messages.estimate import Funds, estimate
from store.messages.media import Attachments
from store.messages.model import Estimate, Recipient
from store.messages.sizes import MOST_CHARACTERS, priced
from store.texts import merge, replacements
from store.texts.alphabet import normalise
from store.texts.graphemes import costly
from store.texts.near_misses import draft_fixes, near_misses
from store.texts.parts import MOST_CHARACTERS as MOST_OF_A_MESSAGE
from store.texts.parts import parts
from store.texts.replacements import Replacement
from store.texts.segments import Analysis, analyse, size
from tui.compose.leaving import Timing

MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """body: as written; text: with its fields filled in for the reader, and the line below it where it is the
    first text to them; analysis: of that text, without a line that costs nothing.

    messages: likewise, of each message that this text goes as: several, where it is long.
    line: what is below the text, or ""; line_credits: what that costs the reader.
    reader: a name or number, "" where there is nobody yet; values: of their fields, None likewise; place:
    which of the recipients this is, from 1.
    fixes: what can be done about its characters and near misses of fields; near_misses: whether there are any
    of these. plain_segments: the fewest and the most that it would take when fixed, None where somebody's
    would still be UCS-2 or fields come to it. unicode_names: what makes some people's own texts UCS-2 where
    the body doesn't, at most MOST_NAMES; unicode_people: how many people that is. pictures: how many are
    attached. purpose_chosen: whether somebody chose what it is for. timing: when it leaves.
    """

    estimate: Estimate
    body: str
    text: str
    analysis: Analysis
    messages: tuple[Analysis, ...]
    reader: str
    values: Mapping[str, str] | None
    place: int
    fixes: Sequence[Replacement]
    near_misses: bool
    plain_segments: tuple[int, int] | None
    unicode_names: tuple[str, ...]
    unicode_people: int
    pictures: int
    line: str = ""
    line_credits: int = 0
    purpose_chosen: bool = False
    timing: Timing | None = field(default=None, compare=False)

    @property
    def own_text(self) -> str:
        """The reader's text without what is below it."""
        return self.text.removesuffix(f"\n{self.line}") if self.line else self.text

    @property
    def is_alike(self) -> bool:
        """Whether everybody gets the same."""
        return self.text == self.body


def filled(body: str, values: Mapping[str, str] | None, known: Sequence[str]) -> str:
    """A text as somebody with these values gets it; its fields as they are written where there is nobody.
    known: the names of all fields."""
    template = merge.parse(body, known)
    return template.unfilled if values is None else template.render(values)


def _plain_segments(body: str, audience: Audience) -> tuple[int, int] | None:
    template = merge.parse(body, audience.fields)
    variants = audience.variants(template.fields, body)
    texts = [template.render(variant.values) for variant in variants] or [template.unfilled]
    sizes = [size(text) for text in texts]
    if any(found.encoding == "UCS-2" for found in sizes):
        return None
    return min(found.segments for found in sizes), max(found.segments for found in sizes)


def _unicode_names(body: str, audience: Audience) -> tuple[tuple[str, ...], int]:
    """What is filled in for some and makes their texts dearer than the others'; how many people these are."""
    fields = merge.parse(body, audience.fields).fields
    if not fields or costly(body):
        return (), 0
    names: dict[str, None] = {}
    people = 0
    for values, by_region, _first in audience.variants(fields, body):
        found = [values[field] for field in fields if costly(values[field])]
        if found:
            names.update(dict.fromkeys(found))
            people += sum(by_region.values())
    return tuple(names)[:MOST_NAMES], people


def read(
    body: str,
    audience: Audience,
    place: int,
    product: Product,
    funds: Funds,
    attachments: Attachments,
    *,
    purpose_chosen: bool = False,
) -> Reading:
    """place: the index of the recipient whose text is looked at; it begins anew after the last one."""
    reader, values, line, region = "", None, "", ""
    if audience.recipients:
        place %= len(audience.recipients)
        recipient = audience.recipients[place]
        reader, values = recipient.name or recipient.phone, recipient.values
        line, region = audience.line_below(body) if recipient.first else "", recipient.region
    alone = filled(body, values, audience.fields)
    text = merge.below(alone, line)
    counted = alone if product.first_line_free else text
    analysis = analyse(counted)
    messages: tuple[Analysis, ...] = (analysis,)
    if MOST_OF_A_MESSAGE < analysis.characters <= MOST_CHARACTERS:
        messages = tuple(map(analyse, parts(counted)))
    fixes = draft_fixes(body, audience.fields)
    nearly = bool(near_misses(body, audience.fields))
    names, people = _unicode_names(body, audience)
    return Reading(
        estimate(body, audience, product, funds, attachments),
        body,
        text,
        analysis,
        messages,
        reader,
        values,
        place + 1,
        fixes,
        nearly,
        _plain_segments(replacements.apply(body, fixes), audience) if fixes and not nearly else None,
        names,
        people,
        attachments.count,
        line,
        _line_credits(alone, line, region, product, mms=attachments.count > 0) if line else 0,
        purpose_chosen,
    )


def _line_credits(text: str, line: str, region: str, product: Product, *, mms: bool) -> int:
    """What a line below a text costs more."""
    return _credits(text, line, region, product, mms=mms) - _credits(text, "", region, product, mms=mms)


def _credits(text: str, line: str, region: str, product: Product, *, mms: bool) -> int:
    """What a text with a line below it costs for one person there."""
    messages = priced(text, line, mms=mms, line_free=product.first_line_free)
    return sum(product.rate(region, mms=picture) * segments for picture, segments in messages)


class Costs:
    """What a draft costs for each who gets it, told of those who are looked at."""

    def __init__(self, body: str, audience: Audience, product: Product, *, mms: bool) -> None:
        self._template = merge.parse(body, audience.fields)
        self._line = audience.line_below(body)
        # Most get the same, or the same length, and a line is drawn again whenever the cursor comes by.
        self._credits = lru_cache(maxsize=1_000)(partial(_credits, product=product, mms=mms))

    def of(self, recipient: Recipient) -> int:
        """In credits."""
        text = self._template.render(recipient.values)
        if len(text) > MOST_OF_A_MESSAGE:
            text = normalise(text)
        return self._credits(text, self._line if recipient.first else "", recipient.region)
