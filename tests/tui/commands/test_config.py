"""`textmeter config`, and what commands make of it."""

from __future__ import annotations

import getpass
from pathlib import Path

import pytest

from store import secrets
from store.config.schema import SCHEMA
from store.secrets import Place, Secret
from tests.tui.commands.conftest import Textmeter, open_account
from tests.tui.commands.test_doctor import checks

VALUE = "hunter2-hunter2"


@pytest.fixture
def file(home: Path) -> Path:
    path = home / ".config" / "textmeter" / "config.toml"
    path.parent.mkdir(parents=True)
    return path


def test_all_settings_are_listed_with_where_they_come_from(textmeter: Textmeter, tmp_path: Path) -> None:
    done = textmeter("--account", "1", "config", "list", "--json")
    listed = {one["key"]: (one["value"], one["from"], one["set"]) for one in done.json}
    assert list(listed) == [setting.key for setting in SCHEMA]
    assert listed["database"] == (str(tmp_path / "textmeter.sqlite3"), "environment", True)
    assert listed["account"] == (1, "option", True)
    assert listed["serve.idle"] == (15, "default", True)
    assert listed["mail.url"] == (None, "default", False)
    words = textmeter("config", "list").out
    assert "Minutes without a key press before a guest's session ends." in words


def test_a_setting_is_changed_and_read_again(textmeter: Textmeter, file: Path) -> None:
    assert textmeter("config", "path").out == f"{file}\n"
    changed = textmeter("config", "set", "serve.idle", "30", "--json")
    assert (changed.json["value"], changed.json["from"], changed.err) == (30, "file", "")
    assert file.read_text(encoding="utf-8") == "#:schema ./config.schema.json\n\n[serve]\nidle = 30\n"
    assert textmeter("config", "get", "serve.idle").out == "30\n"
    assert textmeter("config", "set", "serve.idle", "").out == "15\n"
    assert textmeter("config", "path", "--json").json == {"path": str(file)}


def test_a_change_that_a_variable_hides_says_so(textmeter: Textmeter, tmp_path: Path) -> None:
    done = textmeter("config", "set", "database", "/srv/texts.db")
    assert (done.code, done.out) == (0, f"{tmp_path / 'textmeter.sqlite3'}\n")
    assert "environment variable TEXTMETER_DATABASE sets this" in done.err


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["get", "serve.idel"], 2, "no-such-setting"),
        (["set", "serve.idle", "soon"], 2, "wrong-value"),
        (["set", "stripe.key", VALUE], 2, "usage"),
        (["set", "serve.idle"], 2, "usage"),
    ],
)
def test_what_cant_be_done_changes_nothing(
    textmeter: Textmeter, file: Path, arguments: list[str], code: int, word: str
) -> None:
    done = textmeter("config", *arguments, "--json")
    assert (done.code, done.json["error"]["code"]) == (code, word)
    assert VALUE not in done.out + done.err
    assert list(file.parent.iterdir()) == []


def test_a_secret_is_read_from_standard_input_and_never_shown(textmeter: Textmeter, file: Path) -> None:
    assert textmeter("config", "get", "mail.password").out == "not set\n"
    done = textmeter("config", "set", "mail.password", "-", stdin=f"{VALUE}\n".encode())
    assert (done.code, done.out, done.err) == (0, "set (file)\n", "")
    assert secrets.secret("mail.password") == Secret(VALUE, Place.FILE)
    assert not file.exists()
    for command in (["config", "list"], ["config", "get", "mail.password"], ["doctor"]):
        for form in ([], ["--json"]):
            done = textmeter(*command, *form)
            assert VALUE not in done.out + done.err
    one = textmeter("config", "get", "mail.password", "--json").json
    assert (one["value"], one["from"], one["set"]) == (None, "file", True)
    assert textmeter("config", "set", "mail.password", "").out == "not set\n"
    assert secrets.secret("mail.password") is None


