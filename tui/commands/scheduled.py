"""`textmeter scheduled`: texts that leave later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from store.errors import WrongUsage
from store.messages.model import Waiting
from store.sentences import sentence, sentences
from tui.commands.click_ext import Command, Group, Number, argument, flag, option
from tui.commands.context import Session
from tui.commands.when_options import time_of
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account
    from store.messages.schedule_model import Scheduled


def command(language: Language) -> click.Command:
    _ = language.gettext
    number = argument("id", _("ID"), _("The scheduled text's number."), Number())
    return Group(
        language,
        "scheduled",
        about=_("List, move and cancel scheduled texts."),
        commands=[
            Command(
                language,
                "list",
                list_scheduled,
                about=_("List scheduled texts: first those that need your decision, then by time."),
                params=[],
                examples=["textmeter scheduled list", "textmeter scheduled list --json"],
            ),
            Command(
                language,
                "cancel",
                cancel,
                about=_("Cancel a scheduled text and release its held credits."),
                params=[number],
                examples=["textmeter scheduled cancel 3"],
            ),
            Command(
                language,
                "move",
                move,
                about=_("Move a scheduled text to another time."),
                more=_(
                    "This accepts the text's current cost, so it also settles one that needs your "
                    "decision. If it costs more than you agreed to, it asks first. With a time in the "
                    "past, the text is sent right away."
                ),
                params=[
                    number,
                    option(
                        "--at", _("TIME"), _("When to send it, in the account's time zone."), required=True
                    ),
                    flag("--yes", _("Accept the cost.")),
                ],
                examples=[
                    "textmeter scheduled move 3 --at 2026-12-07T09:00",
                    _('textmeter scheduled move 3 --at "tomorrow 9:00" --yes'),
                ],
            ),
        ],
    )


def list_scheduled(session: Session) -> None:
    from tui.scheduled.presentation import again_words, credits_words

    with session.open_store() as store:
        account = session.account(store)
        found, now = store.messages.scheduled(account.id), store.credits.present(account.id)
    if session.json:
        session.answer_array(map(as_data, found))
        return
    language, _ = session.language, session.language.gettext
    if not found:
        session.say(_("No scheduled texts."))
        return
    from tui.blasts.leaving import at_words

    repeats = [again_words(one, language, account.timezone) for one in found]
    some_repeat = any(repeats)
    rows = [
        [
            str(one.id),
            at_words(one.next_at, language, account.timezone, now),
            language.number(one.people),
            language.say(credits_words(one)),
            *([again] if some_repeat else []),
            " ".join(one.body.split())[:60],
        ]
        for one, again in zip(found, repeats, strict=True)
    ]
    repeated = [_("Repeats")] if some_repeat else []
    heads = [_("ID"), _("When"), _("People"), _("Credits"), *repeated, _("Message")]
    session.table(heads, rows, right=[0, 2])
    for one in found:
        if one.asks is not None:
            session.say(f"! {one.id}: {plain(language.say(one.asks))}")


def cancel(session: Session, id: int) -> None:
    from tui.blasts.leaving import comes_back

    with session.open_store() as store:
        one = _one(store, session.account(store), id)
        store.messages.cancel_scheduled(id)
    if session.json:
        session.answer(as_data(one) | {"state": Waiting.CANCELLED.value, "asks": None})
    else:
        session.say(session.language.say(sentence("Cancelled. {back}", back=comes_back(one))))


def move(session: Session, id: int, at: str, yes: bool) -> None:
    with session.open_store() as store:
        account = session.account(store)
        one = _one(store, account, id)
        to = time_of(session, store, account, at)
        look = store.messages.scheduled_look(id, to)
        if look.credits > one.credits:
            says = sentence(
                "It now costs {credits} for {people}; you agreed to {before}.",
                credits=sentences("{count} credit", "{count} credits", look.credits),
                people=sentences("{count} person", "{count} people", look.recipients),
                before=one.credits,
            )
            session.agree([says], session.language.gettext("Move it?"), yes=yes)
        moved = store.messages.move_scheduled(id, to, agreed=look)
        now = store.credits.present(account.id)
        if to <= now:
            from threading import Event

            store.messages.deliver(stop=Event())
    if session.json:
        session.answer(as_data(moved))
        return
    from tui.scheduled.presentation import leaving

    if to <= now:
        session.say(session.language.gettext("The text is on its way."))
    else:
        session.say(leaving(moved, session.language, account.timezone, now))


def as_data(one: Scheduled) -> dict[str, object]:
    """asks: the code of why it needs a decision, None where it doesn't."""
    return {
        "id": one.id,
        "at": one.next_at.isoformat(),
        "people": one.people,
        "credits": one.credits,
        "purpose": one.purpose.value,
        "state": one.state.value,
        "asks": one.code or None,
        "repeat": one.repeat.value,
        "each_at": one.each_at,
        "held": one.held,
        "blast": one.blast_id,
        "text": one.body,
    }


def _one(store: Store, account: Account, id: int) -> Scheduled:
    """An account's own. Raises WrongUsage where it has none of that number, and RefusedByRule where that has
    left or was cancelled."""
    found = next((one for one in store.messages.scheduled(account.id) if one.id == id), None)
    if found is None:
        store.messages.scheduled_look(id, store.credits.present(account.id))
        says = sentence(
            "There is no scheduled text {id}. `textmeter scheduled list` lists them all.", id=str(id)
        )
        raise WrongUsage(says, code="no-such-scheduled")
    return found
