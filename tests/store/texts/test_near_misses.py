"""What was meant as a field is found with the field that is meant, and mended at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.texts import replacements
from store.texts.alphabet import normalise
from store.texts.fixes import fixes
from store.texts.merge import parse
from store.texts.near_misses import NearMiss, draft_fixes, near_misses


def mended(text: str) -> str:
    return replacements.apply(text, draft_fixes(text))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("{ first_name }", "{first_name}"),
        ("{first_name||there}", "{first_name|there}"),
        ("{{first_name}}", "{first_name}"),
        ("{first-name}", "{first_name}"),
        ("[First Name]", "{first_name}"),
        ("*|FNAME|*", "{first_name}"),
        ("{first_name | there}", "{first_name|there}"),
        # and what is like them
        ("{{ first_name | there }}", "{first_name|there}"),
        ("{{{first_name}}}", "{first_name}"),
        ("{{first_name}", "{first_name}"),
        ("{First name|you}", "{first_name|you}"),
        ("{FIRST_NAME}", "{first_name}"),
        ("{FirstName}", "{first_name}"),
        ("{first–name}", "{first_name}"),
        ("{first\u200b_name}", "{first_name}"),
        ("｛first_name｝", "{first_name}"),
        ("{first_name ||}", "{first_name|}"),
        ("{company || your place }", "{company|your place}"),
        ("{nombre}", "{first_name}"),
        ("{Apellidos}", "{last_name}"),
        ("[[Company]]", "{company}"),
        ("[last-name]", "{last_name}"),
        ("*|LNAME|*", "{last_name}"),
        ("*|COMPANY|*", "{company}"),
    ],
)
def test_a_near_miss_becomes_the_field_that_is_meant(text: str, meant: str) -> None:
    (found,) = near_misses(f"Hi {text}!")
    assert (found.at, found.written, found.meant) == (3, text, meant)
    assert mended(f"Hi {text}!") == f"Hi {meant}!"


@pytest.mark.parametrize(
    "text",
    [
        "{first_name}",
        "{first_name|there}",
        "{first_name| there}",  # a field, with a space that may be meant
        "[{first_name}]",
        "{first_name|a|b}",  # which of them?
        "{unit}",  # no field's name, which is said elsewhere
        "{",
        "[]",
        "*||*",
        "see [1] and [the note]",
        r"\{first_name\}",
        r"\{ first_name \}",
        r"\{{first_name}\}",  # the name in braces
        r"\[First Name]",  # a field after a backslash would be none
        "{[first_name]}",
        "[first\nname]",
        "",
    ],
)
def test_what_is_a_field_or_no_field_at_all_is_left_alone(text: str) -> None:
    assert near_misses(text) == []
    assert mended(text) == text


def test_square_brackets_may_be_meant_and_nothing_else() -> None:
    text = "{ name } [Name] *|NAME|*"
    assert [found.sure for found in near_misses(text)] == [True, False, True]


def test_several_are_found_where_they_stand() -> None:
    assert near_misses("{first-name}, *|FNAME|*") == [
        NearMiss(0, "{first-name}", "{first_name}", True),
        NearMiss(14, "*|FNAME|*", "{first_name}", True),
    ]


def test_fields_of_ones_own_have_near_misses_too_once_they_exist() -> None:
    assert near_misses("[Unit] {Unit-No}") == []
    found = near_misses("[Unit] {Unit-No}", known=("first_name", "unit", "unit_no"))
    assert [each.meant for each in found] == ["{unit}", "{unit_no}"]


def test_a_field_of_ones_own_comes_before_another_word_for_one_that_all_have() -> None:
    (found,) = near_misses("{ Nombre }", known=("first_name", "nombre"))
    assert found.meant == "{nombre}"


def test_characters_are_fixed_within_a_near_miss_and_around_it() -> None:
    text = "“{ first_name | “you” }” — ☀"
    assert mended(text) == '"{first_name|"you"}" -'
    assert [(fix.at, fix.character) for fix in draft_fixes(text)] == [
        (0, "“"),
        (1, "{ first_name | “you” }"),
        (23, "”"),
        (25, "—"),
        (26, " ☀"),
    ]


def test_where_nothing_is_nearly_a_field_only_characters_are_fixed() -> None:
    text = "Open house 🏠 on Sunday — come ★ see"
    assert draft_fixes(text) == fixes(text)


pieces = st.lists(
    st.sampled_from(
        [
            "{",
            "}",
            "[",
            "]",
            "*|",
            "|*",
            "|",
            " ",
            "\\",
            "first_name",
            "First Name",
            "FNAME",
            "x",
            "–",
            "“",
            "｛",
        ]
    ),
    max_size=14,
).map("".join)


@given(pieces)
def test_mending_again_changes_nothing_more(text: str) -> None:
    once = [(found.at, found.written, found.meant) for found in near_misses(normalise(text))]
    text = replacements.apply(text, [replacements.Replacement(*each) for each in once])
    assert near_misses(text) == []


@given(pieces)
def test_fixing_all_again_changes_nothing_more(text: str) -> None:
    assert draft_fixes(mended(text)) == []


@given(pieces)
def test_what_is_mended_is_a_field_and_the_others_stay_what_they_are(text: str) -> None:
    text = normalise(text)
    found = near_misses(text)
    after = parse(replacements.apply(text, [replacements.Replacement(*each[:3]) for each in found]))
    count = sum(not isinstance(part, str) for part in after.parts)
    assert count >= len(found)


@pytest.mark.parametrize(
    "text", ["[" * 20_000, "{" * 20_000, "{a|" * 6_000, "{a|" + " " * 19_000, "*|" * 9_000]
)
@pytest.mark.timeout(5)
def test_no_text_takes_its_time(text: str) -> None:
    assert near_misses(text) == []
