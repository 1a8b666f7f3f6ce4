"""`textmeter run`: what is to be done by itself is done without the app, until somebody says stop."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from store import Store
from store.errors import DatabaseTrouble
from store.sentences import sentence
from tests.environment import CHECKOUT
from tests.store.mail.server import running
from tests.tui.commands.conftest import Textmeter
from tests.waiting import wait_until

PROGRAM = "import sys; from tui.commands import main; sys.exit(main())"


def test_once_sends_what_waits_and_ends(demo: Textmeter) -> None:
    demo("send", "--to", "+14155550123", "--no-wait", "Hello")
    assert demo("balance", "--json").json["held"] == 1
    assert demo("run", "--once").out == "Text 1 went out to 1 person.\n"
    balance = demo("balance", "--json").json
    assert (balance["held"], balance["used"]) == (0, 1)
    assert demo("run", "--once").out == ""


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_it_goes_on_until_it_is_told_to_stop(demo: Textmeter, tmp_path: Path, told: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--database", str(tmp_path / "textmeter.sqlite3"), "run", "--json"],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    demo("send", "--to", "+14155550123", "--no-wait", "Hello")
    wait_until(lambda: demo("balance", "--json").json["used"] == 1)
    process.send_signal(told)
    out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert out == b'{"boundaries": 0, "unpaid": 0, "mails": 0}\n'


def test_trouble_is_told_and_it_goes_on(demo: Textmeter, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> None:
        raise DatabaseTrouble(sentence("Somebody else holds the database."), code="locked")

    monkeypatch.setattr("store.credits.ledger.Ledger.collect", locked)
    demo("send", "--to", "+14155550123", "--no-wait", "Hello")
    done = demo("run", "--once", "--json")
    assert done.code == 0
    assert done.err == "Somebody else holds the database.\n"
    assert demo("balance", "--json").json["used"] == 1


def test_whatever_nobody_foresaw_ends_it_with_a_sentence(
    demo: Textmeter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*_: object) -> None:
        raise LookupError("a bug")

    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("store.credits.ledger.Ledger.collect", broken)
    done = demo("run")  # not for ever: nothing would be renewed any more
    assert (done.code, done.out) == (1, "")
    assert "Traceback" not in done.err


@pytest.mark.parametrize(("named", "says"), [((), "usados"), (("--lang", "en"), "used")])
def test_mails_about_the_limit_are_in_the_language_that_was_chosen_unless_another_is_named(
    account: Textmeter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: tuple[str, ...], says: str
) -> None:
    store = Store(str(tmp_path / "textmeter.sqlite3"))
    with store.connection():
        store.settings.write("language", "es")
        store.credits.hold(1, 250, cause="blast", reference="1")
    store.close()
    with running() as inbox:
        url = f"smtp://127.0.0.1:{inbox.port}?from=me@example.com&to=me@example.com"
        monkeypatch.setenv("TEXTMETER_MAIL", url)
        assert account(*named, "run", "--once").code == 0
    assert any(says in str(mail["Subject"]) for mail in inbox.mails)


def test_its_log_says_when_it_ran_and_nothing_of_anybody(demo: Textmeter, home: Path) -> None:
    demo("send", "--to", "+14155550123", "--no-wait", "Hello")
    assert demo("run", "--once").code == 0
    log = (home / ".local/state/textmeter/textmeter.log").read_text(encoding="utf-8")
    assert [line.partition(" run ")[2] for line in log.splitlines() if " run " in line] == ["began", "ended"]
    assert "4155550123" not in log
    assert "Hello" not in log
