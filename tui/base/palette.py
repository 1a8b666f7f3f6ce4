"""The command palette in the session's language."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SystemCommand
from textual.command import CommandList, CommandPalette
from textual.content import Content
from textual.widgets.option_list import Option

from tui.base.actions import Acting, about
from tui.base.navigation import ShowAccount
from tui.i18n.language import Language, available

if TYPE_CHECKING:
    from textual.screen import Screen

    from tui.base.session_app import SessionApp


def commands(everywhere: Acting, screen: Screen[object]) -> Iterator[SystemCommand]:
    """Every action that has a key on a screen, those of the app, other accounts, the looks and the
    languages."""
    app = everywhere.app
    _ = app.language.gettext
    here = [everywhere, screen] if isinstance(screen, Acting) else [everywhere]
    keyless = [(node, action) for node in here for action in node.acts.values() if not action.key]
    listed = {action.label for node, action in keyless}
    for active in screen.active_bindings.values():
        binding = active.binding
        if not binding.id or binding.id == "palette" or binding.description in listed:
            continue
        listed.add(binding.description)
        yield SystemCommand(
            _(binding.description),
            f"{app.get_key_display(binding)}  {about(active, app.language)}",
            partial(app.run_action, binding.action, active.node),
        )
    means = {key: active.binding.id for key, active in screen.active_bindings.items()}
    shadowed = [  # whose key means something else here
        (everywhere, action)
        for action in everywhere.acts.values()
        if means.get(action.key, action.id) != action.id and action.label not in listed
    ]
    for node, action in (*keyless, *shadowed):
        if action.shown():
            name = action.words() if action.words is not None else _(action.label)
            yield SystemCommand(name, action.about(app.language), partial(node.action_act, action.id))
    yield from _accounts(app)
    yield from _looks(app)


def _accounts(app: SessionApp) -> Iterator[SystemCommand]:
    """The way to each account that isn't shown."""
    _ = app.language.gettext
    for account in app.accounts:
        if app.account is not None and account.id != app.account.id:
            yield SystemCommand(
                _("Account {number}: {plan}").format(number=account.id, plan=app.plan_words(account)),
                _("Switch to this account, now and at the next start"),
                partial(app.post_message, ShowAccount(account)),
            )


def _looks(app: SessionApp) -> Iterator[SystemCommand]:
    """The looks and the languages."""
    _ = app.language.gettext
    for look, name in app.looks():
        yield SystemCommand(
            _("Theme: {name}").format(name=name), _("Change the colors"), partial(app.choose_theme, look)
        )
    for tag in available():
        yield SystemCommand(
            _("Language: {name}").format(name=Language(tag).own_name()),
            _("Change the language, now and at the next start"),
            partial(app.choose_language, tag),
        )


class Palette(CommandPalette):
    """Textual's palette with our words."""

    def __init__(self, language: Language) -> None:
        super().__init__(placeholder=language.gettext("What do you want to do?"), id="--command-palette")
        self._nothing = language.gettext("No action has that name.")

    def _start_no_matches_countdown(self, search_value: str) -> None:
        """Textual's own says it in English, half a second later."""
        self._list_visible = bool(search_value)
        if search_value:
            commands = self.query_one(CommandList)
            commands.add_option(Option(Content(self._nothing), disabled=True, id=self._NO_MATCHES))
