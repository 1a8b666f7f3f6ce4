"""Notices and receipts by email: none is lost, none is told twice while all goes well, and old ones stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.catalog import Product
from store.credits.catalog_files import Catalog
from store.credits.model import Account, Balance, Notice
from store.mail import Mail, NoAnswer, NotSent, Outcome, Refused
from store.mail.claims import LEASE
from store.mailroom import About, Mailroom, Posted, Replies, Said, Text
from store.sentences import sentence
from tests.store.mail import server
from tests.store.mail.scripted import Scripted

NOON = datetime(2026, 4, 16, 16, 0, tzinfo=UTC)


def plainly(balance: Balance, product: Product, about: About) -> Text:
    if isinstance(about, Replies):
        return Text("replies", "|".join(f"{one.name or one.phone}: {one.text}" for one in about.said))
    if isinstance(about, Notice):
        return Text(f"{about.threshold} %", f"{balance.available} left of {product.id}")
    return Text(f"order {about.number}", f"{about.cents} cents")


@pytest.fixture
def store(new_database: Callable[[], str]) -> Iterator[Store]:
    store = Store(new_database(), clock=FixedClock(NOON))
    with store.connection():
        yield store
    store.close()


@pytest.fixture
def account(store: Store) -> Account:
    """With a receipt (order 1) that waits."""
    return store.credits.open_account("agent-texts", "300", "America/New_York", demo_clock=True)


CAME_IN: list[Said] = []


def heard(account_id: int, *, after: int) -> list[Said]:
    """What came in for account 1."""
    return [one for one in CAME_IN if one.id > after and account_id == 1]


@pytest.fixture(autouse=True)
def nobody_wrote() -> None:
    CAME_IN.clear()


def said(id: int, text: str, at: datetime = NOON) -> Said:
    return Said(id, "+14155550101", "Zoë", text, at, 0)


@pytest.fixture
def real() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def mailer() -> Scripted:
    return Scripted()


@pytest.fixture
def mailroom(store: Store, mailer: Scripted, real: FixedClock) -> Mailroom:
    return Mailroom(store.database, store.settings, store.credits, heard=heard, mailer=mailer, real=real)


def at(store: Store, instant: datetime) -> None:
    assert isinstance(store.clock, FixedClock)
    store.clock.instant = instant


def test_a_receipt_and_the_highest_of_the_notices_reached_at_once_are_told_once(
    store: Store, account: Account, mailroom: Mailroom, mailer: Scripted
) -> None:
    store.credits.charge(account.id, 275)
    assert mailroom.post(plainly) == Posted(2, None)
    assert [(mail.subject, mail.body) for mail in mailer.sent] == [
        ("90 %", "25 left of agent-texts"),
        ("order 1", "500 cents"),
    ]
    assert mailer.keys()[1] == f"order-{account.id}-1"
    assert [mail.to for mail in mailer.sent] == ["", ""]
    assert mailroom.post(plainly) == Posted(0, None)
    assert len(mailer.sent) == 2


def test_a_notice_that_was_mailed_is_still_shown_on_the_screen(
    store: Store, account: Account, mailroom: Mailroom
) -> None:
    store.credits.charge(account.id, 240)
    mailroom.post(plainly)
    assert [notice.threshold for notice in store.credits.notices_to_show(account.id)] == [80]


def test_an_account_whose_product_is_gone_keeps_no_other_from_its_mail(
    store: Store, account: Account, mailroom: Mailroom, mailer: Scripted
) -> None:
    """Its file may be in a catalog that only another process was told of."""
    other = store.credits.open_account("community-texts", "50", "America/New_York", demo_clock=True)
    without = {id: product for id, product in store.catalog.products.items() if id != account.product}
    store.credits._accounts.catalog = Catalog(without)
    first = mailroom.post(plainly)
    assert first.sent == 0
    assert "no product agent-texts" in str(first.trouble)
    assert mailroom.post(plainly) == Posted(1, None)
    assert mailer.keys() == [f"order-{other.id}-1"]


def test_what_could_not_be_sent_waits_some_minutes_and_says_why(
    account: Account, mailroom: Mailroom, mailer: Scripted, real: FixedClock
) -> None:
    mailer.outcomes = [NotSent(sentence("The server is asleep."))]
    assert mailroom.post(plainly) == Posted(0, sentence("The server is asleep."))
    assert mailroom.post(plainly) == Posted(0, None)
    assert mailer.sent == []
    real.instant += LEASE
    assert mailroom.post(plainly) == Posted(1, None)
    assert mailer.keys() == [f"order-{account.id}-1"]


def test_what_is_refused_says_so_and_is_tried_again(
    account: Account, mailroom: Mailroom, mailer: Scripted, real: FixedClock
) -> None:
    mailer.outcomes = [Refused("550 No such mailbox.")]
    trouble = mailroom.post(plainly).trouble
    assert "550 No such mailbox." in str(trouble)
    assert "TEXTMETER_MAIL" in str(trouble)
    real.instant += LEASE
    assert mailroom.post(plainly).sent == 1


def test_a_mail_of_which_nobody_knows_whether_it_left_is_sent_again_under_the_same_key(
    account: Account, mailroom: Mailroom, mailer: Scripted, real: FixedClock
) -> None:
    mailer.outcomes = [NoAnswer()]
    assert "may arrive twice" in str(mailroom.post(plainly).trouble)
    real.instant += LEASE
    mailroom.post(plainly)
    assert mailer.keys() == [f"order-{account.id}-1"] * 2


def test_what_is_played_tells_nobody_whatever_is_configured(
    store: Store, account: Account, real: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server.running() as inbox:
        url = f"smtp://127.0.0.1:{inbox.port}?from=texts@agent.test&to=me@agent.test"
        monkeypatch.setenv("TEXTMETER_MAIL", url)
        configured = Mailroom(store.database, store.settings, store.credits, heard=heard, real=real)
        assert configured.post(plainly) == Posted(1, None)
        assert inbox.mails == []
        store.credits.open_account("agent-texts", "300", "America/New_York")
        assert configured.post(plainly) == Posted(1, None)
        assert [mail["To"] for mail in inbox.mails] == ["me@agent.test"]


def test_while_one_process_sends_a_mail_another_leaves_it_alone(
    store: Store, account: Account, mailer: Scripted, real: FixedClock
) -> None:
    other = Mailroom(store.database, store.settings, store.credits, heard=heard, mailer=mailer, real=real)

    class Slow(Scripted):
        def send(self, mail: Mail) -> Outcome:
            assert other.post(plainly) == Posted(0, None)
            return super().send(mail)

    slow = Slow()
    Mailroom(store.database, store.settings, store.credits, heard=heard, mailer=slow, real=real).post(plainly)
    assert (len(slow.sent), mailer.sent) == (1, [])


def test_a_mail_that_another_process_finished_after_it_was_looked_up_is_not_sent_again(
    store: Store, account: Account, mailer: Scripted, real: FixedClock
) -> None:
    store.credits.charge(account.id, 240)
    other = Mailroom(store.database, store.settings, store.credits, heard=heard, mailer=mailer, real=real)

    class Interrupted(Scripted):
        def send(self, mail: Mail) -> Outcome:
            other.post(plainly)  # all that is left
            return super().send(mail)

    first = Interrupted()
    posted = Mailroom(
        store.database, store.settings, store.credits, heard=heard, mailer=first, real=real
    ).post(plainly)
    assert posted == Posted(1, None)
    assert sorted(first.keys() + mailer.keys()) == sorted({*first.keys(), *mailer.keys()})
    assert len(mailer.sent) == 1


def test_who_dies_while_sending_leaves_the_mail_to_another(
    account: Account, mailroom: Mailroom, mailer: Scripted, real: FixedClock, store: Store
) -> None:
    class Dying(Scripted):
        def send(self, mail: Mail) -> Outcome:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Mailroom(store.database, store.settings, store.credits, heard=heard, mailer=Dying(), real=real).post(
            plainly
        )
    assert mailroom.post(plainly).sent == 0
    real.instant += LEASE
    assert mailroom.post(plainly).sent == 1


def test_what_is_older_than_three_days_when_mail_is_set_up_stays_unsent(
    store: Store, account: Account, mailroom: Mailroom, mailer: Scripted
) -> None:
    store.credits.charge(account.id, 240)
    at(store, NOON + timedelta(days=3))
    store.credits.charge(account.id, 20)  # 260 of 300: 85 %
    at(store, NOON + timedelta(days=3, seconds=1))
    store.credits.balance(account.id)
    store.credits.charge(account.id, 1)
    assert mailroom.post(plainly).sent == 1
    assert [mail.subject for mail in mailer.sent] == ["85 %"]
    at(store, NOON)
    assert mailroom.post(plainly).sent == 0


def test_without_mail_everything_waits(store: Store, account: Account, mailroom: Mailroom) -> None:
    assert store.mail.post(plainly) == Posted(0, None)
    assert mailroom.post(plainly).sent == 1


def test_a_stop_ends_the_round_before_the_next_mail(account: Account, mailroom: Mailroom) -> None:
    stop = Event()
    stop.set()
    assert mailroom.post(plainly, stop=stop) == Posted(0, None)
    assert mailroom.post(plainly).sent == 1


def test_a_setting_that_cannot_be_understood_is_trouble_that_says_so(
    store: Store, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTMETER_MAIL", "me:hunter2@example.com")
    trouble = store.mail.post(plainly).trouble
    assert "TEXTMETER_MAIL isn't valid" in str(trouble)
    assert "hunter2" not in str(trouble)


def test_by_the_environment_mails_go_to_its_server_with_ids_of_this_database(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = store.credits.open_account("agent-texts", "300", "America/New_York")
    with server.running() as inbox:
        monkeypatch.setenv(
            "TEXTMETER_MAIL", f"smtp://127.0.0.1:{inbox.port}?from=texts@example.com&to=me@example.com"
        )
        assert store.mail.post(plainly) == Posted(1, None)
    (mail,) = inbox.mails
    token = store.settings.read("mail-token")
    assert mail["Message-ID"] == f"<order-{account.id}-1.{token}@example.com>"
    assert mail["To"] == "me@example.com"


def test_receipts_of_two_accounts_with_one_number_are_told_apart(
    store: Store, account: Account, mailroom: Mailroom, mailer: Scripted
) -> None:
    other = store.credits.open_account("agent-texts", "1000", "America/New_York", demo_clock=True)
    assert mailroom.post(plainly) == Posted(2, None)
    assert mailer.keys() == [f"order-{account.id}-1", f"order-{other.id}-1"]


def _order(store: Store, account: Account, cancel: bool) -> None:
    if cancel:
        store.credits.place(account.id, store.credits.quote_cancel(account.id), key=f"{store.clock.now()}")
    else:
        store.credits.withdraw(account.id)


def test_a_cancellation_that_was_withdrawn_before_its_mail_left_is_no_mail(
    store: Store, account: Account, mailroom: Mailroom, mailer: Scripted
) -> None:
    assert mailroom.post(plainly) == Posted(1, None)
    for number in range(3):
        store.clock.instant += timedelta(minutes=number)  # type: ignore[attr-defined]
        _order(store, account, cancel=True)
        _order(store, account, cancel=False)
    assert mailroom.post(plainly) == Posted(0, None)


def test_a_withdrawal_is_told_to_who_was_told_of_the_cancellation(
    store: Store, account: Account, mailroom: Mailroom, mailer: Scripted
) -> None:
    _order(store, account, cancel=True)
    assert mailroom.post(plainly) == Posted(2, None)
    _order(store, account, cancel=False)
    assert mailroom.post(plainly) == Posted(1, None)
    assert [mail.subject for mail in mailer.sent] == ["order 1", "order 2", "order 3"]


def test_replies_of_a_round_are_one_mail_and_told_once(
    store: Store, account: Account, mailroom: Mailroom, mailer: Scripted
) -> None:
    CAME_IN.append(said(1, "from before mail was set up"))
    mailroom.post(plainly)
    mailer.sent.clear()
    CAME_IN.extend([said(2, "Yes!"), said(3, "Friday?")])
    assert mailroom.post(plainly) == Posted(1, None)
    assert mailroom.post(plainly) == Posted(0, None)
    assert [(mail.subject, mail.body) for mail in mailer.sent] == [("replies", "Zoë: Yes!|Zoë: Friday?")]
    CAME_IN.append(said(4, "Old", NOON - timedelta(days=4)))
    assert mailroom.post(plainly) == Posted(0, None)


def test_a_mail_about_replies_that_didnt_leave_is_sent_again_under_its_key(
    store: Store, account: Account, mailroom: Mailroom, mailer: Scripted, real: FixedClock
) -> None:
    mailroom.post(plainly)
    mailer.sent.clear()
    CAME_IN.append(said(1, "Yes!"))
    mailer.outcomes.append(NotSent(sentence("The mail server doesn't answer.")))
    assert mailroom.post(plainly).trouble is not None
    real.instant += timedelta(minutes=6)
    assert mailroom.post(plainly) == Posted(1, None)
    assert {mail.key for mail in mailer.sent} == {f"replies-{account.id}-1"}
