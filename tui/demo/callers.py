"""People who write while somebody looks at demo data, so that a conversation can be tried."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from store.demo import SEED
from store.demo.languages import spoken
from store.errors import TextmeterError

if TYPE_CHECKING:
    from store import Store
    from tui.base.session_app import SessionApp

EVERY = 40.0
"""Seconds from one to the next."""


class Callers:
    """Plays a few texts and emails of people who wrote or were written to before, in a language. seed: the
    same one gives the same people and words."""

    def __init__(self, language: str, seed: int) -> None:
        from store.demo.words import read

        words = read(spoken(language))
        self._chance = random.Random(seed)
        self._texts, self._emails = list(words.now_and_then), list(words.by_email)

    def call(self, store: Store, account_id: int) -> None:
        """One of them writes; nobody any more once all was said. Called in threads, one at a time."""
        try:
            if store.credits.product(store.credits.account(account_id)).sends == "emails":
                self._email(store, account_id)
            else:
                self._text(store, account_id)
        except TextmeterError:  # one may have set up a sender of one's own, or be a viewer
            self._texts.clear()
            self._emails.clear()

    def _text(self, store: Store, account_id: int) -> None:
        threads = store.conversations.threads(account_id, limit=20)
        if self._texts and threads:
            store.messages.receive(account_id, self._chance.choice(threads).phone, self._texts.pop(0))

    def _email(self, store: Store, account_id: int) -> None:
        """To one of the last emails."""
        from store.demo.replies import answer
        from store.emails.model import Status

        campaigns = store.emails.campaigns(account_id, limit=3) if self._emails else []
        got = [
            one for of in campaigns for one in store.emails.recipients(of.id, status=Status.SENT, limit=20)
        ]
        if got:
            at = store.credits.present(account_id)
            answer(store.mailbox, self._chance.choice(got).id, self._emails.pop(0), at)


def let_people_write(app: SessionApp) -> None:
    """In demo data a conversation goes on while one looks."""
    callers = Callers(app.language.code, SEED)

    async def call() -> None:
        if (account := app.account) is not None and account.demo_clock:
            await app.fetch(lambda store: callers.call(store, account.id))

    app.set_interval(EVERY, lambda: app.finish(call(), once="callers"))
