"""gammu-smsd itself, with its dummy phone as the modem. `.ci/run` installs it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from store import Store
from store.messages.model import Draft, Status
from store.messages.providers import Accepted, Had, Outgoing, Polled, Reply, Setup, Severity
from store.messages.providers.gammu import Gammu
from tests.store.messages.providers.programs import missing, running
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(bool(missing("gammu-smsd")), reason="needs Debian's gammu-smsd")

OURS, THEIRS = "+14155550100", "+14155550123"
FOLDERS = ("outbox", "inbox", "sent", "error")

CONFIGURATION = """
[gammu]
model = dummy
connection = none
port = {folder}/phone
gammuloc = /dev/null

[smsd]
service = files
commtimeout = 1
receivefrequency = 1
sendtimeout = 5
statusfrequency = 0
checksecurity = 0
checkbattery = 0
checksignal = 0
checknetwork = 0
transmitformat = auto
inboxformat = {inboxformat}
deliveryreport = log
debuglevel = 1
logfile = {folder}/smsd.log
inboxpath = {folder}/inbox/
outboxpath = {folder}/outbox/
sentsmspath = {folder}/sent/
errorsmspath = {folder}/error/
"""


class Peer:
    """A modem with its gammu-smsd."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._came = 0

    def provider(self) -> Gammu:
        """As the next process would make it."""
        folders = {name: str(self.folder / name) for name in FOLDERS}
        config = str(self.folder / "smsdrc")
        return Gammu(Setup(OURS, {**folders, "config": config, "namespace": "6f1c2d3e4f5a"}))

    def transmitted(self, to: str) -> list[str]:
        """What left for a number, as gammu's log has it: one entry a part."""
        log = (self.folder / "smsd.log").read_text(errors="replace")
        return re.findall(rf"Transmitted \S+ \((.*?)\) to {re.escape(to)},", log)

    def sent(self) -> set[str]:
        return {file.name for file in (self.folder / "sent").iterdir()}

    def comes_in(self, number: str, *parts: bytes) -> None:
        """The modem gets a text. parts: UTF-16 as it comes over the air."""
        self._came += 1
        coming = self.folder / "coming"
        coming.write_text(
            "\n".join(self._part(number, part, at, len(parts)) for at, part in enumerate(parts, 1))
        )
        coming.rename(self.folder / "phone/sms/1" / str(self._came))

    def _part(self, number: str, part: bytes, at: int, of: int) -> str:
        code = part.hex().upper()
        lines = "".join(f"Text{i // 200:02} = {code[i : i + 200]}\n" for i in range(0, len(code), 200))
        joint = f"UDH = 050003{self._came:02X}{of:02X}{at:02X}\n" if of > 1 else ""
        return (
            f'[SMSBackup{at - 1:03}]\nState = UnRead\nNumber = "{number}"\nPDU = Deliver\nCoding = Unicode\n'
            f"DateTime = 20261129T190000\n{joint}{lines}Length = {len(part) // 2}\nFolder = 1\nClass = -1\n"
        )

    def replies(self) -> list[Reply]:
        """All that came in, as it is read a little later."""
        polled: Polled = self.provider().poll((), "0 ", datetime.now(UTC) + timedelta(minutes=1))
        return [event for event in polled.events if isinstance(event, Reply)]


