"""Where somebody is and which time it is there, as far as is known of them. Pure.

A number says where it was given out, not where its owner is, so what is told by it is a guess. Of a number of
+1, `phonenumbers` knows many exchanges; of the others of an area code (mobiles above all) only where most of
its lines are: such a number may be in any zone of its area code. Elsewhere a mobile may be in any zone of its
country. The library's tables are read here, since its own answer takes 50 microseconds a number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from store.clock import is_zone
from store.people.states import area_codes, state_of, states

_AREA_CODE = len("1212")
_EXCHANGE = len("1212555")
_LONGEST_CALLING_CODE = 3


class Whereabouts(NamedTuple):
    """zones: IANA names of all in which somebody may be, at least one. area: whose rules hold: ISO 3166-2 of
    a state ("US-FL"), else a country ("GB"), else "". guess: whether the zones are told by the number or by
    nothing, and not by the contact's own zone or address."""

    zones: tuple[str, ...]
    area: str
    guess: bool


def whereabouts(zone: str, address: str, phone: str, region: str, otherwise: str) -> Whereabouts:
    """Where somebody may be. zone, address: the contact's own, or ""; phone: E.164, or ""; region: the
    number's (ISO 3166-1), or "". otherwise: the zone of somebody of whom nothing is known (toll-free numbers
    tell nothing)."""
    state = state_of(address, region) if address else None
    area = state.code if state else _area(phone) or region
    if zone and _is_known(zone):
        return Whereabouts((zone,), area, guess=False)
    if state:
        return Whereabouts(state.zones, area, guess=False)
    return Whereabouts(_of_number(phone) or (otherwise,), area, guess=True)


def zones(zone: str, phone: str, otherwise: str) -> Sequence[str]:
    """The zones (IANA names) that somebody may be in: their own where it is known, else those in which their
    number (E.164, or "") is given out, which may be several; else the given one."""
    if zone and _is_known(zone):
        return (zone,)
    return _of_number(phone) or (otherwise,)


_is_known = lru_cache(maxsize=1_000)(is_zone)


def _area(phone: str) -> str:
    return area_codes().get(phone[2:5], "") if phone.startswith("+1") else ""


def _of_number(phone: str) -> tuple[str, ...]:
    if phone.startswith("+1"):
        found = _of_area_codes().get(phone[2:5])
        return found if found and len(found) == 1 else _of_exchange(phone[1 : 1 + _EXCHANGE])
    return _abroad(phone[1:]) if phone.startswith("+") else ()


@lru_cache(maxsize=10_000)
def _of_exchange(digits: str) -> tuple[str, ...]:
    """digits: of a number of +1, so many as its zones hang on."""
    area_code = digits[1:_AREA_CODE]
    if found := _longest(digits, beyond=_AREA_CODE) or _of_area_codes().get(area_code, ()):
        return found
    state = states().get(area_codes().get(area_code, ""))
    return state.zones if state else ()


@lru_cache(maxsize=1)
def _of_area_codes() -> Mapping[str, tuple[str, ...]]:
    """All zones of each area code of +1, first that in which most of its lines are."""
    from phonenumbers.tzdata import TIMEZONE_DATA

    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for prefix in sorted(TIMEZONE_DATA):
        if prefix.startswith("1") and len(prefix) >= _AREA_CODE:
            found[prefix[1:_AREA_CODE]].update(dict.fromkeys(TIMEZONE_DATA[prefix]))
    return {area_code: _known(tuple(there)) for area_code, there in found.items()}


def _abroad(digits: str) -> tuple[str, ...]:
    for length in range(1, _LONGEST_CALLING_CODE + 1):
        if country := _country(digits[:length]):
            if len(country.zones) > 1 and country.local.fullmatch(digits[length:]):
                return _longest(digits, beyond=0)
            return country.zones
    return ()


class _Country(NamedTuple):
    """zones: all of a calling code. local: what those of its numbers look like that belong to a place."""

    zones: tuple[str, ...]
    local: re.Pattern[str]


@lru_cache(maxsize=1_000)
def _country(calling_code: str) -> _Country | None:
    from phonenumbers import (
        PhoneMetadata,
        PhoneNumberType,
        is_number_type_geographical,
        region_codes_for_country_code,
    )

    regions = region_codes_for_country_code(int(calling_code)) if calling_code.isdecimal() else ()
    found = [data for region in regions if (data := PhoneMetadata.metadata_for_region(region, None))]
    if not found:
        return None
    local = [data.fixed_line for data in found]
    if is_number_type_geographical(PhoneNumberType.MOBILE, int(calling_code)):
        local += [data.mobile for data in found]
    patterns = [kind.national_number_pattern for kind in local if kind and kind.national_number_pattern]
    return _Country(_longest(calling_code, beyond=0), re.compile("|".join(patterns)))


def _longest(digits: str, *, beyond: int) -> tuple[str, ...]:
    """The zones of the longest prefix that the table has, if that has more digits than so many."""
    from phonenumbers.tzdata import TIMEZONE_DATA, TIMEZONE_LONGEST_PREFIX

    for length in range(min(len(digits), TIMEZONE_LONGEST_PREFIX), beyond, -1):
        if found := TIMEZONE_DATA.get(digits[:length]):
            return _known(found)
    return ()


@lru_cache(maxsize=1_000)
def _known(zones: tuple[str, ...]) -> tuple[str, ...]:
    """Those that this machine knows."""
    return tuple(filter(_is_known, zones))
