"""A draft as one person will get it, and what it costs for all. Pure, and made anew at every key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from store.credits.catalog import Product
from store.messages.audience import Audience
from store.messages.estimate import Funds, estimate
from store.messages.media import Attachments
from store.messages.model import Estimate
from store.texts import merge
from store.texts.fixes import fixes
from store.texts.replacements import without_costly
from store.texts.segments import Analysis, analyse, size

NEXT_STEPS = frozenset({"empty-text", "no-recipients"})
"""Codes of problems that are no mistake: the draft has only begun."""


@dataclass(frozen=True, slots=True)
class Reading:
    """body: as written; text: with its fields filled in for the reader, analysis: of that text.

    reader: a name or number, "" where there is nobody yet; values: of their fields, None likewise; place:
    which of the recipients this is, from 1.
    fixable: whether characters can be replaced by plain ones; plain_segments: how many it would take then, 0
    where it would still be UCS-2. pictures: how many are attached.
    """

    estimate: Estimate
    body: str
    text: str
    analysis: Analysis
    reader: str
    values: Mapping[str, str] | None
    place: int
    fixable: bool
    plain_segments: int
    pictures: int

    @property
    def cant_be_texted(self) -> bool:
        """Whether nothing can be texted with the account, whatever is written."""
        return any(problem.code == "no-texts" for problem in self.estimate.problems)


def filled(body: str, values: Mapping[str, str] | None) -> str:
    """A text as somebody with these values gets it; as it is written where there is nobody."""
    return body if values is None else merge.parse(body).render(values)


def read(
    body: str, audience: Audience, place: int, product: Product, funds: Funds, attachments: Attachments
) -> Reading:
    """place: the index of the recipient whose text is looked at; it begins anew after the last one."""
    reader, values = "", None
    if audience.recipients:
        place %= len(audience.recipients)
        recipient = audience.recipients[place]
        reader, values = recipient.name or recipient.phone, recipient.values
    text = filled(body, values)
    analysis = analyse(text)
    plain_segments = 0
    if analysis.encoding == "UCS-2":
        plain = size(filled(without_costly(body), values))
        plain_segments = plain.segments if plain.encoding == "GSM-7" else 0
    return Reading(
        estimate(body, audience, product, funds, attachments),
        body,
        text,
        analysis,
        reader,
        values,
        place + 1,
        bool(fixes(body)),
        plain_segments,
        attachments.count,
    )
