"""What the pages of campaigns ask of the store. Called in threads."""

from __future__ import annotations

from collections.abc import Iterator

from store import Store
from store.emails.model import REASONS, Emailed, Status
from store.messages.proof import LEFT_OUT
from tui.blasts.presentation import LEFT_OUT_WORDS
from tui.blasts.queries import Source
from tui.emails.presentation import STATUS
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

PAGE = 500
"""Emails that are read at once."""

MISSED = frozenset({Status.FAILED, Status.BOUNCED})
"""How an email stands that may be written again."""

COLUMNS = ("to", "name", "status", "reason", "at")


def source(campaign_id: int) -> Source:
    """Where the proof of a campaign is read."""
    return Source(
        {**{status.value: words for status, words in STATUS.items()}, LEFT_OUT: LEFT_OUT_WORDS},
        lambda store: (store.emails.proof(campaign_id), store.emails.proof_lines(campaign_id)),
    )


def outcomes(store: Store, campaign_id: int, language: Language) -> Iterator[dict[str, str]]:
    """What became of each email of a campaign, failures first, read as they are wanted."""
    after: Emailed | None = None
    while some := store.emails.recipients(campaign_id, after=after, limit=PAGE):
        yield from (_as_data(one, language) for one in some)
        after = some[-1]


def missed(store: Store, campaign_id: int) -> tuple[str, ...]:
    """The addresses that a campaign didn't reach; what isn't known may have left."""
    found: list[str] = []
    after: Emailed | None = None
    while some := store.emails.recipients(campaign_id, status=MISSED, after=after, limit=PAGE):
        found += (one.to for one in some)
        after = some[-1]
    return tuple(found)


def _as_data(one: Emailed, language: Language) -> dict[str, str]:
    return {
        "to": plain(one.to),
        "name": plain(one.name),
        "status": one.status.value,
        "reason": language.gettext(REASONS[one.reason]) if one.reason else "",
        "at": one.at.isoformat(),
    }
