"""Settings: what a person chooses for themselves, and what this installation is told from outside."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from functools import partial
from typing import ClassVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Static

from store import Store
from store.config import ConfigMistake
from store.paths import files_within_reach
from store.sentences import N_, Sentence, sentence
from tui.base.actions import Action
from tui.base.navigation import Go, OpenSenders, Show, StoreOpened
from tui.base.picker import PickScreen
from tui.base.screen import PANES, TextmeterScreen
from tui.i18n.language import Language, available
from tui.i18n.sanitize import literal
from tui.settings.details import details
from tui.settings.field import FieldScreen
from tui.settings.presentation import ORIGINS, Heading, Row, origin_words, rows, why_not_here
from tui.settings.queries import Seen, all_settings, put
from tui.settings.setting_list import Line, SettingList
from tui.widgets.line_list import Head

NAME_WIDTH = 24
ORIGIN_WIDTH = 22
MOST_VALUE = 48


class SettingsScreen(TextmeterScreen):
    """All settings by groups: value, where it comes from, and what it is for below the list, or beside it
    where there is room."""

    NAME = N_("Settings")
    CSS_PATH = "settings.tcss"
    AUTO_FOCUS = "SettingList"
    HELP: ClassVar[str] = N_(
        "Theme and language are yours alone. For everything else, a command-line option "
        "overrides an environment variable, which overrides the file (Enter edits it), which "
        "overrides the default. Secrets are never shown."
    )
    settings = getters.query_one(SettingList)
    about = getters.query_one("#about", Static)
    trouble = getters.query_one("#trouble", Static)

    def __init__(self) -> None:
        super().__init__()
        self._found: list[Seen] = []
        self._chosen: set[str] = set()
        """Which of look and language the person has chosen."""
        self._trouble: Sentence | None = None
        self._cursor = 0

    def actions(self) -> Iterable[Action]:
        yield Action(
            "settings.back", "escape", N_("Back"), N_("Back to Home"), lambda: self.post_message(Go("home"))
        )
        yield Action(
            "settings.change",
            "enter",
            N_("Change"),
            N_("Change this setting"),
            self.change,
            why_not=self._why_not_change,
        )
        yield Action(
            "settings.delete",
            "d,delete",
            N_("Default"),
            N_("Go back to the default by removing this from the file"),
            self.take_out,
            why_not=self._why_not_take_out,
        )

        yield Action(
            "settings.view",
            "v",
            N_("Diagnostics"),
            N_("Versions, paths, the terminal and the database, to copy or save"),
            lambda: self.post_message(Go("diagnostics")),
            shown=files_within_reach,
        )
        yield Action(
            "go.senders",
            "g f",
            N_("Senders"),
            N_("The numbers and addresses you send from"),
            lambda: self.post_message(OpenSenders()),
            anywhere=True,
        )

    def _why_not_change(self) -> Sentence | None:
        seen = self.settings.row.seen if self.settings.row is not None else None
        return why_not_here(seen) if seen is not None else None

    def _why_not_take_out(self) -> Sentence | None:
        seen = self.settings.row.seen if self.settings.row is not None else None
        if seen is None or (seen.origin == "default" and seen.trouble is None):
            return sentence("This setting isn't in the file.")
        return why_not_here(seen)

    def body(self) -> ComposeResult:
        with Container(id="panes"):
            with Vertical(id="list"):
                yield Static(id="trouble")
                yield Head(self._headings)
                yield SettingList(self._line, self._lines(), self._cursor)
            yield Static(id="about")

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= PANES, "-panes")
        self._describe()

    # What is shown

    @on(Show)
    def _go_to(self, message: Show) -> None:
        """Puts the cursor on the setting of this key, once they are read."""
        message.stop()
        self.load(self._go_to_setting, message.what)

    async def _go_to_setting(self, key: object) -> None:
        await self.read()
        for at, line in enumerate(self._lines()):
            if isinstance(line, Row) and line.seen is not None and line.seen.entry.key == key:
                self.settings.action_move_to(at)

    @on(StoreOpened)
    def data_changed(self) -> None:
        self.load(self.read)

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self.app.person is not None:  # else the database is yet to be opened
            self.load(self.read)

    async def read(self) -> None:
        """Reads all settings, those of this machine for whoever runs it."""

        def ask(store: Store) -> tuple[set[str], list[Seen], Sentence | None]:
            chosen = {name for name in ("theme", "language") if store.settings.read(name)}
            if not files_within_reach() or self.app.owners_only() is not None:
                says = sentence("The other settings belong to the person who runs this server.")
                return chosen, [], says
            try:
                return chosen, all_settings(self.app.options), None
            except ConfigMistake as mistake:
                return chosen, [], mistake.says

        chosen, self._found, self._trouble = await self.app.fetch(ask)
        self._chosen |= chosen  # what was chosen a moment ago may not be written yet
        self.settings.show(self._lines())

    def _lines(self) -> list[Line]:
        return [*self._own(), *rows(self.app.language, self._found)]

    def _own(self) -> Iterator[Line]:
        """What the person chooses."""
        _ = self.gettext
        yield Heading(_("For you"))
        yield Row(
            _("Theme"),
            dict(self.app.looks()).get(self.app.theme, self.app.theme),
            self._origin("theme"),
            _("The app's colors."),
            choice="theme",
        )
        yield Row(
            _("Language"),
            self.app.language.own_name(),
            self._origin("language"),
            _("The app's language. Set the language of commands with `textmeter config set language`."),
            choice="language",
        )

    def _origin(self, choice: str) -> str:
        """Where a person's theme or language comes from. A language that is asked for now counts before the
        one that was chosen; a theme can't be asked for but by choosing it."""
        _ = self.gettext
        asked = next((seen for seen in self._found if seen.entry.key == choice), None)
        now = choice == "language" and asked is not None and asked.origin in ("option", "environment")
        if choice in self._chosen and not now:
            return _(ORIGINS["database"])
        if asked is not None and asked.is_set:
            return origin_words(self.app.language, asked)
        return _(ORIGINS["default"])

    def _headings(self, width: int) -> Content:
        _ = self.gettext
        return self._columns(Content(_("Setting")), Content(_("Value")), Content(_("From")), width)

    def _line(self, line: Line, width: int) -> Content:
        if isinstance(line, Heading):
            return Content.styled(line.name, "bold")
        dim = self.app.theme_variables["quiet"]
        return self._columns(
            Content(f"  {line.name}"), literal(line.value), Content.styled(line.origin, dim), width
        )

    def _columns(self, name: Content, value: Content, origin: Content, width: int) -> Content:
        """A long value gives way."""
        room = min(max(width - NAME_WIDTH - ORIGIN_WIDTH, 0), MOST_VALUE)
        return Content.assemble(
            name.truncate(NAME_WIDTH - 1, ellipsis=True, pad=True),
            " ",
            value.truncate(room - 2, ellipsis=True, pad=True),
            "  ",
            origin.truncate(ORIGIN_WIDTH, ellipsis=True),
        )

    @on(SettingList.Moved)
    def _moved(self) -> None:
        self._cursor = self.settings.cursor
        self._describe()
        self.trouble.display = self._trouble is not None
        if self._trouble is not None:
            self.trouble.update(literal(self.app.language.say(self._trouble)))
        self.refresh_bindings()

    def _describe(self) -> None:
        """What the setting under the cursor is for, below the list or in the pane beside it."""
        _, row = self.gettext, self.settings.row
        if row is None:
            self.about.update("")
        elif self.has_class("-panes"):
            facts = [(_("Value"), row.value), (_("From"), row.origin)]
            self.about.update(details(row.name, facts, row.help, row.names))
        else:
            self.about.update(literal(row.about, lines=True))

    # What is done

    @on(SettingList.Chosen)
    def _clicked(self) -> None:
        self.action_act("settings.change")

    def change(self) -> None:
        """Asks for another value of the setting under the cursor."""
        row, app = self.settings.row, self.app
        if row is None:
            return
        if row.choice == "theme":
            app.push_screen(PickScreen(row.name, app.looks(), app.theme), self._look_chosen)
        elif row.choice == "language":
            tags = [(tag, Language(tag).own_name()) for tag in available()]
            app.push_screen(PickScreen(row.name, tags, app.language.code), self._language_chosen)
        elif row.seen is not None and row.seen.entry.choices:
            choices = [(word, self.gettext(says)) for word, says in row.seen.entry.choices.items()]
            app.push_screen(
                PickScreen(row.name, choices, str(row.seen.value)), partial(self._picked, row.seen)
            )
        elif row.seen is not None:
            app.push_screen(FieldScreen(row.seen), partial(self._changed, row.seen))

    def _look_chosen(self, name: str | None) -> None:
        if name is not None:
            self.app.choose_theme(name)
            self._chosen.add("theme")
            self.settings.show(self._lines())

    def _language_chosen(self, tag: str | None) -> None:
        if tag is not None:
            self._chosen.add("language")
            self.app.choose_language(tag)  # which composes anew

    def _picked(self, seen: Seen, word: str | None) -> None:
        if word is not None:
            self.app.finish(self._put(seen, word))

    async def _put(self, seen: Seen, typed: str) -> None:
        await asyncio.to_thread(put, seen.entry, typed)
        self._changed(seen, changed=True)
        self.load(self.read)

    def _changed(self, seen: Seen, changed: bool | None) -> None:
        if changed:
            name = Sentence(seen.entry.name)
            self.app.tell(sentence("{name}: saved. It takes effect at the next start.", name=name))

    async def take_out(self) -> None:
        """Takes the setting under the cursor out of the file, and a secret out of where it is kept."""
        row = self.settings.row
        if row is not None and row.seen is not None:
            await asyncio.to_thread(put, row.seen.entry, "")
            self.load(self.read)
