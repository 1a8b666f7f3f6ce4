"""README's picture and its short tour, made from the app on its demo data: `python3 -m tests.screenshots`.

The picture is an SVG that fetches nothing from elsewhere; the tour is a GIF of the app's own guided tour,
with the keys that a person would press on the way.
"""

from __future__ import annotations

import asyncio
import io
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from tests import environment

if TYPE_CHECKING:
    from PIL.Image import Image
    from textual.pilot import Pilot

    from tui.app import TextmeterApp

FOLDER = environment.CHECKOUT / "assets" / "screenshots"
PICTURE = FOLDER / "compose.svg"
TOUR = FOLDER / "tour.gif"
PICTURE_SIZE = (120, 36)
TOUR_SIZE = (100, 30)
TOUR_PIXELS = 900
"""Wide: sharp enough to be read, small enough to be loaded by the way."""
COLOURS = 48


class Scene(NamedTuple):
    """Keys to press one after the other, and for how long to show what they lead to, in seconds; each_key:
    how long to show what each of them does, 0 for not at all."""

    keys: Sequence[str]
    seconds: float
    each_key: float = 0


SCENES = (
    Scene((), 4.5),
    Scene(("enter",), 5),  # a text and its price
    Scene(("enter",), 4),  # where each credit went
    Scene(("enter",), 4),  # plans
    Scene(("q",), 4),  # a quote
    Scene(("enter",), 4),  # the clock
    Scene(("r",), 3.5),  # a renewal
    Scene(("enter", "escape", "escape", "f3"), 2),
    Scene(("end", *(" ", "B", "r", "i", "n", "g", " ", "f", "r", "i", "e", "n", "d", "s", "!")), 2.5, 0.12),
    Scene(("f6",), 4),  # what would make it cheaper
    Scene(("enter",), 4),
)


async def take() -> str:
    """Compose with the demo's draft, as an SVG."""
    async with demo("compose", PICTURE_SIZE) as pilot:
        return drawn(pilot)


async def film() -> list[tuple[str, float]]:
    """The frames of the tour, as SVGs, and how long each is to stand, in seconds."""
    from tests.tui.harness import settled

    frames: list[tuple[str, float]] = []
    async with demo("home", TOUR_SIZE) as pilot:
        cast("TextmeterApp", pilot.app).tour()
        await settled(pilot)
        for scene in SCENES:
            pilot.app.clear_notifications()
            for key in scene.keys:
                await pilot.press(key)
                await settled(pilot)
                if scene.each_key:
                    frames.append((drawn(pilot), scene.each_key))
            frames.append((drawn(pilot), scene.seconds))
    return frames


@asynccontextmanager
async def demo(first: str, size: tuple[int, int]) -> AsyncIterator[Pilot[Any]]:
    """The app on the demo data, begun on a screen."""
    from store import demo as demos
    from tests.tui.harness import make_app, settled

    with tempfile.TemporaryDirectory() as folder:
        demos.make(Path(folder) / "demo.sqlite3")
        app = make_app(demos.open_made(Path(folder) / "demo.sqlite3"), first=first)
        async with app.run_test(size=size, notifications=True) as pilot:
            await settled(pilot)
            yield pilot


def drawn(pilot: Pilot[Any]) -> str:
    """What the app shows now, as an SVG whose font is the reader's."""
    svg = re.sub(r"@font-face\s*{[^}]*}", "", pilot.app.export_screenshot())
    return svg.replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")


def animated(frames: Sequence[tuple[str, float]]) -> bytes:
    """A GIF that goes on for ever. All frames share their colours, so that what doesn't change costs
    nothing."""
    from PIL import Image

    pictures = [picture(svg) for svg, _ in frames]
    widest = Image.new("RGB", (pictures[0].width, sum(one.height for one in pictures)))
    for number, one in enumerate(pictures):
        widest.paste(one, (0, number * one.height))
    palette = widest.quantize(COLOURS, dither=Image.Dither.NONE)
    first, *others = (one.quantize(palette=palette, dither=Image.Dither.NONE) for one in pictures)
    gif = io.BytesIO()
    first.save(
        gif,
        "GIF",
        save_all=True,
        append_images=others,
        duration=[round(seconds * 1000) for _, seconds in frames],
        loop=0,
        optimize=True,
    )
    return gif.getvalue()


def picture(svg: str) -> Image:
    import cairosvg
    from PIL import Image

    png = cairosvg.svg2png(bytestring=svg.encode(), output_width=TOUR_PIXELS)
    return Image.open(io.BytesIO(png)).convert("RGB")


def main() -> int:
    if not environment.is_active():
        variables = environment.variables()
        if not environment.prepare(variables):
            return 1
        return environment.run(["python", "-m", "tests.screenshots"], variables)
    FOLDER.mkdir(exist_ok=True)
    PICTURE.write_text(asyncio.run(take()), encoding="utf-8")
    TOUR.write_bytes(animated(asyncio.run(film())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
