"""A mailbox whose server lies, stalls or tells too much: it is out of reach, and nothing worse."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from store.mail import imap

STATUS = b'* STATUS "INBOX" (UIDVALIDITY 7 UIDNEXT 5)'
MAIL = b"* 1 FETCH (UID 4 BODY[]<0> {5}\r\nhello)"


@contextmanager
def telling(**told: bytes) -> Iterator[imap.Box]:
    """The mailbox of a server that answers each command by its name, and takes all others."""

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rb") as asked:
            connection.sendall(b"* OK hello\r\n")
            for line in asked:
                tag, *words = line.decode().split()
                name = words[1] if words[0] == "UID" else words[0]
                answer = told.get(name, b"* CAPABILITY IMAP4rev1" if name == "CAPABILITY" else b"* OK fine")
                connection.sendall(answer + b"\r\n" + tag.encode() + b" OK done\r\n")

    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield imap.Box("a@example.com", "127.0.0.1", listening.getsockname()[1], "none", "a", "b")
        thread.join(60)
        assert not thread.is_alive()


@pytest.mark.parametrize("size", [10**13, 10**23, 100_000_000])
def test_a_server_that_tells_more_than_was_asked_for_is_not_listened_to(size: int) -> None:
    told = b"* 1 FETCH (UID 4 BODY[]<0> {%d}\r\nhello" % size
    with (
        telling(STATUS=STATUS, SEARCH=b"* SEARCH 4", FETCH=told) as box,
        pytest.raises(imap.OutOfReach, match="more than it was asked for"),
    ):
        imap.page(box, "")


@pytest.mark.parametrize("told", [b"* STATUS {99999999999999}", b"* STATUS", STATUS.replace(b"7", b"")])
def test_a_server_that_tells_nonsense_of_its_mailbox_is_out_of_reach(told: bytes) -> None:
    with telling(STATUS=told) as box, pytest.raises(imap.OutOfReach):
        imap.page(box, "")


def test_a_mail_is_one_however_often_the_server_tells_it() -> None:
    with telling(STATUS=STATUS, SEARCH=b"* SEARCH 4", FETCH=b"\r\n".join([MAIL] * 1_000)) as box:
        page = imap.page(box, "")
    assert ([mail.raw for mail in page.mails], page.cursor) == ([b"hello"], "7:4")
