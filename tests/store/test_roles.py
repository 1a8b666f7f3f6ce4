"""What each role may do: all that changes something is told by name here, and refused to whoever may not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple

import pytest

from store import Store
from store.clock import DemoClock
from store.credits.history_query import Filter, Sort
from store.credits.idempotency import Asked
from store.credits.model import Account
from store.emails.model import SmartPlan, Step
from store.errors import RefusedByRule
from store.mailroom import Text
from store.maintenance import keep_up
from store.messages.model import AT_ONCE, Draft, Purpose, Template, When
from store.messages.providers import Request
from store.payments.testcard import TestCard
from store.people.model import ConsentState, Said, SavedFilter
from store.roles import LOCAL, Person
from tests.store.working import ANN, NOON, OLA, SAM, VIC, ZONE, at_work, fill, rows

CAPABILITIES = (
    "credits",
    "people",
    "consent",
    "tasks",
    "notes",
    "timeline",
    "messages",
    "senders",
    "email_senders",
    "conversations",
    "templates",
    "emails",
    "smartplans",
    "emergency",
    "mailbox",
    "mail",
    "settings",
    "gateway",
)

EMAIL = Draft(subject="Hi", body="Hi", to=("ann@example.com",))
ALARM = Draft(body="Leave now", to=(ANN,), purpose=Purpose.EMERGENCY, why="Gas")
PLAN = SmartPlan("Welcome", (Step(0, "Hello", "Hi {first_name}"),))
DAY = date(2026, 4, 16)
CALL = Request("POST", "http://127.0.0.1/", {}, {}, b"", {})
STOP = Event()
STOP.set()


def write(*about: object) -> Text:
    return Text("", "")


def _account(store: Store) -> Account:
    return store.credits.account(1)


def _task(store: Store) -> int:
    """Something to do about the first contact; its id."""
    store.tasks.add(1, 1, "Call", NOON)
    return store.tasks.tasks(1, NOON)[0].id


def _draft(store: Store) -> Draft:
    return store.messages.save_draft(Draft(body="Hello"))


def _take_back(store: Store) -> None:
    """The account isn't ahead of the clock, which only an owner is told."""
    try:
        store.credits.take_back(1)
    except RefusedByRule as error:
        if error.code != "not-ahead":
            raise


def _survey(store: Store) -> Any:
    return store.credits.survey(1, Filter(), Sort.NEWEST)


def _roommate(store: Store) -> int:
    """Somebody with Ann's number, by id."""
    return store.people.add(first_name="Roommate", phone=ANN, region="US").id


def _answer(store: Store) -> str:
    """Somebody's answer to the first account, which is somebody's conversation then."""
    return store.messages.receive(1, ANN, "please stop texting me")


def _bring_back(store: Store) -> None:
    store.templates.save(Template("Garage", "The code is 4712."))
    store.templates.delete("Garage")
    store.templates.restore("Garage")


def _put_template_back(store: Store) -> None:
    store.templates.save(Template("Shed", "The code is 4713."))
    store.templates.put_back(store.templates.edit(Template("Shed", "The code is 4714."), "Shed"))


def _restore_filter(store: Store) -> None:
    store.people.delete_filter("Mine")
    store.people.restore_filter(SavedFilter("Mine", "#sellers"))


def _take_back_out(store: Store) -> None:
    before = store.consent.standing(ANN, 1)
    store.consent.opt_out(ANN, 1)
    store.consent.take_back([before], 1, ConsentState.OUT, why="by a slip")


def _restore_scheduled(store: Store) -> None:
    was = store.messages.scheduled(1)[0]
    store.messages.cancel_scheduled(was.id)
    store.messages.restore_scheduled(was)


def _move_back(store: Store) -> None:
    was = store.messages.scheduled(1)[0]
    moved = store.messages.move_scheduled(was.id, NOON + timedelta(days=3))
    store.messages.move_back(replace(was, at=was.at + timedelta(hours=1)), moved)


def _tick_again(store: Store) -> None:
    store.tasks.tick(_task(store))
    task, *_ = store.tasks.tasks(1, NOON, done_since=NOON)
    store.tasks.untick(task.id)
    store.tasks.tick_again(task)


def _restore_campaign(store: Store) -> None:
    campaign = store.emails.send(2, EMAIL, key="b")
    store.emails.cancel(campaign.id)
    store.emails.restore(campaign.id)


