"""`textmeter segments`: how a text is encoded and split, and what would make it shorter."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from typing import cast

import click

from store.errors import WrongUsage
from store.sentences import sentence
from store.texts import merge
from store.texts.near_misses import draft_fixes
from store.texts.replacements import Replacement
from store.texts.segments import Analysis, analyse, normalise
from tui.commands.click_ext import Command, argument, flag
from tui.commands.context import Session, write
from tui.i18n.language import Language
from tui.i18n.sanitize import plain

CHUNK = 1 << 20
MOST_BYTES = 1 << 21
"""Of a line."""


def command(language: Language) -> click.Command:
    _ = language.gettext
    return Command(
        language,
        "segments",
        run,
        about=_("Show how many segments a text takes."),
        more=_(
            "Shows the encoding, where the text is split, characters that make it longer than "
            "necessary, and fields that look misspelled. Fields are counted as written; a "
            "backslash before a brace makes it a plain brace. With --jsonl, texts are counted "
            "exactly as given. No account is needed, and nothing is sent."
        ),
        params=[
            argument("text", _("TEXT"), _("The text, or - to read it from standard input."), required=False),
            flag(
                "--jsonl",
                _("Read one JSON string per line from standard input and print one JSON object per line."),
            ),
        ],
        examples=[
            _('textmeter segments "The open house is on — Sunday 2 pm."'),
            "textmeter segments --jsonl < texts.jsonl",
        ],
    )


def run(session: Session, text: str | None, jsonl: bool) -> None:
    if jsonl:
        if text is not None:
            raise WrongUsage(
                sentence("--jsonl reads texts from standard input. Leave out TEXT."), code="usage"
            )
        _each_line(cast(io.BufferedReader, sys.stdin.buffer))
        return
    if text is None:
        context = click.get_current_context()
        raise click.MissingParameter(ctx=context, param=context.command.params[0])
    text = normalise(session.text(text))
    found, fixes = analyse(merge.parse(text).unfilled), draft_fixes(text)
    if session.json:
        session.answer(_as_data(found, fixes))
    else:
        session.say(*_in_words(session.language, found, fixes))


def _as_data(found: Analysis, fixes: Sequence[Replacement]) -> dict[str, object]:
    return {
        "encoding": found.encoding,
        "segments": found.segments,
        "units": found.units,
        "characters": found.characters,
        "split": found.split,
        "replaceable": [
            {"at": replacement.at, "character": replacement.character, "substitute": replacement.substitute}
            for replacement in fixes
        ],
    }


def _in_words(language: Language, found: Analysis, fixes: Sequence[Replacement]) -> Iterator[str]:
    _, ngettext, number = language.gettext, language.ngettext, language.number
    yield " · ".join(
        (
            found.encoding,
            ngettext("{count} segment", "{count} segments", found.segments).format(
                count=number(found.segments)
            ),
            ngettext("{count} character", "{count} characters", found.characters).format(
                count=number(found.characters)
            ),
            ngettext("{count} unit", "{count} units", found.units).format(count=number(found.units)),
            ngettext(
                "{count} unit free in the last segment",
                "{count} units free in the last segment",
                found.units_left,
            ).format(count=number(found.units_left)),
        )
    )
    for position, part in enumerate(found.split, 1):
        yield f"{position:>3}  {plain(part)}"
    if fixes:
        yield _("These can be replaced: characters that take more room, and fields that look misspelled:")
        for replacement in fixes:
            character = replacement.character.lstrip(" ")  # a space may go with what adorns
            yield _("  at {at}: {character} → {substitute}").format(
                at=number(replacement.at + len(replacement.character) - len(character)),
                character=plain(character.rstrip(" ")),
                substitute=plain(replacement.substitute) or _("nothing"),
            )


def _each_line(stdin: io.BufferedReader) -> None:
    """Answers line by line, and passes on what is answered whenever it has to wait for more."""
    import json

    encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
    number = 0
    for lines in _arriving(stdin):
        answers = []
        try:
            for line in lines:
                number += 1
                if line.strip():
                    found = analyse(_string(line, number))
                    answer = _as_data(found, found.replaceable)
                    del answer["split"]
                    answers.append(encode(answer) + "\n")
        finally:  # a bad line doesn't take the answers before it away
            write("".join(answers))
        if sys.stdout is not None:
            sys.stdout.flush()


def _arriving(stdin: io.BufferedReader) -> Iterator[list[bytes]]:
    """The lines as they come, as many at once as are there; of one that is too long the beginning, which then
    is the last."""
    begun = b""
    while len(begun) <= MOST_BYTES and (chunk := stdin.read1(CHUNK)):
        *lines, begun = (begun + chunk).split(b"\n")
        if lines:
            yield lines
    yield [begun]


def _string(line: bytes, number: int) -> str:
    import json

    if len(line) > MOST_BYTES:
        raise WrongUsage(
            sentence(
                "Line {line} of the input is longer than {most} bytes. The lines before it were "
                "processed. Put one text on each line.",
                line=number,
                most=MOST_BYTES,
            ),
            code="too-long",
            line=number,
        )
    try:
        text = json.loads(line)
    except (ValueError, RecursionError):
        text = None
    if not isinstance(text, str):
        raise WrongUsage(
            sentence(
                "Line {line} of the input isn't a JSON string. The lines before it were processed. "
                "Put one text in double quotes on each line.",
                line=number,
            ),
            code="bad-line",
            line=number,
        )
    return text
