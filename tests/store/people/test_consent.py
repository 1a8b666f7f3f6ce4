"""Who may be texted: by number, with the proof of it; nothing but a person takes an opt-out back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import Store
from store.clock import FixedClock
from store.people.consent import Consent
from store.people.consent_lookup import FEW
from store.people.model import ConsentState, Said

ANN, BO, CY = "+14155550101", "+14155550102", "+14155550103"
MAY_3 = datetime(2026, 5, 3, 15, tzinfo=UTC)
IN, OUT, UNKNOWN = ConsentState.IN, ConsentState.OUT, ConsentState.UNKNOWN


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MAY_3)


@pytest.fixture
def store(new_database: Callable[[], str], clock: FixedClock) -> Iterator[Store]:
    store = Store(new_database(), clock=clock)
    with store.connection():
        store.credits.open_account("agent-texts", "300", "America/New_York")
        store.credits.open_account("community-texts", "200", "America/New_York")
        yield store
    store.close()


@pytest.fixture
def consent(store: Store) -> Consent:
    return store.consent


def numbers(found: list[Said]) -> list[str]:
    return [one.number for one in found]


def test_who_opts_out_is_out_since_then_with_the_reason(consent: Consent) -> None:
    assert consent.standing(ANN, 1) == Said(0, ANN, UNKNOWN, sender=1)
    said = consent.opt_out(ANN, 1, why="asked on the phone")
    assert (said.state, said.how, said.why, said.at, said.by) == (
        OUT,
        "noted",
        "asked on the phone",
        MAY_3,
        "",
    )
    assert consent.standing(ANN, 1) == said
    assert consent.is_out(ANN, 1)
    assert not consent.is_out(BO, 1)


def test_an_opt_out_is_of_one_sender_unless_it_is_of_all(consent: Consent) -> None:
    consent.opt_out(ANN, 1)
    assert not consent.is_out(ANN, 2)
    consent.opt_out(BO, 0)
    assert consent.is_out(BO, 1)
    assert consent.is_out(BO, 2)
    consent.opt_in(BO, 1, why="wrote START")
    assert not consent.is_out(BO, 1)
    assert consent.is_out(BO, 2)
    assert consent.outs(2).keys() == {BO}
    consent.opt_out(BO, 0)
    assert consent.is_out(BO, 1)


def test_out_said_twice_is_out_since_the_first_time_and_both_are_kept(
    consent: Consent, clock: FixedClock
) -> None:
    consent.opt_out(ANN, 1, why="first")
    clock.instant += timedelta(days=3)
    consent.opt_out(ANN, 1, why="second")
    assert (consent.standing(ANN, 1).at, consent.standing(ANN, 1).why) == (MAY_3, "first")
    assert [one.why for one in consent.records()] == ["first", "second"]
    consent.opt_in(ANN, 1, why="changed their mind")
    clock.instant += timedelta(days=3)
    consent.opt_out(ANN, 1, why="third")
    assert consent.standing(ANN, 1).at == MAY_3 + timedelta(days=6)


def test_a_reply_that_is_heard_of_late_undoes_no_opt_out_that_was_said_since(consent: Consent) -> None:
    consent.answer(ANN, 1, IN, why="START", at=MAY_3 - timedelta(hours=9))
    consent.opt_out(ANN, 1, why="asked on the phone")
    assert not consent.answer(ANN, 1, IN, why="START", at=MAY_3 - timedelta(hours=1))
    assert consent.is_out(ANN, 1)
    assert consent.was_out(ANN, 1, MAY_3)
    assert not consent.was_out(ANN, 1, MAY_3 - timedelta(minutes=1))
    assert consent.answer(ANN, 1, IN, why="START", at=MAY_3 + timedelta(hours=1))
    assert not consent.is_out(ANN, 1)


def test_a_file_takes_no_opt_out_back_and_a_person_is_asked_once(consent: Consent) -> None:
    consent.opt_out(ANN, 1)
    file = [
        (ANN, "in", "SMS consent: yes"),
        (BO, "in", "yes"),
        (CY, "out", "Do Not Text: Yes"),
        (CY, "in", ""),
    ]
    assert consent.import_states(file) == (2, 1, 0)
    assert consent.states([ANN, BO, CY, "+14155550199"], 1) == {ANN: OUT, BO: IN, CY: OUT}
    assert [(one.number, one.state, one.asks) for one in consent.review(1)] == [(ANN, OUT, IN)]
    assert consent.import_states(file) == (0, 0, 3)
    assert len(list(consent.records())) == 4
    assert consent.import_states([(BO, "", ""), (ANN, "", "")]) == (0, 0, 0)
    consent.opt_out(ANN, 1, why="still out")
    assert consent.review(1) == []


def test_a_person_who_takes_it_back_has_decided(consent: Consent) -> None:
    consent.opt_out(ANN, 1)
    consent.import_states([(ANN, "in", "yes")])
    consent.opt_in(ANN, 1, why="signed the form")
    assert consent.review(1) == []
    assert not consent.is_out(ANN, 1)


def test_an_import_that_is_undone_notes_nothing(store: Store, consent: Consent) -> None:
    with pytest.raises(ZeroDivisionError), store.database.transaction():
        consent.import_states([(ANN, "out", "")])
        assert consent.outs(1).keys() == {ANN}
        raise ZeroDivisionError
    assert consent.outs(1) == {}
    assert list(consent.records()) == []


def test_they_are_listed_latest_first_by_the_page_and_found_by_name_and_number(
    store: Store, consent: Consent, clock: FixedClock
) -> None:
    store.people.add(first_name="Zoë", last_name="O'Hara", phone=ANN, region="US")
    for number in (ANN, BO, CY):
        consent.opt_out(number, 1)
        clock.instant += timedelta(minutes=1)
    consent.opt_in(BO, 1, why="START")
    assert numbers(consent.said(1)) == [BO, CY, ANN]
    assert numbers(consent.said(1, only_out=True)) == [CY, ANN]
    first = consent.said(1, limit=2)
    assert numbers(consent.said(1, after=first[-1], limit=2)) == [ANN]
    assert [(one.number, one.name) for one in consent.said(1, "zoe")] == [(ANN, "Zoë O'Hara")]
    assert numbers(consent.said(1, "555-0103")) == [CY]
    assert consent.said(1, "nobody") == []


def test_a_page_that_is_pasted_into_the_search_finds_nobody(consent: Consent) -> None:
    consent.opt_out("+14155550101", 1)
    assert consent.said(1, "long " * 700) == []


def test_contacts_of_whom_nothing_was_said_are_told_by_the_page(store: Store, consent: Consent) -> None:
    for at, number in enumerate((ANN, BO, CY)):
        store.people.add(first_name=f"P{at}", phone=number, region="US")
    store.people.add(first_name="Mail", email="m@example.com", region="US")
    consent.opt_out(BO, 1)
    found = consent.unsaid(1)
    assert [(one.number, one.name, one.state) for one in found] == [(ANN, "P0", UNKNOWN), (CY, "P2", UNKNOWN)]
    assert numbers(consent.unsaid(1, after=ANN, limit=1)) == [CY]
    assert numbers(consent.unsaid(2)) == [ANN, BO, CY]


def test_deleting_adding_and_importing_a_contact_anew_leaves_them_out(store: Store, consent: Consent) -> None:
    ann = store.people.add(first_name="Ann", phone=ANN, region="US")
    consent.opt_out(ANN, 1)
    store.people.delete(ann.id)
    assert consent.is_out(ANN, 1)
    store.people.add(first_name="Ann", phone=ANN, region="US")
    assert consent.is_out(ANN, 1)


def test_many_are_looked_up_at_once(consent: Consent) -> None:
    many = [f"+1415{at:07}" for at in range(2_000_000, 2_000_000 + FEW + 1)]
    consent.import_states([(number, "out", "") for number in many[::2]])
    assert consent.outs(1, many).keys() == set(many[::2])
    assert consent.states(many, 1) == dict.fromkeys(many[::2], OUT)
    consent.opt_in(many[0], 1, why="START")
    assert consent.outs(1, many).keys() == set(many[2::2])


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # a server's others change something meanwhile
def test_many_are_read_again_only_after_a_change(consent: Consent, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [f"+1415{at:07}" for at in range(2_000_000, 2_000_000 + FEW + 1)]
    consent.import_states([(number, "out", "") for number in many[::2]])
    assert consent.outs(1, many).keys() == set(many[::2])
    monkeypatch.setattr(consent, "_all_out", lambda sender: pytest.fail("read again"))
    assert len(consent.outs(1, many)) == len(many[::2])
    monkeypatch.undo()
    consent.opt_out(many[1], 1)
    assert many[1] in consent.outs(1, many)


Order = st.tuples(
    st.sampled_from(["out", "in", "file in", "file out"]),
    st.sampled_from([ANN, BO]),
    st.sampled_from([0, 1, 2]),
)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # each example undoes what it did
@given(orders=st.lists(Order, max_size=12))
def test_what_holds_is_what_the_record_says(store: Store, orders: list[tuple[str, str, int]]) -> None:
    """The last that was applied for a sender or for all counts, and no file ever takes an out back."""

    class Undo(Exception):
        pass

    consent = store.consent
    with pytest.raises(Undo), store.database.transaction():
        before = 0
        for what, number, sender in orders:
            outs = {(one, account) for one in (ANN, BO) for account in (1, 2) if consent.is_out(one, account)}
            if what == "out":
                consent.opt_out(number, sender)
            elif what == "in":
                consent.opt_in(number, sender, why="START")
            else:
                consent.import_states([(number, what.removeprefix("file "), "")], sender=sender)
                for one, account in outs:
                    assert consent.is_out(one, account)
            records = list(consent.records())
            assert len(records) >= before
            before = len(records)
            for account in (1, 2):
                for one in (ANN, BO):
                    about = [
                        record
                        for record in records
                        if record.number == one and record.sender in (0, account) and record.asks is None
                    ]
                    state = about[-1].state if about else UNKNOWN
                    assert consent.standing(one, account).state is state
                    assert consent.is_out(one, account) is (state is OUT)
                    assert (one in consent.outs(account)) is (state is OUT)
        raise Undo


def test_several_numbers_are_noted_at_once_each_with_a_record_of_its_own(
    consent: Consent, clock: FixedClock
) -> None:
    consent.opt_out_all([ANN, BO, ANN], 1, why="left the building")
    clock.instant += timedelta(days=1)
    consent.opt_in_all([BO], 1, why="signed again")
    assert consent.states([ANN, BO, CY], 1) == {ANN: OUT, BO: IN}
    said = consent.of_numbers([BO, CY], 1)
    assert [(one.number, one.state, one.why) for one in said] == [
        (BO, IN, "signed again"),
        (BO, OUT, "left the building"),
    ]
    assert len(list(consent.records())) == 3
    assert consent.of_numbers([ANN], 2) == []  # another account's
