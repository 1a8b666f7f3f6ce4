"""How a blast and its messages stand, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.messages.model import Status
from store.sentences import N_, sentences

if TYPE_CHECKING:
    from store.messages.model import BlastSummary
    from tui.i18n.language import Language

STATUS = {
    Status.QUEUED: N_("waiting"),
    Status.SENDING: N_("leaving now"),
    Status.SENT: N_("sent"),
    Status.DELIVERED: N_("delivered"),
    Status.UNDELIVERED: N_("not delivered"),
    Status.FAILED: N_("failed"),
    Status.CANCELLED: N_("cancelled"),
    Status.UNKNOWN: N_("unknown"),
}
"""The status of one message."""

SIGNS = {
    Status.QUEUED: "·",
    Status.SENDING: "›",
    Status.SENT: "○",
    Status.DELIVERED: "●",
    Status.UNDELIVERED: "×",
    Status.FAILED: "×",
    Status.CANCELLED: "−",
    Status.UNKNOWN: "?",
}
"""A sign beside the word, so that a list can be scanned without colour."""


def counts(language: Language, blast: BlastSummary) -> list[tuple[Status, str]]:
    """What there is of each status, in the order in which messages pass through them: "209 delivered"."""
    said = {
        Status.QUEUED: sentences("{count} waiting", "{count} waiting", blast.counts.get(Status.QUEUED, 0)),
        Status.SENDING: sentences(
            "{count} leaving now", "{count} leaving now", blast.counts.get(Status.SENDING, 0)
        ),
        Status.SENT: sentences(
            "{count} on its way", "{count} on their way", blast.counts.get(Status.SENT, 0)
        ),
        Status.DELIVERED: sentences(
            "{count} delivered", "{count} delivered", blast.counts.get(Status.DELIVERED, 0)
        ),
        Status.UNDELIVERED: sentences(
            "{count} not delivered", "{count} not delivered", blast.counts.get(Status.UNDELIVERED, 0)
        ),
        Status.FAILED: sentences("{count} failed", "{count} failed", blast.counts.get(Status.FAILED, 0)),
        Status.CANCELLED: sentences(
            "{count} cancelled", "{count} cancelled", blast.counts.get(Status.CANCELLED, 0)
        ),
        Status.UNKNOWN: sentences("{count} unknown", "{count} unknown", blast.counts.get(Status.UNKNOWN, 0)),
    }
    return [(status, language.say(words)) for status, words in said.items() if blast.counts.get(status, 0)]


def standing(language: Language, blast: BlastSummary) -> str:
    """How a blast stands, in a few words: what has yet to leave, what is unknown, else what arrived."""
    words = dict(counts(language, blast))
    if blast.left:
        return language.say(sentences("{count} to go", "{count} to go", blast.left))
    order = (
        Status.UNKNOWN,
        Status.DELIVERED,
        Status.SENT,
        Status.UNDELIVERED,
        Status.FAILED,
        Status.CANCELLED,
    )
    return language.listing([words[status] for status in order if status in words][:2])
