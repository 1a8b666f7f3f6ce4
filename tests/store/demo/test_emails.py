"""The emails of the demo data: campaigns with every outcome, SmartPlans on their way, and what came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from threading import Event

from store import Store, demo
from store.clock import local_date
from store.demo.when import TIMEZONE, TODAY
from store.emails.model import CampaignSummary, Going, Status, StepKind
from store.people.zones import zones
from tests.store.demo.conftest import EMAILS, TEXTS, account, all_out, words_of


def campaigns(store: Store) -> dict[str, CampaignSummary]:
    return {one.subject: one for one in store.emails.campaigns(account(store, EMAILS).id)}


def outcomes(store: Store, campaign_id: int) -> Sequence[Status]:
    return [one.status for one in store.emails.recipients(campaign_id, limit=1_000)]


def test_a_newsletter_was_sent_and_those_whom_it_missed_come_first(in_either: Store) -> None:
    newsletter = campaigns(in_either)[words_of(in_either).newsletter.subject]
    assert newsletter.recipients > 200
    found = outcomes(in_either, newsletter.id)
    missed = [Status.FAILED] * 2 + [Status.BOUNCED] * 3 + [Status.UNKNOWN]
    assert found == missed + [Status.SENT] * (newsletter.recipients - len(missed))


def test_a_few_got_an_attachment(store: Store) -> None:
    sent = campaigns(store)["The kitchen of 12 Elm St"]
    assert [(file.name, file.type) for file in sent.files] == [("kitchen.png", "image/png")]
    assert sent.counts == {Status.SENT: 5}


def test_one_leaves_tomorrow_at_nine_in_the_morning_wherever_somebody_is(in_either: Store) -> None:
    to_come = campaigns(in_either)[words_of(in_either).to_come.subject]
    assert to_come.each_at == "09:00"
    assert to_come.counts == {Status.QUEUED: to_come.recipients}
    for one in in_either.emails.recipients(to_come.id, limit=1_000):
        contact = in_either.people.contact(one.contact)
        assert contact is not None
        home = zones(contact.zone, contact.phone, TIMEZONE)[0]
        assert timedelta() < one.at - demo.NOW < timedelta(days=2)
        assert local_date(one.at, home) - TODAY in (timedelta(days=1), timedelta(days=2))


def test_nothing_is_held_but_what_is_to_come(store: Store) -> None:
    held = store.credits.balance(account(store, EMAILS).id).held
    [to_come] = [one for one in campaigns(store).values() if one.waits]
    unknown = 1  # it stays held until it is known
    assert held == to_come.recipients + unknown


def test_two_smartplans_go_with_people_before_at_and_after_their_steps(in_either: Store) -> None:
    words, smartplans = words_of(in_either), in_either.smartplans
    there = account(in_either, EMAILS).id
    pages = {
        name: smartplans.plan(smartplans.named(there, name))
        for name in (words.new_buyer.name, words.after_closing.name)
    }
    for page in pages.values():
        assert {one.step.kind for one in page.steps} == set(StepKind)
        assert page.texts_account == account(in_either, TEXTS).id
        assert page.people[Going.GOING] > 5
    assert pages[words.new_buyer.name].people.keys() == {
        Going.GOING,
        Going.PAUSED,
        Going.REPLIED,
        Going.BOUNCED,
    }
    steps = pages[words.new_buyer.name].steps
    assert [one.waiting > 0 for one in steps] == [False, False, True, True, False]
    assert [one.done > 0 for one in steps] == [True, True, True, False, False]


def test_tasks_are_due_today_and_two_are_overdue(in_either: Store) -> None:
    there = account(in_either, EMAILS).id
    due = [local_date(one.due_at, TIMEZONE) for one in in_either.tasks.tasks(there, demo.NOW)]
    assert [day == TODAY for day in due[:3]] == [False, False, True]
    assert set(due[2:]) == {TODAY}


def test_who_bounced_or_wants_no_more_gets_no_more(store: Store) -> None:
    out = {one.number: one.how for one in all_out(store) if "@" in one.number}
    assert {how for address, how in out.items() if "+0003@" in address} == {"bounce"}
    assert {how for address, how in out.items() if "+0003@" not in address} == {"unsubscribe"}
    words = words_of(store)
    audience = store.emails.audience(account(store, EMAILS).id, words.newsletter)
    assert {one.code for one in audience.left_out} >= {"bounced", "opted-out"}
    assert not out.keys() & {one.address for one in audience.recipients}


def test_two_answered_the_newsletter_and_one_was_answered(in_either: Store) -> None:
    there, talk = account(in_either, EMAILS).id, words_of(in_either).talk
    threads = in_either.conversations.threads(there)
    assert [thread.last.rpartition(": ")[2] for thread in threads] == [
        talk.agrees,
        talk.wonders,
        talk.to_the_plan.rpartition(": ")[2],
    ]
    assert [thread.unread > 0 for thread in threads] == [True, True, False]
    lines, _ = in_either.conversations.lines(there, threads[0].phone)
    assert [line.out for line in lines] == [False, True, False, True]  # the newest first


def test_tomorrow_texts_leave_and_more_bounces_come(store: Store) -> None:
    from store.mailroom import Text
    from store.maintenance import one_round

    there = account(store, EMAILS).id
    for later in (timedelta(days=2), timedelta(days=2, minutes=1)):  # they bounce a little later
        store.credits.put_clock(there, demo.NOW + later)
        one_round(store, lambda balance, product, about: Text("Told", ""), Event())
    texts = [one for plan in store.smartplans.plans(there) for one in store.smartplans.plan(plan.id).steps]
    assert all(one.done for one in texts if one.step.kind is StepKind.TEXT)
    to_come = campaigns(store)[words_of(store).to_come.subject]
    assert to_come.counts[Status.FAILED] == to_come.counts[Status.BOUNCED] == 1
    assert store.credits.verify().ok
