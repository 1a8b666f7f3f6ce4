"""What is done to text about people before it is kept, sorted by or searched for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# A space stands for what broke a line; other controls can only command a terminal. Lone surrogates, which no
# file and no database can hold, become the replacement character. All else is the person's own: bidirectional
# controls and joiners belong to the spelling of some names, and screens draw them harmlessly.
_BREAKS = dict.fromkeys([0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029], " ")
_UNKEPT: dict[int, str | None] = {
    **dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0xFEFF]),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    **_BREAKS,
}
_LAST = "\U0010ffff"
"""Sorts after every name."""

_FIELD_WORD = re.compile(r"[^\W_]+")
_PHONE_LIKE = re.compile(r"[+(]?\d[\d\s().\-/+]*")


def tidy(text: str) -> str:
    """The text as it is kept: NFC, in one line, without control characters and without space around it."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_UNKEPT)).strip()


def fold(text: str) -> str:
    """The text without regard to case, accents and compatibility forms: "José" and "JOSE" are one."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def full_name(first_name: str, last_name: str, company: str) -> str:
    """What somebody is called: the full name, or the company, or "" where neither is known."""
    return f"{first_name} {last_name}".strip() or company


def sort_key(first_name: str, last_name: str, company: str, email: str, phone: str) -> str:
    """What a contact is listed by: the full name, else the company; those without either come last."""
    name = full_name(first_name, last_name, company)
    return fold(name) if name else _LAST + fold(email or phone)


def search_key(found_by: Iterable[str]) -> str:
    """The folded text that a search looks into: the name, the company, and whatever else is known."""
    return fold("\n".join(found_by))


def field_name(written: str) -> str:
    """The name of a field of one's own as texts have it in braces: "Unit No." is unit_no."""
    return "_".join(_FIELD_WORD.findall(fold(written)))


def is_number(typed: str) -> bool:
    """Whether what somebody typed is a number with the signs that people put into numbers."""
    return _PHONE_LIKE.fullmatch(typed) is not None


MOST_TERMS = 20
"""Words that are searched for at once. A whole page that is pasted into a search has more, and engines nest a
condition for each, as does the library that writes their queries."""


def search_terms(typed: str) -> list[str]:
    """What `search_key` must contain, all of it, to match what somebody typed: its first `MOST_TERMS` words,
    which are more than anybody is called by.

    A number may be typed with the signs that people put into numbers.
    """
    typed = tidy(typed)
    if is_number(typed):
        return [re.sub(r"\D", "", typed)]
    return fold(typed).split()[:MOST_TERMS]


def split_name(name: str) -> tuple[str, str]:
    """First and last name of a full name: "Zoë O'Hara" and "O'Hara, Zoë" are the same person.

    A name without a space is a first name, which is what greets somebody in a text.
    """
    before, comma, after = (part.strip() for part in name.partition(","))
    if comma and before and after and "," not in after and fold(after).rstrip(".") not in _AFTER_A_COMMA:
        return after, before
    first, _, last = name.partition(" ")
    return first, last.strip()


_AFTER_A_COMMA = {
    "jr",
    "sr",
    "ii",
    "iii",
    "iv",
    "md",
    "phd",
    "esq",
    "inc",
    "llc",
    "ltd",
    "co",
    "corp",
    "sl",
    "sa",
}
