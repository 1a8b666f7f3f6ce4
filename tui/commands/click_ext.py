"""Click's commands and options, saying everything in one session's language.

Click's own words come from the process's gettext; here they are replaced by ours. Commands are built anew for
a session, so that their help is already translated when Click lays it out.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import click

from store.errors import WrongUsage
from store.sentences import sentence
from tui.commands.completing import complete
from tui.i18n.language import Language


class _Translated(click.Command):
    """What commands and groups share. examples: command lines, shown as they stand at the end of the help."""

    language: Language
    examples: Sequence[str] = ()

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx  # not all of them know where they come from
            raise

    def get_help_option(self, ctx: click.Context) -> click.Option:
        return self._help

    @cached_property
    def _help(self) -> click.Option:
        return click.Option(
            ["--help"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            help=self.language.gettext("Show this help."),
            callback=_show_help,
        )

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=self.language.gettext("Usage:") + " ")

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [
            (param.make_metavar(ctx).strip("[]"), param.help or "")
            for param in self.params
            if isinstance(param, click.Argument)
        ]
        if records:
            with formatter.section(self.language.gettext("Arguments")):
                formatter.write_dl(records)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _ = self.language.gettext
        records = []
        for param in self.get_params(ctx):
            if isinstance(param, click.Option):
                needed = " " + _("(required)") if param.required else ""
                records.append((param.get_help_spec(ctx), f"{param.help}{needed}"))
        with formatter.section(_("Options")):
            formatter.write_dl(records)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self.examples:
            with formatter.section(self.language.gettext("Examples")):
                for example in self.examples:
                    formatter.write(f"{'':{formatter.current_indent}}{example}\n")


def _show_help(context: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        click.echo(context.get_help())
        context.exit()


class Command(_Translated):
    """A command.

    about: what it is for, in a line; more: the rest of its help. run: called with the session, then with the
    parameters by name; may return an exit code.
    """

    allow_extra_args = True  # so that `parse_args` can say what is too much

    def __init__(
        self,
        language: Language,
        name: str,
        run: Callable[..., int | None],
        *,
        about: str,
        more: str = "",
        params: Sequence[click.Parameter] = (),
        examples: Sequence[str] = (),
    ) -> None:
        _ = language.gettext
        self.language = language
        self.examples = examples
        self._run = run
        super().__init__(
            name,
            help=f"{about}\n\n{more}",
            params=[*params, flag("--json", _("Print JSON instead of plain text."))],
            options_metavar=_("[OPTIONS]"),
        )

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, self._spread(args))
        if rest and not ctx.resilient_parsing:
            raise WrongUsage(
                sentence(
                    "`{command}` doesn't recognize {extra}. If your text has spaces, put it in quotes.",
                    extra=" ".join(rest),
                    command=ctx.command_path,
                ),
                code="usage",
            )
        return rest

    def _spread(self, args: list[str]) -> list[str]:
        """`--to A B TEXT` as `--to A --to B TEXT`, for the options that take several values."""
        valued = {
            name: param
            for param in self.params
            if isinstance(param, click.Option) and not param.is_flag
            for name in param.opts
        }
        end = args.index("--") if "--" in args else len(args)
        loose: list[tuple[int, str]] = []  # words that belong to no option, with the option before them
        option, value_follows = "", False
        for at, word in enumerate(args[:end]):
            if value_follows:
                value_follows = False
            elif word in valued:
                option, value_follows = word, True
            elif word.startswith("-") and word != "-":
                option = ""
            else:
                loose.append((at, option))
        needed = sum(_is_needed(param, args) for param in self.params)
        if end == len(args) and sum(not option for _, option in loose) < needed:
            loose = loose[:-1]  # whatever it looks like, it is the argument that is missing
        more = {}
        for at, option in loose:
            param = valued.get(option)
            if isinstance(param, Several) and param.is_value(args[at]):
                more[at] = option
        return [part for at, word in enumerate(args) for part in ([more[at], word] if at in more else [word])]

    def invoke(self, ctx: click.Context) -> int | None:
        session = ctx.obj
        session.json = ctx.params.pop("json") or session.json  # its group may have been asked for it
        return self._run(session, **ctx.params)


class Group(_Translated, click.Group):
    """A group of commands: given here, or made by `command(language)` of the modules that `lazy` names."""

    def __init__(
        self,
        language: Language,
        name: str,
        *,
        about: str,
        more: str = "",
        commands: Sequence[click.Command] = (),
        lazy: Sequence[str] = (),
        examples: Sequence[str] = (),
        **settings: Any,
    ) -> None:
        _ = language.gettext
        self.language = language
        self.examples = examples
        self.lazy = lazy
        super().__init__(
            name,
            commands,
            help=f"{about}\n\n{more}",
            options_metavar=_("[OPTIONS]"),
            subcommand_metavar=_("COMMAND [ARGUMENTS]..."),
            **settings,
        )

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.lazy or self.commands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.lazy and cmd_name not in self.commands:
            module = importlib.import_module(f"tui.commands.{cmd_name}")
            self.commands[cmd_name] = module.command(self.language)
        return self.commands.get(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, known = args[0], self.list_commands(ctx)
        if ctx.resilient_parsing or name in known:
            return super().resolve_command(ctx, args)
        meant = closest(name, known)
        if meant:
            says = sentence("There is no command {name}. Did you mean {meant}?", name=name, meant=meant)
        else:
            says = sentence(
                "There is no command {name}. `{command} --help` lists them all.",
                name=name,
                command=ctx.command_path,
            )
        raise WrongUsage(says, code="usage")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        rows = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            assert command is not None
            rows.append((name, (command.help or "").partition("\n")[0]))
        with formatter.section(self.language.gettext("Commands")):
            formatter.write_dl(rows)


class Several(click.Option):
    """An option that may be repeated, and may be followed by several values at once.

    is_value: whether a further word is one more value, since it could be the text as well. called: the
    parameter's name, where that isn't the option's.
    """

    def __init__(
        self, name: str, metavar: str, about: str, *, is_value: Callable[[str], bool], called: str = ""
    ) -> None:
        names = [name, called] if called else [name]
        super().__init__(names, metavar=metavar, help=about, multiple=True, shell_complete=complete)
        self.is_value = is_value


class Replaceable(click.Argument):
    """A positional argument that is needed unless an option is given."""

    def __init__(self, name: str, metavar: str, about: str, *, unless: str) -> None:
        super().__init__([name], metavar=f"[{metavar}]", help=about, required=False)
        self.unless = unless


def _is_needed(param: click.Parameter, args: Sequence[str]) -> bool:
    """Whether there has to be an argument beside these words."""
    if isinstance(param, Replaceable):
        return all(word.partition("=")[0] != param.unless for word in args)
    return isinstance(param, click.Argument) and param.required


class Choice(click.Choice[str]):
    """One of some words."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value in self.choices:
            return str(value)
        raise WrongUsage(
            sentence(
                "{option} can't be {value}. Choose from: {choices}.",
                option=name_of(param, ctx),
                value=value,
                choices=", ".join(self.choices),
            ),
            code="usage",
        )


