"""Who was left out of a text or an email, and why, is kept with it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from store import Store
from store.credits.model import Account
from store.messages.leaving_out import from_json, to_json
from store.messages.messenger import Messenger
from store.messages.model import Draft, Purpose
from store.messages.proof import LEFT_OUT
from store.sentences import Money, Percent, Phone, Region, Sentence, sentence, sentences

BOSTON, HONOLULU = "+16175550101", "+18085550103"


@pytest.mark.parametrize(
    "says",
    [
        sentence("Opted out on {day}.", day=date(2026, 5, 1)),
        sentence("Quiet hours until {when}.", when=datetime(2026, 5, 1, 12, tzinfo=UTC)),
        sentences("{count} person", "{count} people", 3),
        sentence("{a} {b} {c} {d}", a=Phone(BOSTON), b=Region("US"), c=Money(5), d=Percent(7)),
        sentence("{why} and {name}", why=sentence("{count} of it", count=2), name="O'Hara {x}"),
    ],
)
def test_a_reason_is_said_again_as_it_was(says: Sentence) -> None:
    kept = from_json(to_json(says))
    assert (kept, str(kept)) == (says, str(says))


def test_those_left_out_of_a_text_are_told_later_as_they_were_when_it_was_sent(
    messenger: Messenger, account: Account, store: Store
) -> None:
    ann = store.people.add(first_name="Ann", region="US", email="ann@example.com")
    draft = Draft(body="Hi", to=(BOSTON, HONOLULU, "12"), contacts=(ann.id,), purpose=Purpose.MARKETING)
    blast = messenger.send(account.id, draft)
    kept = list(messenger.left_out(blast.id))
    assert kept == list(blast.left_out)
    assert [(one.to, one.code) for one in kept] == [
        ("12", "short-code"),
        ("Ann", "no-phone"),
        (HONOLULU, "quiet-hours"),
    ]
    assert kept[1].contact == ann.id
    told = [(line.to, line.name, line.status) for line in messenger.proof_lines(blast.id)]
    assert told == [
        (BOSTON, "", "queued"),
        ("12", "", LEFT_OUT),
        ("", "Ann", LEFT_OUT),
        (HONOLULU, "", LEFT_OUT),
    ]


def test_those_left_out_of_an_email_likewise(store: Store) -> None:
    emails = store.credits.open_account("agent-email", "free", "America/New_York")
    store.people.add(first_name="Bo", region="US", phone=BOSTON, groups=["Buyers"])
    store.people.add(first_name="Ann", region="US", email="ann@example.com", groups=["Buyers"])
    draft = Draft(subject="Sunday", body="Hi", groups=("Buyers",))
    campaign = store.emails.send(emails.id, draft)
    assert [(line.name, line.status) for line in store.emails.proof_lines(campaign.id)] == [
        ("Ann", "queued"),
        ("Bo", LEFT_OUT),
    ]
