"""The ledger's codes in words: what a line of the history is, and what caused it."""

from __future__ import annotations

from store.credits.history_query import Telling
from store.credits.model import Entry, Kind, Pool
from store.sentences import N_, Sentence, sentence, sentences
from tui.i18n.language import Language

_KINDS = {
    Kind.GRANTED: N_("received"),
    Kind.USED: N_("used"),
    Kind.PURCHASED: N_("purchased"),
    Kind.EXPIRED: N_("expired"),
    Kind.FORFEITED: N_("forfeited"),
    Kind.TAKEN_BACK: N_("taken back"),
    Kind.RELEASED: N_("given back"),
    Kind.WAIVED: N_("waived"),
    Kind.ENDED: N_("ended"),
}

_CAUSES = {
    (Kind.RELEASED, "blast"): N_("Given back: not sent or not delivered"),
    (Kind.TAKEN_BACK, "blast"): N_("Given back, then taken back by a downgrade"),
    (Kind.FORFEITED, "blast"): N_("Given back above the cap"),
    (Kind.EXPIRED, "blast"): N_("Given back after they expired"),
    (Kind.RELEASED, "campaign"): N_("Given back: not sent"),
    (Kind.EXPIRED, "campaign"): N_("Given back after they expired"),
    (Kind.GRANTED, "join"): N_("First credits of the plan"),
    (Kind.GRANTED, "subscribe"): N_("First credits of the subscription"),
    (Kind.GRANTED, "upgrade"): N_("Plan upgrade"),
    (Kind.TAKEN_BACK, "downgrade"): N_("Plan downgrade"),
    (Kind.TAKEN_BACK, "cancel"): N_("Plan cancelled"),
    (Kind.FORFEITED, "cap"): N_("Above the cap"),
    (Kind.ENDED, "cancel"): N_("Ended with the plan"),
    (Kind.ENDED, "trial"): N_("Ended with the trial"),
}
_KINDS_AS_CAUSES = {
    Kind.GRANTED: N_("Monthly credits"),
    Kind.USED: N_("Usage recorded by hand"),
    Kind.PURCHASED: N_("Purchase"),
    Kind.EXPIRED: N_("Expired"),
    Kind.FORFEITED: N_("Forfeited"),
    Kind.TAKEN_BACK: N_("Taken back"),
    Kind.RELEASED: N_("Given back"),
    Kind.ENDED: N_("Ended"),
}
"""What a line tells whose cause says no more than its kind."""

POOLS = {Pool.ALLOTTED: N_("Allotted"), Pool.PURCHASED: N_("Purchased")}
"""The tables of the history."""


def kind_words(language: Language, kind: Kind) -> str:
    """What a line of the history is, in a word or two: "used"."""
    return language.gettext(_KINDS[kind])


def cause_words(language: Language, entry: Entry) -> str:
    """What a line of the history tells, as a short sentence without a full stop: "Text to 213 people"."""
    return telling_words(language, Telling.of(entry))


def telling_words(language: Language, telling: Telling) -> str:
    """What lines that tell the same tell."""
    return language.say(_told(telling))


def _told(telling: Telling) -> Sentence:
    match telling.kind, telling.cause:
        case Kind.USED, "blast":
            return sentences("Text to {count} person", "Text to {count} people", telling.number)
        case Kind.USED, "email" | "campaign":
            return sentences("Email to {count} person", "Email to {count} people", telling.number)
        case Kind.USED, "reply":
            return sentence("Reply received")
        case Kind.WAIVED, _:
            return sentences(
                "Reply received, {count} credit waived",
                "Reply received, {count} credits waived",
                telling.number,
            )
    return Sentence(_CAUSES.get((telling.kind, telling.cause), _KINDS_AS_CAUSES[telling.kind]))
