"""Merge fields: {first_name} is a recipient's first name, {first_name|there} is "there" if that is unknown.

Only the name of a field in braces, with or without a fallback, is a field: one of `FIELDS`, or one of the
recipients' own, such as {unit}. Any other brace is the ordinary
character; words in braces that are no field's name stay in the text too, and are reported.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import NamedTuple

FIELDS = ("first_name", "last_name", "name", "company")

_field = re.compile(r"\{([^\W\d][\w ]*)(?:\|([^{}|]*))?\}")


class Field(NamedTuple):
    """A field where it stands. at: its index in the text; fallback: None where none is given."""

    at: int
    name: str
    fallback: str | None


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
    their places, "…" where there is none."""
    template = parse(text)
    return template.render(dict.fromkeys(template.missing({}), "…"))


def parse(text: str, own: Container[str] = ()) -> Template:
    """The template that a text is. own: names of fields besides `FIELDS`."""
    parts: list[str | Field] = []
    unknown: list[Field] = []
    done = 0
    for match in _field.finditer(text):
        field = Field(match.start(), match[1], match[2])
        if field.name not in FIELDS and field.name not in own:
            unknown.append(field)
            continue
        parts += text[done : field.at], field
        done = match.end()
    parts.append(text[done:])
    names = dict.fromkeys(part.name for part in parts if isinstance(part, Field))
    return Template(tuple(names), tuple(unknown), tuple(part for part in parts if part))
