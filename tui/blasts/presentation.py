"""How a blast and its messages stand, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.messages.model import TROUBLE, Purpose, Status
from store.sentences import N_, Sentence, sentence, sentences
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store.emails.model import CampaignSummary
    from store.messages.model import Answers, BlastSummary
    from tui.i18n.language import Language

PURPOSES = {
    Purpose.CONVERSATION: N_("Conversation"),
    Purpose.NOTICE: N_("Notice"),
    Purpose.MARKETING: N_("Marketing"),
    Purpose.EMERGENCY: N_("Emergency"),
}
"""What a text is for."""

STATUS = {
    Status.QUEUED: N_("waiting"),
    Status.SENDING: N_("sending"),
    Status.SENT: N_("sent"),
    Status.DELIVERED: N_("delivered"),
    Status.UNDELIVERED: N_("undelivered"),
    Status.FAILED: N_("failed"),
    Status.CANCELLED: N_("cancelled"),
    Status.UNKNOWN: N_("unknown"),
}
"""The status of one message."""

EMAIL_STATUS = {
    "queued": N_("waiting"),
    "at-service": N_("waiting for Mailchimp"),
    "waiting": N_("retrying"),
    "sending": N_("sending"),
    "sent": N_("sent"),
    "bounced": N_("came back"),
    "failed": N_("failed"),
    "cancelled": N_("cancelled"),
    "unknown": N_("unknown"),
}
"""The status of one email, by its value: what texts have too is called alike."""

LEFT_OUT_WORDS = N_("left out")
"""How somebody stands who was to get it and was left out."""

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


def people(language: Language, blast: BlastSummary) -> str:
    """Whom it went to: one by name, several by their number."""
    return plain(language.phone(blast.as_sent.to)) or language.say(
        sentences("{count} person", "{count} people", blast.recipients)
    )


def unreached(people: int) -> Sentence:
    """Of an emergency."""
    if not people:
        return sentence("Everyone got the text or the email.")
    return sentences(
        "{count} person got neither the text nor the email.",
        "{count} people got neither the text nor the email.",
        people,
    )


def purpose(sent: BlastSummary | CampaignSummary) -> Sentence:
    """What it was for: "Notice"; with the reason that was given, "Emergency: water main broke"."""
    name = Sentence(PURPOSES[sent.purpose])
    if not sent.why:
        return name
    return sentence("{purpose}: {reason}", purpose=name, reason=sent.why)


def counts(language: Language, blast: BlastSummary) -> list[tuple[Status, str]]:
    """What there is of each status, what is in trouble first: "209 delivered"."""
    said = {
        Status.QUEUED: sentences("{count} waiting", "{count} waiting", blast.counts.get(Status.QUEUED, 0)),
        Status.SENDING: sentences("{count} sending", "{count} sending", blast.counts.get(Status.SENDING, 0)),
        Status.SENT: sentences(
            "{count} on its way", "{count} on their way", blast.counts.get(Status.SENT, 0)
        ),
        Status.DELIVERED: sentences(
            "{count} delivered", "{count} delivered", blast.counts.get(Status.DELIVERED, 0)
        ),
        Status.UNDELIVERED: sentences(
            "{count} undelivered", "{count} undelivered", blast.counts.get(Status.UNDELIVERED, 0)
        ),
        Status.FAILED: sentences("{count} failed", "{count} failed", blast.counts.get(Status.FAILED, 0)),
        Status.CANCELLED: sentences(
            "{count} cancelled", "{count} cancelled", blast.counts.get(Status.CANCELLED, 0)
        ),
        Status.UNKNOWN: sentences("{count} unknown", "{count} unknown", blast.counts.get(Status.UNKNOWN, 0)),
    }
    there = [status for status in said if blast.counts.get(status, 0)]
    there.sort(key=lambda status: status not in TROUBLE)
    return [(status, language.say(said[status])) for status in there]


def answered(answers: Answers) -> Sentence | None:
    """What came back: "73 answered, 2 opted out"; None where nothing did."""
    if not answers.people:
        return None
    said = sentences("{count} replied", "{count} replied", answers.people)
    if not answers.out:
        return said
    out = sentences("{count} opted out", "{count} opted out", answers.out)
    return sentence("{answered}, {out}", answered=said, out=out)


def standing(language: Language, blast: BlastSummary, most: int = 2) -> str:
    """How a blast stands, in a few words: what has yet to leave, else what is in trouble and what arrived."""
    words = dict(counts(language, blast))
    if blast.left:
        return language.say(sentences("{count} to go", "{count} to go", blast.left))
    if not words and blast.leaves_at is not None:
        return language.gettext("scheduled")
    if not words and blast.cancelled:
        return language.gettext("cancelled")
    return language.listing(list(words.values())[:most])
