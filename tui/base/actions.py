"""What a person can do where they are: one `Action`, which the key bar, the palette, help and the keys
themselves read alike."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any

from textual import getters
from textual.binding import ActiveBinding, Binding
from textual.dom import DOMNode

from store.logs import SLOW
from store.roles import Role
from store.sentences import Sentence
from tui.base.session_app import SessionApp
from tui.base.textual_private import add_bindings, bindings_of
from tui.base.watched import slow
from tui.i18n.language import Language

GO, AFTER_GO = "go.letter", "g "
"""The action that takes one more letter, and what the keys of those that it leads to begin with."""


def _always() -> bool:
    return True


def _nothing_against_it() -> Sentence | None:
    return None


def _nowhere() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done.

    id: "plans.choose", whose last word is the verb; a person's own keys go by it.
    key: "f5", or several, "n,insert"; "g h" for h after g (see `tui.base.going`); "" for what only the
        palette offers. A letter means the same everywhere, by the last word of ids; tui/README.md has them.
    label, tooltip: message ids; a tooltip may be a sentence, which names keys, and hang on the account.
    run: does it; a coroutine function runs in a worker that ends with its screen, and pressing the key again
        begins it anew. Its TextmeterError is told.
    why_not: why it can't be done now, which is told where it is asked for, and None where it can.
    refused: leads to where it can be mended, after it was told why it can't be done now.
    shown: whether there is anything for it to do; where there isn't, its key means nothing.
    words: what the key bar says in place of the label, in the session's language; "" leaves it out.
    in_bar: whether the key bar has it at all.
    priority: whether its key is taken before the focused widget gets it.
    needs_store: whether it is off until the database is open.
    role: what the person must be to do it.
    also: a message id: further words by which the palette finds it.
    anywhere: whether the palette may begin it from another screen: it hangs on nothing that is under a
        cursor, and asks or shows before anything changes.
    """

    id: str
    key: str
    label: str
    tooltip: str | Callable[[], str | Sentence] | Sentence
    run: Callable[[], Coroutine[Any, Any, None] | object]
    why_not: Callable[[], Sentence | None] = _nothing_against_it
    refused: Callable[[], object] = _nowhere
    shown: Callable[[], bool] = _always
    words: Callable[[], str] | None = None
    in_bar: bool = True
    priority: bool = False
    needs_store: bool = True
    role: Role | None = None
    also: str = ""
    anywhere: bool = False

    def about(self, language: Language) -> str:
        """What it is for, or why it can't be done now."""
        why = self.why_not()
        return self.tells(language) if why is None else language.say(why)

    def tells(self, language: Language) -> str:
        """What it is for."""
        tooltip = self.tooltip() if callable(self.tooltip) else self.tooltip
        return language.say(tooltip) if isinstance(tooltip, Sentence) else language.gettext(tooltip)

    def binding(self) -> Binding:
        """Its keys as Textual has them."""
        return Binding(
            self.key,
            f"act('{self.id}')",
            self.label,
            show=self.in_bar,
            id=self.id,
            tooltip=self.tooltip if isinstance(self.tooltip, str) else "",
            priority=self.priority,
        )


if TYPE_CHECKING:
    _Node = DOMNode
else:
    _Node = object  # styles are inherited along the first base that is a node, which a mixin must not be


class Acting(_Node):
    """A screen, a widget or the app, with what can be done there."""

    app = getters.app(SessionApp)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._usual_bindings = bindings_of(self)
        self.usual = {action.id: self._when_open(action) for action in self.actions()}
        """What can be done here, with the keys that it has unless a person put it elsewhere."""
        self.take_keys(self.app.keys)

    def take_keys(self, keys: Mapping[str, str]) -> None:
        """Puts what can be done on a person's own keys, by its ids."""
        self.acts = {
            id: replace(action, key=keys[id]) if id in keys else action for id, action in self.usual.items()
        }
        bindings = (action.binding() for action in self.acts.values() if action.key)
        add_bindings(self, self._usual_bindings, bindings)

    def actions(self) -> Iterable[Action]:
        """What can be done here. Called once, before a subclass has set itself up: what it hands out looks at
        the state when it is asked."""
        return ()

    def _when_open(self, action: Action) -> Action:
        """The same, which is off until the database is open, and to whoever has too small a role."""
        if not action.needs_store:
            return action

        def why_not() -> Sentence | None:
            forbidden = self.app.lacks(action.role) if action.role is not None else None
            return self.app.still_opening() or forbidden or action.why_not()

        return replace(action, why_not=why_not)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Textual's question whether a key means something."""
        if action == "act":
            return self.acts[str(parameters[0])].shown()
        return super().check_action(action, parameters)

    def action_act(self, id: str) -> None:
        """Does what a key stands for, or tells why it can't be done."""
        action = self.acts[id]
        if action.needs_store and self.app.keep_key(action.key):
            return
        self.app.trail.append(id)
        self.app.forget_hints()
        if (why := action.why_not()) is not None:
            self.app.hint(why)
            action.refused()
        elif iscoroutinefunction(action.run):
            # Called by the worker: nobody would await a coroutine that is begun anew at once.
            work: Callable[[], Awaitable[None]] = partial(self._run, action.run)
            self.run_worker(work, group=f"act {id}", exclusive=True)
        else:
            began = time.perf_counter()
            action.run()
            if (seconds := time.perf_counter() - began) > SLOW:
                slow(self, id, seconds)

    async def _run(self, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
        await self.app.told(run())


def action_of(active: ActiveBinding) -> Action | None:
    """What a key stands for that is in force; None for one of Textual's own, such as those that move a
    cursor."""
    return active.node.acts.get(active.binding.id or "") if isinstance(active.node, Acting) else None


def about(active: ActiveBinding, language: Language) -> str:
    """What a key in force is for, or why it can't be used now."""
    action = action_of(active)
    return language.gettext(active.binding.tooltip) if action is None else action.about(language)
