"""Kannel itself: bearerbox and smsbox, with its own fakesmsc as the carrier. `.ci/run` installs them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from urllib.parse import unquote_to_bytes
from urllib.request import urlopen

import pytest

from store import Store
from store.messages.model import Draft, Status
from store.messages.providers import (
    Accepted,
    Outgoing,
    Receipt,
    Refused,
    Reply,
    Setup,
    Severity,
    Throttled,
)
from store.messages.providers.kannel import Kannel
from tests.store.messages.providers.listener import Listener, listening
from tests.store.messages.providers.programs import free_ports, listens, missing, running
from tests.waiting import wait_until

FAKESMSC = "/usr/lib/kannel/test/fakesmsc"

pytestmark = pytest.mark.skipif(
    bool(missing("bearerbox", "smsbox", FAKESMSC)), reason="needs Debian's kannel and kannel-extras"
)

OURS, THEIRS, INCOMING = "+14155550100", "+14155550123", "+14155550111"
PASSWORD, SECRET = "pa ss&1%d", "%Fs3cret/é"

CONFIGURATION = """
group = core
admin-port = {admin}
admin-password = admin
status-password = status
smsbox-port = {smsbox}
box-allow-ip = 127.0.0.1
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = carrier
port = {smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}

group = sendsms-user
username = textmeter
password = "{password}"
concatenation = true
max-messages = 50

group = sms-service
keyword = default
catch-all = true
max-messages = 0
get-url = "{callback}?secret=%%25Fs3cret%%2F%%C3%%A9&from=%p&text=%b&id=%I&charset=%C&at=%T"
"""


class Peer:
    """A Kannel that runs. ports: by what listens there."""

    def __init__(self, folder: Path, listener: Listener, ports: dict[str, int]) -> None:
        self.listener = listener
        self.ports = ports
        self._carrier = folder / "fakesmsc.log"

    @property
    def settings(self) -> dict[str, str]:
        """Of a sender, but for its secrets."""
        return {
            "url": f"http://127.0.0.1:{self.ports['sendsms']}/cgi-bin/sendsms",
            "username": "textmeter",
            "callback": f"{self.listener.url}/kannel/1",
        }

    def provider(self, **options: str) -> Kannel:
        """As the next process would make it."""
        status = f"http://127.0.0.1:{self.ports['admin']}/status.xml?password=status"
        secrets = {"password": PASSWORD, "callback_secret": SECRET, "status": status}
        return Kannel(Setup(OURS, {**self.settings, **secrets, **options}))

    def carried(self, to: str) -> list[str]:
        """What the carrier got for a number, as fakesmsc writes it: "text Hello", "ucs-2 %00H"."""
        said = self._carrier.read_text(errors="replace")
        return re.findall(rf"Got message \d+: <{re.escape(OURS)} {re.escape(to)} (.*)>", said)

    def receipts(self, message: int) -> list[Receipt]:
        """What another process reads out of the calls for a message, one each."""
        provider = self.provider()
        found = [event for call in self.listener.requests("type") for event in provider.receive(call).events]
        return [event for event in found if isinstance(event, Receipt) and event.message == message]

    def status(self) -> str:
        """bearerbox's status page, "" before there is one."""
        if not listens(self.ports["admin"]):
            return ""
        with urlopen(f"http://127.0.0.1:{self.ports['admin']}/status.xml?password=status") as page:
            return str(page.read(), "utf-8")


@pytest.fixture(scope="module")
def kannel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    folder = tmp_path_factory.mktemp("kannel")
    ports = dict(zip(("admin", "smsbox", "smsc", "sendsms"), free_ports(4), strict=True))
    with ExitStack() as stack:
        listener = stack.enter_context(listening())
        configuration = folder / "kannel.conf"
        configuration.write_text(
            CONFIGURATION.format(**ports, password=PASSWORD, callback=f"{listener.url}/kannel/1")
        )

        def start(name: str, *command: str) -> None:
            stack.enter_context(running([*command], folder, folder / f"{name}.log"))

        start("bearerbox", "bearerbox", "-v", "0", str(configuration))
        peer = Peer(folder, listener, ports)
        wait_until(lambda: "<smsc>" in peer.status(), "bearerbox")
        incoming = f"{INCOMING} {OURS} text ¡STOP! 👍"
        start("fakesmsc", FAKESMSC, "-H", "127.0.0.1", "-r", str(ports["smsc"]), "-m", "1", incoming)
        wait_until(lambda: "<status>online" in peer.status(), "fakesmsc")
        start("smsbox", "smsbox", "-v", "0", str(configuration))
        # It dies of a text that comes before its connection stands.
        wait_until(lambda: "<type>smsbox" in peer.status() and listens(ports["sendsms"]), "smsbox")
        yield peer


