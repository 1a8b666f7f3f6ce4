"""What is written down of a program at work says nothing about anybody."""

from __future__ import annotations

import errno
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.redaction import LEFT_OUT, Word, error_lines, redacted, without_people

THEIRS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=6)
"""Names, numbers, addresses and texts, of any script."""


def record(message: str, *arguments: object, error: BaseException | None = None) -> logging.LogRecord:
    about = (type(error), error, error.__traceback__) if error is not None else None
    return logging.LogRecord("textmeter", logging.INFO, __file__, 1, message, arguments, about)


def written(message: str, *arguments: object, error: BaseException | None = None) -> str:
    """A record as the log's file has it."""
    return logging.Formatter("%(message)s").format(redacted(record(message, *arguments, error=error)))


def raised(theirs: str) -> Exception:
    """An error as our code raises it, with somebody's words in its message, its cause and its locals."""
    local = [theirs]
    try:
        try:
            raise KeyError(theirs)
        except KeyError as cause:
            raise ValueError(f"no such recipient: {local[0]}") from cause
    except ValueError as error:
        return error


def close() -> None:
    raise RuntimeError("the pool is closed")


# Records


@given(THEIRS)
def test_no_argument_of_a_record_is_written_but_numbers_and_our_own_words(theirs: str) -> None:
    assert written("%s by %s: %s", Word("sent"), theirs, 3) == f"sent by {LEFT_OUT}: 3"


@given(THEIRS)
def test_neither_are_things_that_would_say_it_in_their_own_words(theirs: str) -> None:
    assert written("%s %r", [theirs], {"to": theirs}) == f"{LEFT_OUT} '{LEFT_OUT}'"


def test_arguments_by_name_are_looked_at_alike() -> None:
    one = record("%(what)s %(who)s")
    one.args = {"what": Word("sent"), "who": "Zoë"}
    assert redacted(one).getMessage() == f"sent {LEFT_OUT}"


# Errors


@given(THEIRS)
def test_of_an_error_only_what_the_program_says_is_written(theirs: str) -> None:
    said = written("failed", error=raised(theirs))
    assert said == written("failed", error=raised("somebody else's"))
    assert said.endswith(f"ValueError: {LEFT_OUT}no such recipient: {LEFT_OUT}")
    assert "tests/store/test_redaction.py" in said


def test_a_message_without_values_is_written_whole() -> None:
    with pytest.raises(RuntimeError) as caught:
        close()
    assert [*error_lines(caught.value)][-1] == "RuntimeError: the pool is closed"


def test_what_the_language_says_of_a_value_is_left_out() -> None:
    with pytest.raises(ValueError, match="Zoë") as caught:
        int("Zoë")
    assert [*error_lines(caught.value)][-1] == "ValueError"


def test_an_error_of_the_system_goes_by_its_name_without_its_file() -> None:
    error = OSError(errno.ENOSPC, "No space left on device", "/home/zoe/texts.db")
    assert [*error_lines(error)] == ["OSError: ENOSPC"]


def test_an_error_that_cant_say_what_it_is_is_told_by_its_kind() -> None:
    class Broken(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert [*error_lines(Broken())] == [Broken.__qualname__]


def test_errors_that_come_of_one_another_in_a_circle_end() -> None:
    first, second = ValueError(), KeyError()
    first.__context__, second.__context__ = second, first
    assert [*error_lines(first)] == ["KeyError", "then:", "ValueError"]


# Sentences that quote something

NUMBERS = st.from_regex(r"\+?[0-9]{2,3}[ .-]?\(?[0-9]{3}\)?[ .-]?[0-9]{4}", fullmatch=True)
ADDRESSES = st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8})?(\+[a-z]{1,4})?@[a-z]{1,8}\.[a-z]{2,3}", fullmatch=True)


@given(st.one_of(NUMBERS, ADDRESSES), st.sampled_from(("{}", "Can't text {}.", "<{}>: no answer", "to={},")))
def test_numbers_and_addresses_are_left_out_wherever_they_stand(theirs: str, around: str) -> None:
    assert without_people(around.format(theirs)) == around.format(LEFT_OUT)


def test_the_home_folder_and_urls_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/zoe")
    says = "/home/zoe/texts.db isn't smtp://zoe@mail.example.com:587, 3.11.7"
    assert without_people(says) == f"~/texts.db isn't {LEFT_OUT}, 3.11.7"
