"""What comes back by email: who said it, of which of ours, and that nothing that anybody sends breaks it."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.mail.reading import MOST_BYTES, MOST_TEXT, Bounce, Came, Ignored, Reply, Unsubscribe, read

MAILS = Path(__file__).parents[2] / "data" / "mail"
TOKEN = "0123456789ab"
OWN = ["me@agent.test"]


def reading(name: str) -> Came:
    return read((MAILS / f"{name}.eml").read_bytes(), token=TOKEN, own=OWN)


@pytest.mark.parametrize(
    ("server", "email", "address", "code"),
    [
        ("postfix", 17, "nobody@client.test", "5.1.1"),
        ("postfix-full", 19, "full@client.test", "4.2.2"),
        ("exim", 20, "gone@host.test", "5.0.0"),
        ("exim-old", 21, "gone@host.test", "5.0.0"),
        ("exchange", 22, "left@corp.test", "5.1.10"),
        ("gmail", 23, "typo@gmail.test", "5.1.1"),
        ("qmail", 24, "away@old.test", "5.1.1"),
        ("sendmail", 25, "prof@uni.test", "5.2.2"),
        ("yahoo", 26, "closed@yahoo.test", "5.0.0"),
    ],
)
def test_a_bounce_says_which_email_and_why(server: str, email: int, address: str, code: str) -> None:
    bounce = reading(server)
    assert isinstance(bounce, Bounce)
    assert (bounce.email, bounce.address, bounce.code, bounce.delayed) == (email, address, code, False)
    assert bounce.says


def test_a_delay_is_not_the_end() -> None:
    bounce = reading("postfix-delayed")
    assert isinstance(bounce, Bounce)
    assert (bounce.email, bounce.code, bounce.delayed) == (18, "4.7.1", True)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("delivered", "notice"),
        ("of-another-database", "notice"),
        ("newsletter", "list"),
        ("own", "own"),
    ],
)
def test_what_is_none_of_ours_is_left_alone(name: str, why: str) -> None:
    assert reading(name) == Ignored(why)


def test_a_receipt_for_reading_is_no_bounce() -> None:
    ours = f"<email-5.{TOKEN}@agent.test>"
    raw = (
        "From: ann@client.test\nTo: me+b5@agent.test\nReturn-Path: <>\n"
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=R\n\n"
        "--R\nContent-Type: text/plain\n\nThe message was displayed.\n"
        "--R\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;ann@client.test\n"
        f"Original-Message-ID: {ours}\nDisposition: manual-action/MDN-sent-manually; displayed\n\n"
        f"--R\nContent-Type: text/rfc822-headers\n\nMessage-ID: {ours}\n\n--R--\n"
    )
    assert read(raw.encode(), token=TOKEN, own=OWN) == Ignored("notice")


def test_what_no_database_keeps_is_nowhere_in_a_reply() -> None:
    assert read(b"From: a\0b@x.test\n\nHi", token=TOKEN) == Ignored("nobody")
    reply = read(b"From: a@x.test\nMessage-ID: <a\0b@x.test>\nSubject: c\0d\n\ne\0f", token=TOKEN)
    assert isinstance(reply, Reply)
    assert (reply.message_id, reply.subject, reply.text) == ("<ab@x.test>", "cd", "ef")


def test_a_reply_is_read_without_what_it_quotes() -> None:
    reply = reading("gmail-reply")
    assert isinstance(reply, Reply)
    assert (reply.address, reply.name) == ("ana.ruiz@client.test", "Ruiz, Ana")
    assert reply.subject == "Re: Casa abierta — domingo"
    assert reply.text == "¡Sí! ¿El viernes?\n\nTambién viene José."
    assert (reply.email, reply.message_id) == (30, "<CAK+abc@mail.client.test>")
    assert not reply.automatic


def test_html_alone_becomes_its_words() -> None:
    reply = reading("html-only")
    assert isinstance(reply, Reply)
    assert reply.text == "Café at two?\nBring the keys & a pen."
    assert reply.email == 0


def test_attachments_are_named_and_measured() -> None:
    reply = reading("outlook-reply")
    assert isinstance(reply, Reply)
    assert reply.text == "Attached. See you then."
    assert [(one.name, one.type, one.size) for one in reply.files] == [("contract.pdf", "application/pdf", 9)]


def test_a_vacation_note_is_a_machines() -> None:
    reply = reading("vacation")
    assert isinstance(reply, Reply)
    assert reply.automatic
    assert (reply.email, reply.text) == (32, "I'm back on December 7.")


def test_a_mail_to_the_link_unsubscribes() -> None:
    found = reading("unsubscribe-link")
    assert isinstance(found, Unsubscribe)
    assert (found.token, found.address) == ("abcdefghijklmnop234567ab", "zoe@client.test")


def test_so_does_one_that_says_nothing_else() -> None:
    found = reading("unsubscribe-by-hand")
    assert isinstance(found, Unsubscribe)
    assert (found.token, found.address, found.email) == ("", "zoe@client.test", 33)


def test_the_same_mail_has_the_same_key_whichever_way_it_comes() -> None:
    raw = (MAILS / "gmail-reply.eml").read_bytes()
    again = b"Received: from elsewhere\r\n" + raw.replace(b"\n", b"\r\n")
    first, second = (read(one, token=TOKEN) for one in (raw, again))
    assert isinstance(first, Reply)
    assert isinstance(second, Reply)
    assert first.key == second.key
    other = read(raw.replace(b"CAK+abc", b"CAK+abd"), token=TOKEN)
    assert isinstance(other, Reply)
    assert other.key != first.key


# Hostile mail


def said(headers: str, body: bytes) -> Reply:
    raw = f"From: zoe@client.test\nMessage-ID: <1@client.test>\n{headers}\n\n".encode() + body
    reply = read(raw, token=TOKEN)
    assert isinstance(reply, Reply)
    return reply


@pytest.mark.parametrize(
    ("charset", "body", "text"),
    [
        ("utf-8", "Ünï ☀".encode(), "Ünï ☀"),
        ("utf-8", "caf\xe9".encode("latin-1"), "café"),
        ("windows-1252", b"\x93quoted\x94", "“quoted”"),
        ("gb2312", "你好".encode("gb2312"), "你好"),
        ("x-no-such", "Zoë".encode(), "Zoë"),
        ("punycode", b"plain-", "plain-"),
        ("utf-8", b"a\0b", "ab"),
        ("utf-16", "hello".encode("utf-16"), "hello"),
        ("base64", b"words", "words"),
    ],
)
def test_characters_are_read_whatever_the_mail_says_they_are(charset: str, body: bytes, text: str) -> None:
    assert said(f"Content-Type: text/plain; charset={charset}", body).text == text


def test_a_giant_mail_is_read_as_far_as_its_words_go() -> None:
    assert len(said("Subject: hi", b"word " * 20_000_000).text) <= MOST_TEXT


def _nested(depth: int) -> bytes:
    parts = (b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (one, one) for one in range(depth))
    return b"From: zoe@client.test\n" + b"".join(parts) + b"\nhello"


def _headers(count: int) -> bytes:
    return b"From: zoe@client.test\n" + b"To: a@b.test, c@d.test\n" * count + b"\nhello"


def _html(begin: bytes, end: bytes) -> Callable[[int], bytes]:
    def made(count: int) -> bytes:
        return b"From: zoe@client.test\nContent-Type: text/html\n\n" + begin * count + end * count

    return made


@pytest.mark.parametrize(
    "made",
    [
        _nested,
        _headers,
        _html(b"<blockquote>", b"</b>"),
        _html(b"<div>", b"</p>"),
        _html(b"<!--", b""),
        _html(b"<a ", b">"),
        _html(b"<a b='", b""),
        _html(b"<a <", b""),
        _html(b"<script>", b""),
        _html(b"<![CDATA[", b"]]>"),
        _html(b"&#", b"&"),
        lambda count: b"From: " + b"(" * count + b"\n\nhello",
        lambda count: b"From: " + b"a@" * count + b"\n\nhello",
        lambda count: b"From: zoe@client.test\nSubject: " + b"=?utf-8?q?=" * count + b"\n\nhello",
        lambda count: b"From: zoe@client.test\n\n" + b">\n" * count,
        lambda count: b"From: MAILER-DAEMON@x.test\n\n" + b"<a@b.test>: 5.1.1\n" * count,
        lambda count: (
            b"From: zoe@client.test\nContent-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\n" * count
        ),
    ],
)
@pytest.mark.timeout(120)  # what grows with the square of the bytes takes many minutes
def test_no_mail_takes_long(made: Callable[[int], bytes]) -> None:
    """Twice as many bytes than are read."""
    for count in (900, 100_000):
        read(made(count)[: 2 * MOST_BYTES], token=TOKEN)


_PIECES = [
    *(path.read_bytes() for path in sorted(MAILS.glob("*.eml"))),
    b"\0",
    b"\n\n",
    b"--",
    b"Content-Type: message/delivery-status\n\n",
    b"=?x?q?",
    b"\xff\xfe",
    b"Content-Transfer-Encoding: base64\n",
    b"Status: \n",
    b"boundary=",
]


@given(st.binary(max_size=300))
@example(b"From: =?\n")
@example(b"From: a@b\nContent-Type: multipart/report; boundary=\n\n--\n")
@example(b"Content-Type: message/delivery-status\nFrom: mailer-daemon\n\n\n\n")
def test_garbage_is_read_as_something(raw: bytes) -> None:
    assert isinstance(read(raw, token=TOKEN), Bounce | Reply | Unsubscribe | Ignored)


@given(st.integers(), st.lists(st.sampled_from(_PIECES), min_size=1, max_size=3))
def test_so_are_mails_that_were_torn_and_mixed(seed: int, pieces: list[bytes]) -> None:
    luck = random.Random(seed)
    raw = bytearray(b"".join(pieces))
    for _ in range(luck.randrange(20)):
        at = luck.randrange(len(raw) or 1)
        raw[at : at + luck.randrange(40)] = luck.choice(_PIECES)[-luck.randrange(1, 60) :]
    came = read(bytes(raw), token=TOKEN, own=OWN)
    assert isinstance(came, Bounce | Reply | Unsubscribe | Ignored)
    if isinstance(came, Bounce):
        assert came.code[0] in "45"
    if isinstance(came, Reply):
        assert "@" in came.address
        assert "\0" not in came.text + came.subject + came.name
        (came.text + came.subject + came.name).encode()
