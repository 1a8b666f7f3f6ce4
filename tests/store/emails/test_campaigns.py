"""Campaigns: held whole or not at all, queued once, cancelled, and told person by person."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account, Kind, Use
from store.emails.emails import Emails
from store.emails.model import Emailed, Sent, Status
from store.errors import NotEnoughCredits, RefusedByRule, WrongUsage
from store.mail import Accepted, NoAnswer, Refused
from store.messages.model import Draft
from store.people.model import Details
from tests.store.emails.conftest import NOON
from tests.store.mail.scripted import Scripted

THREE = ("ann@example.com", "bob@example.com", "cid@example.com")
HELLO = Draft(subject="Hi {first_name|there}", body="**Hello** {first_name|friend}", to=THREE)


def put(store: Store, instant: datetime) -> None:
    assert isinstance(store.clock, FixedClock)
    store.clock.instant = instant


def stands(emails: Emails, campaign: int) -> list[tuple[str, str, str]]:
    return [(one.to[:3], one.status.value, one.reason) for one in emails.recipients(campaign)]


def numbers(store: Store, account: Account) -> tuple[int, int, int]:
    balance = store.credits.balance(account.id)
    return balance.available, balance.held, balance.used


def test_all_are_held_by_one_line_and_settled_as_they_leave(
    store: Store, account: Account, emails: Emails, mailer: Scripted
) -> None:
    store.people.add(first_name="Ann", email=THREE[0], region="US")
    sent = emails.send(account.id, HELLO)
    assert numbers(store, account) == (4_997, 3, 0)
    (line, *_) = store.credits.history(account.id)
    assert (line.kind, line.cause, line.reference, line.delta, line.count) == (
        *(Kind.USED, "campaign", str(sent.id)),
        *(-3, 3),
    )
    assert (sent.sends, sent.waits, sent.counts) == (3, 3, {Status.QUEUED: 3})
    assert emails.deliver(account.id) == Sent(3, 0, None)
    assert numbers(store, account) == (4_997, 0, 3)
    assert store.credits.use_by_kind(account.id, date(2026, 4, 16), date(2026, 4, 16))[Use.EMAIL] == 3
    assert [(mail.to, mail.subject, mail.body) for mail in mailer.sent] == [
        (THREE[0], "Hi Ann", "**Hello** Ann"),
        (THREE[1], "Hi there", "**Hello** friend"),
        (THREE[2], "Hi there", "**Hello** friend"),
    ]
    assert "<strong>Hello</strong> Ann" in mailer.sent[0].html
    assert [mail.bounce for mail in mailer.sent] == ["b1", "b2", "b3"]
    assert len(store.credits.history(account.id)) == 2
    assert store.credits.verify().ok


def test_what_isnt_enough_or_was_changed_or_sent_elsewhere_sends_nothing(
    store: Store, account: Account, emails: Emails
) -> None:
    shown = emails.estimate(account.id, HELLO)
    store.credits.charge(account.id, 1)
    with pytest.raises(RefusedByRule) as changed:
        emails.send(account.id, HELLO, expected=shown)
    assert changed.value.code == "estimate-changed"
    store.credits.charge(account.id, 4_997)
    with pytest.raises(NotEnoughCredits) as lacking:
        emails.send(account.id, HELLO)
    assert (lacking.value.details, lacking.value.exit_code) == ({"needed": 3, "available": 2}, 3)
    assert emails.campaigns(account.id) == []
    assert numbers(store, account) == (2, 0, 4_998)


def test_a_draft_ends_with_its_campaign_and_leaves_once(
    store: Store, account: Account, emails: Emails
) -> None:
    draft = store.messages.save_draft(HELLO)
    emails.send(account.id, draft)
    assert store.messages.drafts() == []
    with pytest.raises(RefusedByRule) as again:
        emails.send(account.id, draft)
    assert again.value.code == "draft-sent"
    assert len(emails.campaigns(account.id)) == 1


def test_the_same_key_sends_once_and_another_request_under_it_is_refused(
    account: Account, emails: Emails
) -> None:
    first = emails.send(account.id, HELLO, key="sunday")
    assert emails.send(account.id, HELLO, key="sunday").id == first.id
    with pytest.raises(RefusedByRule):
        emails.send(account.id, HELLO, key="sunday", each_at="09:30")
    assert len(emails.campaigns(account.id)) == 1


def test_an_account_for_texts_sends_no_emails(store: Store, emails: Emails) -> None:
    texts = store.credits.open_account("agent-texts", "300", "UTC")
    for act in (emails.send, emails.estimate):
        with pytest.raises(RefusedByRule) as refused:
            act(texts.id, HELLO)
        assert refused.value.code == "no-emails"


def test_outcomes_are_told_failures_first_by_the_page_and_what_failed_comes_back(
    store: Store, account: Account, emails: Emails, mailer: Scripted
) -> None:
    mailer.outcomes = [Accepted(), NoAnswer(), Refused("550 No such mailbox")]
    campaign = emails.send(account.id, HELLO).id
    assert emails.deliver(account.id) == Sent(1, 1, None)
    assert stands(emails, campaign) == [
        ("cid", "failed", "refused"),
        ("bob", "unknown", "no-answer"),
        ("ann", "sent", ""),
    ]
    paged: list[Emailed] = []
    while page := emails.recipients(campaign, after=paged[-1] if paged else None, limit=1):
        paged += page
    assert paged == emails.recipients(campaign)
    assert [one.to for one in emails.recipients(campaign, status=Status.SENT)] == [THREE[0]]
    summary = emails.campaign(campaign)
    assert (summary.sends, summary.missed, summary.waits) == (2, 2, 0)
    assert numbers(store, account) == (4_998, 1, 1)
    assert store.credits.verify().ok


def test_cancelling_takes_back_what_hasnt_left(
    store: Store, account: Account, emails: Emails, mailer: Scripted
) -> None:
    campaign = emails.send(account.id, HELLO, at=NOON + timedelta(hours=1)).id
    assert emails.deliver(account.id) == Sent(0, 0, None)
    assert numbers(store, account) == (4_997, 3, 0)
    assert emails.cancel(campaign).counts == {Status.CANCELLED: 3}
    assert numbers(store, account) == (5_000, 0, 0)
    put(store, NOON + timedelta(hours=1))
    assert emails.deliver(account.id) == Sent(0, 0, None)
    with pytest.raises(RefusedByRule) as gone:
        emails.cancel(campaign)
    assert gone.value.code == "has-left"
    assert mailer.sent == []
    assert store.credits.verify().ok


def test_at_a_time_it_leaves_then_and_one_that_is_past_is_now(
    store: Store, account: Account, emails: Emails, mailer: Scripted
) -> None:
    emails.send(account.id, HELLO, at=NOON + timedelta(days=2))
    past = emails.send(account.id, HELLO, at=NOON - timedelta(days=2))
    assert past.at == NOON
    assert emails.deliver(account.id).sent == 3
    put(store, NOON + timedelta(days=2, seconds=-1))
    assert emails.deliver(account.id).sent == 0
    put(store, NOON + timedelta(days=2))
    assert emails.deliver(account.id).sent == 3


def test_at_an_hour_of_each_recipients_own_day(
    store: Store, account: Account, emails: Emails, mailer: Scripted
) -> None:
    """It is noon in New York: 9:30 has passed there, and in Madrid, and comes in Tokyo and Los Angeles."""
    where = ("America/New_York", "Europe/Madrid", "Asia/Tokyo", "")
    for number, zone in enumerate(where):
        details = Details(zone=zone)
        phone = "" if zone else "+13105550123"  # of Los Angeles
        store.people.add(email=f"{number}@example.com", region="US", details=details, phone=phone)
    store.people.add(email="unknown@example.com", region="US")
    draft = Draft(subject="Hi", body="Hi", everyone=True)
    campaign = emails.send(account.id, draft, each_at="9:30")
    assert {one.to: one.at.isoformat()[5:16] for one in emails.recipients(campaign.id)} == {
        "0@example.com": "04-17T13:30",
        "1@example.com": "04-17T07:30",
        "2@example.com": "04-17T00:30",
        "3@example.com": "04-16T16:30",
        "unknown@example.com": "04-17T13:30",  # as the account's
    }
    assert campaign.at == NOON + timedelta(minutes=30)
    put(store, NOON + timedelta(minutes=30))
    emails.deliver(account.id)
    assert mailer.to() == ["3@example.com"]


@pytest.mark.parametrize("hour", ["noon", "24:00", "9", "09:60", "９:30", "-1:00"])
def test_an_hour_that_is_none_is_refused(account: Account, emails: Emails, hour: str) -> None:
    with pytest.raises(WrongUsage) as refused:
        emails.send(account.id, HELLO, each_at=hour)
    assert refused.value.code == "no-hour"


# Across a renewal

RENEWAL = datetime(2026, 5, 1, 4, tzinfo=UTC)
"""As May begins in New York."""


def test_what_leaves_after_the_renewal_is_held_when_that_month_begins(
    store: Store, account: Account, emails: Emails
) -> None:
    store.credits.charge(account.id, 5_000)
    campaign = emails.send(account.id, HELLO, at=RENEWAL + timedelta(days=3)).id
    put(store, RENEWAL - timedelta(seconds=1))
    assert emails.deliver(account.id) == Sent(0, 0, None)
    assert numbers(store, account) == (0, 0, 5_000)
    put(store, RENEWAL)
    assert emails.deliver(account.id) == Sent(0, 0, None)
    assert numbers(store, account) == (4_997, 3, 0)
    put(store, RENEWAL + timedelta(days=3))
    assert emails.deliver(account.id) == Sent(3, 0, None)
    assert emails.campaign(campaign).sends == 3
    assert numbers(store, account) == (4_997, 0, 3)
    assert store.credits.verify().ok


def test_a_moment_before_the_renewal_is_of_this_month(store: Store, account: Account, emails: Emails) -> None:
    emails.send(account.id, HELLO, at=RENEWAL - timedelta(microseconds=1))
    assert numbers(store, account) == (4_997, 3, 0)


@pytest.mark.parametrize(("left", "failed"), [(2, ["cid"]), (0, ["ann", "bob", "cid"])])
def test_what_that_month_has_too_little_for_fails_for_good_the_last_ones_first(
    store: Store, account: Account, emails: Emails, mailer: Scripted, left: int, failed: list[str]
) -> None:
    campaign = emails.send(account.id, HELLO, at=RENEWAL).id
    put(store, RENEWAL)
    store.credits.charge(account.id, 5_000 - left)
    assert emails.deliver(account.id).sent == left
    missed = [
        to for to, status, reason in stands(emails, campaign) if (status, reason) == ("failed", "no-credits")
    ]
    assert missed == failed
    quote = store.credits.quote_plan(account.id, "10000")
    store.credits.place(account.id, quote, key="upgrade")
    assert emails.deliver(account.id) == Sent(0, 0, None)  # an upgrade brings nothing back
    assert len(mailer.sent) == left
    assert store.credits.verify().ok


def test_one_that_was_cancelled_before_its_month_holds_nothing_then(
    store: Store, account: Account, emails: Emails
) -> None:
    campaign = emails.send(account.id, HELLO, at=RENEWAL).id
    assert emails.cancel(campaign).cancelled
    put(store, RENEWAL)
    assert emails.deliver(account.id) == Sent(0, 0, None)
    assert numbers(store, account) == (5_000, 0, 0)


# What else


def test_a_test_goes_to_one_as_the_first_would_get_it_and_the_draft_stays(
    store: Store, account: Account, emails: Emails, mailer: Scripted
) -> None:
    store.people.add(first_name="Ann", email=THREE[0], region="US", groups=["Buyers"])
    draft = store.messages.save_draft(Draft(subject=HELLO.subject, body=HELLO.body, groups=("Buyers",)))
    emails.test(account.id, draft, "me@example.com")
    emails.deliver(account.id)
    (mail,) = mailer.sent
    assert (mail.to, mail.subject, mail.body) == ("me@example.com", "[Test] Hi Ann", "**Hello** Ann")
    assert numbers(store, account) == (4_999, 0, 1)
    assert store.messages.draft(draft.id) == draft


def test_files_go_with_each_as_they_were_when_it_was_sent(
    account: Account, emails: Emails, mailer: Scripted, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(b"first")
    draft = Draft(subject="Hi", body="Hi", to=THREE[:2], media=(str(plan),))
    sent = emails.send(account.id, draft)
    plan.write_bytes(b"second")
    emails.deliver(account.id)
    assert [mail.files for mail in mailer.sent] == [(("plan.pdf", "application/pdf", b"first"),)] * 2
    assert sent.files == (("plan.pdf", "application/pdf", 5),)


def test_what_somebody_got_is_kept_whatever_becomes_of_them(
    store: Store, account: Account, emails: Emails
) -> None:
    ann = store.people.add(first_name="{*Ann*}", email=THREE[0], region="US")
    campaign = emails.send(account.id, HELLO).id
    emails.deliver(account.id)
    store.people.delete(ann.id)
    (one, *_) = emails.recipients(campaign)
    written = emails.written(one.id)
    assert (written.subject, written.body) == ("Hi {*Ann*}", "**Hello** {*Ann*}")
    assert "<strong>Hello</strong> {*Ann*}" in written.html
    with pytest.raises(WrongUsage):
        emails.written(99)


def test_who_changed_their_address_gets_it_there_and_who_is_gone_gets_nothing(
    store: Store, account: Account, emails: Emails, mailer: Scripted
) -> None:
    ann, bob = (store.people.add(email=address, region="US") for address in THREE[:2])
    campaign = emails.send(account.id, Draft(subject="Hi", body="Hi", everyone=True)).id
    store.people.update(
        ann.id,
        first_name="",
        last_name="",
        company="",
        phone="",
        email="ann@new.example",
        groups=(),
        region="US",
    )
    store.people.delete(bob.id)
    emails.deliver(account.id)
    assert mailer.to() == ["ann@new.example"]
    assert stands(emails, campaign) == [("bob", "failed", "no-address"), ("ann", "sent", "")]
    assert numbers(store, account) == (4_999, 0, 1)


def test_an_accounts_campaigns_are_its_own_and_come_by_the_page(
    store: Store, account: Account, emails: Emails
) -> None:
    other = store.credits.open_account("agent-email", "free", "UTC", demo_clock=True)
    ids = [emails.send(account.id, HELLO).id for _ in range(3)]
    theirs = emails.send(other.id, HELLO).id
    assert [one.id for one in emails.campaigns(account.id, limit=2)] == ids[:0:-1]
    assert [one.id for one in emails.campaigns(account.id, before=ids[1])] == ids[:1]
    assert (emails.account_of(theirs), emails.account_of(99)) == (other.id, None)
    with pytest.raises(WrongUsage):
        emails.campaign(99)


def test_a_name_that_brings_headers_or_html_is_text(
    store: Store, account: Account, emails: Emails, mailer: Scripted
) -> None:
    name = "Eve\r\nBcc: all@example.com <script>alert(1)</script>"
    store.people.add(first_name=name, email=THREE[0], region="US")
    emails.send(account.id, Draft(subject="{first_name}", body="{first_name}", everyone=True))
    emails.deliver(account.id)
    (mail,) = mailer.sent
    assert "\n" not in mail.subject
    assert "<script" not in mail.html


def test_a_campaign_is_found_in_the_history_by_its_subject(
    store: Store, account: Account, emails: Emails
) -> None:
    first = emails.send(account.id, Draft(subject="Über den Zaun", body="x", to=THREE)).id
    second = emails.send(account.id, Draft(subject="Other", body="x", to=THREE[:1])).id
    assert emails.as_sent([first, second]) == {
        first: ("", "Über den Zaun"),
        second: ("ann@example.com", "Other"),
    }

    def mentioned(text: str) -> list[str]:
        sql, values = emails.mentioning(account.id, text)
        return [row[0] for row in store.database.execute(sql, values)]

    assert mentioned("ÜBER DEN") == [str(first)]
    assert mentioned("%") == []


def test_what_is_agreed_to_goes_by_when_the_first_leaves_not_by_now(
    store: Store, account: Account, emails: Emails
) -> None:
    put(store, datetime(2026, 5, 1, 3, tzinfo=UTC))  # an hour before the renewal, and 9:30 comes after it
    audience = emails.audience(account.id, HELLO)
    first = emails.first_leaves(account.id, audience, None, "09:30")
    assert first == datetime(2026, 5, 1, 13, 30, tzinfo=UTC)
    agreed = emails.estimate(account.id, HELLO, at=first, each_at="09:30")
    assert (agreed.sends, agreed.later) == (0, date(2026, 5, 1))
    sent = emails.send(account.id, HELLO, each_at="09:30", expected=agreed)
    assert (sent.recipients, store.credits.balance(account.id).held) == (3, 0)


def test_where_nobody_gets_it_nothing_leaves_first(account: Account, emails: Emails) -> None:
    nobody = emails.audience(account.id, Draft())
    assert emails.first_leaves(account.id, nobody, None, "09:30") is None
