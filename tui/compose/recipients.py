"""Who gets a text: chips for those who are chosen, and a field that finds more as one types."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from store.messages.audience import Audience
from store.sentences import N_, sentence, sentences
from tui.base.session_app import SessionApp
from tui.compose.queries import Suggestion, Token
from tui.i18n.sanitize import literal, plain

ENTRY_WIDTH = 26
"""Cells that are kept for the field, and for what stands before and after it."""

_number_like = re.compile(r"\+?[\d\s()./-]{3,}").fullmatch
_separators = re.compile(r"[,;\n\r\t]+")


class Entry(Input):
    """The field itself. Keys that it has no use for are the list's below it, or lead out of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", N_("Up"), show=False),
        Binding("down", "step(1)", N_("Down"), show=False),
        Binding("escape", "leave", N_("Back to the text"), show=False),
        Binding("backspace", "delete", N_("Delete"), show=False),
    ]

    class Step(Message):
        """Up or down was pressed."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Leave(Message):
        """Escape was pressed."""

    class Take(Message):
        """What is typed is complete."""

    class DeleteBefore(Message):
        """Backspace was pressed with nothing before the cursor."""

    class Pasted(Message):
        """Several things were pasted at once, or numbers typed with commas."""

        def __init__(self, pieces: Sequence[str]) -> None:
            super().__init__()
            self.pieces = pieces

    def action_step(self, step: int) -> None:
        self.post_message(self.Step(step))

    def action_leave(self) -> None:
        self.post_message(self.Leave())

    def on_key(self, event: events.Key) -> None:
        """A comma takes what is typed. As a binding it would come before or after keys that are typed fast,
        and numbers would run into one.
        """
        if event.character in (",", ";"):
            event.prevent_default()
            event.stop()
            text = self.value.strip()
            if _number_like(text):
                self.value = ""
                self.post_message(self.Pasted([text]))
            else:
                self.post_message(self.Take())

    def action_delete(self) -> None:
        """Deletes before the cursor; where there is nothing, the chip before it."""
        if self.value:
            self.action_delete_left()
        else:
            self.post_message(self.DeleteBefore())

    def on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        pieces = [piece.strip() for piece in _separators.split(event.text) if piece.strip()]
        if len(pieces) > 1:
            self.post_message(self.Pasted(pieces))
        elif pieces:
            self.insert_text_at_cursor(plain(pieces[0]))


class Recipients(Vertical):
    """The line "To", its chips, the field, how many people that makes, and a list of suggestions while one
    types.

    It holds what is shown; what is chosen is the screen's, which answers each message with `show`.
    """

    HELP: ClassVar[str] = N_(
        "Type a name, a #group or a number, and take it with Enter. Several numbers can be pasted at once. "
        "Backspace removes the last one, F4 shows everybody."
    )
    MOST_SHOWN = 200
    """Characters of a label in a chip or list; longer ones are cut."""
    app = getters.app(SessionApp)
    entry = getters.query_one(Entry)
    listing = getters.query_one(OptionList)
    chips = getters.query_one("#chips", Static)
    summary = getters.query_one("#to-summary", Static)

    class Typed(Message):
        """Something else is in the field, for which suggestions are wanted unless it is nothing."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Added(Message):
        """Tokens were chosen."""

        def __init__(self, tokens: Sequence[Token]) -> None:
            super().__init__()
            self.tokens = tokens

    class Removed(Message):
        """The last token is to go."""

    class Unknown(Message):
        """What is typed is no number, and nobody is found by it."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.says = sentence(
                "Nobody is called {name}, and it is no number. Type a number with its area code, or part of "
                "a name.",
                name=text,
            )

    class Left(Message):
        """The field was left towards the text."""

    def __init__(self, to: str, placeholder: str) -> None:
        super().__init__()
        self._to = to
        self._placeholder = placeholder
        self._tokens: Sequence[Token] = ()
        self._audience = Audience()
        self._suggestions: list[Suggestion] = []
        self._suggested_for = ""
        self._take_when_suggested = False

    def compose(self) -> ComposeResult:
        with Horizontal(id="to-line"):
            yield Static(Content(self._to), id="to-label")
            yield Static(id="chips")
            yield Entry(id="to-entry", compact=True, select_on_focus=False, placeholder=self._placeholder)
            yield Static(id="to-summary")
        yield OptionList(id="to-list", compact=True)

    def on_mount(self) -> None:
        self.entry.cursor_blink = False
        self.listing.can_focus = False

    @property
    def unfinished(self) -> str:
        """What is typed and not chosen yet."""
        return self.entry.value.strip()

    def focus(self, scroll_visible: bool = True) -> Recipients:
        self.entry.focus(scroll_visible)
        return self

    # What is shown

    def show(self, tokens: Sequence[Token], audience: Audience) -> None:
        """Shows what is chosen, and how many people that makes."""
        if tokens is not self._tokens or audience is not self._audience:
            self._tokens, self._audience = tokens, audience
            self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        says = self._summary()
        self.summary.update(Content.assemble(says, "  ", ("F4", "bold $primary")) if says else "")
        room = self.size.width - Content(says).cell_length - ENTRY_WIDTH
        self.chips.update(self._chips(max(room, 12)))
        self.entry.placeholder = "" if self._tokens else self._placeholder

    def _summary(self) -> str:
        """ "2 people, 1 left out"; "" where nobody is chosen."""
        if not self._tokens:
            return ""
        say, left_out = self.app.language.say, len(self._audience.left_out)
        summary = say(sentences("{count} person", "{count} people", len(self._audience.recipients)))
        if left_out:
            summary += ", " + say(sentences("{count} left out", "{count} left out", left_out))
        return summary

    def _chips(self, room: int) -> Content:
        """As many of the latest chips as there is room for, and how many stand before them."""
        refused = frozenset(left_out.to for left_out in self._audience.left_out)
        shown: list[Content] = []
        used = 0
        for number, token in enumerate(reversed(self._tokens)):
            is_refused = token.kind == "number" and token.key in refused
            label = literal(f"✗ {token.label}" if is_refused else token.label)
            chip = label.truncate(min(room, 40), ellipsis=True).stylize(
                "$error" if is_refused else "$primary"
            )
            if shown and used + chip.cell_length + 3 > room - 6:
                shown.append(Content.styled(f"+{len(self._tokens) - number}", "dim"))
                break
            shown.append(chip)
            used += chip.cell_length + 3
        return Content(" · ").join(reversed(shown)) + Content("  ") if shown else Content("")

    def suggest(self, text: str, suggestions: Sequence[Suggestion]) -> None:
        """Offers these for what is typed, unless something else is typed by now."""
        if text != self.entry.value.strip():
            return
        number = [Suggestion(Token("number", text, text), "")] if _number_like(text) else []
        self._suggestions = [*number, *suggestions]
        self._suggested_for = text
        self.listing.clear_options()
        self.listing.add_options(self._option(suggestion) for suggestion in self._suggestions)
        self.listing.display = bool(self._suggestions)
        if self._suggestions:
            self.listing.highlighted = 0
        if self._take_when_suggested:
            self._take_typed()

    def _option(self, suggestion: Suggestion) -> Option:
        label = literal(suggestion.token.label[: self.MOST_SHOWN]).truncate(32, ellipsis=True)
        note = literal(suggestion.note[: self.MOST_SHOWN]).truncate(24, ellipsis=True)
        return Option(Content.assemble(label.pad_right(34 - label.cell_length), note.stylize("dim")))

    def _close(self) -> None:
        self._suggestions, self._suggested_for = [], ""
        self.listing.display = False
        self.listing.clear_options()

    # What is done

    @on(Input.Changed)
    def _changed(self, changed: Input.Changed) -> None:
        changed.stop()
        text = changed.value.strip()
        self._take_when_suggested = False
        if not text:
            self._close()
        self.post_message(self.Typed(text))

    @on(Entry.Step)
    def _step(self, message: Entry.Step) -> None:
        message.stop()
        if self._suggestions:
            at = self.listing.highlighted or 0
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
        self._take_when_suggested = text != self._suggested_for and not _number_like(text)
        if self._take_when_suggested:
            self.post_message(self.Typed(text))
        elif self._suggestions and text == self._suggested_for:
            self._choose(self.listing.highlighted or 0)
        elif _number_like(text):
            self._add([Token("number", text, text)])
        else:
            self.post_message(self.Unknown(text))

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
        self._add([Token("number", piece, piece) for piece in message.pieces])

    @on(Entry.DeleteBefore)
    def _delete_before(self, message: Entry.DeleteBefore) -> None:
        message.stop()
        self.post_message(self.Removed())

    @on(Entry.Leave)
    def _leave(self, message: Entry.Leave) -> None:
        message.stop()
        if self._suggestions:
            self._close()
        else:
            self.post_message(self.Left())

    def on_descendant_blur(self) -> None:
        self._close()
