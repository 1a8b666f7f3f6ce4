"""`textmeter smartplan`: emails that go to contacts one after another."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from store.paths import typed_path
from store.sentences import sentence, sentences
from tui.commands.click_ext import Command, Group, Several, argument
from tui.commands.context import Session
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store.emails.model import Standing


def command(language: Language) -> click.Command:
    _ = language.gettext
    starting = Command(
        language,
        "start",
        start,
        about=_("Put people on a SmartPlan, whose first emails are due from today on."),
        more=_(
            "FILE is TOML: a name, and [[steps]] with days (after the start), subject and body, in which "
            "{first_name|there} and the like take what a contact is called. Each email is charged as one "
            "when it is due. Where none is left, it fails for good, and the plan goes on with its next step."
        ),
        params=[
            argument("file", _("FILE"), _("The file of the SmartPlan, or - for standard input.")),
            Several(
                "--to",
                _("EMAIL..."),
                _("An email address; several after it or several times."),
                is_value=lambda word: "@" in word,
            ),
            Several("--group", _("NAME"), _("A group of your contacts."), is_value=lambda word: False),
        ],
        examples=[
            "textmeter smartplan start welcome.toml --to ann@example.com bob@example.com",
            "textmeter smartplan start welcome.toml --group buyers",
        ],
    )
    listing = Command(language, "list", list_plans, about=_("List your SmartPlans and how far they are."))
    return Group(
        language,
        "smartplan",
        about=_("Email contacts one step after another."),
        commands=[starting, listing],
    )


def start(session: Session, file: str, to: tuple[str, ...], group: tuple[str, ...]) -> None:
    from store.emails import files

    plan = files.read(sys.stdin.buffer if file == "-" else typed_path(file))
    if not to and not group:
        context = click.get_current_context()
        raise click.MissingParameter(ctx=context, param=context.command.params[1])
    with session.open_store() as store:
        account = session.account(store)
        started = store.smartplans.start(account.id, plan, to=to, groups=group)
        simulated = not (account.demo_clock or store.emails.is_real(account.id))
    if simulated:
        session.warn(sentence("Emails are simulated: none of them leaves."))
    if session.json:
        session.answer({"plan": started.plan, "people": started.people, "left_out": started.left_out})
        return
    language = session.language
    session.say(
        plain(
            language.say(
                sentences(
                    "{name} is started for {count} person. Its emails leave while the app is open, or by "
                    "`textmeter run`.",
                    "{name} is started for {count} people. Its emails leave while the app is open, or by "
                    "`textmeter run`.",
                    started.people,
                    name=plan.name,
                )
            )
        )
    )
    if started.left_out:
        session.say(
            language.say(
                sentences(
                    "{count} contact without an email address is left out.",
                    "{count} contacts without an email address are left out.",
                    started.left_out,
                )
            )
        )


def list_plans(session: Session) -> None:
    with session.open_store() as store:
        plans = store.smartplans.plans(session.account(store).id)
    if session.json:
        session.answer([_as_data(plan) for plan in plans])
    else:
        _in_words(session, plans)


def _as_data(plan: Standing) -> dict[str, object]:
    from store.emails.model import Status

    return {
        "plan": plan.id,
        "name": plan.name,
        "steps": plan.steps,
        "people": plan.people,
        "going": plan.going,
        "next_on": plan.next_on.isoformat() if plan.next_on else None,
        **{str(status): plan.emails.get(status, 0) for status in Status},
    }


def _in_words(session: Session, plans: list[Standing]) -> None:
    from tui.contacts.presentation import status_words

    language = session.language
    _ = language.gettext
    if not plans:
        session.say(_("No SmartPlans yet. `textmeter smartplan start --help` says how one begins."))
        return
    session.table(
        [_("SmartPlan"), _("Steps"), _("People"), _("Under way"), _("Next"), _("Emails")],
        [
            [
                plan.name,
                language.number(plan.steps),
                language.number(plan.people),
                language.number(plan.going),
                language.day(plan.next_on) if plan.next_on else "",
                ", ".join(
                    f"{language.number(count)} {language.say(status_words(status))}"
                    for status, count in sorted(plan.emails.items())
                ),
            ]
            for plan in plans
        ],
        right=[1, 2, 3],
    )
