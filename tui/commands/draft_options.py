"""What `estimate` and `send` have in common: whom a text goes to, and the text."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from store.messages.model import Draft
from store.paths import files_within_reach, typed_path
from tui.commands.click_ext import Several, argument
from tui.commands.context import Session
from tui.i18n.language import Language

_looks_like_a_number = re.compile(r"[+(]?[0-9][0-9 ().-]{2,}").fullmatch


def recipients_option(language: Language) -> Several:
    """`--to`, which may be followed by several numbers."""
    _ = language.gettext
    return Several(
        "--to",
        _("NUMBER..."),
        _("A phone number; several after it or several times."),
        is_value=lambda word: _looks_like_a_number(word) is not None,
    )


def parameters(language: Language) -> list[click.Parameter]:
    """The parameters that make a draft."""
    _ = language.gettext
    return [
        recipients_option(language),
        Several("--group", _("NAME"), _("A group of your contacts."), is_value=lambda word: False),
        Several(
            "--media",
            _("FILE..."),
            _("A picture (JPEG, PNG, GIF, HEIC, WebP) or contact card (VCF), which makes it an MMS."),
            is_value=_is_file,
        ),
        argument("text", _("TEXT"), _("The text, or - to read it from standard input.")),
    ]


def draft_of(
    session: Session, to: Sequence[str], group: Sequence[str], media: Sequence[str], text: str
) -> Draft:
    """The draft that these parameters make. Raises click.MissingParameter where nobody is to get it, and
    FilesOutOfReach for pictures where no file can be read."""
    if not to and not group:
        context = click.get_current_context()
        raise click.MissingParameter(ctx=context, param=context.command.params[0])
    for path in media:
        typed_path(path)
    return Draft(body=session.text(text), to=tuple(to), groups=tuple(group), media=tuple(media))


def _is_file(word: str) -> bool:
    return files_within_reach() and typed_path(word).is_file()
