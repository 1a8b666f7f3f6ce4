"""`textmeter completion`: lets a shell complete commands and options."""

from __future__ import annotations

import click

from tui.commands.click_ext import Choice, Command, argument
from tui.commands.context import COMPLETE, Session, write
from tui.i18n.language import Language

SHELLS = ("bash", "zsh", "fish")


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "completion",
        run,
        about=_("Print a completion script for your shell."),
        more=_(
            "Add the line for your shell, shown below, to its startup file (~/.bashrc, ~/.zshrc, "
            "~/.config/fish/config.fish)."
        ),
        params=[argument("shell", _("SHELL"), _("bash, zsh or fish."), Choice(SHELLS))],
        examples=[
            'eval "$(textmeter completion bash)"',
            'eval "$(textmeter completion zsh)"',
            "textmeter completion fish | source",
        ],
    )


def run(session: Session, shell: str) -> None:
    from click.shell_completion import get_completion_class

    complete = get_completion_class(shell)
    assert complete is not None, "Click knows the shells that we offer"
    # Not .source(), which for bash runs a bash to look at its version.
    script = (
        complete.source_template
        % complete(click.Command("textmeter"), {}, "textmeter", COMPLETE).source_vars()
    )
    if session.json:
        session.answer({"shell": shell, "script": script})
    else:
        write(script)
