"""Phone numbers as people write them, read as E.164 or refused with the reason.

The rules are those of the library `phonenumbers`, which is imported when the first number is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from store.errors import TextmeterError
from store.sentences import N_, Region, sentence

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber


class Phone(NamedTuple):
    """A number that can be texted.

    region: ISO 3166-1 alpha-2 of its country or territory ("US" for toll-free numbers of +1), or "001" where
    the number belongs to none (satellites). extension_dropped: an extension was written; no text reaches it.
    """

    e164: str
    region: str
    extension_dropped: bool = False


class _Read(NamedTuple):
    phone: Phone
    line: str


class PhoneRefused(TextmeterError):
    """A number that can't be texted. details: number, as written (its start, where that is long)."""

    exit_code = 2
    default_code = "invalid"


REASONS = {
    "no-number": N_("“{number}” can't be read as a phone number."),
    "letters": N_("{number} has letters where digits should be."),
    "no-country": N_("{number} must start with + and a country code."),
    "unknown-country": N_("{number} starts with a country code that doesn't exist."),
    "no-area-code": N_("{number} has no area code."),
    "short-code": N_("{number} is a short or emergency number; you can't text those."),
    "too-short": N_("{number} has too few digits for {region}."),
    "too-long": N_("{number} has too many digits for {region}."),
    "premium": N_("{number} is a premium-rate number; Textmeter never texts those."),
    "invalid": N_("{number} isn't in use in {region}; check the digits."),
}
"""Why a number can't be texted, by its code."""

_LONGEST = 250  # E.164 has 15 digits; the rest is room for punctuation, an extension and a note
_SHOWN = 40
_SHORT_CODE = 6  # digits at most

_international = re.compile(r"\W*00")
# Mobiles, as they were dialled until 2019.
_mexican = re.compile(r"\W*(?:\+|00)\W*52\W*1(?=(?:\W*\d){10}\W*$)")
_mexican_at_home = re.compile(r"\W*(?:(?:(?:\+|00)\W*)?52\W*1|04[45]|1)(?=(?:\W*\d){10}\W*$)")
_ten_digits = re.compile(r"(?:(\+1)|1?)([2-9][0-9]{9})")
_signs = str.maketrans("", "", " ().-")
_letter_among_digits = re.compile(r"\d.*[^\W\d_]", re.DOTALL)
_note_in_brackets = re.compile(r"[(\[][^()\[\]]*[^\W\d_][^()\[\]]*[)\]]?\s*$")
_note = re.compile(r"\D+$")


def parse(raw: str, region: str) -> Phone:
    """The number that a person wrote, who lives in a region (ISO 3166-1 alpha-2).

    A note behind the number, "(cell)" or "mobile", is passed over; letters count as those of a keypad
    (1-800-FLOWERS) only where they are needed to make a number. One that starts with 00 and is none in the
    region is read as an international one. Raises PhoneRefused.
    """
    return parse_with_line(raw, region)[0]


def parse_with_line(raw: str, region: str) -> tuple[Phone, str]:
    """As `parse`, with the sort of line, where the numbering plan tells: "mobile", "landline", else ""."""
    reading = _read(raw, region.upper())
    if isinstance(reading, _Read):
        return reading
    code, its_region = reading
    number = raw.strip()[:_SHOWN]
    raise PhoneRefused(
        sentence(REASONS[code], number=number, region=Region(its_region)), code=code, number=number
    )


@lru_cache(maxsize=4096)
def shown(e164: str, home: str) -> str:
    """A number as it is written in a region: (415) 555-0116 at home, +44 7911 123456 of abroad."""
    import phonenumbers
    from phonenumbers import PhoneNumberFormat

    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    at_home = number.country_code == phonenumbers.country_code_for_region(home)
    form = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


@lru_cache(maxsize=512)
def calling_code_region(region: str) -> str:
    """The main region of a region's calling code (Guernsey, GG: GB); the region itself where it has none."""
    import phonenumbers

    code = calling_code(region)
    return phonenumbers.region_code_for_country_code(code) if code else region


@lru_cache(maxsize=512)
def region_of_calling_code(code: int) -> str:
    """The main region of a calling code (44: GB), "" where there is no such code."""
    import phonenumbers

    region = phonenumbers.region_code_for_country_code(code)
    return "" if region == phonenumbers.UNKNOWN_REGION else region


