"""Texts that come in, as a provider tells of them."""

from __future__ import annotations

import itertools
from datetime import datetime

from store.messages.messenger import Messenger
from store.messages.providers import MediaFact, Reply
from tests.store.messages.conftest import NOON
from tests.store.messages.scripted import Scripted

_numbers = itertools.count(1)


def came_in(
    messenger: Messenger,
    provider: Scripted,
    number: str,
    body: str,
    *,
    at: datetime = NOON,
    media: tuple[MediaFact, ...] = (),
) -> str:
    """A text that somebody wrote is heard of and applied; the provider's name for it."""
    reply = Reply(f"in-{next(_numbers)}", number, body, at, media)
    provider.tells = [reply]
    messenger.poll_receipts()
    provider.tells = []
    return reply.event_id
