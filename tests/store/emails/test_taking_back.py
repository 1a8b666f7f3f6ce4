"""What was done with campaigns and SmartPlans, taken back: as it was before, and nothing leaves twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.emails.emails import Emails
from store.emails.model import Going, SmartPlan, Status, Step, StepKind
from store.errors import NotEnoughCredits, RefusedByRule, WrongUsage
from store.mail import Mail, NoAnswer, Outcome, Refused
from store.messages.model import Draft
from store.people.model import Contact
from tests.store.emails.conftest import NOON
from tests.store.mail.scripted import Scripted

DAY = timedelta(days=1)
TO = ("ann@example.com", "bob@example.com", "cid@example.com")
HELLO = Draft(subject="Hi", body="Hello", to=TO)
THREE = SmartPlan("Three", (Step(0, "One", "1"), Step(3, "Two", "2"), Step(6, "Three", "3")))


def go_to(store: Store, days: float) -> None:
    """Puts the account's clock so many days after the start."""
    assert isinstance(store.clock, FixedClock)
    store.clock.instant = NOON + days * DAY


def numbers(store: Store, account: Account) -> tuple[int, int, int]:
    balance = store.credits.balance(account.id)
    return balance.available, balance.held, balance.used


def refusal(emails: Emails, campaign: int) -> str:
    with pytest.raises(RefusedByRule) as refused:
        emails.restore(campaign)
    return refused.value.code


# Campaigns


def test_a_campaign_that_was_cancelled_leaves_after_all_as_it_was_to(
    store: Store, account: Account, emails: Emails, mailer: Scripted
) -> None:
    campaign = emails.send(account.id, HELLO, at=NOON + DAY)
    before, held = emails.recipients(campaign.id), numbers(store, account)
    emails.cancel(campaign.id)
    emails.restore(campaign.id)
    assert emails.campaign(campaign.id) == replace(campaign, left_out=())
    assert emails.recipients(campaign.id) == before
    assert numbers(store, account) == held
    assert emails.deliver(account.id).sent == 0
    go_to(store, 1)
    assert emails.deliver(account.id).sent == 3
    assert mailer.to() == list(TO)
    assert numbers(store, account) == (4_997, 0, 3)
    assert store.credits.verify().ok


def test_a_campaign_of_the_next_month_is_estimated_again_and_held_once_that_begins(
    store: Store, account: Account, emails: Emails
) -> None:
    campaign = emails.send(account.id, HELLO, at=NOON + 30 * DAY).id
    emails.cancel(campaign)
    emails.restore(campaign)
    assert numbers(store, account) == (5_000, 0, 0)
    go_to(store, 30)
    store.credits.catch_up(account.id)
    assert emails.deliver(account.id).sent == 3
    assert store.credits.verify().ok


def test_a_campaign_is_brought_back_once(account: Account, emails: Emails) -> None:
    campaign = emails.send(account.id, HELLO, at=NOON + DAY).id
    emails.cancel(campaign)
    emails.restore(campaign)
    assert refusal(emails, campaign) == "changed-since"
    with pytest.raises(WrongUsage):
        emails.restore(campaign + 1)


def test_a_campaign_of_which_some_has_left_or_may_have_stays_cancelled(
    store: Store, account: Account, emails: Emails
) -> None:
    stop = Event()

    class Stopping(Scripted):
        def send(self, mail: Mail) -> Outcome:
            stop.set()
            return super().send(mail)

    mailer = Stopping()
    mailer.outcomes = [NoAnswer()]
    parts = store.database, store.settings, store.credits, store.people, store.consent
    campaign = emails.send(account.id, HELLO).id
    Emails(*parts, mailer=mailer).deliver(account.id, stop=stop)
    emails.cancel(campaign)
    held = numbers(store, account)
    assert refusal(emails, campaign) == "has-left"
    assert emails.campaign(campaign).counts == {Status.UNKNOWN: 1, Status.CANCELLED: 2}
    assert numbers(store, account) == held
    assert store.credits.verify().ok


