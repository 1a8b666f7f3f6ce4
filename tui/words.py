"""The ledger's codes in words: what a line of the history is, and what caused it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from store.credits.model import Account, Entry, Kind
from store.sentences import N_, Sentence, sentence, sentences
from tui.i18n import Language

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


def clock_set_back(account: Account) -> Sentence:
    """The warning that the clock is before an instant up to which an account was processed already."""
    return sentence(
        "The clock is behind {floor}, up to which this account was processed already. Nothing is processed "
        "until it gets there.",
        floor=account.clock_floor.astimezone(ZoneInfo(account.timezone)),
    )


def kind_words(language: Language, kind: Kind) -> str:
    """What a line of the history is, in a word or two: "used"."""
    return language.gettext(_KINDS[kind])


def cause_words(language: Language, entry: Entry) -> str:
    """What a line of the history tells, as a short sentence without a full stop: "Text to 213 people"."""
    return language.say(_cause(entry))


def _cause(entry: Entry) -> Sentence:
    match entry.kind, entry.cause:
        case Kind.USED, "blast":
            return sentences("Text to {count} person", "Text to {count} people", entry.count)
        case Kind.RELEASED, "blast":
            return sentence("Given back: not sent")
        case Kind.USED, "reply":
            return sentence("Reply received")
        case Kind.WAIVED, _:
            return sentences(
                "Reply received, {count} credit waived",
                "Reply received, {count} credits waived",
                entry.amount,
            )
        case Kind.USED, _:
            return sentence("Use recorded by hand")
        case Kind.GRANTED, "join":
            return sentence("First credits of the plan")
        case Kind.GRANTED, _:
            return sentence("Monthly credits")
        case Kind.EXPIRED, _:
            return sentence("Expired")
    return Sentence(_KINDS[entry.kind])
