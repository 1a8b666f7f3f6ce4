"""A SmartPlan's file is read as it was meant, or refused with the place that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.emails import files
from store.emails.model import SmartPlan, Step
from store.errors import WrongUsage

GOOD = '''
name = "Open house"

[[steps]]
days = 0
subject = "Welcome, {first_name|there}"
body = """
Hi {first_name|there},

see you on Sunday.
"""

[[steps]]
days = 3
subject = "How was it?"
body = "Tell me."
'''


def written(folder: Path, text: str) -> Path:
    path = folder / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_plan_is_read_with_its_steps_in_order(tmp_path: Path) -> None:
    assert files.read(written(tmp_path, GOOD)) == SmartPlan(
        "Open house",
        (
            Step(0, "Welcome, {first_name|there}", "Hi {first_name|there},\n\nsee you on Sunday.\n"),
            Step(3, "How was it?", "Tell me."),
        ),
    )


@pytest.mark.parametrize(
    ("was", "instead", "says"),
    [
        ('name = "Open house"', "", "name must be text"),
        ('name = "Open house"', 'name = "  "', "name must be text"),
        ('name = "Open house"', "name = 5", "name must be text"),
        ('name = "Open house"', 'name = "A"\nowner = "B"', "the key owner doesn't belong here"),
        ("[[steps]]", "[[emails]]", "the key emails doesn't belong here"),
        ("days = 3", "", "step 2 needs days, subject, body, and nothing else"),
        ("days = 3", "days = 3\nhours = 1", "step 2 needs days, subject, body, and nothing else"),
        ("days = 3", "days = -1", "days of step 2 must be a number from 0 to 3650"),
        ("days = 3", "days = 4000", "days of step 2"),
        ("days = 3", "days = true", "days of step 2"),
        ("days = 3", "days = 1.5", "days of step 2"),
        ("days = 0", "days = 5", "days of step 2 must be a number from 5"),
        ('subject = "How was it?"', 'subject = ""', "subject of step 2 must be text"),
        ('body = "Tell me."', 'body = " "', "body of step 2 must be text"),
        ("days = 3", "days = = 3", "it isn't valid TOML"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, was: str, instead: str, says: str) -> None:
    assert was in GOOD
    path = written(tmp_path, GOOD.replace(was, instead))
    with pytest.raises(WrongUsage, match=says) as refused:
        files.read(path)
    assert refused.value.code == "no-smartplan"
    assert str(path) in str(refused.value)
    assert "Nothing was started" in str(refused.value)


def test_a_plan_without_steps_or_with_far_too_many_is_refused(tmp_path: Path) -> None:
    step = '[[steps]]\ndays = 0\nsubject = "A"\nbody = "B"\n'
    for steps in ("", "steps = []", step * 101):
        with pytest.raises(WrongUsage, match="1 to 100 steps"):
            files.read(written(tmp_path, f'name = "A"\n{steps}'))


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="No such file"):
        files.read(tmp_path / "missing.toml")
    (tmp_path / "latin.toml").write_bytes('name = "Señor"'.encode("latin-1"))
    with pytest.raises(WrongUsage, match="isn't valid TOML"):
        files.read(tmp_path / "latin.toml")
