"""What an installation is told: by options, variables, a file and defaults, and how that file is changed."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from store import config
from store.config import ConfigMistake, Origin, editing, found, number, text
from store.config.kinds import Kind
from store.config.schema import BY_KEY, SCHEMA, entry
from store.errors import TextmeterError, WrongUsage
from tests.environment import CHECKOUT


@pytest.fixture
def file(home: Path) -> Path:
    """Where the file would be, in a folder that is there."""
    path = home / ".config" / "textmeter" / "config.toml"
    path.parent.mkdir(parents=True)
    return path


def test_nothing_is_set_where_nobody_says_anything(home: Path) -> None:
    assert config.path() == home / ".config" / "textmeter" / "config.toml"
    assert found(entry("serve.idle")) == (15, Origin.DEFAULT)
    assert found(entry("mail.url")) == (None, Origin.DEFAULT)
    assert found(entry("database")).value == str(home / ".local/share/textmeter/textmeter.sqlite3")
    assert (text("mail.url"), number("account")) == ("", None)


def test_an_option_counts_before_a_variable_and_that_before_the_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle = entry("serve.idle")
    file.write_text("[serve]\nidle = 20\n", encoding="utf-8")
    assert found(idle) == (20, Origin.FILE)
    monkeypatch.setenv("TEXTMETER_SERVE_IDLE", "25")
    assert found(idle) == (25, Origin.ENVIRONMENT)
    assert found(idle, {"serve.idle": 30}) == (30, Origin.OPTION)
    monkeypatch.setenv("TEXTMETER_SERVE_IDLE", "")
    assert found(idle) == (20, Origin.FILE)


def test_a_change_of_the_file_is_seen_at_once(file: Path) -> None:
    file.write_text('language = "es"\n', encoding="utf-8")
    assert text("language") == "es"
    file.write_text('language = "es-MX"\n', encoding="utf-8")
    assert text("language") == "es-MX"
    file.unlink()
    assert text("language") == ""


def test_a_variable_names_another_file_whose_folder_has_the_catalog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTMETER_CONFIG", str(tmp_path / "other.toml"))
    (tmp_path / "other.toml").write_text('database = "/srv/texts.db"\n', encoding="utf-8")
    (tmp_path / "catalog").mkdir()
    assert config.default_database() == "/srv/texts.db"
    assert config.default_catalog() == tmp_path / "catalog"


@pytest.mark.parametrize(
    ("lines", "key", "line", "says"),
    [
        ("\n[serve]\nidle = 0\n", "serve.idle", 3, "a whole number from 1 to"),
        ('[serve]\nidle = "15"\n', "serve.idle", 2, "a whole number from 1 to"),
        ("[serve]\nidle = true\n", "serve.idle", 2, "a whole number from 1 to"),
        ("serve.idle = 0\n", "serve.idle", 1, "a whole number from 1 to"),
        ("databse = '/srv/texts.db'\n", "databse", 1, "did you mean database?"),
        ("[serve]\nidel = 3\n", "serve.idel", 2, "did you mean serve.idle?"),
        ("zzzz = 1\n", "zzzz", 1, "`textmeter config list` lists them all"),
        ("database = ''\n", "database", 1, "text in quotes"),
        ("database = 3\n", "database", 1, "text in quotes"),
        ("database = 'texts.db'\n", "database", 1, "a full path, starting with / or ~"),
        ("database = 'postgresql://ann:hunter2@db/texts'\n", "database", 1, "passwords don't belong"),
        (
            "database = 'postgresql://ann@db/texts?password=hunter2'\n",
            "database",
            1,
            "passwords don't belong",
        ),
        (
            "database = 'oracle://ann:hunter2@db/texts'\n",
            "database",
            1,
            "a path or a database URL",
        ),
        ("[mail]\nurl = 'smtp://me:hunter2@mail.example.com'\n", "mail.url", 2, "passwords don't belong"),
        ("[mail]\nurl = 'me:hunter2@mail.example.com'\n", "mail.url", 2, "passwords don't belong"),
        ("[mail]\n\npassword = 'hunter2'\n", "mail.password", 3, "secrets don't belong in this file"),
        ("language = 'C.UTF-8'\n", "language", 1, "a language, such as es"),
        ('language = "e\\u0007s"\n', "language", 1, "one line of text"),
        ("\nlanguage = \n", "", 2, "it isn't valid TOML"),
    ],
)
def test_a_mistake_names_file_key_and_line_and_repeats_no_value(
    file: Path, lines: str, key: str, line: int, says: str
) -> None:
    file.write_text(lines, encoding="utf-8")
    with pytest.raises(ConfigMistake) as raised:
        found(entry("stripe.url"))
    assert raised.value.details == {"file": str(file), "key": key, "line": line}
    assert says in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_a_variable_that_cant_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTMETER_SERVE_SESSIONS", "many")
    with pytest.raises(ConfigMistake, match="TEXTMETER_SERVE_SESSIONS: must be a whole number"):
        found(entry("serve.sessions"))


def test_a_file_that_cant_be_read_says_why(file: Path) -> None:
    file.mkdir()
    with pytest.raises(ConfigMistake, match="Is a directory"):
        text("language")


def test_a_key_that_is_none_is_answered_with_the_nearest() -> None:
    with pytest.raises(WrongUsage, match=r"no setting mail.ulr. Did you mean mail.url\?"):
        entry("mail.ulr")
    with pytest.raises(WrongUsage, match="no setting colour"):
        entry("colour")


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        (
            "mail.url",
            "smtp://me:hunter2@mail.example.com:587?to=a@b.c",
            "smtp://me:…@mail.example.com:587?to=a@b.c",
        ),
        ("mail.url", "smtp://me@mail.example.com?to=a@b.c", "smtp://me@mail.example.com?to=a@b.c"),
        ("mail.url", "smtp://me:hun/ter2@mail.example.com", "…"),
        ("mail.url", "me:hunter2@mail.example.com", "…"),
        ("database", "postgresql://ann:hunter2@db/texts", "ann@db/texts"),
        ("database", "/srv/texts.db", "/srv/texts.db"),
        ("stripe.key", "sk_test_hunter2", "…"),
    ],
)
def test_no_password_is_shown(key: str, value: str, shown: str) -> None:
    assert entry(key).shown(value) == shown


# Changes


HAND_WRITTEN = """\
# Ours
language = "es"   # Maria's

