"""What was done with texts, taken back: as it was before, unless somebody changed it since."""

from __future__ import annotations

from datetime import timedelta

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.errors import NotEnoughCredits, RefusedByRule
from store.messages.conversations import Conversations
from store.messages.messenger import Messenger
from store.messages.model import Draft, Purpose, Repeat, Template, When
from store.messages.schedule_model import Scheduled
from tests.store.messages.conftest import NOON
from tests.store.messages.replies import came_in
from tests.store.messages.scripted import Scripted
from tests.store.messages.working import ANN, ZOE, deliver, numbers

DAY = timedelta(days=1)
BOTH = Draft(body="See you there", to=(ZOE, ANN), purpose=Purpose.NOTICE)


def scheduled(messenger: Messenger, account: Account, when: When) -> Scheduled:
    messenger.send(account.id, BOTH, when=when)
    return only_one(messenger, account)


def only_one(messenger: Messenger, account: Account) -> Scheduled:
    [one] = messenger.scheduled(account.id)
    return one


def go_to(store: Store, days: int) -> None:
    assert isinstance(store.clock, FixedClock)
    store.clock.instant = NOON + days * DAY


@pytest.mark.parametrize(
    "when", [When(NOON + DAY), When(NOON + DAY, repeat=Repeat.WEEKLY), When(NOON + 40 * DAY)]
)
def test_a_text_that_was_cancelled_leaves_after_all_as_it_was_to(
    store: Store, account: Account, messenger: Messenger, when: When
) -> None:
    was, before = scheduled(messenger, account, when), numbers(store, account)
    messenger.cancel_scheduled(was.id)
    assert messenger.scheduled(account.id) == []
    messenger.restore_scheduled(was)
    assert only_one(messenger, account) == was
    assert numbers(store, account) == before
    blast = messenger.blast(was.blast_id)
    assert (blast.cancelled, blast.recipients, blast.credits) == (False, 2, 2)
    assert store.credits.verify().problems == ()


def test_it_leaves_then(store: Store, account: Account, messenger: Messenger, provider: Scripted) -> None:
    was = scheduled(messenger, account, When(NOON + DAY))
    messenger.cancel_scheduled(was.id)
    messenger.restore_scheduled(was)
    go_to(store, 1)
    deliver(messenger)
    assert sorted(one.to for one in provider.given) == sorted([ZOE, ANN])


def test_it_is_brought_back_once(account: Account, messenger: Messenger) -> None:
    was = scheduled(messenger, account, When(NOON + DAY))
    messenger.cancel_scheduled(was.id)
    messenger.restore_scheduled(was)
    with pytest.raises(RefusedByRule) as refused:
        messenger.restore_scheduled(was)
    assert refused.value.code == "changed-since"
    assert only_one(messenger, account) == was


def test_a_text_whose_time_is_over_isnt_brought_back(
    store: Store, account: Account, messenger: Messenger
) -> None:
    was = scheduled(messenger, account, When(NOON + DAY))
    messenger.cancel_scheduled(was.id)
    go_to(store, 2)
    with pytest.raises(RefusedByRule) as refused:
        messenger.restore_scheduled(was)
    assert refused.value.code == "too-late"
    assert messenger.scheduled(account.id) == []


def test_a_text_whose_credits_were_used_meanwhile_stays_cancelled(
    store: Store, account: Account, messenger: Messenger
) -> None:
    was = scheduled(messenger, account, When(NOON + DAY))
    messenger.cancel_scheduled(was.id)
    store.credits.hold(account.id, 299, cause="blast", reference="0")
    with pytest.raises(NotEnoughCredits):
        messenger.restore_scheduled(was)
    assert messenger.scheduled(account.id) == []
    assert messenger.blast(was.blast_id).cancelled


def test_a_text_that_was_moved_leaves_when_it_was_to(
    store: Store, account: Account, messenger: Messenger
) -> None:
    was, before = scheduled(messenger, account, When(NOON + DAY)), numbers(store, account)
    moved = messenger.move_scheduled(was.id, NOON + 40 * DAY)
    messenger.move_back(was, moved)
    assert only_one(messenger, account) == was
    assert numbers(store, account) == before


def test_a_text_that_somebody_moved_since_stays_where_that_is(account: Account, messenger: Messenger) -> None:
    was = scheduled(messenger, account, When(NOON + DAY))
    moved = messenger.move_scheduled(was.id, NOON + 2 * DAY)
    stands = messenger.move_scheduled(was.id, NOON + 3 * DAY)
    with pytest.raises(RefusedByRule) as refused:
        messenger.move_back(was, moved)
    assert refused.value.code == "changed-since"
    assert only_one(messenger, account) == stands


def test_a_text_isnt_moved_back_to_a_time_that_is_over(
    store: Store, account: Account, messenger: Messenger
) -> None:
    was = scheduled(messenger, account, When(NOON + DAY))
    moved = messenger.move_scheduled(was.id, NOON + 9 * DAY)
    go_to(store, 2)
    with pytest.raises(RefusedByRule) as refused:
        messenger.move_back(was, moved)
    assert refused.value.code == "too-late"
    assert only_one(messenger, account) == moved


def test_who_answers_is_as_before_unless_it_was_given_to_another_since(
    messenger: Messenger, provider: Scripted, account: Account, conversations: Conversations
) -> None:
    messenger.send(account.id, BOTH)
    deliver(messenger)
    came_in(messenger, provider, ZOE, "Hello")
    conversations.assign(account.id, ZOE, "Bob")
    conversations.assign(account.id, ZOE, "", instead_of="Bob")
    [thread] = conversations.threads(account.id)
    assert thread.assigned == ""
    conversations.assign(account.id, ZOE, "Ola")
    with pytest.raises(RefusedByRule):
        conversations.assign(account.id, ZOE, "", instead_of="Bob")
    [thread] = conversations.threads(account.id)
    assert thread.assigned == "Ola"


def test_what_was_marked_is_marked_as_before_unless_more_came_in(
    messenger: Messenger, provider: Scripted, account: Account, conversations: Conversations
) -> None:
    messenger.send(account.id, BOTH)
    deliver(messenger)
    came_in(messenger, provider, ZOE, "Hello")
    conversations.mark_read(account.id, ZOE)
    conversations.mark_read(account.id, ZOE, unread=True, back=True)
    assert conversations.unread(account.id) == 1
    conversations.mark_read(account.id, ZOE)
    came_in(messenger, provider, ZOE, "Are you there?")
    with pytest.raises(RefusedByRule):
        conversations.mark_read(account.id, ZOE, unread=True, back=True)
    assert conversations.unread(account.id) == 1


def test_a_template_is_brought_back_unless_another_has_its_name_since(store: Store, account: Account) -> None:
    store.templates.save(Template("Keys", "They are at the office."))
    store.templates.delete("Keys")
    store.templates.restore("Keys")
    assert store.templates.named("Keys", "en").text == "They are at the office."
    store.templates.delete("Keys")
    store.templates.save(Template("Keys", "Under the mat."))
    with pytest.raises(RefusedByRule) as refused:
        store.templates.restore("Keys")
    assert refused.value.code == "changed-since"
    assert store.templates.named("Keys", "en").text == "Under the mat."


def test_an_edited_template_has_its_old_name_and_words_back(store: Store, account: Account) -> None:
    store.templates.save(Template("Keys", "They are at the office.", Purpose.CONVERSATION, "en", "Your keys"))
    before = store.templates.all("en")
    edits = ("Keys", "Under the mat."), ("KEYS", "In the mailbox."), ("Where the keys are", "Nowhere.")
    done = [store.templates.edit(Template(name, text), "Keys") for name, text in edits]
    assert store.templates.named("Where the keys are", "en").text == "Nowhere."
    for saved in reversed(done):
        store.templates.put_back(saved)
    assert store.templates.all("en") == before


@pytest.mark.parametrize("former", ["Open house", ""])
def test_a_shipped_template_that_was_changed_ships_again_and_a_new_one_is_gone(
    store: Store, account: Account, former: str
) -> None:
    before = store.templates.all("en")
    for name in ("Our open house", former or "Ours"):
        store.templates.put_back(store.templates.edit(Template(name, "Come by."), former))
        assert store.templates.all("en") == before


def test_a_template_that_was_deleted_before_its_name_was_used_anew_is_brought_back_with_its_own_words(
    store: Store, account: Account
) -> None:
    store.templates.save(Template("Keys", "They are at the office."))
    store.templates.delete("Keys")
    store.templates.put_back(store.templates.edit(Template("Keys", "Under the mat."), ""))
    store.templates.restore("Keys")
    assert store.templates.named("Keys", "en").text == "They are at the office."


def test_a_template_that_was_changed_since_its_edit_stays_as_it_is(store: Store, account: Account) -> None:
    store.templates.save(Template("Keys", "They are at the office."))
    saved = store.templates.edit(Template("Keys", "Under the mat."), "Keys")
    store.templates.save(Template("Keys", "In the mailbox."))
    with pytest.raises(RefusedByRule) as refused:
        store.templates.put_back(saved)
    assert refused.value.code == "changed-since"
    assert store.templates.named("Keys", "en").text == "In the mailbox."
