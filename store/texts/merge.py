r"""Merge fields: {first_name} is a recipient's first name, {first_name|there} is "there" if that is unknown.

Only the name of a field in braces, with or without a fallback, is a field. Any other brace is the ordinary
character; words in braces that are no field's name stay in the text too, and are reported. \{ and \} write
braces of which nothing is made. What is nearly a field is found by `near_misses`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

FIELDS = ("first_name", "last_name", "name", "company")
"""Those that everybody has. People may have fields of their own beside them."""

_token = re.compile(r"\\([{}])|\{([^\W\d][\w ]*)(?:\|([^{}|]*))?\}")


class Field(NamedTuple):
    """A field where it stands. at: its index in the text; fallback: None where none is given."""

    at: int
    name: str
    fallback: str | None

    @property
    def written(self) -> str:
        """The field as it stands in the text."""
        return field(self.name, self.fallback)


def field(name: str, fallback: str | None = None) -> str:
    """How a field is written."""
    return f"{{{name}}}" if fallback is None else f"{{{name}|{fallback}}}"


@dataclass(frozen=True, slots=True)
class Template:
    """A text and its fields. fields: what it needs from a recipient, each once, in the order of first use.

    unknown: fields that do not exist. parts: literal texts and fields that exist, in order.
    """

    fields: tuple[str, ...]
    unknown: tuple[Field, ...]
    parts: tuple[str | Field, ...]

    def render(self, values: Mapping[str, str]) -> str:
        """The text for one recipient. Where a value is absent or blank, the fallback stands, or nothing.

        Braces within values are literal.
        """
        return "".join(
            [
                part if isinstance(part, str) else values.get(part.name, "").strip() or part.fallback or ""
                for part in self.parts
            ]
        )

    @property
    def unfilled(self) -> str:
        """The text with its fields as they are written, for nobody in particular."""
        return "".join(part if isinstance(part, str) else part.written for part in self.parts)

    def missing(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """The fields that would leave a gap in a recipient's text: no value, and somewhere no fallback."""
        return tuple(
            name
            for name in self.fields
            if not values.get(name, "").strip()
            and any(isinstance(part, Field) and part[1:] == (name, None) for part in self.parts)
        )


def sketch(text: str) -> str:
    """A text as somebody unknown would get it, for lists of texts that nobody got yet: fallbacks stand in
    their places, "…" where there is none. Whatever looks like a field is taken for one, since people may have
    any of their own."""
    template = parse(text, {match[2] for match in _token.finditer(text) if match[2]})
    return template.render(dict.fromkeys(template.missing({}), "…"))


def parse(text: str, known: Collection[str] = FIELDS) -> Template:
    """The template that a text is. known: the names of all fields that there are."""
    parts: list[str | Field] = []
    unknown: list[Field] = []
    done = 0
    for match in _token.finditer(text):
        brace, name, fallback = match.groups()
        if brace is None and name not in known:
            unknown.append(Field(match.start(), name, fallback))
            continue
        parts += text[done : match.start()], brace or Field(match.start(), name, fallback)
        done = match.end()
    parts.append(text[done:])
    names = dict.fromkeys(part.name for part in parts if isinstance(part, Field))
    return Template(tuple(names), tuple(unknown), tuple(part for part in parts if part))


def below(text: str, line: str) -> str:
    """A text with a line below it, if there is one."""
    return f"{text}\n{line}" if line else text
