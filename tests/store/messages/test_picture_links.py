"""Links to the pictures of blasts: what they mean, to whom, and for how long."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import Store
from store.clock import FixedClock
from store.messages.model import Draft
from store.messages.picture_links import PictureLinks, meant, token
from store.messages.providers import NotPublished, Picture

KEY = bytes(range(32))
NOW = datetime(2026, 11, 30, 18, 20, 30, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


@given(st.integers(0, 2**63 - 1), st.integers(1, 10**6))
def test_a_token_means_its_picture_until_its_time_is_over(picture: int, seconds: int) -> None:
    until = NOW + timedelta(seconds=seconds)
    made = token(KEY, picture, until)
    assert meant(KEY, made, until - timedelta(seconds=1)) == picture
    assert meant(KEY, made, until) is None
    assert meant(bytes(32), made, NOW) is None


@given(st.integers(0, 48 * 8 - 1))
def test_a_token_of_which_anything_is_changed_means_nothing(bit: int) -> None:
    made = token(KEY, 1, NOW + timedelta(days=2))
    changed = bytearray(base64.urlsafe_b64decode(made))
    changed[bit // 8] ^= 1 << bit % 8
    assert meant(KEY, base64.urlsafe_b64encode(changed).decode(), NOW) is None


@given(st.text(max_size=80))
def test_whatever_else_is_asked_for_means_nothing(made: str) -> None:
    assert meant(KEY, made, NOW) is None


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A blast with a picture, by whose side another waits."""
    store = Store(str(tmp_path / "textmeter.sqlite3"), clock=FixedClock(NOW))
    account = store.credits.open_account("agent-texts", "300", "America/New_York")
    for name in ("kitchen", "bath"):
        (tmp_path / f"{name}.png").write_bytes(PNG + name.encode())
        draft = Draft(body="Look", to=("+14155550123",), media=(str(tmp_path / f"{name}.png"),))
        store.messages.send(account.id, draft)
    return store


def links(store: Store, now: datetime = NOW) -> PictureLinks:
    return PictureLinks(store.database, FixedClock(now), "https://texts.example.org")


def opened(store: Store, link: str, now: datetime = NOW) -> Picture | None:
    return links(store, now).picture(link.split("/")[-2])


def test_a_link_leads_to_its_picture_from_any_process(store: Store) -> None:
    link = links(store).publish(Picture("kitchen.png", "image/png", b"", 1))
    assert link.startswith("https://texts.example.org/media/")
    assert link.endswith("/picture.png")
    assert opened(store, link) == Picture("kitchen.png", "image/png", PNG + b"kitchen", 1)


def test_it_is_good_for_two_days_and_then_no_more(store: Store) -> None:
    link = links(store).publish(Picture("kitchen.png", "image/png", b"", 1))
    assert opened(store, link, NOW + timedelta(hours=48)) is not None
    assert opened(store, link, NOW + timedelta(hours=49)) is None


def test_all_of_a_blast_get_the_same_link(store: Store) -> None:
    picture = Picture("kitchen.png", "image/png", b"", 1)
    assert links(store).publish(picture) == links(store, NOW + timedelta(minutes=30)).publish(picture)
    assert links(store).publish(picture) != links(store).publish(picture._replace(id=2))


def test_a_picture_that_isnt_there_has_none(store: Store) -> None:
    assert opened(store, links(store).publish(Picture("gone.png", "image/png", b"", 99))) is None


def test_a_database_that_is_away_is_trouble_that_passes(store: Store, tmp_path: Path) -> None:
    database = tmp_path / "textmeter.sqlite3"
    database.write_bytes(b"no database")
    with pytest.raises(NotPublished) as raised:
        links(store).publish(Picture("kitchen.png", "image/png", b"", 1))
    assert not raised.value.lasting
