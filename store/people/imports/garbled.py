"""What becomes of a number that is read wrongly, as earlier imports did: pure.

A spreadsheet writes 4155550100 as 4155550100.0 or 4.1555501E+09, whose digits are another number. A number
that stands without its country code is one of the country in which it is read, or begins with a country code
by accident.
"""

from __future__ import annotations

from collections.abc import Iterator

from store.people.model import Number
from store.texts.phones import calling_code


def misreadings(number: Number, region: str) -> set[str]:
    """All numbers (E.164) that may have been kept for this one. region: in which those without a country code
    are read."""
    code = calling_code(number.region)
    if not code:
        return set()
    national = number.phone.removeprefix(f"+{code}")
    begins = {"+", f"+{code}", f"+{calling_code(region) or code}"}
    read = {
        begin + digits
        for written in (national, f"{code}{national}")
        for digits in _as_digits(written)
        for begin in begins
    }
    return read - {number.phone}


def _as_digits(written: str) -> Iterator[str]:
    """The digits of what a spreadsheet makes of a number."""
    yield written
    yield f"{written}0"
    first, power = written.rstrip("0"), len(written) - 1
    if len(first) < len(written):
        yield f"{first}{power}"
        yield f"{first}{power:02}"
