"""What carriers' filters look for in a text: advice beside its cost, which never stops it. Pure, and cheap
enough for every key."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
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
_LOOKED_AT = 1_600
"""Characters by which it is told: a message's."""

# Not part of an address (me@bit.ly, bit.ly@example.com), nor the beginning of a longer name.
_link = re.compile(
    r"(?<![\w@.+-])(https?://)?((?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,})(?![\w@-])(?!\.\w)(?::\d+)?(/\S*)?",
    re.IGNORECASE,
)
_dotted = re.compile(r"\w\.\w")
# Others with nothing behind them are as likely a full stop without a space ("Sunday.Bring").
_known_ending = re.compile(r"\.(?:com|org|net|edu|gov)$", re.IGNORECASE)

# What takes no room on any screen. Variation selectors aren't among them: they choose how a sign looks. Marks
# of direction do something where letters run to the left.
_UNSEEN = (
    "\xad\u115f\u1160\u180e\u200b-\u200d\u2060-\u2064\u206a-\u206f\u2800\u3164\ufeff\uffa0"
    "\U000e0001\U000e0020-\U000e007f"
)
_unseen_anywhere = re.compile(f"[{_UNSEEN}]")
_unseen = re.compile(f"[{_UNSEEN}\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_JOINERS = "\u200c\u200d"
_leftward = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
"""Letters that run to the left: Hebrew, Arabic and their kin."""
_flag = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")
"""England, Scotland, Wales: spelled by what isn't seen elsewhere."""


def advice(
    body: str, template: Template, people: int, names: Sequence[str], shorteners: Collection[str] = ()
) -> Iterator[Problem]:
    """What filters may hold against a text. body: normalised, with its fields in place; template: of it;
    people: how many get it; names: by which its writer is known to them, none where that isn't said;
    shorteners: domains of link shorteners besides those that come with Textmeter."""
    links = list(_links(body, shorteners))
    for domain in dict.fromkeys(domain for domain in links if _is_shortener(domain, shorteners)):
        says = sentence(
            "Carriers block {domain} links because they hide where they lead. Use the full link.",
            domain=domain,
        )
        yield _note("link-shortener", says)
    if len(links) > 1:
        says = sentences(
            "{count} link in one text looks like spam to filters. One is enough.",
            "{count} links in one text look like spam to filters. One is enough.",
            len(links),
        )
        yield _note("several-links", says)
    if _is_shouted(template):
        says = sentence("It is nearly all capitals: filters take that for spam, and people for shouting.")
        yield _note("capitals", says)
    if people > 1 and names and not says_who(body, names):
        says = sentence(
            "It doesn't say who it's from. People and filters trust a text more when it starts with {name}.",
            name=names[0],
        )
        yield _note("no-identification", says)
    if unseen := _unseen_characters(body):
        says = sentences(
            "{count} character in it is invisible ({codes}), as in spam. Retype that part.",
            "{count} characters in it are invisible ({codes}), as in spam. Retype those parts.",
            len(unseen),
            codes=", ".join(f"U+{ord(character):04X}" for character in dict.fromkeys(unseen)),
        )
        yield _note("unseen-characters", says)


def _note(code: str, says: Sentence) -> Problem:
    return Problem(code, says, blocking=False)


def _links(body: str, shorteners: Collection[str]) -> Iterator[str]:
    """The domain of each link, in small letters."""
    if not _dotted.search(body):  # which is told in no time
        return
    for match in _link.finditer(body):
        scheme, domain, path = match.groups()
        domain = domain.lower()
        if scheme or path or domain.startswith("www.") or _is_known(domain, shorteners):
            yield domain


def _is_known(domain: str, shorteners: Collection[str]) -> bool:
    """Whether a name with nothing around it is one of the web."""
    return _known_ending.search(domain) is not None or _is_shortener(domain, shorteners)


def _is_shortener(domain: str, shorteners: Collection[str]) -> bool:
    """Whether it is one of those that all use, or of these, or a name below it."""
    labels = domain.split(".")
    names = [".".join(labels[at:]) for at in range(len(labels) - 1)]
    return any(name in _shorteners() or name in shorteners for name in names)


@lru_cache(maxsize=1)
def _shorteners() -> frozenset[str]:
    with _SHORTENERS.open(encoding="utf-8", newline="") as lines:
        return frozenset(line["domain"] for line in csv.DictReader(lines))


def _is_shouted(template: Template) -> bool:
    """Whether what is written, beside links and fields, is in capitals. Letters without case don't count."""
    parts = template.parts[:_LOOKED_AT]
    written = " ".join(part[:_LOOKED_AT] for part in parts if isinstance(part, str))[:_LOOKED_AT]
    words = [word for word in _link.sub(" ", written).split() if word.upper() != word.lower()]
    cased = [letter for word in words for letter in word if letter.upper() != letter.lower()]
    if len(words) < _FEWEST_WORDS or len(cased) < _FEWEST_LETTERS:
        return False
    return sum(map(str.isupper, cased)) >= _SHOUTED * len(cased)


def says_who(body: str, names: Sequence[str]) -> bool:
    """Whether one of the names stands where it is looked for: near the beginning or the end."""
    folded = fold(body if len(body) <= 2 * _LOOKED_AT else body[:_LOOKED_AT] + body[-_LOOKED_AT:])
    return any(fold(name) in folded for name in names)


def _unseen_characters(body: str) -> list[str]:
    """Those that can't be seen and do nothing where they stand."""
    if body.isascii() or not _unseen.search(body):
        return []
    plain = _flag.sub(" ", body)
    does_nothing = _unseen if _leftward.search(plain) is None else _unseen_anywhere
    return [
        match[0]
        for match in does_nothing.finditer(plain)
        if match[0] not in _JOINERS or not _joins(match[0], plain, match.start())
    ]


def _joins(joiner: str, body: str, at: int) -> bool:
    """Whether it belongs to how its neighbours are written: it makes one emoji of two, or shapes letters of
    scripts that are joined."""
    before, after = body[max(at - 1, 0) : at], body[at + 1 : at + 2]
    if not before or not after:
        return False
    is_emoji = unicodedata.category(before) in ("So", "Sk") or before == "\ufe0f"
    if joiner == "\u200d" and is_emoji and unicodedata.category(after) == "So":
        return True
    return _is_joined_script(before) and _is_joined_script(after)


def _is_joined_script(character: str) -> bool:
    """Whether it is a letter or mark of Arabic or of a script of India, whose shapes joiners change."""
    return "\u0600" <= character <= "\u109f" and unicodedata.category(character)[0] in "LM"
