"""An app whose keys a person may put elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from store.sentences import Key
from tui.base.terminal.in_order import GuardedApp
from tui.base.textual_private import nodes
from tui.i18n.key_names import shown
from tui.i18n.language import Language

if TYPE_CHECKING:
    from textual.binding import Binding


@runtime_checkable
class TakesKeys(Protocol):
    """A node with actions, which it puts on a person's own keys."""

    def take_keys(self, keys: Mapping[str, str]) -> None: ...


class KeyedApp(GuardedApp):
    """language: the session's, in which keys are named."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self.keys: Mapping[str, str] = {}
        """A person's own keys by the ids of actions, as `Action.key` has them."""
        self.language = language

    @property
    def language(self) -> Language:
        """The session's language, which knows the keys that are in force."""
        return self._language

    @language.setter
    def language(self, language: Language) -> None:
        self._language = language
        language.key_shown = self.key_shown

    def use_keys(self, keys: Mapping[str, str]) -> None:
        """Puts these actions on these keys, and all others on their usual ones, on every screen that is open.

        Textual's `set_keymap` would do so anew at each key that is pressed, and falls short in three ways: an
        action takes along all that shared its former key (F5 in Compose leads to three), a letter is taken
        from its action only after a field has hidden it, and what is hidden can't be put on a chord.
        """
        self.keys = dict(keys)
        for node in nodes(self):
            if isinstance(node, TakesKeys):
                node.take_keys(self.keys)
        self.refresh_bindings()
        for screen in self.screen_stack:
            screen.refresh_bindings()

    def key_shown(self, key: Key) -> str:
        """What is pressed for an action, as the key bar spells it."""
        return self._shown(self.keys.get(key.action, key.usual))

    def get_key_display(self, binding: Binding) -> str:
        """A key as keyboards name it: F1, ^P, Esc, Enter, and single letters as they are typed."""
        return self._shown(binding.key)

    def _shown(self, key: str) -> str:
        """With the key that somebody put in the place of g, where a letter follows it."""
        named, go = shown(key, self.language.gettext), self.keys.get("go.letter")
        if go is None or not key.startswith("g "):
            return named
        return f"{shown(go, self.language.gettext)} {named.partition(' ')[2]}"
