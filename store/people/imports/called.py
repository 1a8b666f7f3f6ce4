"""What people are called: titles are no first names, and addresses and numbers no names at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from store.people.imports.vocabulary import compact, vocabulary
from store.people.names import fold, split_name

_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"(?:tel|phone|p|whatsapp)?[:.\s]*[+(]?\d[\d\s().\-/+]{4,}")
_NOTHING = re.compile(r"[\s\-\u2013\u2014.?*_,/#]*")
_ORDINARY = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:[ '\u2019-][A-Za-z\u00c0-\u024f]+)*")
"""A name in Latin letters, as most are."""
_AROUND = "()[]<>.- "
_AND = {"&", "+"}


class Called(NamedTuple):
    """First and last name, either maybe "", and the title before them ("Dr.") or ""."""

    first_name: str
    last_name: str
    title: str = ""


NOBODY = Called("", "")


def called(first: str, last: str, emails: Sequence[str] = ()) -> Called:
    """A person by what stands where a first and a last name belong."""
    if (
        _ORDINARY.fullmatch(first)
        and _ORDINARY.fullmatch(last)
        and not _may_be_special(first.partition(" ")[0])
    ):
        return Called(first, last)
    first, last = _no_other_thing(first, emails), _no_other_thing(last, emails)
    title, rest = _title(first.split())
    if title and not rest:
        return Called("", last, title)
    return Called(" ".join(rest) if title else first, last, title)


def called_whole(whole: str, emails: Sequence[str] = ()) -> Called:
    """A person by a full name: "Mr. John Smith" is John, "Mr. Smith" has no first name that is known, "John
    and Mary Smith" are greeted together."""
    whole = _no_other_thing(whole, emails)
    if not whole:
        return NOBODY
    title, rest = _title(whole.split())
    if title and not rest:
        return NOBODY
    if title and rest[0] in _joining():
        return Called("", whole)  # "Mr. & Mrs. Smith": a couple without first names
    if title and len(rest) == 1:
        return Called("", rest[0], title)
    name = " ".join(rest) if title else whole
    if "," not in name:
        words = name.split()
        if len(words) > 3 and words[1] in _joining() and words[0][:1] == words[0][:1].upper():
            return Called(" ".join(words[:3]), " ".join(words[3:]), title)
        return Called(*split_name(name), title)
    first, last = split_name(name)
    second, rest = _title(first.split())
    return Called(" ".join(rest), last, second or title) if second else Called(first, last, title)


def _joining() -> set[str]:
    return {*vocabulary().joined_by, *_AND}


def _title(words: Sequence[str]) -> tuple[str, list[str]]:
    """The titles that a name begins with, and the words behind them."""
    known = vocabulary()
    count = 0
    for word in words:
        folded = compact(word)
        if folded in known.titles or (word.endswith(".") and folded in known.dotted):
            count += 1
        else:
            break
    return " ".join(words[:count]), list(words[count:])


def _may_be_special(word: str) -> bool:
    known = vocabulary()
    folded = fold(word)
    return folded in known.titles or folded in known.nobody


def _no_other_thing(name: str, emails: Sequence[str]) -> str:
    """The name, or "" where it is an address, a number or a word for nobody."""
    if not name or (_ORDINARY.fullmatch(name) and fold(name) not in vocabulary().nobody):
        return name
    if _ADDRESS.fullmatch(name) or _NUMBER.fullmatch(name.lower()) or _NOTHING.fullmatch(name):
        return ""
    if fold(name).strip(_AROUND) in vocabulary().nobody:
        return ""
    if re.search(r"[._\d]", name) and any(fold(name) == fold(email.partition("@")[0]) for email in emails):
        return ""
    for word in vocabulary().after:
        if name.endswith(word) and len(name) > len(word):
            return name.removesuffix(word).strip()
    return name
