"""A session whose server is gone: nobody takes what it writes, and it still ends in order."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

from textual_serve.app_service import AppService

from tests.tui.serving.webserver import F3, make_database
from tests.waiting import WITHIN
from tui.serving.session import VARIABLE
from tui.serving.session_spec import SessionSpec
from tui.serving.web_driver import NAME


async def test_what_is_painted_for_nobody_does_no_harm(tmp_path: Path) -> None:
    spec = SessionSpec(make_database(tmp_path))
    ours = {VARIABLE: spec.to_json(), "TEXTUAL_DRIVER": NAME, "PYTHONUTF8": "1"}
    output, theirs = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tui.serving.session"),
        stdin=PIPE,
        stdout=theirs,
        stderr=PIPE,
        env={**os.environ, **ours, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    os.close(theirs)
    written = b""
    while b"credits left" not in written:
        written += await asyncio.to_thread(os.read, output, 1 << 16)
    os.close(output)
    assert process.stdin is not None
    process.stdin.write(AppService.encode_packet(b"D", F3.encode()))
    process.stdin.write(AppService.encode_packet(b"D", b"Open house on Sunday"))
    process.stdin.close()
    _, errors = await asyncio.wait_for(process.communicate(), WITHIN)
    assert (process.returncode, errors) == (0, b"")
