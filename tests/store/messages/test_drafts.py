"""Drafts outlive whatever happens to the terminal."""

from __future__ import annotations

from datetime import timedelta

from store import Store
from store.clock import FixedClock
from store.messages.messenger import Messenger
from store.messages.model import Draft

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
    second = messenger.save_draft(Draft(id=first.id, body="Hi"))
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
