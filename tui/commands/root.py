"""`textmeter` itself: its options, and its commands by name."""

from __future__ import annotations

import os
from functools import partial

import click

from store.errors import WrongUsage
from store.sentences import sentence
from tui.commands.click_ext import Choice, Group, Number, closest, flag, name_of, option
from tui.commands.context import COMPLETE, Session, tell, write
from tui.i18n.language import available

COMMANDS = (
    "compose",
    "segments",
    "estimate",
    "send",
    "inbox",
    "conversation",
    "reply",
    "receive",
    "account",
    "balance",
    "history",
    "usage",
    "notices",
    "plan",
    "rates",
    "buy",
    "orders",
    "card",
    "charge",
    "clock",
    "renew",
    "contacts",
    "consent",
    "groups",
    "templates",
    "timeline",
    "email",
    "campaign",
    "smartplan",
    "blasts",
    "scheduled",
    "sender",
    "run",
    "events",
    "serve",
    "demo",
    "backup",
    "restore",
    "verify",
    "doctor",
    "config",
    "completion",
    "man",
)
ABOUT_THIS_MACHINE = frozenset(
    ("run", "events", "sender", "backup", "restore", "doctor", "serve", "demo", "config", "completion", "man")
)
"""Those that work on files, or for whoever runs the machine."""
SCREENS = (
    *("home", "compose", "inbox", "scheduled", "campaigns", "smartplans", "history", "contacts", "plans"),
    *("usage", "notices", "consent", "templates", "settings", "diagnostics"),
)


def call(session: Session, args: list[str]) -> int:
    """Parses a command line and runs its command, or answers a shell that completes one. The exit code.

    Raises WrongUsage for what can't be parsed, and what the command raises.
    """
    root = textmeter(session)
    if instruction := os.environ.get(COMPLETE):
        from click.shell_completion import shell_complete

        return shell_complete(root, {"obj": session}, "textmeter", COMPLETE, instruction)
    try:
        with root.make_context("textmeter", args, obj=session) as context:
            return root.invoke(context) or 0
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        tell(error.format_message())
        return error.exit_code
    except click.UsageError as error:
        raise _in_our_words(error) from None


def textmeter(session: Session) -> Group:
    """The root of all commands, for one session."""
    _ = session.language.gettext
    version = flag("--version", _("Show Textmeter's version."))
    version.is_eager, version.expose_value, version.callback = True, False, _show_version
    database = option(
        "--database", _("PATH"), _("The database (default: TEXTMETER_DATABASE, or one in your data folder).")
    )
    commands = [name for name in COMMANDS if not (session.served and name in ABOUT_THIS_MACHINE)]
    return Group(
        session.language,
        "textmeter",
        about=_(
            "Text your contacts from the terminal, see what each text costs before you send it, "
            "and keep track of every credit."
        ),
        more=_("Run without a command to open the app."),
        params=[
            *([] if session.served else [database]),
            option("--lang", _("TAG"), _("The language, such as es or es-MX (default: your terminal's).")),
            option("--now", _("TIME"), _("First move the demo clock to this time.")),
            option(
                "--account",
                _("ID"),
                _("The account (default: your only account, or the one set as default)."),
                Number(),
            ),
            option(
                "--screen", _("NAME"), _("Open the app on this screen: home, compose..."), Choice(SCREENS)
            ),
            version,
        ],
        examples=[
            "textmeter",
            "textmeter account open --product agent-texts --plan 300",
            _('textmeter estimate --to +14155550123 "The open house is on."'),
            "textmeter balance --json",
        ],
        lazy=commands,
        invoke_without_command=True,
        callback=partial(_begin, session),
        context_settings={"max_content_width": 100},
    )


def _begin(
    session: Session,
    lang: str | None,
    now: str | None,
    account: int | None,
    screen: str | None,
    database: str | None = None,
) -> int:
    session.database = database or session.database
    session.now, session.account_asked = now or "", account
    session.screen, session.language_option = screen or "", lang or ""
    if lang and lang.replace("-", "_").partition("_")[0].lower() not in available():
        session.warn(
            sentence(
                "Textmeter isn't available in {language} yet. Available languages: {languages}.",
                language=lang,
                languages=", ".join(available()),
            )
        )
    if click.get_current_context().invoked_subcommand is None:
        return session.open_app(screen or "")
    return 0


def _show_version(context: click.Context, _parameter: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        from tui.diagnostics.checks import version

        write(f"textmeter {version('textmeter')}\n")
        context.exit()


def _in_our_words(error: click.UsageError) -> WrongUsage:
    """A mistake that Click found, in a sentence of ours. details: usage, where it is known."""
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
                "There is no option {name}. If your text starts with a dash, put two dashes before "
                "it: `{command} -- TEXT`.",
                name=error.option_name,
                command=command,
            )
    elif isinstance(error, click.MissingParameter):
        says = sentence("{name} is missing.", name=name_of(error.param, error.ctx))
    elif isinstance(error, click.BadOptionUsage):
        params = error.ctx.command.params if error.ctx else []
        option = next((param for param in params if error.option_name in param.opts), None)
        if isinstance(option, click.Option) and not option.is_flag:
            says = sentence("{name} needs a value.", name=error.option_name)
        else:
            says = sentence("{name} doesn't take a value.", name=error.option_name)
    elif error.ctx and isinstance(error.ctx.command, click.Group):  # `textmeter account --`
        says = sentence("{name} is missing.", name=error.ctx.command.subcommand_metavar.partition(" ")[0])
    else:
        says = sentence("Can't understand that: {why}", why=error.format_message())
    usage = {"usage": error.ctx.get_usage()} if error.ctx else {}
    return WrongUsage(says, code="usage", **usage)