def test_what_the_server_refused_hasnt_left_and_stays_refused(
    store: Store, account: Account, emails: Emails
) -> None:
    stop = Event()

    class Stopping(Scripted):
        def send(self, mail: Mail) -> Outcome:
            stop.set()
            return Refused("550 No such mailbox")

    parts = store.database, store.settings, store.credits, store.people, store.consent
    campaign = emails.send(account.id, HELLO).id
    Emails(*parts, mailer=Stopping()).deliver(account.id, stop=stop)
    emails.cancel(campaign)
    emails.restore(campaign)
    assert emails.campaign(campaign).counts == {Status.FAILED: 1, Status.QUEUED: 2}
    assert numbers(store, account) == (4_998, 2, 0)
    assert emails.deliver(account.id).sent == 2
    assert store.credits.verify().ok


def test_a_campaign_that_is_brought_back_while_its_worker_is_at_others_settles_what_is_held_anew(
    store: Store, account: Account, emails: Emails
) -> None:
    class Meanwhile(Scripted):
        """Refuses the twenty that are claimed at first. As the first of them is handed over, their campaign
        is cancelled; as the other campaign is, it is back."""

        def send(self, mail: Mail) -> Outcome:
            if mail.to == "00@example.com":
                emails.cancel(first)
                self.outcomes = [Refused("550 No such mailbox")] * 20
            if mail.to == TO[0]:
                emails.restore(first)
            return super().send(mail)

    mailer = Meanwhile()
    parts = store.database, store.settings, store.credits, store.people, store.consent
    to = tuple(f"{number:02}@example.com" for number in range(30))
    first = emails.send(account.id, Draft(subject="Hi", body="Hi", to=to)).id
    emails.send(account.id, replace(HELLO, to=TO[:1]))
    Emails(*parts, mailer=mailer).deliver(account.id)
    assert emails.campaign(first).counts == {Status.FAILED: 20, Status.SENT: 10}
    assert mailer.to() == [TO[0], *to[20:]]
    assert numbers(store, account) == (4_989, 0, 11)
    assert store.credits.verify().ok


def test_a_campaign_whose_time_is_over_isnt_brought_back(
    store: Store, account: Account, emails: Emails
) -> None:
    campaign = emails.send(account.id, HELLO, at=NOON + DAY).id
    emails.cancel(campaign)
    go_to(store, 1)
    assert refusal(emails, campaign) == "too-late"
    assert emails.campaign(campaign).counts == {Status.CANCELLED: 3}


def test_a_campaign_whose_emails_were_used_meanwhile_stays_cancelled(
    store: Store, account: Account, emails: Emails
) -> None:
    campaign = emails.send(account.id, HELLO, at=NOON + DAY).id
    emails.cancel(campaign)
    store.credits.charge(account.id, 4_998)
    with pytest.raises(NotEnoughCredits):
        emails.restore(campaign)
    assert emails.campaign(campaign).cancelled
    assert emails.campaign(campaign).counts == {Status.CANCELLED: 3}


def test_who_opted_out_meanwhile_gets_nothing_of_what_is_brought_back(
    store: Store, account: Account, emails: Emails, mailer: Scripted
) -> None:
    campaign = emails.send(account.id, HELLO).id
    emails.cancel(campaign)
    store.consent.opt_out(TO[0], account.id)
    emails.restore(campaign)
    emails.deliver(account.id)
    assert mailer.to() == list(TO[1:])


# Steps of SmartPlans


def person(store: Store, name: str, **about: object) -> Contact:
    known = {"first_name": name, "email": f"{name.lower()}@example.com", "region": "US", **about}
    return store.people.add(**known)  # type: ignore[arg-type]


def steps(store: Store, plan: int) -> tuple[Step, ...]:
    return store.smartplans.plan(plan).plan.steps


def subjects(store: Store, contact: Contact) -> list[str]:
    """Of all the emails that somebody got, the oldest first."""
    return [email.subject for email in store.emails.timeline(contact.id)][::-1]


