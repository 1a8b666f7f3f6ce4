"""Nobody who is out is texted or emailed, by no path; what is counted is what is held and what is sent."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Event

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import store as store_package
from store import Store
from store.credits.model import Account
from store.errors import TextmeterError, WrongUsage
from store.mail import Accepted as MailAccepted
from store.mail import Mail
from store.mail import Outcome as MailOutcome
from store.messages.messenger import Messenger
from store.messages.model import Draft, LeftOut, Status
from store.messages.providers import Outcome, Outgoing, Throttled
from store.messages.senders import only
from tests.store.messages.scripted import Scripted
from tests.store.test_roles import OWN, OWNER, READING, SENDER
from tests.store.working import ANN, BOB, at_work, fill

CY, DI = "+14155550103", "+14155550104"
PEOPLE = (ANN, BOB, CY, DI)


def codes(left_out: Iterable[LeftOut]) -> list[tuple[str, str]]:
    return [(one.to, one.code) for one in left_out]


@pytest.fixture
def people(store: Store, account: Account) -> tuple[int, ...]:
    """Ann and Bob are Buyers, Cy and Di nobody's; their ids."""
    names = zip(("Ann", "Bob", "Cy", "Di"), PEOPLE, (("Buyers",), ("Buyers",), (), ()), strict=True)
    return tuple(
        store.people.add(first_name=name, phone=phone, groups=groups, region="US").id
        for name, phone, groups in names
    )


def test_who_opted_out_is_left_out_with_the_day_and_costs_nothing(
    store: Store, messenger: Messenger, account: Account, people: tuple[int, ...]
) -> None:
    store.consent.opt_out(ANN, account.id)
    draft = Draft(body="Hi", to=(CY,), groups=("Buyers",))
    found = messenger.estimate(account.id, draft)
    assert (found.recipients, found.credits, found.refused) == (2, 2, ())
    assert codes(found.left_out) == [("Ann", "opted-out")]
    assert "2026-04-16" in str(found.left_out[0].reason)
    assert [(one.code, one.blocking) for one in found.advice] == [("opted-out", False)]
    assert found.warnings == ()
    blast = messenger.send(account.id, draft)
    assert codes(blast.left_out) == [("Ann", "opted-out")]
    assert [one.to for one in messenger.messages(blast.id)] == [CY, BOB]


def test_who_opts_out_while_a_text_waits_is_not_texted_and_the_credits_come_back(
    store: Store, messenger: Messenger, account: Account, provider: Scripted
) -> None:
    blast = messenger.send(account.id, Draft(body="a" * 161, to=(ANN, BOB)))
    store.consent.opt_out(ANN, account.id)
    messenger.deliver(stop=Event())
    assert [one.to for one in provider.given] == [BOB]
    first, second = messenger.messages(blast.id)
    assert (first.status, str(first.reason)) == (
        Status.FAILED,
        "They opted out before this text went out. It wasn't sent, and its credits were returned.",
    )
    assert second.status is Status.SENT
    balance = store.credits.balance(account.id)
    assert (balance.available, balance.held, balance.used) == (298, 0, 2)
    assert store.credits.verify().ok


def test_a_text_that_is_tried_again_is_looked_at_again(
    store: Store, messenger: Messenger, account: Account, provider: Scripted
) -> None:
    def opt_out(outgoing: Outgoing) -> Outcome:
        store.consent.opt_out(outgoing.to, account.id)
        return Throttled(0)

    provider.script = opt_out
    blast = messenger.send(account.id, Draft(body="Hi", to=(ANN,)))
    messenger.deliver(stop=Event())
    assert len(provider.given) == 1
    assert messenger.blast(blast.id).counts == {Status.FAILED: 1}


def test_taken_back_by_a_person_with_a_reason_they_are_texted_again(
    store: Store, messenger: Messenger, account: Account
) -> None:
    store.consent.opt_out(ANN, account.id)
    draft = Draft(body="Hi", to=(ANN,))
    with pytest.raises(WrongUsage) as nobody:
        messenger.send(account.id, draft)
    assert nobody.value.code == "no-recipients"
    store.consent.opt_in(ANN, account.id, why="asked to be texted again")
    assert messenger.send(account.id, draft).recipients == 1


