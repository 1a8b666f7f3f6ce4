"""What an email, and a SmartPlan, is for decides whom it reaches (rules, 4b)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import Store
from store.clock import FixedClock, micros
from store.credits.model import Account
from store.emails.audience import EmailAudience
from store.emails.emails import Emails
from store.emails.gating import EMAILS
from store.emails.model import EmailRecipient, SmartPlan, Status, Step, StepKind
from store.errors import RefusedByRule, WrongUsage
from store.messages.gate import Circumstances, Gate, Known
from store.messages.model import Draft, LeftOut, Purpose, Repeat, When
from store.messages.tables import Incoming
from store.people.model import Details
from store.people.zones import Whereabouts
from tests.store.emails.conftest import NOON

ANN, BOB = "ann@example.com", "bob@example.com"
NEWS = Draft(subject="News", body="Hello", to=(ANN, BOB), purpose=Purpose.MARKETING)
TEXT = SmartPlan("Follow up", (Step(0, "", "Hi", StepKind.TEXT), Step(3, "", "Still there?", StepKind.TEXT)))
LETTERS = SmartPlan("Letters", (Step(0, "One", "1"), Step(3, "Two", "2")))


@pytest.fixture
def texting(store: Store) -> Account:
    return store.credits.open_account("agent-texts", "300", "America/New_York", demo_clock=True)


def later(store: Store, **by: int) -> None:
    assert isinstance(store.clock, FixedClock)
    store.clock.instant += timedelta(**by)


def told(left_out: tuple[LeftOut, ...]) -> dict[str, str]:
    return {one.phone: one.code for one in left_out}


def wrote(store: Store, account: Account, reach: str, at: datetime) -> None:
    """Somebody answers an account."""
    store.database.run(
        Incoming.insert(
            account_id=account.id, sender="", phone=reach, body="Yes", at=micros(at), credits=0, waived=0
        )
    )


def test_an_email_to_one_is_a_conversation_and_to_several_a_notice(
    emails: Emails, account: Account, store: Store
) -> None:
    assert emails.audience(account.id, replace(NEWS, to=(ANN,), purpose=None)).purpose is Purpose.CONVERSATION
    both = replace(NEWS, purpose=None)
    assert emails.audience(account.id, both).purpose is Purpose.NOTICE
    wrote(store, account, ANN, NOON - timedelta(days=29))
    assert emails.audience(account.id, both).purpose is Purpose.NOTICE
    wrote(store, account, BOB, NOON - timedelta(days=29))
    assert emails.audience(account.id, both).purpose is Purpose.CONVERSATION


def test_what_it_is_for_and_why_is_kept(emails: Emails, account: Account) -> None:
    sent = emails.send(account.id, replace(NEWS, purpose=Purpose.NOTICE, why="A leak"))
    assert (sent.purpose, sent.why) == (Purpose.NOTICE, "A leak")
    assert emails.campaigns(account.id)[0].purpose is Purpose.NOTICE


def test_who_got_marketing_two_days_ago_is_left_out_until_they_write(
    store: Store, emails: Emails, account: Account
) -> None:
    emails.send(account.id, NEWS)
    later(store, days=2)
    with pytest.raises(WrongUsage) as nobody:
        emails.send(account.id, NEWS)
    assert nobody.value.code == "no-recipients"
    wrote(store, account, ANN, NOON + timedelta(days=1))
    found = emails.audience(account.id, NEWS)
    assert [one.address for one in found.recipients] == [ANN]
    assert told(found.left_out) == {BOB: "emailed-lately"}
    later(store, days=5, minutes=1)
    assert len(emails.audience(account.id, NEWS).recipients) == 2


def test_an_address_is_the_same_whatever_its_case(store: Store, emails: Emails, account: Account) -> None:
    emails.send(account.id, NEWS)
    shouted = replace(NEWS, to=("ANN@example.com", "cid@example.com"))
    assert told(emails.audience(account.id, shouted).left_out) == {"ANN@example.com": "emailed-lately"}


def test_one_a_household_is_the_first_who_may_get_it(store: Store, emails: Emails, account: Account) -> None:
    for name, address in ("Ann", ANN), ("Bob", BOB):
        store.people.add(first_name=name, email=address, region="US", details=Details(household="12A"))
    emails.send(account.id, replace(NEWS, to=(ANN,)))
    audience = emails.audience(account.id, replace(NEWS, household=True))
    assert [one.address for one in audience.recipients] == [BOB]
    assert told(audience.left_out) == {ANN: "emailed-lately"}
    assert audience.twice == ()
    notice = emails.audience(account.id, replace(NEWS, household=True, purpose=None))
    assert ([one.address for one in notice.recipients], notice.purpose) == ([ANN], Purpose.CONVERSATION)


@pytest.mark.parametrize("purpose", [Purpose.NOTICE, Purpose.CONVERSATION, Purpose.EMERGENCY])
def test_what_isnt_marketing_neither_counts_nor_asks(
    emails: Emails, account: Account, purpose: Purpose
) -> None:
    draft = Draft(subject="News", body="Hello", to=(ANN, BOB), purpose=purpose, why="A leak")
    emails.send(account.id, draft)
    assert len(emails.audience(account.id, NEWS).recipients) == 2
    emails.send(account.id, NEWS)
    assert len(emails.audience(account.id, draft).recipients) == 2


def test_a_reason_reaches_them_all_the_same(emails: Emails, account: Account) -> None:
    emails.send(account.id, NEWS)
    again = replace(NEWS, body="Sorry", why="The date was wrong")
    assert emails.send(account.id, again).recipients == 2


def test_an_emergency_needs_a_reason(emails: Emails, account: Account) -> None:
    with pytest.raises(WrongUsage) as refused:
        emails.send(account.id, Draft(subject="Fire", body="Out", to=(ANN,), purpose=Purpose.EMERGENCY))
    assert refused.value.code == "no-reason"


def test_an_emergency_leaves_at_once_or_not_at_all(store: Store, emails: Emails, texting: Account) -> None:
    text = Draft(body="Out", to=("+12125550123",), purpose=Purpose.EMERGENCY, why="Fire")
    tomorrow = NOON + timedelta(days=1)
    for when in (
        When(tomorrow),
        When(each_at="09:00"),
        When(tomorrow, repeat=Repeat.WEEKLY),
        When(later=True),
    ):
        with pytest.raises(RefusedByRule) as refused:
            store.messages.send(texting.id, text, when=when)
        assert refused.value.code == "emergency-waits"
    assert store.messages.blasts(texting.id) == []


def test_an_emergency_by_email_leaves_at_once_too(emails: Emails, account: Account) -> None:
    fire = replace(NEWS, purpose=Purpose.EMERGENCY, why="Fire")
    with pytest.raises(RefusedByRule) as refused:
        emails.send(account.id, fire, at=NOON + timedelta(days=1))
    assert refused.value.code == "emergency-waits"
    assert emails.campaigns(account.id) == []


def test_an_account_may_ask_for_a_yes(store: Store, emails: Emails, account: Account) -> None:
    store.consent.opt_in(ANN, account.id, why="form")
    notes = [note.code for note in emails.audience(account.id, NEWS).notes]
    assert "consent-unknown" in notes
    store.messages.require_consent(account.id, True)
    assert told(emails.audience(account.id, NEWS).left_out) == {BOB: "no-consent"}


def test_quiet_hours_are_told_and_an_hour_of_their_own_day_is_the_way_out(
    store: Store, emails: Emails, account: Account
) -> None:
    later(store, hours=12)  # midnight in New York
    audience = emails.audience(account.id, NEWS)
    assert (len(audience.recipients), [note.code for note in audience.notes]) == (
        2,
        ["quiet-hours", "consent-unknown"],
    )
    at_ten = emails.audience(account.id, NEWS, When(each_at="10:00"))
    assert "quiet-hours" not in [note.code for note in at_ten.notes]


def test_another_purpose_under_the_same_key_is_another_request(emails: Emails, account: Account) -> None:
    emails.send(account.id, NEWS, key="k")
    with pytest.raises(RefusedByRule):
        emails.send(account.id, replace(NEWS, why="Sorry"), key="k")


def test_a_test_is_nobodys_marketing(emails: Emails, account: Account) -> None:
    emails.send(account.id, NEWS)
    assert emails.test(account.id, NEWS, ANN).purpose is Purpose.CONVERSATION


class Open:
    """Quiet hours that there are none of."""

    def opens(self, at: datetime, where: Whereabouts) -> datetime:
        return at

    def closes(self, at: datetime, where: Whereabouts) -> datetime:
        return at + timedelta(hours=1)


PEOPLE = [EmailRecipient(f"{name}@example.com", contact=at) for at, name in enumerate("abcdef", 1)]
SOME = st.sets(st.sampled_from([one.reach for one in PEOPLE]))


@given(yes=SOME, lately=SOME, needs_yes=st.booleans(), why=st.sampled_from(["", "A leak"]))
def test_marketing_reaches_exactly_those_who_may_get_it_and_accounts_for_all(
    yes: set[str], lately: set[str], needs_yes: bool, why: str
) -> None:
    where = Whereabouts(("America/New_York",), "US-NY", guess=False)
    at = Circumstances(Open(), lambda one: where, NOON, None, False, needs_yes, "America/New_York")
    known = Known(yes=yes, lately=dict.fromkeys(lately, NOON))
    passed = Gate[EmailAudience](at, EMAILS).passed(
        EmailAudience(tuple(PEOPLE)), Purpose.MARKETING, why, known
    )
    for one in PEOPLE:
        reaches = (one.reach in yes or not needs_yes) and (one.reach not in lately or bool(why))
        assert (one in passed.recipients) is reaches
        assert (one.address in told(passed.left_out)) is not reaches
    assert len(passed.recipients) + len(passed.left_out) == len(PEOPLE)


# SmartPlans


def reasons(store: Store, plan: int) -> list[str]:
    return [one.reason for one in store.smartplans.people(plan)]


def test_a_plan_is_marketing_where_nobody_says_and_says_otherwise_for_its_next_steps(
    store: Store, account: Account
) -> None:
    id = store.smartplans.keep(account.id, LETTERS)
    assert store.smartplans.plan(id).plan.purpose is Purpose.MARKETING
    store.smartplans.mean(id, Purpose.NOTICE)
    store.smartplans.keep(account.id, LETTERS)
    assert store.smartplans.plan(id).plan.purpose is Purpose.NOTICE
    with pytest.raises(WrongUsage):
        store.smartplans.mean(id, Purpose.EMERGENCY)


def test_a_plans_own_texts_dont_count_against_its_next_and_others_do(
    store: Store, account: Account, texting: Account
) -> None:
    ann = store.people.add(first_name="Ann", phone="+12125550101", email=ANN, region="US")
    plan = store.smartplans.start(account.id, TEXT, contacts=[ann.id]).plan
    assert store.smartplans.run_due(account.id).texts == 1
    later(store, days=3)
    assert store.smartplans.run_due(account.id).texts == 1
    (first, second) = store.messages.blasts(texting.id)[::-1]
    assert (first.purpose, second.purpose, second.recipients) == (Purpose.MARKETING, Purpose.MARKETING, 1)
    other = SmartPlan("Other", (Step(0, "", "Us again", StepKind.TEXT), Step(9, "", "And", StepKind.TEXT)))
    again = store.smartplans.start(account.id, other, contacts=[ann.id]).plan
    assert store.smartplans.run_due(account.id).failed == 1
    assert (reasons(store, again), reasons(store, plan)) == (["texted-lately"], [""])
    later(store, days=9)
    assert store.smartplans.run_due(account.id).texts == 1


def test_what_an_agent_writes_besides_doesnt_stop_a_plan(
    store: Store, account: Account, texting: Account
) -> None:
    ann = store.people.add(first_name="Ann", phone="+12125550101", region="US")
    store.messages.send(texting.id, Draft(body="See you tomorrow", contacts=(ann.id,)))
    later(store, days=1)
    store.smartplans.start(account.id, TEXT, contacts=[ann.id])
    assert store.smartplans.run_due(account.id).texts == 1


def test_who_is_in_quiet_hours_gets_a_step_after_them(
    store: Store, account: Account, texting: Account
) -> None:
    later(store, hours=10)  # ten at night in New York
    ann = store.people.add(first_name="Ann", phone="+12125550101", region="US")
    store.smartplans.start(account.id, TEXT, contacts=[ann.id])
    assert store.smartplans.run_due(account.id).texts == 1
    (blast,) = store.messages.blasts(texting.id)
    assert blast.messages == 0
    assert blast.leaves_at is not None
    assert blast.leaves_at.hour in (12, 13)  # eight or nine there
    later(store, hours=12)
    store.messages.deliver(stop=Event())
    assert store.messages.blast(blast.id).messages == 1
    assert store.credits.verify().problems == ()


def test_a_plan_without_a_yes_goes_on_without_its_texts(
    store: Store, account: Account, texting: Account
) -> None:
    store.messages.require_consent(texting.id, True)
    ann = store.people.add(first_name="Ann", phone="+12125550101", region="US")
    plan = store.smartplans.start(account.id, TEXT, contacts=[ann.id]).plan
    assert store.smartplans.run_due(account.id).failed == 1
    assert reasons(store, plan) == ["no-consent"]
    assert store.smartplans.plan(plan).standing.going == 1
    store.consent.opt_in("+12125550101", texting.id, why="form")
    later(store, days=3)
    assert store.smartplans.run_due(account.id).texts == 1


def test_a_plans_emails_pass_the_gate_too(store: Store, account: Account, emails: Emails) -> None:
    emails.send(account.id, NEWS)
    store.smartplans.start(account.id, LETTERS, to=[ANN, "cid@example.com"])
    ran = store.smartplans.run_due(account.id)
    assert (ran.emails, ran.failed) == (1, 1)
    ann = store.people.by_email(ANN)
    assert ann is not None
    newest = emails.timeline(ann.id)[0]
    assert (newest.subject, newest.status, newest.reason) == ("One", Status.FAILED, "emailed-lately")
    later(store, days=3)
    ran = store.smartplans.run_due(account.id)
    assert (ran.emails, ran.failed) == (1, 1)  # Cid's, whose first email was of this plan


def test_two_plans_of_one_person_dont_count_against_each_other(
    store: Store, account: Account, emails: Emails
) -> None:
    store.smartplans.start(account.id, LETTERS, to=[ANN])
    assert store.smartplans.run_due(account.id).emails == 1
    store.smartplans.start(account.id, replace(LETTERS, name="More letters"), to=[ANN])
    assert store.smartplans.run_due(account.id).emails == 1
    assert told(emails.audience(account.id, NEWS).left_out) == {ANN: "emailed-lately"}


def test_a_plan_of_notices_asks_nobody(store: Store, account: Account, emails: Emails) -> None:
    emails.send(account.id, NEWS)
    plan = SmartPlan("Notices", LETTERS.steps, purpose=Purpose.NOTICE)
    store.smartplans.start(account.id, plan, to=[ANN])
    assert store.smartplans.run_due(account.id).emails == 1
