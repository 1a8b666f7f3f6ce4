"""What the palette finds of what leaves later. Called in threads."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from store import Store
from store.messages.schedule_model import Scheduled
from store.texts.merge import sketch
from tui.base.finds import SCHEDULED, Asked, Find, posts
from tui.base.navigation import GoTo, OpenCampaign
from tui.scheduled.presentation import leaving
from tui.scheduled.queries import listed

LONGEST = 60
"""Characters of a text by which it is known."""


def scheduled(store: Store, asked: Asked) -> Iterator[Find]:
    """The soonest first; a text puts the cursor on itself, an email opens."""
    found, now = listed(store, asked.account)
    language, timezone = asked.language, asked.account.timezone
    for one in found:
        if isinstance(one, Scheduled):
            says, when = one.body, leaving(one, language, timezone, now)
            leads = posts(partial(GoTo, "scheduled", one.id))
        else:
            says, when = one.subject, language.date_and_time(one.at, timezone)
            leads = posts(partial(OpenCampaign, one.id))
        label = " ".join(sketch(says).split())[:LONGEST] or language.gettext("no text yet")
        yield Find(f"scheduled.{one.id}", SCHEDULED, label, leads, when)
