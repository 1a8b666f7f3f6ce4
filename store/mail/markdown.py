"""Markdown as a page for a mail, pure: no HTML of the writer's, no address but http, https and mailto, and
nothing that is fetched when it is read, so pictures become links."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from store.texts.merge import Field, Template

_SCHEMES = re.compile("(?:https?|mailto):", re.IGNORECASE)
_BEGIN = (
    '<!doctype html>\n<html><head><meta charset="utf-8"></head>\n<body style="font-family: sans-serif; '
    'font-size: 16px; line-height: 1.5; max-width: 40em; margin: 0 auto; padding: 16px">\n'
)
_END = "</body></html>\n"


def page(text: str) -> str:
    """A text without fields as a page."""
    return template(Template((), (), (text,))).render({})


def template(text: Template) -> Template:
    """A text with its fields as a page with the same fields, made once for all who get it: `render` it with
    `escaped` values. What a field takes is text: no Markdown, and no way out of where it stands."""
    fields = [part for part in text.parts if isinstance(part, Field)]
    mark = _mark("".join(part for part in text.parts if isinstance(part, str)))
    counted = iter(range(len(fields)))
    marked = "".join(part if isinstance(part, str) else f"{mark}{next(counted)}{mark}" for part in text.parts)
    rendered = _BEGIN + _markdown().render(marked) + _END
    parts: list[str | Field] = []
    for at, piece in enumerate(re.split(f"{mark}([0-9]+){mark}", rendered)):
        if at % 2 == 0:
            parts.append(piece)
        else:
            field = fields[int(piece)]
            parts.append(field._replace(fallback=html.escape(field.fallback) if field.fallback else None))
    return Template(text.fields, (), tuple(part for part in parts if part))


def escaped(values: Mapping[str, str]) -> dict[str, str]:
    """What fields take, as a page takes it."""
    return {name: html.escape(value) for name, value in values.items()}


def _mark(text: str) -> str:
    """What stands in for fields while Markdown is read: a word that the text doesn't have, of which neither
    an address nor emphasis makes anything."""
    mark = "q"
    while mark in text:
        mark += "zq"
    return mark


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough")
    markdown.validateLink = _is_allowed  # type: ignore[method-assign]
    markdown.add_render_rule("image", _link)
    return markdown


def _is_allowed(url: str) -> bool:
    return _SCHEMES.match(url) is not None


def _link(self: object, tokens: Sequence[Token], at: int, options: object, env: object) -> str:
    """A picture as a link to it; as its words alone where it stands in a link."""
    image = tokens[at]
    source = str(image.attrs["src"])
    words = html.escape(image.content or source)
    inside = sum(token.nesting for token in tokens[:at] if token.type in ("link_open", "link_close"))
    return words if inside else f'<a href="{html.escape(source)}">{words}</a>'
