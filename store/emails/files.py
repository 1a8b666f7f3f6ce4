"""A SmartPlan as a file: TOML with a name and its steps."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, BinaryIO

from store.emails.model import SmartPlan, Step
from store.errors import WrongUsage, reason
from store.files import TooLarge, read_bounded
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
        raise _mistake(path, sentence("it is no TOML: {why}", why=str(error))) from None
    if unknown := sorted(content.keys() - {"name", "steps"}):
        raise _mistake(path, sentence("it has no place for {key}", key=unknown[0]))
    name, steps = content.get("name"), content.get("steps")
    if not isinstance(name, str) or not name.strip():
        raise _mistake(path, sentence("{key} must be a text", key="name"))
    if not isinstance(steps, list) or not 1 <= len(steps) <= MOST_STEPS:
        raise _mistake(path, sentence("it needs 1 to {most} steps, each after [[steps]]", most=MOST_STEPS))
    read_steps: list[Step] = []
    for number, step in enumerate(steps, 1):
        earliest = read_steps[-1].days if read_steps else 0
        read_steps.append(_step(path, step, number, earliest))
    return SmartPlan(" ".join(name.split()), tuple(read_steps))


def _step(path: str | Sentence, step: Any, number: int, earliest: int) -> Step:
    if not isinstance(step, dict) or step.keys() != {"days", "subject", "body"}:
        raise _mistake(path, sentence("step {number} needs days, subject and body, no more", number=number))
    days, subject, body = step["days"], step["subject"], step["body"]
    if type(days) is not int or not earliest <= days <= MOST_DAYS:
        says = sentence(
            "days of step {number} must be a number from {least} to {most}, counted from the start",
            number=number,
            least=earliest,
            most=MOST_DAYS,
        )
        raise _mistake(path, says)
    for key, text in (("subject", subject), ("body", body)):
        if not isinstance(text, str) or not text.strip():
            says = sentence("{key} of step {number} must be a text", key=key, number=number)
            raise _mistake(path, says)
    return Step(days, " ".join(subject.split()), body)


def _mistake(path: str | Sentence, what: Sentence) -> WrongUsage:
    return WrongUsage(
        sentence("{path} is no SmartPlan: {what}. Nothing was started.", path=path, what=what),
        code="no-smartplan",
    )
