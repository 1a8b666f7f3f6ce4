"""The house: who imports whom, beyond what import-linter's contracts say in pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("wing", ["store", "tui"])
def test_no_module_imports_itself_through_others(wing: str) -> None:
    """Imports within functions count, and those for types only: whoever reads a module reads them, too."""
    graph = grimp.build_graph(wing, exclude_type_checking_imports=False, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as circle:
        pytest.fail(" <- ".join(circle.args[1]))


def test_a_room_says_what_it_is_for() -> None:
    readme = (ROOT / "tui" / "README.md").read_text(encoding="utf-8")
    rooms = [path.parent.name for path in (ROOT / "tui").glob("*/__init__.py")]
    assert [room for room in rooms if f"`{room}/`" not in readme] == []


@pytest.mark.parametrize("wing", ["store", "tui"])
def test_the_wings_readmes_name_what_is_there(wing: str) -> None:
    readme = (ROOT / wing / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:[a-z_0-9]+/)+[a-z_0-9]*(?:\.py)?)`", readme)
    there = {str(path.relative_to(place)) for place in (ROOT, ROOT / wing) for path in place.rglob("*")}
    assert [name for name in named if not {name.rstrip("/"), f"{name}.py"} & there] == []


def test_readme_can_be_read_in_a_few_minutes() -> None:
    assert (ROOT / "README.md").stat().st_size <= 16_000


def test_readme_says_of_each_dependency_why_it_is_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [
        one for name, lines in project["optional-dependencies"].items() if name != "test" for one in lines
    ]
    readme = (ROOT / "README.md").read_text(encoding="utf-8").lower()
    rows = [line for line in readme.splitlines() if line.startswith("| [")]
    for line in [*project["dependencies"], *extras]:
        name = re.split(r"[\[<>=;~ ]", line)[0]
        assert any(re.search(rf"\b{re.escape(name)}\b", row) for row in rows), name


def test_no_file_stands_loose_in_the_tui() -> None:
    loose = {path.name for path in (ROOT / "tui").glob("*.py")}
    assert loose <= {
        "__init__.py",
        "app.py",
        "launch.py",
        "signals.py",
        "textmeter.py",
    }
