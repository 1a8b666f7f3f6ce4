"""Whether a sender works: what its check finds, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from store import Store
from store.errors import TextmeterError
from store.messages.providers import Finding, Severity
from store.sentences import N_
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.i18n.sanitize import literal, plain
from tui.settings.sender_doors import door
from tui.settings.sender_words import SIGNS, worst


class SenderCheckScreen(TextmeterScreen):
    """Each finding as soon as it is there, with what to do below it. Esc leaves, however long it takes."""

    NAME = N_("Senders")
    CSS_PATH = "senders.tcss"
    AUTO_FOCUS = "VerticalScroll"
    HELP: ClassVar[str] = N_(
        "Each step is tested against the live service; nothing is sent. Fix anything marked × before "
        "sending, and look at anything marked !."
    )
    findings = getters.query_one("#findings", VerticalScroll)
    outcome = getters.query_one("#outcome", Static)

    def __init__(self, id: str) -> None:
        super().__init__()
        self._sender = id
        self._found: list[Finding] = []
        self._is_done = False

    def actions(self) -> Iterable[Action]:
        yield Action("sender_check.back", "escape", N_("Back"), N_("Close the check"), self.leave)
        yield Action("sender_check.again", "r", N_("Check again"), N_("Run the check again"), self._begin)

    def body(self) -> ComposeResult:
        yield Static(id="outcome")
        with VerticalScroll(id="findings"):
            yield from map(self._line, self._found)
        self.call_after_refresh(self._tell)  # where it is composed anew, in another language

    def on_mount(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._found, self._is_done = [], False
        self.findings.remove_children()
        self._tell()
        self.load(self.check, newest_only=True)

    async def check(self) -> None:
        """Takes one step after the other: a step that is under way when it is left ends unseen."""
        steps: Iterator[Finding] | None = None

        def step(store: Store) -> Finding | None:
            nonlocal steps
            if steps is None:
                steps = door(store, self._sender).check(self._sender)
            return next(steps, None)

        try:
            while (found := await self.app.fetch(step)) is not None:
                await self._add(found)
        except TextmeterError as error:  # no step after it can be tried
            await self._add(Finding(Severity.ERROR, error.says))
        self._is_done = True
        self._tell()

    async def _add(self, found: Finding) -> None:
        self._found.append(found)
        await self.findings.mount(self._line(found))
        self._tell()

    def _line(self, found: Finding) -> Horizontal:
        say = self.app.language.say
        says = [Static(literal(say(found.says)))]
        if found.what_to_do is not None:
            says.append(Static(literal(say(found.what_to_do)), classes="todo"))
        sign = Static(Content(SIGNS[found.severity]), classes="sign")
        return Horizontal(sign, Vertical(*says), classes=f"finding -{found.severity.value}")

    def _tell(self) -> None:
        """Where the check stands."""
        if not self.query("#outcome"):
            return
        _ = self.gettext
        name = plain(self._sender)
        if self._is_done:
            severity, says = worst(self._found)
            words = _("Check of {id}: {outcome}.").format(id=name, outcome=self.app.language.say(says))
        else:
            severity, words = Severity.OK, _("Checking {id} …").format(id=name)
        self.outcome.set_classes(f"-{severity.value}")
        self.outcome.update(Content(words))
