"""What all screens share: the session's language, the top line, the key bar, what can be done, loading."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from functools import partial
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.await_remove import AwaitRemove
from textual.containers import VerticalScroll
from textual.screen import Screen

from store.errors import TextmeterError
from store.sentences import N_, Key, sentence
from tui.base.actions import Acting
from tui.base.header import Header
from tui.base.key_bar import KeyBar
from tui.base.navigation import Do
from tui.base.textual_private import bindings_of
from tui.base.watched import Timed

PANES = 160
"""Columns from which on a screen has two panes, such as a list and what is under its cursor. It has the class
`-panes` then, beside that of its breakpoint."""


class TextmeterScreen(Acting, Timed, Screen[None]):
    """A screen with a top line and a key bar around its `body()`.

    Subclasses mark their NAME and their actions' labels with `N_`; they are translated as they are drawn.
    """

    NAME: ClassVar[str] = ""
    HELP_KEYS: ClassVar[Mapping[str, Key]] = {}
    """The keys that HELP names, by its placeholders."""
    HOLDS_INPUT: ClassVar[bool] = False
    """Whether something is typed here, so that it is still open when one comes back from elsewhere."""
    _left = False

    def __init__(self) -> None:
        super().__init__()
        self._loading: dict[str, bool] = {}
        """What is being loaded, by the names of the methods; whether once more after that."""

    def gettext(self, message: str) -> str:
        """A sentence in the session's language."""
        return self.app.language.gettext(message)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """The form of a sentence for `count`, with {count} still to be filled."""
        return self.app.language.ngettext(singular, plural, count)

    @on(events.Resize)
    def _sized(self, resized: events.Resize) -> None:
        self.set_class(resized.size.width >= PANES, "-panes")

    def compose(self) -> ComposeResult:
        self._composed_in = self.app.language
        yield Header(self.NAME)
        yield from self.body()
        yield KeyBar()

    async def recompose(self) -> None:
        async with self.app.composing:
            await super().recompose()

    def body(self) -> ComposeResult:
        """The widgets between the top line and the key bar."""
        yield from ()

    def take_keys(self, keys: Mapping[str, str]) -> None:
        super().take_keys(keys)
        bound = bindings_of(self)
        for key, label in (("pagedown", N_("Page down")), ("pageup", N_("Page up"))):
            if key not in bound.key_to_bindings:
                bound.bind(key, f"read_on('{key.replace('page', 'page_')}')", label, show=False)

    def action_read_on(self, turn: str) -> None:
        """Turns a page of what is higher than its place and takes no focus, by which it would be scrolled."""
        for pane in self.query(VerticalScroll):
            if pane.max_scroll_y and not pane.can_focus:
                getattr(pane, f"action_{turn}")()
                break

    def key_of(self, id: str) -> str:
        """How the key of an action is written that can be done here, by the action's id, for a hint; "" where
        it has none now."""
        for active in self.active_bindings.values():
            if active.binding.id == id:
                return self.app.get_key_display(active.binding)
        return ""

    # Loading

    def load(
        self, read: Callable[..., Coroutine[Any, Any, None]], *arguments: object, newest_only: bool = False
    ) -> None:
        """Runs what asks the store and shows what it says, in a worker that ends with this screen. Its
        TextmeterError is told.

        Asked for again while it is under way, it runs once more afterwards, so that the latest state is shown
        last however often something changes. newest_only: it begins anew instead, with other arguments maybe,
        and what was asked before is not shown any more.
        """
        # Two objects of a class, such as what a text and what an email costs, each load their own.
        name = f"{read.__qualname__} {id(getattr(read, '__self__', self))}"
        if name in self._loading and not newest_only:
            self._loading[name] = True
            return
        self._loading[name] = False
        # No coroutine yet: nobody would await one that is begun anew at once.
        work: Callable[[], Awaitable[None]] = partial(self._load, name, partial(read, *arguments))
        self.run_worker(work, group=f"load {name}", exclusive=True)

    def remove(self) -> AwaitRemove:
        """Ends what is being loaded first: an answer would find the screen without its widgets, which go
        before it does."""
        self.workers.cancel_node(self)
        return super().remove()

    async def _load(self, name: str, read: Callable[[], Coroutine[Any, Any, None]]) -> None:
        again = True
        while again:
            self._loading[name] = again = False
            try:
                await read()
            except TextmeterError as error:
                self.app.tell_error(error)
            again = self._loading[name]
        del self._loading[name]

    def bookmark(self) -> str:
        """What leads back to where one is on this screen, such as what is searched for; "" for nothing."""
        return ""

    def come_back(self, bookmark: str) -> None:
        """Begins where one was; called before anything is shown. bookmark: as `bookmark` had it."""

    def keep_typed(self) -> None:
        """Keeps what was typed here and isn't kept yet, before it returns: the app is about to end."""

    # The way around

    def go_elsewhere(self) -> None:
        """Another screen is asked for by its key: unless something is typed here, coming back leads to the
        screen below.
        """
        self._left = self._left or not self.HOLDS_INPUT

    @on(Do)
    def _do_there(self, message: Do) -> None:
        """Does what the palette was asked for on another screen, once this one is drawn."""
        message.stop()
        self.call_after_refresh(self._do_what_is_asked, message.action_id)

    def _do_what_is_asked(self, id: str) -> None:
        action = self.acts[id]
        forbidden = action.role is not None and self.app.lacks(action.role) is not None
        if action.anywhere or forbidden:
            self.action_act(id)
        else:  # it is done with what is under the cursor, which nobody has chosen yet
            label = self.gettext(action.label)
            self.app.hint(sentence("{label}: press {key} here.", label=label, key=Key(id, action.key)))

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
        if self._composed_in is not self.app.language:
            self.refresh(recompose=True)
        self.balance_changed()

    def on_screen_suspend(self) -> None:
        """Another screen comes to the front: what was hinted at here holds no more."""
        self.app.forget_hints()

    def balance_changed(self) -> None:
        """Called when the app's balance changed, and when the account or language did."""
        self.query(Header).refresh()
        self.query(KeyBar).refresh()

    def current_changed(self) -> None:
        """Called when the database went away, so that what is shown may be old, and when it came back."""
        self.query(Header).refresh()

    def data_changed(self) -> None:
        """Called when anybody, in whatever window, has changed the database, and when it can be reached
        again: what is shown is read anew, and nothing moves."""
