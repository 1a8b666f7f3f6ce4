"""A file in which bytes were changed is never called healthy where anything can tell, and nothing crashes on
it."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.tui.commands.conftest import Textmeter
from tests.tui.commands.test_doctor import checks

SEEDS = range(40)
UNEXPECTED = "didn't expect"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in one file, with some of everything in it."""
    from store.demo import make

    path = tmp_path_factory.mktemp("damage") / "whole.sqlite3"
    make(path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        database.commit()
        database.execute("VACUUM")
    return path


def is_whole(path: Path) -> bool:
    """Whether SQLite itself finds nothing."""
    try:
        with closing(sqlite3.connect(path)) as database:
            (answer,) = database.execute("PRAGMA integrity_check(1)").fetchone()
            return answer == "ok" and not database.execute("PRAGMA foreign_key_check").fetchone()
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return False


def damage(path: Path, seed: int) -> None:
    """Changes some bytes."""
    chance = random.Random(seed)
    content = bytearray(path.read_bytes())
    for _ in range(chance.choice((1, 1, 4, 64))):
        content[chance.randrange(len(content))] ^= chance.randrange(1, 256)
    path.write_bytes(content)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_damaged_is_not_called_healthy(
    textmeter: Textmeter, tmp_path: Path, whole: Path, seed: int
) -> None:
    path = tmp_path / "textmeter.sqlite3"
    shutil.copy(whole, path)
    path.chmod(0o600)
    damage(path, seed)
    sound = is_whole(path)
    doctor, verify = textmeter("doctor", "--json"), textmeter("verify", "--json")
    assert UNEXPECTED not in doctor.out + doctor.err + verify.out + verify.err
    assert {doctor.code, verify.code} <= {0, 1}
    assert sound or (doctor.code, verify.code) == (1, 1)
    assert doctor.code == 1 or verify.code == 0
    for account in ("1", "2"):
        done = textmeter("--account", account, "balance", "--json")
        assert done.code == 0 or (doctor.code, verify.code) != (0, 0), (done, doctor)


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA ignore_check_constraints = 1")
        database.execute(statement)
        database.commit()


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (
            "UPDATE account SET timezone = 'America/Nowhere'",
            "America/Nowhere, which this computer doesn't know",
        ),
        ("UPDATE account SET plan = '301'", "no longer has the plan 301"),
        ("UPDATE account SET pending_plan = '302'", "no longer has the plan 302"),
        ("UPDATE account SET product = 'agent-faxes'", "There is no product agent-faxes"),
    ],
)
def test_doctor_names_an_account_whose_plan_product_or_zone_there_is_not(
    account: Textmeter, tmp_path: Path, statement: str, says: str
) -> None:
    change(tmp_path / "textmeter.sqlite3", statement)
    done = account("doctor", "--json")
    assert done.code == 1
    assert "ccount 1" in checks(done)["account"]["advice"]
    assert says in checks(done)["account"]["advice"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE account SET available_allotted = 'many'",
        "UPDATE account SET seq = 'x'",
        "UPDATE entry SET pool = 'gifts'",
        "UPDATE entry SET delta = 'few'",
        "UPDATE entry SET kind = 'lent'",
        "UPDATE entry SET day = 7",
        "UPDATE lot SET granted = x'ff'",
        "UPDATE period SET ends = 'someday'",
    ],
)
def test_verify_says_which_account_has_a_row_that_cannot_be_read(
    account: Textmeter, tmp_path: Path, statement: str
) -> None:
    change(tmp_path / "textmeter.sqlite3", statement)
    for command in ("verify", "doctor"):
        done = account(command, "--json")
        assert done.code == 1
        assert UNEXPECTED not in done.out + done.err


@pytest.mark.parametrize("version", ["'four'", "NULL", "x'04'", "-1", "2.5"])
def test_a_version_that_is_none_is_told(account: Textmeter, tmp_path: Path, version: str) -> None:
    with closing(sqlite3.connect(tmp_path / "textmeter.sqlite3")) as database:
        database.execute("DROP TABLE schema_version")
        database.execute("CREATE TABLE schema_version (version)")
        database.execute(f"INSERT INTO schema_version VALUES ({version})")
        database.commit()
    for command in ("verify", "doctor", "balance"):
        done = account(command)
        assert done.code == 1
        assert UNEXPECTED not in done.out + done.err


def test_a_zone_that_this_machine_lacks_is_told(account: Textmeter, tmp_path: Path) -> None:
    change(tmp_path / "textmeter.sqlite3", "UPDATE account SET timezone = 'America/Nowhere'")
    for command in (["balance"], ["history"], ["usage"], ["notices"], ["plan", "list"]):
        done = account(*command)
        assert UNEXPECTED not in done.err
        if done.code:
            assert "doesn't know the time zone America/Nowhere" in done.err


def test_doctor_says_what_is_set_up_and_whether_it_answers(
    account: Textmeter, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = checks(account("doctor", "--json"))
    assert "test card" in found["payments"]["value"]
    assert "not set up" in found["mail"]["value"]
    assert "simulated" in found["sender"]["value"]
    monkeypatch.setenv("TEXTMETER_MAIL", "smtp://u:SECRET@127.0.0.1:1?from=a@b.c&to=a@b.c")
    monkeypatch.setenv("TEXTMETER_STRIPE_KEY", "no key")
    done = account("doctor", "--json")
    found = checks(done)
    assert done.code == 1
    assert "smtp://127.0.0.1:1" in found["mail"]["value"]
    assert "127.0.0.1 can't send mail" in found["mail"]["advice"]
    assert "isn't a Stripe secret key" in found["payments"]["advice"]
    assert "SECRET" not in done.out + done.err
