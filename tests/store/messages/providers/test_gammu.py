"""gammu-smsd's folders, without gammu: what it would do with a file is done by hand."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import WrongUsage
from store.messages.model import Status
from store.messages.providers import (
    Accepted,
    CantTell,
    Garbled,
    Had,
    NeverHad,
    Outgoing,
    Polled,
    Receipt,
    Refused,
    Reply,
    Sent,
    Setup,
    Severity,
    Throttled,
    load,
    options,
)
from store.messages.providers.gammu import Gammu
from store.messages.providers.gammu_inbox import PAGE, look
from tests.store.messages.providers.listener import request

NOON = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
HELLO = Outgoing(17, "+14155550123", "Día 👍\r\nHello")
FOLDERS = ("outbox", "inbox", "sent", "error")


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    for name in FOLDERS:
        (tmp_path / name).mkdir()
    return tmp_path


def gammu(folders: Path, namespace: str = "a1b2", **more: str) -> Gammu:
    where = {name: str(folders / name) for name in FOLDERS}
    return Gammu(Setup("+14155550100", {**where, "namespace": namespace, **more}))


def only(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def comes_in(folders: Path, name: str, content: bytes, at: datetime) -> None:
    file = folders / "inbox" / name
    file.write_bytes(content)
    os.utime(file, ns=(0, int(at.timestamp()) * 10**9))


def replies(polled: Polled) -> list[tuple[str, str]]:
    return [(event.number, event.body) for event in polled.events if isinstance(event, Reply)]


def test_a_text_is_a_whole_file_under_a_name_that_gammu_reads(folders: Path) -> None:
    outcome = gammu(folders).send(HELLO)
    file = only(folders / "outbox")
    assert outcome == Accepted(file.name)
    assert file.name.startswith("OUTA000000000017_a1b2_00_+14155550123_17-")
    assert file.suffix == ".txt"
    content = file.read_bytes()
    assert content[:2] == b"\xff\xfe"
    assert content.decode("utf-16") == "Día 👍\nHello"


@pytest.mark.parametrize("folder", ["outbox", "sent", "error"])
def test_what_gammu_was_given_is_not_given_again(folders: Path, folder: str) -> None:
    provider = gammu(folders)
    assert provider.lookup(HELLO, NOON) == NeverHad()
    first = provider.send(HELLO)
    assert isinstance(first, Accepted)
    (folders / "outbox" / first.id).rename(folders / folder / first.id)
    (folders / folder / first.id).write_bytes(b"as it was left")
    assert gammu(folders).lookup(HELLO, NOON) == Had(first.id)
    assert gammu(folders).send(HELLO) == first
    assert [file.read_bytes() for name in FOLDERS for file in (folders / name).iterdir()] == [
        b"as it was left"
    ]


def test_another_database_and_another_text_of_the_same_id_are_other_texts(folders: Path) -> None:
    sent = [
        gammu(folders).send(HELLO),
        gammu(folders, "c3d4").send(HELLO),
        gammu(folders).send(Outgoing(17, HELLO.to, "Other words, after a backup was put back")),
    ]
    assert len({outcome.id for outcome in sent if isinstance(outcome, Accepted)}) == 3


def test_texts_leave_in_the_order_of_their_ids(folders: Path) -> None:
    for id in (9, 10, 100):
        gammu(folders).send(Outgoing(id, f"+1415555{2000 - id}", "Hello"))
    names = sorted(file.name for file in (folders / "outbox").iterdir())
    assert [int(name[4:16]) for name in names] == [9, 10, 100]


@pytest.mark.parametrize("to", ["", "../../etc/passwd", "+1415555012a", "4155550123"])
def test_what_is_no_number_becomes_no_file(folders: Path, to: str) -> None:
    assert gammu(folders).send(Outgoing(1, to, "Hello")) == Refused("no-such-number")
    assert not [file for name in FOLDERS for file in (folders / name).iterdir()]


@pytest.mark.parametrize("folder", ["outbox", "sent", "error"])
def test_without_a_folder_nothing_is_sent_and_nothing_is_known(folders: Path, folder: str) -> None:
    """Else a folder that isn't mounted would look like one without our text."""
    (folders / folder).rmdir()
    assert isinstance(gammu(folders).send(HELLO), Throttled)
    assert gammu(folders).lookup(HELLO, NOON) == CantTell()
    assert not list(folders.glob("*/OUT*"))


