"""An emergency goes out as a text and as an email, and whom neither reached is known."""

from __future__ import annotations

from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import Store
from store.clock import FixedClock
from store.credits.model import Account
from store.emails.emails import Emails
from store.emails.emergency import MOST_OF_A_SUBJECT, Emergency, Unreached, subject_of
from store.emails.tables import Campaign, Email
from store.errors import NotEnoughCredits, RefusedByRule, WrongUsage
from store.mail import Accepted, Refused
from store.messages.messenger import Messenger
from store.messages.model import Draft, Purpose
from store.messages.senders import only
from store.messages.tables import Blast, Message
from store.people.tables import Contact
from store.roles import Person, Role
from tests.store.mail.scripted import Scripted
from tests.store.messages.scripted import Scripted as Provider

ANN, BOB, CID, DEE = "+12125550101", "+12125550102", "+12125550103", "+12125550104"
WORDS = "The water is off in building 4. Boil what you drink."


@pytest.fixture
def texting(store: Store) -> Account:
    return store.credits.open_account("agent-texts", "300", "America/New_York", demo_clock=True)


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def messages(store: Store, provider: Provider, real: FixedClock) -> Messenger:
    senders = only(store.database, provider, real)
    parts = store.database, store.clock, store.credits, store.people, store.consent, senders
    return Messenger(*parts, real=real)


@pytest.fixture
def emergency(store: Store, messages: Messenger, emails: Emails) -> Emergency:
    return Emergency(store.database, store.credits, store.people, messages, emails, lambda: None)


@pytest.fixture
def owners(store: Store) -> list[int]:
    """Ann has both, Bob a number only, Cid an address only, Dee neither."""
    people = (
        *(("Ann", ANN, "Ann@Example.com"), ("Bob", BOB, "")),
        *(("Cid", "", "cid@example.com"), ("Dee", DEE, "")),
    )
    ids = [
        store.people.add(first_name=name, phone=phone, email=address, groups=["Owners"], region="US").id
        for name, phone, address in people
    ]
    store.database.run(Contact.update(phone="").where(Contact.id == ids[-1]))
    return ids


def alarm(**how: object) -> Draft:
    about: dict[str, object] = {"body": WORDS, "groups": ("Owners",), "why": "burst pipe"}
    return Draft(**{**about, **how}, purpose=Purpose.EMERGENCY)  # type: ignore[arg-type]


def names(people: list[Unreached]) -> list[str]:
    return [one.name for one in people]


def deliver(messages: Messenger, emails: Emails, account: Account) -> None:
    messages.deliver(stop=Event())
    emails.deliver(account.id)


def test_it_goes_both_ways_to_the_same_people_and_tells_whom_it_never_reached(
    emergency: Emergency,
    messages: Messenger,
    emails: Emails,
    account: Account,
    texting: Account,
    owners: list[int],
    mailer: Scripted,
    store: Store,
) -> None:
    sent = emergency.send(texting.id, alarm())
    assert sent.untold is None
    assert sent.campaign is not None
    assert (sent.blast.purpose, sent.campaign.purpose, sent.campaign.why) == (
        *(Purpose.EMERGENCY, Purpose.EMERGENCY),
        "burst pipe",
    )
    assert emergency.campaign_of(sent.blast.id) == sent.campaign.id
    assert names(emergency.unreached(sent.blast.id)) == ["Ann", "Bob", "Cid", "Dee"]  # nothing has left
    deliver(messages, emails, account)
    assert [one.to for one in messages.messages(sent.blast.id)] == [ANN, BOB]
    assert mailer.to() == ["Ann@Example.com", "cid@example.com"]
    (dee,) = emergency.unreached(sent.blast.id)
    assert (dee.to, dee.name, str(dee.text), str(dee.email)) == (
        *("Dee", "Dee"),
        "This contact has no phone number.",
        "This contact has no email address.",
    )
    assert emergency.count_unreached(sent.blast.id) == 1
    assert store.credits.verify().problems == ()


def test_what_goes_by_email_too_is_told_before(
    emergency: Emergency, emails: Emails, account: Account, texting: Account, owners: list[int], store: Store
) -> None:
    told = emergency.also(texting.id, alarm())
    assert told.values == {"count": 2, "left": emails.funds(account.id).available - 2}
    assert str(emergency.also(texting.id, Draft(body=WORDS, to=(BOB,), purpose=Purpose.EMERGENCY))) == (
        "Goes out as a text only: nobody has an email address."
    )
    store.credits.charge(account.id, emails.funds(account.id).available - 1)
    assert "too few emails left" in str(emergency.also(texting.id, alarm()))