def test_everyone_less_a_person_a_number_and_a_group(
    store: Store, messenger: Messenger, account: Account, people: tuple[int, ...]
) -> None:
    draft = Draft(body="Hi", everyone=True, but_groups=("buyers",), but_to=("(415) 555-0104",))
    found = messenger.estimate(account.id, draft)
    assert (found.recipients, codes(found.left_out)) == (
        1,
        [("Ann", "excepted"), ("Bob", "excepted"), ("Di", "excepted")],
    )
    assert [one.to for one in messenger.messages(messenger.send(account.id, draft).id)] == [CY]
    less = messenger.estimate(account.id, Draft(body="Hi", everyone=True, but_contacts=(people[0],)))
    assert codes(less.left_out) == [("Ann", "excepted")]


@pytest.mark.parametrize("draft", [Draft(but_groups=("nobody",)), Draft(but_to=("tomorrow",))])
def test_an_exception_that_cant_be_read_stops_the_text(
    messenger: Messenger, account: Account, people: tuple[int, ...], draft: Draft
) -> None:
    draft = Draft(body="Hi", everyone=True, but_to=draft.but_to, but_groups=draft.but_groups)
    with pytest.raises(WrongUsage) as error:
        messenger.send(account.id, draft)
    assert error.value.code == "no-such-exception"


def test_a_draft_keeps_everyone_and_exceptions(messenger: Messenger, people: tuple[int, ...]) -> None:
    draft = Draft(
        body="Hi", everyone=True, but_to=(ANN,), but_contacts=(2,), but_groups=("Buyers",), household=True
    )
    kept = messenger.save_draft(draft)
    assert messenger.draft(kept.id) == kept
    assert kept.people == draft.people


# Every path


class Never(Scripted):
    """A provider for whom every text is one too many."""

    def send(self, outgoing: Outgoing) -> Outcome:
        super().send(outgoing)
        raise AssertionError(f"{outgoing.to} is out")


