"""What a mail says: enough to know what happened and what to do, in the reader's language and time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.mailroom import Replies, Said, Text
from tui.i18n.language import Language
from tui.notices.email import text

NOON = datetime(2026, 4, 16, 16, 0, tzinfo=UTC)
ENGLISH = Language("en_US")


@pytest.fixture
def engine() -> str:
    return "sqlite"


@pytest.fixture
def store(new_database: Callable[[], str]) -> Iterator[Store]:
    store = Store(new_database(), clock=FixedClock(NOON))
    with store.connection():
        yield store
    store.close()


def opened(store: Store, product: str, plan: str) -> Account:
    return store.credits.open_account(product, plan, "America/New_York", demo_clock=True)


def notice(store: Store, account: Account, language: Language = ENGLISH) -> Text:
    """The mail of the newest notice that is told."""
    told = [notice for notice in store.credits.notices(account.id) if notice.channels]
    return text(language, store.credits.balance(account.id), store.credits.product(account), told[0])


def receipt(store: Store, account: Account, number: int, language: Language = ENGLISH) -> Text:
    order = store.credits.order(account.id, number)
    return text(language, store.credits.balance(account.id), store.credits.product(account), order)


def test_a_notice_tells_what_was_reached_when_what_is_left_and_what_can_be_done(store: Store) -> None:
    account = opened(store, "agent-texts", "300")
    store.credits.charge(account.id, 240)
    mail = notice(store, account)
    assert mail.subject == "Textmeter: 240 of 300 used (80%)"
    assert mail.body.splitlines() == [
        "240 of 300 used (80%). Left now: 60 credits.",
        "Usage was recorded by hand: Apr 16, 2026, 12:00 PM.",
        "It renews on May 1, 2026: 300 credits for $10.00.",
        "When nothing is left, you can't send.",
        "See larger plans under Plans in the app or with `textmeter plan list`.",
        "",
        f"Account {account.id}: Agent texts, 300 credits a month",
    ]


def test_a_notice_of_emails_speaks_of_emails(store: Store) -> None:
    account = opened(store, "agent-email", "free")
    store.credits.charge(account.id, 4_000)
    mail = notice(store, account)
    assert mail.subject == "Textmeter: 4,000 of 5,000 used (80%)"
    assert mail.body.startswith("4,000 of 5,000 used (80%). Left now: 1,000 emails.\n")


def test_where_credits_can_be_bought_a_notice_says_so(store: Store) -> None:
    account = opened(store, "community-texts", "200")
    store.credits.charge(account.id, 390)
    assert "`textmeter buy`" in notice(store, account).body


def test_a_receipt_tells_what_was_ordered_and_what_was_paid_with_which_card(store: Store) -> None:
    account = opened(store, "agent-texts", "300")
    mail = receipt(store, account, 1)
    assert mail.subject.startswith("Textmeter receipt 1: Subscription: 300 credits")
    assert "$5.00 paid with Visa 4242." in mail.body
    assert "Apr 16, 2026, 12:00\u202fPM" in mail.body
    assert "Billing address" not in mail.body


def test_a_receipt_names_the_billing_address_that_was_given(store: Store) -> None:
    account = opened(store, "agent-texts", "300")
    store.credits.set_billing_address(account.id, "Zoë Côté, 1 Elm St, Springfield, IL 62701")
    store.credits.place(account.id, store.credits.quote_plan(account.id, "1000"), key="more")
    assert "Billing address:  Zoë Côté, 1 Elm St, Springfield, IL 62701" in receipt(store, account, 2).body


def test_a_mail_has_the_formats_of_its_readers_language(store: Store) -> None:
    account = opened(store, "agent-email", "free")
    store.credits.charge(account.id, 4_000)
    spanish = Language("es_ES")
    assert notice(store, account, spanish).subject != notice(store, account).subject
    assert "1.000" in notice(store, account, spanish).body
    assert "16 abr 2026" in notice(store, account, spanish).body


def test_a_cancellation_says_when_the_plan_ends_and_its_withdrawal_that_it_stays(store: Store) -> None:
    account = store.credits.open_account("agent-texts", "300", "America/New_York")
    store.credits.place(account.id, store.credits.quote_cancel(account.id), key="cancel")
    cancelled = receipt(store, account, 2)
    assert cancelled.subject == "Textmeter receipt 2: Plan cancelled"
    assert "no plan" not in cancelled.body
    assert "It ends on May 1, 2026, with no further charge." in cancelled.body
    store.credits.withdraw(account.id)
    withdrawn = receipt(store, account, 3)
    assert withdrawn.subject == "Textmeter receipt 3: Cancellation withdrawn"
    assert "Plan:" in withdrawn.body
    assert "300 credits a month" in withdrawn.body
    assert "It ends" not in withdrawn.body
    assert "no plan" not in withdrawn.body


def replies(store: Store, account: Account, *said: Said) -> Text:
    balance, product = store.credits.balance(account.id), store.credits.product(account)
    return text(ENGLISH, balance, product, Replies(said))


def test_replies_are_told_by_who_when_and_what_they_wrote(store: Store) -> None:
    account = opened(store, "agent-texts", "300")
    mail = replies(
        store,
        account,
        Said(1, "+14155550101", "Zoë", "Yes!\nFriday?", NOON, 0),
        Said(2, "+14155550102", "", "", NOON, 2),
    )
    assert mail.subject == "Textmeter: replies from 2 people"
    assert mail.body.splitlines() == [
        "Zoë, (415) 555-0101 · Apr 16, 2026, 12:00\u202fPM",
        "Yes!",
        "Friday?",
        "",
        "(415) 555-0102 · Apr 16, 2026, 12:00\u202fPM",
        "2 pictures",
        "",
        "To reply, open the inbox in the app or run `textmeter reply`.",
        "",
        "Account 1: Agent texts, 300 credits a month",
    ]


@pytest.mark.parametrize("text", ["\x1b[2J\r\nBcc: a@b\r\n.\r\n", "\u202eexe", "x" * 20_000, "\ud83d half"])
def test_hostile_replies_are_only_text_in_a_mail(store: Store, text: str) -> None:
    account = opened(store, "agent-texts", "300")
    mail = replies(store, account, Said(1, f"+1{text}", f"Zoë {text}", text, NOON, 0))
    assert "\n" not in mail.subject
    assert not {"\x1b", "\u202e", "\r", "\ud83d"} & set(mail.subject + mail.body)
    assert max(map(len, mail.body.splitlines())) < 45_000
    assert mail.subject.encode()
    assert mail.body.encode()
