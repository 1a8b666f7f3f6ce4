"""What all commands share: help, languages, errors and the ways a run can end."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.environment import CHECKOUT
from tests.tui.commands.conftest import Textmeter, open_account
from tui.commands import entry as running
from tui.commands.root import COMMANDS
from tui.i18n.language import Language

PROGRAM = "import sys; from tui.commands import main; sys.exit(main())"
EVERY_HELP = [
    [],
    *([name] for name in COMMANDS),
    *(["blasts", name] for name in ("list", "show", "resend")),
    *(["scheduled", name] for name in ("list", "cancel", "move")),
    ["email", "send"],
    *(["campaign", name] for name in ("list", "show", "cancel")),
    *(["sender", name] for name in ("list", "set", "check", "remove")),
    ["account", "open"],
    ["account", "list"],
    ["account", "default"],
    ["plan", "list"],
    ["plan", "quote"],
    ["plan", "change"],
    ["plan", "withdraw"],
    ["plan", "cancel"],
    ["rates", "list"],
    ["rates", "refresh"],
    ["orders", "pay"],
    ["clock", "advance"],
    ["contacts", "import"],
    ["contacts", "list"],
    *(["blasts", name] for name in ("list", "show", "resend")),
    *(["sender", name] for name in ("list", "set", "check", "remove")),
    *(["config", name] for name in ("list", "get", "set", "path", "schema")),
    *(["consent", name] for name in ("list", "out", "in", "require", "import", "export", "review")),
    ["contacts", "show"],
    ["contacts", "export"],
    ["groups", "list"],
    ["groups", "add"],
    ["groups", "remove"],
    ["groups", "rename"],
    *(["templates", name] for name in ("list", "save", "delete")),
    ["serve", "ssh"],
    ["serve", "web"],
    ["serve", "session"],
    ["smartplan", "start"],
    ["smartplan", "list"],
    ["smartplan", "show"],
    ["smartplan", "pause"],
    ["smartplan", "resume"],
    ["smartplan", "stop"],
]


def start(
    *arguments: str | bytes, stdin: Any = subprocess.DEVNULL, env: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """The command line as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=stdin,
        env=env,
    )


# Help


@pytest.mark.parametrize("command", EVERY_HELP, ids=" ".join)
def test_every_command_says_what_it_is_for_and_gives_an_example(
    textmeter: Textmeter, command: list[str]
) -> None:
    done = textmeter(*command, "--help")
    assert done.code == 0
    assert done.err == ""
    assert done.out.startswith(f"Usage: {' '.join(['textmeter', *command])} [OPTIONS]")
    assert "Show this help." in done.out
    groups: tuple[list[str], ...] = (
        [],
        ["account"],
        ["blasts"],
        ["campaign"],
        ["contacts"],
        ["config"],
        ["consent"],
        ["email"],
        ["groups"],
        ["plan"],
        ["rates"],
        ["scheduled"],
        ["sender"],
        ["serve"],
        ["smartplan"],
        ["templates"],
    )
    has_its_own_commands = command in groups
    assert ("Examples:" in done.out) or has_its_own_commands or command[-1] == "list"


def test_the_help_of_all_lists_every_command_with_a_line_about_it(textmeter: Textmeter) -> None:
    out = textmeter("--help").out
    for name in COMMANDS:
        assert re.search(rf"^  {name} +\S.+", out, re.MULTILINE), name


def test_readme_lists_every_command() -> None:
    readme = (CHECKOUT / "tui" / "README.md").read_text(encoding="utf-8")
    table = readme.partition("## Every command")[2].partition("## ")[0]
    named = [row.split("|")[1] for row in table.replace("\\|", "/").splitlines() if row.startswith("| `")]
    for name in COMMANDS:
        assert any(re.search(rf"`(textmeter )?{name}\b", row) for row in named), name
    groups = (CHECKOUT / "README.md").read_text(encoding="utf-8").partition("## Commands")[2]
    assert [name for name in COMMANDS if not re.search(rf"`(textmeter )?{name}\b", groups)] == []


def test_a_group_without_a_command_shows_its_help_as_an_error(textmeter: Textmeter) -> None:
    done = textmeter("account")
    assert (done.code, done.out) == (2, "")
    assert "Open accounts, list them and set the default." in done.err