class Number(click.ParamType[int]):
    """A whole number from 1 on."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        if value.isascii() and value.isdigit() and 0 < int(value[:19]) < 2**63:
            return int(value)
        raise WrongUsage(
            sentence(
                "{option} must be a whole number, 1 or higher, not {value}.",
                option=name_of(param, ctx),
                value=value,
            ),
            code="usage",
        )


class Day(click.ParamType[date]):
    """A date, as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise WrongUsage(
                sentence(
                    "{option} must be a date in the form YYYY-MM-DD, not {value}.",
                    option=name_of(param, ctx),
                    value=value,
                ),
                code="usage",
            ) from None


def flag(name: str, about: str) -> click.Option:
    """An option without a value."""
    return click.Option([name], is_flag=True, help=about)


def option(
    name: str,
    metavar: str,
    about: str,
    kind: click.ParamType[Any] = click.STRING,
    default: object = None,
    *,
    required: bool = False,
) -> click.Option:
    """An option with a value."""
    # A default of None would be one to Click, so that nothing would be missing.
    given: dict[str, Any] = {} if default is None else {"default": default}
    if not isinstance(kind, click.Choice):  # which knows its own words
        given["shell_complete"] = complete
    return click.Option([name], metavar=metavar, help=about, type=kind, required=required, **given)


def argument(
    name: str, metavar: str, about: str, kind: click.ParamType[Any] = click.STRING, *, required: bool = True
) -> click.Argument:
    """A positional argument."""
    metavar = metavar if required else f"[{metavar}]"
    found = None if isinstance(kind, click.Choice) else complete
    return click.Argument(
        [name], metavar=metavar, help=about, type=kind, required=required, shell_complete=found
    )


def name_of(param: click.Parameter | None, ctx: click.Context | None) -> str:
    """A parameter as it is written on the command line: `--until`, `N`."""
    if param is None or ctx is None:
        return ""
    if isinstance(param, click.Argument):
        return param.make_metavar(ctx).strip("[]")
    return param.opts[0]


def closest(word: str, known: Sequence[str]) -> str:
    """The known word that somebody who typed `word` most likely meant, or ""."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, known, n=1)), "")
