"""What is made as the package is built: translations, each `<language>.po` here to a `<language>.mo`, and the
manual page.

The compiled files are in the wheel and beside an editable checkout, the page where an environment has its
own (`share/man`); none is in the repository.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCALES = Path(__file__).parent


def compile_translations(folder: Path = LOCALES) -> None:
    """Writes each language's .mo, whole or not at all: several processes may do it, or read, at once."""
    for source in folder.glob("*.po"):
        with source.open("rb") as text:
            translations = read_po(text, locale=source.stem)
        unfinished = source.with_name(f".{source.stem}.{os.getpid()}")
        with unfinished.open("wb") as compiled:
            write_mo(compiled, translations)
        unfinished.replace(source.with_suffix(".mo"))


def manual_page(checkout: Path = LOCALES.parent.parent) -> str:
    """The page that `textmeter man` prints, in English, whatever is configured for whoever builds."""
    found = [str(checkout), *filter(None, [os.environ.get("PYTHONPATH")])]  # pip's own, too
    settings = {
        "TEXTMETER_CONFIG": str(LOCALES / "none.toml"),
        "PYTHONPATH": os.pathsep.join(found),
        "LANG": "C.UTF-8",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TEXTMETER_")}
    program = "import sys; from tui.commands import main; sys.exit(main(['--lang', 'en', 'man']))"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=kept | settings, check=True, capture_output=True, encoding="utf-8")
    return done.stdout


class Build(BuildHookInterface[Any]):
    """Hatchling's hook, named in pyproject.toml."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_translations()
        build_data["artifacts"].append("assets/locales/*.mo")
        if self.target_name == "wheel":
            self._folder = tempfile.TemporaryDirectory()
            page = Path(self._folder.name) / "textmeter.1"
            page.write_text(manual_page(), encoding="utf-8")
            build_data["shared_data"][str(page)] = "share/man/man1/textmeter.1"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if self.target_name == "wheel":
            self._folder.cleanup()