def _put_steps_back(store: Store) -> None:
    store.smartplans.put_back(store.smartplans.edit(_plan(store), [Step(1, "Later", "Hi")]))


def _undo_the_second(store: Store) -> None:
    _roommate(store)
    store.people.tag([1], add=["Friends"])
    store.people.undo()


def _plan(store: Store) -> int:
    """A SmartPlan, by its id."""
    return store.smartplans.keep(2, PLAN)


def _paused(store: Store) -> int:
    """Likewise, which is paused."""
    store.smartplans.pause(_plan(store))
    return _plan(store)


OWNER: dict[str, Callable[[Store], object]] = {
    "credits.open_account": lambda store: store.credits.open_account("agent-texts", "300", ZONE),
    "credits.set_billing_address": lambda store: store.credits.set_billing_address(1, "1 Elm St"),
    "credits.put_clock": lambda store: store.credits.put_clock(1, NOON + timedelta(days=40)),
    "credits.place": lambda store: store.credits.place(1, store.credits.quote_plan(1, "1000"), key="more"),
    "credits.placed": lambda store: store.credits.placed(1, Asked("mine", "buy")),
    "credits.withdraw": lambda store: store.credits.withdraw(3),
    "credits.collect again": lambda store: store.credits.collect(1, again=True),
    "credits.catch_up confirmed": lambda store: store.credits.catch_up(1, confirmed=True),
    "credits.take_back": _take_back,
    "credits.charge": lambda store: store.credits.charge(1, 1),
    "people.add": lambda store: store.people.add(first_name="Dee", phone="+14155550104", region="US"),
    "people.update": lambda store: store.people.update(
        1, first_name="A", last_name="", company="", phone=ANN, email="", groups=(), region="US"
    ),
    "people.tag": lambda store: store.people.tag([1], add=["Friends"]),
    "people.rename_group": lambda store: store.people.rename_group("Buyers", "Friends"),
    "people.remove_group": lambda store: store.people.remove_group("Buyers"),
    "people.name_first": lambda store: store.people.name_first(_roommate(store)),
    "people.merge": lambda store: store.people.merge(1, [_roommate(store)]),
    "people.keep_apart": lambda store: store.people.keep_apart(1, _roommate(store)),
    "people.undo": _undo_the_second,
    "people.delete": lambda store: store.people.delete(1),
    "people.limit_group": lambda store: store.people.limit_group("Buyers", [1]),
    "people.import_file": lambda store: store.people.import_file(Path("people.csv"), region="US"),
    "people.import_read": lambda store: store.people.import_read(
        store.people.import_file(Path("people.csv"), region="US", dry_run=True)
    ),
    "consent.opt_in": lambda store: store.consent.opt_in(ANN, 1, why="START"),
    "consent.opt_in_all": lambda store: store.consent.opt_in_all([ANN], 1, why="START"),
    "consent.import_states": lambda store: store.consent.import_states([(ANN, "out", "Do Not Text: Yes")]),
    "consent.carry_outs": lambda store: store.consent.carry_outs([(ANN, "+14155550199")]),
    "consent.keep_outs": lambda store: store.consent.keep_outs(
        [Said(1, ANN, ConsentState.OUT, at=NOON, sender=1)]
    ),
    "senders.set": lambda store: store.senders.set("phone", {"provider": "simulated"}),
    "senders.remove": lambda store: store.senders.remove("desk"),
    "email_senders.set": lambda store: store.email_senders.set("post", {"number": "me@agent.test"}),
    "email_senders.remove": lambda store: store.email_senders.remove("office"),
    "messages.require_consent": lambda store: store.messages.require_consent(1, True),
    "messages.doubt_queued": lambda store: store.messages.doubt_queued(),
    "settings.once": lambda store: store.settings.once("made-once", "1"),
    "settings.write another": lambda store: store.settings.write("test-card", "4000000000000002"),
    "gateway.use": lambda store: store.gateway.use("4000000000000002"),
    "gateway.charge": lambda store: store.gateway.charge(key="mine", cents=500, description=""),
    "credits.gateway use": lambda store: store.credits.gateway(_account(store)).use("4000000000000002"),
}

