"""Numbers of North America are read in a shorter way, and come out as by the longer one."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.texts.phones import PhoneRefused, parse, parse_with_line


@given(
    st.from_regex(r"[2-9][0-9]{9}", fullmatch=True),
    st.sampled_from(["{}", "+1{}", "1{}", "+{}", "+1 ({:.3}) {:.3}"]),
    st.sampled_from(["US", "CA", "JM", "GB", "DE"]),
)
def test_the_library_reads_the_same(digits: str, form: str, region: str) -> None:
    raw = form.format(digits) if form.count("{") == 1 else f"+1 ({digits[:3]}) {digits[3:6]}-{digits[6:]}"
    number = phonenumbers.parse(raw, region)
    try:
        found = parse(raw, region)
    except PhoneRefused:
        assert phonenumbers.number_type(number) in {
            *(phonenumbers.PhoneNumberType.UNKNOWN, phonenumbers.PhoneNumberType.PREMIUM_RATE),
            phonenumbers.PhoneNumberType.SHARED_COST,
        } or raw.startswith("+")
    else:
        assert found.e164 == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@given(st.from_regex(r"[2-9][0-9]{9}", fullmatch=True))
def test_the_last_four_digits_tell_nothing_of_a_number_in_america(digits: str) -> None:
    number, other = (phonenumbers.parse(f"+1{text}") for text in (digits, f"{digits[:6]}0000"))
    if phonenumbers.region_code_for_number(other) in ("US", "CA"):
        assert phonenumbers.number_type(number) == phonenumbers.number_type(other)
        assert phonenumbers.region_code_for_number(number) == phonenumbers.region_code_for_number(other)


@pytest.mark.parametrize(
    ("raw", "region"), [("+1 246 522 0000", "BB"), ("+1 246 522 9999", "BB"), ("+1 876 606 9999", "JM")]
)
def test_on_an_island_they_may(raw: str, region: str) -> None:
    number = phonenumbers.parse(raw)
    if phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.UNKNOWN:
        with pytest.raises(PhoneRefused):
            parse(raw, "US")
    else:
        assert parse(raw, "US").region == region


@pytest.mark.parametrize(
    ("raw", "region", "e164"),
    [
        ("+33 6\u202f12\u202f34\u202f56\u202f78", "US", "+33612345678"),
        ("(415)\u2009555\u20132671", "US", "+14155552671"),
        ("+52 1 55 4163 7145", "US", "+525541637145"),
        ("044 55 4163 7145", "MX", "+525541637145"),
        ("+41 44 668 18 00", "US", "+41446681800"),
    ],
)
def test_a_number_is_read_as_it_is_written_somewhere(raw: str, region: str, e164: str) -> None:
    assert parse(raw, region).e164 == e164


@pytest.mark.parametrize(
    ("raw", "line"), [("07400 123456", "mobile"), ("020 7183 8750", "landline"), ("+14155552671", "")]
)
def test_a_numbering_plan_tells_the_line(raw: str, line: str) -> None:
    assert parse_with_line(raw, "GB")[1] == line
