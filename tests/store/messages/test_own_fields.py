"""Fields of people's own, such as their unit, are filled in wherever a text is looked at, sent or read."""

from __future__ import annotations

from store import Store
from store.credits.model import Account
from store.messages.messenger import Messenger
from store.messages.model import Draft
from store.people.model import Details
from tests.store.messages.scripted import Scripted
from tests.store.messages.working import ANN, LONDON, ZOE, deliver

BODY = "Hi {first_name}, unit {unit}, parking {parking|none}"


def residents(store: Store) -> None:
    add = store.people.add
    unit = Details(fields=(("Unit", "4B"), ("Parking", "12")))
    add(first_name="Zoë", phone=ZOE, groups=["Residents"], region="US", details=unit)
    add(
        first_name="Ann",
        phone=ANN,
        groups=["Residents"],
        region="US",
        details=Details(fields=(("unit", "5"),)),
    )
    add(first_name="Lon", phone=LONDON, groups=["Residents"], region="US")


def test_each_gets_their_own_also_when_the_contact_has_changed_since(
    store: Store, messenger: Messenger, account: Account, provider: Scripted
) -> None:
    residents(store)
    blast = messenger.send(account.id, Draft(body=BODY, groups=("Residents",)))
    store.people.delete(*(contact.id for contact in store.people.contacts()))
    texts = [
        "Hi Zoë, unit 4B, parking 12",
        "Hi Ann, unit 5, parking none",
        "Hi Lon, unit , parking none",
    ]
    assert [message.body for message in messenger.messages(blast.id)] == texts
    deliver(messenger)
    assert [outgoing.body for outgoing in provider.given] == texts
    assert messenger.as_sent([blast.id])[blast.id].body == texts[0]


def test_a_number_that_is_typed_is_the_contact_with_their_fields(
    store: Store, messenger: Messenger, account: Account
) -> None:
    residents(store)
    blast = messenger.send(account.id, Draft(body="Unit {unit}", to=(ZOE,)))
    assert messenger.messages(blast.id)[0].body == "Unit 4B"


def test_an_estimate_says_who_lacks_a_field_and_which_there_are(
    store: Store, messenger: Messenger, account: Account
) -> None:
    residents(store)
    said = messenger.estimate(account.id, Draft(body=BODY, groups=("Residents",))).problems
    assert [(problem.code, problem.says.values["count"]) for problem in said] == [("missing-values", 1)]
    (unknown,) = messenger.estimate(account.id, Draft(body="{nit}", groups=("Residents",))).problems
    assert "{company}, {parking}, {unit}" in str(unknown.says)


def test_what_it_costs_is_what_it_costs_for_each(
    store: Store, messenger: Messenger, account: Account
) -> None:
    for phone, unit in ((ZOE, "4"), (ANN, "x" * 160)):
        store.people.add(phone=phone, region="US", details=Details(fields=(("unit", unit),)))
    draft = Draft(body="Unit {unit}", to=(ZOE, ANN))
    assert messenger.estimate(account.id, draft).credits == 3
    assert messenger.send(account.id, draft).credits == 3
