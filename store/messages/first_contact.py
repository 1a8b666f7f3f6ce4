"""The line below the first marketing text to somebody: who writes, and how to opt out (rules, 4b). US
carriers ask for both in a first text (CTIA, Messaging Principles and Best Practices).

Its words stand in the catalog, by the language of the text, English where that has none; a user's own file
replaces those that come with Textmeter."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from store.credits.catalog_files import card_text, catalog_mistake, own_or_shipped
from store.messages.content import says_who
from store.sentences import sentence
from store.texts.languages import language_of

FILE = "first-contact.csv"
_COLUMNS = ("language", "named", "alone")
_OTHERWISE = "en"

_says_how = re.compile(r"(?<![A-Za-z])STOP(?![A-Za-z])").search


class Words(NamedTuple):
    """The line in one language. named: with {name} for who writes; alone: for a text that says who writes, or
    where that isn't known."""

    named: str
    alone: str


class FirstLine(NamedTuple):
    """What is below the first text of an account. lines: by language, of which English is one; language: BCP
    47, of texts whose words don't tell theirs, "" unknown. names: by which people know who writes, maybe
    none."""

    lines: Mapping[str, Words]
    language: str = ""
    names: tuple[str, ...] = ()

    def below(self, body: str) -> str:
        """The line for a text, "" where that says how to opt out by itself. body: with its fields in
        place."""
        if _says_how(body):
            return ""
        words = self._words(language_of(body, self.language))
        if not self.names or says_who(body, self.names):
            return words.alone
        return words.named.format(name=self.names[0])

    def _words(self, language: str) -> Words:
        base = language.replace("_", "-").partition("-")[0].lower()
        return self.lines.get(base) or self.lines[_OTHERWISE]


def first_line(folder: Path | None, language: str, names: Sequence[str]) -> FirstLine:
    """folder: the user's catalog; language: BCP 47, of texts whose words don't tell theirs. Raises
    CatalogMistake."""
    path = own_or_shipped(folder, FILE)
    return FirstLine(_read(path, path.stat().st_mtime_ns), language, tuple(names))


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Mapping[str, Words]:
    """By language. Raises CatalogMistake."""
    lines = csv.DictReader(io.StringIO(card_text(path)), restval="")
    found = dict[str, Words]()
    for column in _COLUMNS:
        if column not in (lines.fieldnames or ()):
            raise catalog_mistake(path, column, 1, sentence("this column is missing"))
    for row in lines:
        if not re.fullmatch("[a-z]{2,3}", row["language"]) or row["language"] in found:
            problem = sentence("must be a language such as en, each on its own line")
            raise catalog_mistake(path, "language", lines.line_num, problem)
        named, alone = row["named"].strip(), row["alone"].strip()
        if named.count("{name}") != 1 or re.search(r"[{}]", named.replace("{name}", "")):
            raise catalog_mistake(
                path, "named", lines.line_num, sentence("must contain {name} once", name="{name}")
            )
        for column, words in (("named", named), ("alone", alone)):
            if not _says_how(words):
                problem = sentence("must say STOP, which works in every language")
                raise catalog_mistake(path, column, lines.line_num, problem)
        found[row["language"]] = Words(named, alone)
    if _OTHERWISE not in found:
        raise catalog_mistake(
            path, "language", 0, sentence("there is no line for {language}", language=_OTHERWISE)
        )
    return found
