"""What writing texts and writing emails have in common: whom it goes to, what it costs at every key, and how
it is sent."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, getters, on
from textual.types import CSSPathType
from textual.widgets import TextArea

from store.roles import Role
from store.sentences import N_, Key, Sentence
from tui.base.actions import Action
from tui.base.key_bar import KeyBar
from tui.base.navigation import Go
from tui.compose.actions import (
    Step,
    household_words,
    lacks_people,
    preview_words,
    why_not_preview,
    why_not_send,
)
from tui.compose.beside import Beside
from tui.compose.drafting import People, Read
from tui.compose.editor import Composer
from tui.compose.live_estimate import Counting, Files
from tui.compose.queries import chosen
from tui.compose.reach import Token
from tui.compose.recipients import Recipients
from tui.compose.text_and_cost import TextAndCost
from tui.compose.with_templates import WithTemplates

if TYPE_CHECKING:
    from tui.compose.asking import AskingScreen
    from tui.compose.audience import WhoScreen


class WritingScreen(WithTemplates[People, Files, Read]):
    """Changes the draft as widgets report it, shows what that costs, and leads on towards sending."""

    CSS_PATH: ClassVar[CSSPathType | None] = "compose.tcss"
    AUTO_FOCUS = "Composer"
    HELP_KEYS = {"key": Key("compose.send", "f5")}
    preview: getters.query_one[Beside[Any]] = getters.query_one(Beside)

    def __init__(self, counting: Counting[People, Files, Read]) -> None:
        super().__init__(counting)
        self._asking: AskingScreen[Read, Any] | None = None
        self._who: WhoScreen | None = None
        """Who gets it, where that is looked at."""
        self._back_to_text = False
        """Whether somebody was missing when it was to be sent, and is being chosen."""
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
        id = "compose.send" if step == "send" else f"compose.send-{step}"
        return Action(id, "f5", label, tooltip, run, shown=lambda: self._next_step() == step, **more)

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
        yield from self.template_actions()
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
        yield from self.draft_actions()
        yield hidden("compose.leave", "escape", N_("Home"), N_("Keeps the draft"), self.go_home)

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

    # What it costs

    def balance_changed(self) -> None:
        super().balance_changed()
        self._estimate.means_changed()

    def _show_cost(self) -> None:
        self.recipients.show(self._tokens, self._estimate.audience)
        self.query_one(TextAndCost).know(self._estimate.audience)
        if self._who is not None and self._who.is_attached:
            self._who.show(self._estimate.audience, self._tokens, self._cost_each())
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

    # Actions

    def _ask(self, asking: AskingScreen[Read, Any]) -> None:
        """Has a last look taken, on a screen that is told what it costs now."""
        self._asking = asking
        self.app.push_screen(asking, self._asked)

    def _asked(self, _answer: None) -> None:
        self._asking = None

    def go_home(self) -> None:
        """Back to Home."""
        self.post_message(Go("home"))

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
            self._cost_each(),
        )
        self.app.push_screen(self._who, self._left_who)

    def _cost_each(self) -> Callable[[Any], int] | None:
        """What tells the credits that each who gets it costs; None where all cost the same."""
        return None

    def _left_who(self, _answer: None) -> None:
        self._who = None

    def on_click(self, event: events.Click) -> None:
        if event.widget is not None and event.widget.id == "to-summary":
            self.action_act("compose.who")
