"""Commands through OpenSSH's own client: what they print, where it goes and how they end."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from tests.tui.serving.clients import Terminal, needs_ssh, ssh
from tests.tui.serving.conftest import Serving

pytestmark = needs_ssh


def run(
    serving: Serving, name: str, *arguments: str, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(ssh(serving, name, *arguments), input=stdin, capture_output=True, timeout=60)


def test_an_answer_is_on_standard_output_alone(serving: Serving) -> None:
    done = run(serving, "vera", "balance", "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["available"] > 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [("balance", 0), ("no-such-command", 2), ("send --to +4915112345678 'Hi'", 4)],
)
def test_an_exit_code_is_the_commands(serving: Serving, arguments: str, code: int) -> None:
    done = run(serving, "vera", arguments)
    assert done.returncode == code
    assert bool(done.stderr) == bool(code)


def test_too_few_credits_are_exit_code_three(serving: Serving) -> None:
    numbers = [word for number in range(40) for word in ("--to", f"+1415555{number:04}")]
    done = run(serving, "sam", "send", "--json", *numbers, "x" * 40_000)
    assert done.returncode == 3, done
    assert json.loads(done.stdout)["error"]["code"] == "not-enough-credits"


def test_standard_input_is_read_to_its_end(serving: Serving) -> None:
    done = run(serving, "vera", "segments", "--json", "-", stdin="ñ".encode() * 100_000)
    assert done.returncode == 0, done
    assert json.loads(done.stdout)["characters"] == 100_000


def test_more_than_any_buffer_holds_comes_out_whole(serving: Serving) -> None:
    texts = 20_000
    done = run(serving, "vera", "segments", "--jsonl", stdin=b'"Open house"\n' * texts)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert len(lines) == texts
    assert all(json.loads(line)["segments"] == 1 for line in lines)


def test_on_a_terminal_lines_end_as_terminals_want_it(serving: Serving) -> None:
    with Terminal(ssh(serving, "vera", "balance", options=("-t", "-q"))) as terminal:
        assert terminal.exit_code() == 0
    assert b"\r\n" in terminal.output
    assert terminal.output.count(b"\n") == terminal.output.count(b"\r\n")
    assert b"\r\r\n" not in terminal.output
    assert b"\x1b[?1049h" not in terminal.output  # no app


def test_without_a_terminal_the_app_says_what_it_needs(serving: Serving) -> None:
    done = run(serving, "vera")
    assert done.returncode == 2
    assert b"needs a terminal" in done.stderr


def test_who_reads_no_further_ends_the_command(serving: Serving) -> None:
    client = subprocess.Popen(
        ssh(serving, "vera", "segments", "--jsonl"), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert client.stdin is not None
    assert client.stdout is not None
    os.set_blocking(client.stdin.fileno(), False)
    with client:
        client.stdin.write(b'"Open house"\n')
        client.stdin.flush()
        client.kill()
