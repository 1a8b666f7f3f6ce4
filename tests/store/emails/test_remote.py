"""Campaigns that Mailchimp sends: nothing counts, one call sends, and what nobody knows is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.emails.emails import Emails
from store.emails.model import CampaignSummary, Status
from store.emails.outbox import LEASE
from store.emails.remote import BETWEEN, STALE
from store.errors import RefusedByRule, WrongUsage
from store.mail.mailchimp import Mailchimp
from store.messages.model import Draft
from store.secrets import SecretTrouble
from store.sentences import sentence
from tests.store.emails.conftest import NOON
from tests.store.mail.mailchimp_standin import AUDIENCE, KEY, MailchimpStandin
from tests.store.mail.scripted import Scripted
from tests.store.messages.providers.loopback import DROPPED, LOST, running, said

DRAFT = Draft(subject="Hi {first_name|there}", body="News.", to=("bo@example.com", "cy@example.com"))


@pytest.fixture
def server() -> Iterator[MailchimpStandin]:
    server = MailchimpStandin()
    with running(server):
        yield server


@pytest.fixture
def account(store: Store) -> Account:
    """On the real clock: with a demo clock nothing real is reached."""
    return store.credits.open_account("agent-email", "free", "America/New_York")


@pytest.fixture
def emails(store: Store, server: MailchimpStandin, mailer: Scripted, real: FixedClock) -> Emails:
    parts = store.database, store.settings, store.credits, store.people, store.consent
    return Emails(*parts, mailer=mailer, mailchimp=lambda: Mailchimp(KEY, AUDIENCE, server.url), real=real)


@pytest.fixture
def campaign(store: Store, emails: Emails, account: Account) -> CampaignSummary:
    store.people.add(first_name="Bo", email="bo@example.com", region="US")
    return emails.send(account.id, DRAFT, service="mailchimp")


def test_it_is_sent_there_and_counts_nothing_here(
    store: Store,
    emails: Emails,
    account: Account,
    server: MailchimpStandin,
    mailer: Scripted,
    campaign: CampaignSummary,
) -> None:
    assert emails.deliver(account.id).sent == 2
    (there,) = server.campaigns.values()
    assert (there["status"], there["times_sent"]) == ("sent", 1)
    assert there["settings"]["subject_line"] == "Hi *|IF:FNAME|**|FNAME|**|ELSE:|*there*|END:IF|*"
    assert server.members["bo@example.com"]["FNAME"] == "Bo"
    assert mailer.sent == []
    assert emails.campaign(campaign.id).counts == {Status.SENT: 2}
    assert store.credits.balance(account.id).available == 5_000
    assert emails.deliver(account.id).sent == 0
    assert there["times_sent"] == 1


def test_who_opts_out_before_it_leaves_is_not_handed_to_mailchimp(
    store: Store, emails: Emails, account: Account, server: MailchimpStandin, campaign: CampaignSummary
) -> None:
    store.consent.opt_out("cy@example.com", account.id)
    assert emails.deliver(account.id).failed == 1
    assert list(server.members) == ["bo@example.com"]
    assert [(one.to, one.reason) for one in emails.recipients(campaign.id)] == [
        ("cy@example.com", "opted-out"),
        ("bo@example.com", ""),
    ]


def test_who_opts_out_while_mailchimp_puts_it_off_gets_nothing(
    store: Store, emails: Emails, account: Account, server: MailchimpStandin, campaign: CampaignSummary
) -> None:
    server.lacks = ["Verify your From address."]
    emails.deliver(account.id)
    store.consent.opt_out("cy@example.com", account.id)
    server.lacks = []
    assert emails.deliver(account.id).failed == 1
    (there,) = server.campaigns
    assert server.sent_to(there) == ["bo@example.com"]


def test_who_opts_out_while_it_is_made_there_gets_nothing(
    store: Store, account: Account, server: MailchimpStandin, mailer: Scripted, real: FixedClock
) -> None:
    class Slow(Mailchimp):
        def problems(self, id: str) -> list[str]:
            store.consent.opt_out("cy@example.com", account.id)
            return super().problems(id)

    parts = store.database, store.settings, store.credits, store.people, store.consent
    emails = Emails(*parts, mailer=mailer, mailchimp=lambda: Slow(KEY, AUDIENCE, server.url), real=real)
    emails.send(account.id, DRAFT, service="mailchimp")
    assert (emails.deliver(account.id).failed, emails.deliver(account.id).sent) == (1, 1)
    (there,) = server.campaigns
    assert server.sent_to(there) == ["bo@example.com"]


def test_a_key_that_is_out_of_reach_keeps_no_other_email_waiting(
    store: Store, account: Account, mailer: Scripted, real: FixedClock
) -> None:
    def lacking() -> Mailchimp:
        raise SecretTrouble(sentence("The key is out of reach."))

    parts = store.database, store.settings, store.credits, store.people, store.consent
    emails = Emails(*parts, mailer=mailer, mailchimp=lacking, real=real)
    emails.send(account.id, DRAFT)
    told = emails.deliver(account.id)
    assert (told.sent, str(told.trouble)) == (2, "The key is out of reach.")


@pytest.mark.parametrize(
    ("fault", "status"), [(LOST, Status.SENT), (said({"status": 500}, 500), Status.UNKNOWN)]
)
def test_where_the_answer_to_the_send_is_lost_the_campaign_there_decides_and_nothing_is_sent_again(
    emails: Emails,
    account: Account,
    server: MailchimpStandin,
    campaign: CampaignSummary,
    fault: object,
    status: Status,
) -> None:
    server.fault_at["/actions/send"] = fault
    emails.deliver(account.id)
    for _ in range(3):
        emails.deliver(account.id)
    assert emails.campaign(campaign.id).counts == {status: 2}
    assert server.count("POST", "/actions/send") == 1


def test_while_mailchimp_cannot_be_asked_it_is_neither_sent_again_nor_given_up(
    emails: Emails, account: Account, server: MailchimpStandin, campaign: CampaignSummary, real: FixedClock
) -> None:
    server.fault_at["/actions/send"] = LOST
    for waited in (0, 1):
        real.instant += waited * LEASE
        server.fault_at["/campaigns/c000000001"] = DROPPED
        assert "Can't reach Mailchimp" in str(emails.deliver(account.id).trouble)
        assert emails.campaign(campaign.id).counts == {Status.SENDING: 2}
    assert emails.deliver(account.id).sent == 2
    assert server.count("POST", "/actions/send") == 1


def test_whoever_was_killed_in_the_midst_of_sending_leaves_it_to_be_found_out(
    emails: Emails,
    account: Account,
    server: MailchimpStandin,
    campaign: CampaignSummary,
    real: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def killed(service: Mailchimp, id: str) -> object:
        service._client.campaigns.send(id)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Mailchimp, "send", killed)
        emails.deliver(account.id)
    assert emails.campaign(campaign.id).counts == {Status.SENDING: 2}
    real.instant += LEASE
    assert emails.deliver(account.id).sent == 2
    assert server.count("POST", "/actions/send") == 1


def test_a_server_that_is_away_is_tried_again_for_three_days_and_then_it_fails(
    store: Store, emails: Emails, account: Account, server: MailchimpStandin, campaign: CampaignSummary
) -> None:
    server.fault = DROPPED
    assert "Can't reach Mailchimp" in str(emails.deliver(account.id).trouble)
    assert emails.campaign(campaign.id).counts == {Status.SERVICE: 2}
    assert isinstance(store.clock, FixedClock)
    store.clock.instant = NOON + STALE
    assert emails.deliver(account.id).failed == 2
    assert [one.reason for one in emails.recipients(campaign.id)] == ["too-late"] * 2
    assert server.campaigns == {}


def test_what_mailchimp_lacks_is_said_in_its_words_and_mended_there(
    emails: Emails, account: Account, server: MailchimpStandin, campaign: CampaignSummary
) -> None:
    server.lacks = ["Verify your From address."]
    assert "Verify your From address." in str(emails.deliver(account.id).trouble)
    server.lacks = []
    assert emails.deliver(account.id).sent == 2
    assert len(server.campaigns) == 1


def test_one_that_is_cancelled_is_withdrawn_there_too(
    emails: Emails, account: Account, server: MailchimpStandin, campaign: CampaignSummary
) -> None:
    server.lacks = ["Verify your From address."]
    emails.deliver(account.id)
    assert len(server.campaigns) == 1
    emails.cancel(campaign.id)
    emails.deliver(account.id)
    assert server.campaigns == {}
    assert emails.campaign(campaign.id).counts == {Status.CANCELLED: 2}


def test_bounces_and_who_unsubscribed_there_get_nothing_more(
    store: Store,
    emails: Emails,
    account: Account,
    server: MailchimpStandin,
    campaign: CampaignSummary,
    real: FixedClock,
) -> None:
    emails.deliver(account.id)
    server.bounces = {"bo@example.com": "hard"}
    server.left = ["cy@example.com"]
    emails.deliver(account.id)
    assert server.count("GET", "/sent-to") == 0  # it was sent just now
    real.instant += BETWEEN
    emails.deliver(account.id)
    assert [(one.to, one.status) for one in emails.recipients(campaign.id)] == [
        ("bo@example.com", Status.BOUNCED),
        ("cy@example.com", Status.SENT),
    ]
    assert store.consent.is_out("bo@example.com", 0)
    assert store.consent.is_out("cy@example.com", account.id)
    said_of = len(store.consent.said(account.id))
    real.instant += BETWEEN
    emails.deliver(account.id)
    assert len(store.consent.said(account.id)) == said_of  # each is noted once


def test_it_waits_for_its_time(
    store: Store, emails: Emails, account: Account, server: MailchimpStandin
) -> None:
    emails.send(account.id, DRAFT, service="mailchimp", at=NOON + timedelta(hours=1))
    assert emails.deliver(account.id).sent == 0
    assert server.asked == []
    assert isinstance(store.clock, FixedClock)
    store.clock.instant = NOON + timedelta(hours=1)
    assert emails.deliver(account.id).sent == 2


@pytest.mark.parametrize(
    ("change", "given", "says"),
    [
        ({"body": "Hi {company}"}, {}, r"\{company\}"),
        ({}, {"each_at": "09:00"}, "to everyone at once"),
    ],
)
def test_what_mailchimp_cannot_do_is_refused_before_anything_is_kept(
    emails: Emails, account: Account, change: dict[str, str], given: dict[str, str], says: str
) -> None:
    draft = Draft(**{"subject": "Hi", "body": "News.", "to": ("bo@example.com",), **change})  # type: ignore[arg-type]
    with pytest.raises((RefusedByRule, WrongUsage), match=says):
        emails.send(account.id, draft, service="mailchimp", **given)  # type: ignore[arg-type]
    assert emails.campaigns(account.id) == []


def test_an_account_with_a_demo_clock_reaches_no_mailchimp(
    store: Store, emails: Emails, new_database: Callable[[], str]
) -> None:
    playing = store.credits.open_account("agent-email", "free", "America/New_York", demo_clock=True)
    assert emails.services(playing.id) == ("own",)
    with pytest.raises(WrongUsage, match="can't send this"):
        emails.send(playing.id, DRAFT, service="mailchimp")


def test_an_attachment_is_refused(emails: Emails, account: Account, tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    path.write_bytes(b"%PDF-1.4 plan")
    draft = Draft(subject="Hi", body="News.", to=("bo@example.com",), media=(str(path),))
    with pytest.raises(WrongUsage, match="doesn't support attachments"):
        emails.send(account.id, draft, service="mailchimp")