SENDER: dict[str, Callable[[Store], object]] = {
    "credits.hold": lambda store: store.credits.hold(1, 1, cause="blast", reference="1"),
    "credits.settle": lambda store: store.credits.settle(2, 1),
    "credits.release": lambda store: store.credits.release(2, 1),
    "credits.once": lambda store: store.credits.once(1, "key", "request", lambda: 1),
    "credits.collect": lambda store: store.credits.collect(1),
    "credits.mark_shown": lambda store: store.credits.mark_shown([1]),
    "credits.receive": lambda store: store.credits.receive(1, "US", 1, mms=False, reference="1"),
    "people.meet": lambda store: store.people.meet("+14155550177", "US"),
    "consent.answer": lambda store: store.consent.answer(ANN, 1, ConsentState.OUT, why="STOP", at=NOON),
    "consent.opt_out": lambda store: store.consent.opt_out(ANN, 1),
    "consent.opt_out_all": lambda store: store.consent.opt_out_all([ANN], 1),
    "messages.send": lambda store: store.messages.send(1, Draft(body="Hi", to=(ANN,)), idempotency_key="a"),
    "messages.cancel": lambda store: store.messages.cancel(1),
    "messages.restore_scheduled": _restore_scheduled,
    "messages.move_back": _move_back,
    "messages.move_scheduled": lambda store: store.messages.move_scheduled(1, NOON + timedelta(days=2)),
    "messages.cancel_scheduled": lambda store: store.messages.cancel_scheduled(1),
    "consent.take_back": _take_back_out,
    "people.restore_filter": _restore_filter,
    "messages.keep_unsent": lambda store: store.messages.keep_unsent(1, Draft(body="Hi", to=(ANN,))),
    "emergency.send": lambda store: store.emergency.send(1, ALARM),
    "smartplans.mean": lambda store: store.smartplans.mean(_plan(store), Purpose.NOTICE),
    "people.save_filter": lambda store: store.people.save_filter("Other", "#buyers"),
    "people.delete_filter": lambda store: store.people.delete_filter("Mine"),
    "messages.deliver": lambda store: store.messages.deliver(stop=STOP),
    "messages.poll_receipts": lambda store: store.messages.poll_receipts(),
    "messages.receive": _answer,
    "mailbox.poll": lambda store: store.mailbox.poll(),
    "messages.called": lambda store: store.messages.called("", CALL),
    "conversations.mark_read": lambda store: (_answer(store), store.conversations.mark_read(1, ANN)),
    "conversations.assign": lambda store: (_answer(store), store.conversations.assign(1, ANN, "Sam")),
    "conversations.answering": lambda store: (_answer(store), store.conversations.answering(1, ANN)),
    "conversations.decide": lambda store: (_answer(store), store.conversations.decide(1, ANN, out=True)),
    "messages.catch_up": lambda store: store.messages.catch_up(),
    "messages.resolve_unknown": lambda store: store.messages.resolve_unknown(2, left=False),
    "notes.add": lambda store: store.notes.add(1, 1, "Likes dogs"),
    "notes.change": lambda store: (store.notes.add(1, 1, "Likes dogs"), store.notes.change(1, "Cats")),
    "smartplans.start": lambda store: store.smartplans.start(2, PLAN, groups=["Buyers"]),
    "emails.send": lambda store: store.emails.send(2, EMAIL, key="a"),
    "emails.test": lambda store: store.emails.test(2, EMAIL, "me@example.com"),
    "emails.cancel": lambda store: store.emails.cancel(1),
    "emails.restore": _restore_campaign,
    "emails.deliver": lambda store: store.emails.deliver(2),
    "email_senders.take": lambda store: store.email_senders.take("office"),
    "smartplans.run_due": lambda store: store.smartplans.run_due(2),
    "tasks.add": lambda store: store.tasks.add(1, 1, "Call", NOON),
    "tasks.tick": lambda store: store.tasks.tick(_task(store)),
    "tasks.untick": lambda store: store.tasks.untick(_task(store)),
    "tasks.tick_again": _tick_again,
    "smartplans.keep": lambda store: store.smartplans.keep(2, PLAN),
    "smartplans.watch": lambda store: store.smartplans.watch(_plan(store), "Buyers"),
    "smartplans.follow": lambda store: store.smartplans.follow(_plan(store), _plan(store)),
    "smartplans.pause": lambda store: store.smartplans.pause(_plan(store)),
    "smartplans.resume": lambda store: store.smartplans.resume(_paused(store)),
    "smartplans.stop": lambda store: store.smartplans.stop(_plan(store)),
    "smartplans.edit": lambda store: store.smartplans.edit(_plan(store), [Step(1, "Later", "Hi")]),
    "smartplans.put_back": _put_steps_back,
    "templates.save": lambda store: store.templates.save(Template("Gate", "The code is 4711.")),
    "templates.delete": lambda store: store.templates.delete("Open house"),
    "templates.restore": _bring_back,
    "templates.edit": lambda store: store.templates.edit(Template("Door", "The code is 4711."), ""),
    "templates.put_back": _put_template_back,
    "mail.post": lambda store: store.mail.post(write),
}

