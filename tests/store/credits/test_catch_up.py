"""However often somebody looks: one catch-up, daily steps and any split of them give the same ledger, row for
row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.errors import TextmeterError
from tests.store.credits.books import Books
from tests.store.credits.examples import act

PLANS = {
    "agent-texts": ["300", "1000", "3000"],
    "agent-email": ["free", "10000", "25000"],
    "community-texts": ["trial", "50", "200", "800"],
}
DECLINES, PAYS = "4000000000000002", "4242424242424242"
ACTIONS = {
    product: st.one_of(
        st.builds("order {}".format, st.sampled_from(plans)),
        st.sampled_from(["cancel", "withdraw", "sms comes in", "buy 100", "buy 500"]),
        st.sampled_from([f"pay with {DECLINES}", f"pay with {PAYS}", "pay what is owed"]),
        st.builds("{} {}".format, st.sampled_from(["use", "hold", "settle", "release"]), st.integers(1, 900)),
    )
    for product, plans in PLANS.items()
}


class Story(NamedTuple):
    """What is done on which days, the first of which joins; and the days on which somebody looks besides."""

    done: dict[date, str]
    looks: set[date]


@st.composite
def stories(draw: st.DrawFn, product: str) -> Story:
    first = draw(st.dates(date(2026, 1, 1), date(2028, 12, 31)))
    days = draw(st.integers(1, 430))
    plan = draw(st.sampled_from(PLANS[product]))
    yearly = " yearly" if product == "community-texts" and draw(st.booleans()) else ""
    between = st.integers(1, days).map(lambda number: first + timedelta(number))
    done = draw(st.dictionaries(between, ACTIONS[product], max_size=10))
    story = {
        first: f"join {product} {plan}{yearly}",
        **dict(sorted(done.items())),
        first + timedelta(days): "look",
    }
    return Story(story, draw(st.sets(between, max_size=20)))


def play(books: Books, story: Story, looks: set[date]) -> list[str]:
    """What the rules refused; on the way, somebody looks on some days."""
    books.empty()
    books.gateway.use(PAYS)
    refused = []
    for day in sorted({*story.done, *looks}):
        books.at(str(day))
        if day in story.done:
            try:
                act(books, story.done[day])
            except (TextmeterError, ValueError, LookupError) as error:
                refused.append(f"{day} {getattr(error, 'code', type(error).__name__)}")
        else:
            books.available()
    assert books.ledger.verify().problems == ()
    return refused


def ledger(books: Books) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables but for what expiries and unpaid renewals told: see `told`."""
    everything = books.everything()
    del everything["notice"], everything["outbox"]
    everything["told"] = told(books, "NOT IN ('expiry', 'unpaid')")
    return everything


def told(books: Books, cause: str) -> list[tuple[object, ...]]:
    return books.rows(
        "SELECT n.account_id, n.period_index, n.epoch, n.threshold, n.at, n.permille, n.kind, n.cause, "
        "o.channel FROM notice n LEFT JOIN outbox o ON o.notice_id = n.id "
        f"WHERE n.cause {cause} ORDER BY n.id, o.channel"
    )


@pytest.mark.alone("whoever looks brings every account up to the present")
@pytest.mark.parametrize("product", PLANS)
def test_one_catch_up_is_daily_steps_is_any_split_of_them(
    new_books: Callable[..., Books], engine: str, product: str
) -> None:
    once, daily, split = (new_books() for _ in range(3))

    @settings(
        max_examples=40 if engine == "sqlite" else 4,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(stories(product))
    def holds(story: Story) -> None:
        first, *_, last = story.done
        days = {first + timedelta(number) for number in range((last - first).days)} - {first}
        refused = play(once, story, set())
        assert play(daily, story, days) == refused
        assert play(split, story, story.looks) == refused
        assert ledger(once) == ledger(daily) == ledger(split)
        # Who looks in only after a period is over isn't told what expired in it, nor that it wasn't paid.
        of_a_period = "IN ('expiry', 'unpaid')"
        assert set(told(once, of_a_period)) <= set(told(daily, of_a_period))

    with once.database.connection(), daily.database.connection(), split.database.connection():
        for books in (once, daily, split):
            books.hurry()
        holds()
