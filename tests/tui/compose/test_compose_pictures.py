"""How Compose looks, at its sizes and in its states."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import Store
from store.messages.model import Draft
from tests.tui.conftest import Snap
from tests.tui.harness import TIMEZONE, make_app, make_store, numbers
from tui.app import TextmeterApp

WIDE, PLAIN, PHONE = (120, 36), (80, 24), (41, 40)
OPEN_HOUSE = (
    "Hi {first_name}, the open house on Elm St — Sunday 2 pm — is on. ☀\nReply YES and I'll save you a place."
)
LONG = (
    "The open house on Elm Street is on Sunday at two. There is coffee, there is cake, and there is a garden "
    "for the children. Park on Oak Street, since Elm Street is closed that day; it is two minutes from "
    "there. Reply YES and I'll save you a place."
)
PEOPLE = (
    ("Zoë", "O'Hara", "+14155550123"),
    ("José", "Núñez", "+14155550124"),
    ("Ann", "Lee", "+447911123456"),
    ("Bob", "Stone", ""),
)
HOSTILE = (
    ("[/]", "[@click=app.quit]press", "+14155550131"),
    ("\x1b[31mRed\x07", "\u202egnp.exe", "+14155550132"),
    ("[$primary]", "[b", "+14155550133"),
)


def with_people(store: Store, people: tuple[tuple[str, str, str], ...] = PEOPLE) -> Store:
    for first, last, phone in people:
        email = "" if phone else "someone@example.com"
        store.people.add(
            first_name=first, last_name=last, phone=phone, email=email, groups=("buyers",), region="US"
        )
    return store


def composing(store: Store, draft: Draft | None = None, **options: str) -> TextmeterApp:
    """The app on Compose with a draft that was kept."""
    if draft is not None:
        store.messages.save_draft(draft)
    return make_app(store, first="compose", **options)  # type: ignore[arg-type]


def test_empty(snap: Snap, tmp_path: Path) -> None:
    assert snap(composing(make_store(tmp_path)), size=PLAIN)


@pytest.mark.parametrize("size", [WIDE, PLAIN])
def test_one_plain_segment(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    draft = Draft(body="The open house on Elm Street is on Sunday at two.", to=("+14155550123",))
    assert snap(composing(make_store(tmp_path), draft), size=size)


@pytest.mark.parametrize("size", [WIDE, PLAIN, PHONE])
def test_unicode_with_its_marks(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    store = with_people(make_store(tmp_path))
    draft = Draft(body=OPEN_HOUSE, groups=("buyers",), to=("+1 212 555 0100", "12345"))
    assert snap(composing(store, draft), size=size)


def test_several_segments(snap: Snap, tmp_path: Path) -> None:
    draft = Draft(body=LONG, to=tuple(numbers(20)))
    assert snap(composing(make_store(tmp_path), draft), size=PLAIN)


def test_a_picture(snap: Snap, tmp_path: Path) -> None:
    picture = tmp_path / "house.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    draft = Draft(body="This is the house.", to=("+14155550123", "+447911123456"), media=(str(picture),))
    assert snap(composing(make_store(tmp_path), draft), size=WIDE)


def test_too_few_credits(snap: Snap, tmp_path: Path) -> None:
    draft = Draft(body=LONG, to=tuple(numbers(400)))
    assert snap(composing(make_store(tmp_path), draft), size=PLAIN)


def test_hostile_names_and_texts(snap: Snap, tmp_path: Path) -> None:
    store = with_people(make_store(tmp_path), HOSTILE)
    body = "[/] {first_name} [@click=app.quit]press[/] \x1b[31mred \u202egnp.exe {nobody}"
    people = tuple(contact.id for contact in store.people.contacts())
    assert snap(composing(store, Draft(body=body, contacts=people, to=("[bold]1[/]",))), size=WIDE)


def test_a_threshold_that_would_be_crossed(snap: Snap, tmp_path: Path) -> None:
    draft = Draft(body="The open house is on Sunday.", to=tuple(numbers(550)))
    assert snap(composing(make_store(tmp_path), draft), size=WIDE)


ABROAD = ("+33612345678", "+33612345679", "+4915112345678", "+81312345678", "+61412345678", "+27821234567")
"""France, France, Germany, Japan, Australia, South Africa."""


def community(folder: Path) -> Store:
    store = make_store(folder, plan=None)
    account = store.credits.open_account("community-texts", "200", TIMEZONE)
    store.credits.place(account.id, store.credits.quote_purchase(account.id, 100), key="before")
    return store


@pytest.mark.parametrize("size", [WIDE, PLAIN])
def test_a_rate_for_each_country(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    draft = Draft(body=LONG, to=(*numbers(12), *ABROAD))
    assert snap(composing(community(tmp_path), draft), size=size)


def test_bought_credits_too(snap: Snap, tmp_path: Path) -> None:
    draft = Draft(body="The pool opens on Saturday.", to=tuple(numbers(450)))
    assert snap(composing(community(tmp_path), draft), size=PLAIN)


def test_too_few_credits_where_they_are_sold(snap: Snap, tmp_path: Path) -> None:
    draft = Draft(body=OPEN_HOUSE, to=tuple(numbers(450)))
    assert snap(composing(community(tmp_path), draft), size=WIDE)


def test_in_spanish(snap: Snap, tmp_path: Path) -> None:
    store = with_people(make_store(tmp_path))
    draft = Draft(body=OPEN_HOUSE, groups=("buyers",))
    assert snap(composing(store, draft, language="es"), size=WIDE)


@pytest.mark.parametrize("theme", ["day", "contrast"])
def test_in_another_look(snap: Snap, tmp_path: Path, theme: str) -> None:
    draft = Draft(body=f"{OPEN_HOUSE} {LONG}".replace("{first_name}", "you"), to=("+14155550123",))
    assert snap(composing(make_store(tmp_path), draft, theme=theme), size=WIDE)


def test_suggestions(snap: Snap, tmp_path: Path) -> None:
    store = with_people(make_store(tmp_path))
    assert snap(composing(store, Draft(body=OPEN_HOUSE)), size=WIDE, keys=("shift+tab", "o"))


def test_filters_among_the_chosen_and_the_offered(snap: Snap, tmp_path: Path) -> None:
    store = with_people(make_store(tmp_path))
    store.people.save_filter("Abroad", "#buyers -country:US")
    store.people.save_filter("Buyers not texted of late", "#buyers -last-text:<30d -opted-out")
    draft = Draft(body=OPEN_HOUSE, filters=("=Abroad",), but_filters=("name:zoe*",))
    assert snap(composing(store, draft), size=WIDE, keys=("shift+tab", *"=bu"))


def test_who_gets_it(snap: Snap, tmp_path: Path) -> None:
    store = with_people(make_store(tmp_path), PEOPLE + HOSTILE)
    draft = Draft(body="Hello", groups=("buyers",), to=("12345", "+14155550123"))
    assert snap(composing(store, draft), size=PLAIN, keys=("f4",))


def test_fixing_characters(snap: Snap, tmp_path: Path) -> None:
    draft = Draft(body="Elm St — “open house” Sunday ☀ 2½ pm…\nŻółty dom", to=("+14155550123",))
    assert snap(composing(make_store(tmp_path), draft), size=PLAIN, keys=("f6", "down", "space"))


@pytest.mark.parametrize("size", [WIDE, PLAIN])
def test_the_last_look_before_sending(snap: Snap, tmp_path: Path, size: tuple[int, int]) -> None:
    store = with_people(make_store(tmp_path))
    assert snap(composing(store, Draft(body=OPEN_HOUSE, groups=("buyers",))), size=size, keys=("f5",))


def test_the_drafts_that_were_kept(snap: Snap, tmp_path: Path) -> None:
    store = make_store(tmp_path)
    store.messages._drafts._clock = store.clock
    store.messages.save_draft(Draft(body="[/] first", to=("+14155550123",)))
    assert snap(composing(store, Draft(body=OPEN_HOUSE)), size=PLAIN, keys=("ctrl+o",))
