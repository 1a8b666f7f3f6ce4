"""`textmeter reply`: answers somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.commands.click_ext import Command, argument, flag, option
from tui.commands.context import Session
from tui.commands.conversation import number_of
from tui.i18n.language import Language

if TYPE_CHECKING:
    from store import Store


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "reply",
        run,
        about=_("Reply to someone with a text or email, and mark the conversation as read."),
        params=[
            argument("text", _("TEXT"), _("The text, or - for standard input.")),
            option("--to", _("NUMBER|ADDRESS"), _("The person to reply to."), required=True),
            option("--idempotency-key", _("KEY"), _("Sending twice with the same key sends only once.")),
            flag("--no-wait", _("Queue it without waiting; it goes out when Textmeter is open.")),
        ],
        examples=[
            _('textmeter reply --to +14155550123 "Friday at 3 works."'),
            _('textmeter reply --to ann@example.com "Friday at 3 works."'),
        ],
    )


def run(session: Session, text: str, to: str, idempotency_key: str | None, no_wait: bool) -> int:
    from functools import partial

    from tui.commands.send import finish
    from tui.inbox.queries import answer

    body = session.text(text)
    with session.open_store() as store:
        account = session.account(store)
        if "@" in to:
            return _by_email(session, store, to, body, idempotency_key or "", no_wait=no_wait)
        send = partial(store.messages.send, account.id, idempotency_key=idempotency_key)
        blast = answer(store, account, number_of(to, account.country), body, send)
        return finish(session, store, account, blast, no_wait=no_wait)


def _by_email(session: Session, store: Store, to: str, body: str, key: str, *, no_wait: bool) -> int:
    from store.messages.model import Draft
    from tui.commands.email import deliver, finish
    from tui.inbox.queries import answer_by_email, answered

    account, address = session.account(store), number_of(to, "")
    subject = answered(store, account, address).subject
    draft = Draft(subject=subject, body=body, to=(address,), account_id=account.id)
    campaign = answer_by_email(store, account, draft, key=key)
    stopped = not no_wait and deliver(session, store, account)
    return finish(session, store, account, campaign, stopped=stopped)
