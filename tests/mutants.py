"""What the tests of the store don't notice: python3 -m tests.mutants [--seed N] [--count 60] [--only WORD]

Makes small mistakes in the store's rules, one at a time in a copy of the tree (`<=` for `<`, `or` for `and`,
one more, a statement left out, another account's rows), and runs the tests that are nearest to it. A mistake
that they let pass is printed with its place. Some are none (what they change, nobody can see): nine of ten
are to be found. The same seed makes the same mistakes.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from time import monotonic
from typing import NamedTuple

from tests.environment import CHECKOUT

PATIENCE = 3
"""How many times as long as without a mistake tests may take with one, before they count as hanging."""

AT_ONCE = 2


class Room(NamedTuple):
    """Modules, the tests that are nearest to them, and those to be asked on PostgreSQL where these find
    nothing."""

    modules: str
    tests: tuple[str, ...]
    on_a_server: tuple[str, ...] = ()


MESSAGES = "tests/store/messages"

ROOMS = (
    Room(
        "store/credits/**/*.py",
        ("tests/store/credits", "tests/store/test_mailroom.py"),
        ("tests/store/engines/test_postgresql.py", "tests/store/credits/test_late_answers.py"),
    ),
    Room("store/texts/*.py", ("tests/store/texts", "tests/store/messages/test_estimate.py")),
    *(
        Room(f"store/messages/{name}.py", (MESSAGES,), (f"{MESSAGES}/test_meanwhile.py",))
        for name in ("outbox", "delivery")
    ),
    Room("store/people/**/*.py", ("tests/store/people",)),
)

SLOW = ("machine", "kills", "disk", "faults", "catch_up", "daily_starts", "crash", "interleavings")
"""Tests that try many things for long, and find what the others find."""

KINDS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}

IN_SQL = {
    r"\baccount_id = \?": "account_id <> -?",
    r"\bAND\b": "OR",
    r"\bOR\b": "AND",
    r"(?<![<>])<=(?!>)": "<",
    r"(?<![<>=])>=": ">",
    r"(?<![<>])<(?![=>])": "<=",
    r"(?<![<>=])>(?!=)": ">=",
    r"\bNOT\b(?! NULL)": "",
    r" DESC\b": "",
    r"\bMIN\(": "MAX(",
    r"\bMAX\(": "MIN(",
}
"""What is exchanged in a statement of SQL."""

SQL = re.compile(r"\b(SELECT|UPDATE|DELETE FROM|INSERT INTO|WHERE|AND|ORDER BY)\b")


class Mutant(NamedTuple):
    """A mistake. kind: of which sort it is; start, end: which bytes of the module it replaces."""

    module: str
    line: int
    kind: str
    start: int
    end: int
    before: str
    after: str

    def __str__(self) -> str:
        both = enumerate(zip(self.before, self.after, strict=False))
        same = next((at for at, (one, other) in both if one != other), 0)
        shown = (" ".join(text[max(0, same - 40) : same + 40].split()) for text in (self.before, self.after))
        return f"{self.module}:{self.line}  {'  ->  '.join(shown)}"

    def applied(self, source: bytes) -> bytes:
        return source[: self.start] + self.after.encode() + source[self.end :]


def mutants(module: str, source: bytes) -> Iterator[Mutant]:
    """All mistakes that can be made in a module."""
    lines = [0]
    for text in source.splitlines(keepends=True):
        lines.append(lines[-1] + len(text))

    def mutant(node: ast.expr | ast.stmt, kind: str, after: str) -> Mutant:
        start = lines[node.lineno - 1] + node.col_offset
        end = lines[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        return Mutant(module, node.lineno, kind, start, end, source[start:end].decode(), after)

    for node in _of_interest(ast.parse(source)):
        for kind, after in _changes(node):
            made = mutant(node, kind, after)
            if kind != "SQL":
                yield made
                continue
            for pattern, other in IN_SQL.items():
                for found in re.finditer(pattern, made.before):
                    change = made.before[: found.start()] + other + made.before[found.end() :]
                    line = made.line + made.before[: found.start()].count("\n")
                    kind = "another account" if "account_id" in other else "SQL"
                    yield made._replace(line=line, kind=kind, after=change)


def _of_interest(tree: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """All expressions and statements but types, docstrings, and what is inside a string."""
    skipped = ("annotation", "returns", "decorator_list", "type_comment")
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.expr | ast.stmt):
            yield node
        if isinstance(node, ast.JoinedStr):
            continue
        for name, value in ast.iter_fields(node):
            if name not in skipped:
                values = value if isinstance(value, list) else [value]
                pending += [one for one in values if isinstance(one, ast.AST)]


def _changes(node: ast.expr | ast.stmt) -> Iterator[tuple[str, str]]:  # noqa: C901 - a list of kinds
    """Kinds of mistakes, with what then stands in the node's place; of SQL, that it can be changed."""
    match node:
        case ast.Compare(left=left, ops=[op]) if type(op) in KINDS:
            of_account = isinstance(op, ast.Eq) and ".account" in ast.unparse(left)
            yield "another account" if of_account else "comparison", _with(node, ops=[KINDS[type(op)]()])
        case ast.BoolOp(op=op):
            yield "and, or", _with(node, op=KINDS[type(op)]())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "not", f"({ast.unparse(operand)})"
        case ast.BinOp(op=op) if type(op) in KINDS and not _is_about_types_or_texts(node):
            kind = "and, or" if isinstance(op, ast.BitAnd | ast.BitOr) else "arithmetic"
            yield kind, _with(node, op=KINDS[type(op)]())
        case ast.Constant(value=bool(value)):
            yield "constant", str(not value)
        case ast.Constant(value=int(value)):
            yield "constant", str(value + 1)
        case ast.Constant(value=str(value)) if SQL.search(value):
            yield "SQL", ""
        case ast.JoinedStr() if SQL.search(ast.unparse(node)):
            yield "SQL", ""
        case ast.Expr(value=ast.Call() | ast.Await()) | ast.AugAssign():
            yield "left out", "pass"
        case ast.IfExp(body=body, orelse=orelse):
            yield "condition", _with(node, body=orelse, orelse=body)


