"""What the palette leads to, as data: a room says what it has and how one gets there, and knows nothing of
the palette; that knows no room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from store.sentences import N_, Sentence

if TYPE_CHECKING:
    from textual.message import Message

    from store import Store
    from store.credits.model import Account
    from tui.base.session_app import SessionApp
    from tui.i18n.language import Language

HERE = N_("Here")
LATELY = N_("Last used")
GO = N_("Go to")
EVERYWHERE = N_("Everywhere")
ELSEWHERE = N_("On other screens")
PEOPLE = N_("People")
GROUPS = N_("Groups and filters")
CONVERSATIONS = N_("Conversations")
TEMPLATES = N_("Templates")
DRAFTS = N_("Drafts")
SCHEDULED = N_("Scheduled")
SENT = N_("Sent")
SMARTPLANS = N_("SmartPlans")
PLANS = N_("Plans")
ORDERS = N_("Orders")
ACCOUNTS = N_("Accounts")
SETTINGS = N_("Settings")
HISTORY = N_("History")
LOOKS = N_("Looks")
LANGUAGES = N_("Languages")

HEADINGS = (
    *(HERE, LATELY, GO, EVERYWHERE, ELSEWHERE, PEOPLE, GROUPS, CONVERSATIONS, TEMPLATES, DRAFTS, SCHEDULED),
    *(SENT, SMARTPLANS, PLANS, ORDERS, ACCOUNTS, SETTINGS, HISTORY, LOOKS, LANGUAGES),
)
"""The headings in the order in which those stand that fit equally well."""


@dataclass(frozen=True, slots=True)
class Find:
    """Something that the palette leads to.

    id: by what it is known to be the same at the next opening. heading: one of `HEADINGS`. label, about: what
    it is called and what it is for, in the session's language, never markup. run: leads there, called with
    the app. key: as keyboards name it, "" for none. also: further words by which it is found. why_not: why it
    can't be done now.
    """

    id: str
    heading: str
    label: str
    run: Callable[[SessionApp], object]
    about: str = ""
    key: str = ""
    also: str = ""
    why_not: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Who looks for something. typed: what they typed so far, "" for what a room lists anyway."""

    account: Account
    language: Language
    typed: str = ""


Provider: TypeAlias = "Callable[[Store, Asked], Iterable[Find]]"
"""A room's answer; called in a thread. May raise a TextmeterError."""


def posts(message: Callable[[], Message]) -> Callable[[SessionApp], object]:
    """What leads somewhere by a message of `tui.base.navigation`, which is made when it is posted."""
    return lambda app: app.post_message(message())
