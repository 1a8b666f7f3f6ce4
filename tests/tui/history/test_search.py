"""Lines of the history found by what is to be read on them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store import Store
from store.credits.history_query import Filter, Telling
from store.credits.model import Kind
from store.emails.model import SmartPlan, Step
from tests.tui.harness import make_store, numbers, text
from tui.history.presentation import cause_words, telling_words
from tui.history.search import Finder, about, every_line, happened, lines
from tui.i18n.language import Language

ENGLISH, SPANISH = Language("en"), Language("es")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    text(store, "Open house on Elm St", *numbers(5))
    text(store, "The keys are at the office", *numbers(1), "+14155550000")  # the last one is refused
    with store.connection():
        yield store


def found(store: Store, wanted: str, language: Language = ENGLISH) -> list[str]:
    account = store.credits.account()
    matching = Finder().matching(store, account.id, wanted, language)
    return [
        cause_words(language, line.entry) for line in every_line(store, account.id, Filter(matching=matching))
    ]


@pytest.mark.parametrize(
    "wanted", ["text to", "to 5", "ELM", "keys", "not sent", "order 1", "#2", "credits", "zebra"]
)
def test_what_is_found_is_what_shows_it(store: Store, wanted: str) -> None:
    """The oracle reads each line as a person does, and nothing of the ledger."""
    account = store.credits.account()
    seen = {
        line: f"{cause_words(ENGLISH, line.entry)}  {about(ENGLISH, line)}".casefold()
        for line in lines(store, store.credits.history(account.id))
    }
    expected = [
        cause_words(ENGLISH, line.entry)
        for line, words in seen.items()
        if wanted.casefold().replace("#", "order ") in words
    ]
    assert found(store, wanted) == expected


def test_each_language_finds_its_own_words(store: Store) -> None:
    shown = cause_words(SPANISH, store.credits.history(store.credits.account().id)[0])
    assert found(store, shown, SPANISH)
    assert not found(store, "Text to 5 people", SPANISH)


def test_a_number_is_found_as_the_language_writes_it() -> None:
    telling = Telling(Kind.USED, "blast", 1_234)
    assert telling_words(ENGLISH, telling) == "Text to 1,234 people"


def test_who_goes_on_looking_finds_new_lines_too(store: Store) -> None:
    account, finder = store.credits.account(), Finder()
    finder.matching(store, account.id, "to 7", ENGLISH)
    text(store, "Late news", *numbers(7))
    matching = finder.matching(store, account.id, "to 7", ENGLISH)
    (line,) = every_line(store, account.id, Filter(matching=matching))
    assert line.body == "Late news"


def test_an_email_is_shown_with_who_got_it_and_found_by_that(store: Store) -> None:
    zoe = store.people.add(first_name="Zoë", last_name="Côté", email="zoe@example.com", region="US")
    account = store.credits.open_account("agent-email", "free", "UTC", demo_clock=True)
    hello = SmartPlan("Hello", (Step(0, "Hi", "Hi"),))
    store.smartplans.start(account.id, hello, to=["zoe@example.com", "50%@example.com"])
    store.smartplans.run_due(account.id)

    def shown(wanted: str) -> list[str]:
        matching = Finder().matching(store, account.id, wanted, ENGLISH)
        return [happened(ENGLISH, line) for line in every_line(store, account.id, Filter(matching=matching))]

    assert shown("zoë") == ["Email to Zoë Côté"]
    assert shown("%") == ["Email to 50%@example.com"]
    store.people.delete(zoe.id)
    assert shown("email to") == ["Email to 50%@example.com", "Email to 1 person"]


@pytest.mark.parametrize(
    ("kind", "cause", "words"),
    [
        (Kind.USED, "blast", "Text to 2 people"),
        (Kind.USED, "email", "Email to 2 people"),
        (Kind.USED, "reply", "Reply received"),
        (Kind.USED, "charge", "Usage recorded by hand"),
        (Kind.WAIVED, "reply", "Reply received, 2 credits waived"),
        (Kind.RELEASED, "blast", "Given back: not sent or not delivered"),
        (Kind.GRANTED, "join", "First credits of the plan"),
        (Kind.GRANTED, "subscribe", "First credits of the subscription"),
        (Kind.GRANTED, "upgrade", "Plan upgrade"),
        (Kind.GRANTED, "renewal", "Monthly credits"),
        (Kind.PURCHASED, "purchase", "Purchase"),
        (Kind.EXPIRED, "expiry", "Expired"),
        (Kind.FORFEITED, "cap", "Above the cap"),
        (Kind.TAKEN_BACK, "downgrade", "Plan downgrade"),
        (Kind.TAKEN_BACK, "cancel", "Plan cancelled"),
        (Kind.ENDED, "cancel", "Ended with the plan"),
        (Kind.ENDED, "trial", "Ended with the trial"),
    ],
)
def test_every_cause_has_its_words(kind: Kind, cause: str, words: str) -> None:
    assert telling_words(ENGLISH, Telling(kind, cause, 2)) == words