def stands(store: Store, plan: int) -> list[tuple[str, Going, int, object]]:
    """Name, state, step, and when it is due, of everybody on a plan."""
    return [(one.name, one.state, one.step, one.at) for one in store.smartplans.people(plan)]


def play(store: Store, account: Account, *days: float) -> None:
    for day in days:
        go_to(store, day)
        store.smartplans.run_due(account.id)


CHANGES: dict[str, Callable[[tuple[Step, ...]], list[Step]]] = {
    "changed": lambda old: [old[0], replace(old[1], body="other"), old[2]],
    "removed": lambda old: [old[0], old[2]],
    "the last removed": lambda old: [*old[:2]],
    "all but the first removed": lambda old: [old[0]],
    "put in": lambda old: [*old[:2], Step(4, "New", "new"), old[2]],
}
MOVED: dict[str, Callable[[tuple[Step, ...]], list[Step]]] = {
    "moved": lambda old: [old[0], old[2], replace(old[1], days=9)]
}
"""Which is another step, so that everybody may get it once more."""


@pytest.mark.parametrize("change", CHANGES | MOVED)
@pytest.mark.parametrize("paused", [False, True])
def test_an_edit_of_a_plan_is_taken_back_and_everybody_stands_where_they_stood(
    store: Store, account: Account, change: str, paused: bool
) -> None:
    ann, bob, cid = (person(store, name) for name in ("Ann", "Bob", "Cid"))
    plan = store.smartplans.start(account.id, THREE, contacts=[ann.id]).plan
    play(store, account, 0, 3)
    store.smartplans.start(account.id, plan, contacts=[bob.id])
    play(store, account, 3)
    store.smartplans.start(account.id, plan, contacts=[cid.id])
    if paused:
        store.smartplans.pause(plan, [bob.id])
    was, before = steps(store, plan), stands(store, plan)
    edited = store.smartplans.edit(plan, (CHANGES | MOVED)[change](was))
    assert steps(store, plan) != was
    store.smartplans.put_back(edited)
    assert [(one, one.id) for one in steps(store, plan)] == [(one, one.id) for one in was]
    assert stands(store, plan) == before
    if paused:
        store.smartplans.resume(plan, [bob.id])
    play(store, account, 3, *range(4, 20))
    assert [subjects(store, one) for one in (ann, bob, cid)] == [["One", "Two", "Three"]] * 3


@pytest.mark.parametrize("change", CHANGES)
def test_nobody_gets_a_step_twice_whenever_an_edit_is_taken_back(
    store: Store, account: Account, change: str
) -> None:
    people = [person(store, f"P{number}") for number in range(8)]
    plan = store.smartplans.keep(account.id, THREE)
    for number, one in enumerate(people):
        play(store, account, number)
        store.smartplans.start(account.id, plan, contacts=[one.id])
    play(store, account, 7)
    edited = store.smartplans.edit(plan, CHANGES[change](steps(store, plan)))
    play(store, account, 8, 9)
    store.smartplans.put_back(edited)
    play(store, account, *range(9, 30))
    for one in people:
        got = subjects(store, one)
        assert len(got) == len(set(got))
        assert got[0] == "One"
        assert {"Two", "Three"} & set(got)
    assert subjects(store, people[-1])[-1] == "Three"


def test_who_was_past_a_step_that_was_removed_doesnt_get_it_again_wherever_they_are_by_now(
    store: Store, account: Account
) -> None:
    """At nine of their own day: it was that in New York, and isn't yet in Los Angeles, where she went."""
    plan = SmartPlan("Hours", (Step(0, "One", "1"), Step(1, "Two", "2", hour="09:00"), Step(6, "Three", "3")))
    ann = person(store, "Ann", phone="+12125550123")
    id = store.smartplans.start(account.id, plan, contacts=[ann.id]).plan
    play(store, account, 0, 0.95)
    assert subjects(store, ann) == ["One", "Two"]
    old = steps(store, id)
    edited = store.smartplans.edit(id, [old[0], old[2]])
    store.people.update(
        ann.id,
        first_name="Ann",
        last_name="",
        company="",
        phone="+13105550123",
        email=ann.email,
        groups=(),
        region="US",
    )
    store.smartplans.put_back(edited)
    play(store, account, 1, 2, 6)
    assert subjects(store, ann) == ["One", "Two", "Three"]


