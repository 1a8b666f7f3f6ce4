"""What the palette finds of SmartPlans. Called in threads."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from store import Store
from tui.base.finds import SMARTPLANS, Asked, Find, posts
from tui.base.navigation import GoTo
from tui.smartplans.presentation import next_words
from tui.smartplans.queries import standings


def smartplans(store: Store, asked: Asked) -> Iterator[Find]:
    """An account's, by name; each puts the cursor on itself."""
    for one in standings(store, asked.account):
        comes = next_words(asked.language, one, asked.account.timezone)
        shows = posts(partial(GoTo, "smartplans", one.id))
        yield Find(f"smartplan.{one.id}", SMARTPLANS, one.name, shows, comes)
