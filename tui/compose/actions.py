"""What the keys of Compose do with the text as it stands, how they are labelled, and why one can't act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.roles import Role
from store.sentences import Sentence, sentence
from tui.compose.draft_view import NEXT_STEPS, Reading
from tui.compose.live_estimate import Counting
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from tui.app import TextmeterApp

STEPS = ("send", "buy", "upgrade", "accounts")
"""The actions of F5, which leads on towards sending."""

NOBODY = sentence("There is nobody to send this to yet. Add a number or a contact.")


def next_step(reading: Reading | None) -> str:
    """Which of `STEPS` is the next."""
    if reading is not None and reading.cant_be_texted:
        return "accounts"
    if reading is not None and reading.estimate.only_credits_lack:
        return "buy" if reading.estimate.buy else "upgrade"
    return "send"


def action_label(action: str, reading: Reading | None, language: Language) -> str:
    """What the key bar writes beside a key that tells a number or a name; "" where it tells none."""
    if reading is None:
        return ""
    cost = reading.estimate
    if action == "send" and cost.credits:
        says = language.ngettext("Send {count} credit", "Send {count} credits", cost.credits)
        return says.format(count=language.number(cost.credits))
    if action == "buy":
        says = language.ngettext("Buy {count} credit", "Buy {count} credits", cost.buy)
        return says.format(count=language.number(cost.buy))
    if action == "preview" and reading.reader:
        return language.gettext("Preview as {reader}").format(reader=_first_word(reading.reader))
    return ""


MOST_QUOTED = 60
"""Characters of what stands behind To that are quoted."""


def why_not(action: str, counting: Counting, unfinished: str, app: TextmeterApp) -> Sentence | None:
    """Why an action can't be done, None where it can. unfinished: what stands behind To without being
    chosen; app: knows what the person may do, and reach."""
    reading = counting.reading
    if action == "picture":
        return app.no_files()
    if action == "preview" and not counting.audience.recipients:
        return sentence("There is nobody to preview it as yet. Add a number or a contact.")
    if action == "preview" and reading is not None and reading.text == reading.body:
        return sentence(
            "Everybody gets the same text. A field such as {field} makes it another for each.",
            field="{first_name}",
        )
    if action == "fix" and not (reading and reading.fixable):
        return sentence("Nothing needs to be fixed: the text is plain as it is.")
    if action == "send":
        if (forbidden := app.lacks(Role.SENDER)) is not None:
            return forbidden
        if unfinished:
            return sentence(
                "{text} stands behind To, but nobody is chosen by it yet. Press Enter there, or delete it.",
                text=unfinished if len(unfinished) <= MOST_QUOTED else unfinished[: MOST_QUOTED - 1] + "…",
            )
        if reading is None or not counting.settled:
            return sentence("Still counting what this costs. Try again in a moment.")
        wrong = [problem for problem in reading.estimate.problems if problem.blocking]
        # What is missing yet explains less than what is wrong.
        wrong.sort(key=lambda problem: problem.code in NEXT_STEPS)
        return wrong[0].says if wrong else None
    return None


def _first_word(name: str) -> str:
    """How one calls somebody in a key's label."""
    return plain(name if name.startswith("+") else name.split()[0])[:16]
