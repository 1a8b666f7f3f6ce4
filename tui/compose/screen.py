"""Compose: who gets a text, what it says, and what that costs at every key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from store.messages.model import BlastSummary, Draft, Elsewhere
from store.roles import Role
from store.sentences import N_, Sentence, sentence
from store.texts.alphabet import normalise
from tui.base.actions import Action
from tui.base.key_bar import KeyBar
from tui.base.navigation import (
    BuyCredits,
    ChoosePlan,
    Go,
    GoOnWriting,
    OpenAccounts,
    StoreOpened,
    TextSent,
    WriteText,
)
from tui.base.screen import TextmeterScreen
from tui.compose.actions import (
    NOBODY,
    Step,
    buy_words,
    fix_words,
    household_words,
    is_by_country,
    lacks_people,
    leads_back,
    next_step,
    preview_words,
    send_words,
    what_for,
    why_not_fix,
    why_not_preview,
    why_not_send,
)
from tui.compose.autosave import Autosave, Keeper, is_empty
from tui.compose.draft_view import Reading
from tui.compose.editor import Composer
from tui.compose.field_list import FieldList
from tui.compose.live_estimate import LiveEstimate
from tui.compose.preview import Preview
from tui.compose.queries import Opened, Token, Which, chosen, open_draft
from tui.compose.recipients import Recipients
from tui.compose.text_and_cost import TextAndCost
from tui.i18n.sanitize import plain

if TYPE_CHECKING:
    from tui.compose.audience import WhoScreen
    from tui.compose.send import SendScreen

FOLLOWED = {
    Elsewhere.SENT: sentence("This text was sent from another window, so the draft is gone."),
    Elsewhere.CHANGED: sentence("This draft was changed in another window. This is how it reads now."),
}
"""What is told where nothing was written here meanwhile."""


class ComposeScreen(TextmeterScreen):
    """Holds a draft as data; widgets show it and report changes, and the store hears of them in threads."""

    NAME = N_("Compose")
    CSS_PATH = "compose.tcss"
    HELP: ClassVar[str] = N_(
        "Choose who gets the text, write it, and see at every key what it will cost. Nothing is sent before "
        "you press F5 and then Enter. What you write is kept as you type."
    )
    AUTO_FOCUS = "Composer"
    composer = getters.query_one(Composer)
    recipients = getters.query_one(Recipients)
    preview = getters.query_one(Preview)

    def __init__(self) -> None:
        super().__init__()
        self._draft = Draft()
        self._tokens: tuple[Token, ...] = ()
        self._autosave = Autosave(self, self._show_status)
        self._estimate = LiveEstimate(self, self._show_cost)
        self._asking: SendScreen | None = None
        """The last look that is being taken before the text is sent."""
        self._who: WhoScreen | None = None
        """Who gets it, where that is looked at."""
        self._back_to_text = False
        """Whether somebody was missing when the text was to be sent, and is being chosen."""
        self._people_first = False
        """Whether the cursor goes to To where nobody is chosen."""
        self._bar: tuple[object, ...] = ()
        """What the key bar's look hangs on."""

    def actions(self) -> Iterable[Action]:
        hidden = partial(Action, in_bar=False)
        yield self._step(
            "send",
            N_("Send"),
            N_("Look over it once more, then send"),
            self.send,
            why_not=self._why_not_send,
            refused=self._lead_to_what_lacks,
            words=lambda: send_words(self._priced_for(Role.SENDER), self.app.language),
        )
        yield self._step(
            "buy",
            N_("Buy credits"),
            N_("As many as the text lacks"),
            self.buy,
            why_not=self.app.owners_only,
            words=lambda: buy_words(self._priced_for(Role.OWNER), self.app.language),
        )
        yield self._step("upgrade", N_("Larger plans"), N_("Keeps the draft"), self.upgrade)
        yield self._step("accounts", N_("Another account"), N_("One for texts"), self.open_accounts)
        yield Action(
            "compose.fix",
            "f6",
            N_("Fix characters"),
            N_("Plain characters, proper fields"),
            self.fix,
            why_not=lambda: why_not_fix(self._estimate.reading),
            words=lambda: fix_words(self._estimate.reading, self.app.language),
        )
        yield Action(
            "compose.picture",
            "f7",
            N_("Picture"),
            N_("Attach or take off one"),
            self.picture,
            why_not=self.app.no_files,
        )
        yield Action(
            "compose.preview",
            "f8",
            N_("Preview"),
            N_("As the next gets it"),
            self.preview_next,
            why_not=lambda: why_not_preview(self._estimate),
            words=lambda: preview_words(self._estimate.reading, self.app.language),
        )
        yield hidden(
            "compose.who",
            "f4",
            N_("Who"),
            N_("Who gets it, and who not"),
            self.who,
            why_not=lambda: None if self._tokens else NOBODY,
        )
        yield hidden(
            "compose.household",
            "",
            N_("One a household"),
            N_("One text for those who live together, or one for each again"),
            self.by_household,
            words=lambda: household_words(self._estimate.audience, self.app.language),
        )
        yield hidden(
            "compose.countries",
            "f3",
            N_("What it costs"),
            N_("What goes to each country"),
            self.show_countries,
            shown=lambda: is_by_country(self._estimate.reading),
        )
        yield hidden("compose.new", "ctrl+n", N_("New draft"), N_("Keeps this one"), self.begin_anew)
        yield hidden("compose.drafts", "ctrl+o", N_("Open another draft"), N_("All kept"), self.list_drafts)
        yield hidden("compose.leave", "escape", N_("Home"), N_("Keeps the draft"), self.go_home)

    def _step(self, step: Step, label: str, tooltip: str, run: Callable[[], None], **more: Any) -> Action:
        """What F5 does where it comes next; what leads on towards sending."""
        shown = partial(self._is_next, step)
        return Action(f"compose.{step}", "f5", label, tooltip, run, shown=shown, **more)

    def body(self) -> ComposeResult:
        _ = self.gettext
        self.call_after_refresh(self._show_all)
        yield Recipients(_("To"), _("a name, a #group or a number"))
        with TextAndCost(id="compose-body"):
            with Vertical(id="compose-text"):
                yield Composer(self._draft.body, placeholder=_("Write your text here"))
                yield Static(id="compose-status")
            yield Preview()
            yield FieldList()

    # Beginning

    def on_mount(self) -> None:
        if self.app.account is not None:
            self._begin()

    @on(StoreOpened)
    def _begin(self) -> None:
        """Takes up the latest draft, unless something was written while the database was opened."""
        self._estimate.means_changed()
        account = self.app.account
        if account is not None:
            self._open(lambda store: store.messages.latest_draft(account.id), unless_written=True)

    @on(WriteText)
    def _write(self, message: WriteText) -> None:
        """Takes up what was asked for; what was being written is kept."""
        message.stop()
        self._estimate.means_changed()
        self._open(lambda store: message.draft, goes_on=message.goes_on)

    @on(GoOnWriting)
    def _go_on(self, message: GoOnWriting) -> None:
        message.stop()
        self._people_first = True
        self._focus_what_is_next()

    def _focus_what_is_next(self) -> None:
        (self.recipients if self._people_first and not self._tokens else self.composer).focus()

    def _open(self, which: Which, *, unless_written: bool = False, goes_on: bool = False) -> None:
        self.load(self._read_draft, which, unless_written, goes_on, newest_only=True)

    async def _read_draft(self, which: Which, unless_written: bool, goes_on: bool) -> None:
        opened = await self._opened(which)
        if goes_on and opened.draft is not None:
            self._autosave.forget()
            self._show_draft(replace(opened.draft, body=opened.draft.body + self._draft.body), opened.tokens)
        elif opened.draft is not None and (not unless_written or is_empty(self._draft)):
            self._show_draft(opened.draft, opened.tokens)
        else:
            self._count_all()

    async def _opened(self, which: Which) -> Opened:
        account = self.app.account
        assert account is not None, "drafts are read once the database is open"
        return await self.app.fetch(lambda store: open_draft(store, which, self.app.language, account.id))

    def _show_draft(self, draft: Draft, tokens: tuple[Token, ...], *, focus: bool = True) -> None:
        """Makes a draft the one that is written; the former one is kept."""
        self._autosave.start(draft)
        self._draft, self._tokens = replace(draft, body=normalise(draft.body)), tokens
        self.recipients.clear()
        self.composer.show(self._draft.body)
        if focus:
            self._focus_what_is_next()
        if not draft.id and (draft.body.strip() or draft.media):  # else nothing was written yet
            self._autosave.changed(self._draft)
        self._show_status()
        self._count_all()

    def _count_all(self) -> None:
        self._estimate.people_changed(self._draft)
        self._estimate.pictures_changed(self._draft)

    # What changes

    @on(TextArea.Changed)
    def _text_changed(self, changed: TextArea.Changed) -> None:
        body = changed.text_area.text
        if body != self._draft.body:
            self.app.forget_hints()
            self._draft = replace(self._draft, body=body)
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
        """One text for those who live together, or one for each again."""
        self._draft = replace(self._draft, household=not self._draft.household)
        self._autosave.changed(self._draft)
        self._estimate.people_changed(self._draft)

    def _set_media(self, paths: Sequence[str]) -> None:
        self._draft = replace(self._draft, media=tuple(paths))
        self._autosave.changed(self._draft)
        self._estimate.pictures_changed(self._draft)
        self._show_status()

    @on(Recipients.Left)
    def _recipients_left(self) -> None:
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
        if elsewhere in FOLLOWED and opened.draft is not None:
            self._show_draft(opened.draft, opened.tokens, focus=False)
            self.app.tell(FOLLOWED[elsewhere], severity="warning")

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
            if self._asking is not None:
                self._asking.show(self._estimate.reading)
        self._refresh_bar()

    def _refresh_bar(self) -> None:
        """Draws the key bar anew where it looks different now."""
        estimate, reading = self._estimate, self._estimate.reading
        bar: tuple[object, ...] = (bool(self.recipients.unfinished),)
        if reading is not None:
            cost = reading.estimate
            bar += cost.credits, cost.buy, cost.sendable, next_step(reading), estimate.settled
            bar += bool(reading.fixes), reading.near_misses, reading.reader, reading.text == reading.body
        if bar != self._bar:
            self._bar = bar
            self.query_one(KeyBar).refresh()

    def _is_next(self, step: Step) -> bool:
        """Whether this is what F5 does now."""
        return next_step(self._estimate.reading) == step

    def _priced_for(self, role: Role) -> Reading | None:
        """What it costs, for those who may spend it."""
        return self._estimate.reading if self.app.lacks(role) is None else None

    def _why_not_send(self) -> Sentence | None:
        return self.app.lacks(Role.SENDER) or why_not_send(self._estimate, self.recipients.unfinished)

    def _lead_to_what_lacks(self) -> None:
        """Goes to To where somebody is to be chosen, and back to the text as soon as that is done."""
        if lacks_people(self._estimate, self.recipients.unfinished):
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
            says = _("Not kept: {why}").format(why=language.say(autosave.trouble))
            parts.append(Content.styled(plain(says), "$error"))
        elif autosave.id:
            says = _("Draft {number}, kept as you type").format(number=language.number(autosave.id))
            parts.append(Content(says))
        for status in self.query("#compose-status").results(Static):  # none any more, if it was left
            status.update(Content("  ·  ").join(parts))

    # Keeping

    def on_screen_suspend(self) -> None:
        self._people_first = False
        self._autosave.now()

    def on_app_blur(self) -> None:
        self._autosave.now()

    def on_unmount(self) -> None:
        self._autosave.before_leaving()

    # Actions

    def send(self) -> None:
        """Asks once more, then sends."""
        from tui.compose.send import SendScreen

        reading, autosave = self._estimate.reading, self._autosave
        if reading is not None:
            sent = partial(self._sent, autosave.keeper)
            others = self._estimate.people_are_others
            self._asking = SendScreen(reading, self._draft, autosave.keeper, autosave.change, sent, others)
            self.app.push_screen(self._asking, self._asked)

    def _asked(self, _answer: None) -> None:
        self._asking = None

    def _sent(self, keeper: Keeper, blast: BlastSummary) -> None:
        if self.is_attached and keeper is self._autosave.keeper:  # else another text is being written by now
            self._autosave.forget()
            self._show_draft(Draft(), ())
        self.app.post_message(TextSent(blast))

    def buy(self) -> None:
        """Goes to buy as many credits as the text lacks; it is still here afterwards."""
        reading = self._estimate.reading
        if reading is not None:
            self.post_message(BuyCredits(reading.estimate.buy, what_for(reading.estimate)))

    def upgrade(self) -> None:
        """Goes to the plans, which say how many credits the text lacks; it is still here afterwards."""
        reading = self._estimate.reading
        if reading is not None:
            lacking = -reading.estimate.available_after
            self.post_message(ChoosePlan(lacking, leads_back(reading.estimate)))

    def open_accounts(self) -> None:
        """Goes on with another account."""
        self.post_message(OpenAccounts())

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
            self.app.push_screen(DraftsScreen(self._autosave.drafts(), self._open_kept))

    def _open_kept(self, draft: Draft) -> None:
        self._open(lambda store: store.messages.draft(draft.id))

    def fix(self) -> None:
        """Shows which characters can be replaced, and replaces those that are chosen."""
        from tui.compose.fix import FixScreen

        reading = self._estimate.reading
        if reading is not None:
            fields = self._estimate.audience.fields
            self.app.push_screen(FixScreen(self._draft.body, fields, reading.values, self._rewrite))

    def _rewrite(self, body: str) -> None:
        self.composer.rewrite(body)
        self.composer.focus()

    def picture(self) -> None:
        """Attaches a picture, or takes one off."""
        from tui.compose.attach import PictureScreen

        if self.app.account is not None:
            self.app.push_screen(PictureScreen(self._draft.media, self._set_media))

    def preview_next(self) -> None:
        """Goes on to the text as the next person gets it."""
        self._estimate.next_reader()

    def who(self) -> None:
        """Shows everybody who gets it, and who doesn't."""
        from tui.compose.audience import WhoScreen

        self._who = WhoScreen(
            self._estimate.audience, self._tokens, self._choose, self.recipients.correct, self.by_household
        )
        self.app.push_screen(self._who, self._left_who)

    def _left_who(self, _answer: None) -> None:
        self._who = None

    def show_countries(self) -> None:
        """Shows what goes to each country."""
        from tui.compose.countries import CountriesScreen

        if (reading := self._estimate.reading) is not None:
            self.app.push_screen(CountriesScreen(reading.estimate))

    def on_click(self, event: events.Click) -> None:
        if event.widget is not None and event.widget.id == "to-summary":
            self.action_act("compose.who")
        elif event.widget is self.preview and is_by_country(self._estimate.reading):
            self.show_countries()
