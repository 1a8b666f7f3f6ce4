"""Who is on a SmartPlan: how they come onto it, go on, are paused, and what ends it for them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.emails.model import Going, SmartPlan, Status, Step, StepKind
from store.emails.plan_model import Ran
from store.emails.tables import StepText
from store.errors import RefusedByRule, WrongUsage
from store.people.model import Contact, Details
from tests.store.emails.conftest import NOON
from tests.store.meanwhile import meanwhile

TWO = SmartPlan("Two", (Step(0, "One", "1"), Step(3, "Two", "2")))
MIXED = SmartPlan(
    "Mixed",
    (
        Step(0, "Hello", "Hi {first_name}"),
        Step(2, "", "Any questions, {first_name}?", StepKind.TEXT),
        Step(4, "", "Call {name}", StepKind.TASK),
    ),
)


def at(store: Store, days: float) -> None:
    """Puts the account's clock so many days after the start."""
    assert isinstance(store.clock, FixedClock)
    store.clock.instant = NOON + timedelta(days=days)


def ana(store: Store, **about: object) -> Contact:
    details = {"first_name": "Ana", "last_name": "Ruiz", "email": "ana@example.com", "region": "US"}
    return store.people.add(**{**details, "phone": "+14155550123", **about})  # type: ignore[arg-type]


def states(store: Store, plan_id: int) -> list[tuple[str, int, Going, int]]:
    """Name, run, state and step of everybody on a plan."""
    return [(one.name, one.run, one.state, one.step) for one in store.smartplans.people(plan_id)]


@pytest.fixture
def texting(store: Store, account: Account) -> Account:
    """The only account that sends texts: 300 a month."""
    return store.credits.open_account("agent-texts", "300", "America/New_York", demo_clock=True)


def test_a_plan_emails_texts_and_reminds_in_its_order(
    store: Store, account: Account, texting: Account
) -> None:
    contact = ana(store)
    plan = store.smartplans.start(account.id, MIXED, contacts=[contact.id]).plan
    assert store.smartplans.run_due(account.id) == Ran(emails=1)
    at(store, 2)
    assert store.smartplans.run_due(account.id) == Ran(texts=1)
    (blast,) = store.messages.blasts(texting.id)
    assert blast.as_sent.body == "Any questions, Ana?\nReply STOP to opt out."
    assert store.credits.balance(texting.id).available == 299
    at(store, 4)
    assert store.smartplans.run_due(account.id) == Ran(tasks=1)
    (task,) = store.tasks.tasks(account.id, NOON + timedelta(days=4))
    assert (task.text, task.contact_id) == ("Call Ana Ruiz", contact.id)
    assert states(store, plan) == [("Ana Ruiz", 1, Going.DONE, 0)]
    page = store.smartplans.plan(plan)
    assert [(one.waiting, one.done, one.failed, one.open) for one in page.steps] == [
        (0, 1, 0, 0),
        (0, 1, 0, 0),
        (0, 0, 0, 1),
    ]
    store.tasks.tick(task.id)
    assert store.smartplans.plan(plan).steps[2].done == 1


def test_a_text_that_cannot_be_paid_fails_for_good_and_the_plan_goes_on(
    store: Store, account: Account, texting: Account
) -> None:
    contact = ana(store)
    plan = store.smartplans.start(account.id, MIXED, contacts=[contact.id]).plan
    store.credits.charge(texting.id, 300)
    at(store, 2)
    assert store.smartplans.run_due(account.id) == Ran(emails=1, failed=1)
    quote = store.credits.quote_plan(texting.id, "1000")
    store.credits.place(texting.id, quote, key="more")
    assert store.smartplans.run_due(account.id) == Ran()
    assert store.messages.blasts(texting.id) == []
    (one,) = store.smartplans.people(plan)
    assert (one.step, one.failed, one.reason) == (3, 1, "no-text-credits")
    assert store.credits.verify().ok


