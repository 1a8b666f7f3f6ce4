"""What can be done about characters that make a text Unicode."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.texts import replacements
from store.texts.alphabet import normalise
from store.texts.fixes import fixes
from store.texts.segments import analyse


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("plain", "plain"),
        ("Elm St — Sunday", "Elm St - Sunday"),
        ("on Sunday ☀", "on Sunday"),
        ("on ☀ Sunday", "on Sunday"),
        ("☀ on Sunday", "on Sunday"),
        ("☀ ☀ sun", "sun"),
        ("sun ☀ ☀", "sun"),
        ("a☀b", "ab"),
        ("first ☀\n☀ second", "first\nsecond"),
        ("\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL} come", "come"),
        ("Москва ☀", "Москва"),
    ],
)
def test_substitutes_and_ornaments(text: str, fixed: str) -> None:
    assert replacements.apply(text, fixes(text)) == fixed


@pytest.mark.parametrize("text", ["plain", "Open house 🏠 on Sunday — come ★ see", "☀ Zoë\r\n“Hi” 👍🏽"])
def test_an_analysis_lists_what_can_be_fixed(text: str) -> None:
    assert list(analyse(text).replaceable) == fixes(text)


def test_a_dash_becomes_plain_and_what_adorns_goes() -> None:
    listed = [(each.at, each.character, each.substitute) for each in fixes("a 🏠 on Sunday — come ★ see")]
    assert listed == [(1, " 🏠", ""), (14, "—", "-"), (20, " ★", "")]


@given(st.text(st.sampled_from("ab ☀—“”é\n1½👍\u200d\ufe0fЯ \u0301"), max_size=30))
def test_replacements_never_overlap_and_lose_no_letter(text: str) -> None:
    found, done = fixes(text), 0
    for replacement in found:
        assert replacement.at >= done
        done = replacement.at + len(replacement.character)
    fixed = replacements.apply(text, found)
    assert [c for c in fixed if c in "bЯ"] == [c for c in normalise(text) if c in "bЯ"]
