"""The groups and texts of the demo data: a file a language in assets/demo, beside the people, whose names are
the same in all of them."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from store.demo.languages import FOLDER
from store.emails.model import SmartPlan, Step, StepKind
from store.messages.model import Draft

PEOPLE = FOLDER / "people.csv"

AGENTS_GROUPS = ("Buyers", "Open house", "Past clients", "Renters", "Sellers", "Trades")
COMMUNITYS_GROUPS = ("Board", "Owners", "Residents", "Tenants")
"""Who is written to by whom, by the names in people.csv: the community offers none of the agent's people, nor
she any of its."""

OWN_FIELDS = ("building", "unit", "neighborhood", "looking_for", "house")
"""Columns of people.csv that become fields of people's own."""

_LISTED = ";"
"""Stands between several groups of somebody."""


class Talk(NamedTuple):
    """What people answer to emails. to_the_plan: to a SmartPlan's. asks, wonders: to the newsletter; answer:
    what the first of these is answered, agrees: what they say to that."""

    to_the_plan: str
    asks: str
    answer: str
    agrees: str
    wonders: str


class Text(NamedTuple):
    """A text to the members of a group, by its name in people.csv. household: one a household."""

    to: str
    body: str
    household: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """All that is said in one language. people: what words of people.csv are in it, those that differ.

    agent, community: texts to groups, in turn; agent_to_a_few: to one, two or three people in between;
    to_the_board, storm: of the community; outage: why the second of storm's is an emergency. moving, picture:
    of the agent, sent once. drafts: of the agent, the last one written last. stop, asked, signed: what was
    noted of people's consent. answers: what people write back, refusal: one of which a person decides what
    was meant; now_and_then, by_email: while somebody looks. newsletter, to_a_few, to_come: emails, the last
    of which is still to leave. new_buyer, after_closing: SmartPlans.
    """

    people: Mapping[str, str]
    agent: Sequence[Text]
    agent_to_a_few: Sequence[str]
    moving: str
    picture: str
    community: Sequence[Text]
    to_the_board: Sequence[Text]
    storm: Sequence[Text]
    outage: str
    drafts: Sequence[Draft]
    stop: str
    asked: str
    signed: str
    answers: Sequence[str]
    refusal: str
    now_and_then: Sequence[str]
    by_email: Sequence[str]
    newsletter: Draft
    to_a_few: Draft
    to_come: Draft
    talk: Talk
    new_buyer: SmartPlan
    after_closing: SmartPlan

    def of(self, word: str) -> str:
        """A word of people.csv, such as the name of a group, in this language."""
        return self.people.get(word, word)

    def write_people(self, path: Path) -> dict[str, str]:
        """Writes the people into a CSV file in this language; what its columns of own fields become."""
        own = {self.of(name): self.of(name) for name in OWN_FIELDS}
        with (
            PEOPLE.open(encoding="utf-8", newline="") as source,
            path.open("w", encoding="utf-8", newline="") as file,
        ):
            header, *rows = csv.reader(source)
            translated = {at for at, name in enumerate(header) if name in ("groups", *OWN_FIELDS)}
            writer = csv.writer(file)
            writer.writerow(map(self.of, header))
            for row in rows:
                writer.writerow(
                    self._listed(cell) if at in translated else cell for at, cell in enumerate(row)
                )
        return own

    def _listed(self, cell: str) -> str:
        return _LISTED.join(map(self.of, cell.split(_LISTED)))


def read(language: str) -> Words:
    """The words of one of `store.demo.languages`."""
    said = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    people = said.get("people", {})
    agent, community, consent, emails = said["agent"], said["community"], said["consent"], said["emails"]
    return Words(
        people=people,
        agent=[Text(**text) for text in agent["texts"]],
        agent_to_a_few=agent["to_a_few"],
        moving=agent["moving"],
        picture=agent["picture"],
        community=[Text(**text) for text in community["texts"]],
        to_the_board=[Text("Board", body) for body in community["to_the_board"]],
        storm=[Text("Residents", body) for body in community["storm"]],
        outage=community["outage"],
        drafts=[_draft(people, **draft) for draft in said["drafts"]],
        stop=consent["stop"],
        asked=consent["asked"],
        signed=consent["signed"],
        answers=said["replies"]["answers"],
        refusal=said["replies"]["refusal"],
        now_and_then=said["replies"]["now_and_then"],
        by_email=said["replies"]["by_email"],
        newsletter=_draft(people, **emails["sent"]),
        to_a_few=_draft(people, **emails["to_a_few"]),
        to_come=_draft(people, **emails["to_come"]),
        talk=Talk(**emails["talk"]),
        new_buyer=_plan(emails["new_buyer"]),
        after_closing=_plan(emails["after_closing"]),
    )


def _draft(
    people: Mapping[str, str],
    body: str,
    to: Sequence[str] = (),
    subject: str = "",
    household: bool = False,
) -> Draft:
    groups = tuple(people.get(name, name) for name in to)
    return Draft(subject=subject, body=body, groups=groups, household=household)


def _plan(said: Mapping[str, Any]) -> SmartPlan:
    return SmartPlan(said["name"], tuple(_step(**step) for step in said["steps"]))


def _step(days: int, subject: str = "", body: str = "", text: str = "", task: str = "", at: str = "") -> Step:
    kind = StepKind.TEXT if text else StepKind.TASK if task else StepKind.EMAIL
    return Step(days, subject, body or text or task, kind, at)
