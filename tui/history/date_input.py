"""Days as somebody types them."""

from __future__ import annotations

import calendar
import re
from datetime import date

from tui.i18n.language import Language

_PARTS = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def read_day(text: str, language: Language, *, last: bool = False) -> date | None:
    """The day that is meant by 2026-05-01, by 2026-05 or 2026 (its first day, or its last one), or by a date
    in the language's short form, such as 5/1/26. None where it can't be told."""
    text = text.strip()
    if found := _PARTS.fullmatch(text):
        year, month, day = (int(part) if part else None for part in found.groups())
        if year is None:
            return None
        month = month or (12 if last else 1)
        try:
            return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))
        except ValueError:
            return None
    from babel.dates import ParseError, parse_date

    try:
        return parse_date(text, locale=language.locale)
    except (ParseError, ValueError, IndexError):
        return None