def test_its_proof_has_a_line_a_person_with_both_ways(
    emergency: Emergency,
    messages: Messenger,
    emails: Emails,
    account: Account,
    texting: Account,
    owners: list[int],
    store: Store,
) -> None:
    store.consent.opt_out(BOB, texting.id, why="STOP")
    gus = store.people.add(first_name="Gus", phone="+12125550109", email="gus@example.com", region="US")
    sent = emergency.send(texting.id, alarm(contacts=(gus.id,), but_contacts=(gus.id,)))
    deliver(messages, emails, account)
    proof, lines = emergency.proof(sent.blast.id)
    assert (proof.by_email, proof.purpose, proof.why) == (True, Purpose.EMERGENCY, "burst pipe")
    told = [
        (one.name, one.to, str(one.status), one.email and (one.email.to, str(one.email.status)))
        for one in lines
    ]
    assert told == [
        ("Ann", ANN, "sent", ("Ann@Example.com", "sent")),
        ("Cid", "", "left-out", ("cid@example.com", "sent")),
        ("Dee", "", "left-out", ("", "left-out")),
        ("Bob", BOB, "left-out", ("", "left-out")),
        ("Gus", "+12125550109", "left-out", None),
    ]
    _, again = emergency.proof(sent.blast.id)
    went = [one.name for one in again if one.went]
    assert went == ["Ann", "Cid"]


def test_without_an_email_its_proof_is_that_of_the_text(
    emergency: Emergency, messages: Messenger, texting: Account, owners: list[int]
) -> None:
    assert str(emergency.also(texting.id, alarm())) == "Goes out as a text only: there is no email account."
    sent = emergency.send(texting.id, alarm())
    assert sent.campaign is None
    proof, lines = emergency.proof(sent.blast.id)
    assert not proof.by_email
    assert list(lines) == list(messages.proof_lines(sent.blast.id))


def test_the_list_grows_truer_as_bounces_and_receipts_come(
    emergency: Emergency,
    messages: Messenger,
    emails: Emails,
    account: Account,
    texting: Account,
    owners: list[int],
    store: Store,
) -> None:
    blast = emergency.send(texting.id, alarm()).blast
    deliver(messages, emails, account)
    assert names(emergency.unreached(blast.id)) == ["Dee"]
    store.database.run(Email.update(status="bounced", reason="bounced"))
    assert names(emergency.unreached(blast.id)) == ["Cid", "Dee"]  # Ann's text arrived
    store.database.run(Message.update(status="undelivered", reason="unreachable").where(Message.phone == ANN))
    ann, *_ = emergency.unreached(blast.id)
    assert (ann.to, ann.name, str(ann.text), str(ann.email)) == (
        *(ANN, "Ann"),
        "The phone was off or had no signal for too long.",
        "Their mail server couldn't deliver it.",
    )


def test_who_opted_out_of_both_is_told_and_of_one_gets_the_other(
    emergency: Emergency,
    messages: Messenger,
    emails: Emails,
    account: Account,
    texting: Account,
    owners: list[int],
    store: Store,
) -> None:
    store.consent.opt_out(ANN, texting.id)
    store.consent.opt_out("cid@example.com", account.id)
    blast = emergency.send(texting.id, alarm()).blast
    deliver(messages, emails, account)
    assert names(emergency.unreached(blast.id)) == ["Cid", "Dee"]
    store.consent.opt_out("ann@example.com", account.id)
    again = emergency.send(texting.id, alarm(body="Again")).blast
    deliver(messages, emails, account)
    told = {one.name: (str(one.text), str(one.email)) for one in emergency.unreached(again.id)}
    assert told["Ann"] == ("They opted out.", "They opted out.")
    assert set(told) == {"Ann", "Cid", "Dee"}


def test_who_was_left_out_by_hand_and_who_was_typed_wrongly(
    emergency: Emergency,
    messages: Messenger,
    emails: Emails,
    account: Account,
    texting: Account,
    owners: list[int],
) -> None:
    draft = alarm(to=("12", DEE), but_to=(BOB,))
    blast = emergency.send(texting.id, draft).blast
    messages.deliver(stop=Event())
    told = {one.to: (str(one.text), str(one.email)) for one in emergency.unreached(blast.id)}
    assert told["12"] == (
        "This number can't receive texts.",
        "They aren't in your contacts, so Textmeter has no address for them.",
    )
    assert BOB not in told
    assert DEE not in told


