"""SmartPlans, their steps and people in words."""

from __future__ import annotations

from collections.abc import Mapping

from store.clock import local_date
from store.emails.editing import Change, StepChange
from store.emails.model import REASONS, TROUBLE, Going, Step, StepKind
from store.emails.plan_model import Edit, OnPlan, PlanPage, Standing, Started
from store.sentences import N_, Sentence, sentence, sentences
from tui.i18n.language import Language

KINDS = {
    StepKind.EMAIL: N_("Email"),
    StepKind.TEXT: N_("Text"),
    StepKind.TASK: N_("Task"),
}
STATES = {
    Going.GOING: N_("active"),
    Going.PAUSED: N_("paused"),
    Going.DONE: N_("finished"),
    Going.REPLIED: N_("replied"),
    Going.OPTED_OUT: N_("opted out"),
    Going.BOUNCED: N_("email came back"),
    Going.STOPPED: N_("stopped"),
}
SIGNS = {
    Going.GOING: "›",
    Going.PAUSED: "‖",
    Going.DONE: "✓",
    Going.REPLIED: "←",
    Going.OPTED_OUT: "✗",
    Going.BOUNCED: "×",
    Going.STOPPED: "−",
}
"""A sign beside the word, so that a list can be scanned without colour."""
CHANGES = {
    Change.KEPT: N_("no change"),
    Change.CHANGED: N_("changed"),
    Change.ADDED: N_("new"),
    Change.REMOVED: N_("removed"),
}


def when(step: Step) -> Sentence:
    """When a step is due: "Day 3, 9:30"; the days are counted from the start."""
    if step.hour:
        return sentence("Day {days}, {hour}", days=step.days, hour=step.hour.removeprefix("0"))
    return sentence("Day {days}", days=step.days)


def summary(step: Step) -> str:
    """A step in a line: an email's subject, or the first words of the others."""
    return step.subject or " ".join(step.body.split())


def next_words(language: Language, standing: Standing, timezone: str) -> str:
    """What a plan does next, in an account's time zone: "Apr 19: step 2 for 3 people"."""
    if standing.paused_on is not None:
        return language.say(sentence("paused since {day}", day=standing.paused_on))
    if standing.next is None:
        return ""
    return language.say(
        sentences(
            "{day}: step {step} for {count} person",
            "{day}: step {step} for {count} people",
            standing.next.people,
            day=local_date(standing.next.at, timezone),
            step=standing.next.step,
        )
    )


def failures(standing: Standing) -> int:
    """How many of a plan's emails and texts failed, came back or aren't known."""
    return standing.failed + sum(standing.emails.get(status, 0) for status in TROUBLE)


def states(language: Language, page: PlanPage) -> str:
    """How many people stand in each state: "› 36 going · ← 4 replied"."""
    return "  ·  ".join(
        f"{SIGNS[state]} {language.number(page.people[state])} {language.gettext(STATES[state])}"
        for state in STATES
        if page.people.get(state)
    )


def person_words(language: Language, one: OnPlan, timezone: str) -> str:
    """How somebody stands: "step 2 on Apr 19", or where it ended and why."""
    if one.at is not None:
        return language.say(sentence("step {step} on {day}", step=one.step, day=local_date(one.at, timezone)))
    state = language.gettext(STATES[one.state])
    if one.step:
        return language.say(sentence("{state} at step {step}", state=state, step=one.step))
    return state


def why_failed(language: Language, one: OnPlan) -> str:
    """Why a step failed for somebody, "" where none did."""
    if not one.failed:
        return ""
    reason = REASONS.get(one.reason)
    if reason and one.failed == 1:
        return language.gettext(reason)
    failed = language.say(sentences("{count} step failed", "{count} steps failed", one.failed))
    return f"{failed}: {language.gettext(reason)}" if reason else failed


def started_words(started: Started, name: str) -> list[Sentence]:
    """What starting a plan came to."""
    said: list[Sentence] = [
        sentences(
            "{name} started for {count} person. Its emails go out while the app is open or "
            "`textmeter run` is running.",
            "{name} started for {count} people. Its emails go out while the app is open or "
            "`textmeter run` is running.",
            started.people,
            name=name,
        )
    ]
    return said + left_out_words(started.left_out)


def left_out_words(left_out: Mapping[str, int]) -> list[Sentence]:
    """How many weren't put on a plan, a sentence for each reason. left_out: as
    `store.emails.plan_model.Started` has it."""
    found = []
    for code, count in left_out.items():
        match code:
            case "on-it":
                says = sentences(
                    "{count} person is or was already enrolled and is left out.",
                    "{count} people are or were already enrolled and are left out.",
                    count,
                )
            case "opted-out":
                says = sentences(
                    "{count} person opted out and is left out.",
                    "{count} people opted out and are left out.",
                    count,
                )
            case _:
                says = sentences(
                    "{count} contact without an email address is left out.",
                    "{count} contacts without an email address are left out.",
                    count,
                )
        found.append(says)
    return found


def change_words(language: Language, one: StepChange) -> str:
    """For whom an edit changes a step: "12 people get it, it is past for 3"."""
    match one.change:
        case Change.KEPT:
            return language.gettext(CHANGES[one.change])
        case Change.REMOVED:
            says = sentences(
                "removed: {count} person won't get it", "removed: {count} people won't get it", one.to_come
            )
        case Change.CHANGED:
            says = sentences(
                "changed: {count} person gets the new version",
                "changed: {count} people get the new version",
                one.to_come,
            )
        case _:
            says = sentences("new: {count} person gets it", "new: {count} people get it", one.to_come)
    said = language.say(says)
    if one.past and one.change is not Change.REMOVED:
        past = sentences("too late for {count} person", "too late for {count} people", one.past)
        return f"{said}, {language.say(past)}"
    return said


def edit_words(language: Language, edit: Edit) -> list[str]:
    """What an edit does, two lines a step that it changes."""
    return [
        line
        for one in edit.changes
        if one.change is not Change.KEPT
        for line in (f"{one.number:>2}  {summary(one.step)}", f"    {change_words(language, one)}")
    ]


def edited_words(edit: Edit) -> Sentence:
    """What an edit did, in a sentence."""
    made = [one for one in edit.changes if one.change is not Change.KEPT]
    if len(made) != 1:
        return sentence("The steps are changed.")
    match made[0].change:
        case Change.ADDED:
            return sentence("Step {number} is added.", number=made[0].number)
        case Change.REMOVED:
            return sentence("Step {number} is removed.", number=made[0].number)
        case _:
            return sentence("Step {number} is changed.", number=made[0].number)
