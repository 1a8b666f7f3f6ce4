"""What is raised for a problem that stops something from being sent: texts and emails alike."""

from __future__ import annotations

from typing import Any

from store.errors import NotEnoughCredits, RefusedByRule, TextmeterError, WrongUsage
from store.messages.model import Estimate, Problem
from store.refusals import refusal

_RULES = {"too-long", "too-many-recipients", "no-texts", "no-emails", "emergency-waits"}
"""Problems that a rule makes; the others are mistakes in what was asked for."""


def refused(problem: Problem) -> TextmeterError:
    """What is raised for a problem that blocks sending."""
    if problem.code == "not-enough-credits":
        values = problem.says.values
        details: dict[str, Any] = {"needed": values["count"], "available": values["available"]}
        if values.get("buy"):
            details["buy"] = values["buy"]
        return NotEnoughCredits(problem.says, **details)
    return (RefusedByRule if problem.code in _RULES else WrongUsage)(problem.says, code=problem.code)


def check(found: Estimate, agreed: Estimate | None) -> None:
    """Raises the first thing that keeps a text from being sent, and RefusedByRule (code "estimate-changed")
    where it isn't what a person agreed to."""
    for problem in found.problems:
        if problem.blocking:
            raise refused(problem)
    if agreed not in (None, found):
        says = refusal("estimate-changed", count=found.credits, left=found.available_after)
        raise RefusedByRule(says, code="estimate-changed")
