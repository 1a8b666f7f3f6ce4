"""Phone numbers are read as people write them, and a refusal says why."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.sentences import Region
from store.texts.phones import Phone, PhoneRefused, calling_code, calling_code_region, parse, regions


@pytest.mark.parametrize(
    "raw",
    [
        "4155552671",
        "14155552671",
        "+14155552671",
        "++1 415 555 2671",
        "(415) 555-2671",
        "415.555.2671",
        "415/555-2671",
        " 415 555 2671\n",
        "415.555.2671 (cell)",
        "415 555 2671 mobile",
        "415 555 2671 - work",
        "(415) 555-2671 (cell 2)",
        "Mobile: 415 555 2671",
        "\u202a+1 (415)\u00a0555\u20112671\u202c",  # copied from an address book
        "٤١٥٥٥٥٢٦٧١",
        "４１５－５５５－２６７１",
        "tel:+1-415-555-2671",
        "tel:415-555-2671;phone-context=+1",
        "001 415 555 2671",
    ],
)
def test_one_number_in_many_hands(raw: str) -> None:
    assert parse(raw, "US") == Phone("+14155552671", "US", extension_dropped=False)


@pytest.mark.parametrize(
    "raw", ["415-555-2671 x12", "415-555-2671 ext. 12", "+14155552671,,12#", "tel:+14155552671;ext=12"]
)
def test_an_extension_is_dropped_and_that_is_told(raw: str) -> None:
    assert parse(raw, "US") == Phone("+14155552671", "US", extension_dropped=True)


@pytest.mark.parametrize(
    ("raw", "region", "e164", "its_region"),
    [
        ("+447911123456", "US", "+447911123456", "GG"),
        ("+44 (0) 7911 123456", "US", "+447911123456", "GG"),
        ("00447911123456", "US", "+447911123456", "GG"),  # 00 is not how one dials abroad there
        ("011 44 7911 123456", "US", "+447911123456", "GG"),
        ("0044 20 7183 8750", "ES", "+442071838750", "GB"),
        ("020 7183 8750", "GB", "+442071838750", "GB"),
        ("612 34 56 78", "es", "+34612345678", "ES"),
        ("+1 (268) 464-1234", "US", "+12684641234", "AG"),
        ("613 555 0123", "US", "+16135550123", "CA"),
        ("+1 500 555 0006", "US", "+15005550006", "US"),
        ("800 234 5678", "US", "+18002345678", "US"),
        ("1-800-FLOWERS", "US", "+18003569377", "US"),
        ("+870 773 111 632", "US", "+870773111632", "001"),
    ],
)
def test_a_number_has_its_own_region(raw: str, region: str, e164: str, its_region: str) -> None:
    assert parse(raw, region) == Phone(e164, its_region)


@pytest.mark.parametrize(
    ("raw", "region", "code"),
    [
        ("", "US", "no-number"),
        ("nobody", "US", "no-number"),
        ("+", "US", "no-number"),
        ("415-555-2671 ::: 415-555-2672", "US", "no-number"),
        ("4" * 5_000, "US", "no-number"),
        ("911", "US", "short-code"),
        ("112", "GB", "short-code"),
        ("33733", "US", "short-code"),
        ("555-2671", "US", "no-area-code"),
        ("+1 415 555", "US", "too-short"),
        ("7", "US", "too-short"),
        ("+1 415 555 26711", "US", "too-long"),
        ("call 4155552671 or 4155552672", "US", "too-long"),
        ("415-555-26T1", "US", "letters"),
        ("1-800-FLOWER", "US", "letters"),
        ("+999 123 456 789", "US", "unknown-country"),
        ("34612345678", "US", "no-country"),
        ("555 2671", "ZZ", "no-country"),
        ("123 456 7890", "US", "invalid"),
        ("+34 412 345 678", "US", "invalid"),
        ("+1 900 234 5678", "US", "premium"),
        ("+44 909 879 0000", "US", "premium"),
        ("0899 70 00 00", "FR", "premium"),
    ],
)
def test_a_number_is_refused_with_the_reason(raw: str, region: str, code: str) -> None:
    for _ in range(2):  # the second answer comes from memory
        with pytest.raises(PhoneRefused) as refused:
            parse(raw, region)
        assert refused.value.code == code
        assert refused.value.details["number"] == raw.strip()[:40]


def test_the_reason_names_the_country_that_the_number_points_to() -> None:
    with pytest.raises(PhoneRefused) as refused:
        parse("+44 20 7183 87501", "US")
    assert refused.value.says.values["region"] == Region("GB")


@pytest.mark.parametrize(
    ("region", "main"),
    [
        ("GG", "GB"),
        ("IM", "GB"),
        ("JM", "US"),
        ("CA", "US"),
        ("VA", "IT"),
        ("ES", "ES"),
        ("001", "001"),
        ("ZZ", "ZZ"),
    ],
)
def test_the_main_region_of_a_calling_code(region: str, main: str) -> None:
    assert calling_code_region(region) == main


@given(
    st.text(
        st.sampled_from("+0123456789()-. xexttel:;,#*A\u0664\u202a\u00a0\n") | st.characters(), max_size=30
    )
)
def test_any_text_is_a_number_or_refused(raw: str) -> None:
    try:
        phone = parse(raw, "US")
    except PhoneRefused:
        return
    assert parse(phone.e164, "ZZ") == Phone(phone.e164, phone.region)


def test_the_library_waits_for_the_first_number_and_its_geography_never_comes() -> None:
    program = (
        "import sys; from store.texts.phones import parse; before = 'phonenumbers' in sys.modules;"
        "parse('4155552671', 'US'); print(before, 'phonenumbers.geocoder' in sys.modules)"
    )
    output = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert output.split() == ["False", "False"]


def test_the_list_of_regions_has_the_calling_code_of_each() -> None:
    assert regions() == {region: calling_code(region) for region in regions()}
    assert (len(regions()) > 240, regions()["GG"], regions()["KZ"]) == (True, 44, 7)


def test_the_list_of_regions_imports_no_numbering_plan() -> None:
    program = (
        "import sys; from store.texts.phones import regions; regions();"
        "print(any(name.startswith('phonenumbers.data.region_') for name in sys.modules))"
    )
    output = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    assert output.split() == ["False"]


@pytest.mark.parametrize("raw", ["12345", "123456"])
def test_a_number_of_six_digits_at_most_is_a_short_code(raw: str) -> None:
    with pytest.raises(PhoneRefused) as refused:
        parse(raw, "US")
    assert (refused.value.code, refused.value.exit_code) == ("short-code", 2)


def test_a_number_of_seven_digits_lacks_its_area_code() -> None:
    with pytest.raises(PhoneRefused) as refused:
        parse("1234567", "US")
    assert refused.value.code == "no-area-code"
