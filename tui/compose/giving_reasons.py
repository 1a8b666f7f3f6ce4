"""The last look before something is sent that has a purpose: an emergency asks for its reason, and so does
reaching those all the same who got something lately."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from store.messages.model import Draft, Problem, Purpose
from store.sentences import N_, Key, Sentence, sentence, sentences
from tui.base.actions import Action
from tui.compose.actions import lacking, reached_lately
from tui.compose.asking import AskingScreen, Read
from tui.compose.autosave import Keeper
from tui.compose.purpose_line import styled, whence_words
from tui.compose.purposes import in_order
from tui.i18n.sanitize import literal

Sent = TypeVar("Sent")
MOST_NAMED = 5
"""Of those who are left out; the others are counted."""
WHEN, REASON = Key("send.when", "t"), Key("send.edit", "e")


class ReasonScreen(AskingScreen[Read, Sent]):
    """explain: called with the reason for sending it as it is; gives the draft that has it, and the number of
    its state, whereupon `show` is called with what that costs."""

    def __init__(
        self,
        reading: Read,
        draft: Draft,
        keeper: Keeper,
        change: int,
        explain: Callable[[str], tuple[Draft, int]],
        sent: Callable[[Sent], None],
        others: Callable[[], None],
    ) -> None:
        super().__init__(reading, draft, keeper, change, sent, others)
        self._explain = explain
        self._why = draft.why
        """As it is typed."""
        self._asks_why = self._needs_why()
        self._counting = False
        """Whether what it costs with another reason, or at another time, isn't known yet."""

    @abstractmethod
    def anyway_words(self) -> str:
        """The offer to reach those who got something lately."""

    @abstractmethod
    def anyway_question(self) -> str:
        """Why, where that is chosen."""

    def sending(self) -> Iterable[Action]:
        send, back = super().sending()
        yield replace(send, priority=True)  # where a reason is typed, too
        yield Action(
            "send.edit",
            "e",
            N_("Reason"),
            N_("Say why; the reason is saved"),
            self.ask_why,
            why_not=self._under_way,
            shown=self._can_ask_why,
            words=self._reason_words,
        )
        yield replace(back, run=self.go_back)

    @property
    def _is_emergency(self) -> bool:
        return self._reading.estimate.purpose is Purpose.EMERGENCY

    def _still_wrong(self, draft: Draft, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """What is wrong with it but for a reason that is given."""
        return tuple(one for one in problems if not draft.why or one.code != "no-reason")

    def _needs_why(self) -> bool:
        """Whether it can't be sent without a reason."""
        cost = self._reading.estimate
        nobody_else = not cost.recipients and bool(reached_lately(cost))
        return not self._draft.why and (self._is_emergency or nobody_else)

    def _can_ask_why(self) -> bool:
        asked = self._is_emergency or self._draft.why or reached_lately(self._reading.estimate)
        return not self._asks_why and bool(asked)

    def _reason_words(self) -> str:
        return self.gettext("Change the reason") if self._draft.why else self.anyway_words()

    def _why_not(self) -> Sentence | None:
        if self._counting:
            return sentence("Still working out the cost. Try again in a moment.")
        if self._asks_why and not self._why.strip() and self._needs_why():
            return sentence("Write why: the reason is saved.")
        wrong = lacking(self._reading.estimate)
        return self._under_way() or (wrong[0].says if wrong else None)

    def _why_not_later(self) -> Sentence | None:
        if self._is_emergency:
            return sentence(
                "An emergency goes out right away. {key} in the text changes what it's for.",
                key=Key("compose.purpose", "ctrl+g"),
            )
        return self._under_way()

    def ask_why(self) -> None:
        """Asks for the reason."""
        self._asks_why, self._why = True, self._draft.why
        self.refresh(recompose=True)

    def go_back(self) -> None:
        """Back to the text; from a reason that needn't be, to what will happen."""
        if self._asks_why and not self._needs_why():
            self._asks_why = False
            self.refresh(recompose=True)
        else:
            self.leave()

    def send(self) -> None:
        """Sends it; a reason for reaching more people comes with another cost, which is looked at first."""
        if not self._asks_why:
            super().send()
            return
        self._asks_why = False
        why = self._why.strip()
        if why != self._draft.why:
            self._draft, self._change = self._explain(why)
            self._counting = not self._is_emergency
        self.refresh(recompose=True)
        if self._is_emergency:
            super().send()

    @on(Input.Changed, "#send-why")
    def _why_changed(self, changed: Input.Changed) -> None:
        self._why = changed.value
        self.refresh_bindings()

    def show(self, reading: Read) -> None:
        if self._counting:  # this is what was asked for
            self._counting, self._reading = False, reading
            self.refresh(recompose=True)
        else:
            super().show(reading)

    # What is shown

    def purpose_line(self) -> Static:
        """What it is for, and whence that comes."""
        language, reading = self.app.language, self._reading
        whence = Content.styled(language.say(whence_words(reading)), "$quiet")
        says = Content.assemble(styled(reading.estimate.purpose, language), " · ", whence)
        return Static(says, id="send-purpose")

    def reason_lines(self) -> ComposeResult:
        """The reason, or what asks for it; what is wrong; and the offer to reach more people."""
        language, cost = self.app.language, self._reading.estimate
        if self._asks_why:
            yield Static(Content(self._why_question()), classes="heading")
            yield Input(self._why, id="send-why", select_on_focus=False)
            self.call_after_refresh(self._focus_why)
        elif self._draft.why:
            yield Static(literal(language.say(sentence("Reason: {why}", why=self._draft.why))))
        for problem in cost.problems:
            if problem.code not in ("no-reason", "no-recipients"):  # asked above, and said
                says = literal(language.say(problem.says))
                sign, style = ("✗ ", "$error") if problem.blocking else ("! ", "$warning")
                yield Static(Content.assemble((sign, style), says.stylize(style)))
        if reached_lately(cost) and not self._asks_why:
            key = language.key_shown(REASON)
            offer = Content.assemble("  ", (key, "bold $primary"), " ", self.anyway_words())
            yield Static(offer, id="send-offer")

    def left_out_lines(self) -> ComposeResult:
        """Who gets nothing, and why: the first of them, and how many there are besides."""
        language, cost = self.app.language, self._reading.estimate
        gets_it = ("duplicate", "household")  # at another number, or somebody who lives there does
        left_out = in_order([*cost.refused, *(one for one in cost.left_out if one.code not in gets_it)], {})
        if not left_out:
            return
        yield Static(self.gettext("Who is left out"), classes="heading")
        for one in left_out[:MOST_NAMED]:
            why = literal(language.say(one.reason)).stylize("$quiet")
            yield Static(Content.assemble(("✗ ", "$error"), literal(language.phone(one.to)), "  ", why))
        if (more := len(left_out) - MOST_NAMED) > 0:
            says = language.say(sentences("and {count} more", "and {count} more", more))
            yield Static(Content.styled(f"  {says}", "$quiet"))

    def _why_question(self) -> str:
        if self._is_emergency:
            return self.gettext("Why is this an emergency? The reason is saved.")
        return self.anyway_question()

    def _focus_why(self) -> None:
        for why in self.query("#send-why"):  # none any more, if it was left
            why.focus()
