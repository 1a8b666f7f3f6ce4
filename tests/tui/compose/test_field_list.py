"""Fields are offered as soon as a brace is opened, with what they are for the first who gets the text."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from store.messages.audience import gather
from store.messages.model import Draft, Recipient
from store.texts.merge import FIELDS
from tests.tui.compose.test_compose import composing, said, with_people
from tests.tui.conftest import Snap
from tests.tui.harness import make_app, make_store, press, settled, words
from tui.app import TextmeterApp
from tui.compose.field_list import Begun, FieldList, begun
from tui.compose.fix import FixScreen
from tui.compose.send import SendScreen
from tui.compose.text_and_cost import TextAndCost
from tui.widgets.path_field import PathField

BUYERS = Draft(groups=("buyers",))


def offered(app: TextmeterApp) -> list[str]:
    """The lines of the list, as they are read."""
    listing = app.screen.query_one(FieldList)
    if not listing.display:
        return []
    return [" ".join(str(option.prompt).split()) for option in listing.options]


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        ("{", 1, Begun(1, 0, "")),
        ("Hi {fir", 7, Begun(4, 0, "fir")),
        ("Hi {fir}!", 7, Begun(4, 1, "fir")),
        ("{first_name}", 4, Begun(4, 8, "fir")),
        ("{{la", 4, Begun(4, 0, "la")),
        ("{first_name}", 12, None),
        ("{first_name|", 12, None),
        ("Hi", 2, None),
        (r"\{", 2, None),
        ("a } b", 3, None),
    ],
)
def test_a_field_is_begun_between_its_brace_and_the_cursor(
    line: str, column: int, expected: Begun | None
) -> None:
    assert begun(line, column) == expected


async def test_a_brace_offers_all_fields_as_they_are_for_the_first_who_gets_it(tmp_path: Path) -> None:
    async with composing(with_people(make_store(tmp_path)), BUYERS) as (app, pilot, composer):
        await press(pilot, "H", "i", "space", "{")
        assert offered(app) == [
            "{first_name} Zoë",
            "{last_name} O'Hara",
            "{name} Zoë O'Hara",
            "{company} –",
        ]
        await press(pilot, "down", "enter")
        assert composer.text == "Hi {last_name}"
        assert offered(app) == []
        await settled(pilot)
        assert "Hi O'Hara" in said(app)
        await press(pilot, "enter", "x")
        assert composer.text == "Hi {last_name}\nx"


async def test_what_is_typed_narrows_the_list_and_tab_takes_the_marked_one(tmp_path: Path) -> None:
    async with composing(make_store(tmp_path)) as (app, pilot, composer):
        await press(pilot, "{", "L", "a")
        assert offered(app) == ["{last_name} O'Hara"]
        await press(pilot, "tab")
        assert composer.text == "{last_name}"
        assert composer.has_focus


async def test_fields_that_not_everybody_has_are_offered_once_they_exist(tmp_path: Path) -> None:
    ana = Recipient("+14155550123", "US", "Ana", own={"unit": "12A"})
    async with composing(make_store(tmp_path)) as (app, pilot, composer):
        await press(pilot, "{", "u")
        assert offered(app) == []
        await press(pilot, "backspace")
        app.screen.query_one(TextAndCost).know(gather([], [ana], fields=(*FIELDS, "unit")))
        await press(pilot, "u")
        assert offered(app) == ["{unit} 12A"]
        await press(pilot, "enter")
        assert composer.text == "{unit}"


async def test_a_brace_of_ones_own_is_left_alone(tmp_path: Path) -> None:
    async with composing(make_store(tmp_path)) as (app, pilot, composer):
        await press(pilot, "{", "escape")
        assert offered(app) == []
        assert composer.has_focus
        await press(pilot, "enter", "\\", "{")
        assert offered(app) == []
        await press(pilot, "x", "{", "z")
        assert offered(app) == []
        assert composer.text == "{\n\\{x{z"


async def test_a_field_that_is_mended_takes_the_place_of_its_rest(tmp_path: Path) -> None:
    async with composing(make_store(tmp_path), Draft(body="{name}, hi")) as (app, pilot, composer):
        await press(pilot, "ctrl+home", "right", "right")
        assert offered(app) == []  # the cursor only comes by
        await press(pilot, "backspace", "f")
        assert offered(app) == ["{first_name} Zoë"]
        await press(pilot, "enter")
        assert composer.text == "{first_name}, hi"
        await press(pilot, "ctrl+z")
        assert composer.text == "{fame}, hi"


async def test_the_list_closes_where_the_cursor_goes_elsewhere(tmp_path: Path) -> None:
    async with composing(make_store(tmp_path)) as (app, pilot, _):
        await press(pilot, "{")
        assert len(offered(app)) == 4
        await press(pilot, "left")
        assert offered(app) == []


async def test_a_click_takes_a_field(tmp_path: Path) -> None:
    async with composing(make_store(tmp_path)) as (_app, pilot, composer):
        await press(pilot, "{")
        await pilot.click(FieldList, offset=(4, 3))
        await settled(pilot)
        assert composer.text == "{name}"


async def test_f6_makes_fields_of_what_is_nearly_one(tmp_path: Path) -> None:
    draft = Draft(body="Hi [First Name] — *|LNAME|*", groups=("buyers",))
    async with composing(with_people(make_store(tmp_path)), draft) as (app, pilot, composer):
        assert "*|LNAME|* won't be filled in. Write {last_name}." in said(app)
        assert "F6 makes it a field" in said(app)
        await press(pilot, "f5")
        assert not isinstance(app.screen, SendScreen)
        await press(pilot, "f6")
        assert isinstance(app.screen, FixScreen)
        await press(pilot, "enter")
        await settled(pilot)
        assert composer.text == "Hi {first_name} - {last_name}"
        assert "Hi Zoë - O'Hara" in said(app)
        await press(pilot, "ctrl+z")
        assert composer.text == "Hi [First Name] — *|LNAME|*"


async def test_a_field_that_some_lack_says_for_how_many(tmp_path: Path) -> None:
    draft = Draft(body="Hi {company}", groups=("buyers",))
    async with composing(with_people(make_store(tmp_path)), draft) as (app, _pilot, _composer):
        assert "2 people have no {company}" in said(app)


async def test_a_brace_after_a_backslash_is_previewed_as_a_brace(tmp_path: Path) -> None:
    draft = Draft(body=r"Hi \{first_name\}", groups=("buyers",))
    async with composing(with_people(make_store(tmp_path)), draft) as (app, _pilot, _composer):
        assert "Hi {first_name}" in said(app)
        assert "143 characters left" in said(app)


async def test_a_phones_picture_is_attached_and_it_is_told_that_it_becomes_a_jpeg(tmp_path: Path) -> None:
    Image.new("RGB", (64, 48)).save(tmp_path / "kitchen.webp")
    (tmp_path / "broken.webp").write_bytes((tmp_path / "kitchen.webp").read_bytes()[:40])
    draft = Draft(body="Look", to=("+14155550123", "+447911123456"))
    async with composing(make_store(tmp_path), draft) as (app, pilot, _composer):
        await press(pilot, "f7")
        field = app.screen.query_one(PathField)
        field.value = str(tmp_path / "broken.webp")
        await press(pilot, "enter")
        assert "is a damaged WebP picture" in " ".join(words(app).split())
        field.value = str(tmp_path / "kit")
        await press(pilot, "enter")
        await settled(pilot)
        assert "MMS · 1 picture" in said(app)
        assert "kitchen.webp is WebP and goes out as a JPEG" in said(app)
        assert "1 person gets a link instead of the pictures: MMS doesn't reach Guernsey." in said(app)
        await press(pilot, "f5")
        assert isinstance(app.screen, SendScreen)


def test_a_list_of_fields(snap: Snap, tmp_path: Path) -> None:
    store = with_people(make_store(tmp_path))
    store.messages.save_draft(Draft(body="Hi ", groups=("buyers",)))
    assert snap(make_app(store, first="compose"), size=(80, 24), keys=("{",))
