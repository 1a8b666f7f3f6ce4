"""Help: what is focused, what the screen is for, and its keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from store.sentences import N_, Key, Sentence, sentence
from tui.base.actions import Action, about
from tui.base.screen import TextmeterScreen

if TYPE_CHECKING:
    from textual.binding import ActiveBinding
    from textual.dom import DOMNode


GETTING_ABOUT = sentence(
    "{jump} puts a letter on each thing you can jump to. {go} and a letter goes to another screen, "
    "{palette} finds anything by its name, {keys} changes the keys.",
    jump=Key("jump", "ctrl+f"),
    go=Key("go.letter", "g"),
    palette=Key("palette", "ctrl+p"),
    keys=Key("go.keys", "g k"),
)


class HelpScreen(TextmeterScreen):
    """Tells about a screen and its focused widget; Esc goes back to them.

    about: the screen that was in front, asked as it stands for its `HELP`, its focus and its bindings.
    """

    NAME = N_("Help")
    CSS_PATH = "help.tcss"

    def __init__(self, about: Screen[Any]) -> None:
        super().__init__()
        self._about = about
        self._focused = about.focused
        self._keys = list(about.active_bindings.values())

    def actions(self) -> Iterable[Action]:
        yield Action(
            "about.back",
            "escape,f1",
            N_("Back"),
            N_("Back to where you were"),
            self.leave,
            needs_store=False,
        )

    def body(self) -> ComposeResult:
        with VerticalScroll() as page:
            page.border_title = Content(self._name_of_about())
            for text in self._texts():
                yield Static(Content(text), classes="text")
            for title, nodes in self._groups():
                keys = self._table(nodes)
                if keys:
                    yield Static(Content(title), classes="title")
                    yield Static(keys, classes="keys")

    def _name_of_about(self) -> str:
        return self.gettext(getattr(self._about, "NAME", ""))

    def _texts(self) -> Iterator[str]:
        """The focused widget's HELP (or that of what it is in), then the screen's, then the ways about."""
        seen: list[str] = []
        for node in self._focused.ancestors_with_self if self._focused else (self._about,):
            text = getattr(node, "HELP", None)
            if keys := getattr(node, "HELP_KEYS", None):
                text = self.app.language.say(Sentence(text or "", keys))
            elif text:
                text = self.gettext(text)
            if text and text not in seen:
                seen.append(text)
        return iter((*seen, self.app.language.say(GETTING_ABOUT)))

    def _groups(self) -> Iterator[tuple[str, list[ActiveBinding]]]:
        """The keys by where they work: in the focused widget, on this screen, everywhere."""

        def of(node: DOMNode) -> int:
            return 2 if node is self.app else 1 if node is self._about else 0

        _ = self.gettext
        for level, title in enumerate((_("Where you are"), _("On this screen"), _("Everywhere"))):
            yield title, [active for active in self._keys if of(active.node) == level]

    def _table(self, bindings: list[ActiveBinding]) -> Content:
        """A line for each described action: its keys, its name, what it does."""
        actions: dict[str, tuple[list[str], ActiveBinding]] = {}
        for active in bindings:
            binding = active.binding
            if binding.description and (binding.id or binding.show or binding.tooltip):
                keys, _kept = actions.setdefault(binding.action, ([], active))
                keys.append(self.app.get_key_display(binding))
        if not actions:
            return Content("")
        variables = self.app.theme_variables
        rows = [
            (" ".join(keys), self.gettext(active.binding.description), about(active, self.app.language))
            for keys, active in actions.values()
        ]
        keys_width, names_width = (max(Content(row[i]).cell_length for row in rows) for i in (0, 1))
        quiet = variables["quiet"]
        return Content("\n").join(
            Content.assemble(
                Content.styled(keys, f"bold {variables['footer-key-foreground']}").pad_right(
                    keys_width - Content(keys).cell_length + 3
                ),
                Content(name).pad_right(names_width - Content(name).cell_length + 3),
                (what, quiet),
            )
            for keys, name, what in rows
        )
