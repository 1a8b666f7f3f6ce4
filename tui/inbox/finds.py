"""What the palette finds of conversations. Called in threads."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from store import Store
from tui.base.finds import CONVERSATIONS, Asked, Find, posts
from tui.base.navigation import OpenInbox
from tui.inbox.presentation import last_words, who

MOST = 4


def conversations(store: Store, asked: Asked) -> Iterator[Find]:
    """Those with somebody of that name or number, or whose last text has these words."""
    account = asked.account
    for thread in store.conversations.threads(account.id, search=asked.typed, limit=MOST):
        opens = posts(partial(OpenInbox, phone=thread.phone))
        label, about = who(thread, account.country), last_words(asked.language, thread)
        yield Find(f"conversation.{thread.phone}", CONVERSATIONS, label, opens, about)