def test_two_with_one_number_are_reached_by_one_text_and_each_gets_the_email(
    emergency: Emergency,
    messages: Messenger,
    emails: Emails,
    account: Account,
    texting: Account,
    store: Store,
    mailer: Scripted,
) -> None:
    for name in ("ann", "bob"):
        store.people.add(
            first_name=name, phone=ANN, email=f"{name}@example.com", groups=["Owners"], region="US"
        )
    blast = emergency.send(texting.id, alarm()).blast
    messages.deliver(stop=Event())
    assert emergency.unreached(blast.id) == []
    emails.deliver(account.id)
    assert sorted(mailer.to()) == ["ann@example.com", "bob@example.com"]


# One of both can't go


def test_without_an_account_for_emails_the_text_goes(
    store: Store, messages: Messenger, emails: Emails
) -> None:
    texting = store.credits.open_account("agent-texts", "300", "America/New_York", demo_clock=True)
    store.credits.open_account("agent-email", "free", "America/New_York")  # real: it doesn't play
    emergency = Emergency(store.database, store.credits, store.people, messages, emails, lambda: None)
    sent = emergency.send(texting.id, alarm(groups=(), to=(ANN,)))
    assert sent.campaign is None
    assert str(sent.untold) == "No email was sent: there is no email account."
    messages.deliver(stop=Event())
    assert emergency.unreached(sent.blast.id) == []


def test_of_several_accounts_for_emails_the_one_that_was_chosen(
    store: Store, messages: Messenger, emails: Emails, account: Account, texting: Account, owners: list[int]
) -> None:
    other = store.credits.open_account("agent-email", "free", "America/New_York", demo_clock=True)
    parts = store.database, store.credits, store.people, messages, emails
    sent = Emergency(*parts, lambda: None).send(texting.id, alarm())
    assert (sent.campaign, "Choose one with" in str(sent.untold)) == (None, True)
    sent = Emergency(*parts, lambda: other.id).send(texting.id, alarm())
    assert sent.campaign is not None
    assert emails.account_of(sent.campaign.id) == other.id
    sent = Emergency(*parts, lambda: texting.id).send(texting.id, alarm())
    assert (sent.campaign, "no email account has that number" in str(sent.untold)) == (None, True)


def test_where_texts_credits_lack_the_email_goes(
    emergency: Emergency,
    messages: Messenger,
    emails: Emails,
    account: Account,
    texting: Account,
    owners: list[int],
    store: Store,
    mailer: Scripted,
) -> None:
    store.credits.charge(texting.id, 299)
    draft = messages.save_draft(alarm(account_id=texting.id))
    sent = emergency.send(texting.id, draft)
    assert sent.campaign is not None
    assert str(sent.untold).startswith("No text was sent: This needs 2 credits")
    assert (sent.blast.messages, messages.draft(draft.id)) == (0, None)
    deliver(messages, emails, account)
    assert mailer.to() == ["Ann@Example.com", "cid@example.com"]
    told = {one.name: str(one.text) for one in emergency.unreached(sent.blast.id)}
    assert told == {
        "Bob": "The account didn't have enough credits.",
        "Dee": "This contact has no phone number.",
    }
    assert store.credits.balance(texting.id).available == 1
    assert store.credits.verify().problems == ()


def test_where_the_emails_lack_the_text_goes(
    emergency: Emergency, account: Account, texting: Account, owners: list[int], store: Store
) -> None:
    store.credits.charge(account.id, 5_000)
    sent = emergency.send(texting.id, alarm())
    assert (sent.campaign, sent.blast.recipients) == (None, 2)
    assert str(sent.untold).startswith("No email was sent: ")
    assert store.credits.balance(account.id).available == 0


def test_where_neither_can_go_nothing_happens_and_the_draft_is_kept(
    emergency: Emergency,
    messages: Messenger,
    account: Account,
    texting: Account,
    owners: list[int],
    store: Store,
) -> None:
    store.credits.charge(texting.id, 300)
    store.credits.charge(account.id, 5_000)
    draft = messages.save_draft(alarm(account_id=texting.id))
    with pytest.raises(NotEnoughCredits):
        emergency.send(texting.id, draft)
    assert messages.draft(draft.id) is not None
    assert messages.blasts(texting.id) == []


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (alarm(why=" "), "no-reason"),
        (alarm(body=""), "empty-text"),
        (alarm(filters=("unit:",)), "no-such-filter"),
        (Draft(body=WORDS, groups=("Owners",)), "no-purpose"),
    ],
)
def test_what_is_wrong_with_the_draft_is_wrong_for_both(
    emergency: Emergency, account: Account, texting: Account, owners: list[int], draft: Draft, code: str
) -> None:
    with pytest.raises(WrongUsage) as refused:
        emergency.send(texting.id, draft)
    assert refused.value.code == code