def test_who_has_no_number_misses_the_text_and_nothing_else(
    store: Store, account: Account, texting: Account
) -> None:
    plan = store.smartplans.start(account.id, MIXED, contacts=[ana(store, phone="").id]).plan
    at(store, 4)
    assert store.smartplans.run_due(account.id) == Ran(emails=1, tasks=1, failed=1)
    assert [one.reason for one in store.smartplans.people(plan)] == ["no-number"]
    assert [row.reason for row in store.database.fetch(StepText.select())] == ["no-number"]


def test_it_must_be_clear_which_account_sends_a_plans_texts(store: Store, account: Account) -> None:
    contact = ana(store)
    with pytest.raises(RefusedByRule, match="no text account with a demo clock"):
        store.smartplans.start(account.id, MIXED, contacts=[contact.id])
    accounts = [store.credits.open_account("agent-texts", "300", "UTC", demo_clock=True).id for _ in range(2)]
    with pytest.raises(RefusedByRule, match=f"--texts-from {accounts[0]}|{accounts[1]}"):
        store.smartplans.start(account.id, MIXED, contacts=[contact.id])
    assert store.smartplans.plans(account.id) == []
    plan = store.smartplans.start(account.id, MIXED, contacts=[contact.id], texts_account=accounts[1]).plan
    assert store.smartplans.plan(plan).texts_account == accounts[1]


def test_what_is_played_texts_nobody_for_real(store: Store, account: Account) -> None:
    real = store.credits.open_account("agent-texts", "300", "America/New_York")
    emails = store.credits.open_account("agent-email", "free", "America/New_York")
    contact = ana(store)
    for chosen in (None, real.id):
        with pytest.raises(RefusedByRule, match="with a demo clock"):
            store.smartplans.start(account.id, MIXED, contacts=[contact.id], texts_account=chosen)
    plan = store.smartplans.start(account.id, TWO, contacts=[contact.id]).plan
    with pytest.raises(RefusedByRule, match="with a demo clock"):
        store.smartplans.edit(plan, MIXED.steps)
    assert store.smartplans.start(emails.id, MIXED, contacts=[contact.id]).people == 1


@pytest.mark.parametrize(
    ("zone", "phone", "due"),
    [
        ("Europe/Paris", "", datetime(2026, 4, 17, 7, 30, tzinfo=UTC)),
        ("", "+14155550123", datetime(2026, 4, 16, 16, 30, tzinfo=UTC)),  # 9:30 in California
        ("", "", datetime(2026, 4, 17, 13, 30, tzinfo=UTC)),  # as where the account is, on the next day
    ],
)
def test_an_hour_is_that_of_the_recipients_own_day(
    store: Store, account: Account, zone: str, phone: str, due: datetime
) -> None:
    contact = ana(store, phone=phone, details=Details(zone=zone))
    hourly = SmartPlan("Hourly", (Step(0, "Hi", "Hi", hour="09:30"),))
    plan = store.smartplans.start(account.id, hourly, contacts=[contact.id]).plan
    assert [one.at for one in store.smartplans.people(plan)] == [due]


def test_what_comes_next_is_for_all_whose_hour_comes_on_that_day(store: Store, account: Account) -> None:
    people = [
        store.people.add(
            first_name=place, email=f"{n}@example.com", region="US", details=Details(zone=f"America/{place}")
        ).id
        for n, place in enumerate(("New_York", "Los_Angeles", "Denver"))
    ]
    hourly = SmartPlan("Hourly", (Step(0, "Hi", "Hi", hour="23:30"), Step(1, "Again", "Hi")))
    plan = store.smartplans.start(account.id, hourly, contacts=people).plan
    assert len({one.at for one in store.smartplans.people(plan)}) == 3
    following = store.smartplans.plan(plan).standing.next
    # Half past eleven in Denver and California is on the next day where the account is, in New York.
    assert following is not None
    assert (following.step, following.people) == (1, 1)
    hourly = SmartPlan("Early", (Step(0, "Hi", "Hi", hour="18:30"),))
    plan = store.smartplans.start(account.id, hourly, contacts=people).plan
    following = store.smartplans.plan(plan).standing.next
    assert following is not None
    assert (following.step, following.people) == (1, 3)


