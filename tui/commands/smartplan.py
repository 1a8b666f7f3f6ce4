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
    plan = argument("plan", _("ID"), _("The SmartPlan's number, or its name."))
    contacts = Several(
        "--contact",
        _("ID|NUMBER..."),
        _("A contact by its number in `contacts list`, or by phone number; several after it."),
        is_value=_is_number,
    )
    starting = Command(
        language,
        "start",
        start,
        about=_("Put people on a SmartPlan, whose first steps are due from today on."),
        more=_(
            "FILE is TOML: a name, and [[steps]], each with days (after the start) and a subject and a body "
            "(an email), a text, or a task; {first_name|there} and the like take what a contact is called. "
            'at = "09:30" is an hour of their own day; a step with wait = 3 alone shifts all after it by '
            'days. Beside the name, group = "Buyers" puts on it whoever comes into that group from then on, '
            'and then = "Other plan" starts that one for whoever is through. Each email is charged as one '
            "when it is due. Where none is left, it fails for good, and the plan goes on with its next step. "
            "Whoever answers or opts out is taken off it."
        ),
        params=[
            argument("plan", _("FILE|NAME"), _("A SmartPlan there is, its file, or - for standard input.")),
            Several(
                "--to",
                _("EMAIL..."),
                _("An email address; several after it or several times."),
                is_value=lambda word: "@" in word,
            ),
            contacts,
            Several("--group", _("NAME"), _("A group of your contacts."), is_value=lambda word: False),
            Several(
                "--filter",
                _("QUERY"),
                _("Who matches: “#buyers unit:4* -opted-out last-text:>30d”, or =NAME for a saved filter."),
                is_value=lambda word: False,
                called="filters",
            ),
            flag("--again", _("Also those who were on it before; whoever still is begins anew.")),
            flag("--edit", _("Change the SmartPlan of that name to what the file has.")),
            option("--texts-from", _("ID"), _("The account whose texts its texts are."), Number()),
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
            about=_("Pause a SmartPlan, for everybody or some."),
            params=[plan, contacts],
            examples=["textmeter smartplan pause 3", "textmeter smartplan pause 3 --contact 12 15"],
        ),
        Command(
            language,
            "resume",
            resume,
            about=_("Go on with a SmartPlan where it was paused, later by as many days."),
            params=[plan, contacts],
            examples=["textmeter smartplan resume 3"],
        ),
        Command(
            language,
            "stop",
            stop,
            about=_("Take everybody, or some, off a SmartPlan."),
            more=_("What waits to leave still leaves; no further step is done for them."),
            params=[plan, contacts],
            examples=["textmeter smartplan stop 3 --contact 12"],
        ),
    ]
    return Group(
        language,
        "smartplan",
        about=_("Email, text and remind one step after another."),
        commands=[
            Command(language, "list", list_plans, about=_("List your SmartPlans and how far they are.")),
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
            changed = edit_words(session.language, store.smartplans.edit(id, given.steps))
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
        session.warn(sentence("Emails are simulated: none of them leaves."))
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
                sentences("Goes on for {count} person.", "Goes on for {count} people.", count)
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
        session.say(_("No SmartPlans yet. `textmeter smartplan start --help` says how one begins."))
        return
    session.table(
        [_("ID"), _("SmartPlan"), _("Steps"), _("People"), _("Under way"), _("Next"), _("Emails")],
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
        says = sentence("Whoever is put into #{group} starts it.", group=plan.group)
        session.say(plain(language.say(says)))
    if plan.then:
        session.say(plain(language.say(sentence("Then “{plan}” starts.", plan=plan.then))))
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
