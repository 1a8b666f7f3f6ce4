"""Where this machine says it is: its time zone, and the country that follows from it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

if TYPE_CHECKING:
    from tui.i18n.language import Language

LOCALTIME = Path("/etc/localtime")
ELSEWHERE = "UTC"
COUNTRY = "US"
"""Where neither the time zone nor the language says which country it is."""


def timezone(environment: Mapping[str, str] = os.environ, localtime: Path = LOCALTIME) -> str:
    """The machine's time zone (IANA name): what TZ says, else what /etc/localtime points at, else UTC."""
    link = str(localtime.resolve()) if localtime.is_symlink() else ""
    for name in (environment.get("TZ", "").lstrip(":"), link.rpartition("/zoneinfo/")[2]):
        if name and _is_zone(name):
            return name
    return ELSEWHERE


def timezones() -> list[str]:
    """The time zones that one can live in, by name; old names and mere offsets are left out."""
    regions = (
        "Africa",
        "America",
        "Antarctica",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
    return [*sorted(name for name in available_timezones() if name.startswith(regions)), ELSEWHERE]


def country(zone: str, language: Language) -> str:
    """The country (ISO 3166-1 alpha-2) that a time zone lies in, else the language's, else the US."""
    from babel.core import get_global

    found = get_global("zone_territories").get(zone) or language.locale.territory or COUNTRY
    return str(found) if len(found) == 2 and found.isalpha() and found != "ZZ" else COUNTRY


def countries(language: Language) -> list[tuple[str, str]]:
    """All countries and territories: code and name, by name in the language's own order of letters."""
    import unicodedata

    def plain_letters(name: str) -> str:
        return unicodedata.normalize("NFKD", name).casefold()

    names = {
        code: str(name)
        for code, name in language.locale.territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    }
    return sorted(names.items(), key=lambda item: plain_letters(item[1]))


_NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
"""Unions, and codes that stand for nothing on a map."""


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return False
    return True
