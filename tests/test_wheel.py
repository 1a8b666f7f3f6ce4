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

import asyncssh
import pytest

from tests.environment import CHECKOUT
from tests.tui.serving import webserver

HOME = """
import asyncio, json, sys
import assets, store, tui
from store import Store
from tui.app import TextmeterApp
from tui.i18n.language import Language

async def open_the_app():
    app = TextmeterApp(lambda: Store("textmeter.sqlite3"), Language("es"))
    async with app.run_test(size=(80, 24)) as pilot:
        while type(app.screen).__name__ == "HomeScreen":  # until the store has said that there is no account
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


def program(installed: Path, name: str) -> str:
    """The path of a program of that environment."""
    return str(installed / ("Scripts" if os.name == "nt" else "bin") / name)


def run(installed: Path, folder: Path, name: str, *arguments: str, **variables: str) -> str:
    """What a program of that environment prints, run in another folder."""
    done = subprocess.run(
        [program(installed, name), *arguments],
        cwd=folder,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def strangers(tmp_path: Path) -> Path:
    """A folder with a project of somebody's whose packages have the names of ours, and end whoever imports
    them."""
    for name in ("assets", "store", "tui"):
        package = tmp_path / "project" / name
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(f"raise SystemExit('this is another {name}')")
    return tmp_path / "project"


def test_the_wheel_holds_the_packages_and_what_they_read(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    folders = {name.partition("/")[0] for name in names if ".dist-info" not in name}
    data = next(name for name in folders if name.endswith(".data"))
    assert folders == {"assets", "store", "tui", "textmeter.py", data}
    assert [name for name in names if name.startswith(data)] == [f"{data}/data/share/man/man1/textmeter.1"]
    tags = ("de", "es", "fr", "ja", "zh")
    assert {f"assets/locales/{tag}.{kind}" for tag in tags for kind in ("mo", "po")} <= names
    assert "assets/catalog/agent-texts.toml" in names
    assert {"tui/base/app.tcss", "assets/web/app.html", "assets/web/static/textmeter.css"} <= names
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_the_installed_command_counts_segments(installed: Path, tmp_path: Path) -> None:
    assert "GSM-7" in run(installed, tmp_path, "textmeter", "segments", "Hi")


def test_the_installed_app_opens_its_first_screen(installed: Path, tmp_path: Path) -> None:
    seen = json.loads(run(installed, tmp_path, "python", "-c", HOME))
    assert seen["screen"] == "WelcomeScreen"
    assert seen["languages"] == "es"
    assert all(Path(file).is_relative_to(installed) for file in seen["packages"]), seen["packages"]


@pytest.mark.parametrize("command", [("textmeter",), ("python", "-m", "textmeter")])
@pytest.mark.parametrize("where", ["PYTHONPATH", "the current folder"])
def test_it_is_not_taken_in_by_packages_of_the_same_names(
    installed: Path, tmp_path: Path, strangers: Path, command: tuple[str, ...], where: str
) -> None:
    folder, variables = (
        (tmp_path, {"PYTHONPATH": str(strangers)}) if where == "PYTHONPATH" else (strangers, {})
    )
    words = [*command, "--database", str(tmp_path / "textmeter.sqlite3")]
    run(
        installed, folder, *words, "account", "open", "--product", "agent-texts", "--plan", "300", **variables
    )
    said = json.loads(run(installed, folder, *words, "balance", "--json", **variables))
    assert said["available"] == 300


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has what the servers are built on")
@pytest.mark.parametrize("kind", ["ssh", "web"])
async def test_neither_are_the_processes_that_its_servers_start(
    installed: Path, tmp_path: Path, strangers: Path, kind: str
) -> None:
    command = [program(installed, "python"), "-m", "textmeter", "serve", kind, "--demo", "--json"]
    command += ["--anonymous", "--host-key", str(tmp_path / "key")] if kind == "ssh" else []
    with subprocess.Popen(
        [*command, "--port", "0"],
        cwd=strangers,
        env=os.environ | {"PYTHONPATH": str(strangers)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        try:
            if kind == "ssh":
                async with asyncssh.connect(
                    "127.0.0.1", told["port"], known_hosts=None, config=None
                ) as visitor:
                    done = await visitor.run("balance --json")
                assert done.exit_status == 0, done.stderr
            else:
                url = told["url"]
                async with webserver.client(url) as browser, webserver.tab(browser, url) as tab:
                    await tab.until_shown("credits left")
        finally:
            process.terminate()
