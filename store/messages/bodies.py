"""What each message of a blast says, as it is handed over. Within an open connection."""

from __future__ import annotations

from typing import NamedTuple

from store.messages.blasts import Blasts
from store.messages.outbox import Claimed
from store.messages.providers import Picture
from store.texts import merge
from store.texts.merge import Template
from store.texts.parts import parts

_KEPT = 8
"""Blasts whose words are remembered."""


class Text(NamedTuple):
    """What all messages of a blast have in common. notice: goes to who is out as well."""

    account_id: int
    sender: str
    notice: bool
    template: Template
    pictures: tuple[Picture, ...]


class Bodies:
    """Reads a blast once for many of its messages."""

    def __init__(self, blasts: Blasts) -> None:
        self._blasts = blasts
        self._texts: dict[int, Text] = {}

    def text(self, message: Claimed) -> Text:
        """Of its blast."""
        text = self._texts.get(message.blast_id)
        if text is None:
            blast = self._blasts.of_worker(message.blast_id)
            pictures = self._blasts.pictures(message.blast_id)
            template = merge.parse(blast.body, message.values)
            text = Text(blast.account_id, blast.sender, bool(blast.notice), template, pictures)
            if len(self._texts) > _KEPT:
                self._texts.clear()
            self._texts[message.blast_id] = text
        return text

    def body(self, message: Claimed) -> str:
        """What the person gets by this message."""
        whole = merge.below(self.text(message).template.render(message.values), message.line)
        return parts(whole)[message.part]
