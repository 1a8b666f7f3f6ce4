"""The draft that is being written: taken up, kept, and followed where another window changes it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual import getters, on
from textual.content import Content
from textual.widgets import Static

from store.messages.model import Draft, Elsewhere
from store.sentences import N_, Sentence
from store.texts.alphabet import normalise
from tui.base.actions import Action
from tui.base.navigation import GoOnWriting, StoreOpened, WriteText
from tui.base.screen import TextmeterScreen
from tui.compose.actions import Counted
from tui.compose.autosave import Autosave, Keeper, is_empty
from tui.compose.editor import Composer
from tui.compose.live_estimate import Counting, Files, LiveEstimate
from tui.compose.queries import Opened, Which, open_draft
from tui.compose.reach import Chosen, Reach, Token
from tui.compose.recipients import Recipients
from tui.i18n.sanitize import plain

People = TypeVar("People", bound=Chosen)
Read = TypeVar("Read", bound=Counted)


class DraftingScreen(TextmeterScreen, Generic[People, Files, Read]):
    """Holds a draft as data, of which the store hears in threads, and what it costs.

    SENDS: what accounts that it is for send; on others the screen for what these send is gone to. FOLLOWED:
    what is told where a draft was changed or sent elsewhere, and nothing was written here meanwhile. PARTED:
    where something was, with {number} for the draft that it became.
    """

    SENDS: ClassVar[str]
    REACH: ClassVar[Reach]
    FOLLOWED: ClassVar[Mapping[Elsewhere | None, Sentence]]
    PARTED: ClassVar[Mapping[Elsewhere | None, str]]
    composer = getters.query_one(Composer)
    recipients = getters.query_one(Recipients)

    def __init__(self, counting: Counting[People, Files, Read]) -> None:
        super().__init__()
        self._draft = Draft()
        self._tokens: tuple[Token, ...] = ()
        self._autosave = Autosave(self, self._show_status, self.PARTED)
        self._estimate = LiveEstimate(self, counting, self._show_cost)
        self._people_first = False
        """Whether the cursor goes to To where nobody is chosen."""

    @abstractmethod
    def _show_cost(self) -> None:
        """Shows what it costs now."""

    def draft_actions(self) -> Iterable[Action]:
        """Going on with another draft."""
        hidden = partial(Action, in_bar=False)
        yield hidden("compose.new", "ctrl+n", N_("New draft"), N_("Keeps this one"), self.begin_anew)
        yield hidden(
            "compose.drafts", "ctrl+o", N_("Open another draft"), N_("All drafts are kept"), self.list_drafts
        )

    # Beginning

    def on_mount(self) -> None:
        if self.app.account is not None:
            self._begin()

    @on(StoreOpened)
    def _begin(self) -> None:
        """Takes up the latest draft, unless something was written while the database was opened."""
        account = self.app.account
        if account is not None and not self._gone_elsewhere(Draft()):
            self._draft = self._in_our_language(self._draft)
            self._estimate.means_changed()
            self._open(lambda store: store.messages.latest_draft(account.id), unless_written=True)

    @on(WriteText)
    def _write(self, message: WriteText) -> None:
        """Takes up what was asked for; what was being written is kept."""
        message.stop()
        if not self._gone_elsewhere(message.draft):
            self._estimate.means_changed()
            self._open(lambda store: message.draft, goes_on=message.goes_on)

    def _gone_elsewhere(self, draft: Draft) -> bool:
        """Whether the account sends something else, so that its own screen goes on with what is to be
        written."""
        if self.app.account is None or self.app.product.sends == self.SENDS:
            return False
        typed = self._draft
        draft = replace(draft, subject=draft.subject + typed.subject, body=draft.body + typed.body)
        self._autosave.forget()
        self.app.post_message(GoOnWriting() if is_empty(draft) else WriteText(draft))
        return True

    @on(GoOnWriting)
    def _go_on(self, message: GoOnWriting) -> None:
        message.stop()
        self._people_first = True
        self._focus_what_is_next()

    def _focus_what_is_next(self, *, chosen: bool = False) -> None:
        """To, where people are to come first or a draft that has only words was chosen; else the text, which
        goes on where it was left."""
        kept = bool(self._draft.id) and bool(self._draft.body.strip())
        people_first = self._people_first or (chosen and kept)
        (self.recipients if people_first and not self._tokens else self.composer).focus()

    def _open(self, which: Which, *, unless_written: bool = False, goes_on: bool = False) -> None:
        self.load(self._read_draft, which, unless_written, goes_on, newest_only=True)

    async def _read_draft(self, which: Which, unless_written: bool, goes_on: bool) -> None:
        opened = await self._opened(which)
        if goes_on and opened.draft is not None:
            self._autosave.forget()
            self._show_draft(replace(opened.draft, body=opened.draft.body + self._draft.body), opened.tokens)
        elif opened.draft is not None and (not unless_written or is_empty(self._draft)):
            self._show_draft(opened.draft, opened.tokens, focus=False)
            self._focus_what_is_next(chosen=not unless_written)
        else:
            self._count_all()

    async def _opened(self, which: Which) -> Opened:
        account, language = self.app.account, self.app.language
        assert account is not None, "drafts are read once the database is open"
        return await self.app.fetch(lambda store: open_draft(store, which, language, account.id, self.REACH))

    def _show_draft(self, draft: Draft, tokens: tuple[Token, ...], *, focus: bool = True) -> None:
        """Makes a draft the one that is written; the former one is kept."""
        self._autosave.start(draft)
        self._draft = self._in_our_language(replace(draft, body=normalise(draft.body)))
        self._tokens = tokens
        self.recipients.clear()
        self._show_words()
        if focus:
            self._focus_what_is_next()
        if not draft.id and (draft.body.strip() or draft.media):  # else nothing was written yet
            self._autosave.changed(self._draft)
        self._show_status()
        self._count_all()

    def _in_our_language(self, draft: Draft) -> Draft:
        """A text that is begun is in the session's language, unless its words came with another."""
        return draft if draft.id or draft.language else replace(draft, language=self.app.language.code)

    def _show_words(self) -> None:
        """Shows what the draft says."""
        self.composer.show(self._draft.body)

    def _count_all(self) -> None:
        self._estimate.people_changed(self._draft)
        self._estimate.files_changed(self._draft)

    # Other drafts

    def begin_anew(self) -> None:
        """Begins an empty draft; the present one is kept."""
        self._show_draft(Draft(), ())

    def list_drafts(self) -> None:
        """Lists the drafts that were kept."""
        from tui.compose.drafts import DraftsScreen

        if self.app.account is not None:
            self._autosave.now()
            self.app.push_screen(DraftsScreen(self._autosave.drafts(), self.REACH, self._open_kept))

    def _open_kept(self, draft: Draft) -> None:
        self._open(lambda store: store.messages.draft(draft.id))

    def _was_sent(self, keeper: Keeper) -> None:
        """Begins anew, unless something else is being written by now."""
        if self.is_attached and keeper is self._autosave.keeper:
            self._autosave.forget()
            self._show_draft(Draft(), ())

    # What others do

    def data_changed(self) -> None:
        """What is written may have been sent or changed in another window; who gets it and what it costs may
        be others."""
        self.load(self._look_elsewhere)
        self._estimate.means_changed()
        self._estimate.people_may_have_changed()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.data_changed()

    async def _look_elsewhere(self) -> None:
        autosave = self._autosave
        keeper, change = autosave.keeper, autosave.change
        if not autosave.id or not autosave.settled:
            return  # what is written here is kept in a moment, which finds out
        elsewhere = await self.app.fetch(keeper.elsewhere)
        opened = Opened(Draft(), ())
        if elsewhere is Elsewhere.CHANGED:
            id = autosave.id
            opened = await self._opened(lambda store: store.messages.draft(id))
        if keeper is not autosave.keeper or change != autosave.change:
            return  # likewise
        if elsewhere in self.FOLLOWED and opened.draft is not None:
            self._show_draft(opened.draft, opened.tokens, focus=False)
            self.app.tell(self.FOLLOWED[elsewhere], severity="warning")

    # What is shown around the text

    def _show_all(self) -> None:
        """Shows what is known in widgets that are new: at first, and after a change of language."""
        if self.query("#compose-status"):  # else the app was left before they could be shown
            self._show_status()
            self._show_cost()

    def _show_status(self) -> None:
        _, language = self.gettext, self.app.language
        parts = [Content.styled(f"▣ {plain(Path(path).name)}", "$primary") for path in self._draft.media]
        autosave = self._autosave
        if autosave.trouble is not None:
            says = _("Not saved: {why}").format(why=language.say(autosave.trouble))
            parts.append(Content.styled(plain(says), "$error"))
        elif autosave.id:
            says = _("Draft {number}, saved as you type").format(number=language.number(autosave.id))
            parts.append(Content(says))
        parts += self._told_beside()
        for status in self.query("#compose-status").results(Static):  # none any more, if it was left
            status.update(Content("  ·  ").join(parts))

    def _told_beside(self) -> list[Content]:
        """What is told beside the draft's number."""
        return []

    # Keeping

    def on_screen_suspend(self) -> None:
        self._people_first = False
        self._autosave.now()

    def on_app_blur(self) -> None:
        self._autosave.now()

    def keep_typed(self) -> None:
        self._autosave.before_leaving()

    def on_unmount(self) -> None:
        self.keep_typed()
