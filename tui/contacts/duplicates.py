"""Who may be in the contacts twice: pairs, each to be merged or kept apart by a key, never by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from store import Store
from store.people.model import Change, Contact, Pair
from store.sentences import N_, Key, Sentence, sentence
from tui.base.actions import Action
from tui.contacts.doing import UNDO, WithPerson
from tui.contacts.presentation import called, number_words, why_words
from tui.contacts.taking_back import change_deed, changed
from tui.i18n.sanitize import literal
from tui.widgets.line_list import Head, PagedList

MOST = 200
"""Pairs that are shown at once; more come as these are decided."""
LONGEST_WHY = 30
"""Columns for why two may be one, in most languages."""


class DuplicatesScreen(WithPerson):
    """The likeliest pairs first, and below what is known of the two under the cursor."""

    NAME = N_("Duplicates")
    CSS_PATH = "contacts.tcss"
    AUTO_FOCUS = "#pairs"
    HELP: ClassVar[str] = N_(
        "Enter merges the two into one contact: the left one keeps its details, and the right one fills in "
        "what is missing. {key} says they are two people, so the pair isn't suggested again. {undo} "
        "undoes either."
    )
    HELP_KEYS: ClassVar[Mapping[str, Key]] = {
        "key": Key("duplicates.no", "minus"),
        "undo": UNDO,
    }
    pairs: getters.query_one[PagedList[Pair]] = getters.query_one("#pairs", PagedList)
    summary = getters.query_one("#summary", Static)

    def actions(self) -> Iterable[Action]:
        yield Action("duplicates.back", "escape", N_("Back"), N_("Back to the contacts"), self.leave)
        yield Action(
            "duplicates.merge",
            "enter",
            N_("Merge"),
            N_("Merge these two into one contact"),
            self.merge_pair,
            why_not=self._why_not_decide,
        )
        yield Action(
            "duplicates.no",
            "minus",
            N_("Not the same"),
            N_("These are two people; don't suggest them again"),
            self.keep_apart,
            why_not=self._why_not_decide,
        )
        yield self.undo_action()

    def _why_not_decide(self) -> Sentence | None:
        return self.app.owners_only() or (
            sentence("There are no pairs to decide on.") if self.pairs.current is None else None
        )

    @property
    def person(self) -> Contact | None:
        pair = self.pairs.current
        return pair.first if pair is not None else None

    def body(self) -> ComposeResult:
        yield Static(id="summary")
        yield Head(self._columns)
        yield PagedList(self._line, key=_ids, id="pairs")
        with Horizontal(id="two"):
            yield Static(id="first")
            yield Static(id="second")

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.pairs.restart(keep_line=True)

    def data_changed(self) -> None:
        self.pairs.restart(keep_line=True)

    def people_changed(self, *, gone: bool = False) -> None:
        if self.is_attached:
            self.pairs.restart(keep_line=True)

    @on(PagedList.PageWanted, "#pairs")
    def _page_wanted(self, wanted: PagedList.PageWanted) -> None:
        self.load(self._read, wanted, newest_only=True)

    async def _read(self, wanted: PagedList.PageWanted) -> None:
        found, count = await self.app.fetch(lambda store: store.people.likely_pairs(limit=MOST))
        wanted.pages.extend(wanted.query, found, complete=True)
        says = self.ngettext(
            "{count} pair may be the same person.", "{count} pairs may be the same person.", count
        ).format(count=self.app.language.number(count))
        nobody = self.gettext("You have no duplicate contacts.")
        self.summary.update(Content(says if count else nobody))
        self._show_two()

    @on(PagedList.Moved, "#pairs")
    def _moved(self) -> None:
        self._show_two()
        self.refresh_bindings()

    def _columns(self, width: int) -> Content:
        _ = self.gettext
        return self._row(_("Keep"), _("Possible duplicate"), _("Why"), width)

    def _row(self, first: str, second: str, why: str, width: int) -> Content:
        column = min(max((width - LONGEST_WHY) // 2, 12), 32)
        parts = [literal(text).truncate(column - 2, ellipsis=True, pad=True) for text in (first, second)]
        return Content.assemble(parts[0], "  ", parts[1], "  ", literal(why)).truncate(width, ellipsis=True)

    def _line(self, pair: Pair, width: int) -> Content:
        language = self.app.language
        names = called(language, pair.first), called(language, pair.second)
        return self._row(*names, why_words(language, pair), width)

    def _show_two(self) -> None:
        pair = self.pairs.current
        for id, contact in zip(("first", "second"), (pair.first, pair.second) if pair else (), strict=False):
            self.query_one(f"#{id}", Static).update(Content("\n").join(self._about(contact)))
        self.query_one("#two").display = pair is not None

    def _about(self, contact: Contact) -> Iterable[Content]:
        language = self.app.language
        yield literal(called(language, contact)).stylize("bold")
        for value in (
            contact.company,
            *(number_words(language, number) for number in contact.numbers),
            *contact.emails,
            contact.household,
            " ".join(f"#{group}" for group in contact.groups),
        ):
            if value:
                yield literal(value)

    def merge_pair(self) -> None:
        """Makes one contact of the two under the cursor."""
        if (pair := self.pairs.current) is not None:
            self.app.finish(self._merged(pair.first.id, [pair.second.id]), once="decide on a pair")

    def keep_apart(self) -> None:
        """Notes that the two under the cursor aren't one."""
        if (pair := self.pairs.current) is not None:
            self.app.finish(self._kept_apart(pair), once="decide on a pair")

    async def _kept_apart(self, pair: Pair) -> None:
        def keep_apart(store: Store) -> Change:
            store.people.keep_apart(pair.first.id, pair.second.id)
            return changed(store)

        change = await self.app.fetch(keep_apart)
        self.app.did(sentence("These are two people."), change_deed(change))
        self.people_changed()


_ids = attrgetter("first.id", "second.id")
