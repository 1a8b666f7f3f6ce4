"""Why a message failed, wasn't delivered or isn't known: codes with the sentences that say it."""

from __future__ import annotations

from collections.abc import Mapping

from store.sentences import N_, Sentence, sentence

REASONS: Mapping[str, str] = {
    "no-such-number": N_("This number doesn't exist or can't receive texts."),
    "unreachable": N_("The phone was off or had no signal for too long."),
    "blocked": N_("The carrier or the person blocks texts from this number."),
    "no-answer": N_(
        "The provider didn't answer, so this text may or may not have been sent. It isn't "
        "sent again automatically."
    ),
    "raised": N_(
        "Sending this text failed with an error ({kind}), so it may or may not have been "
        "sent. It isn't sent again automatically."
    ),
    "interrupted": N_("Textmeter stopped while sending this text. It isn't sent again automatically."),
    "restored": N_(
        "This text was waiting in a backup that was restored, and may have been sent since. "
        "It isn't sent automatically."
    ),
    "not-left": N_("Someone confirmed that this text was never sent."),
    "no-receipt": N_("No receipt arrived within three days, so this text counts as delivered."),
    "opted-out": N_(
        "They opted out before this text went out. It wasn't sent, and its credits were returned."
    ),
    "quiet-hours": N_(
        "Quiet hours had started there before this text went out. It wasn't sent, and its "
        "credits were returned."
    ),
    "people-cap": N_(
        "The sender can't text any more new people this month. It wasn't sent, and its credits were returned."
    ),
    "too-late": N_("This text didn't go out in time. It was never sent, and its credits were returned."),
    "left-after-all": N_(
        "The provider accepted this text after all, though someone had confirmed that it "
        "wasn't sent. Its credits were returned anyway."
    ),
    "refused-after-all": N_(
        "The provider refused this text after all, though someone had confirmed that it was "
        "sent. It was charged anyway."
    ),
    "not-a-mobile": N_("This number can't receive texts: it may be a landline."),
    "not-allowed-there": N_(
        "The sender isn't set up to text this country. Enable it with your provider, or use another sender."
    ),
    "sender-unusable": N_(
        "The sender's number can't send this. Run `textmeter sender check` to see what is missing."
    ),
    "unregistered": N_(
        "The carrier blocked this text because the sender's number isn't registered. "
        "Register it with your provider."
    ),
    "filtered": N_(
        "The carrier filtered this text as spam. Reword it, remove short links, and send it again."
    ),
    "no-credit": N_("Your account with the provider has run out of money. Top it up there, then resend."),
    "too-large": N_("This text or its pictures are too large for the provider or carrier."),
    "provider-error": N_("Something went wrong at the provider or carrier. Resend it later."),
    "opted-out-there": N_("This person opted out with the provider or carrier. The number is now opted out."),
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