def _with(node: ast.expr, **changed: object) -> str:
    other = copy.copy(node)
    for name, value in changed.items():
        setattr(other, name, value)
    return f"({ast.unparse(other)})"


def _is_about_types_or_texts(node: ast.BinOp) -> bool:
    """Whether an operator joins texts or types, where exchanging it only breaks the module."""
    if isinstance(node.op, ast.BitOr | ast.BitAnd):
        return not any(isinstance(one, ast.Compare) for one in ast.walk(node))
    return any(
        isinstance(one, ast.JoinedStr) or (isinstance(one, ast.Constant) and isinstance(one.value, str))
        for one in ast.walk(node)
    )


def sample(seed: int, count: int, only: str = "") -> list[tuple[Mutant, Room]]:
    """So many mistakes, as many of each kind as there are, each in another place."""
    by_kind: dict[str, list[tuple[Mutant, Room]]] = defaultdict(list)
    for room in ROOMS:
        for path in sorted(CHECKOUT.glob(room.modules)):
            module = path.relative_to(CHECKOUT).as_posix()
            for one in mutants(module, path.read_bytes()):
                if only in module:
                    by_kind[one.kind].append((one, room))
    chance = random.Random(seed)
    queues = [chance.sample(found, len(found)) for _, found in sorted(by_kind.items())]
    picked: list[tuple[Mutant, Room]] = []
    while len(picked) < count and any(queues):
        for queue in queues:
            if queue and len(picked) < count:
                picked.append(queue.pop())
    return picked