def test_the_version_is_told(textmeter: Textmeter) -> None:
    done = textmeter("--version")
    assert done.code == 0
    assert re.fullmatch(r"textmeter \S+\n", done.out)


# Languages


class Marking(Language):
    """A language that marks what was translated, so that what was not stands out."""

    def gettext(self, message: str) -> str:
        return f"«{message}»" if message else ""

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return f"«{singular if count == 1 else plural}»"


def left_untranslated(text: str) -> list[str]:
    """The words outside of marks that aren't names of options, commands or examples."""
    head = text.partition("«Examples»:")[0]
    outside = re.sub(r"«[^«»]*»", " ", head)
    outside = re.sub(r"--?[a-z-]+", " ", outside)
    names = {"textmeter", *COMMANDS, *(name for command in EVERY_HELP for name in command)}
    return [word for word in re.findall(r"[A-Za-z]+", outside) if word not in names]


@pytest.mark.parametrize("command", EVERY_HELP, ids=" ".join)
def test_help_is_translated_to_the_last_word(
    textmeter: Textmeter, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setattr(running, "Language", Marking)
    assert left_untranslated(textmeter(*command, "--help").out) == []


MISTAKES = [
    ["blance"],
    ["xyzzy"],
    ["balance", "--jsno"],
    ["segments", "-5 degrees"],
    ["charge"],
    ["balance", "more"],
    ["history", "--limit"],
    ["balance", "--json=3"],
    ["history", "--limit", "none"],
    ["history", "--kind", "kind"],
    ["history", "--since", "then"],
    ["--account", "x", "balance"],
    ["--screen", "nowhere"],
    ["--database"],
    ["estimate", "Hi"],
    ["account", "open"],
    ["account", "--"],
]


@pytest.mark.parametrize("arguments", MISTAKES, ids=" ".join)
def test_a_mistake_gets_a_sentence_of_ours_in_the_language_asked_for(
    textmeter: Textmeter, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setattr(running, "Language", Marking)
    done = textmeter(*arguments)
    assert (done.code, done.out) == (2, "")
    sentence = done.err.splitlines()[0]
    assert sentence.startswith("«")
    assert "That can't be understood" not in sentence


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        (["--lang", "es", "balance"], "es"),
        (["--lang=es-MX", "--help"], "es-MX"),
        (["--database", "x.db", "--lang", "es", "balance"], "es"),
        (["--screen", "history", "--lang", "es"], "es"),
        (["balance", "--lang", "es"], "de_AT"),
        (["segments", "--", "--lang", "es"], "de_AT"),
        (["--lang"], "de_AT"),
    ],
)
def test_the_language_is_the_one_asked_for_else_the_environments(
    textmeter: Textmeter, monkeypatch: pytest.MonkeyPatch, arguments: list[str], asked: str
) -> None:
    tags: list[str] = []

    class Noting(Language):
        def __init__(self, tag: str) -> None:
            tags.append(tag)
            super().__init__(tag)

    monkeypatch.setenv("LANG", "de_AT.UTF-8")
    monkeypatch.setattr(running, "Language", Noting)
    textmeter(*arguments)
    assert tags == [asked]


def test_a_language_that_is_not_spoken_is_named_and_english_is(textmeter: Textmeter) -> None:
    done = textmeter("--lang", "tlh", "segments", "Hello")
    assert done.code == 0
    assert "isn't available in tlh" in done.err
    assert "1 segment" in done.out


# Mistakes


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [(["blance"], "balance"), (["contacts", "imprt"], "import"), (["balance", "--jsno"], "--json")],
)
def test_a_slip_of_the_finger_is_answered_with_what_was_meant(
    textmeter: Textmeter, arguments: list[str], meant: str
) -> None:
    assert f"Did you mean {meant}?" in textmeter(*arguments).err


def test_escape_sequences_in_what_was_typed_reach_no_terminal(textmeter: Textmeter) -> None:
    assert "\x1b" not in textmeter("\x1b[2Jbalance").err


