"""What a draft costs, counted anew at every change of it, of its people, its files and the balance."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Generic, Protocol, TypeAlias, TypeVar

from store.messages.model import AT_ONCE, Draft
from tui.base.screen import TextmeterScreen

if TYPE_CHECKING:
    from store import Store
    from store.credits.model import Account

FEW = 2_000
"""Recipients who are grouped by their names' lengths in a few milliseconds."""


class Peopled(Protocol):
    """An audience, as far as it matters here."""

    @property
    def recipients(self) -> Sequence[object]: ...


People = TypeVar("People", bound=Peopled)
Files = TypeVar("Files")
Read = TypeVar("Read")

Reader: TypeAlias = Callable[[Draft, People, int, Files], Read]
"""Reads a draft for its people, as the one with this index gets it, with what is attached. Pure."""


def whom(draft: Draft) -> tuple[object, ...]:
    """All of a draft that its audience hangs on."""
    return draft.people, draft.purpose, draft.why, draft.language


class Counting(ABC, Generic[People, Files, Read]):
    """How drafts of a kind are counted: texts, or emails. What asks the store or the disk is called in
    threads."""

    nobody: People
    no_files: Files
    when = AT_ONCE
    """When it leaves, which some of it hangs on."""

    @abstractmethod
    def audience(self, store: Store, account_id: int, draft: Draft) -> People: ...

    @abstractmethod
    def inspect(self, paths: Sequence[str]) -> Files: ...

    @abstractmethod
    def reader(self, store: Store, account: Account) -> Reader[People, Files, Read]:
        """What reads drafts by what the account has now."""

    @abstractmethod
    def groups(self, draft: Draft, audience: People) -> tuple[object, ...]:
        """What hangs on all recipients' names, and is remembered with them once it was made."""

    @abstractmethod
    def is_instant(self, draft: Draft, audience: People) -> bool:
        """Whether reading takes a few milliseconds at most, once the recipients are grouped."""


class LiveEstimate(Generic[People, Files, Read]):
    """Holds what a draft's cost hangs on. told: called when `audience` or `reading` is another."""

    def __init__(
        self,
        screen: TextmeterScreen,
        counting: Counting[People, Files, Read],
        told: Callable[[], None],
    ) -> None:
        self._screen = screen
        self._counting = counting
        self._told = told
        self._draft = Draft()
        self._reader: Reader[People, Files, Read] | None = None
        self._files = counting.no_files
        self._found_for = Draft()
        """Whose people and files `audience` and `_files` are."""
        self._found_when = AT_ONCE
        """When it leaves for these people."""
        self._grouped: tuple[object, ...] = ()
        self._state = 0
        """Grows with all that the cost hangs on."""
        self._read_state = 0
        """The state that `reading` is of."""
        self.audience = counting.nobody
        self.place = 0
        """The index of the recipient whose text is looked at."""
        self.reading: Read | None = None

    def beginning_on(
        self, screen: TextmeterScreen, told: Callable[[], None]
    ) -> LiveEstimate[People, Files, Read]:
        """Another one, which goes on from what is known: for a screen on which the draft may change."""
        other = LiveEstimate(screen, self._counting, told)
        other._draft, other._found_for, other._files = self._draft, self._found_for, self._files
        other._reader, other._grouped = self._reader, self._grouped
        other.audience = self.audience
        return other

    @property
    def settled(self) -> bool:
        """Whether `reading` is that of the draft as it stands."""
        draft, found = self._draft, self._found_for
        return (
            self.reading is not None
            and self._read_state == self._state
            and whom(found) == whom(draft)
            and self._found_when == self._counting.when
            and found.media == draft.media
        )

    def means_changed(self) -> None:
        """The account is another, or what it has."""
        self._screen.load(self._read_means)

    async def _read_means(self) -> None:
        app = self._screen.app
        if (account := app.account) is not None:
            self._reader = await app.fetch(lambda store: self._counting.reader(store, account))
            self._again()

    def draft_changed(self, draft: Draft) -> None:
        """It is another one, maybe to other people, for another purpose and with other files."""
        if whom(draft) != whom(self._found_for):
            self.people_changed(draft)
        if draft.media != self._found_for.media:
            self.files_changed(draft)
        self.body_changed(draft)

    def body_changed(self, draft: Draft) -> None:
        """The words are others."""
        self._take(draft)
        self._again()

    def _take(self, draft: Draft) -> None:
        self._draft = draft
        self._state += 1

    def people_changed(self, draft: Draft) -> None:
        """Others were chosen, or another purpose or time, by which some are left out."""
        self._take(draft)
        self._screen.load(self._find_people)

    def people_are_others(self) -> None:
        """Whoever was sent to turned out to be others than were shown here."""
        self._screen.load(self._find_people)

    def people_may_have_changed(self) -> None:
        """Somebody may have changed the address book; of very many it is seen when they are sent to."""
        if len(self.audience.recipients) <= FEW:
            self._screen.load(self._find_people)

    async def _find_people(self) -> None:
        app, draft, when = self._screen.app, self._draft, self._counting.when
        if (account := app.account) is None:
            return
        audience = await app.fetch(lambda store: self._counting.audience(store, account.id, draft))
        if whom(draft) == whom(self._draft) and when == self._counting.when:
            if audience != self.audience:
                self.audience, self.place = audience, 0
            self._found_for, self._found_when = replace(draft, media=self._found_for.media), when
            self._state += 1  # what was read is of others
            self._told()
            self._again()

    def files_changed(self, draft: Draft) -> None:
        """Other files are attached."""
        self._take(draft)
        self._screen.load(self._inspect_files)

    async def _inspect_files(self) -> None:
        if self._screen.app.account is None:  # asked again as soon as there is one
            return
        paths = self._draft.media
        files = await self._screen.app.fetch(lambda _store: self._counting.inspect(paths))
        if paths == self._draft.media:
            self._files = files
            self._found_for = replace(self._found_for, media=paths)
            self._again()

    def next_reader(self) -> None:
        """Goes on to the text as the next recipient gets it."""
        self.place = (self.place + 1) % max(len(self.audience.recipients), 1)
        self._again()

    def _again(self) -> None:
        """Counts anew: at once where that takes no time, else in a thread, the latest state last."""
        self._state += 1
        if self._reader is None:
            return
        quick = len(self.audience.recipients) <= FEW or self._groups() == self._grouped
        if quick and self._counting.is_instant(self._draft, self.audience):
            self._show(self._work(self._reader)())
        else:
            self._screen.load(self._count)

    async def _count(self) -> None:
        assert self._reader is not None
        state, groups, work = self._state, self._groups(), self._work(self._reader)
        reading = await self._screen.app.fetch(lambda _store: work())
        self._grouped = groups
        if state == self._state:
            self._show(reading)

    def _work(self, reader: Reader[People, Files, Read]) -> Callable[[], Read]:
        """What reads the draft as it stands now."""
        return partial(reader, self._draft, self.audience, self.place, self._files)

    def _groups(self) -> tuple[object, ...]:
        return id(self.audience), self._counting.groups(self._draft, self.audience)

    def _show(self, reading: Read) -> None:
        self.reading, self._read_state = reading, self._state
        self._told()