def test_a_full_disk_leaves_nothing_half_written(folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        assert isinstance(gammu(folders).send(HELLO), Throttled)
    assert not list((folders / "outbox").iterdir())
    assert isinstance(gammu(folders).send(HELLO), Accepted)


def test_only_what_could_not_be_sent_has_a_receipt(folders: Path) -> None:
    provider = gammu(folders)
    sent, failed, waiting = (provider.send(Outgoing(id, HELLO.to, "Hello")) for id in (1, 2, 3))
    assert isinstance(sent, Accepted)
    assert isinstance(failed, Accepted)
    assert isinstance(waiting, Accepted)
    (folders / "outbox" / sent.id).rename(folders / "sent" / sent.id)
    (folders / "outbox" / failed.id).rename(folders / "error" / failed.id)
    asked = [Sent(id, one.id, HELLO.to, NOON) for id, one in ((1, sent), (2, failed), (3, waiting))]
    asked.append(Sent(4, "", HELLO.to, NOON))
    assert provider.poll(asked, "", NOON).events == [
        Receipt(f"{failed.id}:failed", Status.FAILED, 2, failed.id, "provider-error")
    ]


def test_replies_are_read_part_by_part_and_character_by_character(folders: Path) -> None:
    whole = ("é👍" * 24).encode("utf-16-be")
    for name, content in {
        "IN20261129_190000_00_+14155550111_00.txt": b"\xfe\xff"
        + whole[:4],  # cut within the second character
        "IN20261129_190000_00_+14155550111_01.txt": b"\xfe\xff" + whole[4:],
        "IN20261129_190000_00_+14155550112_00.txt": "STOP día 👍".encode(),
        "IN20261129_190000_00_+14155550113_00.txt": "Olé".encode("latin-1"),
        "IN20261129_190000_01_+14155550113_00.txt": b"\xff\xfe" + "Olé\nolé\0\0rest".encode("utf-16-le"),
        "IN20261129_190000_00_14155550114_00.txt": b"without a plus",
        "IN20261129_190000_00_22395_00.txt": b"short code",
        "IN20261129_190000_00_My Bank_1_00.txt": b"name",
        "IN20261129_190000_00__00.txt": b"of nobody",
        "IN20261129_190000_00_+14155550115_00.bin": b"no text",
        "notes.txt": b"no text of gammu's",
    }.items():
        comes_in(folders, name, content, NOON)
    polled = gammu(folders).poll((), "", NOON + timedelta(minutes=1))
    assert sorted(replies(polled)) == [
        ("+14155550111", "é👍" * 24),
        ("+14155550112", "STOP día 👍"),
        ("+14155550113", "Olé"),
        ("+14155550113", "Olé\nolé"),
        ("+14155550114", "without a plus"),
        ("22395", "short code"),
        ("My Bank_1", "name"),
    ]
    by_number = {event.number: event for event in polled.events if isinstance(event, Reply)}
    assert by_number["+14155550111"] == Reply(
        "in:IN20261129_190000_00_+14155550111", "+14155550111", "é👍" * 24, NOON, (), 2
    )
    assert len(list((folders / "inbox").iterdir())) == 11


def test_what_gammu_still_writes_waits_for_the_next_poll(folders: Path) -> None:
    comes_in(folders, "IN20261129_115900_00_+14155550111_00.txt", b"first half, ", NOON)
    assert not gammu(folders).poll((), "", NOON + timedelta(seconds=1)).events
    comes_in(folders, "IN20261129_115900_00_+14155550111_01.txt", b"second half", NOON + timedelta(seconds=1))
    cursor = gammu(folders).poll((), "", NOON + timedelta(seconds=2)).cursor
    polled = gammu(folders).poll((), cursor, NOON + timedelta(seconds=3))
    assert replies(polled) == [("+14155550111", "first half, second half")]


def test_a_late_text_of_an_earlier_date_is_not_passed_over(folders: Path) -> None:
    comes_in(folders, "IN20261129_115900_00_+14155550111_00.txt", b"now", NOON)
    cursor = gammu(folders).poll((), "", NOON + timedelta(minutes=1)).cursor
    comes_in(
        folders, "IN20261127_080000_00_+14155550112_00.txt", b"two days ago", NOON + timedelta(minutes=2)
    )
    polled = gammu(folders).poll((), cursor, NOON + timedelta(minutes=3))
    assert ("+14155550112", "two days ago") in replies(polled)


def test_what_came_before_the_sender_was_set_up_stays_where_it_is(folders: Path) -> None:
    comes_in(folders, "IN20251129_115900_00_+14155550111_00.txt", b"last year", NOON - timedelta(days=365))
    polled = gammu(folders).poll((), "", NOON)
    assert not polled.events
    comes_in(folders, "IN20261129_120000_00_+14155550111_00.txt", b"today", NOON)
    later = gammu(folders).poll((), polled.cursor, NOON + timedelta(days=30))
    assert replies(later) == [("+14155550111", "today")]


def test_a_clock_that_was_set_back_loses_nothing(folders: Path) -> None:
    comes_in(
        folders, "IN20361129_115900_00_+14155550111_00.txt", b"in ten years", NOON + timedelta(days=3650)
    )
    cursor = gammu(folders).poll((), "", NOON + timedelta(days=3650, minutes=1)).cursor
    comes_in(folders, "IN20261129_115900_00_+14155550112_00.txt", b"today", NOON)
    polled = gammu(folders).poll((), cursor, NOON + timedelta(minutes=1))
    assert replies(polled) == [("+14155550112", "today")]


@pytest.mark.parametrize("seconds", [1, 60])
def test_page_by_page_all_is_read_in_its_order(folders: Path, seconds: int) -> None:
    """Also where many came within one second."""
    ages = [serial * 7 % seconds for serial in range(2 * PAGE + 50)]
    for serial, age in enumerate(ages):
        name = f"IN20261129_120000_00_+1415555{serial:04}_00.txt"
        comes_in(folders, name, b"Hello", NOON - timedelta(seconds=age))
    now, pages, cursor, more = NOON + timedelta(minutes=1), [], "", True
    while more:
        texts, cursor, more = look(folders / "inbox", cursor, now)
        pages.append([text.at for text in texts])
    assert list(map(len, pages)) == [PAGE, PAGE, 50]
    assert [at for page in pages for at in page] == [
        NOON - timedelta(seconds=age) for age in sorted(ages)[::-1]
    ]


def test_files_that_somebody_tidies_up_meanwhile_are_passed_over(
    folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folders / "inbox/IN20261129_120000_00_+14155550111_00.txt").symlink_to(folders / "gone")
    comes_in(folders, "IN20261129_120000_00_+14155550112_00.txt", b"Hello", NOON)
    now = NOON + timedelta(minutes=1)
    assert replies(gammu(folders).poll((), "", now)) == [("+14155550112", "Hello")]

    def gone(*_: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "open", gone)
    assert gammu(folders).poll((), "", now).events == []


@given(st.text(), st.binary(max_size=200), st.binary(max_size=200))
def test_whatever_lies_there_can_be_read_and_kept(
    tmp_path_factory: pytest.TempPathFactory, cursor: str, one: bytes, two: bytes
) -> None:
    inbox = tmp_path_factory.mktemp("inbox")
    for part, content in enumerate((one, two)):
        file = inbox / f"IN20261129_120000_00_+14155550111_{part:02}.txt"
        file.write_bytes(content)
        os.utime(file, ns=(0, int(NOON.timestamp()) * 10**9))
    folders = {name: str(inbox / name) for name in ("outbox", "sent", "error")}
    provider = Gammu(Setup("+14155550100", {**folders, "inbox": str(inbox)}))
    for event in provider.poll((), cursor, NOON + timedelta(minutes=1)).events:
        assert isinstance(event, Reply)
        event.body.encode()
        assert "\0" not in event.body


def test_nobody_calls_it(folders: Path) -> None:
    with pytest.raises(Garbled):
        gammu(folders).receive(request("http://localhost/?from=%2B14155550111&text=STOP"))


def test_its_settings(folders: Path) -> None:
    assert [name for name, option in options("gammu").items() if option.required and not option.default] == []
    assert isinstance(load("gammu"), Gammu)
    with pytest.raises(WrongUsage):
        gammu(folders, sent=str(folders / "outbox"))
    with pytest.raises(WrongUsage):
        gammu(folders, error=str(folders / "sent" / ".." / "sent"))


GOOD = """
[smsd]
Service = files
TransmitFormat = auto
InboxFormat = unicode
deliveryreport = log
inboxpath = {0}/inbox/
outboxpath = {0}/outbox/
sentsmspath = {0}/sent/
errorsmspath = {0}/error/
"""


def checked(folders: Path, configuration: str) -> list[tuple[Severity, str]]:
    """What there is to say of a configuration."""
    (folders / "smsdrc").write_text(configuration)
    found = [*gammu(folders, config=str(folders / "smsdrc")).check()]
    return [(finding.severity, str(finding.says)) for finding in found if "running" not in str(finding.says)]


@pytest.mark.parametrize(
    ("line", "instead", "severity", "says"),
    [
        ("TransmitFormat = auto", "", Severity.ERROR, "emoji and non-Latin letters are lost"),
        (
            "TransmitFormat = auto",
            "TransmitFormat = 7bit",
            Severity.ERROR,
            "emoji and non-Latin letters are lost",
        ),
        ("InboxFormat = unicode", "", Severity.WARNING, "Replies may lose"),
        ("Service = files", "Service = sql", Severity.ERROR, "in a database"),
        ("deliveryreport = log", "deliveryreport = sms", Severity.ERROR, "appear as replies"),
        ("{0}/sent/", "{0}/outbox/", Severity.ERROR, "a different folder than `sent`"),
        ("sentsmspath = {0}/sent/", "", Severity.ERROR, "a different folder than `sent`"),
        ("[smsd]", "[gammu]", Severity.WARNING, "Can't read gammu-smsd's configuration"),
        ("[smsd]", "", Severity.WARNING, "Can't read gammu-smsd's configuration"),
    ],
)
def test_what_is_wrong_in_its_configuration_is_told(
    folders: Path, line: str, instead: str, severity: Severity, says: str
) -> None:
    assert all(severity is Severity.OK for severity, _ in checked(folders, GOOD.format(folders)))
    assert line in GOOD
    ((found, text),) = checked(folders, GOOD.replace(line, instead).format(folders))
    assert found is severity
    assert says in text


def test_folders_that_cannot_be_used_are_told(folders: Path) -> None:
    (folders / "sent").rmdir()
    (folders / "error").rmdir()
    (folders / "error").write_text("no folder")
    found = [finding for finding in gammu(folders).check() if finding.severity is Severity.ERROR]
    assert [str(finding.says) for finding in found] == [
        f"Can't use the folder {folders}/sent: No such file or directory.",
        f"Can't use the folder {folders}/error: it isn't a folder, or you don't have access.",
    ]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs Linux, for a second file system")
def test_folders_on_several_file_systems_are_told(folders: Path) -> None:
    found = [*gammu(folders, inbox="/proc").check()]
    assert "several file systems" in str(found[0].says)


def test_texts_that_wait_for_long_are_told(folders: Path) -> None:
    provider = gammu(folders)
    outcome = provider.send(HELLO)
    assert isinstance(outcome, Accepted)
    assert Severity.ERROR not in [finding.severity for finding in provider.check()]
    os.utime(folders / "outbox" / outcome.id, (0, 0))
    assert "waiting in the outbox" in str([*provider.check()][-1].says)
