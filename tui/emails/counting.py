"""How emails are counted, for `LiveEstimate`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from store.emails import attachments
from store.emails.attachments import NO_FILES, Files
from store.emails.audience import EmailAudience
from store.emails.senders import Identity
from store.errors import WrongUsage
from store.mail import From
from store.messages.model import Draft, When
from store.texts import merge
from tui.compose.live_estimate import Counting, Reader
from tui.emails.reading import Means, Reading, Way, read

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account

NOBODY = Identity(From())
"""Of a sender whose settings can't be understood, which is told when something is sent."""

AT_ONCE = 30_000
"""Characters of a body that are read for fields in a few milliseconds."""


class Emails(Counting[EmailAudience, Files, Reading]):
    """Emails, with files. way: how the one that is written leaves."""

    nobody = EmailAudience()
    no_files = NO_FILES

    def __init__(self) -> None:
        self.way = Way()
        self.people = self.nobody
        """Who gets it, as far as the time hangs on that."""

    def audience(self, store: Store, account_id: int, draft: Draft) -> EmailAudience:
        return store.emails.audience(account_id, draft, When(self.way.at, self.way.each_at))

    def inspect(self, paths: Sequence[str]) -> Files:
        return attachments.inspect(paths)

    def reader(self, store: Store, account: Account) -> Reader[EmailAudience, Files, Reading]:
        way = self.way
        first = way.at
        if way.each_at:
            first = store.emails.first_leaves(account.id, self.people, way.at, way.each_at)
        means = Means(
            store.credits.product(account),
            store.emails.funds(account.id),
            way,
            store.emails.later(account.id, first),
            identity(store, account, way.sender),
            account.timezone,
            store.credits.present(account.id),
        )
        return lambda draft, audience, place, files: read(draft, audience, place, means, files)

    def groups(self, draft: Draft, audience: EmailAudience) -> tuple[object, ...]:
        return merge.parse(f"{draft.subject}\n{draft.body}", audience.fields).fields

    def is_instant(self, draft: Draft, audience: EmailAudience) -> bool:
        return len(draft.body) <= AT_ONCE


def identity(store: Store, account: Account, sender: str) -> Identity:
    """How an account's emails from a sender look; "": from the one that they go out from by themselves."""
    senders = store.email_senders
    try:
        return senders.identity(sender or senders.of(account.id), demo_clock=account.demo_clock)
    except WrongUsage:
        return NOBODY