class Tree:
    """A copy of what is tested, in which one mistake is made at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("store", "tui", "assets", "tests"):
            shutil.copytree(CHECKOUT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(CHECKOUT / "pyproject.toml", folder)
        self.said = ""
        self._environment = {**os.environ, "PYTHONPATH": str(folder)}
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what isn't changed is compiled once

    def outcome(self, mutant: Mutant, room: Room, seconds: float) -> str:
        """What the tests say of a mistake: "killed", "survived", or "hung" after so many seconds."""
        module = self.folder / mutant.module
        source = module.read_bytes()
        module.write_bytes(mutant.applied(source))
        self._forget_compiled(module)
        try:
            return self.asked(room, module.stem, seconds)
        finally:
            module.write_bytes(source)
            self._forget_compiled(module)

    def asked(self, room: Room, name: str = "", seconds: float | None = None) -> str:
        """What the tests of a room say of the tree as it is. name: of a module, whose own tests come
        first."""
        # File by file: of a folder that comes after a file of it, pytest would run that file only.
        files = [
            file
            for path in map(self.folder.joinpath, room.tests)
            for file in ([path] if path.is_file() else sorted(path.rglob("test_*.py")))
        ]
        files.sort(key=lambda file: not name or not file.stem.startswith(f"test_{name}"))
        runs = [([str(file) for file in files], "not postgresql")]
        if room.on_a_server:
            runs.append((list(room.on_a_server), "postgresql"))
        for tests, engine in runs:
            command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
            try:
                done = subprocess.run(
                    [*command, "-k", f"{engine} and not ({' or '.join(SLOW)})"],
                    cwd=self.folder,
                    env=self._environment,
                    capture_output=True,
                    text=True,
                    timeout=seconds,
                )
            except subprocess.TimeoutExpired:
                return "hung"
            if done.returncode:
                self.said = done.stdout
                return "killed"
        return "survived"

    def _forget_compiled(self, module: Path) -> None:
        """Python tells by size and second whether a module has changed, which isn't enough here."""
        for compiled in (module.parent / "__pycache__").glob(f"{module.stem}.*.pyc"):
            compiled.unlink()


def run(seed: int, count: int, only: str = "") -> tuple[Counter[str], list[Mutant]]:
    """How many mistakes came to which outcome, and those that survived."""
    outcomes: Counter[str] = Counter()
    survivors: list[Mutant] = []
    with (
        tempfile.TemporaryDirectory(prefix="textmeter-mutants-") as folder,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        trees: SimpleQueue[Tree] = SimpleQueue()
        for number in range(AT_ONCE):
            trees.put(Tree(Path(folder) / str(number)))

        def unchanged(room: Room) -> float:
            tree, began = trees.get(), monotonic()
            if tree.asked(room) != "survived":
                raise SystemExit(f"Without any mistake, {room.tests[0]} doesn't pass:\n{tree.said}")
            trees.put(tree)
            return monotonic() - began

        def tried(one: tuple[Mutant, Room]) -> tuple[Mutant, str]:
            tree = trees.get()
            outcome = tree.outcome(*one, PATIENCE * took[one[1].tests[0]])
            trees.put(tree)
            return one[0], outcome

        picked = sample(seed, count, only)
        rooms = {room.tests[0]: room for _, room in picked}
        took = dict(zip(rooms, pool.map(unchanged, rooms.values()), strict=True))
        for mutant, outcome in pool.map(tried, picked):
            outcomes[outcome] += 1
            if outcome != "killed":
                _say(f"{outcome}  {mutant}")
            if outcome == "survived":
                survivors.append(mutant)
    return outcomes, survivors


def rate(outcomes: Counter[str]) -> float:
    """Of the mistakes, the part that was found; one that makes the tests hang is found by that."""
    return 1 - outcomes["survived"] / max(1, outcomes.total())


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python3 -m tests.mutants", description="See this module.")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--only", default="", help="only modules whose path contains this")
    given = parser.parse_args(arguments)
    outcomes, _ = run(given.seed, given.count, given.only)
    counts = ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items()))
    _say(f"Seed {given.seed}: {outcomes.total()} mistakes, {counts}; {rate(outcomes):.0%} found.")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
