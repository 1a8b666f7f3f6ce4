"""Sentences are data: they carry their values and choose a form by a count."""

from __future__ import annotations

from store.errors import NotEnoughCredits, TextmeterError
from store.sentences import Sentence, sentence, sentences


def test_a_sentence_in_a_log_reads_as_english() -> None:
    assert str(sentence("{who} has {n} left", who="Ann", n=3)) == "Ann has 3 left"


def test_the_form_follows_the_count() -> None:
    def people(count: int) -> Sentence:
        return sentences("{count} person", "{count} people", count)

    assert [str(people(count)) for count in (0, 1, 2)] == ["0 people", "1 person", "2 people"]


def test_an_error_carries_its_sentence_its_code_and_its_details() -> None:
    error = NotEnoughCredits(sentence("Too few."), needed=5, available=3)
    assert (error.code, error.exit_code, error.details) == (
        "not-enough-credits",
        3,
        {"needed": 5, "available": 3},
    )
    assert TextmeterError(sentence("Odd."), code="odd").code == "odd"
