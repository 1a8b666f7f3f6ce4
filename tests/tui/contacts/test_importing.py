"""An import in three steps: a file, what would become of it, what became of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, Static

from store import Store
from tests.tui.conftest import Snap
from tests.tui.harness import front, make_app, make_store, off, press, settled, toasts, words
from tests.waiting import WITHIN, until
from tui.app import TextmeterApp
from tui.base.picker import PickScreen
from tui.contacts.import_look import ImportLookScreen
from tui.contacts.importing import ImportScreen
from tui.contacts.screen import ContactsScreen

CERTAIN = """First Name,Last Name,Phone,Email
Ann,Lee,415 555 0120,ann@example.com
Bob,,not a number,
Ann,Lee,(415) 555-0120,
Cy,[/],020 7183 8750,
"""
DOUBTFUL = """First Name,Last Name,Unit No,Cell,Email,Tags,Code,Balance
Ana,Ruiz,12A,415 555 2671,ana@example.com,"Owners,Board",A-17,0
Bo,Larsen,12B,+44 7911 123456,bo@example.com,Owners,B-22,-12.50
Cy,[/],,not a number,,,C-1,
Dana,Wells,14,(415) 555-2672 x12,dana@example.com,,D-4,7
Ana,Ruiz,12A,(415) 555-2671,,,A-17,
Total,,,,,,,-5.50
,,,2025550143,,Tenants,,
"""
CARDS = "BEGIN:VCARD\nFN:Ann Lee\nTEL:+14155550120\nX-PET:cat\nEND:VCARD\n"


def file(folder: Path, text: str = CERTAIN, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def looking_at(path: Path, *keys: str) -> Callable[[Pilot[Any]], Any]:
    """Asks for a file, then presses keys on what is shown of it."""

    async def act(pilot: Pilot[Any]) -> None:
        await press(pilot, "i")
        pilot.app.screen.query_one("#path", Input).value = str(path)
        await press(pilot, "enter", *keys)

    return act


def shown(app: TextmeterApp) -> str:
    """All words on the screen, however they are cut into lines."""
    return " ".join(words(app).split())


async def test_a_file_whose_columns_are_certain_is_imported_by_two_more_keys(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await looking_at(file(tmp_path))(pilot)
        assert "1 to add 0 to merge × 2 left out ! 0 to review 1 unchanged" in shown(app)
        assert store.people.count() == 0
        await press(pilot, "enter")
        assert "1 added 0 merged × 2 left out ! 0 to review 1 unchanged" in shown(app)
    assert [(person.name, person.phone) for person in store.people.contacts()] == [
        ("Ann Lee", "+14155550120")
    ]


async def test_what_was_looked_at_is_imported_whatever_became_of_the_file(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await looking_at(file(tmp_path))(pilot)
        file(tmp_path, "Name,Phone\nBo,415 555 0177\n")
        await press(pilot, "enter")
    assert [person.name for person in store.people.contacts()] == ["Ann Lee"]


async def test_problems_come_first_with_their_row_and_reason(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await looking_at(file(tmp_path), "down")(pilot)
        said = words(app)
        assert "“not a number” can't be read as a phone number." in said
        assert said.index("× row 2") < said.index("× row 4") < said.index("row 1")
        about = str(app.screen.query_one("#about", Static).content)
        assert about == "“not a number” can't be read as a phone number."
        await press(pilot, "end", "up")
        assert "Ann Lee · (415) 555-0120 · ann@example.com" in shown(app)


async def test_a_column_is_told_what_it_becomes(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await looking_at(file(tmp_path, DOUBTFUL))(pilot)
        assert "Code · A-17 · B-22 · C-1 · Not used" in shown(app)  # the first that isn't sure
        await press(pilot, "enter")
        assert front(app) is PickScreen
        await press(pilot, *"custom field", "enter")
        assert "Code · A-17 · B-22 · C-1 · {code}" in shown(app)
        assert store.people.count() == 0
        await press(pilot, "down", "enter", *"note", "enter")
        await press(pilot, "tab", "enter")
    (ana, *_) = store.people.contacts("Ana")
    assert (dict(ana.fields), ana.note) == ({"unit": "12A", "code": "A-17"}, "0")


async def test_a_file_in_which_nobody_is_reached_is_told_where_the_numbers_are(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    app = make_app(store, first="contacts")
    path = file(tmp_path, "Foo,Bar\nAnn,x 415\nBob,x 416\n")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await looking_at(path)(pilot)
        assert "no column of phone numbers or email addresses" in shown(app)
        await press(pilot, "i")
        assert toasts(app)[-1].startswith("No column is set to phone numbers or email addresses yet.")
        path.write_text("Foo,Bar\nAnn,415 555 0120\nBob,x 416\n", encoding="utf-8")
        await press(pilot, "down", "enter", *"mobile", "enter")
        assert "1 to add" in shown(app)
        await press(pilot, "i")
    assert [person.phone for person in store.people.contacts()] == ["+14155550120"]


async def test_a_column_that_reached_people_may_be_left_out_and_taken_back(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await looking_at(file(tmp_path, "Name,Phone\nAnn,415 555 0120\n"), "tab", "down")(pilot)
        await press(pilot, "enter", *"not used", "enter")
        assert "no column of phone numbers" in shown(app)
        assert "i Import" in off(app)
        await press(pilot, "enter", *"mobile", "enter")
        assert "1 to add" in shown(app)


async def test_numbers_without_a_country_code_are_read_in_the_country_that_is_chosen(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await looking_at(file(tmp_path, "Name,Phone\nCy,020 7183 8750\n"))(pilot)
        assert "Numbers without a country code: United States." in shown(app)
        assert "1 left out" in shown(app)
        await press(pilot, "e", *"united kingdom", "enter")
        assert "country code: United Kingdom." in shown(app)
        assert "1 to add" in shown(app)
        await press(pilot, "i")
    assert [person.phone for person in store.people.contacts()] == ["+442071838750"]


async def test_cards_have_no_columns_and_what_of_them_isnt_used_is_named(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await looking_at(file(tmp_path, CARDS, "people.vcf"))(pilot)
        assert "Not used: X-PET." in shown(app)
        assert "Becomes" not in words(app)
        assert not app.screen.query_one("#columns").display or not app.screen.query_one("#upper").display


async def test_one_key_undoes_the_import_and_one_shows_whom_it_brought(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    store.people.add(first_name="Zoe", phone="+14155550199", region="US")
    before = store.people.contacts()
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await looking_at(file(tmp_path), "enter", "z")(pilot)
        assert toasts(app)[-1] == "Undone: the import of people.csv with 1 person."
        assert store.people.contacts() == before
        assert "1 to add" in shown(app)
        await press(pilot, "enter", "enter")
        assert front(app) is ContactsScreen
        assert "Showing only this import." in words(app)
        assert "Ann Lee" in words(app)
        assert "Zoe" not in words(app)
        await press(pilot, "escape")
        assert "Zoe" in words(app)


async def test_an_import_that_another_one_followed_isnt_undone_from_here(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await looking_at(file(tmp_path), "enter")(pilot)
        store.people.import_file(file(tmp_path, "Name,Phone\nBo,415 555 0177\n", "others.csv"), region="US")
        await press(pilot, "z")
        assert toasts(app)[-1].startswith("You have imported again since then.")
    assert store.people.count() == 2


async def test_escape_goes_one_step_back_and_the_path_stays(tmp_path: Path) -> None:
    path = file(tmp_path)
    app = make_app(make_store(tmp_path), first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await looking_at(path, "escape")(pilot)
        assert front(app) is ImportScreen
        assert app.screen.query_one("#path", Input).value == str(path)
        await press(pilot, "enter")
        assert front(app) is ImportLookScreen
        await press(pilot, "escape", "escape")
        assert front(app) is ContactsScreen


async def test_a_file_that_is_not_there_is_said_below_its_path(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await looking_at(tmp_path / "nowhere.csv")(pilot)
        error = app.screen.query_one(".error", Static)
        assert error.display
        assert "nowhere.csv" in str(error.content)


@pytest.mark.parametrize("key", ["tab", "right"])
async def test_a_path_is_completed_by_either_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "exports").mkdir()
    file(tmp_path / "exports")
    app = make_app(make_store(tmp_path), first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "i", *"~/exp", key, "p", key)
        assert app.screen.query_one("#path", Input).value == "~/exports/people.csv"
        await press(pilot, "enter")
        assert "1 to add" in shown(app)


async def test_a_path_that_is_pasted_in_quotes_is_meant_without_them(tmp_path: Path) -> None:
    path = file(tmp_path, name="my people.csv")
    app = make_app(make_store(tmp_path), first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "i")
        app.screen.query_one("#path", Input).post_message(events.Paste(f"'{path}'\n"))
        await settled(pilot)
        await press(pilot, "enter")
        assert "1 to add" in shown(app)


class Watched:
    """A method of the address book that begins when it may, and whose end is heard of."""

    def __init__(self, store: Store, name: str) -> None:
        self.ended: list[BaseException | None] = []
        self.may_begin = Event()
        self._does = getattr(store.people, name)
        setattr(store.people, name, self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        assert self.may_begin.wait(WITHIN)
        try:
            report = self._does(*args, **kwargs)
        except BaseException as error:
            self.ended.append(error)
            raise
        self.ended.append(None)
        return report


LARGE = "Email\n" + ("nobody\n" * 499 + "a@b.c\n") * 1_000


async def test_what_is_read_says_how_far_it_is_and_is_left_by_escape(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    watched = Watched(store, "import_file")
    watched.may_begin.set()
    path = file(tmp_path, LARGE)
    app = make_app(store, first="contacts")
    async with app.run_test() as pilot:
        await settled(pilot)
        await press(pilot, "i")
        app.screen.query_one("#path", Input).value = str(path)
        await pilot.press("enter")
        summary = app.screen.query_one("#summary", Static)
        await until(lambda: "rows read" in str(summary.content), "the first rows")
        await pilot.press("escape")
        await until(lambda: watched.ended, "the end of the look")
        await settled(pilot)
        assert front(app) is ImportScreen
        assert app.screen.query_one("#path", Input).value == str(path)
    assert isinstance(watched.ended[0], InterruptedError)


async def test_whoever_quits_during_an_import_need_not_wait_for_it(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    watched = Watched(store, "import_read")
    path = file(tmp_path, "Email\n" + "a@b.c\n" * 6_000)
    app = make_app(store, first="contacts")
    async with app.run_test() as pilot:
        await settled(pilot)
        await looking_at(path)(pilot)
        await pilot.press("i")
        await until(lambda: "0 rows read" in shown(app), "the import")
        app.exit()
    watched.may_begin.set()
    await until(lambda: watched.ended, "the end of the import")
    assert isinstance(watched.ended[0], InterruptedError)
    assert store.people.count() == 0


async def test_an_import_goes_on_after_its_screen_was_left_and_is_told(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(notifications=True) as pilot:
        await settled(pilot)
        await looking_at(file(tmp_path))(pilot)
        watched = Watched(store, "import_read")
        await pilot.press("i")
        await pilot.press("escape")
        await until(lambda: front(app) is ImportScreen, "the step before")
        watched.may_begin.set()
        await until(lambda: toasts(app), "the end of the import")
        assert toasts(app)[-1].startswith("Contacts imported: 1 added, 0 merged")
        assert front(app) is ImportScreen
    assert store.people.count() == 1


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
def test_a_file_is_asked_for(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    assert snap(make_app(make_store(tmp_path), first="contacts"), size=size, keys=("i",))


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (160, 50)])
def test_the_look(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    app = make_app(make_store(tmp_path), first="contacts")
    assert snap(app, size=size, before=looking_at(file(tmp_path, DOUBTFUL)))


def test_the_look_by_day_in_spanish(snap: Snap, tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="contacts", language="es", theme="day")
    assert snap(app, size=(80, 24), before=looking_at(file(tmp_path, DOUBTFUL), "tab"))


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
def test_what_became_of_it(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    app = make_app(make_store(tmp_path), first="contacts")
    assert snap(app, size=size, before=looking_at(file(tmp_path, DOUBTFUL), "f5"))