[serve]
idle = 20
# longest = 100

[mail]
url = "smtp://mail.example.com?from=a@b.co&to=a@b.co"
"""


def test_a_change_keeps_comments_and_order(file: Path) -> None:
    file.write_text(HAND_WRITTEN, encoding="utf-8")
    editing.put(entry("serve.idle"), "30")
    assert file.read_text(encoding="utf-8") == HAND_WRITTEN.replace("idle = 20", "idle = 30")
    editing.put(entry("language"), "en")
    editing.put(entry("serve.sessions"), "5")
    editing.put(entry("database"), "/srv/texts.db")
    editing.put(entry("stripe.url"), "http://localhost:8420")
    changed = file.read_text(encoding="utf-8")
    assert [line for line in changed.splitlines() if "#" in line] == [
        "# Ours",
        'language = "en"   # Maria\'s',
        "# longest = 100",
    ]
    assert config.values() == {
        "language": "en",
        "database": "/srv/texts.db",
        "serve.idle": 30,
        "serve.sessions": 5,
        "mail.url": "smtp://mail.example.com?from=a@b.co&to=a@b.co",
        "stripe.url": "http://localhost:8420",
    }


def test_an_empty_value_takes_a_setting_out(file: Path) -> None:
    file.write_text(HAND_WRITTEN, encoding="utf-8")
    editing.put(entry("serve.idle"), "")
    assert file.read_text(encoding="utf-8") == HAND_WRITTEN.replace("idle = 20\n", "")
    editing.put(entry("stripe.url"), "")
    assert found(entry("serve.idle")) == (15, Origin.DEFAULT)


def test_dotted_keys_are_changed_where_they_stand(file: Path) -> None:
    file.write_text("serve.idle = 20 # short\n", encoding="utf-8")
    editing.put(entry("serve.idle"), "21")
    assert file.read_text(encoding="utf-8") == "serve.idle = 21 # short\n"


def test_a_new_file_is_for_its_owner_alone_and_what_an_old_one_lets_others_do_stays(home: Path) -> None:
    path = config.path()
    editing.put(entry("serve.idle"), "30")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    editing.put(entry("serve.idle"), "31")
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert sorted(child.name for child in path.parent.iterdir()) == ["config.schema.json", "config.toml"]


def test_a_file_that_is_a_link_stays_one(file: Path, tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles.toml"
    kept.write_text("", encoding="utf-8")
    file.symlink_to(kept)
    editing.put(entry("serve.idle"), "30")
    assert file.is_symlink()
    assert "idle = 30" in kept.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("key", "typed", "says"),
    [
        (
            "serve.idle",
            "soon",
            "serve.idle: must be a whole number from 1 to",
        ),
        ("serve.idle", "-3", "whole number"),
        ("serve.idle", "12345678901", "whole number"),
        ("language", "e s", "a language, such as"),
        ("database", "postgresql://ann:hunter2@db/texts", "passwords don't belong in this file"),
        ("mail.url", "smtp://me:hunter2@example.com?from=a@b.co&to=a@b.co", "config set mail.password -"),
        ("mail.url", "smtp://example.com", "TEXTMETER_MAIL isn't valid"),
        ("stripe.url", "http://a\nb", "one line"),
    ],
)
def test_what_doesnt_fit_is_refused_before_anything_is_written(
    file: Path, key: str, typed: str, says: str
) -> None:
    with pytest.raises(WrongUsage) as refused:
        editing.put(entry(key), typed)
    assert says in str(refused.value)
    assert "hunter2" not in str(refused.value)
    assert not file.exists()


def test_a_path_is_kept_whole(file: Path, home: Path) -> None:
    editing.put(entry("database"), "texts.db")
    assert found(entry("database")).value == str(home / "texts.db")
    editing.put(entry("catalog"), "~/prices")
    assert found(entry("catalog")).value == str(home / "prices")
    editing.put(entry("database"), "postgresql://ann@db/texts")
    assert found(entry("database")).value == "postgresql://ann@db/texts"


def test_a_change_mends_a_mistake_and_leaves_no_other(file: Path) -> None:
    file.write_text("[serve]\nidle = 0\n", encoding="utf-8")
    with pytest.raises(ConfigMistake, match=r"line 2, serve.idle"):
        editing.put(entry("serve.sessions"), "5")
    assert file.read_text(encoding="utf-8") == "[serve]\nidle = 0\n"
    editing.put(entry("serve.idle"), "5")
    assert number("serve.idle") == 5
    file.write_text("[serve\n", encoding="utf-8")
    with pytest.raises(ConfigMistake, match="it isn't valid TOML"):
        editing.put(entry("serve.idle"), "5")
    assert file.read_text(encoding="utf-8") == "[serve\n"


def test_what_cant_be_written_is_said(home: Path) -> None:
    (home / ".config").write_text("no folder", encoding="utf-8")
    with pytest.raises(TextmeterError, match="Can't write to") as raised:
        editing.put(entry("serve.idle"), "5")
    assert raised.value.code == "unwritable"


# The schema


def test_each_setting_has_a_variable_of_its_own_and_a_default_that_it_takes() -> None:
    assert len({setting.variable for setting in SCHEMA}) == len(BY_KEY) == len(SCHEMA)
    for setting in SCHEMA:
        assert setting.variable.startswith("TEXTMETER_")
        if setting.default is not None:
            assert setting.filed(setting.default) == setting.typed(str(setting.default)) == setting.default
        assert setting.secret == (setting.kind is Kind.SECRET)


def test_readme_names_every_setting_and_its_variable() -> None:
    readme = (CHECKOUT / "store" / "README.md").read_text(encoding="utf-8")
    rows = [line for line in readme.splitlines() if line.startswith("| `")]
    for setting in SCHEMA:
        assert any(f"`{setting.key}`" in row and f"`{setting.variable}`" in row for row in rows), setting.key
