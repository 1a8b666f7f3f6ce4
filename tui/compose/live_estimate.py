"""What a draft costs, counted anew at every change of it, of its people, its pictures and the balance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from store.messages import media
from store.messages.audience import Audience
from store.messages.estimate import Funds, is_instant
from store.messages.media import Attachments
from store.messages.model import Draft
from store.texts import merge
from tui.base.screen import TextmeterScreen
from tui.compose.draft_view import Reading, read

if TYPE_CHECKING:
    from store import Store
    from store.credits.catalog import Product
    from store.credits.model import Account

FEW = 2_000
"""Recipients who are grouped by their names' lengths in a few milliseconds."""


class LiveEstimate:
    """Holds what a draft's cost hangs on. told: called when `audience` or `reading` is another."""

    def __init__(self, screen: TextmeterScreen, told: Callable[[], None]) -> None:
        self._screen = screen
        self._told = told
        self._draft = Draft()
        self._means: tuple[Product, Funds] | None = None
        self._attachments = Attachments()
        self._found_for = Draft()
        """Whose people and pictures `audience` and the attachments are."""
        self._grouped: tuple[object, ...] = ()
        self._state = 0
        """Grows with all that the cost hangs on."""
        self._read_state = 0
        """The state that `reading` is of."""
        self.audience = Audience()
        self.place = 0
        """The index of the recipient whose text is looked at."""
        self.reading: Reading | None = None

    @property
    def settled(self) -> bool:
        """Whether `reading` is that of the draft as it stands."""
        draft, found = self._draft, self._found_for
        return (
            self.reading is not None
            and self.reading.body == draft.body
            and self._read_state == self._state
            and found.people == draft.people
            and found.media == draft.media
        )

    def means_changed(self) -> None:
        """The account is another, or what it has."""
        self._screen.load(self._read_means)

    async def _read_means(self) -> None:
        app = self._screen.app
        if (account := app.account) is not None:
            self._means = await app.fetch(lambda store: _means(store, account))
            self._again()

    def body_changed(self, draft: Draft) -> None:
        """The text is another."""
        self._draft = draft
        self._again()

    def people_changed(self, draft: Draft) -> None:
        """Others were chosen."""
        self._draft = draft
        self._screen.load(self._find_people)

    def people_are_others(self) -> None:
        """Whoever was sent to turned out to be others than were shown here."""
        self._screen.load(self._find_people)

    def people_may_have_changed(self) -> None:
        """Somebody may have changed the address book; of very many it is seen when they are sent to."""
        if len(self.audience.recipients) <= FEW:
            self._screen.load(self._find_people)

    async def _find_people(self) -> None:
        app, draft = self._screen.app, self._draft
        if (account := app.account) is None:
            return
        audience = await app.fetch(lambda store: store.messages.audience(account.id, draft))
        if draft.people == self._draft.people:
            if audience != self.audience:
                self.audience, self.place = audience, 0
            self._found_for = replace(draft, media=self._found_for.media)
            self._told()
            self._again()

    def pictures_changed(self, draft: Draft) -> None:
        """Other pictures are attached."""
        self._draft = draft
        self._screen.load(self._inspect_pictures)

    async def _inspect_pictures(self) -> None:
        if self._screen.app.account is None:  # asked again as soon as there is one
            return
        paths = self._draft.media
        attachments = await self._screen.app.fetch(lambda _store: media.inspect(paths))
        if paths == self._draft.media:
            self._attachments = attachments
            self._found_for = replace(self._found_for, media=paths)
            self._again()

    def next_reader(self) -> None:
        """Goes on to the text as the next recipient gets it."""
        self.place = (self.place + 1) % max(len(self.audience.recipients), 1)
        self._again()

    def _again(self) -> None:
        """Counts anew: at once where that takes no time, else in a thread, the latest state last."""
        self._state += 1
        if self._means is None:
            return
        quick = len(self.audience.recipients) <= FEW or self._groups() == self._grouped
        if quick and is_instant(self._draft.body, self.audience):
            self._show(self._reader(*self._means)())
        else:
            self._screen.load(self._count)

    async def _count(self) -> None:
        assert self._means is not None
        state, groups, work = self._state, self._groups(), self._reader(*self._means)
        reading = await self._screen.app.fetch(lambda _store: work())
        self._grouped = groups
        if state == self._state:
            self._show(reading)

    def _reader(self, product: Product, funds: Funds) -> Callable[[], Reading]:
        """What reads the draft as it stands now."""
        return partial(read, self._draft.body, self.audience, self.place, product, funds, self._attachments)

    def _groups(self) -> tuple[object, ...]:
        """What hangs on all recipients' names, and is remembered with them once it was made."""
        body = self._draft.body
        return id(self.audience), merge.parse(body, self.audience.fields).fields, body.isascii()

    def _show(self, reading: Reading) -> None:
        self.reading, self._read_state = reading, self._state
        self._told()


def _means(store: Store, account: Account) -> tuple[Product, Funds]:
    """What an account's texts cost, and what it has for them."""
    return store.credits.product(account), store.messages.funds(account.id)
