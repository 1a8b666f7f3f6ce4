"""What all screens share: the session's language, the top line, the key bar, and actions that say why they
can't.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen

from store.sentences import Sentence
from tui.base.header import TopLine
from tui.base.key_bar import KeyBar

if TYPE_CHECKING:
    from tui.app import TextmeterApp


class TextmeterScreen(Screen[None]):
    """A screen with a top line and a key bar around its `body()`.

    Subclasses mark their NAME and their bindings' descriptions with `N_`; they are translated as they are
    drawn.
    """

    NAME: ClassVar[str] = ""
    HOLDS_INPUT: ClassVar[bool] = False
    """Whether something is typed here, so that it is still open when one comes back from elsewhere."""
    _left = False

    @property
    def textmeter(self) -> TextmeterApp:
        """The app, by its own type."""
        return cast("TextmeterApp", self.app)

    def gettext(self, message: str) -> str:
        """A sentence in the session's language."""
        return self.textmeter.language.gettext(message)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """The form of a sentence for `count`, with {count} still to be filled."""
        return self.textmeter.language.ngettext(singular, plural, count)

    def compose(self) -> ComposeResult:
        self._composed_in = self.textmeter.language
        yield TopLine()
        yield from self.body()
        yield KeyBar()

    async def recompose(self) -> None:
        async with self.textmeter.composing:
            await super().recompose()

    def body(self) -> ComposeResult:
        """The widgets between the top line and the key bar."""
        yield from ()

    def key_label(self, binding: Binding) -> str:
        """What the key bar writes beside a key; screens override it where a label tells a number."""
        return self.gettext(binding.description)

    def why_not(self, action: str) -> Sentence | None:
        """Why an action can't be done now, or None where it can."""
        return None

    def refused(self, action: str) -> bool:
        """Whether an action can't be done now; if so, the person is told why."""
        reason = self.why_not(action)
        if reason is not None:
            self.textmeter.tell(reason, severity="warning")
        return reason is not None

    def go_elsewhere(self) -> None:
        """Another screen is asked for by its key: unless something is typed here, coming back leads to the
        screen below.
        """
        self._left = self._left or not self.HOLDS_INPUT

    def leave(self) -> None:
        """Back to the screen below, once, however often it is asked for. Where another screen is in front,
        since somebody went on before an answer came, this one goes when it would be in front again.
        """
        self._left = True
        if self.is_active:
            self.dismiss()

    def on_screen_resume(self) -> None:
        """Back in front: in the language that may have been chosen meanwhile, with the balance as it is
        now.
        """
        if self._left:
            self.leave()
            return
        if self._composed_in is not self.textmeter.language:
            self.refresh(recompose=True)
        self.balance_changed()

    def balance_changed(self) -> None:
        """Called when the app's balance changed, and when the account or language did."""
        self.query(TopLine).refresh()
        self.query(KeyBar).refresh()

    def limit_style(self, permille: int) -> str:
        """The colour for a share of a limit: credits' own, amber from 80 %, red from 95 %."""
        variables = self.app.theme_variables
        if permille >= 950:
            return variables["error"]
        return variables["warning"] if permille >= 800 else variables["secondary"]