def test_at_a_terminal_a_secret_is_asked_for(textmeter: Textmeter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.commands.config.can_ask", lambda: True)
    monkeypatch.setattr(getpass, "getpass", lambda prompt, stream: VALUE)
    assert textmeter("config", "set", "stripe.key", "-").out == "set (file)\n"
    assert secrets.secret("stripe.key") == Secret(VALUE, Place.FILE)


def test_a_password_in_a_variables_url_isnt_shown(
    textmeter: Textmeter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTMETER_MAIL", f"smtp://me:{VALUE}@mail.example.com?from=a@b.co&to=a@b.co")
    done = textmeter("config", "list", "--json")
    assert VALUE not in done.out
    values = {setting["key"]: setting["value"] for setting in done.json}
    assert "smtp://me:…@mail.example.com" in values["mail.url"]


# A mistake


def test_a_mistake_stops_what_needs_the_file_and_names_its_line(account: Textmeter, file: Path) -> None:
    file.write_text("[serve]\nidle = 0\n", encoding="utf-8")
    for command in (["balance"], ["config", "list"], ["config", "get", "serve.idle"]):
        done = account(*command, "--json")
        assert (done.code, done.json["error"]["code"]) == (1, "config")
        assert {key: done.json["error"][key] for key in ("file", "key", "line")} == {
            "file": str(file),
            "key": "serve.idle",
            "line": 2,
        }
    assert account("segments", "Hi").code == 0
    assert account("config", "path").code == 0
    assert account("config", "set", "serve.idle", "5").code == 0
    assert account("balance").code == 0


def test_doctor_names_the_file_its_mistakes_and_where_secrets_are(account: Textmeter, file: Path) -> None:
    found = checks(account("doctor", "--json"))
    assert found["config"]["value"] == f"{file} (not found)"
    assert "secret" not in found
    account("config", "set", "stripe.key", "-", stdin=b"sk_test_1")
    file.write_text("[serve]\nidle = 15\n", encoding="utf-8")
    done = account("doctor", "--json")
    assert checks(done)["config"] == {"name": "config", "value": str(file), "ok": True, "advice": ""}
    assert checks(done)["secret"]["value"] == "stripe.key: file"
    assert "sk_test_1" not in done.out + account("doctor").out
    secrets.path().chmod(0o644)
    exposed = checks(account("doctor", "--json"))["secret"]
    assert not exposed["ok"]
    assert "chmod 600" in exposed["advice"]
    secrets.path().chmod(0o600)
    file.write_text("[serve]\nidle = 0\n", encoding="utf-8")
    done = account("doctor", "--json")
    assert (done.code, checks(done)["config"]["ok"]) == (1, False)
    assert "line 2, serve.idle" in checks(done)["config"]["advice"]


# What it does


def test_the_files_language_is_that_of_commands_unless_an_option_names_one(
    textmeter: Textmeter, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert textmeter("config", "set", "language", "es").code == 0
    assert "Muestra" in textmeter("--help").out
    assert "Muestra" not in textmeter("--lang", "en", "--help").out
    monkeypatch.setenv("TEXTMETER_LANGUAGE", "en")
    assert "Muestra" not in textmeter("--help").out


def test_the_files_account_is_the_one_to_begin_with_in_the_files_database_alone(
    textmeter: Textmeter, file: Path, tmp_path: Path
) -> None:
    open_account(textmeter)
    second = textmeter("account", "open", "--product", "agent-email", "--plan", "free", "--yes", "--json")
    assert second.json["id"] == 2
    assert textmeter("account", "default", "1").code == 0
    assert textmeter("balance", "--json").json["plan"] == "300"
    textmeter("config", "set", "account", "2")
    assert textmeter("balance", "--json").json["plan"] == "free"
    assert textmeter("--account", "1", "balance", "--json").json["plan"] == "300"
    named = textmeter("--database", str(tmp_path / "textmeter.sqlite3"), "balance", "--json")
    assert named.json["plan"] == "300"


def test_the_files_database_is_used_where_neither_option_nor_variable_names_one(
    textmeter: Textmeter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEXTMETER_DATABASE")
    textmeter("config", "set", "database", str(tmp_path / "files.sqlite3"))
    open_account(textmeter)
    assert (tmp_path / "files.sqlite3").exists()


def test_the_files_limits_are_what_serve_begins_with(textmeter: Textmeter, file: Path) -> None:
    from tui.commands.serve import command
    from tui.i18n.language import Language

    textmeter("config", "set", "serve.sessions_by_address", "3")
    serve = command(Language("en"))
    for name in ("ssh", "web"):
        options = {option.name: option.default for option in serve.commands[name].params}  # type: ignore[attr-defined]
        assert (options["sessions_by_address"], options["idle"], options["longest"]) == (3, 15, 240)


def test_a_kept_password_lets_people_in_by_the_web(textmeter: Textmeter) -> None:
    textmeter("config", "set", "web.password", "-", stdin=b"short")
    done = textmeter("serve", "web", "--password")
    assert (done.code, "too short" in done.err) == (2, True)
