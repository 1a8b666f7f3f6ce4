"""A SmartPlan as a file: TOML with a name and its steps.

name = "New buyer"
purpose = "notice"          # of its texts and emails: marketing where nobody says, notice or conversation
group = "Buyers"            # whoever is put into this group starts it from then on
then = "Keep in touch"      # whoever is through goes on with this one

[[steps]]                   # an email, so many days after the start
days = 0
subject = "Welcome, {first_name|there}"
body = "..."

[[steps]]                   # shifts all that comes after it
wait = 3

[[steps]]                   # a text, at an hour of the recipient's own day
text = "Any questions, {first_name|there}?"
at = "09:30"

[[steps]]                   # something to be done by hand
days = 4                    # since a wait: from its end
task = "Call {name}"
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, BinaryIO

from store.emails.model import SmartPlan, Step, StepKind
from store.errors import WrongUsage, reason
from store.files import TooLarge, read_bounded
from store.messages.model import Purpose
from store.sentences import Sentence, sentence

MOST_STEPS = 100
MOST_DAYS = 3_650
MOST_BYTES = 1_000_000


def read(source: Path | BinaryIO) -> SmartPlan:
    """source: a file, or standard input. Raises WrongUsage saying what is wrong where."""
    path: str | Sentence = str(source) if isinstance(source, Path) else sentence("Standard input")
    try:
        content = tomllib.loads(read_bounded(source, MOST_BYTES).decode("utf-8-sig"))
    except TooLarge:
        raise _mistake(path, sentence("it has more than {most} bytes", most=MOST_BYTES)) from None
    except OSError as error:
        raise _mistake(path, sentence("it can't be read: {why}", why=reason(error))) from None
    except (ValueError, RecursionError) as error:  # of TOML, UTF-8, a number too long, lists too deep
        raise _mistake(path, sentence("it isn't valid TOML: {why}", why=str(error))) from None
    if unknown := sorted(content.keys() - {"name", "steps", "group", "then", "purpose"}):
        raise _mistake(path, sentence("the key {key} doesn't belong here", key=unknown[0]))
    about = {key: content.get(key, "") for key in ("name", "group", "then")}
    for key, text in about.items():
        if (key in content or key == "name") and not (isinstance(text, str) and text.strip()):
            raise _mistake(path, sentence("{key} must be text", key=key))
    steps = content.get("steps")
    if not isinstance(steps, list) or not 1 <= len(steps) <= MOST_STEPS:
        raise _mistake(path, sentence("it needs 1 to {most} steps, each under [[steps]]", most=MOST_STEPS))
    return SmartPlan(
        " ".join(about["name"].split()),
        _read_steps(path, steps),
        group=" ".join(about["group"].split()).removeprefix("#"),
        then=" ".join(about["then"].split()),
        purpose=_purpose(path, content["purpose"]) if "purpose" in content else None,
    )


PURPOSES = (Purpose.MARKETING, Purpose.NOTICE, Purpose.CONVERSATION)
"""What a SmartPlan can be for."""


def _purpose(path: str | Sentence, given: object) -> Purpose:
    if given not in list(PURPOSES):
        raise _mistake(path, sentence("purpose must be one of {purposes}", purposes=", ".join(PURPOSES)))
    return Purpose(str(given))


def _read_steps(path: str | Sentence, steps: list[Any]) -> tuple[Step, ...]:
    """The steps, each with its days from the start: what waits is in those of all that come after it."""
    found: list[Step] = []
    waited = base = 0  # the end of the last wait
    for number, step in enumerate(steps, 1):
        reached = found[-1].days if found else 0
        if isinstance(step, dict) and step.keys() == {"wait"}:
            base = max(reached, base) + _days(path, "wait", step["wait"], number, least=1)
            waited = number
        else:
            found.append(_step(path, step, number, base, max(reached - base, 0), waited=bool(waited)))
    if waited == len(steps):
        raise _mistake(path, sentence("step {number} is a wait with nothing after it", number=waited))
    if found[-1].days > MOST_DAYS:
        says = sentence("its last step is more than {most} days after the start", most=MOST_DAYS)
        raise _mistake(path, says)
    return tuple(found)


def _step(path: str | Sentence, step: Any, number: int, base: int, earliest: int, *, waited: bool) -> Step:
    """A step that does something. base: the days from the start from which its own are counted; earliest: the
    least of these; waited: whether they may be left out."""
    kinds = [kind for kind, keys in _KEYS.items() if isinstance(step, dict) and keys <= step.keys()]
    if len(kinds) != 1:
        says = sentence(
            "step {number} needs days and one of these, nothing else: subject and body, text, or task",
            number=number,
        )
        raise _mistake(path, says)
    (kind,) = kinds
    if not (waited or "days" in step) or step.keys() - _KEYS[kind] - {"days", "at"}:
        says = sentence(
            "step {number} needs {keys}, and nothing else",
            number=number,
            keys=", ".join(["days", *sorted(_KEYS[kind], reverse=True)]),
        )
        raise _mistake(path, says)
    for key in sorted(_KEYS[kind]):
        if not isinstance(step[key], str) or not step[key].strip():
            raise _mistake(path, sentence("{key} of step {number} must be text", key=key, number=number))
    hour = step.get("at", "")
    if "at" in step and not is_hour(hour):
        says = sentence('at of step {number} must be a time like "09:30"', number=number)
        raise _mistake(path, says)
    return Step(
        base + _days(path, "days", step.get("days", earliest), number, least=earliest),
        " ".join(step.get("subject", "").split()),
        step["body" if kind is StepKind.EMAIL else str(kind)],
        kind,
        hour,
    )


_KEYS = {
    StepKind.EMAIL: frozenset({"subject", "body"}),
    StepKind.TEXT: frozenset({"text"}),
    StepKind.TASK: frozenset({"task"}),
}
"""What tells what a step does."""


def _days(path: str | Sentence, key: str, days: Any, number: int, *, least: int) -> int:
    if type(days) is not int or not least <= days <= MOST_DAYS:
        says = sentence(
            "{key} of step {number} must be a number from {least} to {most}, counted from the start or the "
            "last wait",
            key=key,
            number=number,
            least=least,
            most=MOST_DAYS,
        )
        raise _mistake(path, says)
    return days


def is_hour(text: object) -> bool:
    """Whether this is an hour as plans have it, from "00:00" to "23:59"."""
    return isinstance(text, str) and re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text) is not None


def _mistake(path: str | Sentence, what: Sentence) -> WrongUsage:
    return WrongUsage(
        sentence("{path} isn't a SmartPlan: {what}. Nothing was started.", path=path, what=what),
        code="no-smartplan",
    )
