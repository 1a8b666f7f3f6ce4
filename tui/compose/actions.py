"""What the keys of Compose do with the text as it stands: where F5 leads, what a key says, and why one can't
act now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol, TypeAlias

from store.messages.model import Estimate, LeftOut, Problem, Purpose
from store.sentences import Sentence, sentence
from tui.compose.beside import NEXT_STEPS
from tui.compose.cost import by_country
from tui.compose.draft_view import Reading
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

Step: TypeAlias = Literal["send", "buy", "upgrade"]
"""What F5 does, which leads on towards sending."""


class Priced(Protocol):
    """What a text or an email costs."""

    @property
    def purpose(self) -> Purpose: ...
    @property
    def recipients(self) -> int: ...
    @property
    def problems(self) -> Sequence[Problem]: ...
    @property
    def refused(self) -> Sequence[LeftOut]: ...
    @property
    def left_out(self) -> Sequence[LeftOut]: ...


class Counted(Protocol):
    """A draft as one person will get it, and what it costs. is_alike: whether everybody gets the same;
    purpose_chosen: whether somebody chose what it is for."""

    @property
    def estimate(self) -> Priced: ...
    @property
    def reader(self) -> str: ...
    @property
    def is_alike(self) -> bool: ...
    @property
    def purpose_chosen(self) -> bool: ...


LATELY = ("texted-lately", "emailed-lately")
"""Codes of those who are left out for what they got before."""

MOST_QUOTED = 60
"""Characters of what is typed in To that are quoted."""


def next_step(reading: Reading | None) -> Step:
    """The step that is to be done next."""
    if reading is not None and [one.code for one in lacking(reading.estimate)] == ["not-enough-credits"]:
        return "buy" if reading.estimate.buy else "upgrade"
    return "send"


def reached_lately(estimate: Priced) -> int:
    """How many are left out who would get it for a reason."""
    return sum(one.code in LATELY for one in estimate.left_out)


def lacking(estimate: Priced) -> list[Problem]:
    """What is to be mended before it is sent. The reason of an emergency, or for reaching those who got
    something lately, is asked as it is sent."""
    asked = {"no-reason", *(["no-recipients"] if reached_lately(estimate) else [])}
    return [problem for problem in estimate.problems if problem.blocking and problem.code not in asked]


def is_by_country(reading: Reading | None) -> bool:
    """Whether it goes to several countries with rates of their own."""
    return reading is not None and len(reading.estimate.by_rate) > 1 and by_country(reading.estimate)


def what_for(estimate: Estimate) -> Sentence:
    """Why credits are bought."""
    return sentence(
        "Your text needs {needed} credits and you have {available}. Your draft is kept.",
        needed=estimate.credits,
        available=estimate.available_before,
    )


def leads_back(estimate: Estimate) -> Sentence:
    """What a larger plan is for, and how to come back."""
    return sentence(
        "Your text needs {needed} credits and you have {available}. Esc goes back to it.",
        needed=estimate.credits,
        available=estimate.available_before,
    )


# What the key bar says. reading: None where nothing is to be told of its cost.


def send_words(reading: Reading | None, language: Language) -> str:
    """ "Send 8 credits", or "Schedule for 8 credits"."""
    credits = reading.estimate.credits if reading is not None else 0
    if not credits:
        return language.gettext("Send")
    says = language.ngettext("Send {count} credit", "Send {count} credits", credits)
    if is_later(reading):
        says = language.ngettext("Schedule for {count} credit", "Schedule for {count} credits", credits)
    return says.format(count=language.number(credits))


def is_later(reading: Reading | None) -> bool:
    """Whether some of it leaves later than now."""
    return reading is not None and reading.timing is not None and reading.timing.is_later


def buy_words(reading: Reading | None, language: Language) -> str:
    """ "Buy 100 credits"."""
    if reading is None:
        return language.gettext("Buy credits")
    says = language.ngettext("Buy {count} credit", "Buy {count} credits", reading.estimate.buy)
    return says.format(count=language.number(reading.estimate.buy))


def preview_words(reading: Counted | None, language: Language) -> str:
    """ "Preview as Zoë"; "Preview" as long as nobody is to get it."""
    if reading is None or not reading.reader:
        return language.gettext("Preview")
    return language.gettext("Preview as {reader}").format(reader=_first_word(language, reading.reader))


def household_words(by_households: bool, language: Language) -> str:
    """What the key that goes by households does next."""
    if by_households:
        return language.gettext("Per person")
    return language.gettext("Per household")


def _first_word(language: Language, name: str) -> str:
    """How one calls somebody in a key's label."""
    return plain(language.phone(name) if name.startswith("+") else name.split()[0])[:16]


# Why something can't be done; None where it can


def why_not_send(reading: Counted | None, unfinished: str) -> Sentence | None:
    """reading: None where it isn't that of what is written; unfinished: what is typed in To without being
    chosen."""
    if unfinished:
        return sentence(
            "You typed “{text}” in To and picked nobody. Pick someone or clear it.",
            text=unfinished if len(unfinished) <= MOST_QUOTED else unfinished[: MOST_QUOTED - 1] + "…",
        )
    if reading is None:
        return sentence("Still working out the cost. Try again in a moment.")
    problem = _first_problem(reading)
    return problem.says if problem is not None else None


def lacks_people(reading: Counted | None, unfinished: str) -> bool:
    """Whether it is in To that something is to be done before it can be sent."""
    if unfinished:
        return True
    problem = _first_problem(reading) if reading is not None else None
    return problem is not None and problem.code == "no-recipients"


def _first_problem(reading: Counted) -> Problem | None:
    """What is wrong before what is missing yet, which explains less."""
    wrong = lacking(reading.estimate)
    return min(wrong, key=lambda problem: problem.code in NEXT_STEPS, default=None)


def why_not_preview(reading: Counted | None) -> Sentence | None:
    """It needs a text that says something else to each."""
    if reading is not None and reading.is_alike:
        return sentence(
            "Everyone gets the same text. A field such as {field} makes it different for each person.",
            field="{first_name}",
        )
    return None


def why_not_fix(reading: Reading | None) -> Sentence | None:
    """There are characters to be replaced, or there are none."""
    if reading is not None and reading.fixes:
        return None
    return sentence("There's nothing to fix: the text is already plain.")


def fix_words(reading: Reading | None, language: Language) -> str:
    """What there is to be fixed."""
    if reading is not None and reading.near_misses:
        return language.gettext("Fix fields")
    return language.gettext("Fix characters")
