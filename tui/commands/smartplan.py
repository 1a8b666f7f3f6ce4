"""`textmeter smartplan`: emails, texts and tasks that follow one another."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from store.paths import typed_path
from store.sentences import sentence, sentences
from tui.commands.click_ext import Command, Group, Number, Several, argument, flag, option
from tui.commands.context import Session
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store import Store
    from store.emails.model import SmartPlan
    from store.emails.plan_model import OnPlan, PlanPage, Standing

PAGE = 1_000


def command(language: Language) -> click.Command:
    _ = language.gettext
    plan = argument("plan", _("ID"), _("The SmartPlan's ID or name."))
    contacts = Several(
        "--contact",
        _("ID|NUMBER..."),
        _("A contact's ID from `contacts list`, or a phone number. You can list several."),
        is_value=_is_number,
    )
    starting = Command(
        language,
        "start",
        start,
        about=_("Add people to a SmartPlan. Their first steps are due starting today."),
        more=_(
            "FILE is TOML: a name and [[steps]]. Each step has days (after the start) and one of "
            "these: subject and body (an email), text, or task; fields such as "
            '{first_name|there} are filled in for each contact. at = "09:30" is a time in the '
            "contact's own time zone; a step with only wait = 3 delays everything after it by "
            'that many days. Next to the name, group = "Buyers" adds anyone who joins that group '
            'from then on, and then = "Other plan" starts that plan for anyone who finishes. '
            "Each email is charged when it is due. If none are left, it fails for good and the "
            "plan continues with the next step. Anyone who replies or opts out is removed from "
            "the plan."
        ),
        params=[
            argument(
                "plan", _("FILE|NAME"), _("An existing SmartPlan, a SmartPlan file, or - for standard input.")
            ),
            Several(
                "--to",
                _("EMAIL..."),
                _("An email address. Use it more than once, or list several after it."),
                is_value=lambda word: "@" in word,
            ),
            contacts,
            Several("--group", _("NAME"), _("One of your groups."), is_value=lambda word: False),
            Several(
                "--filter",
                _("QUERY"),
                _(
                    "Everyone who matches: “#buyers unit:4* -opted-out last-text:>30d”, or =NAME for a "
                    "saved filter."
                ),
                is_value=lambda word: False,
                called="filters",
            ),
            flag("--again", _("Include people who were on it before; anyone still on it starts over.")),
            flag("--edit", _("Update the SmartPlan with that name from the file.")),
            option("--texts-from", _("ID"), _("The account that sends its texts."), Number()),
        ],
        examples=[
            "textmeter smartplan start welcome.toml --to ann@example.com bob@example.com",
            "textmeter smartplan start Welcome --group buyers",
            "textmeter smartplan start welcome.toml --edit",
        ],
    )
    moves = [
        Command(
            language,
            "pause",
            pause,
            about=_("Pause a SmartPlan for everyone or for some people."),
            params=[plan, contacts],
            examples=["textmeter smartplan pause 3", "textmeter smartplan pause 3 --contact 12 15"],
        ),
        Command(
            language,
            "resume",
            resume,
            about=_("Resume a paused SmartPlan; its remaining steps move later by the length of the pause."),
            params=[plan, contacts],
            examples=["textmeter smartplan resume 3"],
        ),
        Command(
            language,
            "stop",
            stop,
            about=_("Stop a SmartPlan for everyone or for some people."),
            more=_("Messages already queued still go out; there are no further steps."),
            params=[plan, contacts],
            examples=["textmeter smartplan stop 3 --contact 12"],
        ),
    ]
    return Group(
        language,
        "smartplan",
        about=_("Run a series of emails, texts and reminders."),
        commands=[
            Command(language, "list", list_plans, about=_("List your SmartPlans and their progress.")),
            Command(
                language,
                "show",
                show,
                about=_("Show a SmartPlan's steps and who is on it, failures first."),
                params=[plan],
                examples=["textmeter smartplan show 3", "textmeter smartplan show Welcome --json"],
            ),
            starting,
            *moves,
        ],
    )


def _is_number(word: str) -> bool:
    return word.removeprefix("+").isdecimal()


def start(
    session: Session,
    plan: str,
    to: tuple[str, ...],
    contact: tuple[str, ...],
    group: tuple[str, ...],
    filters: tuple[str, ...],
    again: bool,
    edit: bool,
    texts_from: int | None,
) -> None:
    from store.emails import files as plan_files
    from store.emails.plan_model import Started
    from tui.commands.contacts import find_contact
    from tui.smartplans.presentation import edit_words, started_words

    given = plan_files.read(sys.stdin.buffer) if plan == "-" else None
    with session.open_store() as store:
        account = session.account(store)
        if given is None and (edit or not _is_there(store, account.id, plan)):
            given = plan_files.read(typed_path(plan))
        people = to or contact or group or filters
        if not (people or edit or (given and given.group)):
            context = click.get_current_context()
            raise click.MissingParameter(ctx=context, param=context.command.params[1])
        changed: list[str] = []
        if given is not None and edit:
            id = store.smartplans.named(account.id, given.name)
            changed = edit_words(session.language, store.smartplans.edit(id, given.steps).edit)
        started = Started(0, 0, {})
        if people or not edit:
            started = store.smartplans.start(
                account.id,
                given or store.smartplans.named(account.id, plan),
                to=to,
                contacts=[find_contact(session, store, one).id for one in contact],
                groups=group,
                filters=filters,
                again=again,
                texts_account=texts_from,
            )
        elif given is not None:
            started = Started(store.smartplans.keep(account.id, given), 0, {})
        name = store.smartplans.plan(started.plan).plan.name
        simulated = not (account.demo_clock or store.emails.is_real(account.id))
    if simulated:
        session.warn(sentence("Emails are simulated: none are really sent."))
    if session.json:
        left_out = sum(started.left_out.values())
        told = {"plan": started.plan, "people": started.people, "left_out": left_out}
        session.answer({**told, "reasons": dict(started.left_out)})
        return
    session.say(*map(plain, changed))
    if started.people or not edit:
        session.say(*(plain(session.language.say(one)) for one in started_words(started, name)))


def list_plans(session: Session) -> None:
    with session.open_store() as store:
        account = session.account(store)
        plans = store.smartplans.plans(account.id)
    if session.json:
        session.answer([_as_data(plan, account.timezone) for plan in plans])
    else:
        _in_words(session, plans, account.timezone)


def show(session: Session, plan: str) -> None:
    with session.open_store() as store:
        account = session.account(store)
        found = store.smartplans.plan(_find(store, account.id, plan))
        people: list[OnPlan] = []
        while page := store.smartplans.people(
            found.standing.id, after=people[-1] if people else None, limit=PAGE
        ):
            people += page
    if session.json:
        session.answer(_whole(found, people, account.timezone))
        return
    _page_in_words(session, found, people, account.timezone)


def pause(session: Session, plan: str, contact: tuple[str, ...]) -> None:
    count = _change(session, "pause", plan, contact)
    if not session.json:
        session.say(
            session.language.say(sentences("Paused for {count} person.", "Paused for {count} people.", count))
        )


def resume(session: Session, plan: str, contact: tuple[str, ...]) -> None:
    count = _change(session, "resume", plan, contact)
    if not session.json:
        session.say(
            session.language.say(
                sentences("Resumed for {count} person.", "Resumed for {count} people.", count)
            )
        )


def stop(session: Session, plan: str, contact: tuple[str, ...]) -> None:
    count = _change(session, "stop", plan, contact)
    if not session.json:
        session.say(
            session.language.say(
                sentences("Stopped for {count} person.", "Stopped for {count} people.", count)
            )
        )


def _change(session: Session, what: str, plan: str, contact: tuple[str, ...]) -> int:
    """Pauses, resumes or stops a plan; for how many."""
    from tui.commands.contacts import find_contact

    with session.open_store() as store:
        id = _find(store, session.account(store).id, plan)
        contacts = [find_contact(session, store, one).id for one in contact]
        do = {"pause": store.smartplans.pause, "resume": store.smartplans.resume}
        count = do.get(what, store.smartplans.stop)(id, contacts)
    if session.json:
        session.answer({"id": id, "people": count})
    return count


def _is_there(store: Store, account_id: int, name: str) -> bool:
    """Whether an account has a plan of that name."""
    return any(plan.name.casefold() == name.casefold() for plan in store.smartplans.plans(account_id))


def _find(store: Store, account_id: int, plan: str) -> int:
    """An account's plan by its number or name. Raises WrongUsage where there is none."""
    if plan.isdecimal() and len(plan) < 10 and store.smartplans.account_of(int(plan)) == account_id:
        return int(plan)
    return store.smartplans.named(account_id, plan)