def regions() -> dict[str, int]:
    """All regions that have phone numbers (ISO 3166-1 alpha-2), with their calling codes."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, SUPPORTED_REGIONS

    # Asked region by region, the library would import the numbering plans of all of them: 9 MB.
    codes = {region: code for code, sharing in COUNTRY_CODE_TO_REGION_CODE.items() for region in sharing}
    return {region: codes[region] for region in sorted(SUPPORTED_REGIONS)}


# A preview reads the numbers of a draft at every key, at 50 microseconds each.
@lru_cache(maxsize=4096)
def _read(raw: str, region: str) -> _Read | tuple[str, str]:
    """The number and its line, or why it is refused: the code of the reason, and the region that was looked
    in."""
    import phonenumbers
    from phonenumbers import PhoneNumberFormat, PhoneNumberType

    if len(raw) > _LONGEST:
        return "no-number", region
    text = raw.strip() if raw.isascii() else _plain(raw)
    text = _note_in_brackets.sub("", text)
    for reading in _readings(text, region):
        number = _north_american(reading, region)
        found = None
        if number is None:
            try:
                number = phonenumbers.parse(reading, region)
            except phonenumbers.NumberParseException:
                continue
        elif number.national_number is not None:
            found = _exchange(number.national_number // 10_000)
        kind, its_region = found or (phonenumbers.number_type(number), _region_of(number))
        if kind == PhoneNumberType.UNKNOWN:  # this is what the library calls not valid
            continue
        its_region = its_region or region
        if kind in {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST}:
            return "premium", its_region
        e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        line = {PhoneNumberType.MOBILE: "mobile", PhoneNumberType.FIXED_LINE: "landline"}.get(kind, "")
        return _Read(Phone(e164, its_region, bool(number.extension)), line)
    return _why_none(text, region)


def _north_american(text: str, region: str) -> PhoneNumber | None:
    """The number of a plain text of ten digits, as the library parses it, in less of its time: an import
    reads hundreds of thousands."""
    found = _ten_digits.fullmatch(text.translate(_signs))
    if not found or not (found[1] or calling_code(region) == 1):
        return None
    from phonenumbers import PhoneNumber

    return PhoneNumber(country_code=1, national_number=int(found[2]))


@lru_cache(maxsize=16_384)
def _exchange(digits: int) -> tuple[int, str] | None:
    """The type of all numbers of the United States or Canada that begin with these six digits behind +1, and
    their region: the last four tell nothing there, as they do on some islands. None elsewhere."""
    import phonenumbers

    number = phonenumbers.PhoneNumber(country_code=1, national_number=digits * 10_000)
    region = _region_of(number)
    return (phonenumbers.number_type(number), region) if region in ("US", "CA") else None


def _region_of(number: PhoneNumber) -> str:
    from phonenumbers import region_code_for_number

    return region_code_for_number(number) or ""


@lru_cache(maxsize=512)
def calling_code(region: str) -> int:
    """The calling code of a region (ISO 3166-1 alpha-2), 0 where it has none."""
    from phonenumbers import country_code_for_region

    return country_code_for_region(region) or 0


def _readings(text: str, region: str) -> Iterator[str]:
    yield _note.sub("", text)
    if _letter_among_digits.search(text):
        yield text
    if _international.match(text):
        yield _international.sub("+", text, count=1)
    mexican = _mexican if region != "MX" else _mexican_at_home
    if mexican.match(text):
        yield mexican.sub("+52", text, count=1)


def _plain(raw: str) -> str:
    """The text with digits of any script as ASCII has them, and so its many spaces and dashes."""
    text = re.sub(r"\d", lambda digit: str(int(digit[0])), raw)
    return re.sub(r"\s", " ", re.sub(r"[\u2010-\u2015\u2212]", "-", text)).strip()


def _why_none(text: str, region: str) -> tuple[str, str]:
    """Why a text is no number: the code of the reason, and the region that was looked in."""
    from phonenumbers import (
        NumberParseException,
        ValidationResult,
        is_possible_number_with_reason,
        is_valid_number,
        parse,
        region_code_for_country_code,
    )

    digits = len(re.findall(r"\d", text))
    if not digits:
        return "no-number", region
    abroad = "+" in text
    try:
        if not abroad and is_valid_number(parse(f"+{text}")):
            return "no-country", region
    except NumberParseException:
        pass
    try:
        number = parse(text, region)
    except NumberParseException as error:
        return {
            NumberParseException.INVALID_COUNTRY_CODE: "unknown-country" if abroad else "no-country",
            NumberParseException.TOO_LONG: "too-long",
        }.get(error.error_type, "too-short" if digits <= _SHORT_CODE else "no-number"), region
    if _letter_among_digits.search(text) and not number.extension:
        return "letters", region
    if digits <= _SHORT_CODE and not abroad:
        return "short-code", region
    reason = {
        ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "no-area-code",
        ValidationResult.TOO_SHORT: "too-short",
        ValidationResult.TOO_LONG: "too-long",
    }.get(is_possible_number_with_reason(number), "invalid")
    return reason, region_code_for_country_code(number.country_code or 0)