class NeverMailed:
    """A mailer for whom every mail to a contact is one too many."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def send(self, mail: Mail) -> MailOutcome:
        if mail.key.startswith("email-") and mail.to != "me@example.com":  # the latter tests an email
            self.given.append(mail.to)
        return MailAccepted()

    def close(self) -> None:
        """Nothing is kept."""


def test_no_change_that_anybody_can_make_reaches_somebody_who_is_out(
    new_database: Callable[[], str],
) -> None:
    """Tries every public method of every capability, as tests/store/test_roles.py knows them; whoever adds
    one has to tell of it there, and it is tried here."""
    url = new_database()
    fill(url)
    never, never_mailed = Never(), NeverMailed()
    with at_work(url) as store:
        store.messages._senders = only(store.database, never)
        store.emails._mailer = never_mailed
        for known in (*PEOPLE, "ann@example.com"):
            store.consent.opt_out(known, 0)
        for name, act in {**SENDER, **OWN, **READING, **OWNER}.items():
            if name == "consent.opt_in":  # after it they aren't out
                continue
            try:
                act(store)
            except TextmeterError:
                continue
            finally:
                store.messages.deliver(stop=Event())
                store.smartplans.run_due(2)
                store.emails.deliver(2)
        assert never.given == []
        assert never_mailed.given == []
        assert store.emails.campaigns(2) != []


def test_one_module_alone_hands_texts_to_a_provider_and_it_looks_who_is_out() -> None:
    """Whoever hands over texts elsewhere must look there too, and be named here."""
    assert _who_calls("Outgoing") == {
        "messages/delivery.py",
        "demo/generator.py",  # makes up a year of texts
    }


def test_one_module_alone_hands_emails_to_contacts_over_and_it_looks_who_is_out() -> None:
    """Likewise."""
    assert _who_calls("Mail") == {
        "emails/delivery.py",
        "mailroom.py",  # notices, receipts and replies, to the owner
    }


def _who_calls(name: str) -> set[str]:
    root = Path(store_package.__file__).parent
    return {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and (getattr(node.func, "id", None) or getattr(node.func, "attr", None)) == name
    }


Step = st.one_of(
    st.tuples(st.sampled_from(["out", "in"]), st.sampled_from(PEOPLE)),
    st.tuples(st.just("send"), st.sets(st.sampled_from(PEOPLE), min_size=1)),
    st.tuples(st.sampled_from(["group", "everyone", "same key", "deliver", "out while sending"]), st.none()),
    st.tuples(st.just("contact"), st.integers(0, 3)),
    st.tuples(st.just("all but"), st.sampled_from(PEOPLE)),
)


class Tried:
    """One try of any steps, in a transaction that is undone. accepted: the numbers whose texts the provider
    took."""

    def __init__(self, store: Store, messenger: Messenger, account: Account, provider: Scripted) -> None:
        self.store, self.messenger, self.account = store, messenger, account
        self.out: set[str] = set()
        self.accepted: list[str] = []
        self.opts_out_now = False
        provider.script = self.look
        groups: list[list[str]] = [["Buyers"], ["Buyers"], [], []]
        self.ids = [
            store.people.add(first_name=name, phone=phone, groups=named, region="US").id
            for name, phone, named in zip("ABCD", PEOPLE, groups, strict=True)
        ]

    def look(self, outgoing: Outgoing) -> Outcome | None:
        """The provider: nobody who is out gets here."""
        assert outgoing.to not in self.out
        if self.opts_out_now:
            self.opts_out_now = False
            self.say("out", outgoing.to)
            return Throttled(0)
        self.accepted.append(outgoing.to)
        return None

    def say(self, what: str, number: str) -> None:
        if what == "out":
            self.store.consent.opt_out(number, self.account.id)
            self.out.add(number)
        else:
            self.store.consent.opt_in(number, self.account.id, why="START")
            self.out.discard(number)

    def step(self, what: str, value: object) -> None:
        match what, value:
            case "out" | "in", str(number):
                self.say(what, number)
            case "deliver", _:
                self.messenger.deliver(stop=Event())
            case "out while sending", _:
                self.opts_out_now = True
            case _:
                self.send(self.draft(what, value), "key" if what == "same key" else None)

    def draft(self, what: str, value: object) -> Draft:
        body = "Hi {first_name}"
        match what, value:
            case "send", set() as numbers:
                return Draft(body=body, to=(*sorted(numbers), *sorted(numbers)))
            case "group", _:
                return Draft(body=body, groups=("Buyers",), to=(ANN,))
            case "all but", str(number):
                return Draft(body=body, everyone=True, but_to=(number,))
            case "contact", int(at):
                return Draft(body=body, contacts=(self.ids[at],))
        return Draft(body=body, everyone=True)

    def send(self, draft: Draft, key: str | None) -> None:
        """What is counted is what is held and what is queued."""
        id, before = self.account.id, self.store.credits.balance(self.account.id)
        found, known = self.messenger.estimate(id, draft), len(self.messenger.blasts(id))
        try:
            blast = self.messenger.send(id, draft, idempotency_key=key)
        except TextmeterError:
            assert found.recipients == 0
            return
        if len(self.messenger.blasts(id)) == known:  # under its key it was sent before
            return
        queued = self.messenger.messages(blast.id)
        numbers = {one.to for one in queued}
        assert len(queued) == len(numbers) == found.recipients == blast.recipients
        assert not self.out & numbers
        held = self.store.credits.balance(id).held - before.held
        assert held == found.credits == blast.credits == sum(one.credits for one in queued)
        assert blast.left_out == (*found.refused, *found.left_out)


class Undo(Exception):
    pass


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(Step, max_size=10))
def test_what_is_counted_is_held_and_sent_and_never_to_who_is_out(
    store: Store, messenger: Messenger, account: Account, provider: Scripted, steps: list[tuple[str, object]]
) -> None:
    with pytest.raises(Undo), store.database.transaction():
        tried = Tried(store, messenger, account, provider)
        for what, value in steps:
            tried.step(what, value)
        messenger.deliver(stop=Event())
        balance = store.credits.balance(account.id)
        assert (balance.held, balance.used) == (0, len(tried.accepted))
        assert store.credits.verify().ok
        raise Undo
