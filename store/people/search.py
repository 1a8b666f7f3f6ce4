"""Who may be meant by a few letters: the order in which people are offered to be chosen.

Somebody is chosen by it, so what fits a little must never stand before what fits well: two letters of
everybody's mail provider once chose another person of the same first name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

from peewee import SQL, Expression, ModelSelect

from store.people.model import Contact
from store.people.names import fold, search_terms
from store.people.tables import Contact as _Contact
from store.people.tables import ContactGroup as _Group
from store.people.tables import GroupAccount as _Limit
from store.people.tables import Membership as _Membership

By: TypeAlias = Literal["name", "number", "company", "email"]
"""By what somebody is found, the best first."""

Condition: TypeAlias = Expression | SQL

BEFORE_A_WORD = " -'’.(/&"
"""What a word of a name may stand behind, besides nothing."""


_written_number = re.compile(r"[+(]?\d[\d\s().\-/]*").fullmatch


class Match(NamedTuple):
    """Somebody who may be meant. by: the weakest of what the typed words were found in."""

    contact: Contact
    by: By


def offered(account_id: int) -> Expression:
    """Of groups, those that an account may write to."""
    limited = _Limit.select(_Limit.group)
    return _Group.id.not_in(limited) | _Group.id.in_(limited.where(_Limit.account_id == account_id))


def members(groups: Expression) -> ModelSelect[Any]:
    """Who is in any of some groups."""
    return _Membership.select(_Membership.contact).where(
        _Membership.group.in_(_Group.select(_Group.id).where(groups))
    )


def conditions(typed: str) -> Iterator[Condition]:
    """Of contacts: those found by their names, then those found by their names or numbers, and so on, as `By`
    has it. Nothing where nothing is typed."""
    terms = _terms(typed)
    for last in range(1, len(get_args(By)) + 1) if terms else ():
        yield _all([_any(_ways(term)[:last]) for term in terms])


def match(contact: Contact, typed: str) -> Match | None:
    """By what somebody is found; None where that isn't so."""
    ways = [_way(contact, term) for term in _terms(typed)]
    if not ways or None in ways:
        return None
    order = get_args(By)
    return Match(contact, max((way for way in ways if way), key=order.index))


def marked(text: str, typed: str) -> list[range]:
    """Where what somebody typed is found at the starts of words of a name, company or address; of a number,
    however it is written, wherever its digits are."""
    found = []
    for term in _terms(typed):
        at = _in_written(text, term) if _written_number(text) else next(_starts(text, term), None)
        if at is not None:
            found.append(at)
    return found


def _terms(typed: str) -> list[str]:
    """The words that are looked for; a + with a number says that it begins so."""
    terms = search_terms(typed)
    return [f"+{terms[0]}"] if typed.startswith("+") and terms[0].isdecimal() else terms


def _ways(term: str) -> list[Condition]:
    """One a way, in the order of `By`. The last lets some through whom `match` counts to the one before."""
    starts = [_Contact.sort_key.startswith(term)]
    starts += [_Contact.sort_key.contains(before + term) for before in BEFORE_A_WORD]
    if _stands_alone(term[0]):
        starts.append(_Contact.sort_key.contains(term))
    by_company = [_Contact.search_key.contains(before + term) for before in f"\n{BEFORE_A_WORD}"]
    by_email = _Contact.email.startswith(term)
    by_number = _Contact.phone.contains(_digits(term)) if _digits(term) else SQL("1 = 0")
    return [_any(starts), by_number, _any(by_company) & (_Contact.company != "") & ~by_email, by_email]


def _way(contact: Contact, term: str) -> By | None:
    if any(_starts(contact.name, term)):
        return "name"
    if _in_number(contact.phone, term) is not None:
        return "number"
    if any(_starts(contact.company, term)):
        return "company"
    return "email" if fold(contact.email).startswith(term) else None


def _starts(text: str, term: str) -> Iterator[range]:
    """The starts of words that begin with the term, as they are written."""
    for start, character in enumerate(text):
        if start and text[start - 1] not in BEFORE_A_WORD and not _stands_alone(character):
            continue
        if fold(text[start:]).startswith(term):
            end = start + 1
            while len(fold(text[start:end])) < len(term):
                end += 1
            yield range(start, end)


def _in_number(phone: str, term: str) -> range | None:
    digits = _digits(term)
    at = phone.find(digits) if digits else -1
    return range(at, at + len(digits)) if at >= 0 else None


def _in_written(number: str, term: str) -> range | None:
    """Likewise, of a number with the signs that people put into numbers."""
    places = [place for place, sign in enumerate(number) if sign == "+" or sign.isdecimal()]
    at = _in_number("".join(number[place] for place in places), term)
    return at and range(places[at[0]], places[at[-1]] + 1)


def _digits(term: str) -> str:
    """What stands in a number as it is kept: without a zero that is dialled within a country only."""
    return term.lstrip("0") if re.fullmatch(r"\+?[0-9]+", term) else ""


def _stands_alone(character: str) -> bool:
    """Whether it begins a word wherever it stands, as in names that are written without spaces."""
    return unicodedata.east_asian_width(character) in ("W", "F")


def _any(conditions: Sequence[Condition]) -> Condition:
    return reduce(or_, conditions)


def _all(conditions: Sequence[Condition]) -> Condition:
    return reduce(and_, conditions)
