"""`textmeter man`: the manual page, made from the commands themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from store.config.schema import SCHEMA
from tui.commands.click_ext import Command
from tui.commands.context import Session, write
from tui.i18n.language import Language


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "man",
        run,
        about=_("Print the manual page."),
        more=_(
            "pip and pipx install it in English, so that `man textmeter` finds it. With uv, save it to "
            "~/.local/share/man/man1/textmeter.1."
        ),
        examples=["textmeter man | man -l -", "textmeter man > ~/.local/share/man/man1/textmeter.1"],
    )


def run(session: Session) -> None:
    text = page(session)
    if session.json:
        session.answer({"page": text})
    else:
        write(text)


def page(session: Session) -> str:
    """The manual page in a session's language, as roff with the macros of man(7)."""
    return "\n".join(_lines(session)) + "\n"


def _lines(session: Session) -> Iterator[str]:
    from tui.commands.root import textmeter  # which makes this one

    _ = session.language.gettext
    root = textmeter(session)
    context = click.Context(root, info_name="textmeter")
    about, _newline, more = (root.help or "").partition("\n")
    yield '.TH TEXTMETER 1 "" "Textmeter"'
    yield ".SH " + _heading(_("Name"))
    yield rf"textmeter \- {_text(about)}"
    yield ".SH " + _heading(_("Synopsis"))
    yield _bold("textmeter") + " " + _text(" ".join(root.collect_usage_pieces(context)))
    yield ".SH " + _heading(_("Description"))
    yield _text(more.strip())
    yield ".SH " + _heading(_("Options"))
    yield from _options(root, context)
    yield ".SH " + _heading(_("Commands"))
    yield from _commands(root, context)
    yield ".SH " + _heading(_("Environment"))
    yield _text(_("Each variable overrides the setting of the same name in the settings file."))
    for entry in SCHEMA:
        yield ".TP"
        yield _bold(entry.variable)
        yield _text(f"{entry.key}: {_(entry.help)}")
    yield ".SH " + _heading(_("Exit status"))
    yield _text(
        _("0 done, 1 failed, 2 wrong usage, 3 not enough credits, 4 refused by a rule, 5 payment declined.")
    )


def _commands(group: click.Group, context: click.Context) -> Iterator[str]:
    """Each command with its arguments, options and examples; those of groups one by one."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None:
            continue
        inner = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from _commands(command, inner)
            continue
        usage = " ".join(command.collect_usage_pieces(inner))
        yield f'.SS "{_text(inner.command_path)} {_text(usage)}"'
        yield from filter(None, (_text(line) for line in (command.help or "").splitlines()))
        yield from _arguments(command, inner)
        yield from _options(command, inner)
        if examples := getattr(command, "examples", ()):
            yield from (".PP", ".nf", *(f"    {_text(example)}" for example in examples), ".fi")


def _arguments(command: click.Command, context: click.Context) -> Iterator[str]:
    for param in command.params:
        if isinstance(param, click.Argument):
            yield from (".TP", _bold(param.make_metavar(context).strip("[]")))
            yield _text(getattr(param, "help", None) or "")


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    for param in command.get_params(context):
        if isinstance(param, click.Option):
            yield from (".TP", _bold(param.get_help_spec(context)), _text(param.help or ""))


def _heading(word: str) -> str:
    return _text(word.upper())


def _bold(text: str) -> str:
    return rf"\fB{_text(text)}\fR"


def _text(text: str) -> str:
    """Words on one line that roff takes for nothing else."""
    text = " ".join(text.split()).replace("\\", r"\e").replace("-", r"\-").replace('"', r"\(dq")
    return re.sub(r"^([.'])", r"\\&\1", text)
