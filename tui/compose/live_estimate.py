"""What a draft costs, counted anew at every change of it, of its people, its pictures and the balance."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from store.errors import TextmeterError
from store.messages import media
from store.messages.audience import Audience
from store.messages.estimate import Funds, is_instant
from store.messages.media import Attachments
from store.messages.model import Draft
from store.texts import merge
from tui.compose.draft_view import Reading, read

if TYPE_CHECKING:
    from store import Store
    from store.credits.catalog import Product
    from store.credits.model import Account
    from tui.base.screen import TextmeterScreen
    from tui.base.session_app import Answer

FEW = 2_000
"""Recipients who are grouped by their names' lengths in a few milliseconds."""


class Counting:
    """Holds what a draft's cost hangs on. told: called when `audience` or `reading` is another."""

    def __init__(self, screen: TextmeterScreen, told: Callable[[], None]) -> None:
        self._screen = screen
        self._told = told
        self._draft = Draft()
        self._asked = 0
        self._attachments = Attachments()
        self._grouped: tuple[object, ...] = ()
        self._in_thread = False
        self._stale = False
        self._means: tuple[Product, Funds] | None = None
        self.audience = Audience()
        self.place = 0
        """The index of the recipient whose text is looked at."""
        self.reading: Reading | None = None

    @property
    def settled(self) -> bool:
        """Whether `reading` is that of the draft as it stands."""
        return not self._asked and self.reading is not None and self.reading.body == self._draft.body

    def means_changed(self) -> None:
        """The account is another, or what it has."""
        app = self._screen.app
        if app.account is not None:
            app.ask(partial(_means, app.account), self._means_read, group="means", exclusive=True)

    def _means_read(self, means: tuple[Product, Funds]) -> None:
        self._means = means
        self.again()

    def body_changed(self, draft: Draft) -> None:
        """The text is another."""
        self._draft = draft
        self.again()

    def people_changed(self, draft: Draft) -> None:
        """Others were chosen."""
        self._draft = draft
        account = self._screen.app.account
        if account is not None:
            self._ask(
                lambda store: store.messages.audience(
                    draft.to, draft.contacts, draft.groups, account.country
                ),
                partial(self._people_found, draft),
            )

    def _people_found(self, asked: Draft, audience: Audience) -> None:
        if _people(asked) == _people(self._draft):
            self.audience, self.place = audience, 0
            self._told()
            self.again()

    def pictures_changed(self, draft: Draft) -> None:
        """Other pictures are attached."""
        self._draft = draft
        self._ask(lambda _store: media.inspect(draft.media), partial(self._pictures_inspected, draft))

    def _pictures_inspected(self, asked: Draft, attachments: Attachments) -> None:
        if asked.media == self._draft.media:
            self._attachments = attachments
            self.again()

    def _ask(self, question: Callable[[Store], Answer], answer: Callable[[Answer], None]) -> None:
        def answered(found: Answer) -> None:
            self._asked -= 1
            answer(found)

        def failed(error: TextmeterError) -> None:
            self._asked -= 1
            self._screen.app.tell_error(error)

        self._asked += 1
        self._screen.app.ask(question, answered, group="counting", failed=failed)

    def next_reader(self) -> None:
        """Goes on to the text as the next recipient gets it."""
        self.place = (self.place + 1) % max(len(self.audience.recipients), 1)
        self.again()

    def again(self) -> None:
        """Counts anew: at once where that takes no time, else in a thread, the latest state last."""
        if self._means is None:
            return
        work = partial(read, self._draft.body, self.audience, self.place, *self._means, self._attachments)
        groups = self._groups()
        quick = len(self.audience.recipients) <= FEW or groups == self._grouped
        if quick and is_instant(self._draft.body, self.audience):
            self._stale = False
            self._show(work())
        elif self._in_thread:
            self._stale = True
        else:
            self._in_thread = True
            self._screen.app.ask(lambda _store: work(), partial(self._counted, groups), group="reading")

    def _groups(self) -> tuple[object, ...]:
        """What hangs on all recipients' names, and is remembered with them once it was made."""
        body = self._draft.body
        return id(self.audience), merge.parse(body).fields, body.isascii()

    def _counted(self, groups: tuple[object, ...], reading: Reading) -> None:
        self._in_thread = False
        self._grouped = groups
        if reading.body == self._draft.body:
            self._show(reading)
        if self._stale:
            self._stale = False
            self.again()

    def _show(self, reading: Reading) -> None:
        self.reading = reading
        self._told()


def _means(account: Account, store: Store) -> tuple[Product, Funds]:
    """What an account's texts cost, and what it has for them."""
    return store.credits.product(account), store.messages.funds(account.id)


def _people(draft: Draft) -> tuple[object, ...]:
    return draft.to, draft.contacts, draft.groups
