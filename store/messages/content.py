"""What carriers' filters look for in a text: advice beside its cost, which never stops it. Pure, and cheap
enough for every key."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from store.messages.model import Problem
from store.people.names import fold
from store.sentences import Sentence, sentence, sentences
from store.texts.merge import Template

_SHORTENERS = Path(__file__).resolve().parents[2] / "assets" / "catalog" / "link-shorteners.csv"

_FEWEST_LETTERS, _FEWEST_WORDS = 15, 4
"""Of a text that may be shouted: below them are "RSVP ASAP" and "YES"."""
_SHOUTED = 0.7
"""Share of a text's letters that are capitals."""

# Not part of an address (me@bit.ly, bit.ly@example.com), nor the beginning of a longer name.
_link = re.compile(
    r"(?<![\w@.+-])(https?://)?((?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,})(?![\w@-])(?!\.\w)(?::\d+)?(/\S*)?",
    re.IGNORECASE,
)
# Others with nothing behind them are as likely a full stop without a space ("Sunday.Bring").
_known_ending = re.compile(r"\.(?:com|org|net|edu|gov)$", re.IGNORECASE)

# What takes no room on any screen. Variation selectors aren't among them: they choose how a sign looks.
_unseen = re.compile(
    "[\xad\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u2800\u3164\ufeff\uffa0"
    "\U000e0001\U000e0020-\U000e007f]"
)
_JOINERS = "\u200c\u200d"
_DIRECTIONS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_flag = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")
"""England, Scotland, Wales: spelled by what isn't seen elsewhere."""


def advice(body: str, template: Template, people: int, names: Sequence[str]) -> Iterator[Problem]:
    """What filters may hold against a text. body: normalised, with its fields in place; template: of it;
    people: how many get it; names: by which its writer is known to them, none where that isn't said."""
    links = list(_links(body))
    for domain in dict.fromkeys(domain for domain in links if _is_shortener(domain)):
        says = sentence(
            "Carriers block links by {domain}, which hide where they lead. Write the whole link.",
            domain=domain,
        )
        yield _note("link-shortener", says)
    if len(links) > 1:
        says = sentences(
            "{count} link in one text: filters take that for spam. One is enough.",
            "{count} links in one text: filters take that for spam. One is enough.",
            len(links),
        )
        yield _note("several-links", says)
    if _is_shouted(template):
        says = sentence("Nearly all of it is in capitals: filters take that for spam, and people for anger.")
        yield _note("capitals", says)
    if people > 1 and names and not _says_who(body, names):
        says = sentence(
            "It doesn't say who writes. People and filters trust a text more that begins with {name}.",
            name=names[0],
        )
        yield _note("no-identification", says)
    if codes := _unseen_codes(body):
        says = sentences(
            "{count} character in it can't be seen ({codes}), as in spam. Write that place anew.",
            "{count} characters in it can't be seen ({codes}), as in spam. Write those places anew.",
            len(codes),
            codes=", ".join(dict.fromkeys(codes)),
        )
        yield _note("unseen-characters", says)


def _note(code: str, says: Sentence) -> Problem:
    return Problem(code, says, blocking=False)


def _links(body: str) -> Iterator[str]:
    """The domain of each link, in small letters."""
    if "." not in body:
        return
    for match in _link.finditer(body):
        scheme, domain, path = match.groups()
        domain = domain.lower()
        if scheme or path or domain.startswith("www.") or _is_known(domain):
            yield domain


def _is_known(domain: str) -> bool:
    """Whether a name with nothing around it is one of the web."""
    return _known_ending.search(domain) is not None or _is_shortener(domain)


def _is_shortener(domain: str) -> bool:
    """Whether it is one of those that all use, or a name below it."""
    labels = domain.split(".")
    return any(".".join(labels[at:]) in _shorteners() for at in range(len(labels) - 1))


@lru_cache(maxsize=1)
def _shorteners() -> frozenset[str]:
    with _SHORTENERS.open(encoding="utf-8", newline="") as lines:
        return frozenset(line["domain"] for line in csv.DictReader(lines))


def _is_shouted(template: Template) -> bool:
    """Whether what is written, beside links and fields, is in capitals. Letters without case don't count."""
    written = " ".join(part for part in template.parts if isinstance(part, str))
    if written.islower():
        return False
    words = [word for word in _link.sub(" ", written).split() if word.upper() != word.lower()]
    cased = [letter for word in words for letter in word if letter.upper() != letter.lower()]
    if len(words) < _FEWEST_WORDS or len(cased) < _FEWEST_LETTERS:
        return False
    return sum(map(str.isupper, cased)) >= _SHOUTED * len(cased)


def _says_who(body: str, names: Sequence[str]) -> bool:
    folded = fold(body)
    return any(fold(name) in folded for name in names)


def _unseen_codes(body: str) -> list[str]:
    """Those characters that can't be seen and do nothing where they stand, as U+200B."""
    if body.isascii() or not _unseen.search(body):
        return []
    plain = _flag.sub(" ", body)
    return [
        f"U+{ord(match[0]):04X}"
        for match in _unseen.finditer(plain)
        if not _does_something(match[0], plain, match.start())
    ]


def _does_something(character: str, body: str, at: int) -> bool:
    """Whether it belongs to how its neighbours are written: it joins emoji, shapes letters of scripts that
    are joined, or turns the direction where a text has letters that run to the left."""
    before, after = body[at - 1 : at], body[at + 1 : at + 2]
    if character in _JOINERS:
        if not before or not after:
            return False
        is_emoji = unicodedata.category(before) in ("So", "Sk") or before == "\ufe0f"
        if character == "\u200d" and is_emoji and unicodedata.category(after) == "So":
            return True
        return all(_is_joined_script(one) for one in (before, after))
    return character in _DIRECTIONS and any(unicodedata.bidirectional(one) in ("R", "AL") for one in body)


def _is_joined_script(character: str) -> bool:
    """Whether it is a letter or mark of Arabic or of a script of India, whose shapes joiners change."""
    return "\u0600" <= character <= "\u109f" and unicodedata.category(character)[0] in "LM"