def test_who_is_on_a_plan_isnt_put_on_it_again_unless_that_is_meant(store: Store, account: Account) -> None:
    contact, bob = ana(store), store.people.add(first_name="Bob", email="bob@example.com", region="US")
    plan = store.smartplans.start(account.id, TWO, contacts=[contact.id]).plan
    with pytest.raises(RefusedByRule, match="are, or have been, on this SmartPlan") as refused:
        store.smartplans.start(account.id, TWO, contacts=[contact.id])
    assert refused.value.code == "on-it"
    started = store.smartplans.start(account.id, TWO, contacts=[contact.id, bob.id])
    assert (started.plan, started.people, started.left_out) == (plan, 1, {"on-it": 1})
    store.smartplans.run_due(account.id)
    again = store.smartplans.start(account.id, plan, contacts=[contact.id], again=True)
    assert (again.people, again.left_out) == (1, {})
    assert sorted(states(store, plan)) == [
        ("Ana Ruiz", 1, Going.STOPPED, 2),
        ("Ana Ruiz", 2, Going.GOING, 1),
        ("Bob", 1, Going.GOING, 2),
    ]
    at(store, 30)
    store.smartplans.run_due(account.id)
    subjects = [email.subject for email in store.emails.timeline(contact.id)]
    assert subjects == ["Two", "One", "One"]


def test_a_plan_of_the_same_name_with_other_steps_isnt_started(store: Store, account: Account) -> None:
    contact = ana(store)
    plan = store.smartplans.keep(account.id, TWO)
    other = SmartPlan("two", TWO.steps[:1])
    with pytest.raises(RefusedByRule) as refused:
        store.smartplans.start(account.id, other, contacts=[contact.id])
    assert refused.value.code == "other-steps"
    assert states(store, plan) == []


def test_a_filter_and_a_group_name_people_too(store: Store, account: Account) -> None:
    ana(store, groups=["Buyers"])
    store.people.add(first_name="Bob", email="bob@example.com", region="US")
    store.people.add(first_name="Cy", email="cy@example.com", region="US", groups=["Sellers"])
    started = store.smartplans.start(account.id, TWO, groups=["buyers"], filters=["bob"])
    assert sorted(one.name for one in store.smartplans.people(started.plan)) == ["Ana Ruiz", "Bob"]


def test_whoever_is_put_into_a_plans_group_starts_it_from_then_on(store: Store, account: Account) -> None:
    before = ana(store, groups=["Buyers"])
    started = store.smartplans.start(account.id, SmartPlan("Two", TWO.steps, group="Buyers"))
    assert started.people == 0
    store.smartplans.run_due(account.id)
    assert states(store, started.plan) == []
    bob = store.people.add(first_name="Bob", email="bob@example.com", region="US")
    store.people.tag([bob.id], add=["buyers"])
    at(store, 1)
    assert store.smartplans.run_due(account.id) == Ran(emails=1)
    for _ in range(2):  # once, however often they are put into it
        store.people.tag([bob.id, before.id], remove=["Buyers"])
        store.people.tag([bob.id, before.id], add=["Buyers"])
        assert store.smartplans.run_due(account.id) == Ran()
    assert states(store, started.plan) == [("Bob", 1, Going.GOING, 2)]


def test_plans_that_follow_one_another_for_ever_do_it_day_by_day(store: Store, account: Account) -> None:
    contact = ana(store)
    first = store.smartplans.keep(account.id, SmartPlan("First", (Step(0, "1", "1"),)))
    second = store.smartplans.keep(account.id, SmartPlan("Second", (Step(0, "2", "2"),), then="First"))
    store.smartplans.follow(first, second)
    store.smartplans.start(account.id, first, contacts=[contact.id])
    store.smartplans.run_due(account.id)
    at(store, 5)
    assert store.smartplans.run_due(account.id) == Ran(emails=5)
    subjects = [email.subject for email in store.emails.timeline(contact.id)]
    assert subjects == ["2", "1", "2", "1", "2", "1"]
    store.smartplans.follow(second, None)
    at(store, 30)
    store.smartplans.run_due(account.id)
    assert len(store.emails.timeline(contact.id)) == 8


