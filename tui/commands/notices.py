"""`textmeter notices`: which thresholds of use were reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.commands.click_ext import Command
from tui.commands.context import Session
from tui.i18n.language import Language

if TYPE_CHECKING:
    from store.credits.model import Notice


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "notices",
        run,
        about=_("Show the usage notices you've had, newest first."),
        more=_(
            "You get one notice when the credits used or held in a period reach a threshold; the "
            "list shows the percentage reached at that moment. A threshold you are already past "
            "when credits are added is carried over without another notice."
        ),
        examples=["textmeter notices", "textmeter notices --json"],
    )


def run(session: Session) -> None:
    from store.notices import MOST

    with session.open_store() as store:
        account = session.account(store)
        notices = store.credits.notices(account.id, limit=MOST)
    if session.json:
        session.answer([_as_data(session, notice, account.timezone) for notice in notices])
    else:
        _in_words(session, notices, account.timezone)


def _as_data(session: Session, notice: Notice, timezone: str) -> dict[str, object]:
    """at: in the account's time zone. percent: used and held when it was reached, with one decimal."""
    from store.clock import zone
    from tui.notices.presentation import cause_of

    return {
        "at": notice.at.astimezone(zone(timezone)).isoformat(),
        "threshold": notice.threshold,
        "percent": notice.permille / 10,
        "cause": session.language.say(cause_of(notice)),
        "kind": notice.kind,
        "channels": list(notice.channels),
        "cause_code": notice.cause,
        "given": list(notice.given),
    }


def _in_words(session: Session, notices: list[Notice], timezone: str) -> None:
    from tui.notices.presentation import cause_of, reached, told

    language = session.language
    _, number = language.gettext, language.number

    def used(notice: Notice) -> str:
        if not notice.capacity:
            return ""
        return _("{busy} of {capacity}").format(busy=number(notice.busy), capacity=number(notice.capacity))

    if not notices:
        session.say(_("No notices yet."))
        return
    session.table(
        [_("When"), _("Reached"), _("Used"), _("What caused it"), _("Notification")],
        [
            [
                language.date_and_time(notice.at, timezone),
                reached(language, notice),
                used(notice),
                language.say(cause_of(notice)),
                told(language, notice),
            ]
            for notice in notices
        ],
        right=[1, 2],
    )
