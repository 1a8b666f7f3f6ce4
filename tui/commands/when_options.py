"""What `estimate` and `send` have in common: when a text leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypedDict

import click

from store.errors import WrongUsage
from store.messages.model import AT_ONCE, Repeat, When
from store.sentences import sentence
from tui.commands.click_ext import Choice, flag, option
from tui.commands.context import Session
from tui.i18n.language import Language

if TYPE_CHECKING:
    from datetime import datetime

    from store import Store
    from store.credits.model import Account
    from store.messages.model import Draft

REPEATS = [repeat.value for repeat in Repeat if repeat]


def parameters(language: Language) -> list[click.Parameter]:
    """The parameters that say when it leaves."""
    _ = language.gettext
    return [
        option(
            "--at",
            _("TIME"),
            _("When to send it, in the account's time zone; “every Friday 9:00” repeats it."),
        ),
        option("--each-at", _("HH:MM"), _("Send at this time in each recipient's own time zone.")),
        flag("--later", _("Send to people in quiet hours afterward, instead of leaving them out.")),
        option(
            "--repeat",
            _("HOW"),
            _("Repeat it: weekly, monthly (same date), or monthly-weekday (such as the first Monday)."),
            Choice(REPEATS),
        ),
        flag("--withdraw-on-reply", _("Don't send to people who reply before it goes out.")),
    ]


class Given(TypedDict):
    """What these parameters are given."""

    at: str | None
    each_at: str | None
    later: bool
    repeat: str | None
    withdraw_on_reply: bool


def when_of(session: Session, store: Store, account: Account, given: Given) -> When:
    """When it leaves by these parameters. Raises WrongUsage."""
    from tui.compose.typed_times import read_hour

    each_at = read_hour(given["each_at"] or "")
    if each_at is None and given["each_at"]:
        says = sentence("--each-at needs a time such as 09:30, not {hour}.", hour=given["each_at"])
        raise WrongUsage(says, code="usage")
    at, typed = _time_of(session, store, account, given["at"]) if given["at"] else (None, None)
    repeat = Repeat(given["repeat"]) if given["repeat"] else typed or Repeat.NEVER
    if typed not in (None, repeat):
        says = sentence("--at says {at}, but --repeat says {repeat}. Use only one.", at=typed, repeat=repeat)
        raise WrongUsage(says, code="usage")
    return When(
        at,
        each_at.strftime("%H:%M") if each_at else "",
        repeat,
        given["later"],
        given["withdraw_on_reply"],
    )


def time_of(session: Session, store: Store, account: Account, typed: str) -> datetime:
    """An instant of `--at`, once: ISO, or in words such as "tomorrow 9:00". Raises WrongUsage."""
    at, repeat = _time_of(session, store, account, typed)
    if repeat is not None:
        raise WrongUsage(sentence("Here --at needs a single time, not {at}.", at=typed), code="usage")
    return at


def _time_of(session: Session, store: Store, account: Account, typed: str) -> tuple[datetime, Repeat | None]:
    """An instant of `--at`, and how often it comes again, where that is said too: "every Friday 9:00"."""
    from datetime import UTC

    from tui.compose.typed_times import read_time

    found = read_time(typed, account.timezone, store.credits.present(account.id))
    if found is not None and found.has_hour:
        return found.at.astimezone(UTC), found.repeat
    return session.instant(account.timezone, typed, "--at"), None


class Leaves(NamedTuple):
    """When the first and the last of a text leave. UTC."""

    first: datetime
    last: datetime


def leaves(store: Store, account: Account, draft: Draft, when: When) -> Leaves | None:
    """When a text leaves as things stand, None where that is at once."""
    if when == AT_ONCE:
        return None
    from tui.compose.leaving import Timing
    from tui.compose.queries import present

    audience = store.messages.audience(account.id, draft, when)
    timing = Timing(when, audience, *present(store, account), account.timezone)
    return Leaves(timing.first, timing.last) if timing.is_later else None
