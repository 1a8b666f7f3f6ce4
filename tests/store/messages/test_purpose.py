"""What a text is for decides whom it reaches, and what stands below it (rules, 4b)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.errors import RefusedByRule, WrongUsage
from store.messages.gating import Policy
from store.messages.messenger import Messenger
from store.messages.model import Draft, Purpose, Status
from store.messages.senders import only
from store.roles import Person, Role
from tests.store.messages.scripted import Scripted, ended

BOSTON, SAN_FRANCISCO, HONOLULU = "+16175550101", "+14155550102", "+18085550103"
ALL = (BOSTON, SAN_FRANCISCO, HONOLULU)
LINE = "Elm Realty. Reply STOP to opt out."
OPEN_HOUSE = "The open house is on."


@pytest.fixture
def messenger(store: Store, provider: Scripted, real: FixedClock) -> Messenger:
    """At noon in New York: it is 9 in San Francisco and 6 in Honolulu."""
    senders = only(store.database, provider, real)
    policy = Policy(names=lambda: ("Elm Realty",))
    parts = store.database, store.clock, store.credits, store.people, store.consent, senders
    return Messenger(*parts, policy=policy, real=real)


def marketing(*to: str, body: str = OPEN_HOUSE, why: str = "", language: str = "") -> Draft:
    return Draft(body=body, to=to, purpose=Purpose.MARKETING, why=why, language=language)


def codes(messenger: Messenger, account: Account, draft: Draft) -> dict[str, str]:
    return {one.phone: one.code for one in messenger.audience(account.id, draft).left_out}


def test_a_text_to_one_is_a_conversation_and_to_several_a_notice(
    messenger: Messenger, account: Account
) -> None:
    assert messenger.audience(account.id, Draft(body="Hi", to=(BOSTON,))).purpose is Purpose.CONVERSATION
    assert messenger.audience(account.id, Draft(body="Hi", to=ALL)).purpose is Purpose.NOTICE
    blast = messenger.send(account.id, Draft(body="Hi", to=ALL))
    assert (blast.purpose, blast.why) == (Purpose.NOTICE, "")


def test_those_who_all_wrote_within_thirty_days_are_in_a_conversation(
    messenger: Messenger, account: Account, store: Store
) -> None:
    both = Draft(body="Hi", to=(BOSTON, SAN_FRANCISCO))
    messenger.receive(account.id, BOSTON, "Hello")
    assert messenger.audience(account.id, both).purpose is Purpose.NOTICE
    messenger.receive(account.id, SAN_FRANCISCO, "Hello")
    assert messenger.audience(account.id, both).purpose is Purpose.CONVERSATION
    assert isinstance(store.clock, FixedClock)
    store.clock.instant += timedelta(days=30, minutes=1)
    assert messenger.audience(account.id, both).purpose is Purpose.NOTICE


def test_marketing_leaves_out_who_is_in_quiet_hours(messenger: Messenger, account: Account) -> None:
    blast = messenger.send(account.id, marketing(*ALL))
    assert [(one.phone, one.code) for one in blast.left_out] == [(HONOLULU, "quiet-hours")]
    assert blast.left_out[0].reason.values["when"] == datetime(2026, 4, 16, 18, tzinfo=UTC)  # 8 there
    assert [one.to for one in messenger.messages(blast.id)] == [BOSTON, SAN_FRANCISCO]
    assert (blast.recipients, blast.credits, blast.purpose) == (2, 2, Purpose.MARKETING)


def test_a_contacts_own_zone_counts_for_more_than_its_number(
    messenger: Messenger, account: Account, store: Store
) -> None:
    from store.people.model import Details

    moved = Details(zone="America/New_York")
    contact = store.people.add(first_name="Keo", phone=HONOLULU, region="US", details=moved)
    draft = Draft(body=OPEN_HOUSE, contacts=(contact.id,), purpose=Purpose.MARKETING)
    assert codes(messenger, account, draft) == {}


def test_a_text_that_waits_for_its_turn_until_quiet_hours_isnt_sent(
    messenger: Messenger, account: Account, store: Store
) -> None:
    assert isinstance(store.clock, FixedClock)
    store.clock.instant = datetime(2026, 4, 16, 23, 59, tzinfo=UTC)  # 7:59 PM in Boston, where 8 is the end
    blast = messenger.send(account.id, marketing(BOSTON, SAN_FRANCISCO))
    store.clock.instant += timedelta(minutes=1)
    messenger.deliver(stop=Event())
    late, sent = messenger.messages(blast.id)
    assert (late.to, late.status) == (BOSTON, Status.FAILED)
    assert late.reason is not None
    assert "Quiet hours had started" in str(late.reason)
    assert sent.status is Status.SENT
    assert store.credits.balance(account.id).available == 299
    assert store.credits.verify().problems == ()


def test_the_first_text_says_who_writes_and_how_to_opt_out_and_the_second_does_not(
    messenger: Messenger, account: Account, store: Store, provider: Scripted
) -> None:
    first = messenger.send(account.id, marketing(BOSTON))
    messenger.deliver(stop=Event())
    assert messenger.messages(first.id)[0].body == f"{OPEN_HOUSE}\n{LINE}"
    assert provider.given[-1].body == f"{OPEN_HOUSE}\n{LINE}"
    assert messenger.as_sent([first.id])[first.id].body == f"{OPEN_HOUSE}\n{LINE}"
    assert isinstance(store.clock, FixedClock)
    store.clock.instant += timedelta(days=8)
    second = messenger.send(account.id, marketing(BOSTON))
    assert messenger.messages(second.id)[0].body == OPEN_HOUSE


def test_no_other_text_has_that_line(messenger: Messenger, account: Account) -> None:
    for purpose in (Purpose.CONVERSATION, Purpose.NOTICE, Purpose.EMERGENCY):
        blast = messenger.send(account.id, Draft(body="Hi", to=(BOSTON,), purpose=purpose, why="gas leak"))
        assert messenger.messages(blast.id)[0].body == "Hi"


def test_the_line_is_in_the_language_of_the_text(messenger: Messenger, account: Account) -> None:
    blast = messenger.send(account.id, marketing(BOSTON, body="Casa abierta hoy", language="es-MX"))
    assert messenger.messages(blast.id)[0].body.endswith("\nElm Realty. Responda STOP para darse de baja.")


LONG = "x" * 150
"""One segment, two with the line."""


def test_the_line_costs_nothing_where_the_product_says_so(messenger: Messenger, account: Account) -> None:
    draft = marketing(BOSTON, body=LONG)
    assert messenger.estimate(account.id, draft).credits == 1
    blast = messenger.send(account.id, draft)
    assert (blast.credits, [one.segments for one in messenger.messages(blast.id)]) == (1, [1])


def test_else_it_is_part_of_the_price(messenger: Messenger, store: Store) -> None:
    community = store.credits.open_account("community-texts", "200", "America/New_York")
    draft = marketing(BOSTON, SAN_FRANCISCO, body=LONG)
    found = messenger.estimate(community.id, draft)
    assert (found.credits, found.segments_total) == (4, 4)
    assert [note.code for note in found.advice if note.code == "first-contact"] == ["first-contact"]
    blast = messenger.send(community.id, draft)
    assert (blast.credits, [one.segments for one in messenger.messages(blast.id)]) == (4, [2, 2])


def test_who_was_texted_two_days_ago_is_left_out_of_marketing_until_they_write(
    messenger: Messenger, account: Account, store: Store
) -> None:
    messenger.send(account.id, marketing(BOSTON, SAN_FRANCISCO))
    assert isinstance(store.clock, FixedClock)
    store.clock.instant += timedelta(days=2)
    assert codes(messenger, account, marketing(BOSTON, SAN_FRANCISCO)) == {
        BOSTON: "texted-lately",
        SAN_FRANCISCO: "texted-lately",
    }
    assert codes(messenger, account, Draft(body="Hi", to=ALL)) == {}
    messenger.receive(account.id, BOSTON, "Tell me more")
    assert codes(messenger, account, marketing(BOSTON)) == {}
    store.clock.instant += timedelta(days=5, minutes=1)
    assert codes(messenger, account, marketing(SAN_FRANCISCO)) == {}


def test_a_reason_texts_them_all_the_same_and_is_kept(
    messenger: Messenger, account: Account, store: Store
) -> None:
    messenger.send(account.id, marketing(BOSTON))
    with pytest.raises(WrongUsage) as nobody:
        messenger.send(account.id, marketing(BOSTON))
    assert nobody.value.code == "no-recipients"
    assert str(nobody.value.says) == (
        "Nobody gets this: 1 person is left out. Texted on 2026-04-16, and hasn't written since."
    )
    blast = messenger.send(account.id, marketing(BOSTON, why="She asked for the address"))
    assert (blast.recipients, blast.why) == (1, "She asked for the address")


def test_an_account_may_ask_for_a_yes_before_marketing(
    messenger: Messenger, account: Account, store: Store
) -> None:
    store.consent.opt_in(BOSTON, account.id, why="form")
    draft = marketing(BOSTON, SAN_FRANCISCO)
    assert not messenger.needs_consent(account.id)
    told = [
        note.says for note in messenger.estimate(account.id, draft).advice if note.code == "consent-unknown"
    ]
    assert [(one.values["count"], one.values["all"]) for one in told] == [(1, 2)]
    messenger.require_consent(account.id, True)
    assert codes(messenger, account, draft) == {SAN_FRANCISCO: "no-consent"}
    assert codes(messenger, account, Draft(body="Hi", to=ALL)) == {}


def test_only_owners_say_whether_marketing_needs_a_yes(store: Store, url: str, account: Account) -> None:
    sender = Store(url, clock=store.clock, person=Person("Sam", Role.SENDER))
    with sender.connection(), pytest.raises(RefusedByRule):
        sender.messages.require_consent(account.id, False)
    sender.close()


def test_an_emergency_needs_a_reason_and_reaches_those_who_sleep(
    messenger: Messenger, account: Account
) -> None:
    draft = Draft(body="Leave the building", to=ALL, purpose=Purpose.EMERGENCY)
    with pytest.raises(WrongUsage) as refused:
        messenger.send(account.id, draft)
    assert refused.value.code == "no-reason"
    blast = messenger.send(account.id, Draft(body="Leave", to=ALL, purpose=Purpose.EMERGENCY, why="gas leak"))
    assert (blast.recipients, blast.purpose, blast.why) == (3, Purpose.EMERGENCY, "gas leak")


@pytest.mark.parametrize("purpose", list(Purpose))
def test_opted_out_is_opted_out_whatever_the_purpose(
    messenger: Messenger, account: Account, store: Store, purpose: Purpose
) -> None:
    store.consent.opt_out(BOSTON, account.id)
    draft = Draft(body="Hi", to=(BOSTON, SAN_FRANCISCO), purpose=purpose, why="gas leak")
    assert codes(messenger, account, draft) == {BOSTON: "opted-out"}


def test_a_text_that_did_not_arrive_keeps_nobody_from_the_next_nor_from_the_line_below_it(
    messenger: Messenger, account: Account, provider: Scripted, real: FixedClock
) -> None:
    first = messenger.send(account.id, marketing(BOSTON))
    messenger.deliver(stop=Event())
    (message,) = messenger.messages(first.id)
    provider.answers = [ended(message.id, Status.UNDELIVERED)]
    real.instant += timedelta(minutes=1)
    messenger.poll_receipts()
    again = messenger.to_failed(first.id)
    assert (again.purpose, again.to) == (Purpose.MARKETING, (BOSTON,))
    blast = messenger.send(account.id, again)
    assert messenger.messages(blast.id)[0].body == f"{OPEN_HOUSE}\n{LINE}"


def test_sending_again_under_a_key_with_another_purpose_is_another_request(
    messenger: Messenger, account: Account
) -> None:
    messenger.send(account.id, Draft(body="Hi", to=(BOSTON,)), idempotency_key="k")
    with pytest.raises(RefusedByRule):
        messenger.send(account.id, marketing(BOSTON, body="Hi"), idempotency_key="k")
