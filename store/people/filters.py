"""The language of the search and of filters. Pure: what somebody typed becomes terms, all of which must hold.

    #buyers unit:4* -opted-out last-text:>30d

Words are separated by blanks, and a `-` before one negates it. `#group`, `#"Open house"`: who is in a group.
`field:value`: whose field that is, `*` for any letters; nothing behind the colon: whose field is empty.
`opted-out`, `opted-in`: what was said of the number. `last-text:>30d`: whose last text was longer ago,
`<7d`: less long ago, `never`: who got none; d, w, m (30 days) and y (365 days). Anything else is a word that
stands somewhere in what is known of somebody. In quotes, blanks belong to what they stand in, and nothing has
a meaning; two quotes are one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from store.errors import WrongUsage
from store.people.model import ConsentState
from store.people.names import MOST_TERMS, field_name, is_number, tidy
from store.sentences import Sentence, sentence

SAVED = "="
"""What stands before the name of a saved filter where it is used in the place of a query."""

DAYS: Mapping[str, int] = {"d": 1, "w": 7, "m": 30, "y": 365}
"""The units in which it is said how long ago a text was."""

Than: TypeAlias = Literal["longer", "shorter", "never"]

_LAST_TEXT = "last_text"
_CONSENT = {"opted-out": ConsentState.OUT, "opted-in": ConsentState.IN}
_TOKEN = re.compile(
    r"""
    (?P<not>-(?=\S))?
    (?: (?P<group>\#) | (?P<field>[^\s":]*[^\W\d_][^\s":]*): )?
    (?: "(?P<quoted>(?:[^"]|"")*)(?P<closed>"?) | (?P<bare>\S*) )
    """,
    re.VERBOSE,
)
_AGO = re.compile(r"([<>])([0-9]{1,4})(\w*)")


class FilterMistake(WrongUsage):
    """A query that can't be followed; it says why."""

    default_code = "filter"

    def __init__(self, says: Sentence) -> None:
        super().__init__(says)


@dataclass(frozen=True, slots=True)
class Word:
    """Somebody about whom this is known. quoted: as it is written; otherwise it may be a number as people
    write them."""

    text: str
    quoted: bool = False
    negated: bool = False


@dataclass(frozen=True, slots=True)
class InGroup:
    """Who is in a group. name: as typed, with `*` for any letters."""

    name: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Has:
    """Whose field has a value. field: its name as typed; value: with `*` for any letters, "" for an empty
    field."""

    field: str
    value: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Consents:
    """What was said of the number last."""

    state: ConsentState
    negated: bool = False


@dataclass(frozen=True, slots=True)
class LastText:
    """When somebody was last texted. ago: a number of units (`DAYS`), 0 of "" for never."""

    than: Than
    ago: int = 0
    unit: str = ""
    negated: bool = False

    @property
    def days(self) -> int:
        return self.ago * DAYS.get(self.unit, 0)


Term: TypeAlias = Word | InGroup | Has | Consents | LastText


@dataclass(frozen=True, slots=True)
class Filter:
    """A query that was read. Its `str` is the query again, tidied."""

    terms: tuple[Term, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(_written, self.terms))


def parse(query: str) -> Filter:
    """What a query means. Raises FilterMistake."""
    query = tidy(query)
    terms: list[Term] = []
    at = 0
    while at < len(query):
        if query[at].isspace():
            at += 1
            continue
        found = _TOKEN.match(query, at)
        assert found is not None, "any word is one"
        if found["quoted"] is not None and not found["closed"]:
            raise FilterMistake(sentence("The quote in {word} isn't closed.", word=query[at:]))
        terms += _terms(found)
        if len(terms) > MOST_TERMS:  # the first of them alone would find more people than all do
            raise FilterMistake(sentence("A search can have {most} words at most.", most=MOST_TERMS))
        at = found.end()
    read = Filter(tuple(terms))
    number = str(read)
    return Filter((Word(number),)) if is_number(number) else read


def _terms(found: re.Match[str]) -> list[Term]:
    """The term that a word is; none where it is only begun."""
    quoted = found["quoted"] is not None
    text = found["quoted"].replace('""', '"') if quoted else found["bare"]
    term: Term
    if found["group"]:
        term = InGroup(text.strip() or "*")
    elif found["field"]:
        term = _last_text(text) if field_name(found["field"]) == _LAST_TEXT else Has(found["field"], text)
    elif text.strip() in ("", "-"):
        return []
    elif not quoted and (state := _CONSENT.get(text.lower())):
        term = Consents(state)
    else:
        term = Word(text, quoted)
    return [replace(term, negated=True) if found["not"] else term]


def _last_text(value: str) -> LastText:
    if value.lower() == "never":
        return LastText("never")
    ago = _AGO.fullmatch(value.lower())
    if ago is None:
        raise FilterMistake(
            sentence(
                "last-text: must be >30d (longer ago), <7d (more recent) or never, not “{value}”.",
                value=value,
            )
            if value
            else sentence("last-text: must be >30d (longer ago), <7d (more recent) or never.")
        )
    if ago[3] not in DAYS:
        raise FilterMistake(
            sentence(
                "“{value}” needs a unit: d (days), w (weeks), m (months) or y (years), such as {example}.",
                value=value,
                example=f"{ago[1]}{ago[2]}d",
            )
        )
    return LastText("longer" if ago[1] == ">" else "shorter", int(ago[2]), ago[3])


def _written(term: Term) -> str:
    return "-" * term.negated + _unnegated(term)


def _unnegated(term: Term) -> str:
    match term:
        case Word(text, quoted):
            return _quoted(text) if quoted else text
        case InGroup(name):
            return f"#{_value(name)}"
        case Has(field, value):
            return f"{field}:{_value(value)}"
        case Consents(state):
            return next(word for word, of in _CONSENT.items() if of is state)
        case LastText("never"):
            return "last-text:never"
        case LastText(than, ago, unit):
            return f"last-text:{'>' if than == 'longer' else '<'}{ago}{unit}"


def _value(text: str) -> str:
    """What stands behind a colon or a #: in quotes where it wouldn't be read as one."""
    return _quoted(text) if text.startswith('"') or any(map(str.isspace, text)) else text


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