def test_what_follows_must_be_there(store: Store, account: Account) -> None:
    with pytest.raises(WrongUsage, match="no SmartPlan Nothing"):
        store.smartplans.keep(account.id, SmartPlan("First", TWO.steps, then="Nothing"))
    assert store.smartplans.plans(account.id) == []


def test_whoever_is_paused_goes_on_later_by_as_many_days(store: Store, account: Account) -> None:
    contact, bob = ana(store), store.people.add(first_name="Bob", email="bob@example.com", region="US")
    plan = store.smartplans.start(account.id, TWO, contacts=[contact.id, bob.id]).plan
    store.smartplans.run_due(account.id)
    at(store, 1)
    assert store.smartplans.pause(plan, [contact.id]) == 1
    assert store.smartplans.pause(plan, [contact.id]) == 0
    at(store, 11)
    assert store.smartplans.run_due(account.id) == Ran(emails=1)  # Bob's
    assert store.smartplans.resume(plan, [contact.id]) == 1
    (one,) = store.smartplans.people(plan, states=[Going.GOING])
    assert one.at == datetime(2026, 4, 29, 4, tzinfo=UTC)  # ten days after the 19th
    at(store, 13)
    assert store.smartplans.run_due(account.id) == Ran(emails=1)


def test_a_plan_that_is_paused_for_all_takes_people_in_and_leaves_those_paused_who_were(
    store: Store, account: Account
) -> None:
    contact, bob = ana(store), store.people.add(first_name="Bob", email="bob@example.com", region="US")
    plan = store.smartplans.start(account.id, TWO, contacts=[contact.id]).plan
    store.smartplans.run_due(account.id)
    at(store, 1)
    store.smartplans.pause(plan, [contact.id])
    at(store, 2)
    assert store.smartplans.pause(plan) == 0
    assert store.smartplans.plans(account.id)[0].paused_on == date(2026, 4, 18)
    store.smartplans.start(account.id, plan, contacts=[bob.id])
    at(store, 6)
    assert store.smartplans.run_due(account.id) == Ran()
    assert store.smartplans.resume(plan) == 1
    assert store.smartplans.run_due(account.id) == Ran(emails=1)  # Bob's first
    (ana_on,) = store.smartplans.people(plan, states=[Going.PAUSED])
    assert ana_on.name == "Ana Ruiz"
    at(store, 7)
    store.smartplans.resume(plan, [contact.id])
    due = {one.name: one.at for one in store.smartplans.people(plan)}
    assert due["Ana Ruiz"] == datetime(2026, 4, 25, 4, tzinfo=UTC)  # six days after the 19th


def test_who_is_stopped_gets_nothing_more(store: Store, account: Account) -> None:
    contact, bob = ana(store), store.people.add(first_name="Bob", email="bob@example.com", region="US")
    plan = store.smartplans.start(account.id, TWO, contacts=[contact.id, bob.id]).plan
    assert store.smartplans.stop(plan, [bob.id]) == 1
    assert store.smartplans.run_due(account.id) == Ran(emails=1)
    assert store.smartplans.stop(plan) == 1
    at(store, 30)
    assert store.smartplans.run_due(account.id) == Ran()
    assert {state for _, _, state, _ in states(store, plan)} == {Going.STOPPED}