def test_who_was_through_by_an_edit_is_on_the_plan_again_and_not_on_the_one_that_follows(
    store: Store, account: Account
) -> None:
    ann = person(store, "Ann")
    follows = store.smartplans.keep(account.id, SmartPlan("Later", (Step(0, "Later", "l"),)))
    plan = store.smartplans.start(account.id, THREE, contacts=[ann.id]).plan
    store.smartplans.follow(plan, follows)
    play(store, account, 0, 3)
    before = stands(store, plan)
    edited = store.smartplans.edit(plan, steps(store, plan)[:2])
    assert [state for _, state, _, _ in stands(store, follows)] == [Going.GOING]
    store.smartplans.put_back(edited)
    assert (stands(store, plan), stands(store, follows)) == (before, [])
    play(store, account, 6, 7)
    assert subjects(store, ann) == ["One", "Two", "Three", "Later"]


def test_who_has_begun_the_plan_that_follows_stays_there(store: Store, account: Account) -> None:
    ann = person(store, "Ann")
    follows = store.smartplans.keep(
        account.id, SmartPlan("Later", (Step(0, "Later", "l"), Step(2, "End", "e")))
    )
    plan = store.smartplans.start(account.id, THREE, contacts=[ann.id]).plan
    store.smartplans.follow(plan, follows)
    play(store, account, 0, 3)
    edited = store.smartplans.edit(plan, steps(store, plan)[:2])
    play(store, account, 4)
    store.smartplans.put_back(edited)
    play(store, account, *range(4, 20))
    assert subjects(store, ann) == ["One", "Two", "Later", "End"]


def test_a_task_and_a_text_that_were_done_arent_done_again(store: Store, account: Account) -> None:
    store.credits.open_account("agent-texts", "300", "America/New_York", demo_clock=True)
    ann = person(store, "Ann", phone="+14155550123")
    mixed = SmartPlan(
        "Mixed",
        (
            Step(0, "", "Hi", StepKind.TEXT),
            Step(0, "", "Call {name}", StepKind.TASK),
            Step(5, "Later", "l"),
        ),
    )
    plan = store.smartplans.start(account.id, mixed, contacts=[ann.id]).plan
    play(store, account, 0)
    edited = store.smartplans.edit(plan, steps(store, plan)[2:])
    store.smartplans.put_back(edited)
    assert [(one.done, one.open) for one in store.smartplans.plan(plan).steps] == [(1, 0), (0, 1), (0, 0)]
    play(store, account, 0, 1, 5)
    assert len(store.tasks.tasks(account.id, NOON + 9 * DAY)) == 1
    assert subjects(store, ann) == ["Later"]


def test_steps_that_somebody_changed_since_stay_as_they_are(store: Store, account: Account) -> None:
    plan = store.smartplans.keep(account.id, THREE)
    edited = store.smartplans.edit(plan, steps(store, plan)[:2])
    store.smartplans.edit(plan, steps(store, plan)[:1])
    now = steps(store, plan)
    with pytest.raises(RefusedByRule) as refused:
        store.smartplans.put_back(edited)
    assert refused.value.code == "changed-since"
    assert steps(store, plan) == now


def test_edits_are_taken_back_one_after_another(store: Store, account: Account) -> None:
    ann = person(store, "Ann")
    plan = store.smartplans.start(account.id, THREE, contacts=[ann.id]).plan
    play(store, account, 0)
    was, before = steps(store, plan), stands(store, plan)
    changes = ("changed", "put in", "removed")
    done = [store.smartplans.edit(plan, CHANGES[change](steps(store, plan))[:3]) for change in changes]
    for edited in reversed(done):
        store.smartplans.put_back(edited)
    assert [(one, one.id) for one in steps(store, plan)] == [(one, one.id) for one in was]
    assert stands(store, plan) == before
