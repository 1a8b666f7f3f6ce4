"""What the palette finds in the history. Called in threads."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from store import Store
from store.clock import local_date
from tui.base.finds import HISTORY, Asked, Find, posts
from tui.base.navigation import OpenEntry
from tui.history.filters import Choices
from tui.history.search import Finder, about, every_line, happened

MOST = 4
LEAST_TYPED = 3
"""Letters from which on lines are looked for: fewer are in almost all."""


def lines(store: Store, asked: Asked) -> Iterator[Find]:
    """The latest lines that show these words."""
    account, language = asked.account, asked.language
    if len(asked.typed) < LEAST_TYPED:
        return
    matching = Finder().matching(store, account.id, asked.typed, language)
    for line in every_line(store, account.id, Choices(text=asked.typed).filter(matching), limit=MOST):
        entry = line.entry
        day = language.day(local_date(entry.at, account.timezone))
        says = " ".join(about(language, line).split())
        yield Find(
            f"entry.{entry.seq}",
            HISTORY,
            happened(language, line),
            posts(partial(OpenEntry, entry)),
            " · ".join(filter(None, (day, says))),
        )
