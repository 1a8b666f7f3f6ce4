"""What the palette finds of emails that were sent. Called in threads."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from store import Store
from tui.base.finds import SENT, Asked, Find, posts
from tui.base.navigation import OpenCampaign
from tui.emails.presentation import people

MOST = 50


def campaigns(store: Store, asked: Asked) -> Iterator[Find]:
    """An account's latest; what is older is found by its words in the history."""
    if store.credits.product(asked.account).sends != "emails":
        return
    language = asked.language
    for one in store.emails.campaigns(asked.account.id, limit=MOST):
        label = one.subject or language.gettext("without a subject")
        when = language.date_and_time(one.at, asked.account.timezone)
        opens = posts(partial(OpenCampaign, one.id))
        yield Find(f"campaign.{one.id}", SENT, label, opens, f"{people(language, one)} · {when}")
