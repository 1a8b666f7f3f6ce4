"""Lines and orders say who made them: by name for what a person did, by nobody for what time and delivery
did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest

from store import Store
from store.clock import FixedClock
from store.credits.model import Kind
from store.emails.model import SmartPlan, Step
from store.mail import simulated
from store.messages.messenger import Messenger
from store.messages.model import Draft
from store.messages.providers import Outcome, Outgoing, Refused
from store.messages.providers.simulated import Simulated
from store.messages.senders import only
from store.payments import Declined, Paid, PaymentUnreachable
from store.payments.testcard import TestCard
from store.roles import Person
from store.sentences import sentence
from store.settings import Settings
from tests.store.working import ANN, BOB, NOON, OLA, SAM, ZONE, at_work, fill


class Refusing(Simulated):
    """A provider that takes nothing."""

    def send(self, outgoing: Outgoing) -> Outcome:
        return Refused("30006")


class Unheard(TestCard):
    """A provider that charges, but whose answer doesn't arrive."""

    local = False

    def charge(self, *, key: str, cents: int, description: str) -> Paid | Declined:
        super().charge(key=key, cents=cents, description=description)
        raise PaymentUnreachable(sentence("The provider didn't answer."))


@pytest.fixture
def url(new_database: Callable[[], str]) -> str:
    url = new_database()
    fill(url)
    return url


def lines(store: Store, account_id: int, count: int) -> list[tuple[Kind, str, str]]:
    """The newest lines, the newest first."""
    newest = store.credits.history(account_id, limit=count)
    return [(entry.kind, entry.cause, entry.person) for entry in newest]


def test_texts_and_what_comes_back_of_them_are_their_senders(url: str) -> None:
    with at_work(url, SAM) as store:
        blast = store.messages.send(1, Draft(body="Hi", to=(ANN, BOB)))
        assert lines(store, 1, 1) == [(Kind.USED, "blast", "Sam")]
    with at_work(url, OLA) as store:
        assert store.messages.cancel(blast.id) == 2
        store.messages.resolve_unknown(2, left=False)
        assert lines(store, 1, 2) == [(Kind.RELEASED, "blast", "Ola")] * 2
        assert store.credits.entry_details(1, store.credits.history(1)[0].seq).entry.person == "Ola"


def test_what_delivery_gives_back_is_nobodys(url: str) -> None:
    with at_work(url, SAM) as store:
        blast = store.messages.send(1, Draft(body="Hi", to=(BOB,)))
        Messenger(
            store.database,
            store.clock,
            store.credits,
            store.people,
            store.consent,
            only(store.database, Refusing("none")),
        ).deliver(stop=Event())
        assert store.messages.blast(blast.id).left == 0
        assert lines(store, 1, 1) == [(Kind.RELEASED, "blast", "")]
        store.smartplans.start(2, SmartPlan("Welcome", (Step(0, "Hello", "Hi"),)), groups=["Buyers"])
        store.smartplans.run_due(2)
        assert store.emails.deliver(2).sent == 1
        assert lines(store, 2, 1) == [(Kind.USED, "email", "")]


def test_a_plan_is_its_orderers_and_a_renewal_nobodys(url: str) -> None:
    with at_work(url, OLA) as store:
        opened = store.credits.open_account("agent-texts", "300", ZONE)
        quote = store.credits.quote_plan(opened.id, "1000")
        assert store.credits.place(opened.id, quote, key="more").person == "Ola"
        quote = store.credits.quote_plan(opened.id, "300")  # costs nothing
        assert store.credits.place(opened.id, quote, key="less").person == "Ola"
        assert store.credits.place(3, store.credits.quote_purchase(3, 100), key="buy").person == "Ola"
    with at_work(url, OLA, NOON + timedelta(days=20)) as store:
        assert [order.person for order in store.credits.orders(opened.id)] == ["", "Ola", "Ola", "Ola"]
        assert [person for *_, person in lines(store, opened.id, 9)] == ["", "Ola", "Ola", "Ola"]
        store.credits.charge(1, 1)
        assert lines(store, 1, 1) == [(Kind.USED, "charge", "Ola")]
        assert store.credits.verify().ok


def test_an_order_is_still_its_orderers_when_another_finds_it_paid(url: str) -> None:
    with at_work(url) as store:
        card = TestCard(store.database, Settings(store.database))
    unheard = Unheard(store.database, Settings(store.database))
    store = Store(url, clock=FixedClock(NOON), gateway=unheard, mailer=simulated.Simulated(), person=OLA)
    with store.connection(), pytest.raises(PaymentUnreachable):
        store.credits.place(3, store.credits.quote_purchase(3, 100), key="buy")
    store.close()
    tim = Person("Tim", SAM.role)
    store = Store(url, clock=FixedClock(NOON), gateway=card, mailer=simulated.Simulated(), person=tim)
    with store.connection():
        assert store.credits.collect(3) == []
        assert (store.credits.orders(3)[0].cause, store.credits.orders(3)[0].person) == ("purchase", "Ola")
        assert lines(store, 3, 1) == [(Kind.PURCHASED, "purchase", "Ola")]
    store.close()


def test_nobody_lets_credits_expire(url: str) -> None:
    with at_work(url) as store:
        account = store.credits.open_account("agent-texts", "300", ZONE).id
    with at_work(url, SAM) as store:
        blast = store.messages.send(account, Draft(body="Hi", to=(ANN,)))
    for days in range(40, 400, 40):  # months at once would wait for an owner's yes
        with at_work(url, SAM, NOON + timedelta(days=days)) as store:
            store.credits.catch_up(account)
    with at_work(url, SAM, NOON + timedelta(days=400)) as store:
        store.messages.cancel(blast.id)
        assert lines(store, account, 2) == [(Kind.EXPIRED, "blast", ""), (Kind.RELEASED, "blast", "Sam")]
