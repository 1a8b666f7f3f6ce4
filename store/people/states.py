"""The states of the US and the provinces of Canada: their time zones and area codes, and which of them an
address is in. What isn't in the catalog's files isn't known."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

_CATALOG = Path(__file__).resolve().parents[2] / "assets" / "catalog"
_COUNTRY = r"(?:USA?\b|U\.S\.(?:A\.)?|United States(?: of America)?\b|Canada\b)"
# A word behind a ZIP is a town: "DE 10115 Berlin".
_zip = re.compile(rf"(?<![\w-])\d{{5}}(?:-\d{{4}})?(?![\w-])(?![ \t]+(?!{_COUNTRY})[^\W\d_])")
_postal_code = re.compile(r"\b[A-Za-z]\d[A-Za-z][ -]?\d[A-Za-z]\d\b")
_country_at_end = re.compile(rf"[\s,.(]+{_COUNTRY}[\s.)]*$")
_MOST_WORDS = 3
"""Of a state's name."""


class State(NamedTuple):
    """code: ISO 3166-2; names: as addresses have them; zones: all in which people live there, IANA names."""

    code: str
    names: tuple[str, ...]
    zones: tuple[str, ...]


@lru_cache(maxsize=1)
def states() -> Mapping[str, State]:
    """All by their codes."""
    return {
        row["code"]: State(row["code"], tuple(row["names"].split("|")), tuple(row["zones"].split()))
        for row in _rows("states.csv")
    }


@lru_cache(maxsize=1)
def area_codes() -> Mapping[str, str]:
    """Where an area code of +1 is given out: the code of a state, or CA for one that provinces share."""
    return {row["area_code"]: row["area"] for row in _rows("area-codes.csv")}


def state_of(address: str, region: str) -> State | None:
    """The state that an address (free text) is in, where it says so: by its code or name before a ZIP or
    postal code, else at the end. region: of who lives there (ISO 3166-1), or "": somebody abroad isn't taken
    to live in Delaware because an address ends in DE."""
    found = None
    for country, code in (("US", _zip), ("CA", _postal_code)):
        for match in code.finditer(address):
            state = _named_last(address[: match.start()], any_case=True)
            if state and state.code.startswith(country):
                found = state
    if found:
        return found
    before_country = _country_at_end.sub("", address)
    if region in ("US", "CA", "") or before_country != address:
        return _at_end(before_country, region)
    return None


def _at_end(address: str, region: str) -> State | None:
    """Where no country stands behind it, unless that is CA."""
    words = address.rstrip(" \t\r\n,.)")
    if region == "CA" and words.endswith("CA"):  # Canada, if a province stands before it
        province = _named_last(words[:-2])
        if province and province.code.startswith("CA"):
            return province
    return _named_last(words)


def _named_last(text: str, *, any_case: bool = False) -> State | None:
    """The state that the last words of a text name. any_case: its code is read in small letters too."""
    words = text.replace(",", " ").replace(".", "").rsplit(None, _MOST_WORDS)[-_MOST_WORDS:]
    for at in range(len(words)):
        name = " ".join(words[at:])
        if state := _by_name().get(name.casefold()):
            return state
    if not words:
        return None
    return _by_letters().get(words[-1].upper() if any_case else words[-1])


@lru_cache(maxsize=1)
def _by_name() -> Mapping[str, State]:
    return {name.replace(".", "").casefold(): state for state in states().values() for name in state.names}


@lru_cache(maxsize=1)
def _by_letters() -> Mapping[str, State]:
    return {code[3:]: state for code, state in states().items()}


def _rows(file: str) -> list[dict[str, str]]:
    with (_CATALOG / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))
