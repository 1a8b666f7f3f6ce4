"""README's picture, made from the app on its demo data: `python3 -m tests.screenshots`."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from pathlib import Path

from tests import environment

PICTURE = environment.CHECKOUT / "assets" / "screenshots" / "compose.svg"
SIZE = (120, 36)


async def take() -> str:
    """Compose with the demo's draft, as an SVG that fetches nothing from elsewhere."""
    from store import Store, demo
    from store.clock import FixedClock
    from tests.tui.harness import make_app, settled

    with tempfile.TemporaryDirectory() as folder:
        store = Store(str(Path(folder) / "demo.sqlite3"), clock=FixedClock(demo.NOW), demo=True)
        demo.fill(store, demo.SEED)
        app = make_app(store, first="compose")
        async with app.run_test(size=SIZE) as pilot:
            await settled(pilot)
            svg = app.export_screenshot()
    return re.sub(r"@font-face\s*{[^}]*}", "", svg).replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")


def main() -> int:
    if not environment.is_active():
        variables = environment.variables()
        if not environment.prepare(variables):
            return 1
        return environment.run(["python", "-m", "tests.screenshots"], variables)
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(asyncio.run(take()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
