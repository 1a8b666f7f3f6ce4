"""A mail as a server takes it: what was written comes back, and nothing else does."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.mail import File, From, Mail
from store.mail.composing import compose, return_path

NOON = datetime(2026, 4, 16, 16, 0, tzinfo=UTC)
HEADERS = {
    "from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type",
    "content-transfer-encoding",
}  # fmt: skip
BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

TYPES = ["image/png", "message/rfc822", "x\r\nBcc: y"]
NAMES = ["Plan.pdf", "Häuser 🏡.pdf", "../../etc/passwd", 'a"b.pdf', "x" * 300 + ".pdf"]
BAD_URIS = ("javascript:1", "https://a b", "mailto:é")

lines = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=300)
hostile = st.text(st.sampled_from('aé 🏡\r\n\t\x0b\x0c\x1c\x85\u2028\x00:<>@"\\=?,;()'), max_size=200)


def composed(mail: Mail) -> bytes:
    return compose(mail, sender="me@agent.test", to="ann@client.test", id="<a.t@agent.test>", at=NOON)


def read(mail: Mail) -> EmailMessage:
    return message_from_bytes(composed(mail), policy=policy.default)


def words(text: str) -> list[str]:
    return BREAKS.sub(" ", text).split()


@given(subject=lines | hostile, name=lines | hostile)
def test_no_subject_and_no_name_begins_another_header(subject: str, name: str) -> None:
    mail = read(Mail("a", "ann@client.test", subject, "Hi", sender=From(name)))
    assert {header.lower() for header in mail.keys()} == HEADERS  # noqa: SIM118 - as often as they are there
    assert len(mail.keys()) == len(HEADERS)
    assert words(str(mail["Subject"])) == words(subject)
    assert mail["From"].addresses[0].addr_spec == "me@agent.test"
    assert words(mail["From"].addresses[0].display_name) == words(name)


long = st.text("a =?é").map(lambda text: text * 60)


@given(subject=lines | long)
def test_no_line_is_longer_than_servers_take(subject: str) -> None:
    raw = composed(Mail("a", "", subject, subject, html=subject, sender=From(subject)))
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")


@given(
    body=st.text(st.characters(exclude_categories=["Cs"]), max_size=500) | hostile,
    html=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=500),
    files=st.lists(
        st.builds(
            File,
            lines,
            st.sampled_from(["image/png", "message/rfc822", "x\r\nBcc: y"]),
            st.binary(max_size=300),
        ),
        max_size=3,
    ),
)
def test_what_is_written_comes_back(body: str, html: str, files: list[File]) -> None:
    mail = read(Mail("a", "", "Hi", body, html=html, files=tuple(files)))
    plain, page = mail.get_body(["plain"]), mail.get_body(["html"])
    assert plain is not None
    assert page is not None
    assert _text(plain) == _one_kind_of_end(body)
    assert _text(page) == _one_kind_of_end(html)
    attached = list(mail.iter_attachments())
    assert [part.get_payload(decode=True) for part in attached] == [file.content for file in files]
    assert {part.get_content_type() for part in attached} <= {"image/png", "application/octet-stream"}
    assert not any(part.defects for part in mail.walk())


def _text(part: EmailMessage) -> str:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode().replace("\r\n", "\n")


def _one_kind_of_end(text: str) -> str:
    return re.sub("\r\n?", "\n", text)


@pytest.mark.parametrize(
    "name", ["Plan.pdf", "Häuser 🏡.pdf", "../../etc/passwd", 'a"b.pdf', "x" * 300 + ".pdf"]
)
def test_a_file_keeps_its_name_but_goes_into_no_other_folder(name: str) -> None:
    (attached,) = read(Mail("a", "", "", "", files=(File(name, "application/pdf", b"x"),))).iter_attachments()
    assert attached.get_filename() == name.replace("/", "_")[:255]


def test_ways_to_unsubscribe_and_what_is_answered_stay_readable_however_long() -> None:
    uris = (
        "https://texts.example.org/unsubscribe/" + "x" * 120,
        "mailto:me+u1@agent.test?subject=unsubscribe",
    )
    answered = f"<{'y' * 150}@client.test>"
    mail = read(Mail("a", "", "", "", unsubscribe=uris, in_reply_to=answered, automatic=False))
    assert mail["List-Unsubscribe"] == f"<{uris[0]}>, <{uris[1]}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (mail["In-Reply-To"], mail["References"]) == (answered, answered)
    assert mail["Auto-Submitted"] is None


@pytest.mark.parametrize("id", ["<a@b>\r\nBcc: c@d", "<a b@c>", "a@b", "<é@b>", f"<{'x' * 2000}@b>"])
def test_what_is_no_message_id_is_not_answered(id: str) -> None:
    mail = read(Mail("a", "", "", "", in_reply_to=id, unsubscribe=BAD_URIS))
    assert mail["In-Reply-To"] is None
    assert mail["Bcc"] is None
    assert mail["List-Unsubscribe"] is None


def test_one_click_is_offered_for_a_page_alone() -> None:
    mail = read(Mail("a", "", "", "", unsubscribe=("mailto:me+u1@agent.test",)))
    assert mail["List-Unsubscribe-Post"] is None


def test_a_return_path_bears_what_tells_the_mail() -> None:
    assert return_path("me@agent.test", "b17") == "me+b17@agent.test"
    assert return_path("me@agent.test", "") == "me@agent.test"
