"""What writing texts and writing emails have in common: a draft, whom it goes to, what it costs at every key,
and how it is kept and sent."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual import events, getters, on
from textual.content import Content
from textual.types import CSSPathType
from textual.widgets import Static, TextArea

from store.messages.model import Draft, Elsewhere, Purpose, Template
from store.roles import Role
from store.sentences import N_, Sentence, sentence
from store.texts.alphabet import normalise
from tui.base.actions import Action
from tui.base.key_bar import KeyBar
from tui.base.navigation import Go, GoOnWriting, SaveTemplate, StoreOpened, WriteText
from tui.base.screen import TextmeterScreen
from tui.compose.actions import (
    Counted,
    Step,
    household_words,
    lacks_people,
    preview_words,
    why_not_preview,
    why_not_send,
)
from tui.compose.autosave import Autosave, Keeper, is_empty
from tui.compose.beside import Beside
from tui.compose.editor import Composer
from tui.compose.live_estimate import Counting, Files, LiveEstimate
from tui.compose.queries import Opened, Which, chosen, open_draft
from tui.compose.reach import Chosen, Reach, Token
from tui.compose.recipients import Recipients
from tui.compose.text_and_cost import TextAndCost
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from tui.compose.asking import AskingScreen
    from tui.compose.audience import WhoScreen

People = TypeVar("People", bound=Chosen)
Read = TypeVar("Read", bound=Counted)


BEGUN, ROOMY = 110, 130
"""Columns from which on the key bar offers templates where nothing is written yet, and where something is."""


class WritingScreen(TextmeterScreen, Generic[People, Files, Read]):
    """Holds a draft as data; widgets show it and report changes, and the store hears of them in threads.

    SENDS: what accounts that it is for send; on others the screen for what these send is gone to. FOLLOWED:
    what is told where a draft was changed or sent elsewhere, and nothing was written here meanwhile. PARTED:
    where something was, with {number} for the draft that it became.
    """

    CSS_PATH: ClassVar[CSSPathType | None] = "compose.tcss"
    AUTO_FOCUS = "Composer"
    SENDS: ClassVar[str]
    REACH: ClassVar[Reach]
    FOLLOWED: ClassVar[Mapping[Elsewhere | None, Sentence]]
    PARTED: ClassVar[Mapping[Elsewhere | None, str]]
    composer = getters.query_one(Composer)
    recipients = getters.query_one(Recipients)
    preview: getters.query_one[Beside[Any]] = getters.query_one(Beside)

    def __init__(self, counting: Counting[People, Files, Read]) -> None:
        super().__init__()
        self._draft = Draft()
        self._tokens: tuple[Token, ...] = ()
        self._autosave = Autosave(self, self._show_status, self.PARTED)
        self._estimate = LiveEstimate(self, counting, self._show_cost)
        self._asking: AskingScreen[Read, Any] | None = None
        self._who: WhoScreen | None = None
        """Who gets it, where that is looked at."""
        self._back_to_text = False
        """Whether somebody was missing when it was to be sent, and is being chosen."""
        self._people_first = False
        """Whether the cursor goes to To where nobody is chosen."""
        self._bar: tuple[object, ...] = ()
        """What the key bar's look hangs on."""

    # What can be done

    @abstractmethod
    def send(self) -> None:
        """Asks once more, then sends."""

    @abstractmethod
    def attach(self) -> None:
        """Attaches a file, or takes one off."""

    @abstractmethod
    def send_words(self) -> str:
        """What the key says that sends."""

    @abstractmethod
    def costs(self, reading: Read, width: int) -> Sequence[Content]:
        """What something costs, in a few lines of at most `width` cells."""

    @abstractmethod
    def _next_step(self) -> Step:
        """What F5 does now."""

    def steps(self) -> Iterable[Action]:
        """What F5 may do."""
        yield self.step(
            "send",
            N_("Send"),
            N_("Review it once more, then send"),
            self.send,
            why_not=self._why_not_send,
            refused=self._lead_to_what_lacks,
            words=self.send_words,
        )

    def step(self, step: Step, label: str, tooltip: str, run: Callable[[], None], **more: Any) -> Action:
        """What F5 does where it comes next; what leads on towards sending."""
        shown = partial(self._is_next, step)
        id = "compose.send" if step == "send" else f"compose.send-{step}"
        return Action(id, "f5", label, tooltip, run, shown=shown, **more)

    def actions_of_all(self, attach: str) -> Iterable[Action]:
        """What can be done with whatever is written. attach: what the key for files is called."""
        hidden = partial(Action, in_bar=False)
        yield Action(
            "compose.picture",
            "f7",
            attach,
            N_("Attach or remove one"),
            self.attach,
            why_not=self.app.no_files,
        )
        yield Action(
            "compose.preview",
            "f8",
            N_("Preview"),
            N_("As the next person gets it"),
            self._estimate_next,
            why_not=self._why_not_preview,
            words=lambda: preview_words(self._estimate.reading, self.app.language),
        )
        yield Action(
            "compose.template",
            "ctrl+t",
            N_("Template"),
            N_("Insert one into your text, after seeing what it costs"),
            self.insert_template,
            words=self._template_words,
        )
        yield hidden(
            "compose.keep",
            "shift+f10",
            N_("Save as a template"),
            N_("Save what you're writing under a name"),
            self.save_as_template,
            why_not=self._why_no_template,
        )
        yield hidden(
            "compose.who",
            "f4",
            N_("Who"),
            N_("Who gets it and who doesn't"),
            self.who,
            why_not=lambda: None if self._tokens else self.REACH.nobody_yet,
        )
        yield hidden(
            "compose.household",
            "",
            N_("Per household"),
            N_("One for people who live together, or one for each person again"),
            self.by_household,
            words=lambda: household_words(self._estimate.audience.households, self.app.language),
        )
        yield hidden("compose.new", "ctrl+n", N_("New draft"), N_("Keeps this one"), self.begin_anew)
        yield hidden(
            "compose.drafts", "ctrl+o", N_("Open another draft"), N_("All drafts are kept"), self.list_drafts
        )
        yield hidden("compose.leave", "escape", N_("Home"), N_("Keeps the draft"), self.go_home)

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

    # What changes

    @on(TextArea.Changed)
    def _text_changed(self, changed: TextArea.Changed) -> None:
        self._reworded(body=changed.text_area.text)

    def _reworded(self, **words: str) -> None:
        """Something else is written. words: of the draft."""
        if any(getattr(self._draft, name) != says for name, says in words.items()):
            self.app.forget_hints()
            self._draft = replace(self._draft, **words)  # type: ignore[arg-type]  # only what holds words
            self._autosave.changed(self._draft)
            self._estimate.body_changed(self._draft)

    @on(Composer.TooMuch)
    @on(Recipients.NotTaken)
    def _not_taken(self, message: Composer.TooMuch | Recipients.NotTaken) -> None:
        """Says why what was typed stays where it is, until something else is typed."""
        self.app.hint(message.says)

    @on(Recipients.Added)
    def _added(self, message: Recipients.Added) -> None:
        new = [token for token in dict.fromkeys(message.tokens) if token not in self._tokens]
        self._choose((*self._tokens, *new))
        if self._back_to_text:
            self.composer.focus()

    @on(Recipients.Removed)
    def _removed(self, message: Recipients.Removed) -> None:
        self._choose((*self._tokens[: message.at], *self._tokens[message.at + 1 :]))

    def _choose(self, tokens: tuple[Token, ...]) -> None:
        self._tokens = tokens
        self._draft = chosen(self._draft, tokens)
        self._autosave.changed(self._draft)
        self._estimate.people_changed(self._draft)
        self.recipients.show(tokens, self._estimate.audience)

    def by_household(self) -> None:
        """One for those who live together, or one for each again."""
        self._draft = replace(self._draft, household=not self._draft.household)
        self._autosave.changed(self._draft)
        self._estimate.people_changed(self._draft)

    def _set_media(self, paths: Sequence[str]) -> None:
        self._draft = replace(self._draft, media=tuple(paths))
        self._autosave.changed(self._draft)
        self._estimate.files_changed(self._draft)
        self._show_status()

    @on(Recipients.Left)
    def _recipients_left(self) -> None:
        self._focus_after_people()

    def _focus_after_people(self) -> None:
        """Goes where one writes once it is known to whom."""
        self.composer.focus()

    @on(events.DescendantFocus, "Composer")
    def _text_focused(self) -> None:
        self._back_to_text = False

    @on(Recipients.Typed)
    def _typed(self) -> None:
        self.app.forget_hints()
        self._refresh_bar()  # what is only half chosen isn't sent

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

    # What it costs

    def balance_changed(self) -> None:
        super().balance_changed()
        self._estimate.means_changed()

    def _show_cost(self) -> None:
        self.recipients.show(self._tokens, self._estimate.audience)
        self.query_one(TextAndCost).know(self._estimate.audience)
        if self._who is not None and self._who.is_attached:
            self._who.show(self._estimate.audience, self._tokens)
        if self._estimate.reading is not None:
            self.preview.show(self._estimate.reading)
            if self._asking is not None and self._estimate.settled:
                self._asking.show(self._estimate.reading)
        self._refresh_bar()

    def _refresh_bar(self) -> None:
        """Draws the key bar anew where it looks different now."""
        estimate, reading = self._estimate, self._estimate.reading
        unfinished, offers = bool(self.recipients.unfinished), self._template_words()
        bar: tuple[object, ...] = (unfinished, offers, estimate.settled)
        if reading is not None:
            bar += self._next_step(), reading.reader, reading.is_alike, *self._bar_of(reading)
        if bar != self._bar:
            self._bar = bar
            self.query_one(KeyBar).refresh()

    @abstractmethod
    def _bar_of(self, reading: Read) -> tuple[object, ...]:
        """What the key bar's look hangs on besides."""

    def _is_next(self, step: Step) -> bool:
        """Whether this is what F5 does now."""
        return self._next_step() == step

    def _priced_for(self, role: Role) -> Read | None:
        """What it costs, for those who may spend it."""
        return self._estimate.reading if self.app.lacks(role) is None else None

    def _why_not_send(self) -> Sentence | None:
        estimate = self._estimate
        return self.app.lacks(Role.SENDER) or why_not_send(
            estimate.reading if estimate.settled else None, self.recipients.unfinished
        )

    def _why_not_preview(self) -> Sentence | None:
        """Going on to the next person needs one."""
        if not self._estimate.audience.recipients:
            return self.REACH.nobody_yet
        return why_not_preview(self._estimate.reading)

    def _lead_to_what_lacks(self) -> None:
        """Goes to To where somebody is to be chosen, and back to the text as soon as that is done."""
        if lacks_people(self._estimate.reading, self.recipients.unfinished):
            self._back_to_text = self._back_to_text or self.composer.has_focus
            self.recipients.focus()

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

    # Actions

    def _ask(self, asking: AskingScreen[Read, Any]) -> None:
        """Has a last look taken, on a screen that is told what it costs now."""
        self._asking = asking
        self.app.push_screen(asking, self._asked)

    def _asked(self, _answer: None) -> None:
        self._asking = None

    def _was_sent(self, keeper: Keeper) -> None:
        """Begins anew, unless something else is being written by now."""
        if self.is_attached and keeper is self._autosave.keeper:
            self._autosave.forget()
            self._show_draft(Draft(), ())

    def go_home(self) -> None:
        """Back to Home."""
        self.post_message(Go("home"))

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

    # Templates

    def insert_template(self) -> None:
        """Offers the templates, and puts in the one that is chosen."""
        from tui.compose.templates import InsertScreen, put_in

        def becomes(template: Template) -> Draft:
            return put_in(self._draft, template, self.composer.with_inserted)

        has_text = bool(self._draft.body.strip())
        self.app.push_screen(
            InsertScreen(self._estimate, becomes, self.costs, self._take_template, has_text=has_text)
        )

    def _template_words(self) -> str:
        least = ROOMY if self._draft.body.strip() else BEGUN
        return self.gettext("Template") if self.app.size.width >= least else ""

    def _take_template(self, template: Template, instead: bool) -> None:
        """Puts a template in; instead of what is there: that stays as a draft, and Ctrl+Z brings it back."""
        from tui.compose.templates import put_in, put_instead

        has_text = bool(self._draft.body.strip())
        if instead:
            self._autosave.start(Draft())
            draft = put_instead(self._draft, template)
        else:
            draft = put_in(self._draft, template, self.composer.with_inserted)
        if has_text and not instead:
            self.composer.insert_here(template.text)
        else:
            self.composer.rewrite(draft.body)
        self._draft = replace(draft, body=self.composer.text)  # which may have had no room
        self._autosave.changed(self._draft)
        self._estimate.draft_changed(self._draft)
        self._show_subject(draft.subject)
        self._show_status()
        self.composer.focus()
        if instead:
            self.app.tell(sentence("Your earlier text is kept as a draft. Ctrl+O lists your drafts."))

    def _show_subject(self, subject: str) -> None:
        """Shows another subject, where there is one."""

    def _why_no_template(self) -> Sentence | None:
        if not self._draft.body.strip():
            return sentence("There is no text yet. Write something.")
        return self.app.lacks(Role.SENDER)

    def save_as_template(self) -> None:
        """Asks for the name under which what is written is kept, with its fields in place."""
        draft, purpose = self._draft, self._draft.purpose or Purpose.NOTICE
        language = draft.language or self.app.language.code
        template = Template("", draft.body, purpose, language, draft.subject)
        self.post_message(SaveTemplate(template))

    def _rewrite(self, body: str) -> None:
        self.composer.rewrite(body)
        self.composer.focus()

    def _estimate_next(self) -> None:
        """Goes on to the text as the next person gets it."""
        self._estimate.next_reader()

    def who(self) -> None:
        """Shows everybody who gets it, and who doesn't."""
        from tui.compose.audience import WhoScreen

        self._who = WhoScreen(
            self._estimate.audience,
            self._tokens,
            self.REACH,
            self._choose,
            self.recipients.correct,
            self.by_household,
        )
        self.app.push_screen(self._who, self._left_who)

    def _left_who(self, _answer: None) -> None:
        self._who = None

    def on_click(self, event: events.Click) -> None:
        if event.widget is not None and event.widget.id == "to-summary":
            self.action_act("compose.who")
