"""Cancelling a text that leaves later, which can be taken back: from its page, and from the list of all."""

from __future__ import annotations

from store.messages.model import Waiting
from store.messages.schedule_model import Scheduled
from store.sentences import sentence
from tui.base.session_app import SessionApp
from tui.base.undoing import Deed
from tui.blasts.leaving import comes_back
from tui.blasts.queries import cancelled


async def cancel_scheduled(app: SessionApp, one: Scheduled) -> None:
    """Cancels it, and tells what comes back. What asked, or has left in part, stays cancelled for good."""
    partly_left = await app.fetch(lambda store: cancelled(store, one))
    says = sentence("Cancelled. {back}", back=comes_back(one))
    if one.state is Waiting.WAITING and not partly_left:
        undone = sentence("Undone: the text leaves as it was to.")
        app.did(says, Deed(undone, lambda store: store.messages.restore_scheduled(one)))
    else:
        app.tell(says)
    app.refresh_balance()
