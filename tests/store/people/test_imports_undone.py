"""Whatever files come in, are merged and undone: nobody is lost, and whoever opted out stays out."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import Store
from store.errors import RefusedByRule

RIGHT, WRONG = "+14155550100", "+14155550110"
"""A number, and what an import once made of it as a spreadsheet writes it."""
NUMBERS = (RIGHT, WRONG, "+14155550101", "+14155550102", "+447911123456")
NAMES = ("Ana Ruiz", "Bo Lane", "Cy Ruiz")

Row: TypeAlias = tuple[str, str, bool]
"""A name, a number, and whether they say that they want no texts."""


def csv_file(rows: list[Row]) -> bytes:
    lines = [f"{name},{number},{'yes' if out else ''}\n" for name, number, out in rows]
    return ("Name,Phone,Do Not Text\n" + "".join(lines)).encode()


def vcards(rows: list[Row]) -> bytes:
    """Cards say nothing about texts."""
    cards = [f"BEGIN:VCARD\nFN:{name}\nTEL:{number}\nEND:VCARD\n" for name, number, _ in rows]
    return "".join(cards).encode()


@dataclass
class Model:
    """What has to hold of a store. here: the numbers that each change brought, by its id; out: who is."""

    store: Store
    here: dict[int, set[str]] = field(default_factory=dict)
    out: set[str] = field(default_factory=set)

    def bring(self, rows: list[Row], as_cards: bool) -> None:
        book = self.store.people
        before = {number for _, number, _ in rows if book.by_phones([number])}
        had_the_wrong_one = [contact.id for contact in book.contacts() if contact.phone == WRONG]
        report = book.import_file(io.BytesIO((vcards if as_cards else csv_file)(rows)), region="US")
        assert report.refused == ()
        self.here[report.change] = {number for _, number, _ in rows} - before
        self.out |= {number for _, number, out in rows if out and not as_cards}
        for id in had_the_wrong_one:
            contact = book.contact(id)
            assert contact is not None
            if WRONG not in {number.phone for number in contact.numbers} and WRONG in self.out:
                self.out.add(RIGHT)

    def merge(self, one: int, other: int) -> None:
        contacts = self.store.people.contacts()
        if len(contacts) > 1 and (kept := contacts[one % len(contacts)]) != contacts[other % len(contacts)]:
            self.store.people.merge(kept.id, [contacts[other % len(contacts)].id])

    def undo(self, kind: str | None) -> None:
        try:
            undone = self.store.people.undo(kind)
        except RefusedByRule:
            return  # then all is as it was
        if undone is not None:
            self.here.pop(undone.id, None)

    def opt_out(self, number: str) -> None:
        self.store.consent.opt_out(number, 0)
        self.out.add(number)

    def check(self) -> None:
        assert self.out <= self.store.consent.outs(0).keys()
        for number in set[str]().union(*self.here.values()):
            found = self.store.people.by_phones([number])
            assert found or (number == WRONG and self.store.people.by_phones([RIGHT]))


ROWS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NUMBERS), st.sampled_from([False, False, True])),
    min_size=1,
    max_size=4,
)
STEPS: st.SearchStrategy[Callable[[Model], None]] = st.one_of(
    st.builds(lambda rows, as_cards: lambda model: model.bring(rows, as_cards), ROWS, st.booleans()),
    st.builds(lambda one, other: lambda model: model.merge(one, other), st.integers(0, 9), st.integers(0, 9)),
    st.builds(lambda kind: lambda model: model.undo(kind), st.sampled_from([None, "import"])),
    st.builds(lambda number: lambda model: model.opt_out(number), st.sampled_from(NUMBERS)),
)


@pytest.fixture
def empty(new_database: Callable[[], str]) -> Callable[[], Store]:
    return lambda: Store(new_database())


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=2, max_size=8))
def test_nobody_is_lost_and_whoever_is_out_stays_out(
    empty: Callable[[], Store], steps: list[Callable[[Model], None]]
) -> None:
    store = empty()
    with store.connection():
        model = Model(store)
        for step in steps:
            step(model)
            model.check()
    store.close()


def test_whoever_opted_out_by_a_number_that_was_read_wrongly_is_out_by_the_right_one(
    empty: Callable[[], Store],
) -> None:
    store = empty()
    with store.connection():
        store.credits.open_account("agent-texts", "300", "America/New_York")
        store.credits.open_account("agent-texts", "300", "America/New_York")
        model = Model(store)
        model.bring([("Ana Ruiz", WRONG, False)], as_cards=False)
        said = store.consent.opt_out(WRONG, 2, why="on the phone")
        model.bring([("Ana Ruiz", RIGHT, False)], as_cards=False)
        (ana,) = store.people.contacts()
        assert ana.phone == RIGHT
        assert [store.consent.is_out(RIGHT, account) for account in (1, 2)] == [False, True]
        stands = store.consent.standing(RIGHT, 2)
        assert (stands.why, stands.at) == (said.why, said.at)
        store.people.undo()
        assert store.people.contacts()[0].phone == WRONG
        assert store.consent.is_out(RIGHT, 2)
    store.close()