def test_a_text_leaves_and_its_receipt_comes_to_whoever_listens_then(kannel: Peer) -> None:
    outcome = kannel.provider().send(Outgoing(17, THEIRS, "Open house [Sat], €5 à la carte"))
    assert isinstance(outcome, Accepted)
    wait_until(lambda: kannel.carried(THEIRS), "the text")
    assert kannel.carried(THEIRS) == ["text Open house [Sat], €5 à la carte"]
    wait_until(lambda: kannel.receipts(17), "the receipt")
    receipt = kannel.receipts(17)[0]
    assert receipt.status is Status.DELIVERED
    assert receipt.provider_id == outcome.id
    assert not receipt.reason


def test_a_long_text_leaves_whole_in_three_parts(kannel: Peer) -> None:
    text = "".join(f"{number:04}" for number in range(100))
    assert isinstance(kannel.provider().send(Outgoing(18, "+14155550124", text)), Accepted)
    wait_until(lambda: len(kannel.carried("+14155550124")) == 3, lambda: str(kannel.carried("+14155550124")))
    parts = [part.partition(" data ")[2] for part in kannel.carried("+14155550124")]
    assert unquote_to_bytes("".join(parts)).decode() == text
    wait_until(lambda: kannel.receipts(18), "the receipt")


def test_emoji_leave_as_ucs_2(kannel: Peer) -> None:
    assert isinstance(kannel.provider().send(Outgoing(19, "+14155550125", "Día 👍 [€5]")), Accepted)
    wait_until(lambda: len(kannel.carried("+14155550125")) == 1, lambda: str(kannel.carried("+14155550125")))
    kind, _, text = kannel.carried("+14155550125")[0].partition(" ")
    assert (kind, unquote_to_bytes(text.replace("+", " ")).decode("utf-16-be")) == ("ucs-2", "Día 👍 [€5]")


def test_the_longest_text_leaves_whole(kannel: Peer) -> None:
    assert isinstance(kannel.provider().send(Outgoing(20, "+14155550126", "👍é" * 800)), Accepted)
    wait_until(
        lambda: len(kannel.carried("+14155550126")) == 36, lambda: str(len(kannel.carried("+14155550126")))
    )
    parts = [part.partition(" data ")[2] for part in kannel.carried("+14155550126")]
    joined = b"".join(unquote_to_bytes(part.replace("+", " ")) for part in parts)
    assert joined.decode("utf-16-be") == "👍é" * 800


def test_what_a_person_answers_comes_in_under_a_name_of_its_own(kannel: Peer) -> None:
    wait_until(lambda: kannel.listener.requests("text"), "the reply")
    (call,) = kannel.listener.requests("text")
    events = kannel.provider().receive(call).events
    assert kannel.provider().receive(call).events == events
    (reply,) = events
    assert isinstance(reply, Reply)
    assert (reply.number, reply.body, reply.segments) == (INCOMING, "¡STOP! 👍", 1)
    assert reply.at is not None
    assert abs(datetime.now(UTC) - reply.at) < timedelta(minutes=10)
    assert len(reply.event_id) > 20


def test_it_says_what_is_wrong(kannel: Peer) -> None:
    assert {
        str(finding.says) for finding in kannel.provider().check() if finding.severity is not Severity.OK
    } == {"Kannel keeps receipts in memory, so pending ones are lost when it restarts."}
    stranger = kannel.provider(password="wrong", status=kannel.listener.url)
    assert [str(finding.says) for finding in stranger.check() if finding.severity is not Severity.OK] == [
        "Kannel refuses the user name or password.",
        "Can't read Kannel's status page.",
    ]
    assert stranger.send(Outgoing(21, THEIRS, "Hello")) == Refused("sender-unusable")
    away = kannel.provider(url=f"http://127.0.0.1:{free_ports(1)[0]}/cgi-bin/sendsms")
    assert isinstance(away.send(Outgoing(22, THEIRS, "Hello")), Throttled)


def test_receipts_and_replies_count_although_whoever_sent_is_gone(
    kannel: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the store above it: one process sends and ends, another one listens."""
    monkeypatch.setenv("TEXTMETER_SECRET_SENDER_OFFICE_PASSWORD", PASSWORD)
    monkeypatch.setenv("TEXTMETER_SECRET_SENDER_OFFICE_CALLBACK_SECRET", SECRET)
    url = f"sqlite:///{tmp_path}/texts.db"

    with closing(Store(url)) as store, store.connection():
        account = store.credits.open_account("agent-texts", "300", "America/New_York")
        store.senders.set("office", {"provider": "kannel", "number": OURS, **kannel.settings})
        blast = store.messages.send(
            account.id, Draft(body="Open house 👍", to=("+14155550131", "+14155550132"))
        )
        store.messages.deliver(stop=Event())
        assert {one.status for one in store.messages.messages(blast.id)} == {Status.SENT}
    wait_until(lambda: kannel.receipts(1) and kannel.receipts(2), "the receipts")
    wait_until(lambda: kannel.listener.requests("text"), "the reply")
    with closing(Store(url)) as store, store.connection():
        for call in (*kannel.listener.requests("type"), *kannel.listener.requests("text")) * 2:
            store.messages.called("office", call)
        store.messages.poll_receipts()
        assert {one.status for one in store.messages.messages(blast.id)} == {Status.DELIVERED}
        assert store.consent.is_out(INCOMING, account.id)
        assert store.credits.verify().ok