OWN: dict[str, Callable[[Store], object]] = {
    "messages.save_draft": lambda store: store.messages.save_draft(Draft(body="Hi")),
    "messages.delete_draft": lambda store: store.messages.delete_draft(1),
    "messages.discard_draft": lambda store: store.messages.discard_draft(_draft(store)),
    "settings.write": lambda store: store.settings.write("theme", "day"),
}
"""What changes what is a person's own, and nobody else's."""

READING: dict[str, Callable[[Store], object]] = {
    "credits.accounts": lambda store: store.credits.accounts(),
    "credits.account": lambda store: store.credits.account(1),
    "credits.gateway": lambda store: store.credits.gateway(_account(store)).card(),
    "credits.product": lambda store: store.credits.product(_account(store)),
    "credits.plan": lambda store: store.credits.plan(_account(store)),
    "credits.catch_up": lambda store: store.credits.catch_up(1),
    "credits.balance": lambda store: store.credits.balance(1),
    "credits.present": lambda store: store.credits.present(1),
    "credits.as_of": lambda store: store.credits.as_of(1, NOON),
    "credits.today": lambda store: store.credits.today(1),
    "credits.lots": lambda store: store.credits.lots(1),
    "credits.next_expiry": lambda store: store.credits.next_expiry(1),
    "credits.plan_offers": lambda store: store.credits.plan_offers(1),
    "credits.quote_opening": lambda store: store.credits.quote_opening("agent-texts", "300", ZONE),
    "credits.quote_plan": lambda store: store.credits.quote_plan(1, "1000"),
    "credits.quote_cancel": lambda store: store.credits.quote_cancel(1),
    "credits.quote_purchase": lambda store: store.credits.quote_purchase(3, 100),
    "credits.purchase_room": lambda store: store.credits.purchase_room(3),
    "credits.orders": lambda store: store.credits.orders(1),
    "credits.order": lambda store: store.credits.order(1, 1),
    "credits.owing": lambda store: store.credits.owing(1),
    "credits.waiting": lambda store: store.credits.waiting(1),
    "credits.is_ahead": lambda store: store.credits.is_ahead(_account(store)),
    "credits.uses": lambda store: store.credits.uses(1, DAY, DAY),
    "credits.daily_use": lambda store: store.credits.daily_use(1, DAY, DAY),
    "credits.use_by_kind": lambda store: store.credits.use_by_kind(1, DAY, DAY),
    "credits.periods": lambda store: store.credits.periods(1),
    "credits.forecast": lambda store: store.credits.forecast(1),
    "credits.notices": lambda store: store.credits.notices(1),
    "credits.reached": lambda store: store.credits.reached(1),
    "credits.notices_to_show": lambda store: store.credits.notices_to_show(1),
    "credits.verify": lambda store: store.credits.verify(),
    "credits.history": lambda store: store.credits.history(1),
    "credits.page": lambda store: store.credits.page(1, Filter()),
    "credits.every_line": lambda store: list(store.credits.every_line(1, Filter())),
    "credits.survey": _survey,
    "credits.lines_at": lambda store: store.credits.lines_at(1, _survey(store), 0, 2),
    "credits.line_of_day": lambda store: store.credits.line_of_day(1, _survey(store), DAY),
    "credits.tellings": lambda store: store.credits.tellings(1),
    "credits.ever_purchased": lambda store: store.credits.ever_purchased(1),
    "credits.entry_details": lambda store: store.credits.entry_details(1, 1),
    "templates.all": lambda store: store.templates.all("en"),
    "templates.named": lambda store: store.templates.named("Open house", "en"),
    "people.contacts": lambda store: store.people.contacts(),
    "people.count": lambda store: store.people.count(),
    "people.suggest": lambda store: store.people.suggest("ann", limit=8),
    "people.ids": lambda store: store.people.ids(),
    "people.some": lambda store: store.people.some([1]),
    "people.likely_pairs": lambda store: store.people.likely_pairs(limit=8),
    "people.has": lambda store: store.people.has(ANN),
    "people.contact": lambda store: store.people.contact(1),
    "people.by_email": lambda store: store.people.by_email("ann@example.com"),
    "people.by_phones": lambda store: store.people.by_phones([ANN]),
    "people.groups": lambda store: store.people.groups(),
    "people.meaning": lambda store: store.people.meaning([1]),
    "people.merged_from": lambda store: store.people.merged_from(1),
    "people.own_fields": lambda store: store.people.own_fields(),
    "people.duplicates": lambda store: store.people.duplicates(store.people.contacts()[0]),
    "people.sharing": lambda store: store.people.sharing(store.people.contacts()[0]),
    "people.last_change": lambda store: store.people.last_change(),
    "people.recipients": lambda store: store.people.recipients(contacts=[1], groups=["Buyers"]),
    "people.everybody": lambda store: store.people.everybody(1),
    "people.reachable": lambda store: store.people.reachable(1),
    "people.filtered": lambda store: store.people.filtered("=Mine", 1),
    "people.count_filtered": lambda store: store.people.count_filtered("#buyers", 1),
    "people.saved_filters": lambda store: store.people.saved_filters(),
    "consent.is_out": lambda store: store.consent.is_out(ANN, 1),
    "consent.outs": lambda store: store.consent.outs(1),
    "consent.states": lambda store: store.consent.states([ANN], 1),
    "consent.said": lambda store: store.consent.said(1),
    "consent.unsaid": lambda store: store.consent.unsaid(1),
    "consent.standing": lambda store: store.consent.standing(ANN, 1),
    "consent.of_numbers": lambda store: store.consent.of_numbers([ANN], 1),
    "consent.review": lambda store: store.consent.review(1),
    "consent.records": lambda store: list(store.consent.records()),
    "messages.draft": lambda store: store.messages.draft(1),
    "messages.elsewhere": lambda store: store.messages.elsewhere(Draft(id=1)),
    "messages.drafts": lambda store: store.messages.drafts(),
    "messages.latest_draft": lambda store: store.messages.latest_draft(),
    "messages.audience": lambda store: store.messages.audience(1, Draft(to=(ANN,))),
    "messages.funds": lambda store: store.messages.funds(1),
    "messages.estimate": lambda store: store.messages.estimate(1, Draft(body="Hi", to=(ANN,))),
    "messages.planned": lambda store: store.messages.planned(1, Draft(to=(ANN,)), AT_ONCE),
    "messages.is_quiet_by_now": lambda store: store.messages.is_quiet_by_now(1, Draft(), NOON, ()),
    "messages.scheduled": lambda store: store.messages.scheduled(1),
    "messages.scheduled_look": lambda store: store.messages.scheduled_look(1, NOON),
    # Nobody's doing; nothing is due here.
    "messages.leave_due": lambda store: store.messages.leave_due(1),
    "messages.due": lambda store: store.messages.due(),
    "messages.blasts": lambda store: store.messages.blasts(1),
    "messages.blast": lambda store: store.messages.blast(1),
    "messages.left_out": lambda store: list(store.messages.left_out(1)),
    "messages.needs_consent": lambda store: store.messages.needs_consent(1),
    "messages.account_of": lambda store: store.messages.account_of(1),
    "messages.to_failed": lambda store: store.messages.to_failed(1),
    "messages.messages": lambda store: store.messages.messages(1),
    "messages.as_sent": lambda store: store.messages.as_sent([1]),
    "messages.proof": lambda store: store.messages.proof(1),
    "messages.proof_lines": lambda store: list(store.messages.proof_lines(1)),
    "messages.last_event": lambda store: store.messages.last_event(),
    "messages.events": lambda store: store.messages.events(),
    "senders.all": lambda store: store.senders.all(),
    "senders.get": lambda store: store.senders.get("desk"),
    "senders.check": lambda store: list(store.senders.check("desk")),
    "senders.waiting": lambda store: store.senders.waiting("desk"),
    "senders.picture": lambda store: store.senders.picture("forged"),
    "senders.ids": lambda store: store.senders.ids(),
    "senders.of": lambda store: store.senders.of(1, demo_clock=False),
    "senders.provider": lambda store: store.senders.provider(""),
    "email_senders.all": lambda store: store.email_senders.all(),
    "email_senders.ids": lambda store: store.email_senders.ids(),
    "email_senders.get": lambda store: store.email_senders.get("office"),
    "email_senders.check": lambda store: list(store.email_senders.check("office")),
    "email_senders.waiting": lambda store: store.email_senders.waiting("office"),
    "email_senders.of": lambda store: store.email_senders.of(1),
    "email_senders.is_real": lambda store: store.email_senders.is_real("", demo_clock=True),
    "email_senders.mailer": lambda store: store.email_senders.mailer("", demo_clock=True),
    "email_senders.identity": lambda store: store.email_senders.identity("office", demo_clock=True),
    "email_senders.box": lambda store: store.email_senders.box("office"),
    "mailbox.handed": lambda store: store.mailbox.handed(1),
    "mailbox.keep": lambda store: store.mailbox.keep("box", []),
    "mailbox.apply": lambda store: store.mailbox.apply(),
    "mailbox.take": lambda store: store.mailbox.take([], NOON),
    "mailbox.unsubscribe": lambda store: store.mailbox.unsubscribe("forged"),
    "mailbox.can_unsubscribe": lambda store: store.mailbox.can_unsubscribe("forged"),
    "emails.needs_consent": lambda store: store.emails.needs_consent(2),
    "emergency.also": lambda store: store.emergency.also(1, ALARM),
    "emergency.by": lambda store: store.emergency.by(1),
    "emergency.campaign_of": lambda store: store.emergency.campaign_of(1),
    "emergency.count_unreached": lambda store: store.emergency.count_unreached(1),
    "emergency.proof": lambda store: store.emergency.proof(1),
    "emergency.unreached": lambda store: store.emergency.unreached(1),
    "conversations.threads": lambda store: store.conversations.threads(1, search="ann"),
    "conversations.thread": lambda store: store.conversations.thread(1, ANN),
    "conversations.unread": lambda store: store.conversations.unread(1),
    "conversations.lines": lambda store: store.conversations.lines(1, ANN),
    "conversations.answers": lambda store: store.conversations.answers(1),
    "consent.was_out": lambda store: store.consent.was_out(ANN, 1, NOON),
    "conversations.came": lambda store: store.conversations.came([1]),
    "conversations.replies": lambda store: store.conversations.replies(1, ANN),
    "conversations.heard": lambda store: store.conversations.heard(1, after=0),
    "conversations.team": lambda store: store.conversations.team(1),
    "messages.mentioning": lambda store: store.messages.mentioning(1, "Hi"),
    "timeline.lines": lambda store: store.timeline.lines(store.people.contacts()[0]),
    "tasks.tasks": lambda store: store.tasks.tasks(1, NOON),
    "emails.audience": lambda store: store.emails.audience(2, EMAIL),
    "emails.funds": lambda store: store.emails.funds(2),
    "emails.estimate": lambda store: store.emails.estimate(2, EMAIL),
    "emails.later": lambda store: store.emails.later(2, NOON),
    "emails.first_leaves": lambda store: store.emails.first_leaves(
        2, store.emails.audience(2, EMAIL), None, "09:30"
    ),
    "emails.services": lambda store: store.emails.services(2),
    "emails.preview": lambda store: store.emails.preview(EMAIL, store.emails.audience(2, EMAIL)),
    "emails.campaigns": lambda store: store.emails.campaigns(2),
    "emails.campaign": lambda store: store.emails.campaign(1),
    "emails.account_of": lambda store: store.emails.account_of(1),
    "emails.recipients": lambda store: store.emails.recipients(1),
    "emails.proof": lambda store: store.emails.proof(1),
    "emails.proof_lines": lambda store: list(store.emails.proof_lines(1)),
    "emails.written": lambda store: store.emails.written(1),
    "people.by_emails": lambda store: store.people.by_emails(["ann@example.com"]),
    "emails.as_sent": lambda store: store.emails.as_sent([1]),
    "emails.mentioning": lambda store: store.emails.mentioning(2, "Hi"),
    "emails.is_real": lambda store: store.emails.is_real(2),
    "smartplans.plans": lambda store: store.smartplans.plans(2),
    "smartplans.named": lambda store: store.smartplans.named(2, "Follow-up"),
    "smartplans.plan": lambda store: store.smartplans.plan(1),
    "smartplans.people": lambda store: store.smartplans.people(1),
    "smartplans.account_of": lambda store: store.smartplans.account_of(1),
    "smartplans.look": lambda store: store.smartplans.look(1, [Step(1, "Later", "Hi")]),
    "emails.addressees": lambda store: store.emails.addressees([1]),
    "emails.addressed": lambda store: store.emails.addressed(2, "Ann"),
    "emails.timeline": lambda store: store.emails.timeline(1),
    "settings.read": lambda store: store.settings.read("theme"),
    "gateway.card": lambda store: store.gateway.card(),
    "gateway.card_link": lambda store: store.gateway.card_link(),
}


