"""Who is written to: chips for those who are chosen, and a field that finds more as one types."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from store.credits.model import Account
from store.messages.audience import Audience
from store.people.filters import FilterMistake
from store.sentences import Key, Sentence, sentence, sentences
from tui.base.screen import TextmeterScreen
from tui.base.session_app import SessionApp
from tui.compose.chips import Chips
from tui.compose.entry import Entry
from tui.compose.queries import Suggestion
from tui.compose.queries import suggestions as find
from tui.compose.reach import Chosen, Reach, Token
from tui.i18n.sanitize import literal
from tui.widgets.jumps import Jump

WHO = Key("compose.who", "f4")

ENTRY_WIDTH = 14
"""Cells that are kept for the field."""
LIST_WIDTH = 64


class Recipients(Vertical):
    """The line "To", its chips, the field, how many people that makes, and a list of suggestions while one
    types.

    It holds what is shown; what is chosen is the screen's, which answers each message with `show`.
    """

    MOST_SHOWN = 200
    """Characters of a label in a chip or list; longer ones are cut."""
    app = getters.app(SessionApp)
    entry = getters.query_one(Entry)
    listing = getters.query_one(OptionList)
    chips = getters.query_one(Chips)
    summary = getters.query_one("#to-summary", Static)

    class Typed(Message):
        """Something else is in the field."""

    class Added(Message):
        """Tokens were chosen."""

        def __init__(self, tokens: Sequence[Token]) -> None:
            super().__init__()
            self.tokens = tokens

    class Removed(Message):
        """A token is to go. at: which, counted from 0."""

        def __init__(self, at: int) -> None:
            super().__init__()
            self.at = at

    class NotTaken(Message):
        """What is typed chooses nobody. says: why not."""

        def __init__(self, says: Sentence) -> None:
            super().__init__()
            self.says = says

    class Left(Message):
        """The field was left towards the text."""

    HELP_KEYS = {"key": WHO}

    def __init__(self, reach: Reach) -> None:
        super().__init__()
        self.HELP = reach.help  # type: ignore[misc]
        self._reach = reach
        self._tokens: Sequence[Token] = ()
        self._audience: Chosen = Audience()
        self._suggestions: Sequence[Suggestion] = ()
        self._suggested_for = ""
        self._mistake: Sentence | None = None
        """Why what is typed is no filter."""
        self._take_when_suggested = False

    def compose(self) -> ComposeResult:
        with Horizontal(id="to-line"):
            yield Static(Content(self.app.language.gettext("To")), id="to-label")
            yield Chips()
            yield Entry(self._reach)
            yield Static(id="to-summary")
        yield OptionList(id="to-list", compact=True)

    def on_mount(self) -> None:
        self.entry.cursor_blink = False
        self.listing.can_focus = False
        self.watch(self.screen, "focused", self._draw_placeholder, init=False)

    def clear(self) -> None:
        """Forgets what is typed and not chosen: it belonged to another draft."""
        self.entry.value = ""

    def correct(self, typed: str) -> None:
        """Has a number or address typed anew that is none."""
        self.entry.value = typed
        self.focus()

    @property
    def unfinished(self) -> str:
        """What is typed and not chosen yet."""
        return self.entry.value.strip()

    def focus(self, scroll_visible: bool = True) -> Recipients:
        self.entry.focus(scroll_visible)
        return self

    # What is shown

    def show(self, tokens: Sequence[Token], audience: Chosen) -> None:
        """Shows what is chosen, and how many people that makes."""
        if tokens is not self._tokens or audience is not self._audience:
            self._tokens, self._audience = tokens, audience
            self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        says = self._summary()
        key = self.app.key_shown(WHO)
        self.summary.update(Content.assemble(says, "  ", (key, "bold $primary")) if says else "")
        around = self.query_one("#to-label").outer_size.width
        if says and not self.screen.has_class("-narrow"):  # there it stands below
            around += Content(says).cell_length + len(key) + 4
        refused = frozenset(left_out.to for left_out in self._audience.refused)
        self.chips.show(self._tokens, refused, self.content_size.width - around - ENTRY_WIDTH)
        self._draw_placeholder()

    def _draw_placeholder(self) -> None:
        """What can be typed, and the key that leads here from where one is."""
        key = self._key_from(self.screen.focused)
        says = "" if self._tokens else self.app.language.gettext(self._reach.placeholder)
        self.entry.placeholder = f"{says} ({key})" if says and key else says or key

    def _key_from(self, focused: Widget | None) -> str:
        """Shift+Tab, as often as it takes: a subject may stand between the text and this. "" from here, and
        from where it is far."""
        chain = self.screen.focus_chain
        if focused not in chain or self.entry not in chain:
            return ""
        key = self.app.get_key_display(Binding("shift+tab", ""))
        match chain.index(focused) - chain.index(self.entry):
            case 1:
                return key
            case 2:
                return self.app.language.gettext("{key} twice").format(key=key)
        return ""

    def _summary(self) -> str:
        """ "2 people, 1 left out"; "2 households" where each gets one text; "" where nobody is chosen."""
        if not self._tokens:
            return ""
        say, left_out = self.app.language.say, len(self._audience.without)
        count = len(self._audience.recipients)
        people = sentences("{count} person", "{count} people", count)
        households = sentences("{count} household", "{count} households", count)
        summary = say(households if self._audience.households else people)
        if left_out:
            summary += ", " + say(sentences("{count} left out", "{count} left out", left_out))
        return summary

    def _look_for(self, text: str) -> None:
        """Looks, in a thread, for whom that may be."""
        screen = self.screen
        if text and self.app.account is not None and isinstance(screen, TextmeterScreen):
            screen.load(self._suggest, text, self.app.account, newest_only=True)

    async def _suggest(self, text: str, account: Account) -> None:
        app = self.app
        suggestions: Sequence[Suggestion] = ()
        mistake: Sentence | None = None
        try:
            suggestions = await app.fetch(lambda store: find(store, text, app.language, account, self._reach))
        except FilterMistake as why:
            mistake = why.says
        if text != self.unfinished:
            return
        self._suggestions, self._mistake = suggestions, mistake
        self._suggested_for = text
        self.listing.clear_options()
        self.listing.add_options(map(self._option, self._suggestions))
        if mistake is not None:
            self.listing.add_option(Option(literal(app.language.say(mistake)), disabled=True))
        # A line that only repeats what is typed would cover the text.
        repeats = all(text in (one.token.label, one.token.key) for one in suggestions)
        self.listing.display = mistake is not None or not repeats
        if self._suggestions:
            self.listing.highlighted = 0 if self._suggestions[0].sure else None
        if self._take_when_suggested:
            self._take_typed()

    def _option(self, suggestion: Suggestion) -> Option:
        """A line of the list, with what was typed marked in it."""
        room = min(LIST_WIDTH, self.app.size.width) - 6
        widths = room * 4 // 7, room - room * 4 // 7 - 2
        label, note = (
            literal(text[: self.MOST_SHOWN]).truncate(width, ellipsis=True)
            for text, width in zip((suggestion.token.label, suggestion.note), widths, strict=True)
        )
        for at in suggestion.in_label:
            label = label.stylize("bold underline", at.start, at.stop)
        note = note.stylize("$quiet")
        for at in suggestion.in_note:
            note = note.stylize("bold underline $foreground", at.start, at.stop)
        return Option(Content.assemble(label.pad_right(widths[0] + 2 - label.cell_length), note))

    def _close(self) -> None:
        self._suggestions, self._suggested_for, self._mistake = (), "", None
        self.listing.display = False
        self.listing.clear_options()

    # What is done

    @on(Input.Changed)
    def _changed(self, changed: Input.Changed) -> None:
        changed.stop()
        text = changed.value.strip()
        self._take_when_suggested = False
        self.chips.unmark()
        if not text:
            self._close()
        self._look_for(text)
        self.post_message(self.Typed())

    @on(Entry.Step)
    def _step(self, message: Entry.Step) -> None:
        message.stop()
        if self._suggestions:
            at = self.listing.highlighted
            if at is None:  # nothing is marked yet
                at = -1 if message.step > 0 else 0
            self.listing.highlighted = (at + message.step) % len(self._suggestions)
        elif message.step > 0:
            self.post_message(self.Left())

    @on(Input.Submitted)
    @on(Entry.Take)
    def _take(self, message: Message) -> None:
        message.stop()
        if self.entry.value.strip():
            self._take_typed()
        elif isinstance(message, Input.Submitted):
            self.post_message(self.Left())

    def _take_typed(self) -> None:
        """Takes what is marked in the list; never from one that belongs to less than what is typed."""
        text = self.entry.value.strip()
        typed = self._reach.typed(text, self.app.language)
        self._take_when_suggested = text != self._suggested_for and typed is None
        if self._take_when_suggested:
            self._look_for(text)
        elif self._suggestions and text == self._suggested_for:
            if (at := self.listing.highlighted) is not None:
                self._choose(at)
            else:
                says = sentence(
                    "“{text}” isn't enough to tell who you mean. Press ↓ to choose from the list.", text=text
                )
                self.post_message(self.NotTaken(says))
        elif typed is not None:
            self._add([typed])
        elif self._mistake is not None and text == self._suggested_for:
            self.post_message(self.NotTaken(self._mistake))
        else:
            self.post_message(self.NotTaken(self._reach.nobody(text)))

    @on(OptionList.OptionSelected)
    def _clicked(self, selected: OptionList.OptionSelected) -> None:
        selected.stop()
        self._choose(selected.option_index)

    def _choose(self, index: int) -> None:
        self._add([self._suggestions[index].token])

    def _add(self, tokens: Sequence[Token]) -> None:
        self.entry.value = ""
        self._close()
        self.post_message(self.Added(tokens))

    @on(Entry.Pasted)
    def _pasted(self, message: Entry.Pasted) -> None:
        message.stop()
        self._add([self._reach.token(piece, self.app.language) for piece in message.pieces])

    @on(Entry.DeleteBefore)
    @on(Entry.DeleteAfter)
    @on(Chips.TakeOff)
    def _take_off(self, message: Message) -> None:
        """Takes off the marked chip; Backspace the last, where none is marked."""
        message.stop()
        at = self.chips.marked
        if at is None and isinstance(message, Entry.DeleteBefore):
            at = len(self._tokens) - 1
        if at is not None and 0 <= at < len(self._tokens):
            self.post_message(self.Removed(at))

    @on(Entry.Chip)
    def _mark_chip(self, message: Entry.Chip) -> None:
        message.stop()
        self.chips.mark(message.step)

    @on(Entry.Leave)
    def _leave(self, message: Entry.Leave) -> None:
        message.stop()
        if self.listing.display:
            self._close()
        else:
            self.post_message(self.Left())

    def jumps(self) -> Iterable[Jump]:
        """To each chip that is seen, which marks it: Backspace takes it off then."""
        x, y = self.chips.region.offset - self.region.offset
        for cells, at in self.chips.places:
            yield Jump(x + cells.start, y, partial(self._jump_to, at))

    def _jump_to(self, at: int) -> None:
        self.focus()
        self.chips.mark_at(at)

    def on_descendant_blur(self) -> None:
        self._close()
        self.chips.unmark()
