"""An email as one person will get it, and what it takes. Pure, and made anew at every key."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from store.credits.catalog import Product
from store.emails.attachments import Files
from store.emails.audience import EmailAudience
from store.emails.estimate import estimate
from store.emails.model import COUNTS, Attached, EmailEstimate
from store.emails.senders import Identity
from store.messages.estimate import Funds
from store.messages.model import Draft
from store.texts import merge, replacements
from store.texts.near_misses import near_misses
from store.texts.replacements import Replacement


@dataclass(frozen=True, slots=True)
class Way:
    """How an email leaves. sender: whose address it goes out from, "" for the one that is configured;
    service: "own", or another's, whose emails don't count. at: from when, None at once; each_at: "HH:MM", at
    that hour of each recipient's own day, or ""."""

    sender: str = ""
    service: str = COUNTS
    at: datetime | None = None
    each_at: str = ""


class Means(NamedTuple):
    """What reading hangs on besides the draft. later: as `EmailEstimate` has it; identity: how it looks:
    its sender, and what stands below every email. timezone, now: the account's."""

    product: Product
    funds: Funds
    way: Way
    later: date | None
    identity: Identity
    timezone: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """reader: a name or an address, address: theirs, "" where there is nobody yet; place: which of the
    recipients this is, from 1. subject, text: with the fields filled in for the reader; identity: as in
    `Means`. is_alike: whether everybody gets the same. near_misses: whether there are any that can be made
    fields. files: what is attached. purpose_chosen: whether somebody
    chose what it is for."""

    estimate: EmailEstimate
    reader: str
    address: str
    place: int
    subject: str
    text: str
    identity: Identity
    is_alike: bool
    near_misses: bool
    files: Sequence[Attached]
    way: Way
    timezone: str
    now: datetime
    purpose_chosen: bool


def read(draft: Draft, audience: EmailAudience, place: int, means: Means, files: Files) -> Reading:
    """place: the index of the recipient whose email is looked at; it begins anew after the last one."""
    reader, address, values = "", "", None
    if audience.recipients:
        place %= len(audience.recipients)
        recipient = audience.recipients[place]
        reader, address, values = recipient.name or recipient.address, recipient.address, recipient.values
    subject, body = merge.parse(draft.subject, audience.fields), merge.parse(draft.body, audience.fields)
    said = [each.unfilled if values is None else each.render(values) for each in (subject, body)]
    return Reading(
        estimate(
            draft,
            audience,
            means.product,
            means.funds,
            files,
            service=means.way.service,
            later=means.later,
        ),
        reader,
        address,
        place + 1,
        " ".join(said[0].split()),
        said[1],
        means.identity,
        not (subject.fields or body.fields),
        mended(draft, audience.fields) != draft,
        files.files,
        means.way,
        means.timezone,
        means.now,
        draft.purpose is not None,
    )


def mended(draft: Draft, known: Collection[str]) -> Draft:
    """A draft whose near misses of fields are these fields. What Markdown takes for a link stays one."""
    return replace(draft, subject=_mended(draft.subject, known), body=_mended(draft.body, known))


def _mended(text: str, known: Collection[str]) -> str:
    found = near_misses(text, known)
    if not found:
        return text
    return replacements.apply(
        text,
        [
            Replacement(miss.at, miss.written, miss.meant)
            for miss in found
            if miss.sure or text[miss.at + len(miss.written) :][:1] not in ("(", "[", ":")
        ],
    )