class Undo(Exception):
    """Ends a transaction whose changes nobody wants."""


class Refusal(NamedTuple):
    code: str
    role: object
    needs: object


@pytest.fixture
def url(new_database: Callable[[], str]) -> str:
    url = new_database()
    fill(url)
    return url


def refusal(store: Store, act: Callable[[Store], object]) -> Refusal:
    """Why somebody may not do something."""
    with pytest.raises(RefusedByRule) as refused:
        act(store)
    assert refused.value.exit_code == 4
    details = refused.value.details
    return Refusal(refused.value.code, details.get("role"), details.get("needs"))


def do_all(store: Store, acts: dict[str, Callable[[Store], object]]) -> dict[str, bool]:
    """Does each on the same state; whether it changed anything."""
    before, changed = rows(store), {}
    for name, act in acts.items():
        with pytest.raises(Undo), store.database.transaction():
            act(store)
            changed[name] = rows(store) != before
            raise Undo
    return changed


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_method_of_every_capability_is_told_of_here(url: str) -> None:
    with at_work(url, VIC) as store:
        there = {
            f"{capability}.{name}"
            for capability in CAPABILITIES
            for name in dir(getattr(store, capability))
            if not name.startswith("_") and callable(getattr(getattr(store, capability), name))
        }
        assert {name.partition(" ")[0] for name in (*OWNER, *SENDER, *OWN, *READING)} == there
        doors = {
            name
            for name, found in vars(store).items()
            if not name.startswith("_") and type(found).__module__.startswith("store.")
        }
        assert doors - set(CAPABILITIES) == {"clock", "catalog", "database", "person"}


