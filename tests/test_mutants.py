"""The mutator makes mistakes that Python can read; and most of those that it makes are found."""

from __future__ import annotations

import ast

import pytest

from tests import mutants
from tests.environment import CHECKOUT

SOURCE = b'''"""Not this: 1 < 2."""
def rule(a: int = 1) -> "int | None":
    if a < 2 and not a:
        note(a)
    return execute(f"WHERE account_id = ? AND x > {a}")
'''


def test_each_kind_of_mistake_is_made_in_its_place() -> None:
    made = [(one.line, one.kind, one.before, one.after) for one in mutants.mutants("m.py", SOURCE)]
    statement = 'f"WHERE account_id = ? AND x > {a}"'
    assert sorted(made) == [
        (2, "constant", "1", "2"),
        (3, "and, or", "a < 2 and not a", "(a < 2 or not a)"),
        (3, "comparison", "a < 2", "(a <= 2)"),
        (3, "constant", "2", "3"),
        (3, "not", "not a", "(a)"),
        (4, "left out", "note(a)", "pass"),
        (5, "SQL", statement, 'f"WHERE account_id = ? AND x >= {a}"'),
        (5, "SQL", statement, 'f"WHERE account_id = ? OR x > {a}"'),
        (5, "another account", statement, 'f"WHERE account_id <> -? AND x > {a}"'),
    ]


def test_every_mistake_can_be_read_by_python_and_a_seed_makes_the_same_ones() -> None:
    picked = mutants.sample(7, 60)
    assert picked == mutants.sample(7, 60) != mutants.sample(8, 60)
    assert len({(one.module, one.start, one.after) for one, _ in picked}) == 60
    for one, _ in picked:
        source = (CHECKOUT / one.module).read_bytes()
        assert one.applied(source) != source
        ast.parse(one.applied(source))


@pytest.mark.long
def test_nine_of_ten_mistakes_are_found() -> None:
    outcomes, survivors = mutants.run(seed=0, count=60)
    assert mutants.rate(outcomes) >= 0.9, "\n".join(map(str, survivors))
