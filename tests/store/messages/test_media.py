"""Which pictures can be sent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from store.errors import WrongUsage
from store.messages.media import inspect, media_type, read
from store.messages.providers import Picture

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
MEGABYTE = 1024 * 1024


def picture(folder: Path, name: str, content: bytes = PNG) -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)


def problems(*paths: str) -> list[str]:
    found = inspect(paths).problems
    assert all(problem.blocking for problem in found)
    return [problem.code for problem in found]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xff\xd8\xff\xe0 JFIF", "image/jpeg"),
        (PNG, "image/png"),
        (b"GIF89a", "image/gif"),
        (b"GIF87a", "image/gif"),
        (b"%PDF-1.7", ""),
        (b"", ""),
    ],
)
def test_a_picture_is_known_by_its_first_bytes(content: bytes, expected: str) -> None:
    assert media_type(content) == expected


def test_a_picture_may_have_any_name(tmp_path: Path) -> None:
    assert problems(picture(tmp_path, "picture.txt")) == []


def test_a_file_that_isnt_there_is_said_by_name(tmp_path: Path) -> None:
    path = str(tmp_path / "gone.png")
    assert problems(path) == ["unreadable-media"]
    assert path in str(inspect([path]).problems[0].says)


def test_a_folder_and_an_impossible_path_are_no_pictures(tmp_path: Path) -> None:
    assert problems(str(tmp_path), "a\0b") == ["unreadable-media", "unreadable-media"]


def test_a_text_file_is_no_picture_whatever_it_is_called(tmp_path: Path) -> None:
    assert problems(picture(tmp_path, "picture.png", b"hello")) == ["not-a-picture"]


def test_five_megabytes_is_the_most(tmp_path: Path) -> None:
    assert problems(picture(tmp_path, "a.png", PNG.ljust(5 * MEGABYTE))) == []
    assert problems(picture(tmp_path, "b.png", PNG.ljust(5 * MEGABYTE + 1))) == ["media-too-large"]


def test_pictures_may_have_five_megabytes_together(tmp_path: Path) -> None:
    paths = [picture(tmp_path, f"{at}.png", PNG.ljust(2 * MEGABYTE)) for at in range(3)]
    assert problems(*paths[:2]) == []
    assert problems(*paths) == ["media-too-large"]


def test_ten_pictures_are_the_most(tmp_path: Path) -> None:
    path = picture(tmp_path, "a.png")
    assert problems(*[path] * 10) == []
    assert problems(*[path] * 11) == ["too-many-pictures"]


def test_a_broken_picture_still_makes_it_an_mms() -> None:
    assert inspect(["gone.png"]).count == 1


def test_a_picture_is_read_whole(tmp_path: Path) -> None:
    assert read([picture(tmp_path, "a.png")]) == [Picture("a.png", "image/png", PNG)]


def test_a_picture_that_vanished_since_it_was_looked_at_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage) as error:
        read([str(tmp_path / "gone.png")])
    assert error.value.code == "unreadable-media"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"now a text", "not-a-picture"), (b"GIF89a" + bytes(5 * MEGABYTE), "media-too-large")],
    ids=["a text", "too large"],
)
def test_a_picture_that_became_something_else_since_it_was_looked_at_is_refused(
    tmp_path: Path, content: bytes, code: str
) -> None:
    path = picture(tmp_path, "house.gif")
    assert not inspect([path]).problems
    picture(tmp_path, "house.gif", content)
    with pytest.raises(WrongUsage) as refused:
        read([path])
    assert refused.value.code == code


def test_a_pipe_is_no_picture_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert problems(str(tmp_path / "pipe")) == ["not-a-picture"]
