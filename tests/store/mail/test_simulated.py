"""A mailer that carries nothing, and what comes back of it, read as if a server had sent it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from store.mail import Accepted, Mail, NoAnswer, Refused
from store.mail.reading import Bounce, Reply, Unsubscribe, read
from store.mail.simulated import Handed, Simulated, comes_back, provokes

NOON = datetime(2026, 4, 16, 16, 0, tzinfo=UTC)
TOKEN = "0123456789ab"


def came(to: str, subject: str = "Open house") -> object:
    handed = Handed(
        "me@agent.test",
        to,
        subject,
        "b17",
        f"<email-17.{TOKEN}@agent.test>",
        "me+uabcdefghij234567@agent.test",
        NOON,
    )
    got = comes_back(handed)
    assert (got is not None) == provokes(to)
    if got is None:
        return None
    assert got.at > NOON
    return read(got.raw, token=TOKEN, own=["me@agent.test"])


@pytest.mark.parametrize(
    ("to", "outcome"),
    [
        ("ann+0000@x.test", Refused),
        ("ann+0001@x.test", NoAnswer),
        ("ann+0003@x.test", Accepted),
        ("", Accepted),
    ],
)
def test_an_addresss_end_says_what_becomes_of_a_mail(to: str, outcome: type) -> None:
    assert isinstance(Simulated().send(Mail("email-17", to, "Hi", "Hi")), outcome)


def test_what_bounces_is_read_as_a_bounce() -> None:
    gone, late = came("ann+0003@x.test"), came("ann+0004@x.test")
    assert isinstance(gone, Bounce)
    assert isinstance(late, Bounce)
    assert (gone.email, gone.address, gone.code, gone.delayed) == (17, "ann+0003@x.test", "5.1.1", False)
    assert (late.email, late.address, late.code, late.delayed) == (17, "ann+0004@x.test", "4.2.2", True)


def test_who_unsubscribes_does_so_by_the_address_for_it() -> None:
    out = came("ann+0010@x.test")
    assert isinstance(out, Unsubscribe)
    assert (out.token, out.address) == ("abcdefghij234567", "ann+0010@x.test")


@pytest.mark.parametrize("subject", ["Open house", "Größe\r\nBcc: x@y.test", "x" * 5_000])
def test_who_answers_answers_the_mail(subject: str) -> None:
    reply = came("ann+0011@x.test", subject)
    assert isinstance(reply, Reply)
    assert (reply.email, reply.address) == (17, "ann+0011@x.test")
    assert reply.text == "What time would work for you?"
    assert reply.subject.startswith("Re: ")


@pytest.mark.parametrize("to", ["ann@x.test", "ann+0002@x.test", "0003@x.test", "ann+00030@x.test"])
def test_all_others_get_their_mail_and_say_nothing(to: str) -> None:
    assert Simulated().send(Mail("a", to, "Hi", "Hi")) == Accepted()
    assert came(to) is None
