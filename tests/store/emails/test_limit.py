"""What is told as a campaign or SmartPlans come near the limit of emails, and what an upgrade brings back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.emails.emails import Emails
from store.emails.model import SmartPlan, Step
from store.mailroom import Mailroom, Said
from store.messages.model import Draft
from store.notices import to_tell, waiting
from store.timeline import Emailed, Source
from tests.environment import CHECKOUT
from tests.store.emails.conftest import NOON
from tests.store.mail.scripted import Scripted
from tui.i18n.language import Language
from tui.notices.email import text

DAYS = SmartPlan("Welcome", tuple(Step(day, f"Day {day}", "Hi") for day in range(3)))
ADDRESSES = tuple(f"p{number}@example.com" for number in range(18))


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    """100 emails a month for free, 200 for money."""
    catalog = (CHECKOUT / "assets" / "catalog" / "agent-email.toml").read_text(encoding="utf-8")
    small = catalog.replace("credits = 5000", "credits = 100").replace("credits = 10000", "credits = 200")
    assert small.count("credits = 100\n") == small.count("credits = 200\n") == 1
    (tmp_path / "agent-email.toml").write_text(small, encoding="utf-8")
    store = Store(url, clock=FixedClock(NOON), catalog=tmp_path)
    with store.connection():
        yield store
    store.close()


@pytest.fixture
def notices() -> Scripted:
    """Who carries the mails about the limit."""
    return Scripted()


@pytest.fixture
def mailroom(store: Store, account: Account, notices: Scripted, real: FixedClock) -> Mailroom:
    """79 of 100 emails are used."""
    store.credits.charge(account.id, 79)
    return Mailroom(store.database, store.settings, store.credits, heard=_nobody, mailer=notices, real=real)


def _nobody(account_id: int, *, after: int) -> Sequence[Said]:
    return ()


def about_the_limit(notices: Scripted) -> list[str]:
    """The subjects of the mails about it: there is a receipt too."""
    return [mail.subject for mail in notices.sent if "%" in mail.subject]


def toast(store: Store, account: Account) -> list[int]:
    """The thresholds that are still to be told on the screen; the last is told for all."""
    return [one.threshold for one in to_tell(waiting(store, account.id), store.credits.balance(account.id))]


def test_a_campaign_that_reaches_several_is_one_toast_and_one_mail_that_name_the_highest(
    store: Store, account: Account, emails: Emails, mailroom: Mailroom, notices: Scripted
) -> None:
    emails.send(account.id, Draft(subject="Hello", body="Hi", to=ADDRESSES))
    reached = {one.threshold: one.channels for one in store.credits.notices(account.id)}
    assert list(reached) == [95, 90, 85, 80]
    assert [threshold for threshold, channels in reached.items() if channels] == [95]
    assert toast(store, account) == [95]
    mailroom.post(partial(text, Language("en")))
    mailroom.post(partial(text, Language("en")))
    assert about_the_limit(notices) == ["Textmeter: 97 of 100 used (97%)"]


def test_the_steps_of_one_morning_are_one_mail_in_the_accounts_language(
    store: Store, account: Account, emails: Emails, mailroom: Mailroom, notices: Scripted
) -> None:
    store.smartplans.start(account.id, DAYS, to=ADDRESSES)
    store.smartplans.run_due(account.id)
    emails.deliver(account.id)
    assert [one.threshold for one in store.credits.notices(account.id)] == [95, 90, 85, 80]
    assert toast(store, account)[-1] == 95
    for _ in range(2):
        mailroom.post(partial(text, Language("es")))
    assert about_the_limit(notices) == ["Textmeter: 95 de 100 usados (95\xa0%)"]


def test_a_threshold_that_is_reached_after_the_mail_about_a_lower_one_is_another_mail(
    store: Store, account: Account, emails: Emails, mailroom: Mailroom, notices: Scripted
) -> None:
    for count in (1, 6, 5):
        emails.send(account.id, Draft(subject="Hello", body="Hi", to=ADDRESSES[:count]))
        mailroom.post(partial(text, Language("en")))
    assert [subject.split()[-1] for subject in about_the_limit(notices)] == ["(80%)", "(86%)", "(91%)"]


def test_an_upgrade_in_the_midst_of_a_plan_brings_nothing_back_that_failed(
    store: Store, account: Account, emails: Emails, mailroom: Mailroom
) -> None:
    """Each day 18 emails are due. 21 are left: the second day only 3 leave, and 15 fail."""
    store.smartplans.start(account.id, DAYS, to=ADDRESSES)
    for day in range(2):
        cast("FixedClock", store.clock).instant = NOON + timedelta(days=day)
        store.smartplans.run_due(account.id)
        emails.deliver(account.id)
    assert outcomes(store) == {"sent": 21, "failed": 15}
    store.credits.place(account.id, store.credits.quote_plan(account.id, "10000"), key="more")
    store.smartplans.run_due(account.id)
    emails.deliver(account.id)
    assert outcomes(store) == {"sent": 21, "failed": 15}
    cast("FixedClock", store.clock).instant = NOON + timedelta(days=2)
    store.smartplans.run_due(account.id)
    emails.deliver(account.id)
    assert outcomes(store) == {"sent": 39, "failed": 15}
    last = store.people.by_email(ADDRESSES[-1])
    assert last is not None
    lines, _place = store.timeline.lines(last, sources={Source.EMAILS})
    told = [line.about for line in lines if isinstance(line.about, Emailed)]
    assert [(one.step, one.status, one.reason) for one in told] == [
        (3, "sent", ""),
        (2, "failed", "no-credits"),
        (1, "sent", ""),
    ]


def outcomes(store: Store) -> dict[str, int]:
    """How many emails have each status."""
    rows = store.database.rows("SELECT status, COUNT(*) AS emails FROM email GROUP BY status")
    return {row.status: row.emails for row in rows}
