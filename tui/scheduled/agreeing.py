"""What a scheduled text takes at another time, before somebody agrees to that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store.clock import local_date
from store.errors import TextmeterError
from store.messages.model import Estimate
from store.messages.schedule_model import Scheduled
from store.sentences import N_, Sentence, sentence, sentences
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.blasts.leaving import at_words
from tui.i18n.sanitize import literal
from tui.scheduled.drawing import as_things_stand
from tui.scheduled.presentation import again_words


class AgreeScreen(TextmeterScreen):
    """Of one that is moved, or that asks. at: when it is to leave; now: the account's present."""

    NAME = N_("Scheduled")
    CSS_PATH = "scheduled.tcss"
    HELP: ClassVar[str] = N_("Enter accepts what you see, Esc changes nothing.")
    _outcome = getters.query_one("#agree-outcome", Static)

    def __init__(self, one: Scheduled, at: datetime, now: datetime) -> None:
        super().__init__()
        self._one, self._at, self._now = one, at, now
        self._look: Estimate | None = None
        self._moving = False

    def actions(self) -> Iterable[Action]:
        yield Action(
            "agree.agree",
            "enter",
            N_("Accept it"),
            N_("It goes out at that time, at that cost"),
            self.agree,
            why_not=self._why_not,
            words=self._words,
        )
        yield Action("agree.back", "escape", N_("Back"), N_("Keep it as it is"), self.leave)

    @property
    def _at_once(self) -> bool:
        return self._at <= self._now

    def _words(self) -> str:
        credits = self._look.credits if self._look is not None else 0
        says = sentences("Move for {count} credit", "Move for {count} credits", credits)
        if self._at_once:
            says = sentences("Send {count} credit", "Send {count} credits", credits)
        return self.app.language.say(says)

    def _why_not(self) -> Sentence | None:
        if self._moving:
            return sentence("It's already being moved.")
        if self._look is None:
            return sentence("Still working out the cost. Try again in a moment.")
        wrong = [problem.says for problem in self._look.problems if problem.blocking]
        return wrong[0] if wrong else None

    def body(self) -> ComposeResult:
        with VerticalScroll(id="agree", can_focus=False):
            yield Static(id="agree-figures")
            yield Static(literal(self._one.body, lines=True), id="agree-text")
            yield Static(id="agree-outcome")

    def on_mount(self) -> None:
        self.load(self._read)

    def data_changed(self) -> None:
        if not self._moving:
            self.load(self._read)

    async def _read(self) -> None:
        id, at = self._one.id, self._at
        self._look = await self.app.fetch(lambda store: store.messages.scheduled_look(id, at))
        self.query_one("#agree-figures", Static).update(Content("\n").join(self._figures(self._look)))
        self.refresh_bindings()

    def _figures(self, look: Estimate) -> list[Content]:
        language, one = self.app.language, self._one
        timezone = self.app.account.timezone if self.app.account is not None else "UTC"
        says = sentence("Send this text now?")
        if not self._at_once:
            when = at_words(self._at, language, timezone, self._now)
            says = sentence("Schedule this text for {when}?", when=when)
        lines = [Content.styled(language.say(says), "bold"), Content("")]
        if (why := one.asks) is not None:
            lines.append(Content.assemble(("! ", "$warning"), (language.say(why), "$warning")))
        agreed = sentence(
            "Before: {people}, {credits}",
            people=sentences("{count} person", "{count} people", one.people),
            credits=sentences("{count} credit", "{count} credits", one.credits),
        )
        lines += [Content(language.say(agreed)), *as_things_stand(look, language)]
        if again := again_words(one, language, timezone, None if self._at_once else self._at):
            lines.append(Content(language.say(sentence("Repeats {when}.", when=again))))
        balance = self.app.balance
        if balance is not None and local_date(self._at, timezone) < balance.period.ends:
            left = self.gettext("{count} left after")
            lines.append(Content(left.format(count=language.number(look.available_after))))
        return lines

    def agree(self) -> None:
        """Has it leave then, for what was shown."""
        self._moving = True
        self.app.finish(self._move())

    async def _move(self) -> None:
        id, at, look = self._one.id, self._at, self._look
        try:
            await self.app.fetch(lambda store: store.messages.move_scheduled(id, at, agreed=look))
        except TextmeterError as error:
            self._moving = False
            if self.is_attached:
                says = literal(self.app.language.say(error.says)).stylize("$error")
                self._outcome.update(Content.assemble(("✗ ", "$error"), says))
                self.load(self._read)
            else:
                self.app.tell_error(error)
            return
        done = sentence("The text is on its way.") if self._at_once else sentence("The text was moved.")
        self.app.tell(done)
        self.app.refresh_balance()
        self.leave()
