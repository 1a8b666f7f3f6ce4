"""What the providers are asked is what their OpenAPI descriptions allow, and their answers are understood:
Prism refuses a question that isn't as it should be, and answers with the description's own examples."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.messages.providers import (
    Accepted,
    CantTell,
    Had,
    Outgoing,
    Receipt,
    Refused,
    Reply,
    Sent,
    Setup,
    Severity,
    load,
)
from tests.environment import SPECS
from tests.waiting import wait_until

SPECS_FOLDER = os.environ.get(SPECS, "")
PRISM = shutil.which("prism")

pytestmark = pytest.mark.skipif(
    not (PRISM and SPECS_FOLDER),
    reason=f"install Prism (npm i -g @stoplight/prism-cli@5), and name the folder of descriptions in {SPECS}",
)

NOW = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)
THEIRS = "+14155552345"
ACCOUNT = "AC" + "a" * 32


@contextmanager
def prism(description: str, log: Path) -> Iterator[str]:
    """Plays a description; its URL."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    assert PRISM
    command = [PRISM, "mock", "-h", "127.0.0.1", "-p", str(port), f"{SPECS_FOLDER}/{description}"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        wait_until(lambda: _answers(port) or process.poll() is not None, "Prism")
        assert process.poll() is None, log.read_text()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def _assert_all_were_allowed(log: Path) -> None:
    told = log.read_text()
    assert "The request passed the validation rules" in told
    assert "did not pass" not in told, told


def test_twilio(tmp_path: Path) -> None:
    log = tmp_path / "prism.log"
    with prism("twilio-messages.json", log) as url:
        given = {"account_sid": ACCOUNT, "auth_token": "token", "base_url": url}
        provider = load("twilio", Setup("+14155550100", given))
        text = Outgoing(1, THEIRS, "Hello! 👍")
        outcome = provider.send(text)
        assert outcome == Accepted("SM" + "a" * 32, 1)
        # The list in the description, whose next page leads back to it.
        assert provider.lookup(text, NOW) == CantTell()
        listed = Outgoing(1, "+18182008801", "testing")
        at = datetime(2019, 5, 24, 17, 44, 46, tzinfo=UTC)
        assert provider.lookup(listed, at) == Had("SMded05904ccb347238880ca9264e8fe1c", 1)
        polled = provider.poll([Sent(1, "SM" + "a" * 32, THEIRS, NOW)], "", NOW)
        assert polled.events == []  # one is "sent", and what came in went to another number
        ours = load("twilio", Setup("+18182008801", given))
        (reply,) = ours.poll([], "", NOW).events
        assert isinstance(reply, Reply)
        assert (reply.event_id, reply.body, len(reply.media)) == (
            "MMc26223853f8c46b4ab7dfaa6abba0a26",
            "look mom I have media!",
            1,
        )
        account, *_ = provider.check()
        assert account.severity is Severity.OK
    _assert_all_were_allowed(log)


def test_smsgate(tmp_path: Path) -> None:
    log = tmp_path / "prism.log"
    with prism("smsgate.json", log) as url:
        given = {"url": url, "username": "agent", "password": "secret", "namespace": "sender-1"}
        provider = load("smsgate", Setup("", given))
        text = Outgoing(1, THEIRS, "Hello! 👍")
        outcome = provider.send(text)
        assert isinstance(outcome, Accepted)
        assert provider.lookup(text, NOW) == Had(outcome.id)
        polled = provider.poll([Sent(1, outcome.id, THEIRS, NOW)], "", NOW)
        assert all(isinstance(event, Reply | Receipt) for event in polled.events)
        assert {finding.severity for finding in provider.check()} == {Severity.OK}
        wrong = load("smsgate", Setup("", given | {"url": f"{url}/nowhere"}))
        assert wrong.send(text) == Refused("sender-unusable")
    _assert_all_were_allowed(log)
