"""Time that is played at once does what it does day by day: the same lines of the ledger, the same texts to
the same people for the same credits, each as of its own instant."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.messages.model import Draft, Purpose, Repeat, When
from store.people.model import Details

BEGINNING = datetime(2026, 1, 31, 16, 20, tzinfo=UTC)
DAY = timedelta(days=1)
PLANS = {"agent-texts": "300", "community-texts": "50"}
ZONES = ("", "Europe/Paris", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu")
KEPT = (
    "* FROM entry",
    "* FROM lot",
    "* FROM hold",
    "* FROM allocation",
    "* FROM use_by_day",
    "* FROM period",
    "* FROM blast",
    "* FROM schedule",
    "blast_id, phone, merge, line, part, segments, credits FROM message",
)
"""What has to be the same. The numbers of messages hang on when somebody looked."""


def played(
    folder: Path, product: str, texts: Sequence[tuple[Draft, When]], steps: Iterable[datetime]
) -> list[list[str]]:
    """The rows of a database in which these texts were scheduled, and time went on in these steps."""
    clock = FixedClock(BEGINNING)
    store = Store(str(folder / "played.sqlite3"), clock=clock)
    store.database.execute("PRAGMA synchronous = OFF")
    with store.connection():
        account = store.credits.open_account(
            product, PLANS[product], "America/New_York", demo_clock=True, anchor=BEGINNING.date()
        )
        for number, zone in enumerate(ZONES):
            store.people.add(
                first_name=f"P{number}",
                phone=f"+1415555267{number}",
                region="US",
                groups=["All"],
                details=Details(zone=zone),
            )
        for draft, when in texts:
            store.messages.send(account.id, draft, when=when)
        steps = list(steps)
        for now in (*steps, steps[-1] + 5 * DAY):  # by then all receipts have come
            clock.instant = now
            store.messages.deliver(stop=Event())
            store.messages.catch_up()
        assert store.credits.verify().problems == ()
        check_people(store, account)
        rows = [sorted(map(repr, store.database.execute(f"SELECT {one}").fetchall())) for one in KEPT]
    store.close()
    return rows


def check_people(store: Store, account: Account) -> None:
    """Nobody got a text of the same time twice."""
    twice = store.database.rows(
        "SELECT blast_id, phone FROM message WHERE part = 0 GROUP BY blast_id, phone HAVING COUNT(*) > 1"
    )
    assert twice == []


def texts() -> list[tuple[Draft, When]]:
    notice = Draft(body="Hi {first_name}", groups=("All",), purpose=Purpose.NOTICE)
    one = Draft(body="Rent", to=("+14155552670",), purpose=Purpose.CONVERSATION)
    return [
        (notice, When(BEGINNING + DAY, repeat=Repeat.WEEKLY, each_at="09:30")),
        (notice, When(BEGINNING + timedelta(hours=3), repeat=Repeat.MONTHLY)),
        (one, When(BEGINNING + 2 * DAY, repeat=Repeat.MONTHLY_WEEKDAY, each_at="07:45")),
        (notice, When(BEGINNING + 40 * DAY, each_at="18:00")),
        (one, When(BEGINNING + 300 * DAY)),
        (
            Draft(body="Sale", groups=("All",), purpose=Purpose.MARKETING),
            When(BEGINNING + 12 * DAY, later=True),
        ),
    ]


@pytest.mark.parametrize("product", PLANS)
def test_a_year_at_once_is_a_year_day_by_day(tmp_path: Path, product: str) -> None:
    end = BEGINNING + 400 * DAY
    kept = []
    for name, steps in {
        "days": [BEGINNING + number * DAY for number in range(401)],
        "once": [end],
    }.items():
        (tmp_path / name).mkdir()
        kept.append(played(tmp_path / name, product, texts(), steps))
    days, once = kept
    for by_days, at_once in zip(days, once, strict=True):
        assert by_days == at_once
    assert len(days[KEPT.index("* FROM blast")]) > 80


hours = st.one_of(st.just(""), st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 45])))
whens = st.builds(
    When,
    at=st.builds(lambda minutes: BEGINNING + timedelta(minutes=minutes), st.integers(1, 80 * 24 * 60)),
    each_at=hours,
    repeat=st.sampled_from(Repeat),
    later=st.booleans(),
)
drafts = st.builds(
    Draft,
    body=st.sampled_from(["Hi", "Hi {first_name}", "x" * 200]),
    groups=st.just(("All",)),
    purpose=st.sampled_from([Purpose.NOTICE, Purpose.MARKETING, Purpose.CONVERSATION]),
    why=st.just("Asked for it"),
)


@settings(max_examples=6)
@given(
    texts=st.lists(st.tuples(drafts, whens), min_size=1, max_size=4),
    product=st.sampled_from(sorted(PLANS)),
    minutes=st.lists(st.integers(1, 100 * 24 * 60), max_size=12),
)
def test_whatever_is_scheduled_it_leaves_alike_in_whatever_steps_time_goes(
    texts: list[tuple[Draft, When]], product: str, minutes: list[int]
) -> None:
    end = BEGINNING + 110 * DAY
    steps = sorted(BEGINNING + timedelta(minutes=one) for one in minutes)
    kept: list[Any] = []
    for way in ([end], [*steps, end]):
        with tempfile.TemporaryDirectory() as folder:
            kept.append(played(Path(folder), product, texts, way))
    assert kept[0] == kept[1]
