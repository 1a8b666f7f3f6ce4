"""The tour through demo data: six steps over the real screens."""

from __future__ import annotations

from typing import NamedTuple

from store.sentences import N_, Key, Sentence, sentence


class Step(NamedTuple):
    """A step. title: a message id; text: one, or a sentence; mode: the screen that it is about; above:
    another one that is opened above that; place: where the panel hides least ("bottom", "middle")."""

    title: str
    text: str | Sentence
    mode: str
    above: str = ""
    place: str = "bottom"


STEPS = (
    Step(
        N_("What is left"),
        N_(
            "The large number is what you can still send. The bar is this month: filled is used, the mark is "
            "today. Below it are the last 30 days, and what comes next."
        ),
        "home",
    ),
    Step(
        N_("A text and its price"),
        N_(
            "This draft goes to two groups. Its segments and its price change with every key: the dash makes "
            "each segment 70 characters instead of 160, and F6 would replace it. Nothing here is ever sent."
        ),
        "compose",
        place="middle",
    ),
    Step(
        N_("Where each credit went"),
        N_(
            "A line for everything that happened, with what was left after it: texts, replies, renewals, "
            "credits that expired. Enter opens a line: which credits it drew on, which text, which order."
        ),
        "history",
    ),
    Step(
        N_("Plans side by side"),
        sentence(
            "Each plan with what your last whole months would have cost on it. Choosing one quotes it first: "
            "today's charge, the credits, the next renewal. Press {key} to see such a quote; nothing is "
            "ordered by it.",
            key=Key("tour.view", "v"),
        ),
        "plans",
    ),
    Step(
        N_("The clock"),
        sentence(
            "Time is yours here. Press {renewal} to go on to the next renewal, or {month} a month, as often "
            "as you like: the plan is charged, credits come, the oldest expire, and a message tells of it.",
            renewal=Key("forward.renewal", "end"),
            month=Key("forward.month", "pagedown"),
        ),
        "home",
        above="clock",
    ),
    Step(
        N_("And now you"),
        N_(
            "There are three accounts: texts and emails of an agent, texts of a community. Enter shows one: "
            "that for emails has newsletters, SmartPlans and answers. ^P has every action, this tour too; F1 "
            "explains where you are; ^Q leaves."
        ),
        "home",
        above="accounts",
    ),
)
