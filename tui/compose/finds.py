"""What the palette finds of drafts. Called in threads."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from store import Store
from store.texts.merge import sketch
from tui.base.finds import DRAFTS, Asked, Find, posts
from tui.base.navigation import WriteText

MOST = 50
LONGEST = 60
"""Characters of a draft by which it is known."""


def drafts(store: Store, asked: Asked) -> Iterator[Find]:
    """The person's own, the latest first; each goes on where it was left."""
    language, timezone = asked.language, asked.account.timezone
    for draft in store.messages.drafts(asked.account.id)[:MOST]:
        says = " ".join(sketch(f"{draft.subject} {draft.body}").split())
        saved = language.date_and_time(draft.saved_at, timezone) if draft.saved_at is not None else ""
        yield Find(
            f"draft.{draft.id}",
            DRAFTS,
            says[:LONGEST] or language.gettext("no text yet"),
            posts(partial(WriteText, draft)),
            saved,
            also=language.gettext("draft"),
        )
