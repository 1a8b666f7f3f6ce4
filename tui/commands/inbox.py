"""`textmeter inbox`: who wrote."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from tui.commands.click_ext import Command, flag
from tui.commands.context import Session
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from store import Store
    from store.messages.model import Thread

PAGE = 500


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "inbox",
        run,
        about=_("List your conversations, newest first."),
        more=_(
            "! marks a reply that may be an opt-out, such as “wrong number”. Decide in the app "
            "or with `textmeter consent out NUMBER`."
        ),
        params=[flag("--unread", _("Show only conversations with something unread or undecided."))],
        examples=["textmeter inbox", "textmeter inbox --unread --json"],
    )


def run(session: Session, unread: bool) -> None:
    with session.open_store() as store:
        account = session.account(store)
        threads = _threads(store, account.id, unread=unread)
        if session.json:
            session.answer_array(map(_as_data, threads))
            return
        from tui.inbox.presentation import last_words, sign, who

        _, language = session.language.gettext, session.language
        rows = [
            [
                sign(thread),
                who(thread, account.country),
                language.date_and_time(thread.at, account.timezone),
                last_words(language, thread)[:60],
            ]
            for thread in threads
        ]
        if rows:
            session.table(["", _("With"), _("When"), _("Latest")], rows)
        else:
            session.say(_("No messages yet. Replies to your texts and emails appear here."))


def _threads(store: Store, account_id: int, *, unread: bool) -> Iterator[Thread]:
    after = None
    while page := store.conversations.threads(account_id, unread=unread, after=after, limit=PAGE):
        yield from page
        after = page[-1]


def _as_data(thread: Thread) -> dict[str, object]:
    return {
        "with": plain(thread.phone),
        "name": plain(thread.name),
        "last": plain(thread.last),
        "at": thread.at.isoformat(),
        "unread": thread.unread,
        "asks": thread.asks,
        "assigned": plain(thread.assigned),
    }
