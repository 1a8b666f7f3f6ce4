"""Pictures as phones and browsers keep them become JPEGs, which every phone shows; none is taken whose pixels
would fill the memory. Pillow is imported with the first picture."""

from __future__ import annotations

import io
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

MOST_PIXELS = 64_000_000
"""More than any phone's camera takes, and 200 MB in memory."""
MOST_SIDE = 2_048
"""Pixels of the longer side of what is converted: carriers make larger ones smaller anyway."""
MOST_BYTES = 500_000
"""Of what is converted, so that ten fit into one MMS."""
_QUALITIES = (85, 70, 55)


class TooManyPixels(Exception):
    """A picture that isn't decoded, since it would take too much memory."""


class Damaged(Exception):
    """A picture that can't be decoded."""


class NoDecoder(Exception):
    """The library that reads pictures of this kind isn't installed."""


def check_pixels(file: Path, kind: str) -> None:
    """Looks at the first bytes of a file of some kind ("JPEG", "PNG", "GIF"). Raises TooManyPixels; what
    can't be read has none."""
    with suppress(Damaged):  # phones show many a picture that a stricter reader refuses
        _open(file, kind).close()


def to_jpeg(file: Path, kind: str) -> bytes:
    """A picture of some kind ("HEIF", "WEBP") as a JPEG of at most MOST_BYTES: upright, on white where it was
    transparent, of several the first, and without what a camera notes beside it, such as the place. Raises
    TooManyPixels, Damaged and NoDecoder."""
    if kind == "HEIF":
        try:
            from pillow_heif import register_heif_opener
        except ImportError as error:
            raise NoDecoder from error
        register_heif_opener()
    try:
        with _open(file, kind) as image:
            return _encoded(image)
    except (TooManyPixels, Damaged):
        raise
    except Exception as error:  # decoders raise whatever they come upon
        raise Damaged(str(error)) from error


def _open(file: Path, kind: str) -> Image.Image:
    """The picture, of which only the beginning was read."""
    from PIL import Image

    warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
    try:
        image = Image.open(file, formats=[kind])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels from error
    except Exception as error:  # likewise
        raise Damaged(str(error)) from error
    if image.width * image.height > MOST_PIXELS:
        image.close()
        raise TooManyPixels
    return image


def _encoded(image: Image.Image) -> bytes:
    from PIL import Image, ImageOps

    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        drawn = upright.convert("RGBA")
        upright = Image.new("RGB", drawn.size, "white")
        upright.paste(drawn, mask=drawn)
    smaller = upright.convert("RGB")
    side = MOST_SIDE
    while True:
        smaller.thumbnail((side, side))
        for quality in _QUALITIES:
            encoded = io.BytesIO()
            smaller.save(encoded, "JPEG", quality=quality, icc_profile=profile)
            if encoded.tell() <= MOST_BYTES:
                return encoded.getvalue()
        side = side * 3 // 4