# Once


def test_once_however_often_it_is_asked_for(
    emergency: Emergency, account: Account, texting: Account, owners: list[int], store: Store
) -> None:
    first = emergency.send(texting.id, alarm(), idempotency_key="k")
    again = emergency.send(texting.id, alarm(), idempotency_key="k")
    assert first.campaign is not None
    assert again.campaign is not None
    assert (again.blast.id, again.campaign.id) == (first.blast.id, first.campaign.id)
    assert store.database.scalar(Email.select().where(Email.campaign == first.campaign.id).limit(1))
    assert store.credits.balance(texting.id).available == 298
    with pytest.raises(RefusedByRule):
        emergency.send(texting.id, alarm(body="Another"), idempotency_key="k")


class Killed(BaseException):
    """What ends a process."""


@pytest.mark.parametrize("key", [None, "k"])
def test_killed_between_text_and_email_neither_went_and_a_repeat_sends_both_once(
    emergency: Emergency,
    emails: Emails,
    account: Account,
    texting: Account,
    owners: list[int],
    store: Store,
    key: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def die(*args: object, **kwargs: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(emails, "send", die)
        with pytest.raises(Killed):
            emergency.send(texting.id, alarm(), idempotency_key=key)
    assert store.database.fetch(Blast.select()) == []
    assert store.credits.balance(texting.id).available == 300
    emergency.send(texting.id, alarm(), idempotency_key=key)
    assert (len(store.database.fetch(Blast.select())), len(store.database.fetch(Campaign.select()))) == (1, 1)
    assert store.credits.verify().problems == ()


def test_viewers_send_none(url: str, store: Store, texting: Account, owners: list[int]) -> None:
    viewer = Store(url, clock=store.clock, person=Person("Vic", Role.VIEWER))
    with viewer.connection(), pytest.raises(RefusedByRule):
        viewer.emergency.send(texting.id, alarm())
    viewer.close()


# Hostile addresses and words


@pytest.mark.parametrize(
    "address", ["a@example.com\nBcc: b@example.com", "a@example.com, b@example.com", "not one", "ß@ẞ.de"]
)
def test_an_address_that_is_none_harms_nobody_and_is_told(
    emergency: Emergency,
    messages: Messenger,
    emails: Emails,
    account: Account,
    texting: Account,
    owners: list[int],
    store: Store,
    mailer: Scripted,
    address: str,
) -> None:
    store.database.run(Contact.update(email=address).where(Contact.id == owners[2]))
    blast = emergency.send(texting.id, alarm()).blast
    deliver(messages, emails, account)
    assert "Ann@Example.com" in mailer.to()
    assert {one.name for one in emergency.unreached(blast.id)} <= {"Cid", "Dee"}


def test_who_the_mail_server_refuses_is_unreached(
    emergency: Emergency,
    messages: Messenger,
    emails: Emails,
    account: Account,
    texting: Account,
    owners: list[int],
    mailer: Scripted,
) -> None:
    mailer.outcomes = [Accepted(), Refused("550")]
    blast = emergency.send(texting.id, alarm()).blast
    deliver(messages, emails, account)
    cid, dee = emergency.unreached(blast.id)
    assert (cid.name, str(cid.email), dee.name) == ("Cid", "The mail server refused it.", "Dee")


@pytest.mark.parametrize(
    ("body", "subject"),
    [
        ("Leave now", "Leave now"),
        ("\n\n  Leave   now \nby the stairs", "Leave now"),
        ("word " * 30, "word word word word word word word word word word word word word word word…"),
        ("x" * 200, "x" * (MOST_OF_A_SUBJECT - 1) + "…"),
        ("y " * 30 + "{first_name|dear neighbour of mine}", "y " * 29 + "y…"),
    ],
)
def test_the_first_line_stands_above_the_email(body: str, subject: str) -> None:
    assert subject_of(body) == subject


@given(st.text())
def test_a_subject_is_one_short_line_without_half_a_field(body: str) -> None:
    subject = subject_of(body)
    assert len(subject) <= MOST_OF_A_SUBJECT
    assert "\n" not in subject
