"""The settings as a JSON Schema: what it takes is what the file may have."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from store import config
from store.config import ConfigMistake, editing
from store.config.json_schema import json_schema
from store.config.schema import SCHEMA, entry

GOOD = [
    "",
    'database = "/srv/texts.db"',
    'database = "~/texts.db"',
    'database = "postgresql://ann@db/texts"',
    'language = "es-MX"',
    'theme = "Größe"',
    "account = 1",
    '[mail]\nurl = "smtp://me@mail.example.com:587?from=a@b.co"',
    "[serve]\nidle = 30\nssh_port = 0",
    '[start]\nscreen = "home"',
    '[texts]\nnames = "Elm Realty, Zoë"\ndays_between = 365',
]
BAD = [
    'databse = "/srv/texts.db"',
    'database = "texts.db"',
    "database = 3",
    'database = "postgresql://ann:hunter2@db/texts"',
    'language = "C.UTF-8"',
    'theme = "two words"',
    "account = 0",
    'account = "1"',
    '[mail]\nurl = "smtp://me:hunter2@mail.example.com"',
    '[mail]\npassword = "hunter2"',
    "[serve]\nidle = 0",
    "[serve]\nidel = 3",
    "[serve]\nweb_port = 65536",
    '[start]\nscreen = "inbox"',
    "[texts]\ndays_between = 366",
    "serve = 3",
]


def accepts(file: dict[str, Any]) -> bool:
    schema = json_schema()
    jsonschema.Draft7Validator.check_schema(schema)
    return bool(jsonschema.Draft7Validator(schema).is_valid(file))


@pytest.mark.parametrize("lines", GOOD)
def test_a_file_that_textmeter_reads_is_good_to_an_editor(tmp_path: Path, lines: str) -> None:
    assert config.read(tmp_path / "config.toml", lines) is not None
    assert accepts(tomllib.loads(lines))


@pytest.mark.parametrize("lines", BAD)
def test_a_file_that_textmeter_refuses_is_marked_by_an_editor(tmp_path: Path, lines: str) -> None:
    with pytest.raises(ConfigMistake):
        config.read(tmp_path / "config.toml", lines)
    assert not accepts(tomllib.loads(lines))


@pytest.mark.parametrize("setting", SCHEMA, ids=lambda setting: setting.key)
def test_every_setting_is_in_it_with_its_own_sentence(setting: Any) -> None:
    group, _, name = setting.key.rpartition(".")
    properties = json_schema()["properties"]
    about = (properties[group]["properties"] if group else properties)[name]
    assert about["title"] == setting.name
    assert setting.secret or about["description"] == setting.help
    assert about.get("default") == setting.default


def test_nothing_else_is_in_it() -> None:
    properties = json_schema()["properties"]
    keys = {
        f"{name}.{inner}" if "properties" in about else name
        for name, about in properties.items()
        for inner in about.get("properties", {"": None})
    }
    assert keys == {setting.key for setting in SCHEMA}


def test_it_speaks_the_language_that_is_asked_for() -> None:
    told = json_schema(lambda message: f"«{message}»")
    assert told["title"].startswith("«")
    assert told["properties"]["serve"]["properties"]["idle"]["description"].startswith("«")


def test_a_file_of_ours_names_it_in_its_first_line(home: Path) -> None:
    editing.put(entry("serve.idle"), "30")
    file = config.path()
    assert file.read_text(encoding="utf-8") == "#:schema ./config.schema.json\n\n[serve]\nidle = 30\n"
    beside = file.parent / "config.schema.json"
    assert json.loads(beside.read_text(encoding="utf-8")) == json_schema()
    assert beside.stat().st_mode & 0o077 == 0


def test_a_file_of_somebody_elses_is_left_without(home: Path) -> None:
    file = config.path()
    file.parent.mkdir(parents=True)
    file.write_text("# Ours\n", encoding="utf-8")
    editing.put(entry("serve.idle"), "30")
    assert "schema" not in file.read_text(encoding="utf-8")
    assert [path.name for path in file.parent.iterdir()] == ["config.toml"]
