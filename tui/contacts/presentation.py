"""Emails of SmartPlans in words."""

from __future__ import annotations

from store.emails.model import REASONS, Email, Status
from store.sentences import N_, Sentence, sentence
from tui.i18n.language import Language

_STATUSES = {
    Status.WAITING: N_("waiting"),
    Status.SENDING: N_("under way"),
    Status.SENT: N_("sent"),
    Status.FAILED: N_("failed"),
    Status.UNKNOWN: N_("not known"),
}
_SIGNS = {
    Status.WAITING: "…",
    Status.SENDING: "…",
    Status.SENT: "✓",
    Status.FAILED: "✗",
    Status.UNKNOWN: "?",
}


def status_words(status: Status) -> Sentence:
    """What became of an email, in a word or two."""
    return Sentence(_STATUSES[status])


def timeline_line(language: Language, email: Email, timezone: str) -> str:
    """A line of a contact's timeline; the time in a time zone (IANA name): "✓ 4/16/26, 12:00 PM  Open house
    1: Welcome  sent"."""
    status: Sentence = status_words(email.status)
    if email.reason:
        status = sentence("{status}: {why}", status=status, why=Sentence(REASONS[email.reason]))
    return language.say(
        sentence(
            "{sign} {when}  {plan} {step}: {subject}  {status}",
            sign=_SIGNS[email.status],
            when=language.date_and_time(email.at, timezone),
            plan=email.plan,
            step=email.step,
            subject=email.subject,
            status=status,
        )
    )
