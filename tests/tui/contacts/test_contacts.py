"""The Contacts screens: finding, adding, changing, deleting and importing people."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Input

from store import Store
from tests.tui.conftest import Snap
from tests.tui.harness import front, make_app, make_store, off, press, settled, toasts, words
from tui.contacts.form import ContactFormScreen
from tui.contacts.screen import ContactsScreen

NAMES = [
    ("Zoë", "O'Hara", "+14155550110"),
    ("José", "Núñez", "+34612345678"),
    ("李", "小龍", "+14155550112"),
    ("[/]", "[@click=app.quit]Ann", "+14155550113"),
    ("\x1b[31mRed", "a\u202eb", "+14155550114"),
]

CSV = """First Name,Last Name,Phone,Email
Ann,Lee,415 555 0120,ann@example.com
Bob,,not a number,
Ann,Lee,(415) 555-0120,
,,,nobody@example.com
Cy,[/],,
"""


def people(store: Store) -> Store:
    for first, last, phone in NAMES:
        store.people.add(first_name=first, last_name=last, phone=phone, groups=["buyers"], region="US")
    return store


async def test_typing_in_the_search_narrows_the_list_and_escape_ends_it(tmp_path: Path) -> None:
    app = make_app(people(make_store(tmp_path)), first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "slash", *"nunez")
        assert "José Núñez" in words(app)
        assert "O'Hara" not in words(app)
        await press(pilot, "escape")
        assert "Zoë O'Hara" in words(app)


async def test_names_that_look_like_commands_are_drawn_and_do_nothing(tmp_path: Path) -> None:
    app = make_app(people(make_store(tmp_path)), first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "[/] [@click=app.quit]Ann" in words(app)
        assert "\x1b" not in words(app)
        assert "\u202e" not in words(app)
        await press(pilot, "slash", *"quit", "enter", "e")
        assert app.screen.query_one("#first_name", Input).value == "[/]"


async def test_somebody_is_added_by_hand_and_found_at_once(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "n", *"Ann", "enter", *"Lee", "enter", "enter", *"4155550120", "ctrl+s")
        assert "Ann Lee" in words(app)
    assert [(person.name, person.phone) for person in store.people.contacts()] == [
        ("Ann Lee", "+14155550120")
    ]


async def test_a_number_that_is_none_is_said_where_it_stands_and_nothing_typed_is_lost(
    tmp_path: Path,
) -> None:
    store = make_store(tmp_path)
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "n", *"Ann", "enter", "enter", "enter", *"12", "ctrl+s")
        assert app.screen.query_one(".error").display
        assert app.screen.query_one("#first_name", Input).value == "Ann"
    assert store.people.contacts() == []


async def test_somebody_is_deleted_at_once_and_z_brings_them_back(tmp_path: Path) -> None:
    store = people(make_store(tmp_path))
    before = store.people.contacts()
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "d")
        assert len(store.people.contacts()) == len(NAMES) - 1
        assert toasts(app) == [f"{before[0].name} is deleted. z brings them back."]
        await press(pilot, "z")
        assert store.people.contacts() == before
        assert toasts(app)[-1] == f"Undone: {before[0].name} is back."


async def test_an_import_is_undone_by_one_key(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(CSV, encoding="utf-8")
    store = people(make_store(tmp_path))
    before = store.people.contacts()
    store.people.import_file(tmp_path / "people.csv", region="US")
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "z")
        assert toasts(app) == ["Undone: the import of people.csv with 2 people."]
    assert store.people.contacts() == before


async def test_where_nothing_was_done_nothing_is_undone(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="contacts")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "z")
        assert toasts(app) == ["You have nothing to undo."]


async def test_groups_are_chosen_by_t(tmp_path: Path) -> None:
    store = people(make_store(tmp_path))
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "slash", *"nunez", "enter", "number_sign", *", vip", "enter")
        assert "#buyers #vip" in words(app)
    assert store.people.contacts("nunez")[0].groups == ("buyers", "vip")


async def test_who_may_be_the_same_person_is_proposed_and_merged_only_when_chosen(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    store.people.add(first_name="Robert", phone="+14155550120", region="US")
    store.people.add(first_name="Bob", phone="+14155550120", email="bob@example.com", region="US")
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "down", "m")
        assert "Who is the same person as Robert?" in words(app)
        assert "Bob · (415) 555-0120 · bob@example.com" in words(app)
        assert store.people.count() == 2
        await press(pilot, "enter")
        assert toasts(app) == ["Merged into Robert. z separates them again."]
    (robert,) = store.people.contacts()
    assert (robert.name, robert.email) == ("Robert", "bob@example.com")


async def test_who_looks_like_nobody_is_merged_with_nobody(tmp_path: Path) -> None:
    app = make_app(people(make_store(tmp_path)), first="contacts")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "slash", *"nunez", "enter", "m")
        (says,) = toasts(app)
        assert says == "No other contact has José Núñez's number or address, or the same name and company."


async def test_an_empty_list_refuses_with_a_reason(tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="contacts")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "d")
        assert toasts(app) == ["There's nobody in the list."]


async def test_somebody_without_a_number_is_shown_to_be_written_to_by_nobody(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    store.people.add(first_name="Ann", phone="+14155550120", region="US")
    store.people.add(first_name="Bob", email="bob@example.com", region="US")
    app = make_app(store, first="contacts")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settled(pilot)
        assert "w Write to" not in off(app)
        await press(pilot, "down")
        assert "w Write to" in off(app)
        await press(pilot, "w")
        assert toasts(app) == ["This person has no number to text. e adds one."]
        await press(pilot, "up", "w")
        assert app.current_mode == "compose"
        assert "1 person" in words(app)


def test_nobody_yet(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(make_store(tmp_path), first="contacts"), size=(80, 24))


def test_people_of_every_script_at_80_columns(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(people(make_store(tmp_path)), first="contacts"), size=(80, 24))


def test_people_at_120_columns(snap: Snap, tmp_path: Path) -> None:
    assert snap(make_app(people(make_store(tmp_path)), first="contacts"), size=(120, 36), keys=("down",))


def test_people_in_a_small_window_with_high_contrast(snap: Snap, tmp_path: Path) -> None:
    app = make_app(people(make_store(tmp_path)), first="contacts", theme="contrast")
    assert snap(app, size=(60, 20))


def test_the_form_of_one_person(snap: Snap, tmp_path: Path) -> None:
    app = make_app(people(make_store(tmp_path)), first="contacts")
    assert snap(app, size=(80, 24), keys=("slash", *"zoe", "enter", "e"))


def test_the_form_with_an_error(snap: Snap, tmp_path: Path) -> None:
    app = make_app(make_store(tmp_path), first="contacts")
    assert snap(app, size=(80, 24), keys=("n", *"Ann", "enter", "enter", "enter", *"12", "ctrl+s"))


async def test_what_was_changed_isnt_dropped_at_one_press(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    store.people.add(first_name="Zoë", phone="+14155550101", region="US")
    app = make_app(store, first="contacts")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await settled(pilot)
        await press(pilot, "e", "escape")
        assert front(app) is ContactsScreen  # nothing was changed
        await press(pilot, "e", "7")
        assert app.screen.query_one("#phone", Input).value == "(415) 555-01017"
        await press(pilot, "escape")
        assert front(app) is ContactFormScreen
        assert toasts(app)[-1] == "Press Esc again to discard your changes, or F5 to save them."
        await press(pilot, "escape")
        assert front(app) is ContactsScreen
