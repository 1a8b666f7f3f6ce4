"""Which time zone somebody is in, as far as is known of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from store.clock import is_zone


def zones(zone: str, phone: str, otherwise: str) -> Sequence[str]:
    """The zones (IANA names) that somebody may be in: their own where it is known, else those in which their
    number (E.164, or "") is given out, which may be several; else the given one."""
    if zone and _is_known(zone):
        return (zone,)
    return _of_number(phone) or (otherwise,)


_is_known = lru_cache(maxsize=1_000)(is_zone)


def _of_number(phone: str) -> Sequence[str]:
    if not phone:
        return ()
    from phonenumbers import NumberParseException, parse
    from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number

    try:
        found = time_zones_for_number(parse(phone))
    except NumberParseException:
        return ()
    return tuple(zone for zone in found if zone != UNKNOWN_TIMEZONE and _is_known(zone))
