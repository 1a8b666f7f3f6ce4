"""What comes on standard input is bounded before it is read: whoever sends gigabytes is told so at once."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest

from tests.tui.commands.conftest import Textmeter
from tui.commands import main

SEND = ["--to", "+14155550123"]
TOLD = "The text is longer than 20,000 characters. Shorten it."


class Endless(io.RawIOBase):
    """Gives the same bytes again and again. given: how many there were."""

    def __init__(self, bytes_: bytes) -> None:
        self._bytes = bytes_
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = len(buffer)
        buffer[:] = (self._bytes * (size // len(self._bytes) + 1))[:size]
        self.given += size
        return size


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> Any:
    def give(bytes_: bytes) -> Endless:
        made = Endless(bytes_)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(made), encoding="utf-8"))
        return made

    return give


@pytest.mark.parametrize("letters", ["x", "é", "€", "😀", "\n"])
@pytest.mark.parametrize("command", [["segments"], ["estimate", *SEND], ["send", *SEND]], ids=lambda c: c[0])
def test_a_text_without_an_end_is_refused(
    account: Textmeter, endless: Any, capsys: pytest.CaptureFixture[str], command: list[str], letters: str
) -> None:
    given = endless(letters.encode())
    assert main([*command, "-"]) == 2
    assert TOLD in capsys.readouterr().err
    assert given.given < 200_000


@pytest.mark.parametrize("bytes_", [b"x", b'"x', b"[", b'"\\ud83d'])
def test_a_line_without_an_end_is_refused(
    endless: Any, capsys: pytest.CaptureFixture[str], bytes_: bytes
) -> None:
    given = endless(bytes_)
    assert main(["segments", "--jsonl"]) == 2
    assert "Line 1 of the input is longer than 2,097,152 bytes." in capsys.readouterr().out
    assert given.given < 4 << 20


def test_files_have_limits_of_their_own(
    account: Textmeter, endless: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = endless(b"name = 1\n")
    assert main(["smartplan", "start", "-"]) == 2
    assert "it has more than 1,000,000 bytes" in capsys.readouterr().err
    assert given.given < 2 << 20
    given = endless(b"Name,Phone\n")
    assert main(["contacts", "import", "-"]) == 1
    assert "Standard input is larger than 50 MB" in capsys.readouterr().err
    assert given.given < 51 << 20


def test_a_text_of_all_the_characters_that_there_may_be_is_taken(account: Textmeter) -> None:
    text = "😀" * 20_000
    assert (
        account("segments", "-", "--json", stdin=b"\xef\xbb\xbf" + text.encode() + b"\n").json["characters"]
        == 20_000
    )
    done = account("segments", "--jsonl", stdin=b'"' + b"\\ud83d\\ude00" * 20_000 + b'"\n"Hi"\n')
    assert done.out.count("\n") == 2
    assert account("segments", "-", stdin=f"{text}x".encode()).err.strip() == TOLD
