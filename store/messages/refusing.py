"""What is raised for a problem that stops something from being sent: texts and emails alike."""

from __future__ import annotations

from typing import Any

from store.errors import NotEnoughCredits, RefusedByRule, TextmeterError, WrongUsage
from store.messages.model import Problem

_RULES = {"too-long", "too-many-recipients", "no-texts", "no-emails"}
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
