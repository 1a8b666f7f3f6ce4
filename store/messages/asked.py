"""What a text that came in asks for: to be texted no more, to be texted again, who writes at all; or that a
person looks at it. `assets/opt_out` has the words, a file a language; all of them count everywhere.

A word counts as a message of its own, not inside a sentence ("can we stop by at 5?"): whatever its case,
accents, dots, quotes and spaces ("S T O P"), and "please" beside it.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from store.people.names import fold

_FOLDER = Path(__file__).resolve().parents[2] / "assets" / "opt_out"
_FIRST = "en"
_WORD = re.compile(r"[^\W_]+")
LONGEST = 60
"""Characters of a message of its own: what is longer is a sentence."""


class Asks(StrEnum):
    """REFUSAL: a person decides what was meant."""

    OUT = "out"
    IN = "in"
    HELP = "help"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a text asks for, None for nothing of the kind, and what is answered, in its language: "" nothing.
    if_out: whether it asks for that only where it comes from somebody who is out."""

    asks: Asks | None = None
    answer: str = ""
    if_out: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    """words: what a whole message means, folded and without spaces. polite: phrases beside one. refusals:
    phrases, as words between spaces, and those of languages that put none between words."""

    words: Mapping[str, Asked]
    polite: Sequence[str]
    refusals: Sequence[str]
    unspaced: Sequence[str]


def asked(body: str) -> Asked:
    """What a text that came in asks for."""
    known, text = _words(), f" {_spaced(body)} "
    if len(body) <= LONGEST:
        alone = text
        for phrase in known.polite:
            alone = alone.replace(phrase, " ")
        said = alone.split()
        if found := known.words.get("".join(said if len(set(said)) != 1 else said[:1])):
            return found
    if any(phrase in text for phrase in known.refusals):
        return Asked(Asks.REFUSAL)
    compact = text.replace(" ", "")
    return Asked(Asks.REFUSAL) if any(phrase in compact for phrase in known.unspaced) else Asked()


def _spaced(text: str) -> str:
    """Its words, folded, a space between them."""
    return " ".join(
        _WORD.findall(fold(unicodedata.normalize("NFKC", text).replace("'", "").replace("’", "")))
    )


@lru_cache(maxsize=1)
def _words() -> _Words:
    words: dict[str, Asked] = {}
    polite, refusals, unspaced = list[str](), list[str](), list[str]()
    for path in sorted(_FOLDER.glob("*.toml"), key=lambda path: (path.stem != _FIRST, path.stem)):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        for asks in (Asks.OUT, Asks.IN, Asks.HELP):
            said = Asked(asks, data[f"says_{asks}"])
            for word in data[asks]:
                words.setdefault(_spaced(word).replace(" ", ""), said)
        for word in data.get("back", ()):
            words.setdefault(_spaced(word), Asked(Asks.IN, data["says_in"], if_out=True))
        polite += [_beside(phrase) for phrase in data["polite"]]
        for phrase in map(_spaced, data["refusals"]):
            (refusals if _is_spaced(phrase) else unspaced).append(_beside(phrase))
    return _Words(words, polite, refusals, unspaced)


def _beside(phrase: str) -> str:
    """A phrase as it is looked for: as whole words, where its language puts spaces between them."""
    folded = _spaced(phrase)
    return f" {folded} " if _is_spaced(folded) else folded


def _is_spaced(text: str) -> bool:
    return ord(text[0]) < 0x2E80  # the first of what East Asian languages are written in
