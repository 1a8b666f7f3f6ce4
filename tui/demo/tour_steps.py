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
            "The large number is what you can still send. The bar is this month: the filled part is used, "
            "the mark is today. Below are the last 30 days and what comes next."
        ),
        "home",
    ),
    Step(
        N_("A text and its cost"),
        sentence(
            "This draft goes to two groups. Its segments and cost change as you type: the em dash cuts "
            "each segment from 160 characters to 70, and {key} would replace it. Nothing is ever sent here.",
            key=Key("compose.fix", "f6"),
        ),
        "compose",
        place="middle",
    ),
    Step(
        N_("Where each credit went"),
        N_(
            "One line for everything that happened, with the balance after it: texts, replies, renewals, "
            "expired credits. Enter opens a line to show which credits it used, and which text or order it "
            "belongs to."
        ),
        "history",
    ),
    Step(
        N_("Compare plans"),
        sentence(
            "Each plan shows what your last full months would have cost on it. When you choose one, you "
            "get a quote first: today's charge, the credits, the next renewal. Press {key} to see a "
            "quote; it doesn't order anything.",
            key=Key("tour.view", "v"),
        ),
        "plans",
    ),
    Step(
        N_("The clock"),
        sentence(
            "Here you control time. Press {renewal} to jump to the next renewal, or {month} to move a "
            "month ahead, as often as you like: the plan is charged, credits arrive, the oldest expire, "
            "and a message tells you so.",
            renewal=Key("forward.renewal", "end"),
            month=Key("forward.month", "pagedown"),
        ),
        "home",
        above="clock",
    ),
    Step(
        N_("Your turn"),
        sentence(
            "There are three accounts: an agent's texts, the same agent's emails, and a community's texts. "
            "Enter switches to one; the email account has newsletters, SmartPlans and replies. {palette} "
            "finds every action, this tour too; {help} explains the current screen; {quit} quits.",
            palette=Key("palette", "ctrl+p"),
            help=Key("help", "f1"),
            quit=Key("quit", "ctrl+q"),
        ),
        "home",
        above="accounts",
    ),
)
