"""Looks of a person's own: read from files, listed, followed as they change."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.errors import TextmeterError
from tests.tui.base.looking import inks
from tests.tui.harness import make_app, make_store, press, settled, toasts, words
from tui.base.contrast import TEXT, contrast
from tui.base.looks import DAY, NIGHT
from tui.base.theme_files import OwnLooks, read

DUSK = """\
name = "Dusk"
[colors]
foreground = "#e0def4"
background = "#191724"
money = "#f6c177"
"""


@pytest.fixture
def themes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TEXTMETER_CONFIG", str(tmp_path / "config.toml"))
    folder = tmp_path / "themes"
    folder.mkdir()
    return folder


def test_a_look_takes_what_it_doesnt_say_from_the_house(themes: Path) -> None:
    file = themes / "dusk.toml"
    file.write_text(DUSK, encoding="utf-8")
    theme, name, pale = read(file)
    assert (theme.name, name, pale) == ("dusk.toml", "Dusk", ())
    assert (theme.background, theme.secondary, theme.primary) == ("#191724", "#f6c177", NIGHT.primary)
    for ground in (theme.background, theme.surface, theme.panel, theme.variables["marked"]):
        assert contrast(theme.variables["quiet"], str(ground)) >= TEXT
    file.write_text(
        'dark = false\n[colors]\nforeground = "#222222"\nbackground = "#FFFFFF"', encoding="utf-8"
    )
    theme, name, _ = read(file)
    assert (theme.dark, theme.background, theme.error, name) == (False, "#ffffff", DAY.error, "dusk")


def test_colours_that_can_hardly_be_read_are_named_as_the_file_names_them(themes: Path) -> None:
    file = themes / "dusk.toml"
    file.write_text(DUSK.replace("#f6c177", "#403d52"), encoding="utf-8")
    assert read(file).pale == ("money",)


@pytest.mark.parametrize(
    ("text", "key", "line", "problem"),
    [
        ("name = 1 2", "", 1, "it isn't valid TOML"),
        ("[colors]\nbackground = '#000000'", "colors.foreground", 1, "this key is missing"),
        (DUSK.replace('"#191724"', '"black"'), "colors.background", 4, 'must be a color such as "#7fb4d6"'),
        (DUSK.replace('"#191724"', "19"), "colors.background", 4, "must be text in quotes"),
        (DUSK + 'gold = "#ffffff"', "colors.gold", 6, "unknown key"),
        ("colours = 1\n" + DUSK, "colours", 1, "unknown key"),
        ('dark = "yes"\n' + DUSK, "dark", 1, "must be true or false"),
        ("colors = 1", "colors", 1, "must be a table"),
        ("dark = true", "colors", 0, "this key is missing"),
    ],
)
def test_a_mistake_is_told_with_its_file_key_and_line(
    themes: Path, text: str, key: str, line: int, problem: str
) -> None:
    file = themes / "dusk.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(TextmeterError) as told:
        read(file)
    assert told.value.details == {"file": str(file), "key": key, "line": line}
    assert "dusk.toml" in str(told.value)
    assert problem in str(told.value)


def test_only_what_changed_is_read_again_and_what_breaks_keeps_its_colours(themes: Path) -> None:
    looks = OwnLooks(themes)
    assert looks.news() is None
    file, other = themes / "dusk.toml", themes / "other.toml"
    file.write_text(DUSK, encoding="utf-8")
    other.write_text(DUSK.replace("Dusk", "Another"), encoding="utf-8")
    news = looks.news()
    assert news is not None
    assert [one.name for one in news.looks] == [one.name for one in news.changed][::-1] == ["Another", "Dusk"]
    assert looks.news() is None
    file.write_text(DUSK + "nonsense\n", encoding="utf-8")
    news = looks.news()
    assert news is not None
    assert ([one.name for one in news.looks], news.changed) == (["Another", "Dusk"], [])
    assert [mistake.details["line"] for mistake in news.mistakes] == [6]
    assert looks.news() is None  # it is told once
    other.unlink()
    news = looks.news()
    assert news is not None
    assert [one.name for one in news.looks] == ["Dusk"]


def test_a_folder_that_isnt_there_has_none(tmp_path: Path) -> None:
    assert OwnLooks(tmp_path / "nowhere").news() is None


async def test_one_is_chosen_followed_and_kept_while_its_file_is_broken(tmp_path: Path, themes: Path) -> None:
    file = themes / "dusk.toml"
    file.write_text(DUSK, encoding="utf-8")
    store = make_store(tmp_path)
    app = make_app(store, first="settings")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "enter", *"dusk", "enter")
        assert app.theme == "dusk.toml"
        assert "Dusk" in words(app)
        assert app.screen.styles.background.hex == "#191724"
        file.write_text(DUSK.replace("#191724", "#202030"), encoding="utf-8")
        app.look()
        await settled(pilot)
        assert app.screen.styles.background.hex == "#202030"
        file.write_text(DUSK.replace("#f6c177", "#ffff00"), encoding="utf-8")
        app.look()
        await settled(pilot)
        assert any(ink.colour.endswith("ff00") for ink in inks(app))  # of which no style tells
        assert toasts(app) == []
        file.write_text(DUSK.replace('"#191724"', "'black'"), encoding="utf-8")
        app.look()
        await settled(pilot)
        assert app.screen.styles.background.hex == "#191724"
        (told,) = toasts(app)
        assert told == (
            "This theme can't be used. dusk.toml, line 4, colors.background: must be a color "
            'such as "#7fb4d6". The colors haven\'t changed.'
        )
        file.write_text(DUSK.replace("#f6c177", "#403d52"), encoding="utf-8")
        app.look()
        await settled(pilot)
        assert app.screen.styles.background.hex == "#191724"
        told = "Dusk: these colors are hard to read on their background: money. Their contrast is below 4.5."
        assert told in toasts(app)
    assert store.settings.read("theme") == "dusk.toml"


async def test_it_is_put_on_again_at_the_next_start(tmp_path: Path, themes: Path) -> None:
    (themes / "dusk.toml").write_text(DUSK, encoding="utf-8")
    store = make_store(tmp_path)
    store.settings.write("theme", "dusk.toml")
    app = make_app(store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert app.screen.styles.background.hex == "#191724"


async def test_of_16_colours_it_is_the_houses(tmp_path: Path, themes: Path) -> None:
    (themes / "dusk.toml").write_text(DUSK, encoding="utf-8")
    store = make_store(tmp_path)
    store.settings.write("theme", "dusk.toml")
    app = make_app(store)
    app.draw_in("standard")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert (app.theme, app.screen.styles.background.hex) == ("dusk.toml", "#000000")


async def test_visitors_get_none_of_a_servers(
    tmp_path: Path, themes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (themes / "dusk.toml").write_text(DUSK, encoding="utf-8")
    monkeypatch.setattr("store.paths._within_reach", False)
    app = make_app(make_store(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert app.own_looks == {}