@pytest.fixture(scope="module")
def gammu(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    """Its parameter is the inboxformat."""
    inboxformat = getattr(request, "param", "unicode")
    folder = tmp_path_factory.mktemp("gammu")
    for name in (*FOLDERS, "phone/sms/1"):
        (folder / name).mkdir(parents=True)
    configuration = folder / "smsdrc"
    configuration.write_text(CONFIGURATION.format(folder=folder, inboxformat=inboxformat))
    with running(["gammu-smsd", "-c", str(configuration)], folder, folder / "output.log"):
        yield Peer(folder)


def test_a_text_that_is_handed_over_again_leaves_once(gammu: Peer) -> None:
    text = Outgoing(17, THEIRS, "Open house [Sat], €5 à la carte")
    first = gammu.provider().send(text)
    assert isinstance(first, Accepted)
    assert gammu.provider().send(text) == first
    wait_until(lambda: first.id in gammu.sent(), "the text")
    assert gammu.provider().send(text) == first
    assert gammu.provider().lookup(text, datetime.now(UTC)) == Had(first.id)
    # Texts leave in turn: once a later one has left, a second one of these would have, too.
    later = gammu.provider().send(Outgoing(18, "+14155550124", "Later"))
    assert isinstance(later, Accepted)
    wait_until(lambda: later.id in gammu.sent(), "the later text")
    assert gammu.transmitted(THEIRS) == ["total: 1"]


def test_emoji_leave_in_two_parts(gammu: Peer) -> None:
    outcome = gammu.provider().send(Outgoing(19, "+14155550125", "a" * 119 + "👍"))
    assert isinstance(outcome, Accepted)
    wait_until(lambda: outcome.id in gammu.sent(), "the text")
    assert gammu.transmitted("+14155550125") == ["part: 1", "total: 2"]
    assert f'with text "{"a" * 67}"' in (gammu.folder / "smsd.log").read_text(errors="replace")


@pytest.mark.parametrize("gammu", ["unicode", "standard"], indirect=True)
def test_what_people_answer_comes_in_joined(gammu: Peer) -> None:
    gammu.comes_in("+14155550111", "STOP día 👍".encode("utf-16-be"))
    wait_until(lambda: "STOP día 👍" in [reply.body for reply in gammu.replies()], "the first reply")
    long = ("é👍" * 30).encode("utf-16-be")
    gammu.comes_in("+14155550112", long[:132], long[132:])
    wait_until(lambda: "é👍" * 30 in [reply.body for reply in gammu.replies()], lambda: str(gammu.replies()))
    assert [(reply.number, reply.segments) for reply in gammu.replies()] == [
        ("+14155550111", 1),
        ("+14155550112", 2),
    ]
    at = gammu.replies()[0].at
    assert at is not None
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=10)


@pytest.mark.parametrize("gammu", ["unicode", "standard"], indirect=True)
def test_it_says_what_is_wrong(gammu: Peer) -> None:
    wait_until((gammu.folder / "smsd.log").exists, "gammu-smsd")
    said = [str(finding.says) for finding in gammu.provider().check() if finding.severity is not Severity.OK]
    is_standard = "inboxformat = standard" in (gammu.folder / "smsdrc").read_text()
    assert said == (["Replies may lose emoji and accents, or be unreadable."] if is_standard else [])


def test_a_blast_leaves_by_it_and_who_answers_stop_is_opted_out(gammu: Peer, tmp_path: Path) -> None:
    """With the store above it, from the price to the suppression list."""
    with closing(Store(f"sqlite:///{tmp_path}/texts.db")) as store, store.connection():
        account = store.credits.open_account("agent-texts", "300", "America/New_York")
        folders = {name: str(gammu.folder / name) for name in FOLDERS}
        store.senders.set("modem", {"provider": "gammu", "number": OURS, "per_second": "0", **folders})
        there = gammu.sent()
        blast = store.messages.send(
            account.id, Draft(body="Open house 👍", to=("+14155550131", "+14155550132"))
        )
        store.messages.deliver(stop=Event())
        assert [one.status for one in store.messages.messages(blast.id)] == [Status.SENT, Status.SENT]
        wait_until(lambda: len(gammu.sent() - there) == 2, "both texts")
        gammu.comes_in("+14155550131", "STOP".encode("utf-16-be"))

        def is_out() -> bool:
            store.messages.poll_receipts()
            return store.consent.is_out("+14155550131", account.id)

        wait_until(is_out, "the opt-out")
        assert not store.consent.is_out("+14155550132", account.id)
        assert store.credits.verify().ok