def test_without_a_terminal_the_app_does_not_open(textmeter: Textmeter) -> None:
    for command in ([], ["compose", "Hi"]):
        done = textmeter(*command)
        assert done.code == 2
        assert "needs a terminal" in done.err


def test_the_app_opens_without_the_parser_of_commands() -> None:
    """Which takes a tenth of the time until the first paint."""
    program = "import sys; from tui.commands import main; main([]); sys.exit('click' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, stdin=subprocess.DEVNULL)
    assert done.returncode == 0


# Accounts and databases


def test_without_an_account_it_is_said_how_to_open_one(textmeter: Textmeter) -> None:
    done = textmeter("balance")
    assert done.code == 2
    assert "textmeter account open" in done.err


def test_of_several_accounts_one_must_be_named(account: Textmeter) -> None:
    open_account(account)
    done = account("balance", "--json")
    assert (done.code, done.json["error"]["code"]) == (2, "which-account")
    assert account("--account", "2", "balance").code == 0


def test_an_account_that_is_not_there_is_named(account: Textmeter) -> None:
    done = account("--account", "7", "balance")
    assert done.code == 2
    assert "7" in done.err


def test_the_database_may_be_named(textmeter: Textmeter, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else where" / "other.db"
    for url in (str(elsewhere), f"sqlite:///{elsewhere}"):
        assert textmeter("--database", url, "account", "list").code == 0
    assert elsewhere.exists()
    assert not (tmp_path / "textmeter.sqlite3").exists()


def test_a_file_that_is_no_database_is_left_alone(textmeter: Textmeter, tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_bytes(b"Dear Zoe, " * 1_000)
    done = textmeter("--database", str(file), "balance", "--json")
    assert (done.code, done.json["error"]["code"]) == (1, "corrupt")
    assert file.read_bytes() == b"Dear Zoe, " * 1_000


def test_a_database_of_a_newer_textmeter_is_left_alone(account: Textmeter, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "textmeter.sqlite3") as database:
        database.execute("UPDATE schema_version SET version = 999")
    database.close()
    done = account("balance", "--json")
    assert (done.code, done.json["error"]["code"]) == (1, "newer-database")


def test_a_locked_database_is_reported_and_nothing_is_charged(
    demo: Textmeter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.engines.sqlite.BUSY_SECONDS", 0.05)
    database = sqlite3.connect(tmp_path / "textmeter.sqlite3")
    database.execute("BEGIN IMMEDIATE")
    done = demo("charge", "5", "--json")
    database.rollback()
    database.close()
    assert (done.code, done.json["error"]["code"]) == (1, "locked")
    assert demo("balance", "--json").json["available"] == 300


def test_a_folder_that_cannot_be_made_is_reported(textmeter: Textmeter, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = textmeter("--database", str(tmp_path / "file" / "textmeter.db"), "balance", "--json")
    assert (done.code, done.json["error"]["code"]) == (1, "unwritable")


def test_a_database_that_we_do_not_speak_is_reported(textmeter: Textmeter) -> None:
    assert textmeter("--database", "oracle://host/name", "balance").code == 2


# The clock


def test_only_a_demo_clock_is_moved(account: Textmeter) -> None:
    commands = (
        *(["balance"], ["verify"], ["account", "list"], ["contacts", "list"], ["renew"]),
        ["backup", "never.sqlite3"],
    )
    for command in commands:
        done = account("--now", "2030-01-01", *command, "--json")
        assert (done.code, done.json["error"]["code"]) == (4, "no-demo-clock"), command


def test_a_time_without_an_offset_is_in_the_accounts_zone(demo: Textmeter) -> None:
    assert demo("--now", "2026-04-30T23:59:59", "balance", "--json").json["available"] == 300
    assert demo("--now", "2026-05-01T03:59:59Z", "balance", "--json").json["available"] == 300
    assert demo("--now", "2026-05-01", "balance", "--json").json["available"] == 600


def test_a_demo_clock_is_moved_by_ten_years_at_most(demo: Textmeter) -> None:
    done = demo("--now", "2126-04-16", "balance", "--json")
    assert (done.code, done.json["error"]["code"]) == (4, "too-far")
    assert demo("balance", "--json").json["period"]["ends"] == "2026-05-01"
    assert demo("--now", "2036-04-16", "balance", "--json").json["period"]["ends"] == "2036-05-01"


def test_moving_one_demo_clock_moves_no_other(demo: Textmeter) -> None:
    open_account(demo, "--demo-clock", now="2026-04-20")
    open_account(demo)  # by the real clock
    demo("--account", "1", "--now", "2030-01-01", "balance")
    assert demo("--account", "2", "clock", "--json").json["now"] == "2026-04-20T00:00:00-04:00"
    renewed = demo("renew", "--json").json
    assert (renewed["boundaries"], renewed["accounts"]) == (0, 3)
    assert demo("--account", "2", "balance", "--json").json["available"] == 300
    assert demo("--account", "3", "balance", "--json").json["available"] == 300


def test_a_demo_clock_stands_still_until_it_is_moved(demo: Textmeter) -> None:
    demo("--now", "2026-05-02", "balance")
    assert demo("balance", "--json").json["period"] == {"starts": "2026-05-01", "ends": "2026-06-01"}


def test_a_time_before_the_last_one_processes_nothing_and_warns(demo: Textmeter) -> None:
    demo("--now", "2026-06-02", "balance")
    done = demo("--now", "2026-05-02", "balance", "--json")
    assert done.code == 0
    assert done.json["available"] == 900
    assert done.err.count("The clock is behind") == 1
    assert demo("--now", "2026-05-02", "renew").err.count("The clock is behind") == 1


@pytest.mark.parametrize("time", ["yesterday", "2026-13-01", "9999-12-31T23:59:59-23:00", "", "\x00"])
def test_a_time_that_is_none_is_refused(demo: Textmeter, time: str) -> None:
    done = demo("--now", time, "balance", "--json")
    if time:
        assert (done.code, done.json["error"]["code"]) == (2, "usage")
    else:  # as if nothing was named
        assert done.code == 0


# How a run ends


def test_what_nobody_expected_is_a_sentence_and_a_file(
    account: Textmeter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_arguments: object) -> None:
        raise LookupError("a bug")

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("store.credits.ledger.Ledger.balance", fail)
    done = account("balance")
    assert (done.code, done.out) == (1, "")
    assert "Traceback" not in done.err
    (report,) = (tmp_path / "state" / "textmeter").glob("textmeter-error-*.txt")
    assert str(report) in done.err
    assert "LookupError: a bug" in report.read_text()
    assert report.stat().st_mode & 0o077 == 0


def test_ctrl_c_ends_it_with_a_calm_line(account: Textmeter, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("store.credits.ledger.Ledger.balance", interrupt)
    done = account("balance")
    assert done.code == 130
    assert done.err.strip() == "Stopped. Everything done so far is saved."


def test_ctrl_c_while_it_waits_for_input_ends_it(tmp_path: Path) -> None:
    process = start("segments", "--jsonl", stdin=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b'"a"\n')
    process.stdin.flush()
    assert process.stdout.readline().startswith(b'{"encoding"')  # so an answer comes before the input ends
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate()
    assert process.returncode == 130
    assert err.strip() == b"Stopped. Everything done so far is saved."


def test_a_reader_that_has_seen_enough_ends_it_quietly(tmp_path: Path) -> None:
    texts = tmp_path / "texts.jsonl"
    texts.write_bytes(b'"a"\n' * 100_000)
    with texts.open("rb") as stdin:
        process = start("segments", "--jsonl", stdin=stdin)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.wait() == 141
    assert process.stderr.read() == b""
    process.stderr.close()


def test_without_output_it_still_does_its_work(tmp_path: Path) -> None:
    closed = f'exec {sys.executable} -c "$0" segments Hello >&- 2>&-'
    done = subprocess.run(["sh", "-c", closed, PROGRAM], cwd=CHECKOUT)
    assert done.returncode == 0


def test_a_terminal_without_utf_8_gets_what_it_can_show() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    process = start("segments", "Zoë — ☀", env=environment)
    out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert b"Zo? ? ?" in out


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    process = start("--database", str(tmp_path / "x.db"), "send", "--to", "+14155550123", b"Zo\xeb")
    _out, err = process.communicate()
    assert process.returncode == 2
    assert b"UTF-8" in err