def test_a_viewer_changes_nothing(url: str) -> None:
    with at_work(url, VIC) as store:
        before = rows(store)
        for name, act in OWNER.items():
            assert (name, refusal(store, act)) == (name, ("role", "viewer", "owner"))
        for name, act in SENDER.items():
            assert (name, refusal(store, act)) == (name, ("role", "viewer", "sender"))
        for act in READING.values():
            act(store)
        assert rows(store) == before


def test_a_sender_changes_what_is_for_sending_only(url: str) -> None:
    with at_work(url, SAM) as store:
        before = rows(store)
        for name, act in OWNER.items():
            assert (name, refusal(store, act)) == (name, ("role", "sender", "owner"))
        assert rows(store) == before
        for act in READING.values():
            act(store)
        assert rows(store) == before
        idle = {name for name, changed in do_all(store, SENDER).items() if not changed}
        # Nothing is due or charged here, nothing was reached, and the delivery is told to stop at once.
        assert idle <= {
            "credits.collect",
            "credits.mark_shown",
            "messages.called",
            "messages.deliver",
            "messages.poll_receipts",
            "messages.catch_up",
            "mailbox.poll",
            "emails.deliver",
            "smartplans.run_due",
            "mail.post",
        }


@pytest.mark.parametrize("person", [OLA, LOCAL], ids=["named", "local"])
def test_an_owner_may_do_everything(url: str, person: Person) -> None:
    with at_work(url, person) as store:
        do_all(store, SENDER | OWN | READING)
        idle = {name for name, changed in do_all(store, OWNER).items() if not changed}
        # Nothing is owed or due or was ordered under that key, this clock is nobody's, and it is right. Whose
        # number was read wrongly hasn't opted out.
        assert idle == {
            "consent.carry_outs",
            "credits.catch_up confirmed",
            "credits.collect again",
            "credits.placed",
            "credits.put_clock",
            "credits.take_back",
        }


