"""What becomes of a SmartPlan that is edited while people are on it: which steps stay what they were, and
where everybody goes on. Pure.

Nobody gets a step twice: who has had one that stays goes on behind it. A step that is put in before that is
past for them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from store.emails.model import Step


class Change(StrEnum):
    """What becomes of a step. KEPT: nothing."""

    KEPT = "kept"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class StepChange:
    """What becomes of a step, for how many. number: from 1, as the plan has it now, that of a removed one as
    it had it before. to_come: for how many of those who are on the plan it is still to come (a removed one:
    would have been); past: for how many it isn't."""

    change: Change
    number: int
    step: Step
    to_come: int
    past: int


class Place(NamedTuple):
    """Where somebody is on a plan, by the number of the step that comes next, from 0. overdue: whether a step
    with its days and hour would have been due to them before now."""

    next: int
    overdue: Callable[[Step], bool]


def matched(old: Sequence[Step], new: Sequence[Step]) -> tuple[Step, ...]:
    """The new steps, each with the id of the old one that it is or takes the place of, 0 for a new one. Those
    that are said to be old ones are, as far as they stand in the same order; where none is, those that are
    alike are the same, and what stands between two of them takes the place of what stood there."""
    if not any(step.id for step in new):
        ids = [0] * len(new)
        for what, i, until_i, j, until_j in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if what in ("equal", "replace"):
                for at in range(min(until_i - i, until_j - j)):
                    ids[j + at] = old[i + at].id
        return tuple(replace(step, id=id) for step, id in zip(new, ids, strict=True))
    blocks = SequenceMatcher(
        None, [step.id for step in old], [step.id or -at for at, step in enumerate(new, 1)], autojunk=False
    ).get_matching_blocks()
    kept = {new[block.b + at].id for block in blocks for at in range(block.size)}
    return tuple(step if step.id in kept else replace(step, id=0) for step in new)


def goes_on(old: Sequence[Step], new: Sequence[Step], place: Place) -> int:
    """The number of the new step, from 0, that comes next for somebody; how many there are where none does.
    new: `matched`. A new one whose time is over for them is past."""
    had = {step.id for step in old[: place.next]}
    behind = [at for at, step in enumerate(new, 1) if step.id in had]
    at = max(behind, default=0)
    while at < len(new) and not new[at].id and place.overdue(new[at]):
        at += 1
    return at


def goes_back(
    before: Sequence[Step], had: Collection[int], put_in: Collection[int], overdue: Callable[[Step], bool]
) -> int:
    """The number of the step, from 0, that comes next for somebody once a plan has its former steps back; how
    many there are where none does. had: the ids of those that they have had, or what stood in their places;
    put_in: of those that weren't there meanwhile, which are past where their time is over. overdue: as in
    `Place`."""
    at = max((number for number, step in enumerate(before, 1) if step.id in had), default=0)
    while at < len(before) and before[at].id in put_in and overdue(before[at]):
        at += 1
    return at


def changes(
    old: Sequence[Step], new: Sequence[Step], people: Sequence[tuple[int, int]]
) -> tuple[StepChange, ...]:
    """What an edit does, step by step, those that are removed where they stood. people: the numbers of the
    steps that came next for each before, and that come next now."""
    by_id: Mapping[int, Step] = {step.id: step for step in old}
    stay = {step.id for step in new}
    found = []
    for at, step in enumerate(new):
        change = Change.KEPT if step.id else Change.ADDED
        if step.id and by_id[step.id] != step:
            change = Change.CHANGED
        to_come = sum(now <= at for _, now in people)
        found.append(StepChange(change, at + 1, step, to_come, len(people) - to_come))
    for at, step in enumerate(old):
        if step.id not in stay:
            to_come = sum(before <= at for before, _ in people)
            removed = StepChange(Change.REMOVED, at + 1, step, to_come, len(people) - to_come)
            behind = [i for i, one in enumerate(found, 1) if one.step.id in {s.id for s in old[:at]}]
            found.insert(max(behind, default=0), removed)
    return tuple(found)
