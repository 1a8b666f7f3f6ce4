"""Sentences that the store says to people, as data: a message id and its values.

The store knows no language. It hands out sentences; whoever shows them (a screen, a command) translates the
message id and formats each value by its type for one session's language. `sentence` and `sentences` are the
extraction keywords: Babel collects their first arguments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

# Named tuples: of frozen data classes each would take as long to make as eight of these, at every start.


class Money(NamedTuple):
    """An amount in cents of a currency (ISO 4217)."""

    cents: int
    currency: str = "USD"


class Percent(NamedTuple):
    """A share in whole per cent."""

    percent: int


class Region(NamedTuple):
    """A country or territory by its ISO 3166-1 alpha-2 code, to be shown by its name."""

    code: str


class Phone(NamedTuple):
    """A number (E.164), to be shown as it is written in the account's country."""

    e164: str

    def __str__(self) -> str:
        return self.e164


class Key(NamedTuple):
    """What a person presses to do something, to be shown as it is called on keyboards.

    action: the id of what it does; a person may have put that on another key. usual: the key that it has
    otherwise, as Textual names it ("ctrl+p").
    """

    action: str
    usual: str

    def __str__(self) -> str:
        return self.usual


@dataclass(frozen=True, slots=True)
class Sentence:
    """A translatable sentence.

    template: the message id, plain English with named {placeholders}.
    values: what fills them: int and Money and Percent and date (local) and datetime (aware) and Region and
        Phone and Key are formatted for the language, a Sentence is translated, a str stands as it is.
    plural: the plural message id, chosen by `values["count"]`; empty where there is only one form.
    code: what stands for it where it is kept (`store.refusals`); empty where it isn't.
    """

    template: str
    values: Mapping[str, Value] = field(default_factory=dict)
    plural: str = ""
    code: str = field(default="", compare=False)

    def __str__(self) -> str:
        """The English sentence, unformatted: for logs and tracebacks, not for people."""
        several = self.plural and self.values.get("count") != 1
        return (self.plural if several else self.template).format_map(dict(self.values))


Value: TypeAlias = int | str | date | datetime | Money | Percent | Region | Phone | Key | Sentence


def N_(template: str) -> str:
    """Marks a message id for extraction where it is data and is translated later."""
    return template


def sentence(template: str, **values: Value) -> Sentence:
    """A sentence with one form."""
    return Sentence(template, values)


def sentences(singular: str, plural: str, count: int, **values: Value) -> Sentence:
    """A sentence whose form depends on `count`, which fills {count} too."""
    return Sentence(singular, {"count": count, **values}, plural)
