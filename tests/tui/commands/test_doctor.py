"""`textmeter doctor` and `completion`."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from store.credits.catalog_files import SHIPPED
from tests.store.mail.mailchimp_standin import AUDIENCE, KEY, MailchimpStandin
from tests.store.messages.providers.loopback import running
from tests.tui.commands.conftest import Textmeter
from tui.commands.completion import SHELLS


def checks(done: Any) -> dict[str, dict[str, Any]]:
    return {check["name"]: check for check in done.json["checks"]}


def test_all_is_well_on_a_good_day(account: Textmeter, tmp_path: Path) -> None:
    done = account("doctor", "--json")
    found = checks(done)
    assert (done.code, done.json["ok"]) == (0, True)
    assert found["database"]["value"] == str(tmp_path / "textmeter.sqlite3")
    assert found["permissions"]["value"] == "600"
    assert found["ledger"]["value"] == "1 account, 1 line"
    assert found["terminal"]["value"] == "xterm-256color"
    assert found["language"]["value"] == "en (English)"


def test_each_sender_is_named_with_the_worst_that_is_found(account: Textmeter) -> None:
    assert "simulated" in checks(account("doctor", "--json"))["sender"]["value"]
    account("sender", "set", "desk", "provider=simulated")
    done = account("doctor", "--json")
    assert done.code == 0
    assert checks(done)["sender"]["value"] == "desk (Simulated): 1 warning"
    account("sender", "remove", "desk")
    account("sender", "set", "phone", "provider=smsgate", "url=http://127.0.0.1:1", "username=sms")
    done = account("doctor", "--json")
    assert done.code == 1
    assert checks(done)["sender"]["value"] == "phone (An Android phone (SMSGate)): 1 thing to fix"
    assert "textmeter sender set phone password=-" in checks(done)["sender"]["advice"]


def test_mailchimp_is_asked_where_it_is_set_up(account: Textmeter, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "mailchimp" not in checks(account("doctor", "--json"))
    with running(server := MailchimpStandin()):
        monkeypatch.setenv("TEXTMETER_MAILCHIMP_KEY", KEY)
        monkeypatch.setenv("TEXTMETER_MAILCHIMP_URL", server.url)
        monkeypatch.setenv("TEXTMETER_MAILCHIMP_AUDIENCE", AUDIENCE)
        assert checks(account("doctor", "--json"))["mailchimp"]["ok"]
        monkeypatch.setenv("TEXTMETER_MAILCHIMP_AUDIENCE", "nowhere")
        done = account("doctor", "--json")
    assert (done.code, "no such audience" in checks(done)["mailchimp"]["advice"]) == (1, True)


def test_a_database_that_is_not_there_yet_is_not_made(textmeter: Textmeter, tmp_path: Path) -> None:
    assert textmeter("doctor").code == 0
    assert not (tmp_path / "textmeter.sqlite3").exists()


def test_a_database_that_others_can_read_is_to_be_mended(account: Textmeter, tmp_path: Path) -> None:
    (tmp_path / "textmeter.sqlite3").chmod(0o644)
    done = account("doctor", "--json")
    assert (done.code, checks(done)["permissions"]["ok"]) == (1, False)
    assert "chmod 600" in checks(done)["permissions"]["advice"]
    assert "chmod 600" in account("doctor").out


def test_a_damaged_database_is_a_finding_and_no_failure(textmeter: Textmeter, tmp_path: Path) -> None:
    (tmp_path / "textmeter.sqlite3").write_bytes(b"no database" * 1_000)
    done = textmeter("doctor", "--json")
    assert (done.code, checks(done)["database"]["ok"]) == (1, False)
    assert "backup" in checks(done)["database"]["advice"]


@pytest.mark.parametrize(
    ("name", "value", "check"),
    [("TERM", "dumb", "terminal"), ("TERM", "", "terminal"), ("COLUMNS", "40", "terminal-size")],
)
def test_a_terminal_that_is_not_enough_is_to_be_mended(
    account: Textmeter, monkeypatch: pytest.MonkeyPatch, name: str, value: str, check: str
) -> None:
    monkeypatch.setenv(name, value)
    assert not checks(account("doctor", "--json"))[check]["ok"]


@pytest.mark.parametrize(
    ("variables", "colours"),
    [
        ({"COLORTERM": "truecolor"}, "16777216"),
        ({"COLORTERM": ""}, "256"),
        ({"COLORTERM": "", "TERM": "xterm"}, "16"),
        ({"NO_COLOR": "1"}, "NO_COLOR"),
    ],
)
def test_the_terminals_colours_are_told(
    account: Textmeter, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], colours: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert checks(account("doctor", "--json"))["colours"]["value"] == colours


# The catalog


def test_the_catalog_is_the_one_that_comes_with_textmeter(account: Textmeter) -> None:
    assert checks(account("doctor", "--json"))["catalog"]["value"] == "built-in"


def own_catalog(folder: Path, old: str, new: str) -> Path:
    """A folder with one file of its own: an agent's texts, with something changed."""
    text = (SHIPPED / "agent-texts.toml").read_text(encoding="utf-8")
    assert old in text
    folder.mkdir(parents=True)
    (folder / "agent-texts.toml").write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_a_folder_of_ones_own_overrides_prices_and_is_told(
    account: Textmeter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = own_catalog(tmp_path / "catalog", "price_cents = 3000", "price_cents = 2900")
    monkeypatch.setenv("TEXTMETER_CATALOG", str(folder))
    prices = {plan["id"]: plan["price_cents"] for plan in account("plan", "list", "--json").json}
    assert prices == {"300": 1_000, "1000": 2_900, "3000": 7_500}
    found = checks(account("doctor", "--json"))["catalog"]
    assert found["value"] == f"your own files in {folder}: agent-texts.toml"
    assert found["ok"]


def test_a_catalog_in_the_config_folder_is_found_by_itself(account: Textmeter, home: Path) -> None:
    own_catalog(home / ".config" / "textmeter" / "catalog", "price_cents = 3000", "price_cents = 2900")
    assert account("plan", "list", "--json").json[1]["price_cents"] == 2_900


def test_a_mistake_in_a_catalog_names_file_key_and_line_and_changes_nothing(
    account: Textmeter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = own_catalog(tmp_path / "catalog", "price_cents = 3000", 'price_cents = "much"')
    monkeypatch.setenv("TEXTMETER_CATALOG", str(folder))
    done = account("balance", "--json")
    assert (done.code, done.json["error"]["code"]) == (1, "catalog")
    error = done.json["error"]
    assert (error["file"], error["key"]) == (str(folder / "agent-texts.toml"), "plans.price_cents")
    text = (folder / "agent-texts.toml").read_text(encoding="utf-8")
    assert text.splitlines()[error["line"] - 1] == 'price_cents = "much"'
    found = checks(account("doctor", "--json"))
    assert not found["catalog"]["ok"]
    assert "agent-texts.toml" in found["catalog"]["advice"]
    assert found["database"]["ok"]


def test_a_catalog_folder_that_is_not_there_is_told(
    account: Textmeter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTMETER_CATALOG", "/nowhere/at/all")
    done = account("balance")
    assert (done.code, done.out) == (1, "")
    assert "/nowhere/at/all doesn't exist" in done.err


# Completion


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shells_script_asks_textmeter(textmeter: Textmeter, shell: str) -> None:
    script = textmeter("completion", shell).out
    assert f"_TEXTMETER_COMPLETE={shell}_complete" in script


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_takes_its_script(textmeter: Textmeter, shell: str) -> None:
    program = shutil.which(shell)
    if program is not None:  # the others are checked where they are installed
        script = textmeter("completion", shell).out
        checked = subprocess.run([program, "-n"], input=script, text=True, capture_output=True)
        assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("textmeter bal", ["balance"]),
        ("textmeter account ", ["open", "list", "default"]),
        ("textmeter plan ", ["list", "quote", "change", "withdraw", "cancel"]),
        ("textmeter plan quote 400 --billing ", ["monthly", "yearly"]),
        ("textmeter clock ", ["advance"]),
        ("textmeter clock advance --to", ["--to-renewal"]),
        ("textmeter history --ki", ["--kind"]),
        ("textmeter charge 1 --kind m", ["mms"]),
        ("textmeter completion ", list(SHELLS)),
        ("textmeter --lang es comp", ["compose", "completion"]),
    ],
)
def test_words_are_completed(
    textmeter: Textmeter, monkeypatch: pytest.MonkeyPatch, words: str, expected: list[str]
) -> None:
    monkeypatch.setenv("_TEXTMETER_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split(" ")) - 1))
    done = textmeter()
    assert done.code == 0
    assert [line.removeprefix("plain,") for line in done.out.split()] == expected


def completed(textmeter: Textmeter, monkeypatch: pytest.MonkeyPatch, words: str) -> list[str]:
    """What a shell offers for the last of these words."""
    with monkeypatch.context() as shell:
        shell.setenv("_TEXTMETER_COMPLETE", "bash_complete")
        shell.setenv("COMP_WORDS", words)
        shell.setenv("COMP_CWORD", str(len(words.split(" ")) - 1))
        done = textmeter()
    assert (done.code, done.err) == (0, "")
    return [line.removeprefix("plain,") for line in done.out.splitlines() if line]


def test_what_is_in_the_database_is_completed(account: Textmeter, monkeypatch: pytest.MonkeyPatch) -> None:
    people = b"name,phone,groups\nAda,+14155550123,buyers\nBob,+14155550124,board members\n"
    assert account("contacts", "import", "-", stdin=people).code == 0
    account("templates", "save", "viewing", "See you there")
    account("sender", "set", "desk", "provider=simulated")
    account("send", "--to", "+14155550123", "--at", "2099-01-01T09:00", "Hi", "--yes")
    assert completed(account, monkeypatch, "textmeter send --group b") == ["board members", "buyers"]
    assert completed(account, monkeypatch, "textmeter groups rename bu") == ["buyers"]
    assert completed(account, monkeypatch, "textmeter templates delete vi") == ["viewing"]
    assert completed(account, monkeypatch, "textmeter send --template view") == ["viewing"]
    assert completed(account, monkeypatch, "textmeter sender check ") == ["desk"]
    assert "300" in completed(account, monkeypatch, "textmeter plan quote ")
    assert completed(account, monkeypatch, "textmeter account default ") == ["1"]
    assert completed(account, monkeypatch, "textmeter config get serve.id") == ["serve.idle"]


def test_completing_makes_no_database(
    textmeter: Textmeter, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert completed(textmeter, monkeypatch, "textmeter send --group ") == []
    assert not (tmp_path / "textmeter.sqlite3").exists()


def test_completing_nonsense_fails_quietly(textmeter: Textmeter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_TEXTMETER_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "textmeter charge nonsense --what --kind wrong --k")
    monkeypatch.setenv("COMP_CWORD", "6")
    done = textmeter()
    assert (done.code, done.out.strip(), done.err) == (0, "plain,--kind", "")


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_server_is_named_with_its_version_and_latency_and_without_a_password(
    textmeter: Textmeter, new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTMETER_DATABASE", new_database().replace("postgres@", "postgres:secret@"))
    opened = textmeter("account", "open", "--product", "agent-texts", "--plan", "300")
    assert opened.code == 0, opened.err
    done = textmeter("doctor", "--json")
    found = checks(done)
    assert (done.code, done.json["ok"]) == (0, True)
    assert found["database"]["value"].startswith("postgres@")
    assert found["server"]["value"].startswith("PostgreSQL ")
    assert found["latency"]["value"].endswith(" ms")
    assert found["ledger"]["value"] == "1 account, 1 line"
    assert not {"permissions", "sqlite"} & set(found)
    assert "secret" not in done.out + textmeter("doctor").out


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("standby", "code"), [("synchronous", 0), ("asynchronous", 1)])
def test_a_standby_that_may_lack_what_is_committed_is_something_to_mend(
    textmeter: Textmeter,
    new_database: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
    standby: str,
    code: int,
) -> None:
    monkeypatch.setenv("TEXTMETER_DATABASE", new_database())
    assert textmeter("account", "open", "--product", "agent-texts", "--plan", "300").code == 0
    monkeypatch.setattr("store.engines.postgresql.PostgreSQL.standby", lambda engine: standby)
    done = textmeter("doctor", "--json")
    assert done.code == code
    assert checks(done)["standby"]["value"] == standby
    assert ("synchronous_standby_names" in textmeter("doctor").out) is (standby == "asynchronous")


@pytest.mark.parametrize(
    ("url", "shown", "advice"),
    [
        ("postgresql://zoe:secret@127.0.0.1:1/texts", "zoe@127.0.0.1:1/texts", "Can't reach"),
        ("postgresql://zoe:sec/ret@127.0.0.1/texts", "postgresql://…", "Can't read"),
        ("oracle://zoe:secret@127.0.0.1/texts", "oracle://…", "can't open this kind of database"),
    ],
)
def test_a_server_that_cant_be_used_is_a_finding_without_its_password(
    textmeter: Textmeter, url: str, shown: str, advice: str
) -> None:
    done = textmeter("--database", url, "doctor", "--json")
    found = checks(done)["database"]
    assert (done.code, found["value"]) == (1, shown)
    assert advice in found["advice"]
    assert "sec" not in done.out + done.err
