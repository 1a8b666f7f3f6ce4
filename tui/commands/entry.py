"""How every run of the command line begins and ends."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence

from store.errors import TextmeterError, WrongUsage, reason
from store.sentences import sentence
from tui.commands.context import COMPLETE, Session, as_json, tell, write
from tui.i18n.language import Language, requested
from tui.i18n.sanitize import plain

# As shells report a process that these signals ended: 128 and the signal's number.
INTERRUPTED = 128 + 2
BROKEN_PIPE = 128 + 13


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs a command line to its end; the exit code. Nothing is raised, and no traceback shown."""
    args = sys.argv[1:] if arguments is None else list(arguments)
    return run_in(Session, args, *_language_configured())


def _language_configured() -> tuple[str, bool]:
    """The language that is configured, or "", and whether a variable asks for it now."""
    from store.config import ConfigMistake, Origin, found
    from store.config.schema import entry

    try:
        value, origin = found(entry("language"))
    except ConfigMistake:
        return "", False  # told by whoever needs more of the configuration
    return str(value or ""), origin is Origin.ENVIRONMENT


def run_in(
    make: Callable[[Language, bool], Session],
    args: list[str],
    configured: str = "",
    asks: bool = False,
) -> int:
    """The same in a session of another kind. make: gets its language, and whether that was asked for.
    configured: the language where no option names one; asks: whether that counts as asked for."""
    asked = _language_asked(args)
    session = make(Language(asked or configured or requested()), bool(asked) or asks)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without UTF-8 shows ? rather than nothing
    try:
        try:
            return _run(session, args)
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except BrokenPipeError:  # whoever read our output has seen enough
        _write_no_more()
        return BROKEN_PIPE
    except OSError as error:
        _write_no_more()
        lost = sentence("Can't write the output: {why}. Everything done so far is saved.", why=reason(error))
        tell(plain(session.language.say(lost), lines=True))
        return 1
    except KeyboardInterrupt:
        tell("\n" + session.language.gettext("Stopped. Everything done so far is saved."))
        return INTERRUPTED


def _write_no_more() -> None:
    """What is left of the output must not fail again when Python closes the stream."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(session: Session, args: list[str]) -> int:
    try:
        _read(args)
        if not args and COMPLETE not in os.environ:
            return session.open_app()  # without Click, which would be a tenth of the time to the first paint
        from tui.commands.root import call

        return call(session, args)
    except TextmeterError as error:
        session.keep_cause(error)
        _fail(session, args, error)
        return error.exit_code
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - a person gets a sentence, whatever happened
        if sys.stdout is not None:
            sys.stdout.flush()  # fails where that is what has failed
        _fail(session, args, _unexpected(session, error))
        return session.crash_code


def _read(args: Sequence[str]) -> None:
    """Raises WrongUsage for an argument whose bytes are no text, which a command would answer wrongly."""
    for argument in args:
        try:
            argument.encode()
        except UnicodeError:
            raise WrongUsage(
                sentence(
                    "Some characters in {argument} can't be read because it isn't UTF-8. Type it in a "
                    "terminal that uses UTF-8.",
                    argument=argument,
                ),
                code="not-utf-8",
            ) from None


def _language_asked(args: Sequence[str]) -> str:
    """The value of --lang, looked for before parsing: help and errors come in that language."""
    words = iter(args)
    for word in words:
        name, separator, value = word.partition("=")
        if name == "--lang":
            return value if separator else next(words, "")
        if word in ("--database", "--now", "--account", "--screen"):
            next(words, "")
        elif not word.startswith("-") or word == "--":
            break
    return ""


def _wants_json(args: Sequence[str]) -> bool:
    options = args[: args.index("--")] if "--" in args else args
    return "--json" in options or "--jsonl" in options


def _fail(session: Session, args: Sequence[str], error: TextmeterError) -> None:
    says = session.language.say(error.says)
    if _wants_json(args):
        write(as_json({"error": {"code": error.code, "message": says, **error.details}}) + "\n")
    else:
        tell(plain(says, lines=True))
        if usage := error.details.get("usage"):
            tell(str(usage))


def _unexpected(session: Session, error: Exception) -> TextmeterError:
    """What a person is told of an error that nobody foresaw; its details are kept for whoever mends it."""
    from tui.diagnostics.crash import Crashed

    if isinstance(error, Crashed):
        session.language = error.language  # the app's, which may have been chosen there
    return TextmeterError(session.keep_details(error), code="unexpected")
