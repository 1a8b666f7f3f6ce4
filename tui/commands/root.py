"""`textmeter` itself: its options, its commands by name, and how every run ends."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Sequence
from functools import partial

import click

from store.errors import TextmeterError, WrongUsage
from store.sentences import sentence
from tui.commands.parser import Choice, Group, Number, closest, flag, name_of, option
from tui.commands.session import Session, as_json, tell, write
from tui.i18n import Language, available, requested
from tui.literal import plain

COMMANDS = (
    "compose",
    "segments",
    "estimate",
    "send",
    "account",
    "balance",
    "history",
    "charge",
    "contacts",
    "verify",
    "doctor",
    "completion",
)
SCREENS = ("home", "compose", "history", "contacts")

COMPLETE = "_TEXTMETER_COMPLETE"
"""The variable by which a shell asks for completions, named as Click's scripts name it."""

# As shells report a process that these signals ended: 128 and the signal's number.
INTERRUPTED = 128 + 2
BROKEN_PIPE = 128 + 13


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs a command line to its end; the exit code. Nothing is raised, and no traceback shown."""
    args = sys.argv[1:] if arguments is None else list(arguments)
    asked = _language_asked(args)
    session = Session(Language(asked or requested()), language_asked=bool(asked))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without UTF-8 shows ? rather than nothing
    try:
        try:
            return _run(session, args)
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has seen enough. The rest must not fail again when Python closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except KeyboardInterrupt:
        tell("\n" + session.language.gettext("Stopped. What was done until now is kept."))
        return INTERRUPTED


def _run(session: Session, args: list[str]) -> int:
    try:
        root = textmeter(session)
        if instruction := os.environ.get(COMPLETE):
            from click.shell_completion import shell_complete

            return shell_complete(root, {"obj": session}, "textmeter", COMPLETE, instruction)
        with root.make_context("textmeter", args, obj=session) as context:
            return root.invoke(context) or 0
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        tell(error.format_message())
        return error.exit_code
    except click.UsageError as error:
        _fail(session, args, _in_our_words(error))
        if error.ctx is not None and not _wants_json(args):
            tell(error.ctx.get_usage())
        return error.exit_code
    except TextmeterError as error:
        _fail(session, args, error)
        return error.exit_code
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - a person gets a sentence, whatever happened
        _fail(session, args, _unexpected(error))
        return 1


def textmeter(session: Session) -> Group:
    """The root of all commands, for one session."""
    _ = session.language.gettext
    version = flag("--version", _("Show Textmeter's version."))
    version.is_eager, version.expose_value, version.callback = True, False, _show_version
    return Group(
        session.language,
        "textmeter",
        about=_(
            "Text your contacts from the terminal, see what each text costs before it is sent, and account "
            "for every credit."
        ),
        more=_("Without a command, the app opens."),
        params=[
            option(
                "--database",
                _("PATH"),
                _("The database; else TEXTMETER_DATABASE, else one in your data folder."),
            ),
            option("--lang", _("TAG"), _("The language, such as es or es-MX; else your terminal's.")),
            option("--now", _("TIME"), _("Move a demo clock to this time before anything else.")),
            option("--account", _("ID"), _("The account; else the only one, or your default."), Number()),
            option(
                "--screen", _("NAME"), _("Open the app on this screen: home, compose..."), Choice(SCREENS)
            ),
            version,
        ],
        examples=[
            "textmeter",
            "textmeter account open --product agent-texts --plan 300",
            'textmeter estimate --to +14155550123 "The open house is on."',
            "textmeter balance --json",
        ],
        lazy=COMMANDS,
        invoke_without_command=True,
        callback=partial(_begin, session),
        context_settings={"max_content_width": 100},
    )


def _begin(
    session: Session,
    database: str | None,
    lang: str | None,
    now: str | None,
    account: int | None,
    screen: str | None,
) -> int:
    session.database, session.now, session.account_id = database or "", now or "", account
    if lang and lang.replace("-", "_").partition("_")[0].lower() not in available():
        session.warn(
            sentence(
                "Textmeter doesn't speak {language} yet. It speaks {languages}.",
                language=lang,
                languages=", ".join(available()),
            )
        )
    if click.get_current_context().invoked_subcommand is None:
        return session.open_app(screen or "home")
    return 0


def _show_version(context: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        from tui.commands.doctor import version

        write(f"textmeter {version('textmeter')}\n")
        context.exit()


def _language_asked(args: Sequence[str]) -> str:
    """The value of --lang, looked for before parsing: help and errors come in that language."""
    for at, word in enumerate(args):
        name, separator, value = word.partition("=")
        if name == "--lang":
            return value if separator else "".join(args[at + 1 : at + 2])
        if word in COMMANDS or word == "--":
            break
    return ""


# How errors are told


def _wants_json(args: Sequence[str]) -> bool:
    options = args[: args.index("--")] if "--" in args else args
    return "--json" in options or "--jsonl" in options


def _fail(session: Session, args: Sequence[str], error: TextmeterError) -> None:
    says = session.language.say(error.says)
    if _wants_json(args):
        write(as_json({"error": {"code": error.code, "message": says, **error.details}}) + "\n")
    else:
        tell(plain(says, lines=True))


def _in_our_words(error: click.UsageError) -> WrongUsage:
    command = error.ctx.command_path if error.ctx else "textmeter"
    if isinstance(error, click.NoSuchOption):
        known = (
            [name for param in error.ctx.command.get_params(error.ctx) for name in param.opts]
            if error.ctx
            else []
        )
        meant = closest(error.option_name, known)
        if meant:
            says = sentence(
                "There is no option {name}. Did you mean {meant}?", name=error.option_name, meant=meant
            )
        else:
            says = sentence(
                "There is no option {name}. A text that begins with a dash goes after two: `{command} -- "
                "TEXT`.",
                name=error.option_name,
                command=command,
            )
    elif isinstance(error, click.MissingParameter):
        says = sentence("{name} is missing.", name=name_of(error.param, error.ctx))
    elif isinstance(error, click.BadOptionUsage):
        params = error.ctx.command.params if error.ctx else []
        option = next((param for param in params if error.option_name in param.opts), None)
        if isinstance(option, click.Option) and not option.is_flag:
            says = sentence("{name} needs a value after it.", name=error.option_name)
        else:
            says = sentence("{name} takes no value.", name=error.option_name)
    else:
        says = sentence("That can't be understood: {why}", why=error.format_message())
    return WrongUsage(says, code="usage")


def _unexpected(error: Exception) -> TextmeterError:
    """Keeps the details of an error that nobody foresaw, for whoever mends it."""
    import tempfile
    import traceback

    details = "".join(traceback.format_exception(error))
    where = "-"
    with contextlib.suppress(OSError):
        with tempfile.NamedTemporaryFile(
            "w",
            prefix="textmeter-error-",
            suffix=".txt",
            delete=False,
            encoding="utf-8",
            errors="backslashreplace",
        ) as file:
            file.write(details)
        where = file.name
    return TextmeterError(
        sentence(
            "Something went wrong that Textmeter didn't expect ({what}). What was done before is kept. "
            "The details are in {path}; please send them to the authors.",
            what=type(error).__name__,
            path=where,
        ),
        code="unexpected",
    )
