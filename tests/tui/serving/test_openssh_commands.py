"""Commands through OpenSSH's own client: what they print, where it goes and how they end."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.tui.serving.clients import Terminal, needs_ssh, ssh
from tests.tui.serving.conftest import Serving
from tests.waiting import wait_until

pytestmark = needs_ssh


def run(
    serving: Serving, name: str, *arguments: str, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(ssh(serving, name, *arguments), input=stdin, capture_output=True)


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
    numbers = [word for number in range(500) for word in ("--to", f"+1415555{number:04}")]
    done = run(serving, "sam", "send", "--json", *numbers, "x" * 1_600)
    assert done.returncode == 3, done
    assert json.loads(done.stdout)["error"]["code"] == "not-enough-credits"


def test_standard_input_is_read_to_its_end_however_long_the_session_takes_to_begin(
    serving: Serving, tmp_path: Path
) -> None:
    text = tmp_path / "text"
    text.write_text("ñ" * 20_000, encoding="utf-8")
    starting = serving.server._starting  # as if the process were only being started
    serving.call(starting.acquire())
    with text.open("rb") as typed:
        client = subprocess.Popen(
            ssh(serving, "vera", "segments --json -"), stdin=typed, stdout=subprocess.PIPE
        )
    wait_until(lambda: any(session._early for session in serving.server.sessions))
    serving.loop.call_soon_threadsafe(starting.release)
    output, _ = client.communicate()
    assert client.returncode == 0
    assert json.loads(output)["characters"] == 20_000


def test_more_than_any_buffer_holds_goes_in_and_comes_out_whole(serving: Serving) -> None:
    texts = [f"Open house number {number}" for number in range(20_000)]
    done = run(serving, "vera", "segments", "--jsonl", stdin="\n".join(map(json.dumps, texts)).encode())
    assert done.returncode == 0
    assert [json.loads(line)["characters"] for line in done.stdout.splitlines()] == [*map(len, texts)]


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


def test_who_takes_nothing_any_more_and_is_killed_leaves_nothing(serving: Serving) -> None:
    with (
        subprocess.Popen(["yes", '"Open house"'], stdout=subprocess.PIPE) as typing,
        subprocess.Popen(
            ssh(serving, "vera", "segments", "--jsonl"), stdin=typing.stdout, stdout=subprocess.PIPE
        ) as client,
    ):
        wait_until(lambda: any(session._waits_for for session in serving.server.sessions))
        client.kill()
        typing.kill()
