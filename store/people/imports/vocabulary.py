"""The words of the address books' languages: `assets/headers` has them, a file a language.

A word is compared folded, a phrase without its spaces: "First name" is also `firstName` and FIRST_NAME.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from store.people.names import fold

_FOLDER = Path(__file__).resolve().parents[3] / "assets" / "headers"
_FIRST = "en"
"""Where two languages mean different things by one word, this one is right, then the others by their tags."""
_WORD = re.compile(r"[^\W_]+")
_OF = re.compile(r"['\u2019]s\b")
_RUN_TOGETHER = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_LONGEST_COMPOUND = 40
"""Characters of a word that is taken apart."""
_KINDS = ("mobile", "home", "work", "main", "other", "fax", "no_texts")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What words mean, in all languages at once. Keys and members are folded.

    columns: fields by compact names. kinds: of numbers ("mobile", "home", "work", "main", "other", "fax",
    "no_texts"). lone: kinds by one letter. compounds: every word that others may be made of. out, in_:
    phrases that name a column of consent. yes, no, refused, unknown: its answers, compact. titles: before a
    name; dotted: those that are titles only with a point behind them; after: behind a name, without a space.
    nobody: phrases for no name; totals: what begins a row of sums. countries: regions by compact names.
    """

    columns: Mapping[str, str]
    phone: frozenset[str]
    phone_columns: frozenset[str]
    kinds: Mapping[str, str]
    lone: Mapping[str, str]
    fillers: frozenset[str]
    kind_words: frozenset[str]
    email: frozenset[str]
    email_fillers: frozenset[str]
    roles: frozenset[str]
    others: frozenset[str]
    out: frozenset[str]
    in_: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]
    refused: frozenset[str]
    unknown: frozenset[str]
    titles: frozenset[str]
    dotted: frozenset[str]
    after: tuple[str, ...]
    joined_by: frozenset[str]
    nobody: frozenset[str]
    totals: frozenset[str]
    countries: Mapping[str, str]
    compounds: frozenset[str]


def words_of(text: str) -> list[str]:
    """The folded words of a label or a column's name, signs aside, those apart that only capitals or digits
    tell apart."""
    if not text.isascii() or not text.islower():
        text = "".join(_parted(text))
    words = _WORD.findall(_OF.sub("", _RUN_TOGETHER.sub(" ", fold(text))))
    for at in range(len(words) - 2, -1, -1):
        if (words[at] == "e" and words[at + 1].startswith("mail")) or words[at : at + 2] == ["i", "phone"]:
            words[at : at + 2] = ["".join(words[at : at + 2])]
    return words


def _parted(text: str) -> Iterator[str]:
    before = ""
    for at, character in enumerate(text):
        if character.isupper() and (
            before.islower() or (before.isupper() and text[at + 1 : at + 2].islower())
        ):
            yield " "
        yield character
        before = character


def compact(words: str | Iterable[str]) -> str:
    """A phrase without what lies between its words."""
    return "".join(words_of(words) if isinstance(words, str) else words)


def parts_of(words: Iterable[str]) -> list[str]:
    """The words, those that are made of known ones taken apart: "phno", "Handynummer", 携帯電話番号."""
    return [part for word in words for part in _taken_apart(word)]


@lru_cache(maxsize=4096)
def _taken_apart(word: str) -> tuple[str, ...]:
    known = vocabulary().compounds
    if word in known or not 3 <= len(word) <= _LONGEST_COMPOUND:
        return (word,)
    ways: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(end):
            before, part = ways[start], word[start:end]
            # One letter is a word in Chinese only, and digits stand for themselves.
            if before is None or part not in known or (part.isascii() and len(part) < 2):
                continue
            found, so_far = (*before, part), ways[end]
            if so_far is None or len(found) < len(so_far):
                ways[end] = found
    return ways[-1] or (word,)


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """All languages' words, read when the first file is imported."""
    files = sorted(_FOLDER.glob("*.toml"), key=lambda path: (path.stem != _FIRST, path.stem))
    languages = [tomllib.loads(path.read_text(encoding="utf-8")) for path in files]
    numbers = [language["numbers"] for language in languages]
    names = [language["names"] for language in languages]
    consent = [language["consent"] for language in languages]
    kinds = {word: kind for each in reversed(numbers) for kind in _KINDS for word in _words(each, kind)}
    phone, email, fillers = (
        _all(numbers, "words"),
        _all(_sections(languages, "emails"), "words"),
        _all(numbers, "fillers"),
    )
    roles = _all(_sections(languages, "people"), "roles")
    columns = {
        compact(name): field
        for language in reversed(languages)
        for field, listed in language["columns"].items()
        for name in listed
    }
    email_fillers = _all(_sections(languages, "emails"), "fillers")
    return Vocabulary(
        columns=columns,
        phone=phone,
        phone_columns=_compact(numbers, "whole"),
        kinds=kinds,
        lone={letter: kind for each in numbers for letter, kind in each.get("lone", {}).items()},
        fillers=fillers,
        kind_words=_all(numbers, "kind"),
        email=email,
        email_fillers=email_fillers,
        roles=roles,
        others=_all(_sections(languages, "people"), "others"),
        out=_compact(consent, "out"),
        in_=_compact(consent, "in"),
        yes=_compact(consent, "yes") | {"✓", "✔", "☑", "○", "◯"},
        no=_compact(consent, "no") | {"✗", "✘", "☐", "×"},
        refused=_compact(consent, "refused"),
        unknown=_compact(consent, "unknown"),
        titles=_compact(names, "titles"),
        dotted=_compact(names, "dotted"),
        after=tuple(fold(word) for each in names for word in each.get("after", ())),
        joined_by=_all(names, "joined_by"),
        nobody=frozenset(fold(phrase) for each in names for phrase in each["nobody"]),
        totals=_compact(names, "totals"),
        countries={
            compact(name): region
            for language in reversed(languages)
            for region, listed in language["countries"].items()
            for name in listed
        },
        compounds=frozenset({*phone, *kinds, *fillers, *email, *email_fillers, *roles, *columns}),
    )


def _sections(languages: Iterable[Mapping[str, Any]], name: str) -> list[Mapping[str, Any]]:
    return [language[name] for language in languages]


def _words(section: Mapping[str, Any], name: str) -> list[str]:
    return [fold(word) for phrase in section[name] for word in phrase.split()]


def _all(sections: Iterable[Mapping[str, Any]], name: str) -> frozenset[str]:
    return frozenset(word for section in sections for word in _words(section, name))


def _compact(sections: Iterable[Mapping[str, Any]], name: str) -> frozenset[str]:
    return frozenset(compact(phrase) for section in sections for phrase in section[name]) - {""}
