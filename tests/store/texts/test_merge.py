"""Merge fields take a recipient's values, and every other brace is a brace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.texts.merge import FIELDS, Field, parse, sketch

ZOE = {"first_name": "Zoë", "last_name": "O'Hara", "name": "Zoë O'Hara", "company": ""}


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("Hi {first_name}!", "Hi Zoë!"),
        ("{first_name}{last_name}", "ZoëO'Hara"),
        ("Dear {name|friend}", "Dear Zoë O'Hara"),
        ("at {company|your place}", "at your place"),
        ("at {company}.", "at ."),
        ("at {company|}.", "at ."),
        ("{company|línea uno\nline two}", "línea uno\nline two"),
        ("", ""),
        (r"\{first_name\}", "{first_name}"),
        (r"\{{first_name}\}", "{Zoë}"),
        (r"a \} b \{ c", "a } b { c"),
        (r"{first_name|\}", "Zoë"),
        (r"\\{x", r"\{x"),
        ("\\", "\\"),
    ],
)
def test_fields_are_filled(text: str, rendered: str) -> None:
    assert parse(text).render(ZOE) == rendered


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "}",
        "{}",
        "{first_name",
        "first_name}",
        "{ first_name}",
        "{first_name|a|b}",
        "{1st}",
        "a {|b}",
        "{{}}",
        "☀{",
    ],
)
def test_other_braces_are_ordinary_characters(text: str) -> None:
    template = parse(text)
    assert template.render(ZOE) == text
    assert (template.fields, template.unknown) == ((), ())


def test_a_brace_before_a_field_stays() -> None:
    assert parse("{{first_name}}").render(ZOE) == "{Zoë}"


def test_fields_that_do_not_exist_stay_and_are_reported_with_their_place() -> None:
    template = parse("Hi {nombre}, {First name|you}, {first_name}")
    assert template.unknown == (Field(3, "nombre", None), Field(13, "First name", "you"))
    assert template.fields == ("first_name",)
    assert template.render(ZOE) == "Hi {nombre}, {First name|you}, Zoë"


def test_a_value_that_holds_braces_is_not_expanded() -> None:
    values = {"first_name": "{last_name}", "last_name": "{first_name|x}"}
    assert parse("{first_name} {last_name}").render(values) == "{last_name} {first_name|x}"


def test_each_field_is_named_once_in_the_order_of_use() -> None:
    assert parse("{name} {company|x} {name|y}").fields == ("name", "company")


def test_missing_are_fields_that_would_leave_a_gap() -> None:
    template = parse("{first_name} {first_name|you} {last_name|} {company} {name}")
    assert template.missing(ZOE) == ("company",)
    assert template.missing({"first_name": " ", "name": "Bo"}) == ("first_name", "company")
    assert parse("{first_name|you}").missing({}) == ()


def test_for_nobody_in_particular_fields_stay_as_they_are_written() -> None:
    assert (
        parse(r"\{Hi\} {first_name|you}, {company} {unit}").unfilled
        == "{Hi} {first_name|you}, {company} {unit}"
    )


def test_fields_of_ones_own_are_filled_once_they_exist() -> None:
    text = "{unit|your flat} {first_name}"
    assert parse(text).unknown == (Field(0, "unit", "your flat"),)
    template = parse(text, known=("unit", "first_name"))
    assert template.fields == ("unit", "first_name")
    assert template.render({"unit": "12A", "first_name": "Zoë"}) == "12A Zoë"


@given(st.text())
def test_any_text_can_be_written_with_its_braces(text: str) -> None:
    assert parse(text.replace("{", r"\{").replace("}", r"\}")).render(ZOE) == text


@given(st.text(alphabet="{}|abc_ \n☀", max_size=40))
def test_a_text_without_fields_is_sent_as_it_is(text: str) -> None:
    assert parse(text).render({}) == text


@given(st.lists(st.sampled_from(FIELDS) | st.text(alphabet="xyz ☀", min_size=1), max_size=8), st.text())
def test_a_text_is_the_join_of_its_parts(words: list[str], value: str) -> None:
    text = "".join(f"{{{word}}}" if word in FIELDS else word for word in words)
    expected = "".join(value.strip() if word in FIELDS else word for word in words)
    assert parse(text).render(dict.fromkeys(FIELDS, value)) == expected


def test_a_sketch_has_no_braces_of_fields_whoever_may_have_them() -> None:
    text = "Hi {first_name}, {unit} and {parking spot|your spot} in {name|there}: \\{so\\} {1}"
    assert sketch(text) == "Hi …, … and your spot in there: {so} {1}"


def test_a_field_of_ones_own_is_one_where_somebody_has_it() -> None:
    text = "Unit {unit}, {building|no} building"
    assert [field.name for field in parse(text).unknown] == ["unit", "building"]
    template = parse(text, {"unit", "building"})
    assert (template.fields, template.unknown) == (("unit", "building"), ())
    assert template.render({"unit": "4B"}) == "Unit 4B, no building"
    assert template.missing({}) == ("unit",)