def _as_data(plan: Standing, timezone: str) -> dict[str, object]:
    from store.clock import local_date
    from store.emails.model import Status

    due = plan.next
    return {
        "id": plan.id,
        "plan": plan.id,
        "name": plan.name,
        "steps": plan.steps,
        "people": plan.people,
        "going": plan.going,
        "active": plan.going if plan.paused_on is None else 0,
        "paused_on": plan.paused_on.isoformat() if plan.paused_on else None,
        "next": {"at": due.at.isoformat(), "step": due.step, "contacts": due.people} if due else None,
        "next_on": local_date(due.at, timezone).isoformat() if due else None,
        **{str(status): plan.emails.get(status, 0) for status in Status},
    }


def _whole(found: PlanPage, people: list[OnPlan], timezone: str) -> dict[str, object]:
    plan: SmartPlan = found.plan
    steps = [
        {
            "kind": str(one.step.kind),
            "days": one.step.days,
            "at": one.step.hour or None,
            "subject": one.step.subject,
            "body": one.step.body,
            "waiting": one.waiting,
            "done": one.done,
            "failed": one.failed,
            "open": one.open,
        }
        for one in found.steps
    ]
    return {
        **_as_data(found.standing, timezone),
        "steps": steps,
        "group": plan.group or None,
        "then": plan.then or None,
        "purpose": str(plan.purpose),
        "contacts": [
            {
                "contact": one.contact_id,
                "name": one.name,
                "run": one.run,
                "state": str(one.state),
                "step": one.step or None,
                "at": one.at.isoformat() if one.at else None,
                "failed": one.failed,
                "reason": one.reason or None,
            }
            for one in people
        ],
    }


