"""What happened with a person, in words: a line each."""

from __future__ import annotations

from typing import NamedTuple

from store.clock import local_date
from store.emails.model import REASONS
from store.emails.model import Status as EmailStatus
from store.messages.model import Line as Reply
from store.messages.model import Texted
from store.people.model import ConsentState, Said
from store.people.tasks import Task
from store.sentences import N_, sentence
from store.texts.merge import sketch
from store.timeline import Emailed, Line, Noted, NotTexted, Source
from tui.blasts.presentation import SIGNS as TEXT_SIGNS
from tui.blasts.presentation import STATUS
from tui.consent.presentation import SIGNS as SAID_SIGNS
from tui.consent.presentation import how_words
from tui.contacts.presentation import status_words
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

FILTERS = {
    N_("All"): frozenset(Source),
    N_("Texts"): frozenset({Source.TEXTS, Source.TEXT_REPLIES, Source.STEPS}),
    N_("Emails"): frozenset({Source.EMAILS, Source.EMAIL_REPLIES}),
    N_("Consent"): frozenset({Source.CONSENT}),
    N_("Notes and tasks"): frozenset({Source.NOTES, Source.TASKS}),
}
"""What can be shown alone, by what it is called."""

KINDS = {
    Source.TEXTS: N_("text"),
    Source.TEXT_REPLIES: N_("text"),
    Source.STEPS: N_("text"),
    Source.EMAILS: N_("email"),
    Source.EMAIL_REPLIES: N_("email"),
    Source.CONSENT: N_("consent"),
    Source.NOTES: N_("note"),
    Source.TASKS: N_("task"),
}
_SIGNS = {
    EmailStatus.QUEUED: "·",
    EmailStatus.SERVICE: "·",
    EmailStatus.WAITING: "…",
    EmailStatus.SENDING: "…",
    EmailStatus.SENT: "✓",
    EmailStatus.BOUNCED: "✗",
    EmailStatus.FAILED: "✗",
    EmailStatus.CANCELLED: "−",
    EmailStatus.UNKNOWN: "?",
}


class Told(NamedTuple):
    """A line. sign: tells at a glance what became of it, and "←" of what they wrote; stands: what became of
    it in a few words, and why, where it isn't as it should be; "" where there is nothing to tell."""

    sign: str
    text: str
    stands: str = ""
    why: str = ""


def told(language: Language, line: Line, timezone: str, *, several: bool) -> Told:
    """What a line says; days in a time zone (IANA name). several: whether the person has further numbers or
    addresses, so that those of consent are named."""
    say, _ = language.say, language.gettext
    match line.about:
        case Texted(message=message):
            text = _one_line(message.body) or _("[picture]")
            why = say(message.reason) if message.reason is not None else ""
            return Told(TEXT_SIGNS[message.status], text, _(STATUS[message.status]), why)
        case Reply() as reply:
            return Told("←", _one_line(reply.text) or _("[picture]"))
        case Emailed() as email:
            why = _(REASONS[email.reason]) if email.reason else ""
            text = _of_plan(email.plan, email.step, email.subject)
            return Told(_SIGNS[email.status], text, say(status_words(email.status)), why)
        case NotTexted() as missed:
            text = _of_plan(missed.plan, missed.step, _one_line(sketch(missed.text)))
            return Told("✗", text, say(status_words(EmailStatus.FAILED)), _(REASONS[missed.reason]))
        case Said() as said:
            return Told(SAID_SIGNS[said.state], _said(language, said, several), say(how_words(said)))
        case Noted() as note:
            return Told(" ", _one_line(note.text), note.by)
        case Task() as task:
            return Told("✓" if task.done_at else "·", _one_line(task.text), _done(language, task, timezone))


def _done(language: Language, task: Task, timezone: str) -> str:
    """ "to do", "done May 3 by Sam"."""
    if task.done_at is None:
        return language.gettext("to do")
    day = language.day_and_month(local_date(task.done_at, timezone))
    if task.done_by:
        return language.say(sentence("done {day} by {person}", day=day, person=task.done_by))
    return language.say(sentence("done {day}", day=day))


def credits_of(line: Line) -> int:
    """What it cost, or takes."""
    match line.about:
        case Texted(message=message):
            return message.credits
        case Reply() | Emailed():
            return line.about.credits
        case _:
            return 0


def as_data(language: Language, line: Line) -> dict[str, object]:
    """A line for other programs."""
    about, channel = line.about, "email" if "@" in line.number else "text"
    data: dict[str, object] = {"at": line.at.isoformat(), "what": "", "channel": channel, "text": ""}
    data |= {"status": None, "credits": None, "reason": None, "plan": None, "step": None, "by": None}
    match about:
        case Texted(message=message):
            reason = language.say(message.reason) if message.reason is not None else None
            data |= {"what": "text", "text": plain(message.body, lines=True), "status": message.status.value}
            data |= {"credits": message.credits, "reason": reason}
        case Reply():
            data |= {"what": "reply", "text": plain(about.text, lines=True), "credits": about.credits}
        case Emailed():
            reason = language.gettext(REASONS[about.reason]) if about.reason else None
            data |= {"what": "email" if about.campaign is not None else "step", "channel": "email"}
            data |= {"text": plain(about.subject), "status": about.status.value, "credits": about.credits}
            data |= {"reason": reason, "plan": plain(about.plan) or None, "step": about.step or None}
        case NotTexted():
            data |= {
                "what": "step",
                "text": plain(about.text, lines=True),
                "status": EmailStatus.FAILED.value,
            }
            data |= {"credits": 0, "reason": language.gettext(REASONS[about.reason])}
            data |= {"plan": plain(about.plan), "step": about.step or None}
        case Said():
            data |= {"what": "consent", "text": plain(about.why, lines=True), "status": about.state.value}
            data |= {"by": plain(about.by)}
        case Noted():
            data |= {"what": "note", "channel": None, "text": plain(about.text, lines=True)}
            data |= {"by": plain(about.by)}
        case Task():
            data |= {"what": "task", "channel": None, "text": plain(about.text, lines=True)}
            data |= {"status": "done" if about.done_at else "due", "by": plain(about.done_by)}
    return data


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _of_plan(plan: str, step: int, text: str) -> str:
    """ "Open house 1: Welcome" of a SmartPlan's step, without a number once the plan has it no more."""
    of = f"{plan} {step or ''}".strip()
    return f"{of}: {text}" if of else text


_SAID = {
    ConsentState.OUT: N_("Opted out"),
    ConsentState.IN: N_("Said yes"),
    ConsentState.UNKNOWN: N_("What was noted is taken back"),
}


def _said(language: Language, said: Said, several: bool) -> str:
    what = _SAID[said.state]
    if said.asks is not None:
        what = N_("A list says yes")
    number = said.number if "@" in said.number else language.phone(said.number)
    return "  ".join(filter(None, (language.gettext(what), number if several else "", said.why)))
