"""What is imported when: a command starts quickly because it imports little."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.environment import CHECKOUT

COMMAND = """
import json, sys
from tui.commands import main
code = main(sys.argv[1:])
print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)
"""

BALANCE = """
import json, sys
from store import Store
store = Store(sys.argv[1])
assert store.credits.balance(1).available
store.close()
print(json.dumps([0, sorted(sys.modules)]), file=sys.stderr)
"""

APP = """
import asyncio, json, sys
from store import Store
from tui.app import TextmeterApp
from tui.i18n.language import Language

async def open_the_app():
    app = TextmeterApp(lambda: Store(sys.argv[1]), Language("en"))
    async with app.run_test() as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()

asyncio.run(open_the_app())
print(json.dumps([0, sorted(sys.modules)]), file=sys.stderr)
"""


def imported(program: str, *arguments: str) -> set[str]:
    """The modules that a program has imported when it ends well."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    code, modules = json.loads(done.stderr.splitlines()[-1])
    assert code == 0, done.stderr
    return set(modules)


@pytest.fixture
def account(tmp_path: Path) -> str:
    """The path of a database with one account."""
    path = str(tmp_path / "textmeter.sqlite3")
    imported(COMMAND, "--database", path, "account", "open", "--product", "agent-texts", "--plan", "300")
    return path


def assert_none(modules: set[str], forbidden: Sequence[str]) -> None:
    assert {name for name in modules if name.partition(".")[0] in forbidden} == set()


def test_counting_segments_imports_no_screen_and_no_database() -> None:
    modules = imported(COMMAND, "segments", "The open house is on — Sunday 2 pm.")
    assert "store.texts.segments" in modules
    assert_none(
        modules, ["textual", "rich", "peewee", "sqlite3", "babel", "phonenumbers", "regex", "asyncio"]
    )


def test_reading_the_balance_imports_no_screen(account: str) -> None:
    modules = imported(COMMAND, "--database", account, "balance")
    assert "store.credits.ledger" in modules
    assert_none(modules, ["textual", "asyncio"])


def test_a_balance_makes_nothing_but_the_ledger(account: str) -> None:
    modules = imported(BALANCE, account)
    assert "store.credits.ledger" in modules
    assert_none(modules, ["textual", "asyncio", "phonenumbers", "python_calamine", "smtplib"])
    others = ("messages", "emails", "mail", "mailroom", "people", "texts", "demo", "migrations")
    assert {name for name in modules if name.startswith(tuple(f"store.{other}" for other in others))} == set()


def test_the_command_that_reads_the_balance_makes_nothing_else_either(account: str) -> None:
    modules = imported(COMMAND, "--database", account, "balance", "--json")
    others = ("messages", "emails", "mail", "people", "texts")
    assert {name for name in modules if name.startswith(tuple(f"store.{other}" for other in others))} == set()


def test_opening_the_app_imports_no_provider_and_no_mail_library(account: str) -> None:
    modules = imported(APP, account)
    assert "tui.home.screen" in modules
    assert_none(
        modules,
        ["twilio", "smtplib", "requests", "urllib3", "mailchimp_marketing", "stripe", "python_calamine"],
    )
