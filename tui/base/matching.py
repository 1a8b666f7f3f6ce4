"""How well something fits what somebody typed: words that begin so come before words that hold it, and those
before letters that are scattered over a name.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from math import prod

from textual.fuzzy import FuzzySearch

from store.people.names import fold

WHOLE, WORD, STARTS, ALSO, ABOUT, HOLDS, SCATTERED = 100.0, 90.0, 80.0, 70.0, 40.0, 50.0, 10.0
"""What a match is worth: the whole label; a word of it; the start of a word; a word by which it is found
too; one of its description; a part of a word; letters in their order."""
LEAST_HELD = 3
"""Letters that are looked for within words; fewer are in every other one."""
MOST_WAYS = 2_000
"""Ways to lay letters over a name that are tried: more would hold up the next key."""

_search = FuzzySearch(case_sensitive=True, cache_size=256)


class Words:
    """What a thing is found by, without case and accents. label: its name; also: words that mean it too;
    about: its description."""

    def __init__(self, label: str, also: str = "", about: str = "") -> None:
        self._label, self._also, self._about = label, also, about

    @cached_property
    def label(self) -> str:
        """The name, folded."""
        return fold(self._label)

    @cached_property
    def _label_words(self) -> list[str]:
        return _words(self.label)

    @cached_property
    def _also_words(self) -> list[str]:
        return _words(fold(self._also))

    @cached_property
    def _about_words(self) -> list[str]:
        return _words(fold(self._about))

    def score(self, typed: str) -> float:
        """How well it fits what was typed, folded and not empty; 0 where it doesn't."""
        terms = typed.split()
        found = [self._of_term(term) for term in terms]
        if all(found):
            whole = WHOLE - WORD if self.label == typed else 0.0
            begins = 5.0 if self.label.startswith(typed) else 0.0
            return sum(found) / len(found) + whole + begins - len(self.label) / 1_000
        return self._scattered("".join(terms))

    def _of_term(self, term: str) -> float:
        if term in self._label_words:
            return WORD
        if _starts(self._label_words, term):
            return STARTS
        if _starts(self._also_words, term):
            return ALSO
        if len(term) >= LEAST_HELD and term in self.label:
            return HOLDS
        return ABOUT if _starts(self._about_words, term) else 0.0

    def _scattered(self, letters: str) -> float:
        """Letters in their order: the first begins a word, and they stand in few runs."""
        if len(letters) < 2 or prod(map(self.label.count, letters)) > MOST_WAYS:
            return 0.0
        score, places = _search.match(letters, self.label)
        if not score or not _begins_word(self.label, places[0]):
            return 0.0
        runs = 1 + sum(after != before + 1 for before, after in pairwise(places))
        return SCATTERED * (1 + score / (4 * len(letters))) if runs <= 1 + len(letters) // 2 else 0.0


def _words(text: str) -> list[str]:
    """The words of folded text, those between signs too: "monday-friday" is three."""
    parts = "".join(letter if letter.isalnum() else " " for letter in text).split()
    return [*text.split(), *parts]


def _starts(words: list[str], term: str) -> bool:
    return any(word.startswith(term) for word in words)


def _begins_word(text: str, place: int) -> bool:
    return place == 0 or not text[place - 1].isalnum()
