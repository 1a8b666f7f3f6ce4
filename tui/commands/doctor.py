"""`textmeter doctor`: looks at the installation, the database and the terminal, and says what to mend."""

from __future__ import annotations

from collections.abc import Sequence

import click

from tui.commands.click_ext import Command
from tui.commands.context import Session
from tui.diagnostics.checks import NAMES, Asked, Finding, data, files, program
from tui.i18n.language import Language
from tui.i18n.sanitize import plain


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "doctor",
        run,
        about=_("Find problems and show how to fix them."),
        more=_(
            "Checks versions, the database and who can read it, the ledger, and what the "
            "terminal can display. The exit code is 1 if something needs fixing."
        ),
        examples=["textmeter doctor"],
    )


def run(session: Session) -> int:
    asked = Asked(session.language, session.options, session.database, session.open_store)
    findings = [*program(session.language), *files(asked), *data(asked)]
    healthy = not any(finding.advice for finding in findings)
    if session.json:
        checks = [
            {"name": found.name, "value": found.value, "ok": not found.advice, "advice": found.advice}
            for found in findings
        ]
        session.answer({"ok": healthy, "checks": checks})
    else:
        _in_words(session, findings)
    return 0 if healthy else 1


def _in_words(session: Session, findings: Sequence[Finding]) -> None:
    _ = session.language.gettext
    names = [_(NAMES[found.name]) if found.name in NAMES else found.name for found in findings]
    states = [_("fix") if found.advice else _("OK") for found in findings]
    values = [found.value for found in findings]
    session.table(
        [_("State"), _("What"), _("Result")], [list(row) for row in zip(states, names, values, strict=True)]
    )
    for name, found in zip(names, findings, strict=True):
        if found.advice:
            session.say("", plain(f"{name}: {found.advice}", lines=True))
