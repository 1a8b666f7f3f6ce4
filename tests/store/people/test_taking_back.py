"""What was done with people, taken back: as it was before, unless something was said or done since."""

from __future__ import annotations

import pytest

from store import Store
from store.errors import RefusedByRule
from store.people.model import ConsentState, SavedFilter
from tests.store.people.at_noon import NOON, SAM, opened

ANN, BO = "+14155550101", "+14155550102"
IN, OUT, UNKNOWN = ConsentState.IN, ConsentState.OUT, ConsentState.UNKNOWN


def test_an_opt_out_by_a_slip_is_taken_back_and_the_proof_keeps_both(store: Store) -> None:
    consent = store.consent
    consent.opt_in(BO, 1, why="signed")
    before = [consent.standing(number, 1) for number in (ANN, BO)]
    consent.opt_out_all([ANN, BO], 1)
    consent.take_back(before, 1, OUT, why="a slip")
    assert (consent.is_out(ANN, 1), consent.is_out(BO, 1)) == (False, False)
    assert consent.states([ANN, BO], 1) == {BO: IN}
    assert [(one.number, one.state) for one in consent.records()] == [
        *((BO, IN), (ANN, OUT), (BO, OUT), (ANN, UNKNOWN), (BO, IN)),
    ]


def test_a_yes_by_a_slip_is_taken_back(store: Store) -> None:
    consent = store.consent
    consent.opt_out(ANN, 1)
    before = [consent.standing(ANN, 1)]
    consent.opt_in_all([ANN], 1, why="signed")
    consent.take_back(before, 1, IN, why="a slip")
    assert consent.is_out(ANN, 1)


def test_what_they_wrote_themselves_since_is_never_taken_back(store: Store) -> None:
    consent = store.consent
    before = [consent.standing(number, 1) for number in (ANN, BO)]
    consent.opt_out_all([ANN, BO], 1)
    consent.answer(ANN, 1, OUT, why="STOP", at=NOON)
    with pytest.raises(RefusedByRule) as refused:
        consent.take_back(before, 1, OUT, why="a slip")
    assert refused.value.code == "changed-since"
    assert consent.is_out(ANN, 1)
    assert consent.is_out(BO, 1)


def test_what_another_noted_is_theirs(store: Store, url: str) -> None:
    before = [store.consent.standing(ANN, 1)]
    store.consent.opt_out(ANN, 1)
    with opened(url, SAM) as sams, pytest.raises(RefusedByRule):
        sams.consent.take_back(before, 1, OUT, why="a slip")
    assert store.consent.is_out(ANN, 1)


def test_a_change_is_undone_by_its_number_whatever_came_after_it(store: Store) -> None:
    ann = store.people.add(first_name="Ann", phone=ANN, region="US")
    added = store.people.last_change()
    assert added is not None
    store.people.add(first_name="Bo", phone=BO, region="US")
    assert store.people.undo(change=added.id) == added
    assert [contact.first_name for contact in store.people.contacts()] == ["Bo"]
    assert store.people.undo(change=added.id) is None
    assert store.people.contact(ann.id) is None


def test_a_task_is_to_be_done_again_unless_another_ticked_it(store: Store, url: str) -> None:
    ann = store.people.add(first_name="Ann", phone=ANN, region="US")
    store.tasks.add(1, ann.id, "Call", NOON)
    [task] = store.tasks.tasks(1, NOON)
    store.tasks.tick(task.id)
    store.tasks.untick(task.id, own=True)
    assert store.tasks.tasks(1, NOON) == [task]
    with opened(url, SAM) as sams:
        sams.tasks.tick(task.id)
    with pytest.raises(RefusedByRule):
        store.tasks.untick(task.id, own=True)
    assert store.tasks.tasks(1, NOON) == []


def test_a_task_that_was_to_be_done_after_all_is_done_as_it_was_unless_another_ticked_it(
    store: Store, url: str
) -> None:
    ann = store.people.add(first_name="Ann", phone=ANN, region="US")
    store.tasks.add(1, ann.id, "Call", NOON)
    with opened(url, SAM) as sam:
        [to_do] = sam.tasks.tasks(1, NOON)
        sam.tasks.tick(to_do.id)
    [done] = store.tasks.tasks(1, NOON, done_since=NOON)
    store.tasks.untick(done.id)
    store.tasks.tick_again(done)
    assert store.tasks.tasks(1, NOON, done_since=NOON) == [done]
    assert done.done_by == "Sam"
    with pytest.raises(RefusedByRule) as refused:
        store.tasks.tick_again(done)
    assert refused.value.code == "changed-since"


def test_a_filter_is_back_unless_its_name_was_given_away(store: Store) -> None:
    saved = store.people.save_filter("Buyers", "zoe")
    store.people.delete_filter("Buyers")
    store.people.restore_filter(saved)
    assert store.people.saved_filters() == [saved]
    other = store.people.save_filter("Buyers", "ann")
    with pytest.raises(RefusedByRule):
        store.people.restore_filter(SavedFilter("BUYERS", "zoe"))
    assert store.people.saved_filters() == [other]
