"""`textmeter verify`: replays the ledger and says whether it agrees with itself."""

from __future__ import annotations

import click

from store.credits.model import Verification
from store.sentences import sentence
from tui.commands.click_ext import Command
from tui.commands.context import Session
from tui.diagnostics.checks import DAMAGED, looked_at
from tui.i18n.language import Language
from tui.i18n.sanitize import plain


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "verify",
        run,
        about=_("Check the ledger."),
        more=_(
            "Replays the whole history and compares the result with the stored balances, lots, "
            "holds and periods. The exit code is 1 if they don't match. Nothing is changed."
        ),
        examples=["textmeter verify"],
    )


def run(session: Session) -> int:
    with session.open_store() as store:
        flaw = store.database.flaw()
        if flaw:
            # Of rows that may be wrong in any way, more would be nothing but noise.
            says = sentence("{path}: {flaw}. {advice}", path=store.database.name, flaw=flaw, advice=DAMAGED)
            found = Verification(0, 0, (says,))
        else:
            found = store.credits.verify()
    problems = [session.language.say(problem) for problem in found.problems]
    if session.json:
        session.answer(
            {
                "ok": found.ok,
                "accounts": found.accounts,
                "entries": found.entries,
                "problems": problems,
            }
        )
    elif found.ok:
        session.say(
            session.language.say(sentence("Everything matches: {looked_at}.", looked_at=looked_at(found)))
        )
    else:
        session.say(*map(plain, problems))
        session.warn(sentence("The ledger doesn't add up. Restore a backup of the database."))
    return 0 if found.ok else 1