def test_an_answer_since_the_start_ends_a_plan_and_an_older_one_doesnt(
    store: Store, account: Account, texting: Account
) -> None:
    contact = ana(store)
    store.messages.receive(texting.id, contact.phone, "Hello?")
    at(store, 0.1)
    plan = store.smartplans.start(account.id, TWO, contacts=[contact.id]).plan
    assert store.smartplans.run_due(account.id) == Ran(emails=1)
    at(store, 1)
    store.messages.receive(texting.id, contact.phone, "Yes, I'd love to")
    assert store.smartplans.run_due(account.id) == Ran(ended=1)
    assert states(store, plan) == [("Ana Ruiz", 1, Going.REPLIED, 2)]
    at(store, 30)
    assert store.smartplans.run_due(account.id) == Ran()


def test_an_address_that_takes_no_mail_ends_a_plan_and_isnt_called_an_opt_out(
    store: Store, account: Account
) -> None:
    contact = ana(store)
    plan = store.smartplans.start(account.id, TWO, contacts=[contact.id]).plan
    store.consent.opt_out("ana@example.com", 0, how="bounce", why="5.1.1")
    assert store.smartplans.run_due(account.id) == Ran(ended=1)
    assert states(store, plan) == [("Ana Ruiz", 1, Going.BOUNCED, 1)]
    assert store.smartplans.plan(plan).people == {Going.BOUNCED: 1}


def test_an_opt_out_ends_a_plan_and_keeps_people_off_it(store: Store, account: Account) -> None:
    contact, bob = ana(store), store.people.add(first_name="Bob", email="Bob@Example.com", region="US")
    plan = store.smartplans.start(account.id, TWO, contacts=[contact.id]).plan
    store.consent.opt_out("ana@example.com", account.id)
    store.consent.opt_out("bob@example.com", 0)
    assert store.smartplans.run_due(account.id) == Ran(ended=1)
    assert states(store, plan) == [("Ana Ruiz", 1, Going.OPTED_OUT, 1)]
    with pytest.raises(WrongUsage, match="can't reach anyone you named"):
        store.smartplans.start(account.id, TWO, contacts=[bob.id])
    assert store.emails.timeline(contact.id) == []


def test_somebody_who_was_merged_into_another_goes_on_as_that_one(store: Store, account: Account) -> None:
    contact = ana(store)
    other = store.people.add(first_name="Ann", email="ann@example.com", region="US")
    store.smartplans.start(account.id, TWO, contacts=[other.id])
    store.people.merge(contact.id, [other.id])
    store.smartplans.run_due(account.id)
    emails = [(email.subject, email.status) for email in store.emails.timeline(contact.id)]
    assert emails == [("One", Status.QUEUED)]


def test_two_who_turn_out_to_be_one_get_each_step_once(
    store: Store, account: Account, texting: Account
) -> None:
    contact = ana(store)
    others = [
        store.people.add(first_name=name, email=f"{name}@example.com", region="US").id
        for name in ("ann", "nan", "nana")
    ]
    both = store.smartplans.start(account.id, TWO, contacts=[contact.id, others[0]]).plan
    only_merged = store.smartplans.start(account.id, MIXED, contacts=others[1:]).plan
    store.people.merge(contact.id, others)
    assert store.smartplans.run_due(account.id) == Ran(emails=2, ended=2)
    assert [email.plan for email in store.emails.timeline(contact.id)] == ["Mixed", "Two"]
    for plan in (both, only_merged):
        assert sorted(going for _, _, going, _ in states(store, plan)) == [Going.GOING, Going.STOPPED]


def test_who_had_a_plan_before_they_were_merged_isnt_put_on_it_again(store: Store, account: Account) -> None:
    contact = ana(store)
    other = store.people.add(first_name="Ann", email="ann@example.com", region="US")
    plan = store.smartplans.start(account.id, TWO, contacts=[other.id]).plan
    store.people.merge(contact.id, [other.id])
    with pytest.raises(RefusedByRule, match="are, or have been, on this SmartPlan"):
        store.smartplans.start(account.id, TWO, contacts=[contact.id])
    store.smartplans.start(account.id, TWO, contacts=[contact.id], again=True)
    runs = [(run, going) for _, run, going, _ in states(store, plan)]
    assert runs == [(2, Going.GOING), (1, Going.STOPPED)]


