"""The command palette in the session's language."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SystemCommand
from textual.command import CommandList, CommandPalette
from textual.content import Content
from textual.widgets.option_list import Option

from store.sentences import N_
from tui.base.theme import THEMES
from tui.i18n.language import Language, available

if TYPE_CHECKING:
    from textual.screen import Screen

    from tui.app import TextmeterApp

THEME_NAMES = {"night": N_("Night"), "day": N_("Day"), "contrast": N_("High contrast")}

ELSEWHERE = ("command_palette", "app.go('usage')", "app.go('notices')")
"""Actions of keys that aren't listed as such: the palette itself, and what is listed on every screen."""


def commands(app: TextmeterApp, screen: Screen[object]) -> Iterator[SystemCommand]:
    """Every action that has a key on a screen, the looks and the languages."""
    _ = app.language.gettext
    named: set[str] = set()
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.id and binding.action not in ELSEWHERE and binding.description not in named:
            named.add(binding.description)
            yield SystemCommand(
                _(binding.description),
                f"{app.get_key_display(binding)}  {_(binding.tooltip)}",
                partial(app.run_action, binding.action, active.node),
            )
    yield SystemCommand(
        _("Usage"), _("What was used, by day, kind and month"), partial(app.action_go, "usage")
    )
    yield SystemCommand(
        app.notices_words(), _("Thresholds that your use has reached"), partial(app.action_go, "notices")
    )
    if app.check_action("buy", ()) and N_("Buy credits") not in named:
        yield SystemCommand(_("Buy credits"), _("One by one, beside the plan"), app.buy)
    yield from _accounts(app, named)
    yield from _clock(app, named)
    if app.demo.is_shown:
        yield SystemCommand(_("Tour"), _("Six steps through the demo data"), app.demo.tour)
    for theme in THEMES:
        yield SystemCommand(
            _("Look: {name}").format(name=_(THEME_NAMES[theme.name])),
            _("Change the colours"),
            partial(app.choose_theme, theme.name),
        )
    for tag in available():
        yield SystemCommand(
            _("Language: {name}").format(name=Language(tag).own_name()),
            _("Change the language, now and for the next starts"),
            partial(app.choose_language, tag),
        )


def _accounts(app: TextmeterApp, named: set[str]) -> Iterator[SystemCommand]:
    """The list of accounts, and the way to each that isn't shown."""
    _ = app.language.gettext
    if app.account is None:
        return
    if N_("Accounts") not in named:
        yield SystemCommand(_("Accounts"), _("Show another account, or open one"), app.action_accounts)
    for account in app.accounts:
        if account.id != app.account.id:
            yield SystemCommand(
                _("Account {number}: {plan}").format(number=account.id, plan=app.plan_words(account)),
                _("Show this account, now and at the next start"),
                partial(app.show_account, account),
            )


def _clock(app: TextmeterApp, named: set[str]) -> Iterator[SystemCommand]:
    """A demo clock and its steps, where there is one."""
    from tui.demo.clock import NAMES

    _ = app.language.gettext
    if not app.check_action("clock", ()):
        return
    if N_("Clock") not in named:
        yield SystemCommand(
            _("Clock"), _("Where the demo clock stands, and what comes next"), app.action_clock
        )
    for step, name in NAMES.items():
        yield SystemCommand(
            _(name), _("Every renewal and expiry on the way is processed"), partial(app.action_forward, step)
        )


class Palette(CommandPalette):
    """Textual's palette with our words."""

    def __init__(self, language: Language) -> None:
        super().__init__(placeholder=language.gettext("What do you want to do?"), id="--command-palette")
        self._nothing = language.gettext("Nothing has that name.")

    def _start_no_matches_countdown(self, search_value: str) -> None:
        """Textual's own says it in English, half a second later."""
        self._list_visible = bool(search_value)
        if search_value:
            commands = self.query_one(CommandList)
            commands.add_option(Option(Content(self._nothing), disabled=True, id=self._NO_MATCHES))
