"""A file becomes text whatever its encoding, and what is no text is refused with a way out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from store.people.imports.incoming import ImportRefused
from store.people.imports.reading import decoded, read, text_of


def file(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "contacts.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        "Zoë,李\n".encode(),
        "\ufeffZoë,李\n".encode(),
        "\ufeffZoë,李\n".encode("utf-16-le"),
        "\ufeffZoë,李\n".encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with a mark", "utf-16, small end first", "utf-16, big end first"],
)
def test_every_unicode_encoding_is_read(tmp_path: Path, content: bytes) -> None:
    assert text_of(read(file(tmp_path, content))).text == "Zoë,李\n"


def test_utf_16_without_a_mark_is_told_by_its_zeros(tmp_path: Path) -> None:
    content = "Name,Phone\nZoë,415-555-0132\n"
    assert read(file(tmp_path, content.encode("utf-16-le"))).decode() == content
    assert read(file(tmp_path, content.encode("utf-16-be"))).decode() == content


def test_anything_else_is_read_as_windows_1252(tmp_path: Path) -> None:
    found = text_of(read(file(tmp_path, "François – “ß” €\n".encode("cp1252"))))
    assert (found.encoding, found.mixed) == ("cp1252", False)
    assert found.repaired(found.text) == ("François – “ß” €\n", True)


def test_bytes_that_mean_nothing_in_windows_1252_lose_nothing_else() -> None:
    assert decoded(b"a\x81b\x80\n", "cp1252") == "a\x81b€\n"


def test_two_encodings_in_one_file_are_told_apart(tmp_path: Path) -> None:
    found = text_of(read(file(tmp_path, "Zoë\n".encode() + "José\n".encode("cp1252"))))
    assert found.mixed
    assert found.repaired(found.text) == ("Zoë\nJosé\n", True)


REFUSED = {
    "empty": (b"", "empty-file", "is empty"),
    "only a mark": (b"\xef\xbb\xbf", "empty-file", "is empty"),
    "only blanks": (b" \r\n\t\n", "empty-file", "is empty"),
    "an archive": (b"PK\x03\x04" + b"x" * 100, "binary-file", "CSV, Excel and vCard"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "binary-file", "CSV, Excel and vCard"),
    "anything binary": (bytes(range(256)) * 50, "binary-file", "CSV, Excel and vCard"),
    "zeros": (bytes(1000), "binary-file", "CSV, Excel and vCard"),
}


@pytest.mark.parametrize(("content", "code", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, code: str, says: str) -> None:
    with pytest.raises(ImportRefused, match=says) as refused:
        read(file(tmp_path, content))
    assert refused.value.code == code
    assert "Nothing was changed." in str(refused.value)


def test_escape_sequences_do_not_make_a_text_binary(tmp_path: Path) -> None:
    assert read(file(tmp_path, b"\x1b[31mRed\x1b[0m,1\n" * 20)).startswith(b"\x1b[31m")


def test_100_mb_are_refused_before_they_are_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    path.touch()
    os.truncate(path, 100_000_000)
    with pytest.raises(ImportRefused, match=r"larger than 50 MB.*in several files") as refused:
        read(path)
    assert refused.value.code == "too-large"


def test_a_file_of_just_the_limit_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.people.imports.reading.LIMIT_MEGABYTES", 1)
    content = b"a\n" * 500_000
    assert len(read(file(tmp_path, content))) == 1_000_000
    with pytest.raises(ImportRefused, match="larger than 1 MB"):
        read(file(tmp_path, content + b"a"))


def test_a_text_may_have_five_control_characters_in_a_hundred(tmp_path: Path) -> None:
    assert len(read(file(tmp_path, b"\x01" * 50 + b"a" * 950))) == 1_000
    with pytest.raises(ImportRefused) as refused:
        read(file(tmp_path, b"\x01" * 51 + b"a" * 949))
    assert refused.value.code == "binary-file"


def test_a_missing_file_a_folder_and_a_name_that_is_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="No such file"):
        read(tmp_path / "missing.csv")
    with pytest.raises(ImportRefused, match="is a folder"):
        read(tmp_path)
    with pytest.raises(ImportRefused, match="isn't a file name"):
        read(Path("nul\0byte"))


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = file(tmp_path, b"x")
    monkeypatch.setattr("os.open", refuse)
    with pytest.raises(ImportRefused, match=r"Permission denied.*the file's permissions"):
        read(path)
