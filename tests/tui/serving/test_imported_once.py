"""What a fork server has imported no session imports again: it would be memory of its own, and a wait."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from store.demo import make
from tests.environment import CHECKOUT

SESSION = """
import asyncio, json, sys
from functools import partial
from pathlib import Path
from tui.serving import fork_server
fork_server._import_all()
from store.demo import open_made
from tui.i18n.language import Language
from tui.routes.screens import MODES
from tui.serving.app import ServedApp
begun = set(sys.modules)

async def settled(app, pilot):
    calm = 0
    while calm < 3:
        await pilot.pause()
        calm = 0 if any(not one.is_finished for one in app.workers if one.group != "delivery") else calm + 1

async def visit_every_screen():
    opens = partial(open_made, Path(sys.argv[1]))
    app = ServedApp(open_store=opens, language=Language("en"), idle=900, longest=900)
    async with app.run_test(size=(120, 36)) as pilot:
        while app.account is None:
            await pilot.pause()
        for mode in MODES:
            app.go(mode)
            await settled(app, pilot)
        app.open_keys()
        await settled(app, pilot)

asyncio.run(visit_every_screen())
print(json.dumps(sorted(set(sys.modules) - begun)))
"""


def test_a_session_that_sees_every_screen_imports_nothing_more(tmp_path: Path) -> None:
    demo = tmp_path / "demo.sqlite3"
    make(demo)
    done = subprocess.run(
        [sys.executable, "-c", SESSION, str(demo)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []
