"""Drafts outlive whatever happens to the terminal."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.errors import RefusedByRule
from store.messages.messenger import Messenger
from store.messages.model import Draft, Elsewhere
from tests.store.meanwhile import meanwhile

WHOLE = Draft(
    body="Hi {first_name} — ☀",
    to=("+14155552671",),
    contacts=(3, 5),
    groups=("buyers",),
    media=("/tmp/a.png",),
)


def test_a_draft_comes_back_as_it_was_typed(messenger: Messenger) -> None:
    saved = messenger.save_draft(WHOLE)
    assert saved.id > 0
    assert messenger.draft(saved.id) == saved
    assert (saved.body, saved.to, saved.contacts, saved.groups, saved.media) == (
        WHOLE.body,
        WHOLE.to,
        WHOLE.contacts,
        WHOLE.groups,
        WHOLE.media,
    )


def test_a_draft_is_there_after_a_new_start(url: str, messenger: Messenger) -> None:
    saved = messenger.save_draft(WHOLE)
    again = Store(url)
    assert again.messages.latest_draft() == saved


def test_saving_again_changes_the_same_draft(messenger: Messenger) -> None:
    first = messenger.save_draft(Draft(body="H"))
    second = messenger.save_draft(replace(first, body="Hi"))
    assert second.id == first.id
    assert [draft.body for draft in messenger.drafts()] == ["Hi"]


def test_the_latest_draft_is_the_one_written_last(messenger: Messenger, real: FixedClock) -> None:
    older = messenger.save_draft(Draft(body="older"))
    real.instant += timedelta(seconds=1)
    messenger.save_draft(Draft(body="newer"))
    assert [draft.body for draft in messenger.drafts()] == ["newer", "older"]
    real.instant += timedelta(seconds=1)
    messenger.save_draft(older)
    latest = messenger.latest_draft()
    assert latest is not None
    assert latest.body == "older"
    assert latest.saved_at == real.instant


def test_without_drafts_there_is_no_latest_one(messenger: Messenger) -> None:
    assert messenger.latest_draft() is None
    assert messenger.draft(7) is None


def test_a_draft_deleted_elsewhere_while_it_is_written_is_kept_anew(messenger: Messenger) -> None:
    saved = messenger.save_draft(Draft(body="Hi"))
    messenger.delete_draft(saved.id)
    messenger.save_draft(saved)
    assert [draft.body for draft in messenger.drafts()] == ["Hi"]


def test_a_megabyte_is_kept_whole(messenger: Messenger) -> None:
    body = "ñ😀" * 350_000
    saved = messenger.save_draft(Draft(body=body))
    assert messenger.draft(saved.id) == saved
    assert saved.body == body


def test_bytes_that_are_no_text_are_kept_as_the_replacement_character(messenger: Messenger) -> None:
    saved = messenger.save_draft(Draft(body="caf\udce9 \ud83d\ude00", to=("\udcff",)))
    assert (saved.body, saved.to) == ("caf\ufffd 😀", ("\ufffd",))
    assert messenger.draft(saved.id) == saved


# Two windows


def test_what_two_windows_made_of_one_draft_is_kept_both(messenger: Messenger) -> None:
    draft = messenger.save_draft(Draft(body="Viewing at nine"))
    here = messenger.save_draft(replace(draft, body="Viewing at nine, bring keys"))
    there = messenger.save_draft(replace(draft, body="Viewing at nine, park behind"))
    assert there.id != here.id
    assert sorted(messenger.drafts(), key=lambda one: one.id) == [here, there]
    assert messenger.elsewhere(draft) is Elsewhere.CHANGED
    assert (messenger.elsewhere(here), messenger.elsewhere(there)) == (None, None)


def test_the_same_text_kept_twice_stays_one_draft(messenger: Messenger) -> None:
    draft = messenger.save_draft(Draft(body="Hi"))
    once = messenger.save_draft(replace(draft, body="Hi Ann"))
    assert messenger.save_draft(replace(draft, body="Hi Ann")) == once
    assert messenger.drafts() == [once]


def test_a_draft_emptied_in_one_window_keeps_what_the_other_wrote(messenger: Messenger) -> None:
    draft = messenger.save_draft(Draft(body="Hi"))
    changed = messenger.save_draft(replace(draft, body="Hi Ann"))
    messenger.discard_draft(draft)
    assert messenger.drafts() == [changed]
    messenger.discard_draft(changed)
    assert messenger.drafts() == []
    assert messenger.elsewhere(changed) is Elsewhere.DELETED


def test_a_draft_is_sent_once_whichever_window_sends_it(messenger: Messenger, account: Account) -> None:
    draft = messenger.save_draft(Draft(body="Hi", to=("+14155550123",)))
    messenger.send(account.id, draft, idempotency_key="here")
    with pytest.raises(RefusedByRule) as refused:
        messenger.send(account.id, draft, idempotency_key="there")
    assert refused.value.code == "draft-sent"
    assert len(messenger.blasts(account.id)) == 1
    assert messenger.elsewhere(draft) is Elsewhere.SENT


def test_two_windows_that_send_a_draft_at_the_same_moment_send_it_once(
    store: Store, messenger: Messenger, account: Account
) -> None:
    draft = messenger.save_draft(Draft(body="Hi", to=("+14155550123",)))

    def send(key: str) -> str:
        try:
            messenger.send(account.id, draft, idempotency_key=key)
        except RefusedByRule as refused:
            return refused.code
        return "sent"

    assert meanwhile(store.database, lambda: send("here"), lambda: send("there")) == "draft-sent"
    assert len(messenger.blasts(account.id)) == 1


def test_a_draft_that_the_other_window_changed_is_not_sent_as_it_was(
    messenger: Messenger, account: Account
) -> None:
    draft = messenger.save_draft(Draft(body="Sunday at 2", to=("+14155550123",)))
    changed = messenger.save_draft(replace(draft, body="Sunday at 3"))
    with pytest.raises(RefusedByRule) as refused:
        messenger.send(account.id, draft)
    assert refused.value.code == "draft-changed"
    assert (messenger.blasts(account.id), messenger.drafts()) == ([], [changed])


def test_what_is_written_on_after_the_other_window_sent_it_is_a_draft_of_its_own(
    messenger: Messenger, account: Account
) -> None:
    draft = messenger.save_draft(Draft(body="Hi", to=("+14155550123",)))
    messenger.send(account.id, draft)
    on = messenger.save_draft(replace(draft, body="Hi again"))
    assert on.id != draft.id
    assert messenger.drafts() == [on]
    messenger.send(account.id, on)
    assert len(messenger.blasts(account.id)) == 2


def test_the_number_of_a_draft_that_is_gone_becomes_no_other_drafts(
    messenger: Messenger, account: Account
) -> None:
    for end in (lambda one: messenger.send(account.id, one), lambda one: messenger.delete_draft(one.id)):
        gone = messenger.save_draft(Draft(body="Hi", to=("+14155550123",)))
        end(gone)
        another = messenger.save_draft(Draft(body="Another", to=("+14155550123",)))
        assert another.id != gone.id
        assert messenger.save_draft(replace(gone, body="Hi!")).id != another.id
        assert messenger.draft(another.id) == another


# Several accounts


def test_an_account_has_its_own_drafts_and_those_of_no_account_which_are_texts(
    store: Store, messenger: Messenger
) -> None:
    agent, community, other, emails = (
        store.credits.open_account(product, plan, "America/New_York").id
        for product, plan in (
            ("agent-texts", "300"),
            ("community-texts", "200"),
            ("agent-texts", "300"),
            ("agent-email", "free"),
        )
    )
    agents = messenger.save_draft(Draft(body="Open house", account_id=agent))
    communitys = messenger.save_draft(Draft(body="Water is off", account_id=community))
    assert messenger.drafts(agent) == [agents]
    assert (messenger.latest_draft(community), messenger.latest_draft(other)) == (communitys, None)
    anybodys = messenger.save_draft(Draft(body="Hi"))
    assert messenger.latest_draft(other) == anybodys
    assert messenger.drafts(agent) == [anybodys, agents]
    assert messenger.drafts(emails) == []
    assert messenger.latest_draft(emails) is None
