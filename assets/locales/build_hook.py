"""Compiles the translations as the package is built: each `<language>.po` here to a `<language>.mo`.

The compiled files are in the wheel and beside an editable checkout, never in the repository.
"""

from __future__ import annotations

import os
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


class CompileTranslations(BuildHookInterface[Any]):
    """Hatchling's hook, named in pyproject.toml."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_translations()
        build_data["artifacts"].append("assets/locales/*.mo")