def test_drafts_are_their_writers_own(url: str) -> None:
    with at_work(url, VIC) as store:
        draft = store.messages.save_draft(Draft(body="Vic's"))
    with at_work(url, SAM) as store:
        assert (store.messages.drafts(), store.messages.latest_draft()) == ([], None)
        assert store.messages.draft(draft.id) is None
        other = store.messages.save_draft(Draft(body="Sam's", id=draft.id))  # a number that isn't Sam's
        assert other.id != draft.id
        store.messages.delete_draft(draft.id)
        sent = Draft(body="Hi", to=(ANN,), id=draft.id)
        store.messages.send(1, sent)
    with at_work(url, VIC) as store:
        assert [(one.id, one.body) for one in store.messages.drafts()] == [(draft.id, "Vic's")]
    with at_work(url) as store:
        assert store.messages.drafts() == []


def test_look_language_and_account_are_a_persons_own(url: str) -> None:
    with at_work(url) as store:
        store.settings.write("theme", "day")
        store.settings.write("account", "1")
    with at_work(url, VIC) as store:
        assert store.settings.read("theme") == "day"
        store.settings.write("theme", "contrast")
        store.settings.write("account", "2")
        assert (store.settings.read("theme"), store.credits.account().id) == ("contrast", 2)
    with at_work(url, SAM) as store:
        assert (store.settings.read("theme"), store.credits.account().id) == ("day", 1)
    with at_work(url) as store:
        assert (store.settings.read("theme"), store.credits.account().id) == ("day", 1)