def _in_words(session: Session, plans: list[Standing], timezone: str) -> None:
    from tui.contacts.presentation import status_words
    from tui.smartplans.presentation import next_words

    language = session.language
    _ = language.gettext
    if not plans:
        session.say(
            _("There are no SmartPlans yet. See how to start one: `textmeter smartplan start --help`.")
        )
        return
    session.table(
        [_("ID"), _("SmartPlan"), _("Steps"), _("People"), _("In progress"), _("Next"), _("Emails")],
        [
            [
                str(plan.id),
                plan.name,
                language.number(plan.steps),
                language.number(plan.people),
                language.number(plan.going),
                next_words(language, plan, timezone),
                ", ".join(
                    f"{language.number(count)} {language.say(status_words(status))}"
                    for status, count in sorted(plan.emails.items())
                ),
            ]
            for plan in plans
        ],
        right=[0, 2, 3, 4],
    )


def _page_in_words(session: Session, found: PlanPage, people: list[OnPlan], timezone: str) -> None:
    from tui.blasts.presentation import PURPOSES
    from tui.smartplans.presentation import (
        KINDS,
        next_words,
        person_words,
        states,
        summary,
        when,
        why_failed,
    )

    language = session.language
    _ = language.gettext
    plan = found.plan
    session.say(plain(plan.name), states(language, found), next_words(language, found.standing, timezone))
    if plan.group:
        says = sentence("Starts for anyone added to #{group}.", group=plan.group)
        session.say(plain(language.say(says)))
    if plan.then:
        session.say(plain(language.say(sentence("Then starts “{plan}”.", plan=plan.then))))
    if plan.purpose:
        session.say(_(PURPOSES[plan.purpose]))
    session.say("")
    session.table(
        [_("Step"), _("When"), _("What"), "", _("Waiting"), _("Done"), _("Failed")],
        [
            [
                str(number),
                language.say(when(one.step)),
                language.gettext(KINDS[one.step.kind]),
                summary(one.step)[:50],
                language.number(one.waiting),
                language.number(one.done),
                language.number(one.failed),
            ]
            for number, one in enumerate(found.steps, 1)
        ],
        right=[0, 4, 5, 6],
    )
    if people:
        session.say("")
        session.table(
            [_("Contact"), _("Status"), ""],
            [[one.name, person_words(language, one, timezone), why_failed(language, one)] for one in people],
        )
