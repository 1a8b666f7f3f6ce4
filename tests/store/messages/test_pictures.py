"""What a phone or a browser makes of a picture becomes a JPEG; what would fill the memory isn't opened."""

from __future__ import annotations

import io
import struct
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image
from pillow_heif import register_heif_opener

from store.errors import WrongUsage
from store.messages import pictures
from store.messages.media import Attachments, inspect, media_type, read
from store.messages.providers import Picture

CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoë O'Hara\r\nTEL:+14155550123\r\nEND:VCARD\r\n"


def drawn(
    kind: str, size: tuple[int, int] = (64, 48), mode: str = "RGB", color: object = "red", **how: object
) -> bytes:
    register_heif_opener()
    file = io.BytesIO()
    Image.new(mode, size, color).save(file, kind, **how)  # type: ignore[arg-type]
    return file.getvalue()


def kept(folder: Path, name: str, content: bytes) -> str:
    (folder / name).write_bytes(content)
    return str(folder / name)


def told(found: Attachments) -> list[tuple[str, bool]]:
    return [(problem.code, problem.blocking) for problem in found.problems]


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says that it is so large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(("kind", "name"), [("HEIF", "HEIC"), ("WEBP", "WebP")])
def test_it_goes_out_as_a_jpeg_which_is_told(tmp_path: Path, kind: str, name: str) -> None:
    path = kept(tmp_path, "house.of.mine", drawn(kind))
    found = inspect([path])
    assert told(found) == [("converted-media", False)]
    assert (
        str(found.problems[0].says)
        == f"house.of.mine is {name} and goes out as a JPEG, which every phone can show."
    )
    (picture,) = read([path])
    assert (picture.name, picture.type) == ("house.of.jpg", "image/jpeg")
    with Image.open(io.BytesIO(picture.content)) as image:
        assert (image.format, image.size) == ("JPEG", (64, 48))
        red, green, blue = image.convert("RGB").getpixel((30, 20))  # type: ignore[misc]
        assert red > 240
        assert max(green, blue) < 15


@pytest.mark.parametrize("name", ["photo.jpg", "photo.png", "photo.gif"])
def test_what_every_phone_shows_goes_out_as_it_is(tmp_path: Path, name: str) -> None:
    content = drawn({"jpg": "JPEG"}.get(name[-3:], name[-3:].upper()))
    path = kept(tmp_path, name, content)
    assert inspect([path]) == Attachments(1)
    assert read([path])[0].content == content


@pytest.mark.parametrize("text", [CARD, "\ufeff" + CARD, "\r\n" + CARD.replace("BEGIN", "begin")])
def test_a_contact_card_goes_out_as_it_is(tmp_path: Path, text: str) -> None:
    path = kept(tmp_path, "zoe.vcf", text.encode())
    assert inspect([path]) == Attachments(1)
    assert read([path]) == [Picture("zoe.vcf", "text/vcard", text.encode())]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "image/heic"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isomiso2", ""),  # a film
        (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\x24\0\0\0WAVEfmt ", ""),
        (b"BEGIN:VCALENDAR", ""),
    ],
)
def test_what_it_is_is_known_by_the_first_bytes(content: bytes, expected: str) -> None:
    assert media_type(content) == expected


def test_a_large_picture_is_made_small_enough_that_ten_fit(tmp_path: Path) -> None:
    noise = Image.effect_noise((3_000, 2_000), 200).convert("RGB")
    noise.save(tmp_path / "noise.webp", quality=90)
    path = str(tmp_path / "noise.webp")
    (picture,) = read([path])
    assert len(picture.content) <= pictures.MOST_BYTES
    with Image.open(io.BytesIO(picture.content)) as image:
        assert max(image.size) <= pictures.MOST_SIDE
        assert image.width * 2 == pytest.approx(image.height * 3, rel=0.01)
    assert told(inspect([path] * 10)) == [("converted-media", False)] * 10


def test_it_stands_upright_and_is_white_where_nothing_is(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6  # a quarter to the right
    (picture,) = read([kept(tmp_path, "a.webp", drawn("WEBP", exif=turned))])
    with Image.open(io.BytesIO(picture.content)) as image:
        assert image.size == (48, 64)
        assert not image.getexif()
    (picture,) = read([kept(tmp_path, "b.webp", drawn("WEBP", mode="RGBA", color=(0, 0, 0, 0)))])
    with Image.open(io.BytesIO(picture.content)) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(("width", "height"), [(9_000, 9_000), (30_000, 30_000), (2**31 - 1, 2**31 - 1)])
def test_a_few_bytes_that_would_be_gigabytes_are_refused(tmp_path: Path, width: int, height: int) -> None:
    path = kept(tmp_path, "bomb.png", bomb(width, height))
    found = inspect([path])
    assert told(found) == [("media-too-large", True)]
    assert str(found.problems[0].says) == f"{path} has too many pixels. Make it smaller, or attach another."


def test_a_webp_that_would_be_too_large_is_refused_before_it_is_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = kept(tmp_path, "large.webp", drawn("WEBP", size=(100, 100)))
    monkeypatch.setattr(pictures, "MOST_PIXELS", 9_999)
    assert told(inspect([path])) == [("media-too-large", True)]


@pytest.mark.parametrize("kind", ["HEIF", "WEBP"])
def test_a_damaged_one_is_said_with_what_to_do(tmp_path: Path, kind: str) -> None:
    path = kept(tmp_path, "half", drawn(kind, size=(640, 480))[:200])
    found = inspect([path])
    assert told(found) == [("cant-convert", True)]
    assert "Save it again as a JPEG" in str(found.problems[0].says)
    with pytest.raises(WrongUsage) as refused:
        read([path])
    assert refused.value.code == "cant-convert"


def test_where_heic_cant_be_read_it_is_said_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = kept(tmp_path, "photo.heic", drawn("HEIF"))
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    found = inspect([path])
    assert told(found) == [("cant-convert", True)]
    assert str(found.problems[0].says) == (
        f"{path} is HEIC, which can't be read without pillow-heif. Save it as a JPEG, or install "
        "textmeter[heic]."
    )


def test_another_picture_of_the_same_name_is_converted_anew(tmp_path: Path) -> None:
    path = kept(tmp_path, "a.webp", drawn("WEBP", size=(64, 48)))
    first = read([path])
    kept(tmp_path, "a.webp", drawn("WEBP", size=(640, 480), color="blue"))
    assert read([path]) != first
