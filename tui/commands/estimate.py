"""`textmeter estimate`: what a text would cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

import click

from store.messages.model import Problem, Purpose
from tui.commands import when_options
from tui.commands.click_ext import Command
from tui.commands.context import Session
from tui.commands.draft_options import Who, draft_of, parameters, worded
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store.messages.model import Estimate, LeftOut


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "estimate",
        run,
        about=_("Show what a text would cost."),
        more=_(
            "Counts segments and credits for everyone who would get it, with merge fields such "
            "as {first_name} filled in. Nothing is sent or held."
        ),
        params=[*parameters(language), *when_options.parameters(language)],
        examples=[
            _('textmeter estimate --to +14155550123 +447911123456 "The open house is on."'),
            _('textmeter estimate --group buyers "Hi {first_name|there}, the open house is on."'),
        ],
    )


class Given(Who, when_options.Given):
    """Who gets it, and when."""


def run(session: Session, **given: Unpack[Given]) -> None:
    draft = draft_of(session, given)
    with session.open_store() as store:
        account = session.account(store)
        when = when_options.when_of(session, store, account, given)
        draft = worded(session, store, draft, given)
        found = store.messages.estimate(account.id, draft, when)
        if found.purpose is Purpose.EMERGENCY:
            also = Problem("by-email", store.emergency.also(account.id, draft), blocking=False)
            found = replace(found, problems=(*found.problems, also))
    tell(session, found)


def tell(session: Session, found: Estimate) -> None:
    """Prints what a text would cost."""
    if session.json:
        session.answer(_as_data(session.language, found))
    else:
        _in_words(session, found)


def _as_data(language: Language, found: Estimate) -> dict[str, object]:
    return {
        "kind": found.kind.value,
        "recipients": found.recipients,
        "segments": {"min": found.segments_min, "max": found.segments_max, "total": found.segments_total},
        "credits": found.credits,
        "by_rate": [
            {
                "region": line.region,
                "recipients": line.recipients,
                "credits_per_segment": line.credits_per_segment,
                "credits": line.credits,
            }
            for line in found.by_rate
        ],
        "from_allotted": found.from_allotted,
        "from_purchased": found.from_purchased,
        "available_after": found.available_after,
        "warnings": [language.say(problem.says) for problem in found.warnings],
        "refused": left_out_as_data(language, found.refused),
        "sendable": found.sendable,
        "advice": [language.say(problem.says) for problem in found.advice],
        "left_out": left_out_as_data(language, found.left_out),
        "purpose": found.purpose.value,
    }


def left_out_as_data(language: Language, left_out: Iterable[LeftOut]) -> list[dict[str, object]]:
    """Who doesn't get a text, and why."""
    return [{"to": one.to, "reason": language.say(one.reason), "code": one.code} for one in left_out]


def _in_words(session: Session, found: Estimate) -> None:
    from tui.blasts.presentation import PURPOSES

    language, number = session.language, session.language.number
    _, ngettext = language.gettext, language.ngettext
    each = number(found.segments_max)
    if found.segments_min != found.segments_max:
        each = f"{number(found.segments_min)}–{each}"
    session.say(
        " · ".join(
            (
                found.kind.value.upper(),
                ngettext("{count} person", "{count} people", found.recipients).format(
                    count=number(found.recipients)
                ),
                ngettext("{segments} segment each", "{segments} segments each", found.segments_max).format(
                    segments=each
                ),
                ngettext("{count} credit", "{count} credits", found.credits).format(
                    count=number(found.credits)
                ),
                _(PURPOSES[found.purpose]),
            )
        )
    )
    if found.by_rate:
        session.say("")
        session.table(
            [_("Destination"), _("People"), _("Credits per segment"), _("Credits")],
            [
                [
                    language.territory(line.region),
                    number(line.recipients),
                    number(line.credits_per_segment),
                    number(line.credits),
                ]
                for line in found.by_rate
            ],
            right=[1, 2, 3],
        )
        session.say("")
    session.say(
        _("Credits left now: {before}, after sending: {after}").format(
            before=number(found.available_before), after=number(found.available_after)
        )
    )
    session.say(*(f"! {plain(language.say(problem.says))}" for problem in found.problems))
    for left_out in (*found.refused, *found.left_out):
        session.say(f"× {plain(left_out.to)}: {plain(language.say(left_out.reason))}")