def test_time_goes_on_whoever_looks(url: str) -> None:
    with at_work(url, VIC, NOON + timedelta(days=20)) as store:
        assert store.credits.catch_up(2).boundaries == 1
        newest = store.credits.history(2)[0]
        assert (newest.cause, newest.person) == ("renewal", "")
        assert store.credits.verify().ok


@pytest.mark.parametrize("person", [SAM, VIC], ids=["sender", "viewer"])
def test_a_demo_clock_stands_for_all_but_owners(url: str, person: Person) -> None:
    clock = DemoClock(goes_on=False)
    clock.put(NOON + timedelta(days=40), 1)
    store = Store(url, clock=clock, person=person)
    with store.connection():
        before = rows(store)
        assert store.credits.catch_up(1).boundaries == 0
        assert store.credits.present(1) == NOON
        with pytest.raises(RefusedByRule, match="only owners"):
            store.credits.put_clock(1, NOON + timedelta(days=1))
        assert rows(store) == before
    store.close()
    store = Store(url, clock=DemoClock(goes_on=False), person=OLA)
    with store.connection():
        store.credits.put_clock(1, NOON + timedelta(days=40))
        assert store.credits.catch_up(1).boundaries == 1
    store.close()


def test_what_is_sent_on_a_standing_demo_clock_is_of_where_it_stands(url: str) -> None:
    with at_work(url, SAM, NOON + timedelta(days=20)) as store:
        blast = store.messages.send(1, Draft(body="Hi", to=(ANN,)))
        assert blast.created_at == NOON
        assert store.credits.history(1)[0].at == NOON


def test_nobody_keeps_up_in_a_viewers_session(url: str) -> None:
    with at_work(url, VIC) as store:
        rounds: list[object] = []
        with pytest.raises(RefusedByRule):
            keep_up(store, write, rounds.append, stop=Event(), forever=False)
        assert rounds == []


def test_a_senders_smartplan_adds_nobody_to_the_address_book(url: str) -> None:
    with at_work(url, SAM) as store:
        before = rows(store)
        found = refusal(store, lambda store: store.smartplans.start(2, PLAN, to=["new@example.com"]))
        assert found == ("role", "sender", "owner")
        assert rows(store) == before
        assert store.smartplans.start(2, PLAN, to=["ANN@example.com"]).people == 1


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_who_is_no_owner_gets_no_way_to_the_card(url: str) -> None:
    with at_work(url, VIC) as store:
        assert str(store.gateway.card()) == "Visa 4242"
        assert not isinstance(store.gateway, TestCard)
    with at_work(url) as store:
        assert isinstance(store.gateway, TestCard)


def test_what_is_scheduled_is_held_as_its_period_begins_whoever_looks(url: str) -> None:
    with at_work(url) as store:
        account = store.credits.open_account("agent-texts", "300", ZONE)
        later = When(NOON + timedelta(days=20))
        blast = store.messages.send(account.id, Draft(body="Hi", to=(ANN,)), when=later)
    with at_work(url, VIC, NOON + timedelta(days=18)) as store:
        assert store.credits.balance(account.id).held == 1
        newest = store.credits.history(account.id)[0]
        assert (newest.reference, newest.at) == (str(blast.id), datetime(2026, 5, 1, 4, tzinfo=UTC))
        assert store.credits.verify().ok
