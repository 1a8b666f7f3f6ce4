"""What `estimate` and `send` have in common: whom a text goes to, and the text."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

import click

from store.errors import WrongUsage
from store.messages.model import Draft, Purpose
from store.paths import files_within_reach, typed_path
from store.people.filters import SAVED
from store.sentences import sentence
from tui.commands.click_ext import Choice, Replaceable, Several, flag, option
from tui.commands.context import Session
from tui.i18n.language import Language

if TYPE_CHECKING:
    from store import Store

_NO_REASON = sentence(
    "An emergency needs a reason: add --override WHY. It is kept with the text. Nothing was sent."
)

looks_like_a_number = re.compile(r"[+(]?[0-9][0-9 ().-]{2,}").fullmatch


def recipients_option(language: Language) -> Several:
    """`--to`, which may be followed by several numbers."""
    _ = language.gettext
    return Several(
        "--to",
        _("NUMBER..."),
        _("A phone number. Use it more than once, or list several after it."),
        is_value=lambda word: looks_like_a_number(word) is not None,
    )


def parameters(language: Language) -> list[click.Parameter]:
    """The parameters that make a draft."""
    _ = language.gettext
    return [
        recipients_option(language),
        Several("--group", _("NAME"), _("One of your groups."), is_value=lambda word: False),
        flag("--everyone", _("All your contacts.")),
        Several(
            "--filter",
            _("QUERY"),
            _(
                "Everyone who matches: “#buyers unit:4* -opted-out last-text:>30d”, or =NAME for a "
                "saved filter."
            ),
            is_value=lambda word: False,
            called="filters",
        ),
        Several(
            "--except",
            _("NUMBER|GROUP..."),
            _("Leave these out: numbers, groups, and =NAME for saved filters."),
            is_value=lambda word: looks_like_a_number(word) is not None,
            called="but",
        ),
        flag("--household", _("Send one text per household, to the first person who can get it.")),
        Several(
            "--media",
            _("FILE..."),
            _("A picture (JPEG, PNG, GIF, HEIC, WebP) or contact card (VCF). Makes the text an MMS."),
            is_value=_is_file,
        ),
        option(
            "--purpose",
            _("WHAT"),
            _(
                "The purpose ({purposes}), which decides who is left out. Default: notice to several "
                "people, conversation to one person."
            ).format(purposes=", ".join(Purpose)),
            Choice(list(Purpose)),
        ),
        option(
            "--override",
            _("WHY"),
            _("The reason for an emergency, or for texting people who were texted recently."),
        ),
        option("--template", _("NAME"), _("A template to use instead of TEXT.")),
        Replaceable(
            "text", _("TEXT"), _("The text, or - to read it from standard input."), unless="--template"
        ),
    ]


class Who(TypedDict):
    """What these parameters are given."""

    to: tuple[str, ...]
    group: tuple[str, ...]
    everyone: bool
    filters: tuple[str, ...]
    but: tuple[str, ...]
    household: bool
    media: tuple[str, ...]
    purpose: str | None
    override: str | None
    template: str | None
    text: str | None


def draft_of(session: Session, given: Who) -> Draft:
    """The draft that these parameters make; a list that was pasted as one word is its numbers. Raises
    click.MissingParameter where nobody is to get it or there is no text, WrongUsage for a text beside a
    template and for an emergency without a reason, and FilesOutOfReach for pictures where no file can be
    read. The text of a template is found by `worded`."""
    from tui.compose.queries import pieces

    context = click.get_current_context()
    if not any((given["to"], given["group"], given["everyone"], given["filters"])):
        raise click.MissingParameter(ctx=context, param=context.command.params[0])
    if given["text"] is None and given["template"] is None:
        text = next(param for param in context.command.params if param.name == "text")
        raise click.MissingParameter(ctx=context, param=text)
    if given["text"] is not None and given["template"] is not None:
        says = sentence("Use a text or a template, not both. Nothing was sent.")
        raise WrongUsage(says, code="usage")
    purpose, why = given["purpose"], session.text(given["override"] or "").strip()
    if purpose == Purpose.EMERGENCY and not why:
        raise WrongUsage(_NO_REASON, code="no-reason")
    for path in given["media"]:
        typed_path(path)
    numbers = [word for word in given["but"] if looks_like_a_number(word)]
    saved = [word for word in given["but"] if word.startswith(SAVED)]
    return Draft(
        body=session.text(given["text"] or ""),
        to=tuple(piece for word in given["to"] for piece in pieces(word) or [word]),
        groups=given["group"],
        media=given["media"],
        everyone=given["everyone"],
        but_to=tuple(numbers),
        but_groups=tuple(word.removeprefix("#") for word in given["but"] if word not in (*numbers, *saved)),
        filters=given["filters"],
        but_filters=tuple(saved),
        household=given["household"],
        purpose=Purpose(purpose) if purpose else None,
        why=why,
        language=session.language.code,
    )


def worded(session: Session, store: Store, draft: Draft, given: Who) -> Draft:
    """The draft with the words of the template that was asked for, if one was, for what that is unless
    another purpose was said. Raises WrongUsage where there is none of that name, or it is for an emergency
    without a reason."""
    if given["template"] is None:
        return draft
    template = store.templates.named(given["template"], session.language.code)
    if template.purpose is Purpose.EMERGENCY and draft.purpose is None and not draft.why:
        raise WrongUsage(_NO_REASON, code="no-reason")
    purpose = draft.purpose or template.purpose
    return replace(draft, body=template.text, purpose=purpose, language=template.language)


def _is_file(word: str) -> bool:
    return files_within_reach() and typed_path(word).is_file()
