"""Why a message failed, wasn't delivered or isn't known: codes with the sentences that say it."""

from __future__ import annotations

from collections.abc import Mapping

from store.sentences import N_, Sentence, sentence

REASONS: Mapping[str, str] = {
    "no-such-number": N_("This number doesn't exist or can't receive texts."),
    "unreachable": N_("The phone was off or out of reach for too long."),
    "blocked": N_("The carrier or the person blocks texts from this number."),
    "no-answer": N_(
        "The provider didn't answer, so nobody knows whether this text left. It isn't sent again by itself."
    ),
    "raised": N_(
        "Handing this text over ended in an error ({kind}), so nobody knows whether it left. "
        "It isn't sent again by itself."
    ),
    "interrupted": N_("Textmeter was stopped while it handed this text over. It isn't sent again by itself."),
    "restored": N_(
        "This text waited in a backup that was put back, and may have left since. It isn't sent by itself."
    ),
    "not-left": N_("This text never left, as a person found out."),
    "no-receipt": N_("No receipt came within three days, so this text counts as delivered."),
    "opted-out": N_("Opted out before this text left. It wasn't sent, and its credits came back."),
    "quiet-hours": N_(
        "Quiet hours had begun there before this text left. It wasn't sent, and its credits came back."
    ),
    "people-cap": N_(
        "The sender may text no more new people this month. It wasn't sent, and its credits came back."
    ),
    "too-late": N_("This text wasn't handed over in time. It never left, and its credits came back."),
    "left-after-all": N_(
        "The provider took this text, as it said after a person had found out that it never left. "
        "Its credits came back all the same."
    ),
    "refused-after-all": N_(
        "The provider refused this text, as it said after a person had found out that it left. "
        "It was paid for all the same."
    ),
    "not-a-mobile": N_("This number can't receive texts: it may be a landline."),
    "not-allowed-there": N_(
        "The sender isn't set up to text this country. Allow it at your provider, or take another sender."
    ),
    "sender-unusable": N_(
        "The sender's number can't send this. Run `textmeter sender check` to see what is missing."
    ),
    "unregistered": N_(
        "The carrier blocked this text because the sender's number isn't registered. "
        "Register it with your provider."
    ),
    "filtered": N_(
        "The carrier filtered this text as spam. Change its words, leave out short links, and send it again."
    ),
    "no-credit": N_("Your account with the provider has run out of money. Top it up there, then resend."),
    "too-large": N_("The provider or the carrier found this text or its pictures too large."),
    "provider-error": N_("Something went wrong at the provider or carrier. Resend it later."),
    "opted-out-there": N_(
        "This person opted out at the provider or carrier. The number is among the opt-outs now."
    ),
    "account-unusable": N_(
        "Your account with the provider is closed or suspended, or its password or token is wrong. "
        "Run `textmeter sender check`, then resend."
    ),
    "trial": N_(
        "Trial accounts can only text verified numbers. Verify this one with your provider, or upgrade the "
        "account."
    ),
    "no-route": N_("This sender can't reach this number. Use another sender."),
    "over-limit": N_("The sender reached the provider's or carrier's limit. Resend tomorrow."),
    "not-published": N_(
        "The provider couldn't get the pictures of this text. Run `textmeter sender check`, then resend."
    ),
    "other": N_("The provider gave no reason."),
}
"""Why a message failed, wasn't delivered or isn't known, by the code that is kept with it. {kind}: what
follows the code after a colon."""


def why(reason: str) -> Sentence:
    """In words, the reason that is kept with a message."""
    code, _, kind = reason.partition(":")
    return sentence(REASONS.get(code, REASONS["other"]), kind=kind)
