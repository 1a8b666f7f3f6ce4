"""Links that unsubscribe: whom they mean, and that nobody can make one up."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.database import Database
from store.emails.unsubscribing import Unsubscribing, meant, token
from store.settings import Setting, Settings

KEY = bytes(range(32))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    database = Database(str(tmp_path / "textmeter.db"))
    database.migrate([Setting])
    return Settings(database)


@given(st.integers(0, 2**40 - 1))
def test_a_token_names_its_email_and_fits_into_an_address(email: int) -> None:
    named = token(KEY, email)
    assert re.fullmatch("[a-z2-7]{24}", named)
    assert meant(KEY, named) == meant(KEY, named.upper()) == email


@given(st.integers(0, 10_000), st.integers(0, 23), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_token_with_another_letter_names_none(email: int, at: int, letter: str) -> None:
    named = token(KEY, email)
    changed = named[:at] + letter + named[at + 1 :]
    assert meant(KEY, changed) == (email if changed == named else None)


@given(st.text(max_size=80))
def test_whatever_else_is_asked_names_none(text: str) -> None:
    assert meant(KEY, text) is None


def test_another_database_signs_with_another_key(settings: Settings) -> None:
    unsubscribing = Unsubscribing(settings, "")
    assert unsubscribing.email(token(KEY, 7)) is None  # before there is a key
    [by_mail] = unsubscribing.uris(7, "me@example.com")
    assert unsubscribing.email(token(KEY, 7)) is None
    named = by_mail.removeprefix("mailto:me+u").removesuffix("@example.com?subject=unsubscribe")
    assert Unsubscribing(settings, "").email(named) == 7


def test_a_click_is_offered_where_the_server_is_reached_from_outside(settings: Settings) -> None:
    by_mail, by_click = Unsubscribing(settings, "https://texts.example.com").uris(9, "me@example.com")
    named = by_click.removeprefix("https://texts.example.com/unsubscribe/")
    assert by_mail == f"mailto:me+u{named}@example.com?subject=unsubscribe"
    assert Unsubscribing(settings, "").email(named) == 9
