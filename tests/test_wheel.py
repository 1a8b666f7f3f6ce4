"""The package as it is given away: built, installed elsewhere, and used from there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.environment import CHECKOUT

HOME = """
import asyncio, json, sys
import assets, store, tui
from store import Store
from tui.app import TextmeterApp
from tui.i18n.language import Language

async def open_the_app():
    app = TextmeterApp(lambda: Store("textmeter.sqlite3"), Language("es"))
    async with app.run_test(size=(80, 24)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        return type(app.screen).__name__

print(json.dumps({
    "screen": asyncio.run(open_the_app()),
    "languages": Language("es").code,
    "packages": [package.__file__ for package in (assets, store, tui)],
}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=CHECKOUT, check=True, capture_output=True)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment that holds the wheel, and finds what it needs in this environment."""
    folder = tmp_path_factory.mktemp("elsewhere") / "environment"
    venv.create(folder)
    pip = [sys.executable, "-m", "pip", "--python", str(folder), "install", "-qq", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], check=True)
    [packages] = (
        folder.glob("lib/python*/site-packages") if os.name != "nt" else [folder / "Lib/site-packages"]
    )
    (packages / "needs.pth").write_text(sysconfig.get_path("purelib"))
    return folder


def run(installed: Path, folder: Path, program: str, *arguments: str) -> str:
    """What a program of that environment prints, run in another folder."""
    programs = installed / ("Scripts" if os.name == "nt" else "bin")
    done = subprocess.run(
        [str(programs / program), *arguments], cwd=folder, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_the_packages_and_what_they_read(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    folders = {name.partition("/")[0] for name in names if ".dist-info" not in name}
    assert folders == {"assets", "store", "tui"}
    assert {"assets/locales/es.mo", "assets/locales/es.po", "assets/catalog/agent-texts.toml"} <= names
    assert {"tui/base/app.tcss", "assets/web/app.html", "assets/web/static/textmeter.css"} <= names
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_the_installed_command_counts_segments(installed: Path, tmp_path: Path) -> None:
    assert "GSM-7" in run(installed, tmp_path, "textmeter", "segments", "Hi")


def test_the_installed_app_opens_its_first_screen(installed: Path, tmp_path: Path) -> None:
    seen = json.loads(run(installed, tmp_path, "python", "-c", HOME))
    assert seen["screen"] == "WelcomeScreen"
    assert seen["languages"] == "es"
    assert all(Path(file).is_relative_to(installed) for file in seen["packages"]), seen["packages"]
