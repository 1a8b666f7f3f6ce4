"""What the palette finds of texts that were sent. Called in threads."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from store import Store
from tui.base.finds import SENT, Asked, Find, posts
from tui.base.navigation import OpenBlast
from tui.blasts.presentation import people

MOST = 50
LONGEST = 60
"""Characters of a text by which it is known."""


def sent(store: Store, asked: Asked) -> Iterator[Find]:
    """An account's latest; what is older is found by its words in the history."""
    language = asked.language
    for blast in store.messages.blasts(asked.account.id, limit=MOST):
        label = " ".join(blast.as_sent.body.split())[:LONGEST] or language.gettext("no text yet")
        when = language.date_and_time(blast.created_at, asked.account.timezone)
        about = f"{people(language, blast)} · {when}"
        yield Find(f"blast.{blast.id}", SENT, label, posts(partial(OpenBlast, blast.id)), about)