def test_failures_come_first_and_each_page_goes_on_behind_the_one_before(
    store: Store, account: Account
) -> None:
    people = [
        store.people.add(first_name=name, email=f"{name}@example.com", region="US").id for name in "ABCDE"
    ]
    store.credits.charge(account.id, 4_998)
    plan = store.smartplans.start(account.id, TWO, contacts=people).plan
    assert store.smartplans.run_due(account.id) == Ran(emails=2, failed=3)
    found = store.smartplans.people(plan, limit=2)
    while page := store.smartplans.people(plan, after=found[-1], limit=2):
        found += page
    assert [(one.name, one.reason) for one in found] == [
        ("C", "no-credits"),
        ("D", "no-credits"),
        ("E", "no-credits"),
        ("A", ""),
        ("B", ""),
    ]


def test_a_running_plan_says_for_whom_an_edit_changes_what_and_nobody_gets_a_step_twice(
    store: Store, account: Account
) -> None:
    contact, bob = ana(store), store.people.add(first_name="Bob", email="bob@example.com", region="US")
    plan = store.smartplans.start(account.id, TWO, contacts=[contact.id]).plan
    store.smartplans.run_due(account.id)
    at(store, 2)
    store.smartplans.start(account.id, plan, contacts=[bob.id])
    one, two = store.smartplans.plan(plan).plan.steps
    new = [
        Step(0, "One, better", "1", id=one.id),
        Step(1, "New", "new"),
        Step(3, "Two", "2", id=two.id),
        Step(5, "Last", "last"),
    ]
    look = store.smartplans.look(plan, new)
    assert [(str(c.change), c.number, c.to_come, c.past) for c in look.changes] == [
        ("changed", 1, 1, 1),
        ("added", 2, 1, 1),
        ("kept", 3, 2, 0),
        ("added", 4, 2, 0),
    ]
    store.smartplans.run_due(account.id)
    with pytest.raises(RefusedByRule) as refused:
        store.smartplans.edit(plan, new, agreed=look)
    assert refused.value.code == "edit-changed"
    store.smartplans.edit(plan, new, agreed=store.smartplans.look(plan, new))
    at(store, 30)
    store.smartplans.run_due(account.id)
    assert [email.subject for email in store.emails.timeline(contact.id)] == ["Last", "Two", "One"]
    assert [email.subject for email in store.emails.timeline(bob.id)] == ["Last", "Two", "New", "One"]
    assert [step.subject for step in store.smartplans.plan(plan).plan.steps] == [
        "One, better",
        "New",
        "Two",
        "Last",
    ]


def test_who_is_put_on_a_plan_while_it_is_edited_begins_with_a_step_that_is_there(
    store: Store, url: str, account: Account
) -> None:
    plan = store.smartplans.keep(account.id, TWO)
    contact = ana(store)
    other = Store(url, clock=store.clock)

    def edit() -> None:
        other.smartplans.edit(plan, [Step(0, "Another", "3")])

    try:
        meanwhile(
            store.database, lambda: store.smartplans.start(account.id, plan, contacts=[contact.id]), edit
        )
    finally:
        other.close()
    store.smartplans.run_due(account.id)
    assert [email.subject for email in store.emails.timeline(contact.id)] == ["Another"]


def test_whoever_stood_at_a_step_that_is_removed_goes_on_with_the_next_or_is_through(
    store: Store, account: Account
) -> None:
    contact = ana(store)
    plan = store.smartplans.start(account.id, TWO, contacts=[contact.id]).plan
    store.smartplans.run_due(account.id)
    look = store.smartplans.edit(plan, TWO.steps[:1]).edit
    assert [(str(c.change), c.to_come) for c in look.changes] == [("kept", 0), ("removed", 1)]
    assert states(store, plan) == [("Ana Ruiz", 1, Going.DONE, 0)]
    with pytest.raises(WrongUsage, match="needs at least one step"):
        store.smartplans.edit(plan, [])
