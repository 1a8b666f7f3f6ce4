"""Which characters are replaced by plain ones and what becomes a field, shown as a difference before anything
is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static

from store.sentences import N_, Key
from store.texts import replacements
from store.texts.alphabet import normalise
from store.texts.near_misses import draft_fixes
from store.texts.replacements import Replacement
from store.texts.segments import Size, size
from tui.base.actions import Action
from tui.base.screen import TextmeterScreen
from tui.compose.draft_view import filled
from tui.compose.preview import encoding_words, shown_character
from tui.i18n.cells import left
from tui.i18n.sanitize import literal, plain

MOST_LISTED = 200
"""Replacements with a line of their own; the rest are taken or left together."""


class FixScreen(TextmeterScreen):
    """Lists each replacement with its place; Enter applies those that are marked. fields: the names of all
    fields; values: as in `Reading`, of the one for whom segments are counted.
    """

    NAME = N_("Fix characters")
    CSS_PATH = "compose.tcss"
    HELP: ClassVar[str] = N_(
        "Each line is a character that makes the text Unicode, or a field with a typo, and "
        "its replacement. {mark} marks or unmarks a line; the changes are shown below. Enter "
        "applies the marked lines, and Ctrl+Z in the text undoes them."
    )
    HELP_KEYS: ClassVar[Mapping[str, Key]] = {"mark": Key("fix.mark", "space")}
    listing = getters.query_one(OptionList)

    def __init__(
        self,
        body: str,
        fields: Sequence[str],
        values: Mapping[str, str] | None,
        apply: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._body = normalise(body)
        self._fields = fields
        self._values = values
        self._apply = apply
        self._fixes = draft_fixes(body, fields)
        self._marked = set(range(len(self._fixes)))

    def actions(self) -> Iterable[Action]:
        yield Action(
            "fix.apply", "enter", N_("Apply"), N_("Change the text as shown"), self.apply, priority=True
        )
        yield Action(
            "fix.mark",
            "space",
            N_("Mark/unmark"),
            N_("Mark or unmark the selected line"),
            self.mark,
            priority=True,
        )
        yield Action("fix.back", "escape", N_("Back"), N_("Leave the text as it is"), self.leave)

    def body(self) -> ComposeResult:
        with VerticalScroll(id="fix", can_focus=False):
            yield OptionList(*(self._prompt(at) for at in range(self._lines)), id="fix-list")
            yield Static(Content(self.gettext("Changes")), classes="heading")
            yield Static(id="fix-difference")
            yield Static(id="fix-outcome")

    def on_mount(self) -> None:
        self.listing.highlighted = 0
        self._show()

    @property
    def _lines(self) -> int:
        """Of the list: one a replacement, and one for those that are too many."""
        return min(len(self._fixes), MOST_LISTED + 1)

    def _prompt(self, at: int) -> Content:
        mark = "✓ " if at in self._marked else "· "
        if at < MOST_LISTED:
            return Content.assemble(mark, self._line(self._fixes[at]))
        rest = len(self._fixes) - MOST_LISTED
        says = self.ngettext("and {count} more", "and {count} more", rest)
        return Content(mark + says.format(count=self.app.language.number(rest)))

    def _line(self, fix: Replacement) -> Content:
        """ "— becomes -   line 1: Elm St — Sunday"."""
        _ = self.gettext
        character = shown_character(fix.character.strip())
        if fix.substitute.strip():
            says = _("{character} becomes {substitute}").format(
                character=character, substitute=plain(fix.substitute)
            )
        elif fix.substitute:
            says = _("{character} becomes a space").format(character=character)
        else:
            says = _("{character} is removed").format(character=character)
        if fix.loses_accent:
            says += " " + _("(the spelling changes)")
        start = self._body.rfind("\n", 0, fix.at) + 1
        place = _("line {number}").format(
            number=self.app.language.number(self._body.count("\n", 0, fix.at) + 1)
        )
        before = self._body[max(start, fix.at - 12) : fix.at]
        after = self._body[fix.at + len(fix.character) :].split("\n")[0][:12]
        words = Content.assemble(
            literal(before), literal(fix.character).stylize("bold $warning"), literal(after)
        )
        return Content.assemble(left(says, 34), "  ", words, "  ", (place, "$quiet"))

    def _chosen(self) -> Sequence[Replacement]:
        return [fix for at, fix in enumerate(self._fixes) if at in self._marked]

    def _show(self) -> None:
        chosen = self._chosen()
        styles = {"kept": "", "removed": "strike $error", "added": "underline bold $success"}
        parts = replacements.difference(self._body, chosen)
        self.query_one("#fix-difference", Static).update(
            Content("").join(literal(part, lines=True).stylize(styles[change]) for change, part in parts)
        )
        before, after = (
            size(filled(body, self._values, self._fields))
            for body in (self._body, replacements.apply(self._body, chosen))
        )
        self.query_one("#fix-outcome", Static).update(
            Content.assemble(self._size_words(before), " → ", (self._size_words(after), "bold"))
        )

    def _size_words(self, size: Size) -> str:
        language = self.app.language
        segments = self.ngettext("{count} segment", "{count} segments", size.segments)
        segments = segments.format(count=language.number(size.segments))
        return f"{encoding_words(language, size.encoding)}, {segments}"

    @on(OptionList.OptionSelected)
    def _clicked(self, selected: OptionList.OptionSelected) -> None:
        self._mark(selected.option_index)

    def mark(self) -> None:
        """Takes the line under the cursor, or leaves it."""
        at = self.listing.highlighted
        if at is not None:
            self._mark(at)

    def _mark(self, at: int) -> None:
        self._marked ^= {at} if at < MOST_LISTED else set(range(MOST_LISTED, len(self._fixes)))
        self.listing.replace_option_prompt_at_index(at, self._prompt(at))
        self._show()

    def apply(self) -> None:
        """Changes the text as shown, and goes back to it."""
        text = replacements.apply(self._body, self._chosen())
        self.leave()
        self._apply(text)
